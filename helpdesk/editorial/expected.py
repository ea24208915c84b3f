"""What a member's next message is to be: words to look for, a reason, a file; for half an hour.

Kept in `store.organiser_state` under her pseudonym: a reason until she presses or turns to other
things, and what waited too long until the next writing, or the hour's `tidying`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from helpdesk.desk.staff import Member
from store import Tx, organiser_state
from store.hours import seconds

VALID: Final = 1800
"""Seconds."""

_KEY: Final = "editorial_next"


class Next(StrEnum):
    """What is waited for."""

    SEARCH = "search"
    REASON = "reason"
    FILE = "file"


class Expected(BaseModel):
    """What is waited for since when; of a reason, for which thing, and what it says so far."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    next: Next
    at: int
    thing: str = ""
    reason: str = ""


def of(tx: Tx, member: Member, now: datetime) -> Expected | None:
    """Return what a member's next message is to be, None for nothing."""
    found = _kept(tx).get(member.name)
    return found if found is not None and _fresh(found, now) else None


def awaits_file(tx: Tx, member: Member) -> bool:
    """Say whether a member was to send a file, however long ago that was."""
    found = _kept(tx).get(member.name)
    return found is not None and found.next is Next.FILE


def put(
    tx: Tx, member: Member, now: datetime, what: Next, *, thing: str = "", reason: str = ""
) -> None:
    """Wait for something of a member; what was waited for before is waited for no more."""
    _write(tx, now, member, Expected(next=what, at=seconds(now), thing=thing, reason=reason))


def let_go(tx: Tx, member: Member, now: datetime) -> None:
    """Wait for nothing of a member."""
    if member.name in _kept(tx):
        _write(tx, now, member, None)


def tidy(tx: Tx, now: datetime) -> int:
    """Forget what waited too long; how many."""
    every = _kept(tx)
    fresh = {name: one for name, one in every.items() if _fresh(one, now)}
    if len(fresh) < len(every):
        _put(tx, fresh)
    return len(every) - len(fresh)


def _write(tx: Tx, now: datetime, member: Member, what: Expected | None) -> None:
    left = {name: one for name, one in _kept(tx).items() if _fresh(one, now)}
    left.pop(member.name, None)
    if what is not None:
        left[member.name] = what
    _put(tx, left)


def _put(tx: Tx, left: dict[str, Expected]) -> None:
    written = {name: one.model_dump(mode="json") for name, one in left.items()}
    organiser_state.put(tx, organiser_state.get(tx) | {_KEY: written})


def _fresh(found: Expected, now: datetime) -> bool:
    return 0 <= seconds(now) - found.at < VALID


def _kept(tx: Tx) -> dict[str, Expected]:
    stored: dict[str, Any] = organiser_state.get(tx).get(_KEY, {})
    kept = {}
    for name, body in stored.items():
        try:
            kept[name] = Expected.model_validate(body)
        except ValidationError:
            continue
    return kept
