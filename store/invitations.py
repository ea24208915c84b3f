"""Invitations to the team: found by their code, sealed, taken once; what they grant is not known.

The code stands nowhere in clear: a row is found by its keyed hash under the key of the row's epoch,
and opened to pass to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select

from store import lock, sealed
from store.envelope import Renewal
from store.errors import IntegrityError
from store.hours import hour, seconds
from store.keyring import Epoch
from store.sealed import Sealed
from store.statements import Value, statement
from store.tables import invitations
from store.transaction import Tx

_TABLE: Final = "invitations"
_LOOKUP: Final = "invitation"

_GET = statement(select(invitations).where(invitations.c.lookup == bindparam("lookup")))
_INSERT = statement(insert(invitations))
_DELETE = statement(sa.delete(invitations).where(invitations.c.lookup == bindparam("lookup")))
_EXPIRE = statement(sa.delete(invitations).where(invitations.c.until_hour < bindparam("limit")))
_OF_OLD_EPOCHS = statement(
    select(invitations)
    .where(invitations.c.epoch != bindparam("current"), invitations.c.lookup > bindparam("after"))
    .order_by(invitations.c.lookup)
    .limit(bindparam("most", type_=sa.Integer))
)
_NEWEST_EPOCH = statement(select(sa.func.max(invitations.c.epoch)))


@dataclass(frozen=True, slots=True)
class _Row:
    lookup: bytes
    wrapped_key: bytes
    body: bytes
    epoch: int
    until_hour: int


def add(tx: Tx, code: str, body: dict[str, Any], now: datetime, until: datetime) -> None:
    """Write an invitation that can be taken once, before ``until``.

    ``code`` in its one spelling, and random: an invitation that has it already is replaced. Raises
    `ValueError` when ``until`` is past, `TypeError` or `ValueError` when the body is not JSON.
    """
    if until <= now:
        raise ValueError("an invitation ends after it is made")
    _take(tx, code)
    content = {"code": code, "until": seconds(until), "body": body}
    _insert(tx, tx.keys.ring.current(), content, hour(until))


def take(tx: Tx, code: str, now: datetime) -> dict[str, Any] | None:
    """What an invitation holds, which is gone with this; None when there is none to be taken.

    There is none: never made, taken, over, altered, or its key gone.
    """
    found = _take(tx, code)
    if found is None or found["until"] <= seconds(now):
        return None
    body: dict[str, Any] = found["body"]
    return body


def expire(tx: Tx, now: datetime) -> int:
    """Delete invitations that nobody took, at the end of the hour in which they end; how many."""
    return tx.execute(_EXPIRE, {"limit": hour(now)}).rowcount


def renew(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Seal rows of older epochs anew under the current one: ``most`` at a time, past ``after``."""
    epoch = tx.keys.ring.current()
    asked: dict[str, Value] = {"current": epoch.number, "after": after, "most": most}
    old = [_Row(*values) for values in tx.execute(_OF_OLD_EPOCHS, asked).fetchall()]
    lock.rows(tx, invitations, *(row.lookup for row in old))
    unreadable = 0
    for row in old:
        try:
            content = _open(tx, row)
        except IntegrityError:
            unreadable += 1
            continue
        tx.execute(_DELETE, {"lookup": row.lookup})
        _insert(tx, epoch, content, row.until_hour)
    return Renewal(len(old) - unreadable, unreadable, old[-1].lookup if old else None)


def newest_epoch(tx: Tx) -> int:
    """The greatest number of an epoch in any row, readable or not; 0 without rows."""
    return int(tx.execute(_NEWEST_EPOCH).fetchone()[0] or 0)


def _take(tx: Tx, code: str) -> dict[str, Any] | None:
    lookups = [epoch.lookup_text(_LOOKUP, code) for epoch in tx.keys.epochs()]
    lock.rows(tx, invitations, *lookups)
    for lookup in lookups:
        values = tx.execute(_GET, {"lookup": lookup}).fetchone()
        if values is not None:
            tx.execute(_DELETE, {"lookup": lookup})
            try:
                return _open(tx, _Row(*values))
            except IntegrityError:
                return None
    return None


def _insert(tx: Tx, epoch: Epoch, content: dict[str, Any], until_hour: int) -> None:
    lookup = epoch.lookup_text(_LOOKUP, content["code"])
    values = sealed.anew(epoch, _TABLE, lookup, content)
    tx.execute(_INSERT, {"lookup": lookup, "until_hour": until_hour, **values})


def _open(tx: Tx, row: _Row) -> dict[str, Any]:
    stored = Sealed(row.wrapped_key, row.body, row.epoch)
    return sealed.opened(tx.keys, _TABLE, row.lookup, stored)
