"""From one key of the day to the next: whole, bounded, repeatable, and safe to kill anywhere."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from store import (
    Database,
    Keys,
    Session,
    Tx,
    erasures,
    open_database,
    retention,
    rotate,
    rotation,
    sessions,
)
from store.envelope import Renewal
from store.errors import IntegrityError, KeyringEmptyError, KeyringError
from store.keys import keyring_folder
from tests.store import rotator
from tests.store.disk import rows
from tests.store.rotator import CHATS, ERASED, TOMORROW, House

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)
SESSION = Session({"a": 1}, 4, 3)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    Keys.generate(tmp_path / "faro.key")
    return tmp_path / "faro.key"


@pytest.fixture
async def db(file: Path, key: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{file}", Keys.load(key)) as database:
        yield database


def epochs(file: Path) -> list[int]:
    return [row[0] for row in rows(file, "SELECT DISTINCT epoch FROM sessions ORDER BY epoch")]


def fill(tx: Tx, chats: range, now: datetime) -> None:
    for chat in chats:
        sessions.put(tx, chat, SESSION, now)


async def test_nothing_is_sealed_before_there_is_a_key(db: Database, now: datetime) -> None:
    with pytest.raises(KeyringEmptyError, match="rotate"):
        await db.transaction(sessions.put, 1, SESSION, now)
    assert await db.transaction(sessions.get, 1, now) is None
    assert (await rotate(db, now)).made
    await db.transaction(sessions.put, 1, SESSION, now)


async def test_sessions_pass_to_the_next_key_as_they_are(
    db: Database, file: Path, key: Path, now: datetime
) -> None:
    await rotate(db, now)
    before = db.keys.ring.current()
    session = Session({"a": 1}, 4, 3, ((9, now), (10, now + timedelta(hours=9))))
    await db.transaction(sessions.put, 1, session, now)
    old = rows(file, "SELECT lookup, wrapped_key, body FROM sessions")
    done = await rotate(db, now + DAY)
    assert done == rotation.Rotation(made=True, renewed=1, unreadable=0, destroyed=1)
    assert epochs(file) == [before.number + 1]
    assert os.listdir(keyring_folder(key)) == [f"epoch-{before.number + 1}"]
    new = rows(file, "SELECT lookup, wrapped_key, body FROM sessions")
    assert not {*old[0]} & {*new[0]}
    assert await db.transaction(sessions.get, 1, now + DAY) == session
    # Passing did not touch it: its seven days still count from the family's last word.
    assert await db.transaction(sessions.expire, now + 7 * DAY) == 1


async def test_again_on_the_same_day_does_nothing(db: Database, file: Path, now: datetime) -> None:
    await rotate(db, now)
    await db.transaction(sessions.put, 1, SESSION, now)
    before = rows(file, "SELECT * FROM sessions")
    assert await rotate(db, now + timedelta(hours=1)) == rotation.Rotation(False, 0, 0, 0)
    assert rows(file, "SELECT * FROM sessions") == before


async def test_in_bounded_transactions_between_which_families_are_served(
    db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rotate(db, now)
    await db.transaction(fill, range(100), now)
    sizes: list[int] = []
    transaction = db.transaction

    async def watched(function: Any, *args: Any) -> Any:
        result = await transaction(function, *args)
        if isinstance(result, Renewal):
            sizes.append(result.renewed)
            # A family that writes meanwhile: new ones, and ones that wait for the new key.
            await transaction(sessions.put, 1000 + len(sizes), SESSION, now + DAY)
            await transaction(sessions.put, 10 * len(sizes), Session({"later": 1}), now + DAY)
        return result

    monkeypatch.setattr(db, "transaction", watched)
    assert (await rotate(db, now + DAY)).renewed == 100
    assert sum(sizes) == 100
    assert max(sizes) == rotation.BATCH
    monkeypatch.undo()
    for chat in (*range(100), *range(1001, 1001 + len(sizes))):
        found = await db.transaction(sessions.get, chat, now + DAY)
        later = chat and chat % 10 == 0 and chat <= 10 * len(sizes)
        assert found == (Session({"later": 1}) if later else SESSION)
    assert await db.transaction(sessions.unshown, now + DAY)


async def test_rows_from_before_there_were_keys_of_the_day(
    db: Database, file: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Epoch 0: readable as long as they stand, and sealed anew at the first rotation."""
    keys = db.keys
    with monkeypatch.context() as patch:
        patch.setattr(type(keys.ring), "current", lambda ring: keys.epoch(0))
        await db.transaction(fill, range(3), now)
        job = await db.transaction(erasures.request, 9, [1], now)
    assert epochs(file) == [0]
    assert await db.transaction(sessions.get, 1, now) == SESSION
    await db.transaction(sessions.put, 1, Session({"b": 2}), now)
    await db.transaction(sessions.delete, 2)
    done = await rotate(db, now)
    assert (done.renewed, done.unreadable, done.destroyed) == (3, 0, 0)
    assert 0 not in epochs(file)
    assert await db.transaction(sessions.get, 0, now) == SESSION
    assert await db.transaction(sessions.get, 1, now) == Session({"b": 2})
    assert await db.transaction(erasures.pending) == [job]


