"""Writes down what has happened outside, however long the database is locked or the disk is full.

What was done cannot be done again: a call whose end nobody noted would count as one of which nobody
knows. Any other error is the caller's.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, TypeVar

from bot import logs
from bot.backoff import pause
from store import Database, Tx
from store.errors import StoreBusyError

P = ParamSpec("P")
R = TypeVar("R")

BUSY: Final = (StoreBusyError, sqlite3.OperationalError)
"""What a transaction raises that can be tried again: nothing is wrong with it."""


async def noted(
    db: Database, work: Callable[Concatenate[Tx, P], R], *args: P.args, **more: P.kwargs
) -> R:
    """Run a transaction, again and again until it is committed."""
    failures = 0
    while True:
        try:
            return await db.transaction(work, *args, **more)
        except BUSY as error:
            failures += 1
            logs.trouble("storage_failed", error, tries=failures)
            await asyncio.sleep(pause(failures))
