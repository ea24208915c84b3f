"""Who asked to be written to: chat and wishes, sealed; what a wish means is not known here.

Found by the keyed hash of the chat (`store.sealed_rows`). In clear stands a random id, in the
sealed object too, so that nobody's row can be put in another's place. It is what a ledger holds of
her, and all that it holds before her message is sent; it stays through a change of her wishes and
of the key of the day, and never comes again once she has left.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from store import cipher
from store.errors import IntegrityError
from store.found import Found
from store.keyring import Epoch
from store.sealed_rows import Row, SealedRows
from store.statements import statement
from store.tables import subscribers
from store.transaction import Tx


def _lookup(epoch: Epoch, chat: int) -> bytes:
    return epoch.lookup("subscriber", chat)


_ROWS: Final = SealedRows(subscribers, "chat", _lookup, cipher.SMALL_STEP)
# The first bytes of a nonce, which is new whenever a row is written.
_VERSION = statement(
    select(func.count(), func.group_concat(func.hex(func.substr(subscribers.c.body, 2, 8)), ""))
)
_OF_ID = statement(_ROWS.columns.where(subscribers.c.id == bindparam("id")))

renew = _ROWS.renew
newest_epoch = _ROWS.newest_epoch


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who asked to be written to. ``body`` is a JSON object."""

    id: bytes
    chat: int
    body: dict[str, Any]


def put(tx: Tx, chat: int, body: dict[str, Any]) -> None:
    """Write what is kept of a subscriber, whole; ``id`` stays if she is one already.

    A row that is damaged, or whose key is gone, is replaced: she begins anew, under a new id.
    Raises `TypeError` or `ValueError` when the body is not JSON.
    """
    row = _ROWS.find(tx, chat)
    if row is not None:
        try:
            known = _subscriber(row, _ROWS.opened(tx, row))
            _ROWS.again(tx, row, _content(Subscriber(known.id, chat, body)))
            return
        except IntegrityError:
            _ROWS.remove(tx, row)
    new = Subscriber(secrets.token_bytes(16), chat, body)
    _ROWS.add(tx, _content(new), {"id": new.id})


def get(tx: Tx, chat: int) -> Subscriber | None:
    """The subscriber of a chat; None when she is none. Raises `IntegrityError`."""
    row = _ROWS.find(tx, chat)
    return None if row is None else _subscriber(row, _ROWS.opened(tx, row))


def of_id(tx: Tx, id: bytes) -> Subscriber | None:
    """The subscriber of an id; None when she has left. Raises `IntegrityError`."""
    values = tx.execute(_OF_ID, {"id": id}).fetchone()
    if values is None:
        return None
    row = _ROWS.row(values)
    return _subscriber(row, _ROWS.opened(tx, row))


def every(tx: Tx) -> Found[Subscriber]:
    """Every subscriber, in an order that means nothing."""
    return _ROWS.found(tx, _subscriber)


def version(tx: Tx) -> bytes:
    """What is another as soon as any row is, or the keys are: whoever remembers rows asks for it.

    A fiftieth of the time of `every`.
    """
    count, nonces = tx.execute(_VERSION).fetchone()
    epochs = [epoch.number for epoch in tx.keys.ring.epochs()]
    return hashlib.sha256(f"{epochs}:{count}:{nonces}".encode()).digest()


def delete(tx: Tx, chat: int) -> bool:
    """Delete what is kept of a subscriber, with its key; False when she was none.

    Her place in a ledger stays: her id leads nowhere any more, so nothing is sent to her; what was
    sent already can still be corrected.
    """
    return _ROWS.delete(tx, chat)


def expire(tx: Tx, now: datetime) -> int:
    """Delete rows that cannot be opened and never will (`store.sealed.given_up`); how many.

    Those under today's key are left for tomorrow: opening thousands would keep everybody waiting.
    """
    return _ROWS.expire(tx, now, of_today=False)


def _subscriber(row: Row, content: dict[str, Any]) -> Subscriber:
    if content["id"] != _id(row).hex():
        raise IntegrityError("the subscriber was given the id of another")
    return Subscriber(_id(row), content["chat"], content["body"])


def _content(each: Subscriber) -> dict[str, Any]:
    return {"chat": each.chat, "id": each.id.hex(), "body": each.body}


def _id(row: Row) -> bytes:
    id = row.clear["id"]
    assert isinstance(id, bytes)  # the column says so
    return id
