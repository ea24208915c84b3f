"""From one key of the day to the next: make it, seal live rows anew, destroy the old; a daily job.

The order is what makes it safe to stop anywhere. The new key is on the disk before a row stands
under it; a row's change of key is one commit, on the disk before the next step; and the old keys
are destroyed last. Whatever an interruption leaves, the next run finishes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from store.database import Database
from store.retention import TABLES
from store.transaction import Tx

BATCH: Final = 32
"""Rows sealed anew in one transaction: families wait a few milliseconds for it, not more."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What one run did.

    ``made``: a new key. ``renewed``: rows that passed to it. ``unreadable``: rows that cannot be
    opened, because they are damaged or the key of their epoch is gone; retention drops them, and
    their families begin anew. ``destroyed``: old keys that are gone since this run.
    """

    made: bool
    renewed: int
    unreadable: int
    destroyed: int


async def rotate(db: Database, now: datetime) -> Rotation:
    """Make today's key if there is none, pass every readable row to it, destroy older keys.

    Idempotent: run it at every start, before anything is written, and at least every hour. Raises
    `KeyringError` when the keyring cannot be written; what was done by then stays done.
    """
    ring = db.keys.ring
    made = await asyncio.to_thread(ring.due, now)
    if made:
        # Above every number in the tables: when the keyring was lost, no new key takes the number
        # under which rows of a lost one stand.
        above = await db.transaction(_newest_epoch)
        await asyncio.to_thread(ring.create, now, above)
    current = ring.current().number
    renewed = unreadable = 0
    for table in TABLES.values():
        if table.renewal is None:
            continue
        after: bytes | None = b""
        while after is not None:
            done = await db.transaction(table.renewal.renew, now, after, BATCH)
            renewed += done.renewed
            unreadable += done.unreadable
            after = done.last
    destroyed = await asyncio.to_thread(ring.destroy_before, current)
    return Rotation(made, renewed, unreadable, destroyed)


def _newest_epoch(tx: Tx) -> int:
    return max(
        table.renewal.newest_epoch(tx) for table in TABLES.values() if table.renewal is not None
    )
