"""Invitations: taken once, in their time, by who has the code; the code stands nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import Database, invitations
from store.hours import hour
from tests.store.disk import alter, every_byte, rows

CODE = "K7M4P2QRSTW"
BODY = {"role": "volunteer", "by": "V-01"}
DAY = timedelta(days=1)


async def test_an_invitation_is_taken_once(db: Database, file: Path, now: datetime) -> None:
    await db.transaction(invitations.add, CODE, BODY, now, now + DAY)
    assert await db.transaction(invitations.take, "ANOTHER", now) is None
    assert await db.transaction(invitations.take, CODE, now) == BODY
    assert await db.transaction(invitations.take, CODE, now) is None
    assert rows(file, "SELECT * FROM invitations") == []


async def test_one_that_is_over_is_not_taken_and_goes(
    db: Database, file: Path, now: datetime
) -> None:
    end = now + DAY
    for code in ("ONE", "TWO", "THREE"):
        await db.transaction(invitations.add, code, BODY, now, end)
    assert await db.transaction(invitations.take, "ONE", end - timedelta(seconds=1)) == BODY
    assert await db.transaction(invitations.take, "TWO", end) is None
    assert await db.transaction(invitations.expire, end) == 0
    assert await db.transaction(invitations.expire, end + timedelta(hours=1)) == 1
    assert rows(file, "SELECT * FROM invitations") == []
    with pytest.raises(ValueError, match="ends"):
        await db.transaction(invitations.add, CODE, BODY, now, now)


async def test_a_code_given_again_replaces_what_it_granted(db: Database, now: datetime) -> None:
    await db.transaction(invitations.add, CODE, BODY, now, now + DAY)
    await db.transaction(invitations.add, CODE, {"role": "lead"}, now, now + DAY)
    assert await db.transaction(invitations.take, CODE, now) == {"role": "lead"}


async def test_one_that_was_altered_grants_nothing(db: Database, file: Path, now: datetime) -> None:
    await db.transaction(invitations.add, CODE, BODY, now, now + DAY)
    alter(file, "UPDATE invitations SET body = zeroblob(1053)")
    assert await db.transaction(invitations.take, CODE, now) is None


async def test_the_file_shows_an_hour_and_no_code(db: Database, file: Path, now: datetime) -> None:
    await db.transaction(invitations.add, CODE, BODY, now, now + DAY)
    assert rows(file, "SELECT until_hour FROM invitations") == [(hour(now + DAY),)]
    assert CODE.encode() not in every_byte(file.parent)
