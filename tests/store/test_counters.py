"""Counters: exact while a week is open and sealed, rounded once it is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import Database, counters
from store.errors import CounterKeyError, WeekClosedError
from tests.store.disk import every_byte, rows

WEEK = "2026-W47"


async def test_counts_add_up(db: Database) -> None:
    await db.transaction(counters.add, WEEK, {"intent=money": 2, "outcome=needs_facts": 1})
    await db.transaction(counters.add, WEEK, {"intent=money": 3})
    await db.transaction(counters.add, "2026-W48", {"intent=money": 9})
    assert await db.transaction(counters.load, WEEK) == {
        "intent=money": 5,
        "outcome=needs_facts": 1,
    }
    assert await db.transaction(counters.load, "2020-W01") == {}


async def test_the_order_of_dimensions_does_not_matter(db: Database) -> None:
    await db.transaction(counters.add, WEEK, {"outcome=x|event=y": 1, "event=y|outcome=x": 2})
    assert await db.transaction(counters.load, WEEK) == {"event=y|outcome=x": 3}


@pytest.mark.parametrize(
    "counter",
    [
        "",
        "intent",
        "intent=",
        "=money",
        "a=1|b=2|c=3",
        "a=1|a=2",
        "a=1|",
        "Intent=money",
        "intent=dinero en mano",
        "intent=ñ",
        "chat=5550001234",
        "intent=x12345",
        "a=1=2",
        "a" * 41 + "=1",
    ],
)
async def test_anything_but_two_plain_dimensions_is_refused(db: Database, counter: str) -> None:
    with pytest.raises(CounterKeyError) as caught:
        await db.transaction(counters.add, WEEK, {counter: 1})
    assert not counter or counter not in str(caught.value)
    assert await db.transaction(counters.load, WEEK) == {}


async def test_negative_counts_and_strange_weeks_are_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="negative"):
        await db.transaction(counters.add, WEEK, {"a=1": -1})
    for week in ("2026-47", "W47", "2026-W47 ", "2026-11-21"):
        with pytest.raises(ValueError, match="week"):
            await db.transaction(counters.add, week, {"a=1": 1})


async def test_an_open_week_is_one_sealed_value(db: Database, file: Path) -> None:
    await db.transaction(counters.add, WEEK, {f"intent=kind_{n}": 1 for n in range(5)})
    ((week, body),) = rows(file, "SELECT week, body FROM counters_open")
    assert week == WEEK
    assert len(body) == 1024 + 29
    assert b"kind_" not in every_byte(file.parent)


async def test_a_closed_week_is_rounded_down_and_loses_small_cells(
    db: Database, file: Path
) -> None:
    exact = {"a=1": 9, "a=2": 10, "a=3": 19, "a=4": 20, "a=5": 0, "a=6|b=1": 101}
    rounded = {"a=2": 10, "a=3": 10, "a=4": 20, "a=6|b=1": 100}
    await db.transaction(counters.add, WEEK, exact)
    assert await db.transaction(counters.close_week, WEEK) == rounded
    assert await db.transaction(counters.closed) == {WEEK: rounded}
    assert await db.transaction(counters.load, WEEK) == {}
    assert rows(file, "SELECT count(*) FROM counters_open") == [(0,)]


async def test_a_closed_week_stays_closed(db: Database) -> None:
    await db.transaction(counters.add, WEEK, {"a=1": 15})
    await db.transaction(counters.close_week, WEEK)
    with pytest.raises(WeekClosedError):
        await db.transaction(counters.add, WEEK, {"a=1": 15})
    assert await db.transaction(counters.close_week, WEEK) == {}
    assert await db.transaction(counters.closed) == {WEEK: {"a=1": 10}}


async def test_a_week_of_small_cells_is_closed_and_empty(db: Database) -> None:
    await db.transaction(counters.add, WEEK, {"a=1": 3})
    await db.transaction(counters.close_week, WEEK)
    assert await db.transaction(counters.closed) == {WEEK: {}}
    with pytest.raises(WeekClosedError):
        await db.transaction(counters.add, WEEK, {"a=1": 8})


def test_a_week_begins_on_monday_in_caracas() -> None:
    # Monday 23 November 2026, midnight in Caracas, is 04:00 UTC.
    monday = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    assert counters.week_of(monday) == "2026-W48"
    assert counters.week_of(monday - timedelta(seconds=1)) == "2026-W47"
    assert counters.week_of(datetime(2027, 1, 3, 12, tzinfo=UTC)) == "2026-W53"
    assert counters.week_of(datetime(2027, 1, 4, 12, tzinfo=UTC)) == "2027-W01"


async def test_weeks_are_closed_a_day_after_their_end(db: Database) -> None:
    monday = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    await db.transaction(counters.add, "2026-W46", {"a=1": 30})
    await db.transaction(counters.add, "2026-W47", {"a=1": 20})
    await db.transaction(counters.add, "2026-W48", {"a=1": 10})
    assert await db.transaction(counters.close_before, monday + timedelta(hours=23)) == 1
    assert list(await db.transaction(counters.closed)) == ["2026-W46"]
    assert await db.transaction(counters.close_before, monday + timedelta(hours=24)) == 1
    assert list(await db.transaction(counters.closed)) == ["2026-W46", "2026-W47"]


async def test_closed_weeks_are_kept_24_months(db: Database, now: datetime) -> None:
    # Now is 21 November 2026: the week of 1 November 2024 (2024-W44) is the oldest kept.
    for week in ("2024-W43", "2024-W44", "2026-W01"):
        await db.transaction(counters.add, week, {"a=1": 10})
        await db.transaction(counters.close_week, week)
    assert await db.transaction(counters.expire_cells, now) == 1
    assert await db.transaction(counters.expire_weeks, now) == 1
    assert list(await db.transaction(counters.closed)) == ["2024-W44", "2026-W01"]
