"""The family's turn: one command in, one reply out, in one transaction; no words, no law."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from helpdesk import conversation, counting, interview, presses, tokens
from helpdesk.context import BUTTONS, Context
from helpdesk.errors import OutdatedState
from helpdesk.interview import Assessor
from helpdesk.layout import Choice, Layout
from helpdesk.messages import Button, Command, Part, Press, Reply, Screen, Slash, Unreadable
from helpdesk.screens import ROUTE_VIEWS, layout, shows_result
from helpdesk.state import State
from store import Session, Tx, erasures, sessions

_QUIET_OPENING = Part("notice.quiet_opening")
_FIRST_OPENING = Part("notice.first_opening")
_RECEIVED_OPENING = Part("notice.received_opening")
_QUIET = frozenset(
    {
        "start.hello",
        "result.opening",
        _QUIET_OPENING.key,
        _FIRST_OPENING.key,
        _RECEIVED_OPENING.key,
    }
)

FAREWELL = Screen((Part("command.erased"),), fresh=True)
"""What is left after /borrar: nothing in it says what was talked about."""

EDITABLE = timedelta(hours=40)
"""A message older than this is deleted and sent anew: editing does not renew the 48 hours in
which Telegram lets it be deleted."""

BURIED_BY = 2
"""Messages of her own below the screen from which it is sent anew, at the end of the chat."""

DELETED_AT_ONCE = frozenset(
    {
        Unreadable.PHOTO,
        Unreadable.VIDEO,
        Unreadable.DOCUMENT,
        Unreadable.CONTACT,
        Unreadable.LOCATION,
    }
)
"""What may show a face, a name or a place is taken out of the chat; a voice note and a sticker
stay until /borrar."""

FIRST_REVISIONS = 2**30
"""A conversation's revisions start somewhere below, at random: with a fixed start, a button that
is left of an erased conversation would be one of the next, for its token would be the same."""

MOST_MESSAGES = 300
"""Ids of messages kept of a conversation. Beyond, the oldest messages are deleted from the chat at
once: every turn reads all ids, and one that was forgotten could never be deleted by /borrar."""


def answer(tx: Tx, command: Command, context: Context) -> Reply:
    """Answer one command. Runs whole in one transaction and has no effect outside of it."""
    look = context.look(command.at)
    stored = sessions.get(tx, command.chat, command.at)
    state, known = _read(look, stored)
    if _erases(command, state, stored, look, context):
        return _erase(tx, command)
    before, state = state, conversation.law_changed(look, state)
    if state is before or isinstance(command.body, Slash | Unreadable):
        state = _react(context, look, command, state, stored, known)
    return _show(tx, command, context, look, before, state, stored)


def shown(tx: Tx, chat: int, revision: int, message_ids: tuple[int, ...], now: datetime) -> None:
    """Note that a screen arrived, and in which message: that one is edited from now on."""
    if not sessions.mark_shown(tx, chat, revision, now, message_ids) or not message_ids:
        return
    session = sessions.get(tx, chat, now)
    if session is None:
        return
    mark = tokens.mark(tx.keys.subkey(BUTTONS), chat, message_ids[-1])
    if session.state.get("screen") != mark:
        state = {**session.state, "screen": mark}
        sessions.put(tx, chat, replace(session, state=state), now)


def as_new(screen: Screen) -> Screen:
    """Return a screen that was meant as an edit, fit to open a new message on a locked phone.

    For when the message to edit has gone: its opening is then shown to anyone who looks.
    """
    first = screen.parts[0].key
    if screen.fresh or first in _QUIET or first.startswith("command."):
        return screen
    return replace(screen, parts=(_QUIET_OPENING, *screen.parts), fresh=True)


def after_restart(tx: Tx, context: Context, now: datetime) -> tuple[tuple[int, Reply], ...]:
    """Return, for every chat whose last screen may not have arrived, that screen again."""
    look = context.look(now)
    again = []
    for chat, stored in sessions.unshown(tx, now):
        state, _ = _read(look, stored)
        again.append((chat, _reply(context, look, chat, now, state, stored, stored.revision)))
    return tuple(again)


def sorry(
    tx: Tx, chat: int, context: Context, now: datetime, message_id: int | None = None
) -> Reply:
    """Show the current step again under a line that says that something failed here.

    ``message_id`` is hers, of what could not be read, so that /borrar finds it.
    """
    look = context.look(now)
    stored = sessions.get(tx, chat, now)
    state, _ = _read(look, stored)
    command = Command(chat, now, Slash("start"), message_id)
    after = state.but(notice="notice.something_failed", fresh=False)
    return _show(tx, command, context, look, state, after, stored)


def _read(look: Assessor, stored: Session | None) -> tuple[State, bool]:
    """Return the state of a session, and whether there was one that could be read."""
    if stored is not None:
        try:
            return State.read(stored.state), True
        except OutdatedState:
            return conversation.begin(look.law).but(notice="notice.started_again"), False
    return conversation.begin(look.law), False


def _react(
    context: Context,
    look: Assessor,
    command: Command,
    state: State,
    stored: Session | None,
    known: bool,
) -> State:
    body = command.body
    if isinstance(body, Press):
        action = _pressed(context, look, command, state, stored)
        if action is not None:
            return presses.press(look, state, action)
        return state if known else state.but(notice="notice.started_again")
    if isinstance(body, Slash):
        return conversation.command(look, state, body.name)
    if isinstance(body, Unreadable):
        return conversation.unreadable(state, body)
    source = _mark(context, command.chat, command.message_id)
    if command.edited:
        return conversation.retyped(context, look, state, body.text, source)
    if state.view == "cancelled":
        state, known = state.but(view=""), False
    after = conversation.typed(context, look, state, body.text, source)
    if not known and after.notice == "notice.not_understood":
        return conversation.first_words(after, body.text)
    return after


def _pressed(
    context: Context, look: Assessor, command: Command, state: State, stored: Session | None
) -> str | None:
    """Return the action of a pressed button, None when it is not on the current screen."""
    assert isinstance(command.body, Press)
    if stored is None:
        return None
    shown_now = layout(look, state, context.catalogue)
    for action in shown_now.actions:
        own = tokens.token(
            context.button_key, command.chat, stored.revision, shown_now.name, action
        )
        if tokens.matches(command.body.token, own):
            return action
    return None


def _erases(
    command: Command, state: State, stored: Session | None, look: Assessor, context: Context
) -> bool:
    """Tell whether everything is to go: /borrar at once, the button once it was confirmed."""
    if isinstance(command.body, Slash):
        return command.body.name == "borrar"
    if isinstance(command.body, Press):
        return _pressed(context, look, command, state, stored) == "erase"
    return False


def _erase(tx: Tx, command: Command) -> Reply:
    own = () if command.message_id is None else (command.message_id,)
    pressed = (command.body.message_id,) if isinstance(command.body, Press) else ()
    unread = [one.message_id for one in command.unread]
    erasures.erase(tx, command.chat, (*unread, *own, *pressed), command.at)
    return Reply(FAREWELL, erase=True, counts=counting.intent("erase"))


def _show(
    tx: Tx,
    command: Command,
    context: Context,
    look: Assessor,
    before: State,
    after: State,
    stored: Session | None,
) -> Reply:
    """Store the new state and make its screen; an unchanged one is shown again as it is."""
    counts: dict[str, int] = {}
    name = _intent(command, before, after)
    if name is not None and name not in after.intents:
        counts |= counting.intent(name)
        after = after.but(intents=(*after.intents, name))
    if not after.counted and shows_result(look, after):
        counts |= counting.finished(look, after)
        after = after.but(counted=True)
    unchanged = stored is not None and after == before and isinstance(command.body, Press)
    after = after.but(gone=_to_remove(context, command, after, stored))
    revision = secrets.randbelow(FIRST_REVISIONS) if stored is None else stored.revision
    revision = revision if unchanged else revision + 1
    messages, over = _messages(context, command, after, stored)
    shown_revision = stored.shown_revision if stored else 0
    session = Session(after.write(), revision, shown_revision, messages)
    if before.answers and not after.answers:
        # What she was told is forgotten goes with its key, and is scrubbed from the file.
        sessions.delete(tx, command.chat)
    sessions.put(tx, command.chat, session, command.at)
    reply = _reply(
        context,
        look,
        command.chat,
        command.at,
        after,
        session,
        revision,
        below=isinstance(command.body, Slash),
        again=unchanged,
    )
    return replace(reply, delete=(*reply.delete, *over), counts=counts)


def _to_remove(
    context: Context, command: Command, state: State, stored: Session | None
) -> tuple[str, ...]:
    """Return the marks of what must leave the chat: of this command, and what may be left.

    They stay in the state until the reply is known to have been carried out, so that a photo
    goes after a crash too.
    """
    left = state.gone if stored and stored.shown_revision != stored.revision else ()
    ids = [one.message_id for one in command.unread if one.kind in DELETED_AT_ONCE]
    if command.body in DELETED_AT_ONCE and command.message_id is not None:
        ids.append(command.message_id)
    marks = (_mark(context, command.chat, message_id) for message_id in ids)
    return tuple(dict.fromkeys((*left, *marks)))


def _messages(
    context: Context, command: Command, state: State, stored: Session | None
) -> tuple[tuple[tuple[int, datetime], ...], tuple[int, ...]]:
    """Return the ids to keep, with the command's own, and those beyond ``MOST_MESSAGES``."""
    known = dict(stored.messages if stored else ())
    for one in command.unread:
        known.setdefault(one.message_id, command.at)
    if command.message_id is not None:
        known.setdefault(command.message_id, command.at)
    over = [
        message_id
        for message_id in list(known)[: max(0, len(known) - MOST_MESSAGES)]
        if _mark(context, command.chat, message_id) != state.screen
    ]
    for message_id in over:
        del known[message_id]
    return tuple(known.items()), tuple(over)


