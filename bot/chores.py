"""What Faro does by itself beside answering: erasing, forgetting, keys, counters, scrubbing.

Each is the work of a `bot.jobs.Job`: idempotent, and True when it need not be run again soon.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot import logs
from bot.clock import Clock
from helpdesk.counting import Tally
from helpdesk.editorial import tidying
from store import Database, counters, erasures, retention, rotate

HOUR = 3600.0

Chore = Callable[[], Awaitable[bool]]


def erase(db: Database, carry_out: Callable[[int], None]) -> Chore:
    """Take up erase jobs that a crash or an unreachable Telegram left."""

    async def run() -> bool:
        for job in await db.transaction(erasures.pending):
            carry_out(job.chat)
        return True

    return run


def sweep(db: Database, clock: Clock) -> Chore:
    """Forget what has been kept for long enough."""

    async def run() -> bool:
        await db.transaction(retention.sweep, clock())
        await db.transaction(tidying.tidy, clock())
        return True

    return run


def renew_keys(db: Database, clock: Clock) -> Chore:
    """Make today's key, and destroy yesterday's."""

    async def run() -> bool:
        await rotate_keys(db, clock())
        return True

    return run


def scrub(db: Database) -> Chore:
    """Take what was erased out of the file."""

    async def run() -> bool:
        await db.checkpointer.run()  # never ends by itself
        return False

    return run


def count(db: Database, tally: Tally, clock: Clock) -> Chore:
    """Write down what was counted."""

    async def run() -> bool:
        await write_counts(db, tally, clock())
        return True

    return run


async def write_counts(db: Database, tally: Tally, now: datetime) -> None:
    """Add what was counted to this week, also when that is nothing: a write then tells nothing."""
    counts = tally.take()
    try:
        await db.transaction(counters.add, counters.week_of(now), counts)
    except Exception:  # a cancelled transaction commits all the same
        tally.put_back(counts)
        raise


async def rotate_keys(db: Database, now: datetime) -> None:
    """See to it that today's key is the only one; say how many rows nobody can open any more."""
    done = await rotate(db, now)
    if done.destroyed:
        logs.note("key_destroyed", count=done.destroyed)
    if done.made and done.unreadable:
        logs.note("unreadable", logging.WARNING, count=done.unreadable)
