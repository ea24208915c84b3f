"""Whether families were told this before; of what was sent only a keyed hash is kept, 30 days.

Texts are compared as folded words: another comma is no other text.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from rapidfuzz import fuzz

from helpdesk import subscriptions
from helpdesk.audience import Segment
from helpdesk.broadcasts import shelf
from helpdesk.broadcasts.broadcast import LIVE, Kind
from helpdesk.broadcasts.shelf import Entry
from helpdesk.folding import words
from store import Tx, ledger, organiser_state
from store.hours import seconds
from store.ledger import Mark

REMEMBERED: Final = timedelta(days=30)
NEVER_AGAIN: Final = timedelta(hours=48)
"""So long the same text never goes to a family that was to get it before."""
ALIKE: Final = 90
"""From this likeness on (`rapidfuzz.fuzz.ratio`, of 100) a text needs a word of the author's."""

_SENT: Final = "sent"
"""Where `store.organiser_state` keeps what was sent: number, time, hash and segment."""
_PURPOSE: Final = "fingerprint:broadcast"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A broadcast that said the same, or nearly. ``refused``: it cannot be said again now."""

    number: int
    at: int
    same: bool
    refused: bool


def remember(tx: Tx, entry: Entry, now: datetime) -> None:
    """Note that a broadcast is being sent, and forget those of long ago."""
    broadcast = entry.broadcast
    sent = {
        "id": entry.id.hex(),
        "number": broadcast.number,
        "at": seconds(now),
        "print": _fingerprint(tx, broadcast.plain),
        "segment": broadcast.segment.model_dump(mode="json"),
    }
    state = organiser_state.get(tx)
    organiser_state.put(tx, state | {_SENT: [*_remembered(tx, now), sent]})


def tidy(tx: Tx, now: datetime) -> int:
    """Forget what was sent long ago; how many."""
    state = organiser_state.get(tx)
    fresh = _remembered(tx, now)
    gone = len(state.get(_SENT, [])) - len(fresh)
    if gone:
        organiser_state.put(tx, state | {_SENT: fresh})
    return gone


def earlier(tx: Tx, entry: Entry, now: datetime) -> Earlier | None:
    """Return the gravest case of an earlier broadcast that said the same, or nearly."""
    broadcast = entry.broadcast
    if broadcast.kind is not Kind.SEND or not broadcast.plain:
        return None
    found = [*_same(tx, entry, now), *_alike(tx, entry)]
    return max(found, key=lambda one: (one.refused, one.same, one.at), default=None)


def _same(tx: Tx, entry: Entry, now: datetime) -> list[Earlier]:
    fingerprint = _fingerprint(tx, entry.broadcast.plain)
    found = []
    for one in _remembered(tx, now):
        if one["print"] != fingerprint or one["id"] == entry.id.hex():
            continue
        if not _reaches_anybody(tx, bytes.fromhex(one["id"])):
            continue
        recent = one["at"] > seconds(now - NEVER_AGAIN)
        segment = Segment.model_validate(one["segment"])
        twice = recent and _overlap(tx, segment, entry.broadcast.segment, now)
        found.append(Earlier(one["number"], one["at"], same=True, refused=twice))
    return found


def _alike(tx: Tx, entry: Entry) -> list[Earlier]:
    text = " ".join(words(entry.broadcast.plain))
    found = []
    for other in shelf.every(tx):
        sent = other.broadcast
        if other.id == entry.id or sent.kind is not Kind.SEND or sent.approved_at is None:
            continue
        likeness = fuzz.ratio(text, " ".join(words(sent.plain)), score_cutoff=ALIKE)
        if likeness and _reaches_anybody(tx, other.id):
            found.append(Earlier(sent.number, sent.approved_at, same=False, refused=False))
    return found


def _reaches_anybody(tx: Tx, id: bytes) -> bool:
    """Say whether a family got it, may have, or will: one that reached nobody was told to nobody.

    Of one that is no longer kept nobody knows.
    """
    kept = shelf.get(tx, id)
    if kept is None:
        return True
    tally = ledger.tally(tx, id)
    reached = sum(tally.get(mark, 0) for mark in (Mark.SENT, Mark.CLAIMED, Mark.UNKNOWN))
    if kept.broadcast.stage in LIVE:
        reached += tally.get(Mark.PENDING, 0) + tally.get(Mark.DEFERRED, 0)
    return reached > 0


def _overlap(tx: Tx, one: Segment, other: Segment, now: datetime) -> bool:
    """Say whether a family is in both: who asked for two states is in the segment of each."""
    return not set(subscriptions.members(tx, one, now)).isdisjoint(
        subscriptions.members(tx, other, now)
    )


def _remembered(tx: Tx, now: datetime) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = organiser_state.get(tx).get(_SENT, [])
    return [one for one in kept if one["at"] > seconds(now - REMEMBERED)]


def _fingerprint(tx: Tx, text: str) -> str:
    key = tx.keys.subkey(_PURPOSE)
    return hmac.digest(key, " ".join(words(text)).encode("utf-8"), "sha256").hex()