async def test_without_its_keyring_families_begin_anew(
    db: Database, file: Path, key: Path, now: datetime
) -> None:
    """Lost with sessions alive: they are counted, never a crash, and retention drops them."""
    await rotate(db, now)
    await db.transaction(fill, range(3), now)
    await db.transaction(erasures.request, 9, [1], now)
    shutil.rmtree(keyring_folder(key))
    later = now + timedelta(hours=2)
    async with await open_database(f"sqlite:///{file}", Keys.load(key)) as again:
        assert await rotate(again, later) == rotation.Rotation(True, 0, 4, 0)
        for chat in range(3):
            assert await again.transaction(sessions.get, chat, later) is None
        assert (await again.transaction(sessions.unshown, later)).unreadable == 3
        assert await again.transaction(erasures.pending) == []
        assert await again.transaction(sessions.message_ids, 1, later) == ()
        await again.transaction(erasures.erase, 1, [5], later)
        await again.transaction(sessions.put, 2, Session({"new": 1}), later)
        swept = await again.transaction(retention.sweep, now + 7 * DAY)
        assert (swept["sessions"], swept["erasures"]) == (3, 2)
        assert await again.transaction(sessions.get, 2, later) == Session({"new": 1})


async def test_a_keyring_that_comes_back_does_not_undo_what_came_after(
    db: Database, file: Path, key: Path, tmp_path: Path, now: datetime
) -> None:
    await rotate(db, now)
    await db.transaction(fill, range(2), now)
    keyring_folder(key).rename(tmp_path / "mislaid")
    url = f"sqlite:///{file}"
    async with await open_database(url, Keys.load(key)) as again:
        await rotate(again, now)
        await again.transaction(sessions.put, 1, Session({"new": 1}), now)
    for each in (tmp_path / "mislaid").iterdir():
        each.rename(keyring_folder(key) / each.name)
    async with await open_database(url, Keys.load(key)) as again:
        assert await rotate(again, now) == rotation.Rotation(False, 2, 0, 1)
        assert await again.transaction(sessions.get, 0, now) == SESSION
        assert await again.transaction(sessions.get, 1, now) == Session({"new": 1})


async def test_a_folder_taken_away_while_it_runs_is_made_good_within_the_hour(
    db: Database, file: Path, key: Path, now: datetime
) -> None:
    await rotate(db, now)
    await db.transaction(fill, range(3), now)
    shutil.rmtree(keyring_folder(key))
    assert await db.transaction(sessions.get, 1, now) == SESSION
    done = await rotate(db, now)
    assert (done.made, done.renewed, done.unreadable) == (True, 3, 0)
    async with await open_database(f"sqlite:///{file}", Keys.load(key)) as again:
        assert await again.transaction(sessions.get, 1, now) == SESSION


async def test_a_damaged_row_keeps_no_other_from_passing(
    db: Database, file: Path, now: datetime
) -> None:
    await rotate(db, now)
    await db.transaction(fill, range(9), now)
    with closing(sqlite3.connect(file)) as thief:
        thief.execute(
            "UPDATE sessions SET body = zeroblob(1053) "
            "WHERE lookup IN (SELECT lookup FROM sessions ORDER BY lookup LIMIT 2)"
        )
        thief.commit()
    done = await rotate(db, now + DAY)
    assert (done.renewed, done.unreadable, done.destroyed) == (7, 2, 1)


