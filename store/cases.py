"""Cases: whose they are, what stands in them and how they are found, sealed; not what they mean.

A row has a random id. Its body (chat, keys, contents) is sealed under a random key of its own. It
is found through look-ups in a table of their own: keyed hashes of the chat and of each key, under
the key of the row's epoch. In clear stand the epoch, the hour in which it was last written and,
once it is closed, the hour from which it may go.

All cases of a chat, open or closed, share the look-up of the chat, and at most one of them is open.
So /borrar reaches closed ones too, and does so without opening a row: a damaged one goes as well.
The other way, opening every closed case to see whose it is, would cost each /borrar a walk through
a week of cases. The price: without any key the file tells that two cases are of one family, not of
which.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import starmap
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select, update

from store import lock, posts, sealed
from store.envelope import Renewal
from store.errors import CaseKeyError, GoneError, IntegrityError, OpenCaseError
from store.found import Found
from store.hours import hour
from store.keyring import Epoch
from store.sealed import Sealed
from store.statements import Value, statement
from store.tables import case_lookups, cases
from store.transaction import Tx

IDLE: Final = timedelta(days=30)
"""An open case that nobody has written to for this long is gone: its desk is, too."""

_TABLE: Final = "cases"
_CHAT: Final = "case:chat"
_KEY: Final = "case:key"

_GET = statement(select(cases).where(cases.c.id == bindparam("id")))
_INSERT = statement(insert(cases))
_UPDATE = statement(
    update(cases)
    .where(cases.c.id == bindparam("at"))
    .values(
        wrapped_key=bindparam("wrapped_key"),
        body=bindparam("body"),
        epoch=bindparam("epoch"),
        touched_hour=bindparam("touched_hour"),
        purge_hour=bindparam("purge_hour"),
    )
)
_DELETE = statement(sa.delete(cases).where(cases.c.id == bindparam("id")))
_OPEN = statement(select(cases).where(cases.c.purge_hour.is_(None)).order_by(cases.c.id))
_CLOSED = statement(select(cases).where(cases.c.purge_hour.is_not(None)).order_by(cases.c.id))
_DUE = statement(
    select(cases)
    .where(
        sa.or_(
            cases.c.purge_hour <= bindparam("purge_limit"),
            sa.and_(
                cases.c.purge_hour.is_(None), cases.c.touched_hour <= bindparam("touched_limit")
            ),
        )
    )
    .order_by(cases.c.id)
)
_OF_OLD_EPOCHS = statement(
    select(cases)
    .where(cases.c.epoch != bindparam("current"), cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(bindparam("most", type_=sa.Integer))
)
_NEWEST_EPOCH = statement(select(sa.func.max(cases.c.epoch)))

_FOUND = statement(
    select(cases)
    .join(case_lookups, case_lookups.c.case_id == cases.c.id)
    .where(case_lookups.c.lookup == bindparam("lookup"))
    .order_by(cases.c.id)
)
_ADD_LOOKUP = statement(insert(case_lookups))
_LOOKUPS = statement(
    select(case_lookups.c.lookup).where(case_lookups.c.case_id == bindparam("case_id"))
)
_DROP_LOOKUP = statement(
    sa.delete(case_lookups).where(
        case_lookups.c.lookup == bindparam("lookup"), case_lookups.c.case_id == bindparam("case_id")
    )
)
_DROP_LOOKUPS = statement(
    sa.delete(case_lookups).where(case_lookups.c.case_id == bindparam("case_id"))
)
_NEWEST_EPOCH_OF_LOOKUPS = statement(select(sa.func.max(case_lookups.c.epoch)))


@dataclass(frozen=True, slots=True)
class StoredCase:
    """One case.

    ``chat`` is the family's, None once the case is unlinked from it. ``body`` is a JSON object that
    only helpdesk understands. ``keys`` are further look-ups, such as ``code:K7M4P2``; each leads to
    one case.
    """

    id: bytes
    chat: int | None
    body: dict[str, Any]
    keys: tuple[str, ...]


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


def new(
    tx: Tx, chat: int, body: dict[str, Any], keys: tuple[str, ...], now: datetime
) -> StoredCase:
    """Write a new case, open and linked to a chat.

    Raises `OpenCaseError` when the chat has an open case, `CaseKeyError` when a key leads to
    another, `TypeError` or `ValueError` when the body is not JSON.
    """
    case = StoredCase(secrets.token_bytes(16), chat, body, keys)
    lock.rows(tx, cases, case.id)
    _refuse_a_second(tx, case, is_open=True)
    _insert(tx, tx.keys.ring.current(), case, hour(now), None)
    return case


def get(tx: Tx, case_id: bytes) -> StoredCase | None:
    """The case of an id, open or closed; None without one. Raises `IntegrityError`."""
    row = _find(tx, case_id)
    return None if row is None else _open(tx, row)


def of_chat(tx: Tx, chat: int) -> StoredCase | None:
    """The open case that is linked to a chat; closed ones do not show here.

    Raises `IntegrityError` when it was altered or is another chat's.
    """
    for row in _of_chat(tx, chat):
        if row.purge_hour is None:
            case = _open(tx, row)
            if case.chat != chat:
                raise IntegrityError("a look-up leads to the case of another chat")
            return case
    return None


def all_of_chat(tx: Tx, chat: int) -> Found[StoredCase]:
    """Every case that is linked to a chat, open or closed, in an order that means nothing."""
    return _found(tx, _of_chat(tx, chat))


def find(tx: Tx, key: str) -> StoredCase | None:
    """The case of a key, open or closed; None without one. Raises `IntegrityError`."""
    for row in _of_key(tx, key):
        case = _open(tx, row)
        if key not in case.keys:
            raise IntegrityError("a look-up leads to a case without that key")
        return case
    return None


def put(tx: Tx, case: StoredCase, now: datetime, *, purge_at: datetime | None = None) -> None:
    """Write a case that is there, whole: its body, its keys, its chat, and when it may go.

    Every call says ``purge_at`` for a closed case; without it the case is open (again). ``chat``
    None unlinks it for good: /borrar will not reach it any more. Raises `GoneError` when it is no
    longer there, `OpenCaseError`, `CaseKeyError`, and `IntegrityError`.
    """
    row = _find(tx, case.id)
    if row is None:
        raise GoneError("the case is no longer there")
    _refuse_a_second(tx, case, is_open=purge_at is None)
    epoch = tx.keys.epoch(row.epoch)
    values = sealed.again(tx.keys, _TABLE, case.id, row.sealed, _content(case))
    assert epoch is not None  # or the row's key would not have unwrapped
    purge_hour = None if purge_at is None else hour(purge_at)
    clear: dict[str, Value] = {"touched_hour": hour(now), "purge_hour": purge_hour}
    tx.execute(_UPDATE, {"at": case.id, **clear, **values})
    _write_lookups(tx, epoch, case)


def open_cases(tx: Tx) -> Found[StoredCase]:
    """Every open case, in an order that means nothing."""
    return _found(tx, starmap(_Row, tx.execute(_OPEN).fetchall()))


def closed_cases(tx: Tx) -> Found[StoredCase]:
    """Every closed case, in an order that means nothing."""
    return _found(tx, starmap(_Row, tx.execute(_CLOSED).fetchall()))


def due(tx: Tx, now: datetime) -> Found[StoredCase]:
    """What `expire` will soon delete: cases whose last hour has begun, and open ones left idle.

    Between the two lies a full hour, in which whoever keeps something of a case elsewhere (a topic)
    can clear that away and `delete` the case. After a stop, see to these before `expire` runs.
    """
    limits: dict[str, Value] = {"purge_limit": hour(now), "touched_limit": hour(now - IDLE)}
    return _found(tx, starmap(_Row, tx.execute(_DUE, limits).fetchall()))


def delete(tx: Tx, case_id: bytes) -> bool:
    """Delete a case, readable or not, with its look-ups and its posts; False without one.

    The bytes leave the file when the database is next scrubbed, which the commit asks for.
    """
    lock.rows(tx, cases, case_id)
    posts.delete_of_case(tx, case_id)
    tx.execute(_DROP_LOOKUPS, {"case_id": case_id})
    return tx.execute(_DELETE, {"id": case_id}).rowcount > 0


def forget(tx: Tx, chat: int) -> bool:
    """Delete every case that is linked to a chat, open or closed; False when there was none."""
    found = list(_of_chat(tx, chat))
    for row in found:
        delete(tx, row.id)
    return bool(found)


def expire(tx: Tx, now: datetime) -> int:
    """Delete closed cases whose hour is over, open ones idle for `IDLE`, and lost ones; how many.

    A closed case is kept to the end of its last hour, see `due`. Lost is one that cannot be opened
    and never will (`store.sealed.given_up`): its family could otherwise not open another.
    """
    limits: dict[str, Value] = {
        "purge_limit": hour(now) - 1,
        "touched_limit": hour(now - IDLE) - 1,
    }
    gone = [values[0] for values in tx.execute(_DUE, limits).fetchall()]
    for values in tx.execute(_OPEN).fetchall():
        row = _Row(*values)
        try:
            _open(tx, row)
        except IntegrityError:
            if sealed.given_up(tx.keys, row.epoch, now):
                gone.append(row.id)
    return sum(delete(tx, case_id) for case_id in gone)


def renew(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Seal cases of older epochs anew under the current one: ``most`` at a time, past ``after``.

    Row key and look-ups are new afterwards; only the random id stays. Does not touch.
    """
    epoch = tx.keys.ring.current()
    asked: dict[str, Value] = {"current": epoch.number, "after": after, "most": most}
    old = [_Row(*values) for values in tx.execute(_OF_OLD_EPOCHS, asked).fetchall()]
    lock.rows(tx, cases, *(row.id for row in old))
    unreadable = 0
    for row in old:
        try:
            case = _open(tx, row)
        except IntegrityError:
            unreadable += 1
            continue
        if row.purge_hour is None and _another_is_open(tx, case):
            # A lost keyring was put back after the family had begun again: what is newer counts.
            delete(tx, row.id)
            continue
        values = sealed.anew(epoch, _TABLE, row.id, _content(case))
        clear: dict[str, Value] = {"touched_hour": row.touched_hour, "purge_hour": row.purge_hour}
        tx.execute(_UPDATE, {"at": row.id, **clear, **values})
        _write_lookups(tx, epoch, case)
        tx.erased = True
    return Renewal(len(old) - unreadable, unreadable, old[-1].id if old else None)


