"""Posts as the desk writes them down and finds them again; what their end means is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from helpdesk.desk.posts import Place, Post, Purpose
from store import PostState, StoredPost, Tx, posts
from store.errors import IntegrityError


@dataclass(frozen=True, slots=True)
class Kept:
    """A post and its number, its case (None: of no case) and where it is on its way."""

    id: int
    case: bytes | None
    state: PostState
    post: Post

    @property
    def waits(self) -> bool:
        """Whether it has not been called yet, and nobody holds it."""
        return self.state is PostState.WAITING


def add(
    tx: Tx,
    case: bytes | None,
    post: Post,
    now: datetime,
    state: PostState = PostState.WAITING,
) -> int:
    """Write a post down and return its number."""
    return posts.add(tx, case, post.write(), now, state)


def get(tx: Tx, post_id: int) -> Kept | None:
    """Return a post, None when it is gone or cannot be read."""
    try:
        stored = posts.get(tx, post_id)
    except IntegrityError:
        return None
    return None if stored is None else _read(stored)


def put(tx: Tx, kept: Kept, post: Post, state: PostState | None = None) -> None:
    """Write a post anew, and perhaps in another state."""
    after = kept.state if state is None else state
    posts.put(tx, StoredPost(kept.id, kept.case, after, post.write()))


def delete(tx: Tx, *kept: Kept) -> None:
    """Forget posts."""
    for one in kept:
        posts.delete(tx, one.id)


def of_case(tx: Tx, case: bytes) -> list[Kept]:
    """Return every post of a case, in the order in which they were written."""
    return _every(posts.of_case(tx, case))


def every(tx: Tx, state: PostState) -> list[Kept]:
    """Return every post in a state, in the order in which they were written."""
    return _every(posts.every(tx, state))


def from_family(kept: Iterable[Kept]) -> list[Kept]:
    """Return those that carry something of the family's into a topic."""
    return [one for one in kept if one.post.purpose is Purpose.FROM_FAMILY]


def to_family(kept: Iterable[Kept], author: str | None = None) -> list[Kept]:
    """Return those that carry a volunteer's words to the family, of one author or of all."""
    return [
        one
        for one in kept
        if one.post.purpose is Purpose.TO_FAMILY and author in (None, one.post.author)
    ]


def into_group(kept: Iterable[Kept]) -> list[Kept]:
    """Return those that go into the group."""
    return [one for one in kept if one.post.place in (Place.TOPIC, Place.GENERAL)]


def _every(found: Iterable[StoredPost]) -> list[Kept]:
    read = (_read(stored) for stored in found)
    return [one for one in read if one is not None]


def _read(stored: StoredPost) -> Kept | None:
    body: dict[str, Any] = stored.body
    try:
        return Kept(stored.id, stored.case, stored.state, Post.read(body))
    except ValidationError:
        return None
