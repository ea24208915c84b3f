"""Posts that carry something of the family's into a topic: how they are made, and made anew.

Texts go as plain text, for an entity may carry an account; photos and voice notes are copied, under
a caption of ours. When something is passed is decided in `relay` and `unheard`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.desk import lengths, notices, outbox
from helpdesk.desk.case import Case
from helpdesk.desk.casebook import Entry
from helpdesk.desk.posts import Call, Place, Post, Priority, Purpose
from helpdesk.messages import Part, Screen
from store import Tx
from store.hours import seconds

JOIN: Final = 3
"""Seconds that a text waits for the one after it, to go as one message."""

_FRAME: Final = 24
"""Units that our own words take in the caption of a copy."""
_KIND: Final = "desk.kind."


def placeholder(kind: str) -> Part:
    """Return the line that stands for something that is not passed on."""
    return Part(f"desk.kind.{kind}")


def kind_of(post: Post) -> str | None:
    """Return for what a line stands; None when it carries words of hers, or a copy."""
    shown = post.shows
    key = "" if shown is None else shown.parts[0].key
    return key.removeprefix(_KIND) if key.startswith(_KIND) else None


def new(case: Case, now: datetime, call: Call, *sources: int) -> Post:
    """Return a post of what came in these messages of hers."""
    return Post(
        place=Place.TOPIC,
        call=call,
        purpose=Purpose.FROM_FAMILY,
        priority=notices.urgent(case, Priority.RELAY),
        at=seconds(now),
        sources=sources,
    )


def add_line(tx: Tx, entry: Entry, part: Part, now: datetime, *sources: int) -> None:
    """Write down a line of ours that stands for these messages of hers."""
    post = new(entry.case, now, Call.SAY, *sources)
    outbox.add(tx, entry.id, post.with_screen(Screen((part,))), now)


def add_text(
    tx: Tx,
    entry: Entry,
    message_id: int,
    cut: Sequence[str],
    answers: int | None,
    now: datetime,
    *,
    corrects: bool = False,
) -> None:
    """Write down a text, cut into the pieces that a message holds."""
    for piece in cut:
        post = new(entry.case, now, Call.SAY, message_id).but(
            pieces=(piece,), answers=answers, corrects=corrects, not_before=seconds(now) + JOIN
        )
        outbox.add(tx, entry.id, said(post), now)
        answers = None


def said(post: Post) -> Post:
    """Return the post of a text with its pieces as words to show."""
    kind = "corrected" if post.corrects else "text"
    return post.with_screen(_family_says(kind, "\n".join(post.pieces)))


def with_piece(post: Post, source: int, text: str) -> Post | None:
    """Return a joined text with one piece written anew; None when it does not fit any more."""
    paired = zip(post.sources, post.pieces, strict=True)
    pieces = tuple(text if one == source else piece for one, piece in paired)
    if lengths.weight("\n".join(pieces)) > lengths.TEXT:
        return None
    return said(post.but(pieces=pieces))


def without_piece(post: Post, source: int) -> Post | None:
    """Return a joined text without one of its pieces; None when nothing is left."""
    paired = zip(post.sources, post.pieces, strict=True)
    left = [(one, piece) for one, piece in paired if one != source]
    if not left:
        return None
    return said(
        post.but(sources=tuple(one for one, _ in left), pieces=tuple(piece for _, piece in left))
    )


def captioned(post: Post, words: str) -> tuple[Post, str]:
    """Give a copy its caption; what is too long for one is given back, to follow as a text."""
    if words and lengths.weight(words) <= lengths.CAPTION - _FRAME:
        return post.with_screen(_family_says("text", words)), ""
    return post.but(screen=None), words


def _family_says(kind: str, words: str) -> Screen:
    return Screen((Part(f"desk.family.{kind}", {"text": notices.text(words)}),))