def newest_epoch(tx: Tx) -> int:
    """The greatest number of an epoch in any case, readable or not; 0 without cases."""
    return int(tx.execute(_NEWEST_EPOCH).fetchone()[0] or 0)


def renew_lookups(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Nothing is left to do: look-ups pass to the next epoch with their case, in `renew`."""
    return Renewal(0, 0, None)


def newest_epoch_of_lookups(tx: Tx) -> int:
    """The greatest number of an epoch in any look-up; 0 without look-ups."""
    return int(tx.execute(_NEWEST_EPOCH_OF_LOOKUPS).fetchone()[0] or 0)


def _find(tx: Tx, case_id: bytes) -> _Row | None:
    lock.rows(tx, cases, case_id)
    row = tx.execute(_GET, {"id": case_id}).fetchone()
    return None if row is None else _Row(*row)


def _of_chat(tx: Tx, chat: int) -> list[_Row]:
    return _leading_from(tx, *(each.lookup(_CHAT, chat) for each in tx.keys.epochs()))


def _of_key(tx: Tx, key: str) -> list[_Row]:
    return _leading_from(tx, *(each.lookup_text(_KEY, key) for each in tx.keys.epochs()))


def _leading_from(tx: Tx, *lookups: bytes) -> list[_Row]:
    lock.rows(tx, case_lookups, *lookups)
    return [
        _Row(*values)
        for lookup in lookups
        for values in tx.execute(_FOUND, {"lookup": lookup}).fetchall()
    ]


def _refuse_a_second(tx: Tx, case: StoredCase, *, is_open: bool) -> None:
    if is_open and _another_is_open(tx, case):
        raise OpenCaseError("the chat has an open case already")
    for key in case.keys:
        if any(row.id != case.id for row in _of_key(tx, key)):
            # The key is not shown: it may be a code that leads to a family.
            raise CaseKeyError("a key of the case leads to another case")


def _another_is_open(tx: Tx, case: StoredCase) -> bool:
    return case.chat is not None and any(
        row.purge_hour is None and row.id != case.id for row in _of_chat(tx, case.chat)
    )


def _insert(
    tx: Tx, epoch: Epoch, case: StoredCase, touched_hour: int, purge_hour: int | None
) -> None:
    values = sealed.anew(epoch, _TABLE, case.id, _content(case))
    clear: dict[str, Value] = {"touched_hour": touched_hour, "purge_hour": purge_hour}
    tx.execute(_INSERT, {"id": case.id, **clear, **values})
    _write_lookups(tx, epoch, case)


def _write_lookups(tx: Tx, epoch: Epoch, case: StoredCase) -> None:
    """Make the look-ups of a case those that it should have; what is right already stays.

    Deleting all to write them again would ask for a scrub of the file at every change of a case.
    """
    wanted = {epoch.lookup_text(_KEY, key) for key in case.keys}
    if case.chat is not None:
        wanted.add(epoch.lookup(_CHAT, case.chat))
    there = {row[0] for row in tx.execute(_LOOKUPS, {"case_id": case.id}).fetchall()}
    for lookup in there - wanted:
        tx.execute(_DROP_LOOKUP, {"lookup": lookup, "case_id": case.id})
    for lookup in wanted - there:
        row: dict[str, Value] = {"lookup": lookup, "case_id": case.id, "epoch": epoch.number}
        tx.execute(_ADD_LOOKUP, row)


def _found(tx: Tx, rows: Iterable[_Row]) -> Found[StoredCase]:
    found: Found[StoredCase] = Found()
    for row in rows:
        try:
            found.append(_open(tx, row))
        except IntegrityError:
            found.unreadable += 1
    return found


def _open(tx: Tx, row: _Row) -> StoredCase:
    content = sealed.opened(tx.keys, _TABLE, row.id, row.sealed)
    return StoredCase(row.id, content["chat"], content["body"], tuple(content["keys"]))


def _content(case: StoredCase) -> dict[str, Any]:
    return {"chat": case.chat, "keys": list(case.keys), "body": case.body}
