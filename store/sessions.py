"""One session per chat: its answers and step, sealed; what the answers mean is not known here.

A row is found by the keyed hash of the chat id. Its body (chat id, state, message ids) is sealed
under a random key of its own, which is wrapped. Hash and wrapping hang on the key of the row's
epoch: with that key destroyed, the row tells neither what was said nor who was there. In clear
stand the number of the epoch, two counters of screens and two whole hours, which retention needs
without opening anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select, update

from store import cipher, envelope, lock
from store.envelope import Renewal
from store.errors import IntegrityError
from store.found import Found
from store.hours import hour, moment, seconds
from store.keyring import Epoch
from store.statements import Value, statement
from store.tables import sessions
from store.transaction import Tx

IDLE: Final = timedelta(days=7)
"""A session that nobody has touched for this long is gone."""

MESSAGES_KEPT: Final = timedelta(hours=47)
"""Message ids are kept as long as they can be deleted with: Telegram allows 48 hours."""

_TABLE: Final = "sessions"
_LOOKUP: Final = "session"

_GET = statement(select(sessions).where(sessions.c.lookup == bindparam("lookup")))
_INSERT = statement(insert(sessions))
_UPDATE = statement(
    update(sessions)
    .where(sessions.c.lookup == bindparam("at"))
    .values(
        body=bindparam("body"),
        revision=bindparam("revision"),
        shown_revision=bindparam("shown_revision"),
        touched_hour=bindparam("touched_hour"),
        oldest_message_hour=bindparam("oldest_message_hour"),
    )
)
_DELETE = statement(sa.delete(sessions).where(sessions.c.lookup == bindparam("lookup")))
_UNSHOWN = statement(
    select(sessions)
    .where(
        sessions.c.revision != sessions.c.shown_revision,
        sessions.c.touched_hour > bindparam("limit"),
    )
    .order_by(sessions.c.lookup)
)
_EXPIRE = statement(sa.delete(sessions).where(sessions.c.touched_hour <= bindparam("limit")))
_OLD_MESSAGES = statement(
    select(sessions).where(sessions.c.oldest_message_hour <= bindparam("limit"))
)
_OF_OLD_EPOCHS = statement(
    select(sessions.c.lookup)
    .where(sessions.c.epoch != bindparam("current"), sessions.c.lookup > bindparam("after"))
    .order_by(sessions.c.lookup)
    .limit(bindparam("most", type_=sa.Integer))
)
_NEWEST_EPOCH = statement(select(sa.func.max(sessions.c.epoch)))


class SentMessage(NamedTuple):
    """A message in the family's chat, by Telegram's id, and when it was sent (aware UTC)."""

    message_id: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept of one conversation.

    ``state`` is a JSON object that only helpdesk understands. ``revision`` counts the screens that
    were decided, ``shown_revision`` is the last one known to have arrived. ``messages`` are the
    ids in the chat, the bot's and the family's, that /borrar deletes.
    """

    state: dict[str, Any]
    revision: int = 0
    shown_revision: int = 0
    messages: tuple[tuple[int, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    lookup: bytes
    wrapped_key: bytes
    body: bytes
    revision: int
    shown_revision: int
    touched_hour: int
    oldest_message_hour: int | None
    epoch: int


def get(tx: Tx, chat: int, now: datetime) -> Session | None:
    """The session of a chat; None when there is none or it has been idle for `IDLE`.

    Message ids older than `MESSAGES_KEPT` are left out. Raises `IntegrityError` when the row was
    altered or moved.
    """
    row = _find(tx, chat)
    if row is None or row.touched_hour <= hour(now - IDLE):
        return None
    _, session = _open(tx, row)
    return replace(session, messages=_fresh(session.messages, now))


def put(tx: Tx, chat: int, session: Session, now: datetime) -> None:
    """Write the session of a chat, whole; it becomes touched ``now``.

    Keeps the row's key if there is a row. Message ids older than `MESSAGES_KEPT` are dropped.
    Raises `TypeError` or `ValueError` when the state is not JSON.
    """
    row = _find(tx, chat)
    if row is None:
        _insert(tx, tx.keys.ring.current(), chat, session, now, hour(now))
        return
    values = _values(row.lookup, _row_key(tx, row), chat, session, now, hour(now))
    tx.execute(_UPDATE, {"at": row.lookup, **values})


def delete(tx: Tx, chat: int) -> bool:
    """Delete the session of a chat with its key; False when there was none.

    The bytes leave the file when the database is next scrubbed, which the commit asks for.
    """
    lookups = [epoch.lookup(_LOOKUP, chat) for epoch in tx.keys.epochs()]
    lock.rows(tx, sessions, *lookups)
    return sum(tx.execute(_DELETE, {"lookup": each}).rowcount for each in lookups) > 0


def unshown(tx: Tx, now: datetime) -> Found[tuple[int, Session]]:
    """Chats whose last screen is not known to have arrived, with their sessions.

    For the start after a crash. What has been idle for `IDLE` is left out. The order is that of the
    look-up values: none that means anything.
    """
    found: Found[tuple[int, Session]] = Found()
    for values in tx.execute(_UNSHOWN, {"limit": hour(now - IDLE)}).fetchall():
        try:
            chat, session = _open(tx, _Row(*values))
        except IntegrityError:
            found.unreadable += 1
            continue
        found.append((chat, replace(session, messages=_fresh(session.messages, now))))
    return found


def mark_shown(
    tx: Tx,
    chat: int,
    revision: int,
    now: datetime,
    message_ids: Iterable[int] = (),
) -> bool:
    """Note that the screen of this revision arrived, and the ids of the messages that carry it.

    Never goes backwards, and does not touch: showing is the bot's doing, not the family's. False
    when there is no session any more: the ids were not kept, and their messages, if they are to
    go, need an erase job of their own.
    """
    return _note(tx, chat, revision, message_ids, now)


def note_messages(tx: Tx, chat: int, ids: Iterable[int], now: datetime) -> bool:
    """Note ids of messages in the chat that carry no screen, so that /borrar deletes them too.

    Does not touch. False when there is no session, see `mark_shown`.
    """
    return _note(tx, chat, 0, ids, now)


def message_ids(tx: Tx, chat: int, now: datetime) -> tuple[int, ...]:
    """The ids in the chat that can still be deleted, oldest first; empty without a session."""
    row = _find(tx, chat)
    if row is None:
        return ()
    _, session = _open(tx, row)
    return tuple(message_id for message_id, _ in _fresh(session.messages, now))


def expire(tx: Tx, now: datetime) -> int:
    """Delete sessions idle for `IDLE` and drop old message ids; the number of deleted sessions.

    Hours are rounded down, so an idle session goes up to an hour early, never late.
    """
    gone = tx.execute(_EXPIRE, {"limit": hour(now - IDLE)}).rowcount
    for values in tx.execute(_OLD_MESSAGES, {"limit": hour(now - MESSAGES_KEPT)}).fetchall():
        row = _Row(*values)
        try:
            chat, session = _open(tx, row)
        except IntegrityError:
            # It can never be opened, so its ids serve nobody; one bad row must not stop the rest.
            tx.execute(_DELETE, {"lookup": row.lookup})
            continue
        sealed = _values(row.lookup, _row_key(tx, row), chat, session, now, row.touched_hour)
        tx.execute(_UPDATE, {"at": row.lookup, **sealed})
        tx.erased = True
    return gone


def renew(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Seal rows of older epochs anew under the current one: ``most`` at a time, past ``after``.

    Everything is new afterwards, look-up value and row key too: neither the key of the old epoch
    nor an old copy of the row leads to the row as it is now, nor this one to that. Does not touch.
    """
    epoch = tx.keys.ring.current()
    asked: dict[str, Value] = {"current": epoch.number, "after": after, "most": most}
    lookups = [row[0] for row in tx.execute(_OF_OLD_EPOCHS, asked).fetchall()]
    lock.rows(tx, sessions, *lookups)
    unreadable = 0
    for lookup in lookups:
        row = _Row(*tx.execute(_GET, {"lookup": lookup}).fetchone())
        try:
            chat, session = _open(tx, row)
        except IntegrityError:
            unreadable += 1
            continue
        tx.execute(_DELETE, {"lookup": lookup})
        # One is there already when a lost keyring was put back after the family had begun again.
        if tx.execute(_GET, {"lookup": epoch.lookup(_LOOKUP, chat)}).fetchone() is None:
            _insert(tx, epoch, chat, session, now, row.touched_hour)
    return Renewal(len(lookups) - unreadable, unreadable, lookups[-1] if lookups else None)


def newest_epoch(tx: Tx) -> int:
    """The greatest number of an epoch in any row, readable or not; 0 without rows."""
    return int(tx.execute(_NEWEST_EPOCH).fetchone()[0] or 0)


def _note(tx: Tx, chat: int, revision: int, ids: Iterable[int], now: datetime) -> bool:
    row = _find(tx, chat)
    if row is None:
        return False
    _, session = _open(tx, row)
    known = {message_id for message_id, _ in session.messages}
    new = tuple(SentMessage(each, now) for each in dict.fromkeys(ids) if each not in known)
    shown = max(session.shown_revision, min(revision, session.revision))
    session = replace(session, shown_revision=shown, messages=(*session.messages, *new))
    values = _values(row.lookup, _row_key(tx, row), chat, session, now, row.touched_hour)
    tx.execute(_UPDATE, {"at": row.lookup, **values})
    return True


def _find(tx: Tx, chat: int) -> _Row | None:
    for epoch in tx.keys.epochs():
        lookup = epoch.lookup(_LOOKUP, chat)
        lock.rows(tx, sessions, lookup)
        row = tx.execute(_GET, {"lookup": lookup}).fetchone()
        if row is not None:
            return _Row(*row)
    return None


def _insert(
    tx: Tx, epoch: Epoch, chat: int, session: Session, now: datetime, touched_hour: int
) -> None:
    lookup = epoch.lookup(_LOOKUP, chat)
    key, wrapped = envelope.new_row_key(epoch, _TABLE, lookup)
    values = _values(lookup, key, chat, session, now, touched_hour)
    tx.execute(_INSERT, {"lookup": lookup, "wrapped_key": wrapped, "epoch": epoch.number, **values})


def _row_key(tx: Tx, row: _Row) -> bytes:
    epoch = tx.keys.epoch(row.epoch)
    if epoch is None:
        raise IntegrityError("the key of the row's epoch is gone")
    return envelope.row_key(epoch, _TABLE, row.lookup, row.wrapped_key)


def _open(tx: Tx, row: _Row) -> tuple[int, Session]:
    body = json.loads(cipher.open_sealed(_row_key(tx, row), _TABLE, row.lookup, row.body))
    session = Session(
        state=body["state"],
        revision=row.revision,
        shown_revision=row.shown_revision,
        messages=tuple(SentMessage(each, moment(at)) for each, at in body["messages"]),
    )
    return body["chat"], session


def _values(
    lookup: bytes,
    key: bytes,
    chat: int,
    session: Session,
    now: datetime,
    touched_hour: int,
) -> dict[str, Value]:
    messages = _fresh(session.messages, now)
    body = {
        "chat": chat,
        "state": session.state,
        "messages": [[message_id, seconds(sent_at)] for message_id, sent_at in messages],
    }
    plaintext = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return {
        "body": cipher.seal(key, _TABLE, lookup, plaintext.encode("utf-8")),
        "revision": session.revision,
        "shown_revision": session.shown_revision,
        "touched_hour": touched_hour,
        "oldest_message_hour": min((hour(at) for _, at in messages), default=None),
    }


def _fresh(messages: Iterable[tuple[int, datetime]], now: datetime) -> tuple[SentMessage, ...]:
    limit = now - MESSAGES_KEPT
    return tuple(SentMessage(each, at) for each, at in messages if at > limit)
