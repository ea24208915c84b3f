"""What becomes of a post that cannot be passed on as it is: other words, two pieces, a notice."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from helpdesk.desk import arrivals, casebook, family_posts, lengths, notices, outbox
from helpdesk.desk.case import Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.ends import End
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Call, Post, Priority, Purpose
from helpdesk.messages import Part, Screen
from store import PostState, Tx
from store.hours import seconds

_SHORTEST: Final = 200
"""Units of a text that is not cut any further: then its length is not what is wrong."""
_RETRY: Final = 60
_GONE: Final = "gone"
_UNSHOWN: Final = "unshown"
_WHY: Final = {
    End.VOICE_FORBIDDEN: "voice",
    End.SOURCE_GONE: "gone",
    End.UNCOPYABLE: "uncopyable",
}


def take(tx: Tx, kept: Kept, entry: Entry | None, end: End, now: datetime) -> None:
    """Take the refusal of a post."""
    purpose = kept.post.purpose
    if entry is None or purpose in (Purpose.NOTICE, Purpose.RECEIPT, Purpose.TOLD_FAMILY):
        outbox.delete(tx, kept)
    elif kept.post.call is Call.OPEN_TOPIC:
        # Without it nothing of the case can go out: it is tried until it can be.
        later = kept.post.but(not_before=seconds(now) + _RETRY)
        outbox.put(tx, kept, later, PostState.WAITING)
    elif end is End.TOO_LONG and _cut(tx, kept, entry, now):
        pass
    elif purpose is Purpose.FROM_FAMILY:
        _stand_in(tx, kept, entry, end, now)
    elif purpose is Purpose.TO_FAMILY:
        outbox.delete(tx, kept)
        tell_author(tx, kept.post, entry, end, now)
    elif purpose is Purpose.RETIRE:
        outbox.delete(tx, kept)
        arrivals.retired(tx, kept, entry, now, "desk.retired.not_there")
    else:
        outbox.delete(tx, kept)


def _cut(tx: Tx, kept: Kept, entry: Entry, now: datetime) -> bool:
    """Make two of what was too long: a photo and its words, or two halves. False if there is none.

    The post itself becomes the first of them, so that it keeps its place.
    """
    post = kept.post
    shown = post.shows
    words = "" if shown is None else str(shown.parts[0].params.get("text", ""))
    text = words.removeprefix("text:")
    if shown is None or not text:
        return False
    part = shown.parts[0]
    if post.call in (Call.COPY, Call.MEDIA):
        first = post.but(screen=None)
        key = "desk.family.text"
        if post.purpose is Purpose.TO_FAMILY:
            first = post.with_screen(Screen((Part("case.media", {"who": post.author or ""}),)))
            key = "case.reply"
        rest = [_with_words(post, part, key, text)]
    else:
        if lengths.weight(text) < _SHORTEST:
            return False
        cut = lengths.pieces(text, max(_SHORTEST // 2, lengths.weight(text) // 2))
        first, *rest = (_with_words(post, part, part.key, one) for one in cut)
    outbox.put(tx, kept, first, PostState.WAITING)
    for one in rest:
        outbox.add(tx, entry.id, one, now)
    return True


def _with_words(post: Post, part: Part, key: str, text: str) -> Post:
    changed = Part(key, {**part.params, "text": notices.text(text)})
    said = post.but(call=Call.SAY, source=None, kind=None, file=None, pieces=())
    return said.with_screen(Screen((changed,), fresh=post.purpose is Purpose.TO_FAMILY))


def _stand_in(tx: Tx, kept: Kept, entry: Entry, end: End, now: datetime) -> None:
    """Say in the topic that there was something, in the place where it would stand."""
    post = kept.post
    if post.call is Call.COPY:
        kind = _GONE if end is End.SOURCE_GONE else (post.kind or "other")
    elif family_posts.kind_of(post) is None and post.pieces:
        kind = _UNSHOWN
        notices.told_family(tx, entry, now, "case.lost")
    else:
        outbox.delete(tx, kept)
        return
    line = post.but(call=Call.SAY, source=None, own_caption=False, pieces=(), answers=None)
    shown = line.with_screen(Screen((family_posts.placeholder(str(kind)),)))
    outbox.put(tx, kept, shown, PostState.WAITING)


def tell_author(tx: Tx, post: Post, entry: Entry, end: End, now: datetime) -> None:
    """Tell whoever wrote a reply that it did not arrive; the family goes on waiting."""
    case = entry.case
    if case.status is Status.CLAIMED and case.waiting_since is None:
        case = case.but(waiting_since=seconds(now), lease_from=seconds(now))
        entry = casebook.save(tx, entry, case, now)
    notices.in_topic(
        tx,
        entry,
        now,
        (Part(f"desk.failed.{_WHY.get(end, 'refused')}"),),
        answers=post.origin,
        priority=Priority.RECEIPT,
        silent=False,
    )
