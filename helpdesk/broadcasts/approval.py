"""The second pair of eyes: what is asked of it, what its yes covers, and when it counts no more.

What is approved is a letter as it was shown, for a segment as it was named. Any edit takes the
question back; whoever wrote it cannot answer it; and after an hour it has to be asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.broadcasts import amending, duplicates, letters, sending, shelf
from helpdesk.broadcasts.broadcast import Kind, Stage
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.readiness import Review, review
from helpdesk.broadcasts.shelf import Entry
from helpdesk.desk import staff
from helpdesk.desk.staff import Deed, Member
from store import Tx
from store.hours import moment, seconds

VALID: Final = timedelta(hours=1)
SHOWN: Final = 32
"""Hex digits of the seal that a button carries."""


class Refusal(StrEnum):
    """Why a question was not asked, or a yes does not count; words at ``broadcast.refused.…``."""

    ROLE = "role"
    OWN = "own"
    """Whoever wrote it."""
    NOBODY = "nobody"
    """There is no second organiser."""
    NOT_READY = "not_ready"
    """Something is missing or wrong in it."""
    GONE = "gone"
    NOT_ASKED = "not_asked"
    """It was taken back, or never asked."""
    ALREADY = "already"
    """Somebody was quicker."""
    CHANGED = "changed"
    """What stood above the button is not what is asked for now."""
    EXPIRED = "expired"
    AUTHOR_GONE = "author_gone"
    """Whoever wrote it may not write any more."""
    SMALL = "small"
    SAME = "same"
    """Families were told this before."""
    TOO_LATE = "too_late"
    """No message is left that it could correct."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. ``entry`` is the broadcast as it is now, None when there is none.

    ``voided`` says that a question that was open is not any more: its author has to be told.
    ``found`` is what was looked at, where it was.
    """

    entry: Entry | None
    refused: Refusal | None = None
    voided: bool = False
    found: Review | None = None


def may_answer(tx: Tx, entry: Entry) -> tuple[Member, ...]:
    """Return who may approve a broadcast: every organiser but its author."""
    found = staff.permitted(tx, Deed.BROADCAST)
    return tuple(one for one in found if one.name != entry.broadcast.author)


def until(entry: Entry) -> datetime | None:
    """Return until when the question is open, None when it is not asked."""
    asked_at = entry.broadcast.asked_at
    return None if asked_at is None else moment(asked_at) + VALID


def ask(tx: Tx, entry: Entry, member: Member, now: datetime, studio: Studio) -> Outcome:
    """Put a broadcast before the others, as the letter and the segment that it has now."""
    broadcast = entry.broadcast
    if not staff.may(member, Deed.BROADCAST) or broadcast.author != member.name:
        return Outcome(entry, Refusal.ROLE)
    if broadcast.stage is not Stage.WRITING:
        return Outcome(entry, Refusal.ALREADY)
    found = review(tx, entry, now, studio)
    refused = _wrong(found)
    if refused is None and not may_answer(tx, entry):
        refused = Refusal.NOBODY
    if refused is not None:
        return Outcome(entry, refused)
    letter = letters.letter(broadcast, studio)
    asked = shelf.change(
        tx,
        entry,
        now,
        stage=Stage.ASKED,
        asked_at=seconds(now),
        letter=letter,
        seal=broadcast.seal_of(letter),
    )
    return Outcome(asked, found=found)


def void(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """Take an open question back; the broadcast is being written again."""
    if entry.broadcast.stage is not Stage.ASKED:
        return entry
    return shelf.change(tx, entry, now, stage=Stage.WRITING, asked_at=None, letter=None, seal="")


def lapsed(entry: Entry, now: datetime) -> bool:
    """Say whether a question has been open for too long."""
    asked_at = entry.broadcast.asked_at
    if entry.broadcast.stage is not Stage.ASKED or asked_at is None:
        return False
    # A clock that was set back does not make the hour longer.
    return abs(seconds(now) - asked_at) >= VALID.total_seconds()


def fresh(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """Return it as it counts now: a question that has been open for too long is taken back."""
    return void(tx, entry, now) if lapsed(entry, now) else entry


def approve(
    tx: Tx, member: Member, id: bytes, shown: str, now: datetime, studio: Studio
) -> Outcome:
    """Approve what was shown, and begin to send it: the recipients are fixed here, once.

    ``shown`` is the beginning of the seal that stood under it, as the button carried it. All is
    one transaction: of two who press at the same moment one is told that the other was quicker.
    """
    entry = shelf.get(tx, id)
    if entry is None:
        return Outcome(None, Refusal.GONE)
    refused = _not_hers(entry, member) or _closed(entry, shown)
    if refused is not None:
        return Outcome(entry, refused)
    found = review(tx, entry, now, studio)
    refused = _void_for(tx, entry, now) or _wrong(found)
    if refused is not None:
        return Outcome(void(tx, entry, now), refused, voided=True)
    return Outcome(_begin(tx, entry, found, member, now))


def decline(tx: Tx, member: Member, id: bytes, shown: str, now: datetime) -> Outcome:
    """Say no: the author has it back as a draft."""
    entry = shelf.get(tx, id)
    if entry is None:
        return Outcome(None, Refusal.GONE)
    refused = _not_hers(entry, member) or _closed(entry, shown)
    if refused is not None:
        return Outcome(entry, refused)
    return Outcome(void(tx, entry, now), voided=True)


def _not_hers(entry: Entry, member: Member) -> Refusal | None:
    if not staff.may(member, Deed.BROADCAST):
        return Refusal.ROLE
    return Refusal.OWN if entry.broadcast.author == member.name else None


def _closed(entry: Entry, shown: str) -> Refusal | None:
    """Say why a button under what was shown is of no use."""
    broadcast = entry.broadcast
    if broadcast.approved_at is not None:
        return Refusal.ALREADY
    if broadcast.stage is not Stage.ASKED or broadcast.letter is None:
        return Refusal.NOT_ASKED
    if len(shown) != SHOWN or not broadcast.seal.startswith(shown) or not sending.sound(broadcast):
        return Refusal.CHANGED
    return None


def _void_for(tx: Tx, entry: Entry, now: datetime) -> Refusal | None:
    """Say why a question that is open, and was answered, is closed instead."""
    if lapsed(entry, now):
        return Refusal.EXPIRED
    author = staff.named(tx, entry.broadcast.author)
    if not staff.may(author, Deed.BROADCAST):
        return Refusal.AUTHOR_GONE
    return None


def _wrong(found: Review) -> Refusal | None:
    """Say what keeps a broadcast from being sent as it is."""
    if found.ready:
        return None
    if found.never is not None:
        return Refusal.TOO_LATE
    if found.faults or found.missing is not None:
        return Refusal.NOT_READY
    return Refusal.SMALL if found.too_small else Refusal.SAME


def _begin(tx: Tx, entry: Entry, found: Review, member: Member, now: datetime) -> Entry:
    if entry.broadcast.kind is not Kind.SEND:
        return amending.start(tx, entry, member.name, now)
    begun = sending.start(tx, entry, found.recipients, member.name, now)
    duplicates.remember(tx, begun, now)
    return begun
