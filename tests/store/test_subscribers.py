"""Subscribers: found by chat or by their random id, sealed alike, and gone when they leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.audience import REGIONS, Topic, Wishes
from store import Database, Subscriber, Tx, sealed_rows, subscribers
from store.errors import IntegrityError
from store.hours import day_number
from tests.store.disk import alter, every_byte, rows

CHAT = 5_550_001_234
BODY = {"topics": ["measures"], "regions": [], "since": 490_000}


def three(tx: Tx) -> list[Subscriber]:
    found = []
    for chat in range(CHAT, CHAT + 3):
        subscribers.put(tx, chat, {"n": chat - CHAT})
        each = subscribers.get(tx, chat)
        assert each is not None
        found.append(each)
    return found


def lookups(db: Database) -> list[bytes]:
    today = db.keys.ring.current()
    return [today.lookup("subscriber", chat) for chat in range(CHAT, CHAT + 3)]


async def test_one_comes_back_by_chat_and_by_id_and_keeps_the_id(db: Database) -> None:
    await db.transaction(subscribers.put, CHAT, BODY)
    first = await db.transaction(subscribers.get, CHAT)
    assert first == Subscriber(first.id if first else b"", CHAT, BODY)
    assert await db.transaction(subscribers.of_id, first.id) == first
    await db.transaction(subscribers.put, CHAT, {"topics": []})
    assert await db.transaction(subscribers.get, CHAT) == Subscriber(first.id, CHAT, {"topics": []})
    assert await db.transaction(subscribers.get, CHAT + 1) is None
    assert await db.transaction(subscribers.of_id, bytes(16)) is None


async def test_who_leaves_is_gone_and_comes_back_as_another(db: Database, file: Path) -> None:
    await db.transaction(subscribers.put, CHAT, BODY)
    before = await db.transaction(subscribers.get, CHAT)
    assert before is not None
    assert await db.transaction(subscribers.delete, CHAT)
    assert not await db.transaction(subscribers.delete, CHAT)
    assert await db.transaction(subscribers.of_id, before.id) is None
    assert rows(file, "SELECT * FROM subscribers") == []
    await db.transaction(subscribers.put, CHAT, BODY)
    after = await db.transaction(subscribers.get, CHAT)
    assert after is not None
    assert after.id != before.id


async def test_all_of_them_are_looked_at_a_page_at_a_time(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = await db.transaction(three)
    for page in (1, 2, 3, 256):
        monkeypatch.setattr(sealed_rows, "PAGE", page)
        found = await db.transaction(subscribers.every)
        assert sorted(found, key=lambda each: each.chat) == everybody
        assert found.unreadable == 0


async def test_nobody_can_be_given_the_id_of_another(db: Database, file: Path) -> None:
    one, two, _ = await db.transaction(three)
    first, second, _ = lookups(db)
    alter(file, "UPDATE subscribers SET id = zeroblob(16) WHERE lookup = ?", first)
    alter(file, "UPDATE subscribers SET id = ? WHERE lookup = ?", one.id, second)
    with pytest.raises(IntegrityError):
        await db.transaction(subscribers.of_id, one.id)
    with pytest.raises(IntegrityError):
        await db.transaction(subscribers.get, two.chat)
    assert (await db.transaction(subscribers.every)).unreadable == 2


async def test_who_cannot_be_read_begins_anew_when_she_asks_again(db: Database, file: Path) -> None:
    one, _, _ = await db.transaction(three)
    alter(file, "UPDATE subscribers SET wrapped_key = zeroblob(61) WHERE id = ?", one.id)
    with pytest.raises(IntegrityError):
        await db.transaction(subscribers.get, CHAT)
    await db.transaction(subscribers.put, CHAT, BODY)
    again = await db.transaction(subscribers.get, CHAT)
    assert again is not None
    assert (again.body, again.id == one.id) == (BODY, False)
    assert rows(file, "SELECT count(*) FROM subscribers") == [(3,)]


async def test_what_does_not_open_goes_once_it_is_given_up(
    db: Database, file: Path, now: datetime
) -> None:
    """A damaged row of today stays until tomorrow: the sweep opens none that rotation opens."""
    await db.transaction(three)
    damaged, lost, _ = lookups(db)
    alter(file, "UPDATE subscribers SET body = zeroblob(541) WHERE lookup = ?", damaged)
    alter(file, "UPDATE subscribers SET epoch = ? WHERE lookup = ?", day_number(now), lost)
    assert await db.transaction(subscribers.expire, now + timedelta(days=6)) == 0
    assert await db.transaction(subscribers.expire, now + timedelta(days=7)) == 1
    db.keys.ring.create(now)
    assert await db.transaction(subscribers.expire, now) == 1
    assert len(await db.transaction(subscribers.every)) == 1


async def test_the_file_does_not_tell_who_wishes_for_little_or_much(
    db: Database, file: Path
) -> None:
    """One size for the least and the most that can be wished for, and no chat in clear."""
    much = Wishes(
        topics=frozenset(Topic), regions=frozenset(REGIONS), since=500_000, asked_at=500_000
    )
    await db.transaction(subscribers.put, CHAT, {})
    await db.transaction(subscribers.put, 7_999_999_999, much.model_dump(mode="json"))
    assert len(rows(file, "SELECT DISTINCT length(body) FROM subscribers")) == 1
    stored = every_byte(file.parent)
    assert not any(each in stored for each in (b"tachira", CHAT.to_bytes(8, "big")))
