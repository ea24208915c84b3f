"""Where the messages of a broadcast are, sealed, so that they can be changed or deleted; no text.

Once a message was delivered, chat, message id and time stand in the recipient's row, with a look-up
of the chat. Both hang on the key of the day, as all that is kept of families: in an old copy they
say nothing. The look-up has a subkey of its broadcast alone, so that two broadcasts do not show who
got both. All bodies have one length.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, null, select, update

from store import broadcasts, cipher, erase_jobs, lock, recipients, subscribers
from store.envelope import Renewal
from store.errors import IntegrityError
from store.hours import seconds
from store.keyring import Epoch
from store.recipients import COLUMNS, OF, OVER, THIS, Mark, Row
from store.statements import Value, statement
from store.tables import ledger
from store.tables import subscribers as subscribers_table
from store.transaction import Tx

REACHABLE: Final = broadcasts.KEPT
"""So long after it was sent a message is changed, or deleted for /borrar."""

_TABLE: Final = "ledger"
_PURPOSE: Final = "seal:ledger"
_BODY: Final = struct.Struct(">qqq")
_NUMBER_BYTES: Final = 4

_REACHED: Final = sa.and_(OF, ledger.c.body.is_not(None))
_SEALED: Final[dict[str, Any]] = {name: bindparam(name) for name in ("lookup", "body", "epoch")}
_NOWHERE: Final = {"lookup": null(), "body": null(), "epoch": null()}

_DELIVERED = statement(
    update(ledger).where(THIS).values(mark=int(Mark.SENT), subscriber_id=null(), **_SEALED)
)
_TO_EDIT = statement(
    select(*COLUMNS, ledger.c.epoch, ledger.c.body)
    .where(_REACHED, ledger.c.wave < bindparam("before"))
    .order_by(ledger.c.wave, ledger.c.number)
    .limit(bindparam("most", type_=sa.Integer))
)
_EDITED = statement(update(ledger).where(THIS).values(wave=bindparam("to")))
_WAVES = statement(select(ledger.c.wave, sa.func.count()).where(_REACHED).group_by(ledger.c.wave))
_ALL = statement(select(ledger.c.number, ledger.c.epoch, ledger.c.body).where(_REACHED))
_OF_LOOKUP = statement(
    select(ledger.c.number, ledger.c.epoch, ledger.c.body).where(
        _REACHED, ledger.c.lookup == bindparam("lookup")
    )
)
_BLANK = statement(update(ledger).where(THIS).values(**_NOWHERE))
_FORGET = statement(
    update(ledger).where(_REACHED, ledger.c.lookup == bindparam("lookup")).values(**_NOWHERE)
)
_FORGET_SUBSCRIBER = statement(
    update(ledger)
    .where(ledger.c.subscriber_id == bindparam("subscriber"))
    .values(subscriber_id=null())
)
_FORGET_LEAVERS = statement(
    update(ledger)
    .where(
        ledger.c.mark == int(Mark.CLAIMED),
        ledger.c.subscriber_id.is_not(None),
        ledger.c.subscriber_id.not_in(select(subscribers_table.c.id)),
    )
    .values(subscriber_id=null())
)
_OF_OLD_EPOCHS = statement(
    select(ledger.c.broadcast_id, ledger.c.number, ledger.c.epoch, ledger.c.body)
    .where(
        ledger.c.epoch != bindparam("current"),
        sa.tuple_(ledger.c.broadcast_id, ledger.c.number)
        > sa.tuple_(bindparam("after_id"), bindparam("after_number")),
    )
    .order_by(ledger.c.broadcast_id, ledger.c.number)
    .limit(bindparam("most", type_=sa.Integer))
)
_RESEAL = statement(update(ledger).where(THIS).values(**_SEALED))
_NEWEST_EPOCH = statement(select(sa.func.max(ledger.c.epoch)))


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a message is. ``at`` is when it was sent, in seconds since 1970."""

    chat: int
    message_id: int
    at: int


def delivered(
    tx: Tx, broadcast_id: bytes, number: int, chat: int, message_id: int, now: datetime
) -> bool:
    """Mark a row as SENT, and keep where the message is; whether that is kept.

    It is not when she had everything deleted while the call was under way, or had left and
    somebody else had (`forget`): an erase job for this message alone is written instead. Nor when
    the row is over or gone, which changes nothing.
    """
    row = recipients.get(tx, broadcast_id, number)
    if row is None or row.mark in OVER:
        return False
    kept: dict[str, Value] = {"lookup": None, "body": None, "epoch": None}
    if row.subscriber is None:
        erase_jobs.request(tx, chat, (message_id,), now)
    else:
        message = Delivered(chat, message_id, seconds(now))
        kept = _sealed(tx.keys.ring.current(), broadcast_id, number, message)
    tx.execute(_DELIVERED, {"of": broadcast_id, "at": number, **kept})
    return row.subscriber is not None


def next_to_edit(
    tx: Tx, broadcast_id: bytes, wave: int, *, skip: Collection[int] = ()
) -> tuple[Row, Delivered] | None:
    """A sent message that has not been through this wave of changes; None when there is no more.

    ``skip`` are numbers that are not asked for now, such as those under way. A row that does not
    open, altered or its key gone, is blanked and left out: its message is out of reach.
    """
    asked: dict[str, Value] = {"of": broadcast_id, "before": wave, "most": len(skip) + 1}
    while found := tx.execute(_TO_EDIT, asked).fetchall():
        rows = [(recipients.row(each), epoch, body) for *each, epoch, body in found]
        wanted = [each for each in rows if each[0].number not in skip]
        for row, epoch, body in wanted:
            try:
                return row, _open(tx, broadcast_id, row.number, epoch, body)
            except IntegrityError:
                tx.execute(_BLANK, {"of": broadcast_id, "at": row.number})
                tx.erased = True
        if not wanted:
            break
    return None


