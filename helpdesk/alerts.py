"""What a family does about alerts: asks for one, leaves them all, says that she still wants them.

The buttons under a message that came by itself carry the same for everybody (`UNDER_A_MESSAGE`):
they work without a conversation, long after it was forgotten, and as often as they are pressed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk import alert_screens, counting, leaving, subscriptions
from helpdesk.audience import Topic, Wishes
from helpdesk.broadcasts.broadcast import LEAVE
from helpdesk.escalation import NOTHING, Deed
from helpdesk.messages import Command, Press, Reply, Slash, Typed
from helpdesk.state import State
from helpdesk.subscriptions import NOT_SUBSCRIBED, Standing
from store import Tx

UNDER_A_MESSAGE: Final = frozenset({LEAVE, alert_screens.YES})


@dataclass(frozen=True, slots=True)
class Said:
    """What came of what she said of alerts: the page that tells her, and what was done."""

    view: str
    deed: Deed = NOTHING


def standing(tx: Tx, chat: int, now: datetime, view: str) -> Standing:
    """Return what she asked for, as far as a view shows it."""
    if view not in alert_screens.SHOW_WISHES:
        return NOT_SUBSCRIBED
    return subscriptions.standing(tx, chat, now)


def concerns(command: Command) -> bool:
    """Tell whether something in a command is about alerts, whatever is on the screen."""
    return is_under_a_message(command) or is_leaving(command) or _left_unread(command)


def is_under_a_message(command: Command) -> bool:
    """Tell whether it is a press under a message that came by itself."""
    return isinstance(command.body, Press) and command.body.token in UNDER_A_MESSAGE


def is_leaving(command: Command) -> bool:
    """Tell whether it is the word alone by which she leaves, as a text or as a command."""
    if isinstance(command.body, Slash):
        return command.body.name in leaving.COMMANDS
    return isinstance(command.body, Typed) and leaving.leaves(command.body.text)


def said(tx: Tx, command: Command) -> Said | None:
    """Do what she says of alerts; None when it says nothing of them, or leaves what she has not."""
    if is_under_a_message(command):
        return _pressed(tx, command)
    if is_leaving(command) and subscriptions.stop(tx, command.chat):
        return Said("alerts_left", _LEFT)
    return None


def alone(tx: Tx, command: Command, language: str) -> Reply:
    """Answer a press under a message where there is no conversation, and begin none."""
    done = _pressed(tx, command)
    screen = alert_screens.alone(done.view)
    return Reply(screen, counts=done.deed.counts, language=language)


def leave_unread(tx: Tx, command: Command) -> Deed:
    """Take her off the list when she said so in a message that was not read before this one."""
    return _LEFT if _left_unread(command) and subscriptions.stop(tx, command.chat) else NOTHING


def told_beside(state: State) -> State:
    """Say that she is off the list, where nothing else is said that she asked for."""
    return state if state.notice or state.view else state.but(notice="alerts.left")


def erased(tx: Tx, command: Command) -> Deed:
    """Count that she leaves the list, before everything of hers goes.

    Not taken off here: while she stands on it the store finds the message that is on its way to
    her, and takes it back when it arrives (`store.ledger.forget`).
    """
    return _LEFT if subscriptions.wishes(tx, command.chat) is not None else NOTHING


def carry_out(tx: Tx, command: Command, action: str) -> Deed:
    """Do to her wishes what a pressed button says; most buttons say nothing of them."""
    verb, _, arg = action.partition(":")
    chat, now = command.chat, command.at
    if verb in ("topic_on", "topic_off"):
        before = subscriptions.wishes(tx, chat)
        return _changed(before, subscriptions.toggle_topic(tx, chat, Topic(arg), now))
    if verb in ("region_on", "region_off"):
        before = subscriptions.wishes(tx, chat)
        return _changed(before, subscriptions.toggle_region(tx, chat, arg, now))
    if verb == "alerts_stop":
        return _LEFT if subscriptions.stop(tx, chat) else NOTHING
    if verb == "alerts_keep":
        return _RENEWED if subscriptions.go_on(tx, chat, now) else NOTHING
    return NOTHING


_LEFT: Final = Deed(counts=counting.alerts("left"), wrote=True)
_RENEWED: Final = Deed(counts=counting.alerts("renewed"), wrote=True)


def _pressed(tx: Tx, command: Command) -> Said:
    assert isinstance(command.body, Press)  # it stands under a message
    if command.body.token == LEAVE:
        stopped = subscriptions.stop(tx, command.chat)
        return Said("alerts_left", _LEFT if stopped else NOTHING)
    if subscriptions.go_on(tx, command.chat, command.at):
        return Said("alerts_on", _RENEWED)
    return Said("alerts_lapsed")


def _left_unread(command: Command) -> bool:
    return any(one.kind is None and leaving.leaves(one.text) for one in command.unread)


def _changed(before: Wishes | None, after: Wishes | None) -> Deed:
    if before is None:
        return Deed(counts=counting.alerts("joined"), wrote=True)
    return _LEFT if after is None else Deed(wrote=True)
