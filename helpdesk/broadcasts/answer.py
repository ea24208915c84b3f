"""The door of organisers: one update of a private chat in, one reply out, in one transaction.

To everybody whose role does not permit it the same update is a family's, so that nobody can tell
from an answer that there is anything here. The role is looked at anew at every update.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from helpdesk.broadcasts import approving, composing, listing, menu, presses, pressing, writing
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.messages import (
    OrganiserCommand,
    OrganiserPress,
    OrganiserReply,
    OrganiserSlash,
    OrganiserText,
)
from helpdesk.broadcasts.presses import PREFIX, Pressed
from helpdesk.broadcasts.visit import Visit
from helpdesk.desk import staff
from helpdesk.desk.staff import Deed, Member
from helpdesk.editorial import answer as editorial
from helpdesk.messages import Part
from store import Tx

__all__ = ["COMMANDS", "PREFIX", "answer", "wants"]

_SLASHES: Final[dict[str, Callable[[Visit], None]]] = {
    "difusion": writing.begin,
    "difusiones": listing.say,
}
_MENU: Final = "organizar"
_ELSEWHERE: Final = frozenset({_MENU, "difusiones"})
"""Commands with which she leaves the question that she was asked."""
_STOP: Final = "cancelar"
"""A command only while something is being written."""
COMMANDS: Final = frozenset({*_SLASHES, _MENU})
"""Commands of organisers; `helpdesk.editorial` has its own."""

_PRESSES: Final[dict[str, Callable[[Visit, Pressed], None]]] = {
    "new": lambda visit, _: writing.begin(visit),
    "another": lambda visit, _: writing.another(visit),
    "list": lambda visit, _: listing.say(visit),
    "ask": approving.ask,
    "ok": approving.approve,
    "no": approving.decline,
    "open": listing.open_one,
    "correct": writing.correct,
    "sample": lambda visit, _: visit.tell(Part("broadcast.sample")),
    **dict.fromkeys(writing.VERBS, writing.press),
    **dict.fromkeys(pressing.VERBS, pressing.press),
}


def wants(tx: Tx, command: OrganiserCommand) -> bool:
    """Say whether an update is for an organiser's work, and she may do it; else it is a family's.

    What she types is, while a broadcast of hers is being written.
    """
    member = staff.of(tx, command.user)
    if member is None:
        return False
    return editorial.wants(tx, command) or _ours(tx, command, member)


def answer(tx: Tx, command: OrganiserCommand, studio: Studio) -> OrganiserReply:
    """Do what an organiser asks for; nothing at all for anybody else."""
    member = staff.of(tx, command.user)
    if member is None:
        return OrganiserReply()
    # A document or a line that the other side waits for comes before what is being written; what
    # changes an earlier answer is none.
    if editorial.wants(tx, command) and not _rewrites(tx, command, member):
        writing.look_away(Visit(tx, command, member, studio))
        return editorial.answer(tx, command, studio)
    if not _ours(tx, command, member):
        return OrganiserReply()
    if isinstance(command.body, OrganiserSlash | OrganiserPress):
        editorial.let_go(tx, command)
    visit = Visit(tx, command, member, studio)
    match command.body:
        case OrganiserSlash(name):
            _slash(visit, name)
        case OrganiserPress(data):
            _press(visit, data)
        case OrganiserText():
            _text(visit, command.body)
        case _:
            visit.tell(Part("broadcast.only_text"))
    return visit.reply


def _ours(tx: Tx, command: OrganiserCommand, member: Member) -> bool:
    body = command.body
    if isinstance(body, OrganiserSlash) and body.name == _MENU:
        return menu.has_any(member)
    if not staff.may(member, Deed.BROADCAST):
        return False
    if isinstance(body, OrganiserPress):
        return body.data.startswith(PREFIX)
    if isinstance(body, OrganiserSlash) and body.name != _STOP:
        return body.name in COMMANDS
    return composing.current(tx, member) is not None or _rewrites(tx, command, member)


def _rewrites(tx: Tx, command: OrganiserCommand, member: Member) -> bool:
    """Say whether she changed a message that an answer of hers stands in."""
    if not command.edited or command.message_id is None or not staff.may(member, Deed.BROADCAST):
        return False
    return composing.answered_in(tx, member, command.message_id) is not None


def _slash(visit: Visit, name: str) -> None:
    if name in _ELSEWHERE:
        writing.look_away(visit)
    if name == _MENU:
        menu.say(visit, editorial.buttons(visit.member))
    elif name in _SLASHES:
        _SLASHES[name](visit)
    else:
        entry = composing.current(visit.tx, visit.member)
        assert entry is not None  # or it would not be ours
        writing.stop(visit, entry)


def _press(visit: Visit, data: str) -> None:
    pressed = presses.read(data)
    if pressed is not None and pressed.verb in _PRESSES:
        _PRESSES[pressed.verb](visit, pressed)


def _text(visit: Visit, text: OrganiserText) -> None:
    command = visit.command
    if not command.edited:
        writing.said(visit, text)
    elif command.message_id is not None:
        found = composing.answered_in(visit.tx, visit.member, command.message_id)
        if found is not None:
            writing.rewritten(visit, text, *found)
