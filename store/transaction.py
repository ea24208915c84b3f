"""One transaction: what a function is handed, and how it is run whole; no thread is chosen here.

`run` is called on the connection's own thread. It begins, calls, commits or rolls back, all in one
hop: between two statements there is no await at which a cancelled task could leave it open.
"""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from store.errors import StoreBusyError, StoreClosedError
from store.keys import Keys
from store.statements import Compiled, Statement, Value

P = ParamSpec("P")
R = TypeVar("R")

TRIES: Final = 4
"""How often a transaction that found the database busy is run; each waits for `busy_timeout`."""

_NOTHING: Final[Mapping[str, Value]] = {}


class Result:
    """What a statement answered, read to its end: it holds nothing of the database open."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        """``rowcount`` is how many rows an update or a delete changed."""
        self._rows = rows
        self.rowcount = rowcount

    def fetchone(self) -> Any:
        """The next row as a tuple, or None."""
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[Any]:
        """The remaining rows, each a tuple."""
        rows, self._rows = self._rows, []
        return rows


class Tx:
    """The handle of a running transaction: synchronous, and dead when the transaction ends.

    ``tx.keys`` are the keys of this installation. A function that holds a `Tx` must have no effect
    outside the database: it may be run again from its beginning.
    """

    __slots__ = ("_connection", "_statements", "erased", "keys", "patient")

    def __init__(
        self,
        connection: sqlite3.Connection,
        statements: Mapping[Statement, Compiled],
        keys: Keys,
    ) -> None:
        """Made by `run` only."""
        self._connection: sqlite3.Connection | None = connection
        self._statements = statements
        self.keys = keys
        self.erased = False
        """Whether something was erased, so that the file must be scrubbed after the commit."""
        self.patient = False
        """Whether that scrub may wait for another: nobody was promised that it comes soon."""

    def execute(self, statement: Statement, params: Mapping[str, Value] = _NOTHING) -> Result:
        """Execute a statement made by `store.statements.statement`, with its parameters by name.

        Raises `StoreClosedError` after the transaction's end.
        """
        if self._connection is None:
            raise StoreClosedError("the transaction is over: nothing can be executed in it")
        compiled = self._statements[statement]
        cursor = self._connection.execute(compiled.text, {**compiled.constants, **params})
        result = Result(cursor.fetchall(), cursor.rowcount)
        if compiled.deletes and result.rowcount > 0:
            self.erased = True
        return result

    def execute_many(self, statement: Statement, params: Iterable[Mapping[str, Value]]) -> None:
        """Execute a statement once for each of these parameters; see `execute`.

        For thousands of rows: 20,000 take a twentieth of a second.
        """
        if self._connection is None:
            raise StoreClosedError("the transaction is over: nothing can be executed in it")
        compiled = self._statements[statement]
        constants = compiled.constants
        each = ({**constants, **some} for some in params) if constants else params
        cursor = self._connection.executemany(compiled.text, each)
        if compiled.deletes and cursor.rowcount > 0:
            self.erased = True

    def _end(self) -> None:
        self._connection = None


def run(
    connection: sqlite3.Connection,
    statements: Mapping[Statement, Compiled],
    keys: Keys,
    function: Callable[Concatenate[Tx, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[R, Tx]:
    """Run a function as one transaction; answers its result, and the transaction, which is over.

    The connection must be in autocommit mode. When the database is busy the whole function is run
    again, `TRIES` times at most; then `StoreBusyError`. Any exception rolls everything back.
    """
    for _ in range(TRIES):
        tx = Tx(connection, statements, keys)
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = function(tx, *args, **kwargs)
            if inspect.isawaitable(result):
                if inspect.iscoroutine(result):
                    result.close()
                raise TypeError("a transaction is a plain function: it must not be async")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            _roll_back(connection)
            if not busy(error):
                raise
        except BaseException:
            _roll_back(connection)
            raise
        else:
            return result, tx
        finally:
            tx._end()
    raise StoreBusyError(f"another program held the database through {TRIES} tries")


def _roll_back(connection: sqlite3.Connection) -> None:
    # SQLite ends the transaction by itself on some errors (a full disk): then there is none to
    # roll back, and the error that counts is the first one.
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def busy(error: sqlite3.OperationalError) -> bool:
    """Whether SQLite refused because another connection holds a lock."""
    code = getattr(error, "sqlite_errorcode", 0)
    return (code & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
