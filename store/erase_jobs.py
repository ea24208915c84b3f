"""Erase jobs: which messages are still to be deleted from a chat, sealed under their own key.

A job outlives the session it came from, so it has its own key purpose and no look-up value: with
the session gone nothing in the file leads from a chat to its job. Its key hangs on its epoch, as
that of a session: in an old copy of the file it says no more. Jobs are few and short-lived;
whoever needs them opens them all. What /borrar deletes is in `store.erasures`.

A job is of one of two kinds, and says itself which, for after a restart nothing else tells. That of
/borrar stands for all that was kept of her. The other is for messages that came too late: they are
taken back and nothing is said, for she may have asked for nothing, and what is kept of her stays.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Integer, bindparam, delete, func, insert, select, update

from store import cipher, lock
from store.envelope import Renewal
from store.errors import IntegrityError
from store.hours import moment, seconds
from store.keyring import Epoch
from store.statements import Value, statement
from store.tables import erasures
from store.transaction import Tx

KEPT: Final = timedelta(hours=1)
"""A job that could not be done by then is dropped: it may not become a list of chats."""

_TABLE: Final = "erasures"
_PURPOSE: Final = "seal:erasure"

_INSERT = statement(insert(erasures))
_ALL = statement(select(erasures).order_by(erasures.c.id))
_DELETE = statement(delete(erasures).where(erasures.c.id == bindparam("id")))
_GET = statement(select(erasures).where(erasures.c.id == bindparam("id")))
_RESEAL = statement(
    update(erasures)
    .where(erasures.c.id == bindparam("at"))
    .values(body=bindparam("body"), epoch=bindparam("epoch"))
)
_OF_OLD_EPOCHS = statement(
    select(erasures.c.id)
    .where(erasures.c.epoch != bindparam("current"), erasures.c.id > bindparam("after"))
    .order_by(erasures.c.id)
    .limit(bindparam("most", type_=Integer))
)
_NEWEST_EPOCH = statement(select(func.max(erasures.c.epoch)))


@dataclass(frozen=True, slots=True)
class Erasure:
    """Messages to delete from a chat; ``requested_at`` is aware UTC, whole seconds.

    ``everything``: they go because all that was kept of her went, and she is told when it is done.
    """

    id: bytes
    chat: int
    message_ids: tuple[int, ...]
    requested_at: datetime
    everything: bool


def request(
    tx: Tx, chat: int, message_ids: Iterable[int], now: datetime, *, everything: bool = False
) -> Erasure:
    """Write an erase job for these messages of a chat; ids given twice are kept once.

    ``everything`` only with all that is kept of her: what comes of it says so to her.
    """
    job = secrets.token_bytes(16)
    body = {
        "chat": chat,
        "messages": sorted(set(message_ids)),
        "requested": seconds(now),
        "everything": everything,
    }
    epoch = tx.keys.ring.current()
    tx.execute(_INSERT, {"id": job, "body": _seal(epoch, job, body), "epoch": epoch.number})
    return _erasure(job, body)


def pending(tx: Tx) -> list[Erasure]:
    """Every job not yet done, oldest first.

    One that does not open, altered or of an epoch whose key is gone, is left out: nobody can do
    it, and it must not keep the others from being done. `expire` drops it.
    """
    found = []
    for row in tx.execute(_ALL).fetchall():
        with suppress(IntegrityError):
            found.append(_erasure(row[0], _open(tx, *row)))
    return sorted(found, key=lambda each: (each.requested_at, each.id))


def done(tx: Tx, job: bytes) -> None:
    """Delete a job; one that is no longer there is no error (the work may be done twice)."""
    tx.execute(_DELETE, {"id": job})


def expire(tx: Tx, now: datetime) -> int:
    """Drop jobs older than `KEPT`, and any that cannot be opened; the number dropped."""
    dropped = 0
    for job, sealed, epoch in tx.execute(_ALL).fetchall():
        try:
            old = _erasure(job, _open(tx, job, sealed, epoch)).requested_at <= now - KEPT
        except IntegrityError:
            old = True
        if old:
            done(tx, job)
            dropped += 1
    return dropped


def renew(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Seal jobs of older epochs anew under the current one: ``most`` at a time, past ``after``."""
    epoch = tx.keys.ring.current()
    asked: dict[str, Value] = {"current": epoch.number, "after": after, "most": most}
    jobs = [row[0] for row in tx.execute(_OF_OLD_EPOCHS, asked).fetchall()]
    lock.rows(tx, erasures, *jobs)
    unreadable = 0
    for job in jobs:
        try:
            body = _open(tx, *tx.execute(_GET, {"id": job}).fetchone())
        except IntegrityError:
            unreadable += 1
            continue
        tx.execute(_RESEAL, {"at": job, "body": _seal(epoch, job, body), "epoch": epoch.number})
        tx.erased = True
    return Renewal(len(jobs) - unreadable, unreadable, jobs[-1] if jobs else None)


def newest_epoch(tx: Tx) -> int:
    """The greatest number of an epoch in any job, readable or not; 0 without jobs."""
    return int(tx.execute(_NEWEST_EPOCH).fetchone()[0] or 0)


def _seal(epoch: Epoch, job: bytes, body: dict[str, object]) -> bytes:
    return cipher.seal(epoch.subkey(_PURPOSE), _TABLE, job, json.dumps(body).encode("ascii"))


def _open(tx: Tx, job: bytes, sealed: bytes, number: int) -> dict[str, object]:
    epoch = tx.keys.epoch(number)
    if epoch is None:
        raise IntegrityError("the key of the job's epoch is gone")
    body: dict[str, object] = json.loads(
        cipher.open_sealed(epoch.subkey(_PURPOSE), _TABLE, job, sealed)
    )
    return body


def _erasure(job: bytes, body: dict[str, object]) -> Erasure:
    chat, messages, requested = body["chat"], body["messages"], body["requested"]
    everything = body.get("everything", True)  # one from before there were two kinds
    # Only this module writes the body, and the seal says that nobody else did.
    assert isinstance(chat, int)
    assert isinstance(messages, list)
    assert isinstance(requested, int)
    assert isinstance(everything, bool)
    return Erasure(job, chat, tuple(messages), moment(requested), everything)
