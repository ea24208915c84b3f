"""Dedup and quarantine."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import Database, Tx, inbox
from tests.store.disk import rows


async def test_an_answered_update_is_seen(db: Database, now: datetime) -> None:
    assert not await db.transaction(inbox.seen, 900)
    await db.transaction(inbox.mark, 900, now)
    await db.transaction(inbox.mark, 900, now)
    assert await db.transaction(inbox.seen, 900)
    assert not await db.transaction(inbox.seen, 901)


async def test_an_answer_that_rolls_back_is_not_seen(db: Database, now: datetime) -> None:
    def answer(tx: Tx) -> None:
        inbox.mark(tx, 900, now)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await db.transaction(answer)
    assert not await db.transaction(inbox.seen, 900)


async def test_failures_are_counted_until_quarantine(
    db: Database, file: Path, now: datetime
) -> None:
    tries = [await db.transaction(inbox.failed, 900, "KeyError", now) for _ in range(3)]
    assert tries == [1, 2, 3]
    assert not await db.transaction(inbox.seen, 900)
    await db.transaction(inbox.quarantine, 900, "KeyError", now)
    assert await db.transaction(inbox.seen, 900)
    hour = int(now.timestamp()) // 3600
    assert rows(file, "SELECT * FROM updates_failed") == [(900, "KeyError", 3, 1, hour)]


async def test_a_failure_after_quarantine_does_not_free_it(db: Database, now: datetime) -> None:
    await db.transaction(inbox.quarantine, 900, "KeyError", now)
    await db.transaction(inbox.failed, 900, "KeyError", now)
    assert await db.transaction(inbox.seen, 900)


async def test_success_after_a_failure_forgets_the_failure(
    db: Database, file: Path, now: datetime
) -> None:
    await db.transaction(inbox.failed, 900, "KeyError", now)
    await db.transaction(inbox.mark, 900, now)
    assert rows(file, "SELECT count(*) FROM updates_failed") == [(0,)]


@pytest.mark.parametrize(
    "told", ["KeyError: 'Juana'", "mi hijo está preso", "", "1Error", "Ñ", "A" * 81]
)
async def test_only_the_name_of_a_class_is_kept(db: Database, now: datetime, told: str) -> None:
    with pytest.raises(ValueError, match="name of a class") as caught:
        await db.transaction(inbox.failed, 900, told, now)
    assert not told or told not in str(caught.value)


@pytest.mark.parametrize("minute", [0, 1, 30, 59])
async def test_both_are_kept_24_hours_and_at_most_one_more(
    db: Database, now: datetime, minute: int
) -> None:
    at = now.replace(minute=minute)
    await db.transaction(inbox.mark, 900, at)
    await db.transaction(inbox.quarantine, 901, "KeyError", at)
    for expire in (inbox.expire_seen, inbox.expire_failed):
        assert await db.transaction(expire, at + timedelta(hours=24)) == 0
    assert await db.transaction(inbox.seen, 900)
    assert await db.transaction(inbox.seen, 901)
    for expire in (inbox.expire_seen, inbox.expire_failed):
        assert await db.transaction(expire, at + timedelta(hours=25)) == 1
    assert not await db.transaction(inbox.seen, 900)
    assert not await db.transaction(inbox.seen, 901)