def _intent(command: Command, before: State, after: State) -> str | None:
    """Name what was asked beside the interview, for the counters."""
    if isinstance(command.body, Slash) and command.body.name in conversation.COMMAND_VIEWS:
        return after.view or None
    if after.view in ROUTE_VIEWS and before.view != after.view:
        return ROUTE_VIEWS[after.view].value
    return interview.card(after) if not after.view else None


def _reply(
    context: Context,
    look: Assessor,
    chat: int,
    now: datetime,
    state: State,
    session: Session,
    revision: int,
    *,
    below: bool = False,
    again: bool = False,
) -> Reply:
    """Decide where a screen goes: into the message there is, or into a new one at the end.

    A command is answered below itself, a result has a message of its own, a message about to be
    too old to delete is replaced, and so is one that her own messages have pushed up the screen;
    the one left behind goes. ``again`` says that nothing has changed (a stale or double press):
    then no second message is made of a result.
    """
    shown_now = layout(look, state, context.catalogue)
    old = _screen_message(context, chat, state, session)
    result = state.fresh and not again
    anew = below or result or (old is None and (not again or state.screen is not None))
    anew = anew or (old is not None and now - old[1] > EDITABLE)
    buried = old is not None and not again and _buried(session, old[0])
    anew = anew or buried
    opening = _QUIET_OPENING if state.asked else _FIRST_OPENING
    if buried:
        opening = _RECEIVED_OPENING
    screen = _screen(
        context, chat, revision, shown_now, opening if anew else None, silent=state.fresh
    )
    gone = _marked(context, chat, session, state.gone)
    if anew:
        return Reply(screen, revision, delete=(*gone, *(() if old is None else (old[0],))))
    return Reply(screen, revision, edit=old[0] if old else None, delete=gone)


