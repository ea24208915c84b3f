"""Who asked for alerts, over a real file: what she chose alone, and who may be written to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk import subscriptions
from helpdesk.audience import REGIONS, Segment, Topic, Wishes
from helpdesk.subscriptions import ANSWER_WITHIN, REASK
from store import Database, Keys, Tx, open_database, subscribers
from store.hours import hour
from tests.helpdesk.talk import NOW

HOUR = timedelta(hours=1)
EVERYBODY = Segment(topics=frozenset({Topic.ALL}))
SOLDIERS = Segment(topics=frozenset({Topic.MILITARY}))
TACHIRA = Segment(regions=frozenset({"tachira"}))


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{tmp_path}/faro.db", Keys.ephemeral()) as db:
        yield db


async def do(db: Database, work: Callable[..., Any], *args: Any) -> Any:
    return await db.transaction(work, *args)


async def ask(db: Database, chat: int, *wanted: Topic | str, at: Any = NOW) -> None:
    for one in wanted:
        toggle = subscriptions.toggle_topic if isinstance(one, Topic) else None
        await do(db, toggle or subscriptions.toggle_region, chat, one, at)


def asked_now(tx: Tx, at: datetime, most: int) -> list[int]:
    """Count as asked whoever is due, as `bot.reconsent` does one after another."""
    return [chat for chat in subscriptions.to_ask(tx, at, most) if subscriptions.ask(tx, chat, at)]


async def chats(db: Database, segment: Segment, at: Any = NOW) -> list[int]:
    def found(tx: Tx) -> list[int]:
        ids = subscriptions.members(tx, segment, at)
        assert subscriptions.size(tx, segment, at) == len(ids)
        return sorted(one.chat for one in map(lambda id: subscribers.of_id(tx, id), ids) if one)

    return await db.transaction(found)


async def test_nobody_is_subscribed_who_did_not_ask(db: Database) -> None:
    assert await do(db, subscriptions.wishes, 7) is None
    assert await do(db, subscriptions.stop, 7) is False
    assert await do(db, subscriptions.go_on, 7, NOW) is False
    assert await do(db, subscriptions.wishes, 7) is None
    assert await chats(db, EVERYBODY) == []


async def test_one_choice_is_kept_and_nothing_beside_it(db: Database) -> None:
    await ask(db, 7, Topic.ALL)
    kept = await do(db, subscribers.get, 7)
    assert kept.body == {"topics": ["all"], "regions": [], "since": hour(NOW)}
    assert await do(db, subscriptions.wishes, 7) == Wishes(
        topics=frozenset({Topic.ALL}), since=hour(NOW)
    )


async def test_what_is_taken_away_one_by_one_leaves_no_row(db: Database) -> None:
    await ask(db, 7, Topic.ALL, "zulia", Topic.ALL)
    assert (await do(db, subscriptions.wishes, 7)).regions == {"zulia"}
    await ask(db, 7, "zulia")
    assert await do(db, subscribers.get, 7) is None


async def test_a_state_that_is_none_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="no such region"):
        await ask(db, 7, "atlantida")
    assert len(REGIONS) == len(set(REGIONS)) == 24


async def test_a_segment_reaches_whoever_asked_for_it(db: Database) -> None:
    await ask(db, 1, Topic.ALL)
    await ask(db, 2, Topic.MILITARY)
    await ask(db, 3, Topic.ABROAD, "tachira")
    await ask(db, 4, "tachira", "zulia", Topic.MILITARY)
    both = Segment(topics=SOLDIERS.topics, regions=TACHIRA.regions)
    assert await chats(db, EVERYBODY) == [1]
    assert await chats(db, SOLDIERS) == [1, 2, 4]
    assert await chats(db, TACHIRA) == [3, 4]
    assert await chats(db, both) == [4]
    assert await chats(db, Segment()) == []
    await do(db, subscriptions.stop, 4)
    assert await chats(db, SOLDIERS) == [1, 2]


async def test_after_180_days_nothing_goes_out_before_she_says_yes(db: Database) -> None:
    await ask(db, 7, Topic.ALL)
    due = NOW + REASK
    assert due - NOW == timedelta(days=180)
    assert await chats(db, EVERYBODY, due - HOUR) == [7]
    assert await chats(db, EVERYBODY, due) == []
    assert await do(db, subscriptions.go_on, 7, due + timedelta(days=20)) is True
    assert await chats(db, EVERYBODY, due + timedelta(days=21)) == [7]
    assert await chats(db, EVERYBODY, due + timedelta(days=20) + REASK) == []


async def test_she_is_asked_once_and_forgotten_when_she_does_not_answer(db: Database) -> None:
    await ask(db, 7, Topic.ALL, "zulia")
    await ask(db, 8, Topic.ABROAD, at=NOW + timedelta(days=100))
    due = NOW + REASK
    assert await do(db, asked_now, due - HOUR, 10) == []
    assert await do(db, subscriptions.ask, 7, due - HOUR) is False
    assert await do(db, asked_now, due, 10) == [7]
    assert await do(db, subscriptions.ask, 7, due) is False, "nobody twice"
    assert await do(db, asked_now, due, 10) == []
    assert await do(db, subscriptions.expire, due + ANSWER_WITHIN - HOUR) == 0
    assert await chats(db, EVERYBODY, due) == []
    assert await do(db, subscriptions.expire, due + ANSWER_WITHIN) == 1
    assert await do(db, subscriptions.wishes, 7) is None
    assert (await do(db, subscriptions.wishes, 8)).topics == {Topic.ABROAD}


async def test_who_was_never_asked_is_not_forgotten_for_it(db: Database) -> None:
    """The program was down for a year: it asks first."""
    await ask(db, 7, Topic.ALL)
    year = NOW + timedelta(days=365)
    assert await do(db, subscriptions.expire, year) == 0
    assert await do(db, asked_now, year, 10) == [7]


async def test_a_question_that_never_left_is_asked_another_time(db: Database) -> None:
    await ask(db, 7, Topic.ALL)
    due = NOW + REASK
    await do(db, asked_now, due, 10)
    await do(db, subscriptions.ask_failed, 7)
    assert await do(db, subscriptions.expire, due + ANSWER_WITHIN) == 0
    assert await do(db, asked_now, due + ANSWER_WITHIN, 10) == [7]
    await do(db, subscriptions.ask_failed, 99)
    assert await do(db, subscriptions.wishes, 99) is None


async def test_no_more_are_asked_at_once_than_is_said(db: Database) -> None:
    for chat in range(5):
        await ask(db, 100 + chat, Topic.ALL)
    due = NOW + REASK
    batches = [await do(db, asked_now, due, 2) for _ in range(4)]
    assert [len(one) for one in batches] == [2, 2, 1, 0]
    assert sorted(chat for batch in batches for chat in batch) == [100, 101, 102, 103, 104]


@pytest.mark.parametrize("wanted", [Topic.ABROAD, "zulia"])
async def test_asking_for_one_more_is_a_yes(db: Database, wanted: Topic | str) -> None:
    await ask(db, 7, Topic.ALL, "tachira")
    due = NOW + REASK
    await do(db, asked_now, due, 10)
    await ask(db, 7, wanted, at=due)
    assert await chats(db, EVERYBODY, due) == [7]
    assert await do(db, subscriptions.expire, due + ANSWER_WITHIN) == 0


@pytest.mark.parametrize("gone", [Topic.ABROAD, "tachira"])
async def test_taking_one_away_is_none(db: Database, gone: Topic | str) -> None:
    await ask(db, 7, Topic.ALL, Topic.ABROAD, "tachira")
    due = NOW + REASK
    await do(db, asked_now, due, 10)
    await ask(db, 7, gone, at=due)
    assert await chats(db, EVERYBODY, due) == []
    assert await do(db, subscriptions.expire, due + ANSWER_WITHIN) == 1


async def test_her_id_stays_whatever_she_changes(db: Database) -> None:
    await ask(db, 7, Topic.ALL)
    before = (await do(db, subscribers.get, 7)).id
    await ask(db, 7, "zulia")
    await do(db, subscriptions.go_on, 7, NOW)
    assert (await do(db, subscribers.get, 7)).id == before
