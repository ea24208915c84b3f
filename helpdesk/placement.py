"""Where a screen goes: into the message there is, or into a new one; what it says is elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from helpdesk import alert_screens, case_screens
from helpdesk.layout import Choice, Layout
from helpdesk.messages import Button, Part, Reply, Screen
from helpdesk.scene import Scene
from helpdesk.state import State
from store import Session

_QUIET_OPENING = Part("notice.quiet_opening")
_FIRST_OPENING = Part("notice.first_opening")
_RECEIVED_OPENING = Part("notice.received_opening")
_QUIET = frozenset(
    {
        "start.hello",
        "result.opening",
        "review.opening",
        "language.choose",
        _QUIET_OPENING.key,
        _FIRST_OPENING.key,
        _RECEIVED_OPENING.key,
        *alert_screens.QUIET,
        *case_screens.QUIET,
    }
)

EDITABLE = timedelta(hours=40)
"""A message older than this is deleted and sent anew: editing does not renew the 48 hours in
which Telegram lets it be deleted."""

BURIED_BY = 2
"""Messages below the screen, hers, a person's or alerts, from which it is sent anew, at the end."""


def as_new(screen: Screen) -> Screen:
    """Return a screen that was meant as an edit, fit to open a new message on a locked phone.

    For when the message to edit has gone: its opening is then shown to anyone who looks.
    """
    first = screen.parts[0].key
    if screen.fresh or first in _QUIET or first.startswith("command."):
        return screen
    return replace(screen, parts=(_QUIET_OPENING, *screen.parts), fresh=True)


def reply(
    scene: Scene,
    state: State,
    session: Session,
    revision: int,
    *,
    below: bool = False,
    again: bool = False,
    letters: Collection[int] = (),
) -> Reply:
    """Decide where a screen goes: into the message there is, or into a new one at the end.

    A command is answered below itself, a result has a message of its own, a message about to be
    too old to delete is replaced, and so is one that later messages have pushed up the screen;
    the one left behind goes. ``again`` says that nothing has changed (a stale or double press):
    then no second message is made of a result. ``letters`` are the ids of alerts in the chat.
    """
    shown = scene.layout(state)
    language = scene.context.words(state.language).language
    old = _screen_message(scene, state, session)
    result = state.fresh and not again
    anew = below or result or (old is None and (not again or state.screen is not None))
    anew = anew or (old is not None and scene.now - old[1] > EDITABLE)
    buried = old is not None and not again and _buried(session, letters, old[0])
    anew = anew or buried
    opening = _QUIET_OPENING if state.asked else _FIRST_OPENING
    if buried:
        opening = _RECEIVED_OPENING
    screen = _screen(scene, revision, shown, opening if anew else None, silent=state.fresh)
    gone = _marked(scene, session, state.gone)
    if anew:
        left = () if old is None else (old[0],)
        return Reply(screen, revision, delete=(*gone, *left), language=language)
    edit = old[0] if old else None
    return Reply(screen, revision, edit=edit, delete=gone, language=language)


def is_last(scene: Scene, state: State, session: Session | None) -> bool:
    """Tell whether nothing has come into the chat since the screen she sees was sent."""
    screen = None if session is None else _screen_message(scene, state, session)
    if session is None or screen is None:
        return False
    return all(message_id <= screen[0] for message_id, _ in session.messages)


def _marked(scene: Scene, session: Session, marks: tuple[str, ...]) -> tuple[int, ...]:
    """Return the ids of the messages that these marks are of, as far as they are still known."""
    if not marks:
        return ()
    known = (message_id for message_id, _ in session.messages)
    return tuple(one for one in known if scene.mark(one) in marks)


def _buried(session: Session, letters: Collection[int], screen: int) -> bool:
    """Tell whether what came since would hide an answer above it: to her, a silence."""
    there = {message_id for message_id, _ in session.messages}.union(letters)
    return sum(1 for message_id in there if message_id > screen) >= BURIED_BY


def _screen_message(scene: Scene, state: State, session: Session) -> tuple[int, datetime] | None:
    if state.screen is None:
        return None
    for message_id, sent_at in session.messages:
        if scene.mark(message_id) == state.screen:
            return message_id, sent_at
    return None


def _screen(
    scene: Scene, revision: int, shown: Layout, opening: Part | None, *, silent: bool
) -> Screen:
    """Make the screen of a layout; ``opening`` hides it on a locked phone, None for an edit."""

    def button(choice: Choice) -> Button:
        if choice.copy is not None:
            return Button(choice.key, "", choice.params, copy=choice.copy)
        return Button(choice.key, scene.token(revision, shown, choice.action), choice.params)

    parts = shown.parts
    if opening is not None and not shown.quiet:
        # A new message shows its opening on a locked phone: it must say nothing.
        parts = (opening, *parts)
    rows = tuple(tuple(button(choice) for choice in row) for row in shown.rows)
    return Screen(parts, rows, fresh=opening is not None, silent=silent or shown.silent)