async def test_a_sweep_beside_the_bot_drops_nobody(
    db: Database, file: Path, key: Path, now: datetime
) -> None:
    """The doctor opened before midnight and sweeps after it: it must not judge by old keys."""
    await rotate(db, now)
    await db.transaction(sessions.put, 1, Session({}, messages=((1, now),)), now)
    async with await open_database(f"sqlite:///{file}", Keys.load(key)) as doctor:
        await rotate(db, now + DAY)
        swept = await doctor.transaction(retention.sweep, now + 2 * DAY)
        assert swept["sessions"] == 0
    assert await db.transaction(sessions.get, 1, now + 2 * DAY) == Session({})


async def test_when_an_old_key_cannot_be_destroyed_it_is_told_and_tried_again(
    db: Database, key: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rotate(db, now)
    await db.transaction(fill, range(3), now)

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(KeyringError, match="destroy"):
            await rotate(db, now + DAY)
    assert await db.transaction(sessions.get, 1, now + DAY) == SESSION
    assert (await rotate(db, now + DAY)).destroyed == 1
    assert len(os.listdir(keyring_folder(key))) == 1


async def test_two_at_once_lose_nothing(db: Database, key: Path, now: datetime) -> None:
    await rotate(db, now)
    await db.transaction(fill, range(50), now)
    await asyncio.gather(*(rotate(db, now + DAY) for _ in range(3)))
    await rotate(db, now + DAY)
    assert len(os.listdir(keyring_folder(key))) == 1
    for chat in range(50):
        assert await db.transaction(sessions.get, chat, now + DAY) == SESSION


async def test_a_key_in_memory_passes_too(file: Path, now: datetime) -> None:
    async with await open_database(f"sqlite:///{file}", Keys.ephemeral()) as demo:
        await demo.transaction(fill, range(3), now)
        first = demo.keys.ring.current()
        assert await rotate(demo, now) == rotation.Rotation(True, 3, 0, 1)
        assert demo.keys.ring.get(first.number) is None
        assert await demo.transaction(sessions.get, 1, now) == SESSION


async def test_a_session_of_a_lost_key_says_so_and_no_more(
    db: Database, file: Path, now: datetime
) -> None:
    await rotate(db, now)
    await db.transaction(sessions.put, 1, SESSION, now)
    with closing(sqlite3.connect(file)) as thief:
        thief.execute("UPDATE sessions SET epoch = 5")
        thief.commit()
    with pytest.raises(IntegrityError, match="gone"):
        await db.transaction(sessions.get, 1, now)


@pytest.mark.slow
async def test_killed_at_every_step_no_session_is_lost_and_no_old_key_stays(
    tmp_path: Path,
) -> None:
    """kill -9 right before each change of a file and each transaction of a rotation."""
    await rotator.prepare(tmp_path / "base")
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.store.rotator", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    steps = [line.split() for line in run.stdout.splitlines()]
    killed = {step[1] for step in steps if len(step) == 2}
    assert killed == {"open", "write", "fsync", "rename", "unlink", "transaction", "commit"}
    assert len(steps) > 25
    assert len(steps[-1]) == 1, "the last one was left alone"
    for number, *_ in steps:
        house = House(tmp_path / f"{int(number):03d}")
        async with await house.open() as db:
            await everything_is_there(db)  # before anything mends it
            await rotate(db, TOMORROW)
            await everything_is_there(db)
        left = os.listdir(keyring_folder(house.key))
        assert len(left) == 1
        assert f"epoch-{db.keys.ring.current().number}" == left[0]
        assert epochs(house.folder / "data" / "faro.db") == [db.keys.ring.current().number]


async def everything_is_there(db: Database) -> None:
    def look(tx: Tx) -> None:
        for chat in CHATS:
            assert sessions.get(tx, chat, TOMORROW) == Session({"chat": chat}, 3, 2)
        assert [job.chat for job in erasures.pending(tx)] == [ERASED]

    await db.transaction(look)
