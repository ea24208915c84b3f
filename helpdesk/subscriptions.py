"""Who asked for alerts, and for which: her wishes written, and who may be written to; no words.

Nothing gets here but by a press of hers. After `REASK` she is asked whether she still wants them:
from then on nothing is sent to her until she says so, and after `ANSWER_WITHIN` she is forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from helpdesk import counting
from helpdesk.audience import REGIONS, Segment, Topic, Wishes
from store import Keys, Tx, subscribers
from store.errors import IntegrityError
from store.hours import hour
from store.subscribers import Subscriber

REASK: Final = timedelta(days=180)
"""From so long after her last yes, nothing is sent before she says it again."""

ANSWER_WITHIN: Final = timedelta(days=30)
"""How long a question whether she still wants them waits for its answer."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What she asked for at this moment; ``due`` says that she has to be asked again first."""

    wishes: Wishes | None = None
    due: bool = False

    def asks_for(self, one: Topic | str) -> bool:
        """Tell whether a topic, or a region, is among her wishes."""
        if self.wishes is None:
            return False
        return one in (self.wishes.topics if isinstance(one, Topic) else self.wishes.regions)


NOT_SUBSCRIBED: Final = Standing()


def wishes(tx: Tx, chat: int) -> Wishes | None:
    """Return what she asked for, None when she asked for nothing.

    None too for a row that does not open: nothing can be sent by it, and asking anew replaces it.
    """
    try:
        found = subscribers.get(tx, chat)
    except IntegrityError:
        return None
    return None if found is None else read(found)


def standing(tx: Tx, chat: int, now: datetime) -> Standing:
    """Return what she asked for, and whether it still counts."""
    asked = wishes(tx, chat)
    return NOT_SUBSCRIBED if asked is None else Standing(asked, is_due(asked, now))


def is_due(asked: Wishes, now: datetime) -> bool:
    """Tell whether she has to be asked again before anything is sent to her."""
    return hour(now) - asked.since >= _hours(REASK)


def toggle_topic(tx: Tx, chat: int, topic: Topic, now: datetime) -> Wishes | None:
    """Ask for a topic, or no more; returns what is left, None for nothing.

    Asking for one more is a yes to all that she has; taking one away is not.
    """
    before = wishes(tx, chat) or Wishes(since=hour(now))
    return _keep(tx, chat, before, before.topics ^ {topic}, before.regions, now)


def toggle_region(tx: Tx, chat: int, region: str, now: datetime) -> Wishes | None:
    """Ask for a state, or no more, as `toggle_topic`. Raises `ValueError` for no such state."""
    if region not in REGIONS:
        raise ValueError(f"no such region: {region!r}")
    before = wishes(tx, chat) or Wishes(since=hour(now))
    return _keep(tx, chat, before, before.topics, before.regions ^ {region}, now)


def stop(tx: Tx, chat: int) -> bool:
    """Forget that she asked for anything; False when she had not."""
    return subscribers.delete(tx, chat)


def gone(tx: Tx, chat: int) -> dict[str, int]:
    """Forget somebody whom no message reaches any more (blocked, deleted); the counters of that."""
    return counting.alerts("gone") if stop(tx, chat) else {}


def go_on(tx: Tx, chat: int, now: datetime) -> bool:
    """Note that she still wants what she asked for; False when she asks for nothing any more."""
    asked = wishes(tx, chat)
    if asked is None:
        return False
    _write(tx, chat, Wishes(topics=asked.topics, regions=asked.regions, since=hour(now)))
    return True


def members(tx: Tx, segment: Segment, now: datetime) -> list[bytes]:
    """Return the ids of the subscribers in a segment, in an order that means nothing.

    Who has to be asked again is in none.
    """
    found: list[bytes] = []
    for asked, ids in _counted(tx).items():
        if not is_due(asked, now) and segment.holds(asked):
            found += ids
    return found


def size(tx: Tx, segment: Segment, now: datetime) -> int:
    """Return how many subscribers a segment has now."""
    return len(members(tx, segment, now))


def to_ask(tx: Tx, now: datetime, most: int, skip: Collection[int] = ()) -> list[int]:
    """Return chats that are to be asked whether they still want alerts, ``most`` at a time."""
    chats: list[int] = []
    if not any(_unasked(asked, now) for asked in _counted(tx)):
        return chats
    for one, asked in _all(tx):
        if len(chats) == most:
            break
        if _unasked(asked, now) and one.chat not in skip:
            chats.append(one.chat)
    return chats


def ask(tx: Tx, chat: int, now: datetime) -> bool:
    """Count somebody as asked, before anything is sent; False when there is nothing to ask her.

    A crash in between asks nobody twice. See `ask_failed`.
    """
    asked = wishes(tx, chat)
    if asked is None or not _unasked(asked, now):
        return False
    _write(tx, chat, asked.model_copy(update={"asked_at": hour(now)}))
    return True


def ask_failed(tx: Tx, chat: int) -> None:
    """Note that the question certainly did not reach her, so that she is asked another time."""
    asked = wishes(tx, chat)
    if asked is not None and asked.asked_at is not None:
        _write(tx, chat, asked.model_copy(update={"asked_at": None}))


def expire(tx: Tx, now: datetime) -> int:
    """Forget who was asked and did not answer in time; how many."""
    last = hour(now) - _hours(ANSWER_WITHIN)
    if not any(asked.asked_at is not None and asked.asked_at <= last for asked in _counted(tx)):
        return 0
    late = [
        one.chat for one, asked in _all(tx) if asked.asked_at is not None and asked.asked_at <= last
    ]
    return sum(stop(tx, chat) for chat in late)


def _unasked(asked: Wishes, now: datetime) -> bool:
    return asked.asked_at is None and is_due(asked, now)


def _counted(tx: Tx) -> Mapping[Wishes, Sequence[bytes]]:
    """Return the ids of all subscribers by what they asked for; of no chat anything.

    Remembered until any row changes. Opening 20,000 takes half a second in which no family is
    answered, and whoever writes a broadcast looks at every press.
    """
    version = subscribers.version(tx)
    known = _REMEMBERED.get(tx.keys)
    if known is None or known[0] != version:
        by_wishes: dict[Wishes, list[bytes]] = {}
        for one, asked in _all(tx):
            by_wishes.setdefault(asked, []).append(one.id)
        known = _REMEMBERED[tx.keys] = (version, by_wishes)
    return known[1]


_REMEMBERED: Final[WeakKeyDictionary[Keys, tuple[bytes, Mapping[Wishes, Sequence[bytes]]]]] = (
    WeakKeyDictionary()
)
"""By the keys of a database: a program has one, tests have many."""


def _all(tx: Tx) -> Iterator[tuple[Subscriber, Wishes]]:
    for one in subscribers.every(tx):
        yield one, read(one)


def read(one: Subscriber) -> Wishes:
    """Return what a stored subscriber asked for."""
    return Wishes.model_validate(one.body)


def _write(tx: Tx, chat: int, asked: Wishes) -> None:
    subscribers.put(tx, chat, asked.model_dump(mode="json", exclude_none=True))


def _keep(
    tx: Tx,
    chat: int,
    before: Wishes,
    topics: frozenset[Topic],
    regions: frozenset[str],
    now: datetime,
) -> Wishes | None:
    if not topics and not regions:
        stop(tx, chat)
        return None
    after = before.model_copy(update={"topics": topics, "regions": regions})
    if len(topics) + len(regions) > len(before.topics) + len(before.regions):
        after = after.model_copy(update={"since": hour(now), "asked_at": None})
    _write(tx, chat, after)
    return after


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)
