"""People of the team, by account, sealed; what a role is and what it allows is not known here.

Found by the keyed hash of the account's id. Row key and look-up hang on the key of the row's epoch,
as a family's do: an old copy of the file does not tell who once answered. Who loses the keyring
loses the team with it, and begins again with the operator's command.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select, update

from store import lock, sealed
from store.envelope import Renewal
from store.errors import IntegrityError
from store.found import Found
from store.keyring import Epoch
from store.sealed import Sealed
from store.statements import Value, statement
from store.tables import staff
from store.transaction import Tx

_TABLE: Final = "staff"
_LOOKUP: Final = "staff"

_GET = statement(select(staff).where(staff.c.lookup == bindparam("lookup")))
_INSERT = statement(insert(staff))
_UPDATE = statement(
    update(staff).where(staff.c.lookup == bindparam("at")).values(body=bindparam("body"))
)
_DELETE = statement(sa.delete(staff).where(staff.c.lookup == bindparam("lookup")))
_ALL = statement(select(staff).order_by(staff.c.lookup))
_OF_OLD_EPOCHS = statement(
    select(staff)
    .where(staff.c.epoch != bindparam("current"), staff.c.lookup > bindparam("after"))
    .order_by(staff.c.lookup)
    .limit(bindparam("most", type_=sa.Integer))
)
_NEWEST_EPOCH = statement(select(sa.func.max(staff.c.epoch)))


@dataclass(frozen=True, slots=True)
class StoredMember:
    """A person of the team: the id of the account, and a JSON object."""

    user: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    lookup: bytes
    wrapped_key: bytes
    body: bytes
    epoch: int

    @property
    def sealed(self) -> Sealed:
        return Sealed(self.wrapped_key, self.body, self.epoch)


def put(tx: Tx, user: int, body: dict[str, Any]) -> None:
    """Write what is kept of a person, whole; the row keeps its key if there is one.

    Raises `TypeError` or `ValueError` when the body is not JSON, and `IntegrityError`.
    """
    member = StoredMember(user, body)
    row = _find(tx, user)
    if row is None:
        _insert(tx, tx.keys.ring.current(), member)
        return
    values = sealed.again(tx.keys, _TABLE, row.lookup, row.sealed, _content(member))
    tx.execute(_UPDATE, {"at": row.lookup, "body": values["body"]})


def get(tx: Tx, user: int) -> StoredMember | None:
    """What is kept of a person; None for everybody else. Raises `IntegrityError`."""
    row = _find(tx, user)
    return None if row is None else _open(tx, row)


def every(tx: Tx) -> Found[StoredMember]:
    """Everybody of the team, in an order that means nothing."""
    found: Found[StoredMember] = Found()
    for values in tx.execute(_ALL).fetchall():
        try:
            found.append(_open(tx, _Row(*values)))
        except IntegrityError:
            found.unreadable += 1
    return found


def delete(tx: Tx, user: int) -> bool:
    """Delete what is kept of a person, with its key; False when there was nothing."""
    lookups = [epoch.lookup(_LOOKUP, user) for epoch in tx.keys.epochs()]
    lock.rows(tx, staff, *lookups)
    return sum(tx.execute(_DELETE, {"lookup": each}).rowcount for each in lookups) > 0


def expire(tx: Tx, now: datetime) -> int:
    """Delete rows that cannot be opened and never will (`store.sealed.given_up`); how many."""
    gone = 0
    for values in tx.execute(_ALL).fetchall():
        row = _Row(*values)
        try:
            _open(tx, row)
        except IntegrityError:
            if sealed.given_up(tx.keys, row.epoch, now):
                gone += tx.execute(_DELETE, {"lookup": row.lookup}).rowcount
    return gone


def renew(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Seal rows of older epochs anew under the current one: ``most`` at a time, past ``after``."""
    epoch = tx.keys.ring.current()
    asked: dict[str, Value] = {"current": epoch.number, "after": after, "most": most}
    old = [_Row(*values) for values in tx.execute(_OF_OLD_EPOCHS, asked).fetchall()]
    lock.rows(tx, staff, *(row.lookup for row in old))
    unreadable = 0
    for row in old:
        try:
            member = _open(tx, row)
        except IntegrityError:
            unreadable += 1
            continue
        tx.execute(_DELETE, {"lookup": row.lookup})
        # One is there already when a lost keyring was put back after the person had been invited
        # again.
        lookup = epoch.lookup(_LOOKUP, member.user)
        if tx.execute(_GET, {"lookup": lookup}).fetchone() is None:
            _insert(tx, epoch, member)
    return Renewal(len(old) - unreadable, unreadable, old[-1].lookup if old else None)


def newest_epoch(tx: Tx) -> int:
    """The greatest number of an epoch in any row, readable or not; 0 without rows."""
    return int(tx.execute(_NEWEST_EPOCH).fetchone()[0] or 0)


def _find(tx: Tx, user: int) -> _Row | None:
    for epoch in tx.keys.epochs():
        lookup = epoch.lookup(_LOOKUP, user)
        lock.rows(tx, staff, lookup)
        row = tx.execute(_GET, {"lookup": lookup}).fetchone()
        if row is not None:
            return _Row(*row)
    return None


def _insert(tx: Tx, epoch: Epoch, member: StoredMember) -> None:
    lookup = epoch.lookup(_LOOKUP, member.user)
    tx.execute(_INSERT, {"lookup": lookup, **sealed.anew(epoch, _TABLE, lookup, _content(member))})


def _open(tx: Tx, row: _Row) -> StoredMember:
    content = sealed.opened(tx.keys, _TABLE, row.lookup, row.sealed)
    return StoredMember(content["user"], content["body"])


def _content(member: StoredMember) -> dict[str, Any]:
    return {"user": member.user, "body": member.body}
