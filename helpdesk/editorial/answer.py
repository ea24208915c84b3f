"""The door of the stop switch, the published file and the weekly picture: one update, one reply.

To everybody whose role does not permit it the same update is a family's. Roles are asked anew at
every update.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.messages import (
    OrganiserBody,
    OrganiserCommand,
    OrganiserFile,
    OrganiserPress,
    OrganiserReply,
    OrganiserSlash,
    OrganiserText,
)
from helpdesk.broadcasts.visit import Visit
from helpdesk.desk import staff
from helpdesk.desk.staff import Deed, Member
from helpdesk.editorial import expected, publishing, weekly, withdrawing
from helpdesk.editorial.expected import Next
from helpdesk.editorial.withdrawing import PREFIX, button
from helpdesk.messages import Button, Part, Screen
from store import Tx

__all__ = ["COMMANDS", "PREFIX", "answer", "awaits_file", "buttons", "let_go", "wants"]

Act = Callable[[Visit, str], None]

_SLASHES: Final[dict[str, tuple[Deed, Act]]] = {
    "retirar": (Deed.WITHDRAW, withdrawing.begin),
    "restaurar": (Deed.WITHDRAW, withdrawing.listing),
    "publicar": (Deed.PUBLISH, publishing.begin),
    "estadisticas": (Deed.STATISTICS, weekly.say),
}
COMMANDS: Final = frozenset(_SLASHES)
_STOP: Final = "cancelar"
"""A command only while something is waited for."""

_PRESSES: Final[dict[str, tuple[Deed, Act]]] = {
    "kinds": (Deed.WITHDRAW, withdrawing.again),
    "kind": (Deed.WITHDRAW, withdrawing.kind),
    "see": (Deed.WITHDRAW, withdrawing.see),
    "off": (Deed.WITHDRAW, withdrawing.withdraw),
    "list": (Deed.WITHDRAW, withdrawing.list_again),
    "on": (Deed.WITHDRAW, withdrawing.restore),
    "file": (Deed.PUBLISH, lambda visit, _: publishing.begin(visit)),
    "publish": (Deed.PUBLISH, publishing.approve),
    "drop": (Deed.PUBLISH, publishing.drop),
    "week": (Deed.STATISTICS, weekly.say),
}
"""By the verb of the button; each takes what stands after it."""


def wants(tx: Tx, command: OrganiserCommand) -> bool:
    """Say whether an update is for this door, and whoever sent it may pass; else it is not ours.

    A text is while something to be withdrawn is looked for, a document after ``/publicar``.
    """
    member = staff.of(tx, command.user)
    if member is None:
        return False
    body = command.body
    match body:
        case OrganiserSlash(name) if name != _STOP:
            return name in _SLASHES and staff.may(member, _SLASHES[name][0])
        case OrganiserPress(data):
            # An old button of somebody who may something else is answered, and not a family's.
            return data.startswith(PREFIX) and _may_anything(member)
    waited = expected.of(tx, member, command.at)
    if waited is None or not staff.may(member, _deed(waited.next)):
        return False
    return waited.next in _waited_for(body)


def answer(tx: Tx, command: OrganiserCommand, studio: Studio) -> OrganiserReply:
    """Do what somebody of the team asks for; nothing at all for anybody else."""
    member = staff.of(tx, command.user)
    if member is None or not wants(tx, command):
        return OrganiserReply()
    visit = Visit(tx, command, member, studio)
    match command.body:
        case OrganiserSlash(name) if name == _STOP:
            _stop(visit)
        case OrganiserSlash(name, rest):
            _SLASHES[name][1](visit, rest)
        case OrganiserPress(data):
            _press(visit, data)
        case OrganiserText(stops=True):
            _stop(visit)
        case OrganiserText(plain=plain):
            _text(visit, plain)
        case OrganiserFile(content=content):
            publishing.take(visit, content)
    return visit.reply


def awaits_file(tx: Tx, user: int) -> bool:
    """Say whether somebody was to send a file, so that it is worth fetching."""
    member = staff.of(tx, user)
    may = staff.may(member, Deed.PUBLISH)
    return member is not None and may and expected.awaits_file(tx, member)


def let_go(tx: Tx, command: OrganiserCommand) -> None:
    """Wait for nothing more of whoever turned to something else."""
    member = staff.of(tx, command.user)
    if member is not None:
        expected.let_go(tx, member, command.at)


def buttons(member: Member) -> tuple[Button, ...]:
    """Return the buttons of what somebody may do here."""
    offered = (
        (Deed.WITHDRAW, button("button.ed_begin", "kinds")),
        (Deed.WITHDRAW, button("button.ed_list", "list")),
        (Deed.PUBLISH, button("button.ed_file", "file")),
        (Deed.STATISTICS, button("button.ed_week", "week")),
    )
    return tuple(one for deed, one in offered if staff.may(member, deed))


def _press(visit: Visit, data: str) -> None:
    verb, _, argument = data.removeprefix(PREFIX).partition(":")
    deed, act = _PRESSES.get(verb, (None, None))
    if act is None or deed is None or not staff.may(visit.member, deed):
        visit.tell(Part("editorial.old_press"))
    else:
        act(visit, argument)


def _stop(visit: Visit) -> None:
    expected.let_go(visit.tx, visit.member, visit.now)
    visit.say(Screen((Part("editorial.stopped"),)))


def _text(visit: Visit, plain: str) -> None:
    waited = expected.of(visit.tx, visit.member, visit.now)
    assert waited is not None  # or it would not be ours
    if waited.next is Next.REASON:
        withdrawing.reason(visit, waited.thing, plain)
    elif waited.next is Next.SEARCH:
        withdrawing.search(visit, plain)
    else:
        visit.say(Screen((Part("editorial.publish.document"),)))


def _deed(what: Next) -> Deed:
    return Deed.PUBLISH if what is Next.FILE else Deed.WITHDRAW


def _may_anything(member: Member) -> bool:
    return any(staff.may(member, deed) for deed, _ in _SLASHES.values())


def _waited_for(body: OrganiserBody) -> frozenset[Next]:
    """Return what a message may be an answer to; a command that comes here ends the waiting."""
    if isinstance(body, OrganiserText | OrganiserSlash):
        return frozenset(Next)
    return frozenset({Next.FILE}) if isinstance(body, OrganiserFile) else frozenset()
