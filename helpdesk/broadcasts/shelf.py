"""Broadcasts as they are found and written; what is done with one is decided elsewhere.

One that cannot be read, damaged or of another form, is not there: nobody could approve or send it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from helpdesk.broadcasts.broadcast import LIVE, Broadcast
from store import Tx, broadcasts, organiser_state
from store.broadcasts import StoredBroadcast
from store.errors import IntegrityError
from store.hours import moment

KEPT: Final = broadcasts.KEPT
"""So long after its end a broadcast can be corrected, and is kept; then Telegram lets no message
be deleted any more, and nothing of it is left."""

_LAST: Final = "last_number"
"""Where `store.organiser_state` keeps the highest number that was ever given."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A broadcast and the id of its row."""

    id: bytes
    broadcast: Broadcast


def add(tx: Tx, broadcast: Broadcast, now: datetime) -> Entry:
    """Write a new broadcast under the next number, whatever number it has."""
    state = organiser_state.get(tx)
    highest = max((entry.broadcast.number for entry in every(tx)), default=0)
    number = max(int(state.get(_LAST, 0)), highest) + 1
    organiser_state.put(tx, state | {_LAST: number})
    numbered = broadcast.but(number=number)
    return Entry(broadcasts.add(tx, _body(numbered), now), numbered)


def get(tx: Tx, id: bytes) -> Entry | None:
    """Return the broadcast of a row."""
    try:
        return _read(broadcasts.get(tx, id))
    except IntegrityError:
        return None


def put(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """Write a broadcast as it is now; once it has ended it is kept for `KEPT`."""
    ended = entry.broadcast.ended_at
    purge_at = None if ended is None else moment(ended) + KEPT
    broadcasts.put(tx, entry.id, _body(entry.broadcast), now, purge_at)
    return entry


def change(tx: Tx, entry: Entry, now: datetime, **changes: object) -> Entry:
    """Write a broadcast with some fields changed."""
    return put(tx, Entry(entry.id, entry.broadcast.but(**changes)), now)


def delete(tx: Tx, entry: Entry) -> None:
    """Delete a broadcast, and the list of who got it."""
    broadcasts.delete(tx, entry.id)


def every(tx: Tx) -> list[Entry]:
    """Return every broadcast that is kept, the newest first."""
    found = _every(broadcasts.every(tx))
    return sorted(found, key=lambda entry: entry.broadcast.number, reverse=True)


def live(tx: Tx) -> list[Entry]:
    """Return those that are being sent or are paused, the oldest first."""
    return [entry for entry in reversed(every(tx)) if entry.broadcast.stage in LIVE]


def _body(broadcast: Broadcast) -> dict[str, object]:
    return broadcast.model_dump(mode="json", exclude_defaults=True)


def _every(found: Iterable[StoredBroadcast]) -> list[Entry]:
    entries = (_read(stored) for stored in found)
    return [entry for entry in entries if entry is not None]


def _read(stored: StoredBroadcast | None) -> Entry | None:
    if stored is None:
        return None
    try:
        return Entry(stored.id, Broadcast.model_validate(stored.body))
    except ValidationError:
        return None
