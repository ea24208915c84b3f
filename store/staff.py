"""People of the team, by account, sealed; what a role is and what it allows is not known here.

Found by the keyed hash of the account's id (`store.sealed_rows`): an old copy of the file does not
tell who once answered. Who loses the keyring loses the team with it, and begins again with the
operator's command.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from store import tables
from store.found import Found
from store.keyring import Epoch
from store.sealed_rows import Row, SealedRows
from store.transaction import Tx


def _lookup(epoch: Epoch, user: int) -> bytes:
    return epoch.lookup("staff", user)


_ROWS: Final = SealedRows(tables.staff, "user", _lookup)

renew = _ROWS.renew
newest_epoch = _ROWS.newest_epoch


@dataclass(frozen=True, slots=True)
class StoredMember:
    """A person of the team: the id of the account, and a JSON object."""

    user: int
    body: dict[str, Any]


def put(tx: Tx, user: int, body: dict[str, Any]) -> None:
    """Write what is kept of a person, whole; the row keeps its key if there is one.

    Raises `TypeError` or `ValueError` when the body is not JSON, and `IntegrityError`.
    """
    content = {"user": user, "body": body}
    row = _ROWS.find(tx, user)
    if row is None:
        _ROWS.add(tx, content)
    else:
        _ROWS.again(tx, row, content)


def get(tx: Tx, user: int) -> StoredMember | None:
    """What is kept of a person; None for everybody else. Raises `IntegrityError`."""
    row = _ROWS.find(tx, user)
    return None if row is None else _member(row, _ROWS.opened(tx, row))


def every(tx: Tx) -> Found[StoredMember]:
    """Everybody of the team, in an order that means nothing."""
    return _ROWS.found(tx, _member)


def delete(tx: Tx, user: int) -> bool:
    """Delete what is kept of a person, with its key; False when there was nothing."""
    return _ROWS.delete(tx, user)


def expire(tx: Tx, now: datetime) -> int:
    """Delete rows that cannot be opened and never will (`store.sealed.given_up`); how many."""
    return _ROWS.expire(tx, now)


def _member(row: Row, content: dict[str, Any]) -> StoredMember:
    return StoredMember(content["user"], content["body"])
