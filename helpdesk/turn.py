"""The family's turn: one command in, one reply out, in one transaction; no words, no law."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk import (
    alert_screens,
    alerts,
    case_screens,
    case_talk,
    conversation,
    counting,
    escalation,
    interview,
    placement,
    presses,
    tokens,
)
from helpdesk.context import BUTTONS, Context
from helpdesk.desk.family import Heard
from helpdesk.editorial import editorial
from helpdesk.errors import OutdatedState
from helpdesk.escalation import NOTHING, Deed
from helpdesk.interview import Assessor
from helpdesk.messages import Command, Part, Press, Reply, Screen, Slash, Typed, Unreadable
from helpdesk.scene import Scene
from helpdesk.screens import ROUTE_VIEWS, shows_result
from helpdesk.state import State
from store import Session, Tx, erasures, reached, sessions

FAREWELL = Screen((Part("command.erased"),), fresh=True)
"""What is left after /borrar: nothing in it says what was talked about."""

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


@dataclass(frozen=True, slots=True)
class _Done:
    """What a command has led to: the new state, what was done at the desk, which photos stay."""

    state: State
    deed: Deed = NOTHING
    stays: frozenset[int] = frozenset()
    goes: tuple[int, ...] = ()
    """Ids of hers to take out of the chat beside those that always go."""
    below: bool = False
    """It is told at the end of the chat, where she looks."""


def answer(tx: Tx, command: Command, context: Context) -> Reply:
    """Answer one command. Runs whole in one transaction and has no effect outside of it."""
    stored = sessions.get(tx, command.chat, command.at)
    scene, state, known = _arrive(tx, command.chat, command.at, context, stored)
    if case_talk.says_nothing(command, scene.desk):
        if not command.unread:
            return Reply(language=scene.context.words(state.language).language)
        command = escalation.newest_unread(command)
    if _erases(scene, command, state, stored):
        return _erase(tx, command, scene, state)
    if stored is None and not command.unread and alerts.is_under_a_message(command):
        return alerts.alone(tx, command, scene.context.words(state.language).language)
    before, state = state, conversation.law_changed(scene.look, state)
    heard = case_talk.is_for_a_person(state, scene.desk) or alerts.concerns(command)
    done = _Done(state)
    if state is before or heard or isinstance(command.body, Slash | Unreadable):
        left = alerts.leave_unread(tx, command)
        done = _react(tx, scene, command, state, stored, known)
        if left.wrote:
            done = replace(done, state=alerts.told_beside(done.state), deed=done.deed.plus(left))
    if done.deed.posted:
        scene = replace(scene, desk=escalation.view(tx, command.chat, command.at, context))
    return _show(tx, command, scene.told_in(done.state.language), before, done, stored)


def _arrive(
    tx: Tx, chat: int, now: datetime, context: Context, stored: Session | None
) -> tuple[Scene, State, bool]:
    """Return the scene and the state of a chat, and whether there was one that could be read."""
    desk = escalation.view(tx, chat, now, context)
    look = context.look(now).under(editorial.load(tx, now))
    scene = Scene(context, chat, now, look, desk)
    state, known = _read(scene.look, stored)
    scene = replace(scene, alerts=alerts.standing(tx, chat, now, state.view))
    if not known and desk.case is not None:
        # Her questions are forgotten, her case is not: that is where she is.
        state = state.but(language=desk.case.language, notice="")
    return scene.told_in(state.language), state, known


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


def after_restart(tx: Tx, context: Context, now: datetime) -> tuple[tuple[int, Reply], ...]:
    """Return, for every chat whose last screen may not have arrived, that screen again."""
    again = []
    for chat, stored in sessions.unshown(tx, now):
        scene, state, _ = _arrive(tx, chat, now, context, stored)
        again.append((chat, placement.reply(scene, state, stored, stored.revision)))
    return tuple(again)


def sorry(
    tx: Tx, chat: int, context: Context, now: datetime, message_id: int | None = None
) -> Reply:
    """Show the current step again under a line that says that something failed here.

    ``message_id`` is hers, of what could not be read, so that /borrar finds it.
    """
    stored = sessions.get(tx, chat, now)
    scene, state, _ = _arrive(tx, chat, now, context, stored)
    command = Command(chat, now, Slash("start"), message_id)
    after = state.begun().but(notice="notice.something_failed")
    return _show(tx, command, scene, state, _Done(after), stored)


def _read(look: Assessor, stored: Session | None) -> tuple[State, bool]:
    """Return the state of a session, and whether there was one that could be read."""
    if stored is not None:
        try:
            return State.read(stored.state), True
        except OutdatedState:
            return conversation.begin(look.law).but(notice="notice.started_again"), False
    return conversation.begin(look.law), False


def _react(
    tx: Tx,
    scene: Scene,
    command: Command,
    state: State,
    stored: Session | None,
    known: bool,
) -> _Done:
    look, body = scene.look, command.body
    scene = replace(scene, desk=escalation.end_pause(tx, command, scene.context, scene.desk))
    said = alerts.said(tx, command)
    if said is not None:
        return _said_of_alerts(tx, scene, command, state, said)
    if isinstance(body, Typed) and _is_a_contact(scene, command, state, stored):
        how = escalation.hear_unread(tx, command, scene.context)
        stays = case_talk.staying(command, how)
        goes = () if command.message_id is None else (command.message_id,)
        deed = NOTHING if how is None else Deed(posted=True)
        return _Done(case_talk.contact(state, body.text), deed, stays, goes)
    how = None
    if case_talk.is_for_a_person(state, scene.desk):
        how = escalation.hear(tx, command, scene.context)
    deed = NOTHING if how is None else Deed(posted=True)
    stays = case_talk.staying(command, how)
    if isinstance(body, Press):
        action = scene.pressed(body.token, state, stored)
        if action is None:
            begun_again = not known and scene.desk.case is None
            after = state.but(notice="notice.started_again") if begun_again else state
            return _Done(after, deed, stays)
        deed = deed.plus(escalation.carry_out(tx, command, scene.context, look, state, action))
        deed = deed.plus(alerts.carry_out(tx, command, action))
        return _Done(presses.press(look, state, action), deed, stays)
    if alerts.is_leaving(command) and (how is None or isinstance(body, Slash)):
        return _Done(state.begun().but(notice="alerts.not_subscribed"), deed, stays)
    if isinstance(body, Slash):
        after = conversation.command(look, state, body.name)
        if body.name == "start" and scene.desk.case is not None:
            after = case_talk.at_her_case(state)
        return _Done(after, deed, stays)
    if how is not None:
        after = _heard(scene, command, state, how)
        if after.view == case_screens.DISTRESS:
            escalation.make_urgent(tx, command, scene.context)
        return _Done(after, deed, stays)
    if isinstance(body, Unreadable):
        return _Done(conversation.unreadable(state, body))
    return _Done(_typed(scene, command, state, body.text, known))


def _said_of_alerts(
    tx: Tx, scene: Scene, command: Command, state: State, said: alerts.Said
) -> _Done:
    """Say what came of it; a person who has her case reads what she typed all the same."""
    after, deed = state.begun().but(view=said.view, page=0), said.deed
    how = None
    if case_talk.is_a_contact(state, scene.desk):
        how = escalation.hear_unread(tx, command, scene.context)
    elif case_talk.is_for_a_person(state, scene.desk):
        how = escalation.hear(tx, command, scene.context)
    if how is not None:
        deed = deed.plus(Deed(posted=True))
        if isinstance(command.body, Typed):
            after = after.but(notice=case_talk.beside(how))
    return _Done(after, deed, case_talk.staying(command, how), below=True)


def _is_a_contact(scene: Scene, command: Command, state: State, stored: Session | None) -> bool:
    """Tell whether a text is the contact she was asked for: not if a person wrote in between.

    What reaches her is one all the same: she was told that no group would read it.
    """
    if command.edited or not case_talk.is_a_contact(state, scene.desk):
        return False
    assert isinstance(command.body, Typed)  # nothing else comes here
    reaches_her = case_talk.reaches_somebody(command.body.text)
    return reaches_her or placement.is_last(scene, state, stored)


def _heard(scene: Scene, command: Command, state: State, how: Heard) -> State:
    """Say what became of what went to a person; a date under the question for it counts twice."""
    after = case_talk.heard(state, command, how, scene.desk)
    if state.aside and isinstance(command.body, Typed) and not command.edited:
        source = scene.mark(command.message_id)
        text = command.body.text
        read = conversation.typed(scene.context, scene.look, state.but(view=""), text, source)
        if read.draft.source == source:
            return read.but(notice=after.notice)
    return after


def _typed(scene: Scene, command: Command, state: State, text: str, known: bool) -> State:
    context, look = scene.context, scene.look
    source = scene.mark(command.message_id)
    if command.edited:
        return conversation.retyped(context, look, state, text, source)
    if state.view == "cancelled":
        state, known = state.but(view=""), False
    after = conversation.typed(context, look, state, text, source)
    if scene.desk.case is not None:
        asks = after.view == case_screens.ENTRY
        return case_talk.at_her_case(after) if asks else case_talk.beside_her_case(after)
    if not known and after.notice == "notice.not_understood":
        return conversation.first_words(after, text)
    return after


def _erases(scene: Scene, command: Command, state: State, stored: Session | None) -> bool:
    """Tell whether everything is to go: /borrar at once, the button once it was confirmed."""
    if isinstance(command.body, Slash):
        return command.body.name == "borrar"
    if isinstance(command.body, Press):
        return scene.pressed(command.body.token, state, stored) == "erase"
    return False


def _erase(tx: Tx, command: Command, scene: Scene, state: State) -> Reply:
    own = () if command.message_id is None else (command.message_id,)
    pressed = (command.body.message_id,) if isinstance(command.body, Press) else ()
    unread = [one.message_id for one in command.unread]
    deed = escalation.erased(tx, command, scene.context).plus(alerts.erased(tx, command))
    erasures.erase(tx, command.chat, (*unread, *own, *pressed), command.at)
    return Reply(
        FAREWELL,
        erase=True,
        counts={**counting.intent("erase"), **deed.counts},
        language=scene.context.words(state.language).language,
        posted=deed.posted,
    )


def _show(
    tx: Tx,
    command: Command,
    scene: Scene,
    before: State,
    done: _Done,
    stored: Session | None,
) -> Reply:
    """Store the new state and make its screen; an unchanged one is shown again as it is."""
    look, after = scene.look, done.state
    scene = replace(scene, alerts=alerts.standing(tx, command.chat, command.at, after.view))
    counts: dict[str, int] = {**done.deed.counts}
    name = _intent(command, before, after)
    if name is not None and name not in after.intents:
        counts |= counting.intent(name)
        after = after.but(intents=(*after.intents, name))
    if not after.counted and shows_result(look, after):
        counts |= counting.finished(look, after)
        after = after.but(counted=True)
    unchanged = stored is not None and after == before and isinstance(command.body, Press)
    unchanged = unchanged and not done.deed.wrote
    after = after.but(gone=_to_remove(scene, command, done, stored))
    revision = secrets.randbelow(FIRST_REVISIONS) if stored is None else stored.revision
    revision = revision if unchanged else revision + 1
    messages, over = _messages(scene, command, after, stored)
    shown_revision = stored.shown_revision if stored else 0
    session = Session(after.write(), revision, shown_revision, messages)
    if (before.answers and not after.answers) or (before.contact and not after.contact):
        # What she was told is forgotten goes with its key, and is scrubbed from the file.
        sessions.delete(tx, command.chat)
    sessions.put(tx, command.chat, session, command.at)
    below = isinstance(command.body, Slash) or bool(done.goes) or done.below
    pressed = isinstance(command.body, Press)
    letters = () if pressed else reached.message_ids(tx, command.chat, command.at)
    reply = placement.reply(
        scene, after, session, revision, below=below, again=unchanged, letters=letters
    )
    delete = (*reply.delete, *over)
    return replace(reply, delete=delete, counts=counts, posted=done.deed.posted)


def _to_remove(
    scene: Scene, command: Command, done: _Done, stored: Session | None
) -> tuple[str, ...]:
    """Return the marks of what must leave the chat: of this command, and what may be left.

    They stay in the state until the reply is known to have been carried out, so that a photo
    goes after a crash too.
    """
    left = done.state.gone if stored and stored.shown_revision != stored.revision else ()
    ids = [one.message_id for one in command.unread if one.kind in DELETED_AT_ONCE]
    own = command.body in DELETED_AT_ONCE and not command.edited
    if own and command.message_id is not None:
        ids.append(command.message_id)
    gone = [*(one for one in ids if one not in done.stays), *done.goes]
    marks = (scene.mark(message_id) for message_id in gone)
    return tuple(dict.fromkeys((*left, *marks)))


def _messages(
    scene: Scene, command: Command, state: State, stored: Session | None
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
        if scene.mark(message_id) != state.screen
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
    if after.view == alert_screens.VIEW:
        return alert_screens.VIEW
    return interview.card(after) if not after.view else None
