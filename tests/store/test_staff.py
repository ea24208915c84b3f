"""People of the team: kept by account until removed, each under a key of their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import Database, StoredMember, erasures, retention, staff
from store.errors import IntegrityError
from store.hours import day_number
from tests.store.disk import alter, rows

USER = 6_660_001_234
BODY = {"name": "V-07", "roles": ["volunteer"]}


async def test_a_person_comes_back_and_is_written_whole(db: Database, file: Path) -> None:
    await db.transaction(staff.put, USER, BODY)
    assert await db.transaction(staff.get, USER) == StoredMember(USER, BODY)
    assert await db.transaction(staff.get, USER + 1) is None
    await db.transaction(staff.put, USER, {"name": "V-08"})
    await db.transaction(staff.put, USER + 1, BODY)
    found = await db.transaction(staff.every)
    assert sorted(found, key=lambda each: each.user) == [
        StoredMember(USER, {"name": "V-08"}),
        StoredMember(USER + 1, BODY),
    ]
    assert found.unreadable == 0
    assert rows(file, "SELECT count(*) FROM staff") == [(2,)]


async def test_a_person_removed_is_gone(db: Database, file: Path) -> None:
    await db.transaction(staff.put, USER, BODY)
    assert await db.transaction(staff.delete, USER)
    assert not await db.transaction(staff.delete, USER)
    assert await db.transaction(staff.get, USER) is None
    assert rows(file, "SELECT * FROM staff") == []


async def test_neither_borrar_nor_time_takes_a_person_away(db: Database, now: datetime) -> None:
    await db.transaction(staff.put, USER, BODY)
    await db.transaction(erasures.erase, USER, [], now)
    await db.transaction(retention.sweep, now + timedelta(days=900))
    assert await db.transaction(staff.get, USER) == StoredMember(USER, BODY)


async def test_an_account_cannot_be_given_the_roles_of_another(db: Database, file: Path) -> None:
    for user in (USER, USER + 1):
        await db.transaction(staff.put, user, {"user": user})
    today = db.keys.ring.current()
    one, two = (today.lookup("staff", user) for user in (USER, USER + 1))
    alter(file, "DELETE FROM staff WHERE lookup = ?", one)
    alter(file, "UPDATE staff SET lookup = ? WHERE lookup = ?", one, two)
    with pytest.raises(IntegrityError):
        await db.transaction(staff.get, USER)


async def test_what_does_not_open_is_counted_and_goes_once_it_is_given_up(
    db: Database, file: Path, now: datetime
) -> None:
    for user in range(USER, USER + 3):
        await db.transaction(staff.put, user, {})
    today = db.keys.ring.current()
    damaged, lost = (today.lookup("staff", user) for user in (USER, USER + 1))
    alter(file, "UPDATE staff SET body = zeroblob(1053) WHERE lookup = ?", damaged)
    alter(file, "UPDATE staff SET epoch = ? WHERE lookup = ?", day_number(now), lost)
    found = await db.transaction(staff.every)
    assert (found, found.unreadable) == ([StoredMember(USER + 2, {})], 2)
    # A damaged row is lost; a row of a keyring that was mislaid may be read again.
    assert await db.transaction(staff.expire, now) == 1
    assert await db.transaction(staff.expire, now + timedelta(days=6)) == 0
    assert await db.transaction(staff.expire, now + timedelta(days=7)) == 1
