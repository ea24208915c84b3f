"""How somebody is told that she may not: an alert at every press, a line once in an hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from helpdesk.desk import notices
from helpdesk.desk.casebook import Entry
from helpdesk.desk.messages import Actor, DeskCommand, DeskPress, DeskReply, Where
from helpdesk.desk.staff import Member
from helpdesk.messages import Part
from store import Tx, desk_state
from store.hours import seconds

AGAIN: Final = 3600
"""Seconds in which somebody without a role is told once: a line costs one of the group's twenty."""
MOST: Final = 100
"""People remembered; beyond, nobody more is told in words."""
_TOLD: Final = "refused"
_NOBODY: Final = "-"


def refuse(
    tx: Tx, command: DeskCommand, entry: Entry | None, actor: Actor | None, part: Part
) -> DeskReply:
    """Tell somebody who is not of the team; in private nothing is said of it."""
    if isinstance(command.body, DeskPress):
        return DeskReply(alert=part, loud=True)
    whom = _NOBODY if actor is None else str(actor.user)
    if command.where is not Where.PRIVATE and _first_in_an_hour(tx, whom, command.at):
        _say(tx, command, entry, part)
    return DeskReply()


def tell(
    tx: Tx, command: DeskCommand, entry: Entry | None, member: Member, part: Part
) -> DeskReply:
    """Tell a member of the team who may not do it now."""
    if isinstance(command.body, DeskPress):
        return DeskReply(alert=part, loud=True, language=member.language)
    if command.where is Where.PRIVATE:
        notices.to_person(tx, member, command.at, (part,))
    else:
        _say(tx, command, entry, part)
    return DeskReply()


def _say(tx: Tx, command: DeskCommand, entry: Entry | None, part: Part) -> None:
    if entry is not None:
        notices.in_topic(tx, entry, command.at, (part,), answers=command.message_id)
    elif command.where is Where.GENERAL:
        notices.in_general(tx, command.at, (part,), answers=command.message_id)


def _first_in_an_hour(tx: Tx, whom: str, now: datetime) -> bool:
    state = desk_state.get(tx)
    told: dict[str, Any] = state.get(_TOLD, {})
    fresh = {who: at for who, at in told.items() if 0 <= seconds(now) - at < AGAIN}
    if whom in fresh or len(fresh) >= MOST:
        return False
    desk_state.put(tx, state | {_TOLD: fresh | {whom: seconds(now)}})
    return True
