"""What goes out next, and what its end means: the desk's outbox as ``bot`` works it off.

For every call: `waiting` says what may go out, `claim` marks one as calling (committed before the
call is made) and `ended` takes what became of it. Nothing is called here. The order is worked out
in `lineup`, ends are taken in `endings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from helpdesk.desk import budget, casebook, claims, endings, lineup, outbox, posture, topics
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import DeskContext, group_of
from helpdesk.desk.ends import Aftermath, End, Queued, Ready, Result
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Call, Place, Post, Purpose
from helpdesk.desk.topics import moved
from store import PostState, Tx
from store.hours import seconds

__all__ = [
    "Aftermath",
    "End",
    "Queued",
    "Ready",
    "Result",
    "claim",
    "ended",
    "moved",
    "recover",
    "waiting",
]

_IN_GROUP = frozenset({Place.TOPIC, Place.GENERAL})


def waiting(tx: Tx, now: datetime, context: DeskContext) -> list[Queued]:
    """List what may go out now or at its ``not_before``, in order; nothing for an unsafe group."""
    group, on_way = group_of(tx, context), lineup.on_their_way(tx)
    found = []
    if group is not None:
        into_group = lineup.into_group(tx, on_way, now, context)
        found = [_queued(one, group, True, now) for one in into_group]
    into_private = lineup.into_private(tx, on_way)
    return found + [_queued(one, chat, False, now) for chat, one in into_private]


def claim(tx: Tx, post_id: int, now: datetime, context: DeskContext) -> Ready | float | None:
    """Mark a post as calling; the seconds to wait for the budget; or None: it is not to go now."""
    kept = outbox.get(tx, post_id)
    if kept is None or not kept.waits:
        return None
    wait = _not_before(kept.post, now)
    if wait is not None:
        return float(wait - seconds(now))
    entry = None if kept.case is None else casebook.of_id(tx, kept.case)
    ready = _ready(tx, kept, entry, context)
    if ready is None:
        return None
    if kept.post.place in _IN_GROUP:
        if not posture.safe(tx, now):
            return None
        room = budget.spend(tx, now, kept.case)
        if room > 0:
            return room
    outbox.put(tx, kept, ready.post, PostState.CALLING)
    return ready


def ended(tx: Tx, ready: Ready, result: Result, now: datetime, context: DeskContext) -> Aftermath:
    """Take the end of a call that `claim` allowed."""
    if ready.post.place in _IN_GROUP:
        budget.landed(tx, now)
    return endings.take(tx, ready, result, now, context)


def recover(tx: Tx, now: datetime, context: DeskContext) -> Mapping[str, int]:
    """At the start: whatever was being called when the program died ended UNKNOWN."""
    counts: dict[str, int] = {}
    budget.landed(tx, now)
    topics.at_home(tx, now, context)
    for kept in outbox.every(tx, PostState.CALLING):
        entry = None if kept.case is None else casebook.of_id(tx, kept.case)
        ready = _ready(tx, kept, entry, context)
        if ready is not None:
            after = endings.take(tx, ready, Result(End.UNKNOWN), now, context)
            counts = claims.added(counts, after.counts)
        elif kept.post.place is Place.TOPIC:
            outbox.put(tx, kept, kept.post, PostState.WAITING)
        else:
            outbox.delete(tx, kept)
    return counts


def _queued(kept: Kept, lane: int, is_group: bool, now: datetime) -> Queued:
    not_before = _not_before(kept.post, now)
    return Queued(kept.id, lane, is_group, kept.post.priority, not_before)


def _not_before(post: Post, now: datetime) -> int | None:
    """Return when a post may go, None for now; so it is, too, when the clock was set back."""
    if post.not_before is None or not post.at <= seconds(now) < post.not_before:
        return None
    return post.not_before


def _ready(tx: Tx, kept: Kept, entry: Entry | None, context: DeskContext) -> Ready | None:
    """Say where a post goes; None when it has nowhere to go (yet)."""
    post = kept.post.but(tries=kept.post.tries + 1)
    group = group_of(tx, context)
    if post.place is Place.PERSON:
        return None if post.user is None else Ready(kept.id, post, post.user)
    if post.place is Place.FAMILY:
        if entry is None or entry.chat is None:
            return None
        return Ready(kept.id, post, entry.chat, source_chat=group)
    if group is None:
        return None
    if post.place is Place.GENERAL:
        return Ready(kept.id, post, group)
    if post.call is Call.DELETE_TOPIC:
        return Ready(kept.id, post, group, post.target)
    if entry is None:
        return None
    if post.call is Call.OPEN_TOPIC:
        return Ready(kept.id, post, group)
    if entry.case.topic is None:
        return None
    if post.call in (Call.CLOSE_TOPIC, Call.REOPEN_TOPIC):
        post = post.but(target=entry.case.topic)
    return Ready(kept.id, _answering(post, entry), group, entry.case.topic, entry.chat)


def _answering(post: Post, entry: Entry) -> Post:
    """Let a correction answer the words it corrects, which may have gone out only just now."""
    if post.purpose is not Purpose.FROM_FAMILY or not post.corrects or post.answers is not None:
        return post
    own = (one.desk for one in entry.case.pairs if not one.out and one.family in post.sources)
    return post.but(answers=next(own, None) or None)