def edited(tx: Tx, broadcast_id: bytes, number: int, wave: int) -> None:
    """Note that a message has been through a wave of changes, whatever came of it."""
    lock.rows(tx, ledger, broadcast_id)
    tx.execute(_EDITED, {"of": broadcast_id, "at": number, "to": wave})


def wave_tally(tx: Tx, broadcast_id: bytes, wave: int) -> tuple[int, int]:
    """How many messages have been through a wave of changes, and how many are left."""
    counted = tx.execute(_WAVES, {"of": broadcast_id}).fetchall()
    done = sum(count for each, count in counted if each >= wave)
    return done, sum(count for _, count in counted) - done


def older(tx: Tx, broadcast_id: bytes, limit: datetime) -> int:
    """How many messages in reach were sent by a moment. Opens each: 0.2 s for 20,000."""
    latest, found = seconds(limit), 0
    for number, epoch, body in tx.execute(_ALL, {"of": broadcast_id}).fetchall():
        try:
            found += _open(tx, broadcast_id, number, epoch, body).at <= latest
        except IntegrityError:
            continue  # out of reach
    return found


def forget(tx: Tx, chat: int) -> bool:
    """Take a chat out of every ledger; False when it was in none.

    What was sent stays SENT, without saying to whom, so that sums hold. A row still to be sent
    loses its subscriber. Call it before she is deleted from `store.subscribers`.
    """
    found = 0
    for id, lookup in _places(tx, chat):
        found += tx.execute(_FORGET, {"of": id, "lookup": lookup}).rowcount
    try:
        subscriber = subscribers.get(tx, chat)
    except IntegrityError:
        subscriber = None  # nothing can be sent to her either
    if subscriber is not None:
        found += tx.execute(_FORGET_SUBSCRIBER, {"subscriber": subscriber.id}).rowcount
    # Had she left before it, nothing leads from her to a call that is under way: so whatever is on
    # its way to somebody who left is taken back when it arrives, and without a word: most of them
    # asked for nothing, and what is kept of them stays.
    leavers = tx.execute(_FORGET_LEAVERS).rowcount
    if found or leavers:
        tx.erased = True
    return found > 0


def message_ids(tx: Tx, chat: int, now: datetime) -> tuple[int, ...]:
    """The ids of messages in a chat that can still be deleted, of every broadcast."""
    limit, found = seconds(now - REACHABLE), []
    for id, lookup in _places(tx, chat):
        for number, epoch, body in tx.execute(_OF_LOOKUP, {"of": id, "lookup": lookup}).fetchall():
            try:
                message = _open(tx, id, number, epoch, body)
            except IntegrityError:
                continue
            if message.at > limit:
                found.append(message.message_id)
    return tuple(found)


def renew(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Seal rows of older epochs anew under the current one: ``most`` at a time, past ``after``.

    Look-up and body are new afterwards. A row in which nothing is sealed has no epoch.
    """
    epoch = tx.keys.ring.current()
    asked: dict[str, Value] = {
        "current": epoch.number,
        "after_id": after[:-_NUMBER_BYTES],
        "after_number": int.from_bytes(after[-_NUMBER_BYTES:], "big"),
        "most": most,
    }
    old = tx.execute(_OF_OLD_EPOCHS, asked).fetchall()
    unreadable = 0
    for id, number, old_epoch, body in old:
        lock.rows(tx, ledger, id)
        try:
            message = _open(tx, id, number, old_epoch, body)
        except IntegrityError:
            unreadable += 1
            continue
        tx.execute(_RESEAL, {"of": id, "at": number, **_sealed(epoch, id, number, message)})
        tx.erased = True
    last = _at(old[-1][0], old[-1][1]) if old else None
    return Renewal(len(old) - unreadable, unreadable, last)


def newest_epoch(tx: Tx) -> int:
    """The greatest number of an epoch in any row, readable or not; 0 without such rows."""
    return int(tx.execute(_NEWEST_EPOCH).fetchone()[0] or 0)


def _places(tx: Tx, chat: int) -> Iterator[tuple[bytes, bytes]]:
    """Where a chat may stand: each broadcast, with the look-up of the chat under each epoch."""
    for id in broadcasts.ids(tx):
        for epoch in tx.keys.ring.epochs():
            yield id, _lookup(epoch, id, chat)


def _lookup(epoch: Epoch, broadcast_id: bytes, chat: int) -> bytes:
    return epoch.lookup(f"{_TABLE}:{broadcast_id.hex()}", chat)


def _sealed(epoch: Epoch, broadcast_id: bytes, number: int, message: Delivered) -> dict[str, Value]:
    body = _BODY.pack(message.chat, message.message_id, message.at)
    key, at = epoch.subkey(_PURPOSE), _at(broadcast_id, number)
    return {
        "lookup": _lookup(epoch, broadcast_id, message.chat),
        "body": cipher.seal_exact(key, _TABLE, at, body),
        "epoch": epoch.number,
    }


def _open(tx: Tx, broadcast_id: bytes, number: int, number_of_epoch: int, body: bytes) -> Delivered:
    epoch = tx.keys.epoch(number_of_epoch)
    if epoch is None:
        raise IntegrityError("the key of the row's epoch is gone")
    key, at = epoch.subkey(_PURPOSE), _at(broadcast_id, number)
    return Delivered(*_BODY.unpack(cipher.open_exact(key, _TABLE, at, body)))


def _at(broadcast_id: bytes, number: int) -> bytes:
    return broadcast_id + number.to_bytes(_NUMBER_BYTES, "big")
