"""The open database: transactions, scrubbing, closing; no table is known here.

One connection writes, on a thread of its own. Everything of the project that reads or writes goes
through `Database.transaction`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from store import key_check, migrations, transaction
from store.checkpointer import Checkpointer
from store.connection import BUSY_TIMEOUT_MS, Writer
from store.errors import DatabaseURLError, KeyringPlaceError
from store.keyring import FileKeyring, Keyring
from store.keys import Keys
from store.statements import compile_for_sqlite
from store.transaction import Tx

P = ParamSpec("P")
R = TypeVar("R")

CHECKPOINT_TRIES: Final = 3
CHECKPOINT_BUSY_MS: Final = 200
"""How long one try may wait for a reader: all that time no transaction can run."""

_SCHEMES: Final = ("sqlite", "sqlite+aiosqlite")


def database_path(url: str) -> Path:
    """The file that a database URL names.

    ``sqlite+aiosqlite:///PATH`` and ``sqlite:///PATH``, relative, or absolute with four slashes.
    Raises `DatabaseURLError`, which never repeats the URL: it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseURLError(
            "the database URL cannot be read: write sqlite+aiosqlite:///PATH"
        ) from None
    if parsed.drivername not in _SCHEMES:
        raise DatabaseURLError(
            f"a database of the kind {parsed.drivername} is not supported: "
            f"write sqlite+aiosqlite:///PATH"
        )
    if parsed.host or parsed.username or parsed.query:
        raise DatabaseURLError("a SQLite URL has three slashes before its path, and nothing after")
    if not parsed.database or parsed.database == ":memory:" or parsed.database.endswith("/"):
        raise DatabaseURLError("the database URL names no file: write sqlite+aiosqlite:///PATH")
    return Path(parsed.database)


async def open_database(url: str, keys: Keys) -> Database:
    """Open the database at a URL, bring its tables up to date, and check the key.

    The keyring is read anew, and made by nobody: `store.rotation.rotate` does that, before the
    first row is written. Raises `DatabaseURLError`, `SchemaError`, `WrongKeyError`, and
    `KeyringPlaceError` for a keyring inside the database's folder. Whatever was erased just before
    a crash may still stand in the file: a scrub is requested from the start.
    """
    path = database_path(url)
    _refuse_together(path, keys.ring)
    await asyncio.to_thread(keys.ring.refresh)
    # On a thread: a first start creates the tables, and another program may hold the lock.
    await asyncio.to_thread(migrations.upgrade, path)
    writer = Writer(path)
    await writer
    database = Database(path, writer, keys)
    try:
        await database.transaction(key_check.check)
    except BaseException:
        await database.close()
        raise
    return database


def _refuse_together(path: Path, ring: Keyring) -> None:
    """Refuse a keyring that whoever copies the database's folder would have, too."""
    if not isinstance(ring, FileKeyring):
        return
    keyring, data = ring.folder.resolve(), path.absolute().parent.resolve()
    if keyring.is_relative_to(data) or data.is_relative_to(keyring):
        raise KeyringPlaceError(
            f"the keyring {ring.folder} is inside the database's folder: whoever copies that "
            f"folder would have the keys too. Move the key file and its keyring elsewhere"
        )


class Database:
    """One SQLite file, opened by `open_database`. Use it as ``async with`` or call `close`."""

    def __init__(self, path: Path, writer: Writer, keys: Keys) -> None:
        """Made by `open_database` only."""
        self.path = path
        self.keys = keys
        self.checkpointer = Checkpointer(self.checkpoint)
        self._writer = writer
        self._statements = compile_for_sqlite()
        self.checkpointer.request()

    async def transaction(
        self, function: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run ``function(tx, …)`` whole, as one transaction, on the connection's thread.

        It commits when the function returns and rolls back when it raises. It may be run twice,
        so it must have no effect outside the database. A task cancelled in here still waits for
        the end of the transaction, which may have committed. When something was erased, a scrub
        is requested. Raises `StoreBusyError`, `StoreClosedError`, and what the function raises.
        """

        over: Tx | None = None

        def work(connection: sqlite3.Connection) -> R:
            nonlocal over
            result, over = transaction.run(
                connection, self._statements, self.keys, function, *args, **kwargs
            )
            return result

        try:
            return await self._writer.hop(work)
        finally:
            # Also when the caller was cancelled: the transaction may have committed all the same.
            if over is not None and over.erased:
                self.checkpointer.request(patient=over.patient)

    async def checkpoint(self, *, rebuild: bool = True) -> bool:
        """Take what was erased out of every file; False when a reader is in the way.

        Rebuilds the file (``VACUUM``), then empties the write-ahead log into it and truncates it.
        The rebuild is needed although ``secure_delete`` is on: when SQLite rebalances a tree it
        moves rows between pages without wiping where they stood, and such a copy outlives the
        row. ``rebuild=False`` only empties the log.
        """
        for _ in range(CHECKPOINT_TRIES):
            if await self._writer.hop(_rebuild_and_truncate if rebuild else _truncate):
                return True
            # A reader that is just finishing; the writer serves others meanwhile.
            await asyncio.sleep(CHECKPOINT_BUSY_MS / 1000)
        return False

    def request_checkpoint(self) -> None:
        """Ask for a `checkpoint` soon; answered while ``checkpointer.run()`` runs as a job.

        A transaction that erased something has already asked.
        """
        self.checkpointer.request()

    async def close(self) -> None:
        """Finish what is under way and close the file; calling it again does nothing."""
        await self._writer.close()

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


def _rebuild_and_truncate(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if not transaction.busy(error):
            # A full disk has no room for the rebuild: empty the log at least, and complain.
            _truncate(connection)
            raise
        return False
    return _truncate(connection)


def _truncate(connection: sqlite3.Connection) -> bool:
    connection.execute(f"PRAGMA busy_timeout={CHECKPOINT_BUSY_MS}")
    try:
        # Busy is an answer here, (1, …), not an error.
        answer = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return tuple(answer) == (0, 0, 0)