def _marked(
    context: Context, chat: int, session: Session, marks: tuple[str, ...]
) -> tuple[int, ...]:
    """Return the ids of the messages that these marks are of, as far as they are still known."""
    if not marks:
        return ()
    known = (message_id for message_id, _ in session.messages)
    return tuple(one for one in known if _mark(context, chat, one) in marks)


def _buried(session: Session, screen: int) -> bool:
    """Tell whether what she sent since would hide an answer above it: to her, a silence."""
    return sum(1 for message_id, _ in session.messages if message_id > screen) >= BURIED_BY


def _screen_message(
    context: Context, chat: int, state: State, session: Session
) -> tuple[int, datetime] | None:
    if state.screen is None:
        return None
    for message_id, sent_at in session.messages:
        if _mark(context, chat, message_id) == state.screen:
            return message_id, sent_at
    return None


def _screen(
    context: Context,
    chat: int,
    revision: int,
    shown_now: Layout,
    opening: Part | None,
    *,
    silent: bool,
) -> Screen:
    """Make the screen of a layout; ``opening`` hides it on a locked phone, None for an edit."""

    def button(choice: Choice) -> Button:
        if choice.copy is not None:
            return Button(choice.key, "", choice.params, copy=choice.copy)
        token = tokens.token(context.button_key, chat, revision, shown_now.name, choice.action)
        return Button(choice.key, token, choice.params)

    parts = shown_now.parts
    if opening is not None and not shown_now.quiet:
        # A new message shows its opening on a locked phone: it must say nothing.
        parts = (opening, *parts)
    rows = tuple(tuple(button(choice) for choice in row) for row in shown_now.rows)
    return Screen(parts, rows, fresh=opening is not None, silent=silent)


def _mark(context: Context, chat: int, message_id: int | None) -> str:
    return "" if message_id is None else tokens.mark(context.button_key, chat, message_id)
