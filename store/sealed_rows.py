"""Rows found by a keyed hash, each sealed under a key of its own: found, written, passed on.

What stands in them is not known here. A table of this kind has the columns ``lookup``,
``wrapped_key``, ``body`` and ``epoch``, and others in clear. Hash and row key hang on the key of
the row's epoch, so a row that passes to the next one is found elsewhere afterwards: it is opened,
deleted and written anew. What the hash is of, the id of an account or a code, therefore stands in
the sealed object too, under a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import Table, bindparam, insert, select, update

from store import cipher, lock, sealed
from store.envelope import Renewal
from store.errors import IntegrityError
from store.found import Found
from store.keyring import Epoch
from store.sealed import Sealed
from store.statements import Value, statement
from store.transaction import Tx

K = TypeVar("K", int, str)
T = TypeVar("T")

PAGE: Final = 256
"""Rows read at once when all are looked at: a table of many thousands is never in memory whole."""

_SEALED: Final = ("lookup", "wrapped_key", "body", "epoch")
_NOTHING: Final[Mapping[str, Value]] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands, unopened; ``clear`` are the columns beside the sealed ones."""

    lookup: bytes
    sealed: Sealed
    clear: Mapping[str, Value]


class SealedRows(Generic[K]):
    """One table of such rows, with its statements. Made once, at the top of its module."""

    def __init__(
        self,
        table: Table,
        named: str,
        lookup: Callable[[Epoch, K], bytes],
        step: int = cipher.PADDING_STEP,
    ) -> None:
        """``named`` is under which name the sealed object holds what ``lookup`` hashes.

        ``step`` is that of the padding.
        """
        self._step = step
        self._table = table
        self._named = named
        self._lookup: Callable[[Epoch, K], bytes] = lookup
        self._clear = tuple(name for name in table.columns.keys() if name not in _SEALED)  # noqa: SIM118  # iterating gives columns, not names
        c = table.c
        columns = select(*(c[name] for name in (*_SEALED, *self._clear)))
        self.columns = columns
        """What `row` takes, for a statement that finds rows in another way."""
        self._get = statement(columns.where(c.lookup == bindparam("lookup")))
        self._insert = statement(insert(table))
        self._update = statement(
            update(table).where(c.lookup == bindparam("at")).values(body=bindparam("body"))
        )
        self._delete = statement(sa.delete(table).where(c.lookup == bindparam("lookup")))
        page = (
            columns.where(c.lookup > bindparam("after"))
            .order_by(c.lookup)
            .limit(bindparam("most", type_=sa.Integer))
        )
        self._page = statement(page)
        self._of_old_epochs = statement(page.where(c.epoch != bindparam("current")))
        self._newest_epoch = statement(select(sa.func.max(c.epoch)))

    def find(self, tx: Tx, key: K) -> Row | None:
        """The row of a key, whichever epoch it stands under; None without one."""
        for epoch in tx.keys.epochs():
            lookup = self._lookup(epoch, key)
            lock.rows(tx, self._table, lookup)
            values = tx.execute(self._get, {"lookup": lookup}).fetchone()
            if values is not None:
                return self.row(values)
        return None

    def row(self, values: tuple[Any, ...]) -> Row:
        """The row of these columns: those of every such table first, then those in clear."""
        lookup, wrapped, body, epoch, *clear = values
        return Row(lookup, Sealed(wrapped, body, epoch), dict(zip(self._clear, clear, strict=True)))

    def opened(self, tx: Tx, row: Row) -> dict[str, Any]:
        """The object of a row. Raises `IntegrityError`."""
        return sealed.opened(tx.keys, self._table.name, row.lookup, row.sealed)

    def add(
        self, tx: Tx, content: Mapping[str, Any], clear: Mapping[str, Value] = _NOTHING
    ) -> None:
        """Write a new row under the current epoch; raises as `store.sealed.anew`."""
        epoch = tx.keys.ring.current()
        lookup = self._lookup(epoch, content[self._named])
        values = sealed.anew(epoch, self._table.name, lookup, content, self._step)
        tx.execute(self._insert, {"lookup": lookup, **clear, **values})

    def again(self, tx: Tx, row: Row, content: Mapping[str, Any]) -> None:
        """Seal another object into a row, which keeps its key. Raises as `store.sealed.again`."""
        values = sealed.again(
            tx.keys, self._table.name, row.lookup, row.sealed, content, self._step
        )
        tx.execute(self._update, {"at": row.lookup, "body": values["body"]})

    def remove(self, tx: Tx, row: Row) -> bool:
        """Delete a row with its key, readable or not."""
        return tx.execute(self._delete, {"lookup": row.lookup}).rowcount > 0

    def delete(self, tx: Tx, key: K) -> bool:
        """Delete what stands under a key, with the row's own; False when there was nothing."""
        lookups = [self._lookup(epoch, key) for epoch in tx.keys.epochs()]
        lock.rows(tx, self._table, *lookups)
        return sum(tx.execute(self._delete, {"lookup": each}).rowcount for each in lookups) > 0

    def found(self, tx: Tx, made: Callable[[Row, dict[str, Any]], T]) -> Found[T]:
        """What is made of every row that opens, in an order that means nothing.

        ``made`` gets the row and its object, and may raise `IntegrityError`.
        """
        found: Found[T] = Found()
        for row in self._each(tx):
            try:
                found.append(made(row, self.opened(tx, row)))
            except IntegrityError:
                found.unreadable += 1
        return found

    def expire(self, tx: Tx, now: datetime, *, of_today: bool = True) -> int:
        """Delete rows that cannot be opened and never will (`store.sealed.given_up`); how many.

        Without ``of_today`` rows under the current epoch are left alone, so that nothing is opened
        that rotation opened already: a table of many thousands would keep everybody waiting. One
        of those that is damaged does not pass to the next epoch, and goes then.
        """
        return sum(
            self.remove(tx, row)
            for row in (self._each(tx) if of_today else self._old(tx))
            if sealed.given_up(tx.keys, row.sealed.epoch, now) and not self._opens(tx, row)
        )

    def renew(self, tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
        """Seal rows of older epochs anew under the current one: ``most`` at a time, past ``after``.

        Hash and row key are new afterwards; what stands in clear stays.
        """
        epoch = tx.keys.ring.current()
        old = self._some(tx, after, most, current=epoch.number)
        lock.rows(tx, self._table, *(row.lookup for row in old))
        unreadable = 0
        for row in old:
            try:
                content = self.opened(tx, row)
            except IntegrityError:
                unreadable += 1
                continue
            self.remove(tx, row)
            # One is there already when a lost keyring was put back after it had been written
            # again: what is newer counts.
            lookup = self._lookup(epoch, content[self._named])
            if tx.execute(self._get, {"lookup": lookup}).fetchone() is None:
                self.add(tx, content, row.clear)
        return Renewal(len(old) - unreadable, unreadable, old[-1].lookup if old else None)

    def newest_epoch(self, tx: Tx) -> int:
        """The greatest number of an epoch in any row, readable or not; 0 without rows."""
        return int(tx.execute(self._newest_epoch).fetchone()[0] or 0)

    def _opens(self, tx: Tx, row: Row) -> bool:
        try:
            self.opened(tx, row)
        except IntegrityError:
            return False
        return True

    def _each(self, tx: Tx) -> Iterator[Row]:
        return self._paged(lambda after: self._some(tx, after, PAGE))

    def _old(self, tx: Tx) -> Iterator[Row]:
        # Without any key of the day, before the first start or with a lost keyring, all are old.
        current = next((epoch.number for epoch in tx.keys.ring.epochs()), 0)
        return self._paged(lambda after: self._some(tx, after, PAGE, current=current))

    @staticmethod
    def _paged(page: Callable[[bytes], list[Row]]) -> Iterator[Row]:
        rows = page(b"")
        while rows:
            yield from rows
            rows = page(rows[-1].lookup)

    def _some(self, tx: Tx, after: bytes, most: int, *, current: int | None = None) -> list[Row]:
        asked: dict[str, Value] = {"after": after, "most": most}
        if current is None:
            values = tx.execute(self._page, asked).fetchall()
        else:
            values = tx.execute(self._of_old_epochs, {**asked, "current": current}).fetchall()
        return [self.row(each) for each in values]
