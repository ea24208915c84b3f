"""Posts: the desk's outbox, sealed; what a post says and where it goes is not known here.

A post is found by its number. In clear stand that, its case (a random id), its state, a whole hour
and its epoch; case and state stand in the sealed body too, so that a post put under another case,
or let go while it is held, does not open.

Numbers grow, for posts are sent in their order, and none ever comes again, not after its post is
gone and not after a restart: a button that confirms one must never confirm another. The last number
is therefore kept in a table of its own. It grows by random steps: the file does not tell how many
posts there were, and with an older copy of the file put back a number seen before is unlikely.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
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
from store.tables import post_numbers, posts
from store.transaction import Tx

KEPT: Final = timedelta(hours=24)
"""Delivered or not, by then a post is gone."""

STEP: Final = 1000
"""The most by which a number exceeds the one before."""

_TABLE: Final = "posts"
_ONLY: Final = 1
_ID_BYTES: Final = 8

_GET = statement(select(posts).where(posts.c.id == bindparam("id")))
_INSERT = statement(insert(posts))
_UPDATE = statement(
    update(posts)
    .where(posts.c.id == bindparam("at"))
    .values(
        case_id=bindparam("case_id"),
        state=bindparam("state"),
        wrapped_key=bindparam("wrapped_key"),
        body=bindparam("body"),
        epoch=bindparam("epoch"),
    )
)
_DELETE = statement(sa.delete(posts).where(posts.c.id == bindparam("id")))
_IN_STATE = statement(select(posts).where(posts.c.state == bindparam("state")).order_by(posts.c.id))
_OF_CASE = statement(
    select(posts).where(posts.c.case_id == bindparam("case_id")).order_by(posts.c.id)
)
_DELETE_OF_CASE = statement(sa.delete(posts).where(posts.c.case_id == bindparam("case_id")))
_EXPIRE = statement(sa.delete(posts).where(posts.c.made_hour <= bindparam("limit")))
_OF_OLD_EPOCHS = statement(
    select(posts)
    .where(posts.c.epoch != bindparam("current"), posts.c.id > bindparam("after"))
    .order_by(posts.c.id)
    .limit(bindparam("most", type_=sa.Integer))
)
_NEWEST_EPOCH = statement(select(sa.func.max(posts.c.epoch)))

_LAST = statement(select(post_numbers.c.last).where(post_numbers.c.id == bindparam("id")))
_FIRST_NUMBER = statement(insert(post_numbers))
_NUMBER = statement(
    update(post_numbers).where(post_numbers.c.id == bindparam("at")).values(last=bindparam("last"))
)


class PostState(IntEnum):
    """Where a post is on its way; what ends it is that it is deleted."""

    WAITING = 0
    CALLING = 1
    HELD = 2


@dataclass(frozen=True, slots=True)
class StoredPost:
    """One post. ``case`` is the id of its case in `store.cases`; ``body`` is a JSON object."""

    id: int
    case: bytes | None
    state: PostState
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    case_id: bytes | None
    state: int
    wrapped_key: bytes
    body: bytes
    epoch: int
    made_hour: int

    @property
    def sealed(self) -> Sealed:
        return Sealed(self.wrapped_key, self.body, self.epoch)


def add(
    tx: Tx,
    case: bytes | None,
    body: dict[str, Any],
    now: datetime,
    state: PostState = PostState.WAITING,
) -> int:
    """Write a new post; its number, greater than every one before and never given again.

    A post with a case goes with the case; one without outlives it, up to `KEPT`. Raises `TypeError`
    or `ValueError` when the body is not JSON.
    """
    post = StoredPost(_next_number(tx), case, state, body)
    values = sealed.anew(tx.keys.ring.current(), _TABLE, _row(post.id), _content(post))
    clear: dict[str, Value] = {
        "id": post.id,
        "case_id": case,
        "state": int(state),
        "made_hour": hour(now),
    }
    tx.execute(_INSERT, {**clear, **values})
    return post.id


def get(tx: Tx, id: int) -> StoredPost | None:
    """The post of a number; None when there is none (any more). Raises `IntegrityError`."""
    row = _find(tx, id)
    return None if row is None else _open(tx, row)


def put(tx: Tx, post: StoredPost) -> None:
    """Write a post that is there, whole; its hours count from `add`, as before.

    Raises `GoneError` when it is no longer there, and `IntegrityError`.
    """
    row = _find(tx, post.id)
    if row is None:
        raise GoneError("the post is no longer there")
    values = sealed.again(tx.keys, _TABLE, _row(post.id), row.sealed, _content(post))
    tx.execute(_UPDATE, {"at": post.id, "case_id": post.case, "state": int(post.state), **values})


def delete(tx: Tx, id: int) -> bool:
    """Delete a post with its key; False when there was none."""
    lock.rows(tx, posts, id)
    return tx.execute(_DELETE, {"id": id}).rowcount > 0


def every(tx: Tx, state: PostState) -> Found[StoredPost]:
    """Every post in a state, in the order of their numbers."""
    return _found(tx, tx.execute(_IN_STATE, {"state": int(state)}).fetchall())


def of_case(tx: Tx, case_id: bytes) -> Found[StoredPost]:
    """Every post of a case, whatever its state, in the order of their numbers."""
    return _found(tx, tx.execute(_OF_CASE, {"case_id": case_id}).fetchall())


def delete_of_case(tx: Tx, case_id: bytes) -> int:
    """Delete every post of a case, readable or not; how many."""
    return tx.execute(_DELETE_OF_CASE, {"case_id": case_id}).rowcount


def expire(tx: Tx, now: datetime) -> int:
    """Delete posts older than `KEPT`, delivered or not; how many.

    Hours are rounded down, so a post goes up to an hour early, never late.
    """
    return tx.execute(_EXPIRE, {"limit": hour(now - KEPT)}).rowcount


def renew(tx: Tx, now: datetime, after: bytes, most: int) -> Renewal:
    """Seal posts of older epochs anew under the current one: ``most`` at a time, past ``after``.

    A post keeps its number; its key is new.
    """
    epoch = tx.keys.ring.current()
    asked: dict[str, Value] = {
        "current": epoch.number,
        "after": int.from_bytes(after, "big"),
        "most": most,
    }
    old = [_Row(*values) for values in tx.execute(_OF_OLD_EPOCHS, asked).fetchall()]
    lock.rows(tx, posts, *(row.id for row in old))
    unreadable = 0
    for row in old:
        try:
            post = _open(tx, row)
        except IntegrityError:
            unreadable += 1
            continue
        values = sealed.anew(epoch, _TABLE, _row(row.id), _content(post))
        tx.execute(_UPDATE, {"at": row.id, "case_id": row.case_id, "state": row.state, **values})
        tx.erased = True
    return Renewal(len(old) - unreadable, unreadable, _row(old[-1].id) if old else None)


def newest_epoch(tx: Tx) -> int:
    """The greatest number of an epoch in any post, readable or not; 0 without posts."""
    return int(tx.execute(_NEWEST_EPOCH).fetchone()[0] or 0)


def _next_number(tx: Tx) -> int:
    lock.rows(tx, post_numbers, _ONLY)
    row = tx.execute(_LAST, {"id": _ONLY}).fetchone()
    number = (0 if row is None else int(row[0])) + 1 + secrets.randbelow(STEP)
    if row is None:
        tx.execute(_FIRST_NUMBER, {"id": _ONLY, "last": number})
    else:
        tx.execute(_NUMBER, {"at": _ONLY, "last": number})
    return number


def _find(tx: Tx, number: int) -> _Row | None:
    lock.rows(tx, posts, number)
    row = tx.execute(_GET, {"id": number}).fetchone()
    return None if row is None else _Row(*row)


def _found(tx: Tx, rows: list[Any]) -> Found[StoredPost]:
    found: Found[StoredPost] = Found()
    for values in rows:
        try:
            found.append(_open(tx, _Row(*values)))
        except IntegrityError:
            found.unreadable += 1
    return found


def _open(tx: Tx, row: _Row) -> StoredPost:
    content = sealed.opened(tx.keys, _TABLE, _row(row.id), row.sealed)
    if (content["case"], content["state"]) != (_hex(row.case_id), row.state):
        raise IntegrityError("the post was put under another case or into another state")
    return StoredPost(row.id, row.case_id, PostState(row.state), content["body"])


def _content(post: StoredPost) -> dict[str, Any]:
    return {"case": _hex(post.case), "state": int(post.state), "body": post.body}


def _hex(case: bytes | None) -> str | None:
    return None if case is None else case.hex()


def _row(number: int) -> bytes:
    return number.to_bytes(_ID_BYTES, "big")
