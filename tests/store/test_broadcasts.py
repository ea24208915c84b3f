"""Broadcasts: written whole, kept for their time, and gone with everything that hangs on them."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import Database, StoredBroadcast, Tx, broadcasts, ledger
from store.errors import GoneError, IntegrityError
from store.hours import day_number, hour
from tests.store.disk import alter, rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BODY = {"number": 1, "html": "Abrió una taquilla en Táchira."}


def begin(tx: Tx, now: datetime, recipients: int = 3) -> bytes:
    id = broadcasts.add(tx, BODY, now)
    ledger.fix(tx, id, [os.urandom(16) for _ in range(recipients)])
    return id


def left(file: Path) -> tuple[int, int]:
    return rows(file, "SELECT (SELECT count(*) FROM broadcasts), (SELECT count(*) FROM ledger)")[0]


async def test_one_comes_back_and_is_written_whole(db: Database, file: Path, now: datetime) -> None:
    id = await db.transaction(broadcasts.add, BODY, now)
    other = await db.transaction(broadcasts.add, {"number": 2}, now)
    assert await db.transaction(broadcasts.get, id) == StoredBroadcast(id, BODY)
    await db.transaction(broadcasts.put, id, {"number": 1, "stage": "asked"}, now + 2 * HOUR)
    found = await db.transaction(broadcasts.every)
    assert {each.id: each.body for each in found} == {
        id: {"number": 1, "stage": "asked"},
        other: {"number": 2},
    }
    assert sorted(await db.transaction(broadcasts.ids)) == sorted((id, other))
    hours = rows(file, "SELECT touched_hour, purge_hour FROM broadcasts ORDER BY touched_hour")
    assert hours == [(hour(now), None), (hour(now) + 2, None)]


async def test_one_deleted_takes_its_ledger_with_it_and_no_other(
    db: Database, file: Path, now: datetime
) -> None:
    id = await db.transaction(begin, now)
    other = await db.transaction(begin, now)
    assert await db.transaction(broadcasts.delete, id)
    assert not await db.transaction(broadcasts.delete, id)
    assert await db.transaction(broadcasts.get, id) is None
    assert left(file) == (1, 3)
    assert sum((await db.transaction(ledger.tally, other)).values()) == 3
    with pytest.raises(GoneError):
        await db.transaction(broadcasts.put, id, BODY, now)


async def test_one_that_is_over_is_kept_to_the_end_of_its_last_hour(
    db: Database, file: Path, now: datetime
) -> None:
    id, end = await db.transaction(begin, now), now + broadcasts.KEPT
    await db.transaction(broadcasts.put, id, BODY, now, end)
    assert await db.transaction(broadcasts.expire, end) == 0
    assert await db.transaction(broadcasts.expire, end + HOUR) == 1
    assert left(file) == (0, 0)


@pytest.mark.parametrize("recipients", [0, 3])
async def test_one_that_nobody_touches_for_a_week_goes_sent_in_part_or_not(
    db: Database, file: Path, now: datetime, recipients: int
) -> None:
    id = await db.transaction(begin, now, recipients)
    await db.transaction(broadcasts.put, id, BODY, now + DAY)
    assert await db.transaction(broadcasts.expire, now + 8 * DAY) == 0
    assert await db.transaction(broadcasts.expire, now + 8 * DAY + HOUR) == 1
    assert left(file) == (0, 0)


async def test_one_that_does_not_open_keeps_no_other_and_goes_once_it_is_given_up(
    db: Database, file: Path, now: datetime
) -> None:
    damaged, lost, fine = [await db.transaction(begin, now) for _ in range(3)]
    alter(file, "UPDATE broadcasts SET body = zeroblob(1053) WHERE id = ?", damaged)
    alter(file, "UPDATE broadcasts SET epoch = ? WHERE id = ?", day_number(now), lost)
    found = await db.transaction(broadcasts.every)
    assert ([each.id for each in found], found.unreadable) == ([fine], 2)
    for id in (damaged, lost):
        with pytest.raises(IntegrityError):
            await db.transaction(broadcasts.get, id)
    assert await db.transaction(broadcasts.expire, now) == 1
    for id in (lost, fine):
        alter(file, "UPDATE broadcasts SET touched_hour = 9999999 WHERE id = ?", id)
    assert await db.transaction(broadcasts.expire, now + 6 * DAY) == 0
    assert await db.transaction(broadcasts.expire, now + 7 * DAY) == 1
    assert left(file) == (1, 3)


async def test_one_cannot_be_put_in_the_place_of_another(
    db: Database, file: Path, now: datetime
) -> None:
    one, two = [await db.transaction(begin, now) for _ in range(2)]
    alter(file, "DELETE FROM broadcasts WHERE id = ?", one)
    alter(file, "UPDATE broadcasts SET id = ? WHERE id = ?", one, two)
    with pytest.raises(IntegrityError):
        await db.transaction(broadcasts.get, one)
