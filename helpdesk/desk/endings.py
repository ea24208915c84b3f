"""What the end of a call means for the case, the topic and the family; nothing is called here.

Into the group what may have arrived goes again, for a line twice does no harm. To a family it does
not: whoever wrote it is asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from helpdesk.desk import (
    arrivals,
    budget,
    casebook,
    closing,
    failures,
    notices,
    outbox,
    posture,
    replies,
    topics,
)
from helpdesk.desk.case import Reason
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import DeskContext, group_of
from helpdesk.desk.ends import Aftermath, End, Ready, Result
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import WRITES, Call, Place, Priority, Purpose
from helpdesk.desk.posture import GroupFacts
from helpdesk.messages import Part
from store import PostState, Tx, erasures
from store.hours import seconds

MOST_UNKNOWN: Final = 5
"""Times that something may go into the group while nobody knows whether it arrived."""
PERSON_AGAIN: Final = 10 * 60
"""Seconds until somebody of the team is tried again who has not begun a chat with the bot."""
_PAUSE: Final = 5
_LONG: Final = 60

_IN_GROUP: Final = frozenset({Place.TOPIC, Place.GENERAL})
_NOT_ADMIN: Final = GroupFacts(
    inside=True,
    kind="supergroup",
    is_forum=True,
    history_visible=False,
    members_hidden=True,
    content_protected=True,
    join_by_request=True,
    members_may_invite=False,
)
"""A reading in which nothing is wrong but that the bot may not do what it must, until the next."""


def take(tx: Tx, ready: Ready, result: Result, now: datetime, context: DeskContext) -> Aftermath:
    """Take the end of a call."""
    kept = outbox.get(tx, ready.id)
    entry = None if kept is None or kept.case is None else casebook.of_id(tx, kept.case)
    if kept is None or (kept.case is not None and entry is None):
        if kept is not None:
            outbox.delete(tx, kept)
        return _too_late(tx, ready, result, now)
    end = result.end
    if end is End.SENT:
        outbox.delete(tx, kept)
        if entry is None:
            return Aftermath()
        if ready.source_chat not in (entry.chat, group_of(tx, context)):
            # The group moved meanwhile: the number of the reply means another message by now.
            kept = replace(kept, post=kept.post.but(origin=None))
        return Aftermath(arrivals.take(tx, kept, entry, ready, result, now))
    if end is End.FAMILY_GONE:
        return Aftermath(_family_gone(tx, kept, entry, now))
    if end is End.UNKNOWN:
        _unknown(tx, kept, entry, now)
    elif end is End.LATER:
        if kept.post.place in _IN_GROUP:
            budget.hold(tx, now, result.seconds)
        _again(tx, kept, now, result.seconds)
    elif end is End.MOVED and result.moved_to is not None:
        _again(tx, kept, now)
        topics.moved(tx, result.moved_to, now, context)
    elif end in (End.NO_RIGHTS, End.OUT) and kept.post.place in _IN_GROUP:
        _again(tx, kept, now)
        posture.note(tx, _NOT_ADMIN if end is End.NO_RIGHTS else GroupFacts(), now)
    elif end in (End.TOPIC_GONE, End.TOPIC_CLOSED) and entry is not None:
        _topic_trouble(tx, kept, entry, ready, end, now, context)
    elif end is End.TARGET_GONE and kept.post.answers is not None:
        _again(tx, kept, now, answers=None)
    else:
        failures.take(tx, kept, entry, end, now)
    return Aftermath()


def _too_late(tx: Tx, ready: Ready, result: Result, now: datetime) -> Aftermath:
    """Take back what arrived after /borrar: nothing may be left of it in her chat or the group."""
    if result.end is not End.SENT:
        return Aftermath()
    if ready.post.place is Place.FAMILY and result.message_id is not None:
        if ready.post.call in WRITES:
            erasures.request(tx, ready.chat, [result.message_id], now)
            return Aftermath(erase=ready.chat)
    elif ready.post.call is Call.OPEN_TOPIC and result.topic is not None:
        topics.delete(tx, result.topic, now)
    return Aftermath()


def _again(tx: Tx, kept: Kept, now: datetime, after: float = 0.0, answers: int | None = -1) -> None:
    """Let a post wait, and go again after so many seconds."""
    post = kept.post.but(not_before=seconds(now + timedelta(seconds=after)) if after else None)
    if answers is None:
        post = post.but(answers=None)
    outbox.put(tx, kept, post, PostState.WAITING)


def _unknown(tx: Tx, kept: Kept, entry: Entry | None, now: datetime) -> None:
    post = kept.post
    if post.purpose is Purpose.TO_FAMILY and entry is not None:
        held = post.but(held_for=(replies.UNKNOWN,))
        outbox.put(tx, kept, held, PostState.HELD)
        notices.in_topic(
            tx,
            entry,
            now,
            (Part("desk.unknown"),),
            rows=((notices.button("button.desk_again", "again", kept.id),),),
            answers=post.origin,
            priority=Priority.RECEIPT,
            silent=False,
        )
    elif post.purpose is Purpose.TOLD_FAMILY:
        outbox.delete(tx, kept)  # her screen tells her the same
    elif post.tries >= MOST_UNKNOWN and post.call in WRITES:
        failures.take(tx, kept, entry, End.REFUSED, now)
    else:
        if post.purpose is Purpose.FROM_FAMILY and entry is not None:
            casebook.save(tx, entry, entry.case.but(repeated=True), now)
        _again(tx, kept, now, min(_LONG, _PAUSE * post.tries))


def _family_gone(tx: Tx, kept: Kept, entry: Entry | None, now: datetime) -> dict[str, int]:
    if kept.post.place is Place.PERSON and kept.post.priority is Priority.URGENT:
        _again(tx, kept, now, PERSON_AGAIN)
        return {}
    outbox.delete(tx, kept)
    if entry is None or not entry.case.open:
        return {}
    return closing.close(tx, entry, Reason.UNREACHABLE, now)[1]


def _topic_trouble(
    tx: Tx,
    kept: Kept,
    entry: Entry,
    ready: Ready,
    end: End,
    now: datetime,
    context: DeskContext,
) -> None:
    if ready.topic != entry.case.topic:
        _again(tx, kept, now)  # it has another one by now
    elif end is End.TOPIC_CLOSED and entry.case.open:
        waiting = outbox.of_case(tx, entry.id)
        if not any(one.post.call is Call.REOPEN_TOPIC for one in waiting):
            topics.add_call(tx, entry, Call.REOPEN_TOPIC, now)
        _again(tx, kept, now, _LONG if kept.post.tries > MOST_UNKNOWN else 0)
    elif end is End.TOPIC_CLOSED:
        outbox.delete(tx, kept)
    else:
        _again(tx, kept, now)
        topics.lost(tx, entry, now, context)
