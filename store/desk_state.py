"""What the desk knows of itself, such as its queue message: one sealed row; no family is in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select, update

from store import lock, sealed
from store.envelope import Renewal
from store.errors import IntegrityError
from store.sealed import Sealed
from store.statements import statement
from store.tables import desk_state
from store.transaction import Tx

_TABLE: Final = "desk_state"
_ONLY: Final = 1
_ROW: Final = b"\x01"

_GET = statement(
    select(desk_state.c.wrapped_key, desk_state.c.body, desk_state.c.epoch).where(
        desk_state.c.id == bindparam("id")
    )
)
_INSERT = statement(insert(desk_state))
_UPDATE = statement(
    update(desk_state)
    .where(desk_state.c.id == bindparam("at"))
    .values(wrapped_key=bindparam("wrapped_key"), body=bindparam("body"), epoch=bindparam("epoch"))
)
_NEWEST_EPOCH = statement(select(sa.func.max(desk_state.c.epoch)))


def get(tx: Tx) -> dict[str, Any]:
    """The state of the desk, a JSON object; empty when there is none or it does not open.

    Damaged, or its key gone: the desk begins anew. Whoever could alter the row could delete it.
    """
    stored = _find(tx)
    return (None if stored is None else _open(tx, stored)) or {}


def put(tx: Tx, state: dict[str, Any]) -> None:
    """Write the state of the desk, whole. Raises `TypeError` or `ValueError` when it is not JSON.

    Seals under the row's key as long as that unwraps, else under a new one.
    """
    stored = _find(tx)
    if stored is None:
        values = sealed.anew(tx.keys.ring.current(), _TABLE, _ROW, state)
        tx.execute(_INSERT, {"id": _ONLY, **values})
        return
    try:
        values = sealed.again(tx.keys, _TABLE, _ROW, stored, state)
    except IntegrityError:
        values = sealed.anew(tx.keys.ring.current(), _TABLE, _ROW, state)
    tx.execute(_UPDATE, {"at": _ONLY, **values})


def renew(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Seal the row anew under the current key, if it stands under an older one."""
    epoch = tx.keys.ring.current()
    stored = _find(tx)
    if after or stored is None or stored.epoch == epoch.number:
        return Renewal(0, 0, None)
    state = _open(tx, stored)
    if state is None:
        return Renewal(0, 1, _ROW)
    tx.execute(_UPDATE, {"at": _ONLY, **sealed.anew(epoch, _TABLE, _ROW, state)})
    tx.erased = True
    return Renewal(1, 0, _ROW)


def newest_epoch(tx: Tx) -> int:
    """The number of the row's epoch, readable or not; 0 without a row."""
    return int(tx.execute(_NEWEST_EPOCH).fetchone()[0] or 0)


def _find(tx: Tx) -> Sealed | None:
    lock.rows(tx, desk_state, _ONLY)
    row = tx.execute(_GET, {"id": _ONLY}).fetchone()
    return None if row is None else Sealed(*row)


def _open(tx: Tx, stored: Sealed) -> dict[str, Any] | None:
    try:
        return sealed.opened(tx.keys, _TABLE, _ROW, stored)
    except IntegrityError:
        return None
