"""/borrar in the store, and the jobs it leaves."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import (
    Database,
    Keys,
    Session,
    Tx,
    cipher,
    erasures,
    open_database,
    retention,
    rotate,
    sessions,
)
from tests.store.disk import alter, rows

CHAT = 5_550_001_234


async def test_everything_goes_and_a_job_remains(db: Database, file: Path, now: datetime) -> None:
    session = Session({"a": 1}, messages=((7, now), (8, now)))
    await db.transaction(sessions.put, CHAT, session, now)
    await db.transaction(sessions.put, CHAT + 1, session, now)
    job = await db.transaction(erasures.erase, CHAT, [9, 8], now)
    assert (job.chat, job.message_ids) == (CHAT, (7, 8, 9))
    assert await db.transaction(sessions.get, CHAT, now) is None
    assert await db.transaction(sessions.get, CHAT + 1, now) == session
    assert await db.transaction(erasures.pending) == [job]
    await db.transaction(erasures.done, job.id)
    assert await db.transaction(erasures.pending) == []
    assert rows(file, "SELECT count(*) FROM erasures") == [(0,)]


async def test_erasing_is_one_transaction(db: Database, now: datetime) -> None:
    await db.transaction(sessions.put, CHAT, Session({"a": 1}), now)

    def stumble(tx: Tx) -> None:
        erasures.erase(tx, CHAT, [], now)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        await db.transaction(stumble)
    assert await db.transaction(sessions.get, CHAT, now) == Session({"a": 1})
    assert await db.transaction(erasures.pending) == []


async def test_nothing_kept_still_erases_the_message_that_asked(
    db: Database, now: datetime
) -> None:
    job = await db.transaction(erasures.erase, CHAT, [9], now)
    assert job.message_ids == (9,)


async def test_done_twice_is_no_error(db: Database, now: datetime) -> None:
    job = await db.transaction(erasures.request, CHAT, [1], now)
    await db.transaction(erasures.done, job.id)
    await db.transaction(erasures.done, job.id)


async def test_a_job_says_whether_everything_went(
    db: Database, file: Path, keys: Keys, now: datetime
) -> None:
    """A restart forgets all else, and who asked for nothing must not be told it was done."""
    late = await db.transaction(erasures.request, CHAT, [1], now)
    real = await db.transaction(erasures.erase, CHAT, [2], now)
    assert (late.everything, real.everything) == (False, True)
    await db.close()
    async with await open_database(f"sqlite:///{file}", keys) as again:
        assert {each.id: each for each in await again.transaction(erasures.pending)} == {
            late.id: late,
            real.id: real,
        }
        await rotate(again, now + timedelta(days=1))
        kinds = {each.id: each.everything for each in await again.transaction(erasures.pending)}
        assert kinds == {late.id: False, real.id: True}


async def test_a_job_from_before_there_were_two_kinds_is_of_borrar(
    db: Database, file: Path, now: datetime
) -> None:
    job = await db.transaction(erasures.request, CHAT, [1], now)
    body = json.dumps({"chat": CHAT, "messages": [1], "requested": int(now.timestamp())})
    key = db.keys.ring.current().subkey("seal:erasure")
    alter(
        file,
        "UPDATE erasures SET body = ? WHERE id = ?",
        cipher.seal(key, "erasures", job.id, body.encode()),
        job.id,
    )
    assert await db.transaction(erasures.pending) == [replace(job, everything=True)]


async def test_jobs_come_oldest_first(db: Database, now: datetime) -> None:
    late = await db.transaction(erasures.request, CHAT, [1], now)
    early = await db.transaction(erasures.request, CHAT, [2], now - timedelta(minutes=5))
    assert await db.transaction(erasures.pending) == [early, late]


async def test_a_job_is_dropped_after_an_hour(db: Database, now: datetime) -> None:
    await db.transaction(erasures.request, CHAT, [1], now)
    almost = await db.transaction(retention.sweep, now + timedelta(minutes=59))
    assert almost["erasures"] == 0
    swept = await db.transaction(retention.sweep, now + timedelta(hours=1))
    assert swept["erasures"] == 1
    assert await db.transaction(erasures.pending) == []


async def test_an_altered_job_keeps_no_other_from_being_done_and_is_swept(
    db: Database, file: Path, now: datetime
) -> None:
    await db.transaction(erasures.request, CHAT, [1], now)
    with closing(sqlite3.connect(file)) as thief:
        thief.execute("UPDATE erasures SET body = zeroblob(1053)")
        thief.commit()
    job = await db.transaction(erasures.request, CHAT + 1, [2], now)
    assert await db.transaction(erasures.pending) == [job]
    assert (await db.transaction(retention.sweep, now))["erasures"] == 1


async def test_a_job_has_no_look_up_value_and_its_own_key(
    db: Database, file: Path, now: datetime
) -> None:
    await db.transaction(sessions.put, CHAT, Session({}), now)
    await db.transaction(erasures.request, CHAT, [1], now)
    ((lookup,),) = rows(file, "SELECT lookup FROM sessions")
    ((job, body),) = rows(file, "SELECT id, body FROM erasures")
    assert lookup not in job + body
