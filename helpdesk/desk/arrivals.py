"""What it means that a post arrived: who can now answer what, receipts, and messages to forget."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from helpdesk.desk import casebook, figures, notices, outbox, replies, topics
from helpdesk.desk.case import Case, Pair
from helpdesk.desk.casebook import Entry
from helpdesk.desk.ends import Ready, Result
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Call, Priority, Purpose
from helpdesk.messages import Part
from store import Tx, sessions
from store.hours import seconds

MOST_PAIRS: Final = 400
"""Messages of a case that can be answered, or retired; the oldest are forgotten."""


def take(
    tx: Tx, kept: Kept, entry: Entry, ready: Ready, result: Result, now: datetime
) -> dict[str, int]:
    """Take the arrival of a post of a case; the post is gone by now. Returns counters."""
    post = ready.post
    if post.call is Call.OPEN_TOPIC and result.topic is not None:
        topics.opened(tx, entry, result.topic, ready.chat, now)
    elif post.purpose is Purpose.RETIRE:
        retired(tx, kept, entry, now, "desk.retired")
    elif result.message_id is None:
        pass
    elif post.purpose is Purpose.FROM_FAMILY:
        pairs = (_pair(source, result.message_id, now) for source in dict.fromkeys(post.sources))
        casebook.save(tx, entry, _paired(entry.case, pairs), now)
    elif post.purpose is Purpose.TO_FAMILY:
        return _answered(tx, kept, entry, result.message_id, now)
    elif post.purpose is Purpose.TOLD_FAMILY:
        _note(tx, entry, result.message_id, topics.NOWHERE, now)
    return {}


def retired(tx: Tx, kept: Kept, entry: Entry, now: datetime, key: str) -> None:
    """Take the deletion of a reply at the family's: she is told once, so is the receipt."""
    post, case = kept.post, entry.case
    pairs = tuple(
        pair.model_copy(update={"retired": True}) if _is(pair, post.target) else pair
        for pair in case.pairs
    )
    entry = casebook.save(tx, entry, case.but(pairs=pairs), now)
    others = outbox.of_case(tx, entry.id)
    if any(o.post.purpose is Purpose.RETIRE and o.post.origin == post.origin for o in others):
        return
    if post.receipt is not None:
        line = Part(key, {"who": post.author or "@desk.nobody"})
        notices.change(tx, entry, now, post.receipt, (line,), priority=Priority.RECEIPT)
    if case.open and key == "desk.retired":
        told = {"who": post.author or ""}
        notices.told_family(tx, entry, now, "case.retired", told)


def _answered(tx: Tx, kept: Kept, entry: Entry, message_id: int, now: datetime) -> dict[str, int]:
    """Take the arrival of a reply; its author gets a receipt once all of it is there."""
    origin = kept.post.origin
    entry = _note(tx, entry, message_id, origin or topics.NOWHERE, now)
    case = entry.case
    counts: dict[str, int] = {}
    if case.first_answer_at is None:
        counts = figures.first_answer(case, now)
        entry = casebook.save(tx, entry, case.but(first_answer_at=seconds(now)), now)
    if origin is not None and not replies.waiting_from(tx, entry, origin):
        key = "desk.receipt.correction" if kept.post.corrects else "desk.receipt"
        notices.in_topic(
            tx,
            entry,
            now,
            (Part(key),),
            rows=((notices.button("button.desk_retire", "retire", origin),),),
            answers=origin,
            purpose=Purpose.RECEIPT,
            priority=Priority.RECEIPT,
        )
    return counts


def _note(tx: Tx, entry: Entry, message_id: int, desk: int, now: datetime) -> Entry:
    """Note a message in her chat, so that /borrar finds it: in her session, or else in her case."""
    assert entry.chat is not None  # or nothing could have arrived there
    noted = sessions.note_messages(tx, entry.chat, (message_id,), now)
    if noted and desk == topics.NOWHERE:
        return entry
    pair = Pair(family=message_id, desk=desk, out=True, at=seconds(now))
    return casebook.save(tx, entry, _paired(entry.case, (pair,)), now)


def _pair(source: int, message_id: int, now: datetime) -> Pair:
    return Pair(family=source, desk=message_id, out=False, at=seconds(now))


def _paired(case: Case, pairs: Iterable[Pair]) -> Case:
    return case.but(pairs=(*case.pairs, *pairs)[-MOST_PAIRS:])


def _is(pair: Pair, message_id: int | None) -> bool:
    return pair.out and pair.family == message_id
