"""A table of one sealed row, a JSON object: read and written whole; what is in it is not known."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Table, bindparam, insert, select, update

from store import lock, sealed
from store.envelope import Renewal
from store.errors import IntegrityError
from store.sealed import Sealed
from store.statements import statement
from store.transaction import Tx

_ONLY: Final = 1
_ROW: Final = b"\x01"


class SingleRow:
    """One such table, with its statements. Made once, at the top of its module."""

    def __init__(self, table: Table) -> None:
        """``table`` has the columns ``id``, ``wrapped_key``, ``body`` and ``epoch``."""
        self._table = table
        c = table.c
        self._get = statement(select(c.wrapped_key, c.body, c.epoch).where(c.id == bindparam("id")))
        self._insert = statement(insert(table))
        self._update = statement(
            update(table)
            .where(c.id == bindparam("at"))
            .values(
                wrapped_key=bindparam("wrapped_key"),
                body=bindparam("body"),
                epoch=bindparam("epoch"),
            )
        )
        self._newest_epoch = statement(select(sa.func.max(c.epoch)))

    def get(self, tx: Tx) -> dict[str, Any]:
        """The object; empty when there is none or it does not open.

        Damaged, or its key gone: it begins anew. Whoever could alter the row could delete it.
        """
        stored = self._find(tx)
        return (None if stored is None else self._open(tx, stored)) or {}

    def put(self, tx: Tx, state: dict[str, Any]) -> None:
        """Write the object, whole. Raises `TypeError` or `ValueError` when it is not JSON.

        Seals under the row's key as long as that unwraps, else under a new one.
        """
        name, stored = self._table.name, self._find(tx)
        if stored is None:
            values = sealed.anew(tx.keys.ring.current(), name, _ROW, state)
            tx.execute(self._insert, {"id": _ONLY, **values})
            return
        try:
            values = sealed.again(tx.keys, name, _ROW, stored, state)
        except IntegrityError:
            values = sealed.anew(tx.keys.ring.current(), name, _ROW, state)
        tx.execute(self._update, {"at": _ONLY, **values})

    def renew(self, tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
        """Seal the row anew under the current key, if it stands under an older one."""
        epoch = tx.keys.ring.current()
        stored = self._find(tx)
        if after or stored is None or stored.epoch == epoch.number:
            return Renewal(0, 0, None)
        state = self._open(tx, stored)
        if state is None:
            return Renewal(0, 1, _ROW)
        values = sealed.anew(epoch, self._table.name, _ROW, state)
        tx.execute(self._update, {"at": _ONLY, **values})
        tx.erased = True
        return Renewal(1, 0, _ROW)

    def newest_epoch(self, tx: Tx) -> int:
        """The number of the row's epoch, readable or not; 0 without a row."""
        return int(tx.execute(self._newest_epoch).fetchone()[0] or 0)

    def _find(self, tx: Tx) -> Sealed | None:
        lock.rows(tx, self._table, _ONLY)
        row = tx.execute(self._get, {"id": _ONLY}).fetchone()
        return None if row is None else Sealed(*row)

    def _open(self, tx: Tx, stored: Sealed) -> dict[str, Any] | None:
        try:
            return sealed.opened(tx.keys, self._table.name, _ROW, stored)
        except IntegrityError:
            return None
