"""What a family does to her case in the store: asks for a person, is heard, ends it, reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk import desk_sharing
from helpdesk.context import Context
from helpdesk.desk import family, figures
from helpdesk.desk.case import Category, Urgency
from helpdesk.desk.family import NO_DESK, Complaint, Heard, View
from helpdesk.interview import Assessor
from helpdesk.messages import Command, Press, Slash, Typed
from helpdesk.routes import Route, route_of
from helpdesk.state import State
from store import Tx


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done in the store beside the conversation.

    ``posted`` says that posts for the desk may have been written, ``wrote`` that the same state may
    show something else now; ``counts`` as in `helpdesk.messages.Reply`.
    """

    posted: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    wrote: bool = False

    def plus(self, other: Deed) -> Deed:
        """Return both as one."""
        counts = {**self.counts, **other.counts}
        return Deed(self.posted or other.posted, counts, self.wrote or other.wrote)


NOTHING = Deed()


def view(tx: Tx, chat: int, now: datetime, context: Context) -> View:
    """Return what she may know of the desk at this moment."""
    return NO_DESK if context.desk is None else family.view(tx, chat, now, context.desk)


def carry_out(
    tx: Tx, command: Command, context: Context, look: Assessor, state: State, action: str
) -> Deed:
    """Do to her case what a pressed button says; most buttons say nothing of it.

    ``state`` is the conversation as it was when she pressed.
    """
    desk = context.desk
    verb, _, arg = action.partition(":")
    if desk is None:
        return NOTHING
    chat, now = command.chat, command.at
    if verb == "ask_person":
        return _open(tx, command, context, look, state, arg)
    if verb == "end_case":
        return Deed(True, family.withdraw(tx, chat, now, desk))
    if verb == "report":
        return Deed(True, family.report(tx, chat, Complaint(arg), now, desk))
    if verb == "leave_contact":
        family.leave_contact(tx, chat, state.contact, now, desk)
        return Deed(True)
    if verb == "take_back":
        family.take_back_contact(tx, chat, now, desk)
        return Deed(True)
    if verb == "language":
        family.speak(tx, chat, arg, now, desk)
    return NOTHING


def end_pause(tx: Tx, command: Command, context: Context, desk: View) -> View:
    """Let a cry for help through a silence that a volunteer asked for; gives the view as it is."""
    cries = isinstance(command.body, Typed) and route_of(command.body.text) is Route.DISTRESS
    if not cries or context.desk is None or desk.case is None or desk.case.muted_until is None:
        return desk
    return family.end_pause(tx, command.chat, command.at, context.desk)


def make_urgent(tx: Tx, command: Command, context: Context) -> None:
    """Put her case among the urgent ones: nobody may be reading what she writes."""
    assert context.desk is not None
    family.make_urgent(tx, command.chat, command.at, context.desk)


def _open(
    tx: Tx, command: Command, context: Context, look: Assessor, state: State, arg: str
) -> Deed:
    assert context.desk is not None
    category, urgency, answers = arg.split(":")
    shared = desk_sharing.shared(look, state) if answers == "with" else None
    family.open_case(
        tx,
        command.chat,
        Category(category),
        Urgency(urgency),
        state.language,
        shared,
        command.at,
        context.desk,
    )
    return Deed(True, figures.opened(Category(category), Urgency(urgency)))


def hear(tx: Tx, command: Command, context: Context) -> Heard | None:
    """Hand what she sent to her case; None when this command brought nothing of hers."""
    assert context.desk is not None
    if isinstance(command.body, Press | Slash):
        return hear_unread(tx, command, context)
    return family.hear(tx, command, context.desk)


def hear_unread(tx: Tx, command: Command, context: Context) -> Heard | None:
    """Hand over only what was not read before a command; None when there was nothing."""
    assert context.desk is not None
    if not command.unread:
        return None
    return family.hear(tx, newest_unread(command), context.desk)


def newest_unread(command: Command) -> Command:
    """Return the last of what was not read before a command, as one of its own."""
    *before, last = command.unread
    return Command(
        command.chat,
        command.at,
        Typed(last.text) if last.kind is None else last.kind,
        last.message_id,
        unread=tuple(before),
        caption="" if last.kind is None else last.text,
        names_account=last.names_account,
    )


def erased(tx: Tx, command: Command, context: Context) -> Deed:
    """Leave nothing of her at the desk: before everything else of hers goes."""
    if context.desk is None:
        return NOTHING
    return Deed(True, family.erased(tx, command.chat, command.at, context.desk))
