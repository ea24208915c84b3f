"""How a connection to the SQLite file is opened, and the thread that owns the writer.

Every connection of the project to the file is made by `connect`: a connection without
``secure_delete`` would leave what it deletes in the file.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import aiosqlite

from store.errors import StoreClosedError

T = TypeVar("T")

BUSY_TIMEOUT_MS: Final = 2_000

PRAGMAS: Final[dict[str, str]] = {
    "busy_timeout": str(BUSY_TIMEOUT_MS),
    # ON, not FAST: FAST leaves freed pages as they were.
    "secure_delete": "ON",
    "journal_mode": "WAL",
    # NORMAL may lose the last commits when the power goes; FULL costs 0.2 ms.
    "synchronous": "FULL",
    "foreign_keys": "ON",
    # Sorting, and the copy that VACUUM makes, never touch a temporary file.
    "temp_store": "MEMORY",
}
"""Set on every connection, in this order."""

_SIDE_FILES: Final = ("-wal", "-shm", "-journal")


def connect(path: Path) -> sqlite3.Connection:
    """Open the file with every pragma set, in autocommit mode, readable by its owner only.

    Creates the file (0600) and its folder (0700) when they do not exist. The side files of SQLite
    take their mode from the file.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    for name in (path.name, *(path.name + end for end in _SIDE_FILES)):
        file = path.with_name(name)
        if file.exists():
            file.chmod(0o600)
    # The writer is opened and used on one thread, but closed from whichever thread is left.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for pragma, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {pragma}={value}")
    except BaseException:
        connection.close()
        raise
    return connection


class Writer(aiosqlite.Connection):
    """The one writing connection, and the thread that owns it."""

    def __init__(self, path: Path) -> None:
        """Prepare; the file is opened when the writer is awaited."""
        super().__init__(lambda: connect(path), iter_chunk_size=64)
        # A program that dies without closing must not hang on this thread. Losing it in the
        # middle of a transaction is what kill -9 does, and that is safe.
        self._thread.daemon = True
        self._closing = False

    async def close(self) -> None:
        """Finish what was asked before, close the file and end the thread; again does nothing."""
        self._closing = True
        await super().close()

    async def hop(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function whole on the connection's thread; a cancelled caller waits for its end.

        The function always runs to its end once `hop` has begun. A cancellation is passed on
        after that, so nothing of it is still running when the caller goes on.
        """
        if self._closing:
            raise StoreClosedError("the database is closed")
        task = asyncio.ensure_future(self._quietly(work))
        cancelled: asyncio.CancelledError | None = None
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            task.exception()  # marks it as seen: the caller asked not to hear of it
            raise cancelled
        return task.result()

    async def _quietly(self, work: Callable[[sqlite3.Connection], T]) -> T:
        # aiosqlite writes every call with its arguments, and every exception with its text, to
        # its log at DEBUG. It is handed a function without arguments that never raises.
        outcome: list[T] = []
        failure: list[BaseException] = []

        def quiet() -> None:
            try:
                outcome.append(work(self._conn))
            except BaseException as error:  # handed over whole: this is a thread's boundary
                failure.append(error)

        execute: Callable[..., Any] = self._execute
        await execute(quiet)
        if failure:
            raise failure[0]
        return outcome[0]
