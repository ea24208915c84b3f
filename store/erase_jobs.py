"""Erase jobs: which messages are still to be deleted from a chat, sealed under their own key.

A job outlives the session it came from, so it has its own key purpose and no look-up value: with
the session gone nothing in the file leads from a chat to its job. Jobs are few and short-lived;
whoever needs them opens them all. What /borrar deletes is in `store.erasures`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from store import cipher
from store.errors import IntegrityError
from store.hours import moment, seconds
from store.statements import statement
from store.tables import erasures
from store.transaction import Tx

KEPT: Final = timedelta(hours=1)
"""A job that could not be done by then is dropped: it may not become a list of chats."""

_TABLE: Final = "erasures"
_PURPOSE: Final = "seal:erasure"

_INSERT = statement(insert(erasures))
_ALL = statement(select(erasures).order_by(erasures.c.id))
_DELETE = statement(delete(erasures).where(erasures.c.id == bindparam("id")))


@dataclass(frozen=True, slots=True)
class Erasure:
    """Messages to delete from a chat; ``requested_at`` is aware UTC, whole seconds."""

    id: bytes
    chat: int
    message_ids: tuple[int, ...]
    requested_at: datetime


def request(tx: Tx, chat: int, message_ids: Iterable[int], now: datetime) -> Erasure:
    """Write an erase job for these messages of a chat; ids given twice are kept once."""
    job = secrets.token_bytes(16)
    body = {
        "chat": chat,
        "messages": sorted(set(message_ids)),
        "requested": seconds(now),
    }
    sealed = cipher.seal(tx.keys.subkey(_PURPOSE), _TABLE, job, json.dumps(body).encode("ascii"))
    tx.execute(_INSERT, {"id": job, "body": sealed})
    return _erasure(job, body)


def pending(tx: Tx) -> list[Erasure]:
    """Every job not yet done, oldest first. Raises `IntegrityError` when one was altered."""
    rows = tx.execute(_ALL).fetchall()
    return sorted((_open(tx, *row) for row in rows), key=lambda each: (each.requested_at, each.id))


def done(tx: Tx, job: bytes) -> None:
    """Delete a job; one that is no longer there is no error (the work may be done twice)."""
    tx.execute(_DELETE, {"id": job})


def expire(tx: Tx, now: datetime) -> int:
    """Drop jobs older than `KEPT`, and any that cannot be opened; the number dropped."""
    dropped = 0
    for job, sealed in tx.execute(_ALL).fetchall():
        try:
            old = _open(tx, job, sealed).requested_at <= now - KEPT
        except IntegrityError:
            old = True
        if old:
            done(tx, job)
            dropped += 1
    return dropped


def _open(tx: Tx, job: bytes, sealed: bytes) -> Erasure:
    return _erasure(
        job, json.loads(cipher.open_sealed(tx.keys.subkey(_PURPOSE), _TABLE, job, sealed))
    )


def _erasure(job: bytes, body: dict[str, object]) -> Erasure:
    chat, messages, requested = body["chat"], body["messages"], body["requested"]
    # Only this module writes the body, and the seal says that nobody else did.
    assert isinstance(chat, int)
    assert isinstance(messages, list)
    assert isinstance(requested, int)
    return Erasure(job, chat, tuple(messages), moment(requested))
