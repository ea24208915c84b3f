"""Broadcasts: what is to be sent or was, sealed; how one moves and who gets it is not known here.

A row has a random id, and its body is sealed under a random key of its own. Its recipients are in
`store.ledger`, and go with it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select, update

from store import lock, sealed
from store.envelope import Renewal
from store.errors import GoneError, IntegrityError
from store.found import Found
from store.hours import hour
from store.sealed import Sealed
from store.statements import Value, statement
from store.tables import broadcasts, ledger
from store.transaction import Tx

KEPT: Final = timedelta(hours=48)
"""How long after its end a broadcast is kept: so long Telegram lets its last message be deleted."""

IDLE: Final = timedelta(days=7)
"""One that is not over and that nobody has touched for this long is gone, sent in part or not."""

_TABLE: Final = "broadcasts"

_GET = statement(select(broadcasts).where(broadcasts.c.id == bindparam("id")))
_ALL = statement(select(broadcasts).order_by(broadcasts.c.id))
_INSERT = statement(insert(broadcasts))
_UPDATE = statement(
    update(broadcasts)
    .where(broadcasts.c.id == bindparam("at"))
    .values(
        wrapped_key=bindparam("wrapped_key"),
        body=bindparam("body"),
        epoch=bindparam("epoch"),
        touched_hour=bindparam("touched_hour"),
        purge_hour=bindparam("purge_hour"),
    )
)
_DELETE = statement(sa.delete(broadcasts).where(broadcasts.c.id == bindparam("id")))
_DROP_LEDGER = statement(sa.delete(ledger).where(ledger.c.broadcast_id == bindparam("id")))
_OF_OLD_EPOCHS = statement(
    select(broadcasts)
    .where(broadcasts.c.epoch != bindparam("current"), broadcasts.c.id > bindparam("after"))
    .order_by(broadcasts.c.id)
    .limit(bindparam("most", type_=sa.Integer))
)
_NEWEST_EPOCH = statement(select(sa.func.max(broadcasts.c.epoch)))


@dataclass(frozen=True, slots=True)
class StoredBroadcast:
    """One broadcast. ``body`` is a JSON object that only helpdesk understands."""

    id: bytes
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    id: bytes
    wrapped_key: bytes
    body: bytes
    epoch: int
    touched_hour: int
    purge_hour: int | None

    @property
    def sealed(self) -> Sealed:
        return Sealed(self.wrapped_key, self.body, self.epoch)


def add(tx: Tx, body: dict[str, Any], now: datetime) -> bytes:
    """Write a new broadcast; its random id.

    Raises `TypeError` or `ValueError` when the body is not JSON.
    """
    id = secrets.token_bytes(16)
    clear: dict[str, Value] = {"touched_hour": hour(now), "purge_hour": None}
    values = sealed.anew(tx.keys.ring.current(), _TABLE, id, body)
    tx.execute(_INSERT, {"id": id, **clear, **values})
    return id


def get(tx: Tx, id: bytes) -> StoredBroadcast | None:
    """The broadcast of an id; None without one. Raises `IntegrityError`."""
    row = _find(tx, id)
    return None if row is None else _open(tx, row)


def put(
    tx: Tx, id: bytes, body: dict[str, Any], now: datetime, purge_at: datetime | None = None
) -> None:
    """Write a broadcast that is there, whole, and when it may go.

    Every call says ``purge_at`` for one that is over (`KEPT` after its end); without it the
    broadcast is not over (any more). Raises `GoneError` when it is no longer there, and
    `IntegrityError`, `TypeError`, `ValueError`.
    """
    row = _find(tx, id)
    if row is None:
        raise GoneError("the broadcast is no longer there")
    purge_hour = None if purge_at is None else hour(purge_at)
    clear: dict[str, Value] = {"touched_hour": hour(now), "purge_hour": purge_hour}
    values = sealed.again(tx.keys, _TABLE, id, row.sealed, body)
    tx.execute(_UPDATE, {"at": id, **clear, **values})


def every(tx: Tx) -> Found[StoredBroadcast]:
    """Every broadcast, in an order that means nothing."""
    found: Found[StoredBroadcast] = Found()
    for row in _all(tx):
        try:
            found.append(_open(tx, row))
        except IntegrityError:
            found.unreadable += 1
    return found


def delete(tx: Tx, id: bytes) -> bool:
    """Delete a broadcast, readable or not, with its key and its ledger; False without one.

    The bytes leave the file when the database is next scrubbed, which the commit asks for.
    """
    lock.rows(tx, broadcasts, id)
    tx.execute(_DROP_LEDGER, {"id": id})
    return tx.execute(_DELETE, {"id": id}).rowcount > 0


def expire(tx: Tx, now: datetime) -> int:
    """Delete broadcasts whose hour is over, ones left idle for `IDLE`, and lost ones; how many.

    One that is over is kept to the end of its last hour. Lost is one that cannot be opened and
    never will (`store.sealed.given_up`).
    """
    purge_limit, touched_limit = hour(now) - 1, hour(now - IDLE) - 1
    gone = 0
    for row in _all(tx):
        if row.purge_hour is None:
            due = row.touched_hour <= touched_limit
        else:
            due = row.purge_hour <= purge_limit
        if due or (sealed.given_up(tx.keys, row.epoch, now) and not _opens(tx, row)):
            gone += delete(tx, row.id)
    return gone


def ids(tx: Tx) -> list[bytes]:
    """The id of every broadcast, readable or not."""
    return [row.id for row in _all(tx)]


def renew(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Seal rows of older epochs anew under the current one: ``most`` at a time, past ``after``.

    Only the id stays. Does not touch.
    """
    epoch = tx.keys.ring.current()
    asked: dict[str, Value] = {"current": epoch.number, "after": after, "most": most}
    old = [_Row(*values) for values in tx.execute(_OF_OLD_EPOCHS, asked).fetchall()]
    lock.rows(tx, broadcasts, *(row.id for row in old))
    unreadable = 0
    for row in old:
        try:
            body = _open(tx, row).body
        except IntegrityError:
            unreadable += 1
            continue
        clear: dict[str, Value] = {"touched_hour": row.touched_hour, "purge_hour": row.purge_hour}
        tx.execute(_UPDATE, {"at": row.id, **clear, **sealed.anew(epoch, _TABLE, row.id, body)})
        tx.erased = True
    return Renewal(len(old) - unreadable, unreadable, old[-1].id if old else None)


def newest_epoch(tx: Tx) -> int:
    """The greatest number of an epoch in any broadcast, readable or not; 0 without broadcasts."""
    return int(tx.execute(_NEWEST_EPOCH).fetchone()[0] or 0)


def _find(tx: Tx, id: bytes) -> _Row | None:
    lock.rows(tx, broadcasts, id)
    row = tx.execute(_GET, {"id": id}).fetchone()
    return None if row is None else _Row(*row)


def _all(tx: Tx) -> list[_Row]:
    return [_Row(*values) for values in tx.execute(_ALL).fetchall()]


def _opens(tx: Tx, row: _Row) -> bool:
    try:
        _open(tx, row)
    except IntegrityError:
        return False
    return True


def _open(tx: Tx, row: _Row) -> StoredBroadcast:
    return StoredBroadcast(row.id, sealed.opened(tx.keys, _TABLE, row.id, row.sealed))
