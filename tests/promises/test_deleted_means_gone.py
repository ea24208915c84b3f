"""Deleted means gone: after /borrar no byte of a session is left in any file of the data folder.

Not its answers, which were sealed anyway, but also not the ciphertext, the wrapped key, the nonce
or the look-up value. They are noted before the deletion and searched for after it, in every file:
database, write-ahead log, shared memory, journals. Each protection is taken away once, and then
the same search must find something; otherwise it would prove nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import (
    Database,
    Keys,
    Session,
    Tx,
    connection,
    erasures,
    open_database,
    rotate,
    sessions,
)
from store import retention as store_retention
from tests.store.disk import every_byte, found, rows

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=8)
CHATS = range(5_550_001_000, 5_550_001_060)
GONE = CHATS[20:40]

COLUMNS = "lookup, wrapped_key, body, substr(wrapped_key, 2, 12), substr(body, 2, 12)"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "faro.db"


@pytest.fixture
async def db(file: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{file}", Keys.ephemeral()) as database:
        yield database


def state(size: int) -> dict[str, object]:
    return {"hechos": {"charges": ["terrorismo"] * size}}


def talk(tx: Tx, chats: Iterable[int]) -> None:
    """Each chat answers three times: its row is rewritten, and once it grows."""
    for chat in chats:
        for revision in range(3):
            messages = ((7_000_000_000 + revision, NOW),)
            size = 10 + 100 * revision
            sessions.put(tx, chat, Session(state(size), revision, revision, messages), NOW)


def note(db: Database, file: Path, chats: Iterable[int]) -> list[bytes]:
    """What a thief could look for: every secret column of these chats, as it stands now."""
    lookups = {db.keys.ring.current().lookup("session", chat) for chat in chats}
    stored = [row for row in rows(file, f"SELECT {COLUMNS} FROM sessions") if row[0] in lookups]
    assert len(stored) == len(lookups)
    return [value for row in stored for value in row]


def left(values: list[bytes], folder: Path) -> int:
    """How many pieces of the noted values are left somewhere in the folder.

    A nonce is shorter than a piece and is searched for whole.
    """
    stored = every_byte(folder)
    whole = sum(value in stored for value in values if len(value) < 16)
    return whole + found([value for value in values if len(value) >= 16], folder)


def borrar(tx: Tx, chats: Iterable[int]) -> None:
    for chat in chats:
        erasures.erase(tx, chat, [], NOW)


async def test_deleted_means_gone(db: Database, file: Path) -> None:
    await db.transaction(talk, CHATS)
    values = note(db, file, GONE)
    others = note(db, file, [chat for chat in CHATS if chat not in GONE])
    assert left(values, file.parent) >= len(values), "the search must see what is there"
    await db.transaction(borrar, GONE)
    assert await db.checkpoint()
    assert left(values, file.parent) == 0
    assert left(others, file.parent) >= len(others)


async def test_expired_means_gone(db: Database, file: Path) -> None:
    await db.transaction(talk, CHATS)
    values = note(db, file, CHATS)
    swept = await db.transaction(store_retention.sweep, LATER)
    assert swept["sessions"] == len(CHATS)
    assert await db.checkpoint()
    assert left(values, file.parent) == 0


async def test_a_finished_erase_job_is_gone_too(db: Database, file: Path) -> None:
    await db.transaction(talk, CHATS)
    await db.transaction(borrar, GONE)
    values = [value for row in rows(file, "SELECT id, body FROM erasures") for value in row]
    assert left(values, file.parent) > 0

    def finish(tx: Tx) -> None:
        for job in erasures.pending(tx):
            erasures.done(tx, job.id)

    await db.transaction(finish)
    assert await db.checkpoint()
    assert left(values, file.parent) == 0


async def test_what_passed_to_the_next_key_leaves_nothing_behind(db: Database, file: Path) -> None:
    """The row under yesterday's key goes like any other; under today's it is there."""
    await rotate(db, NOW)
    await db.transaction(talk, CHATS)
    values = note(db, file, CHATS)
    done = await rotate(db, NOW + timedelta(days=1))
    assert (done.renewed, done.destroyed) == (len(CHATS), 1)
    assert await db.checkpoint()
    assert left(values, file.parent) == 0
    values = note(db, file, CHATS)
    await db.transaction(borrar, CHATS)
    assert await db.checkpoint()
    assert left(values, file.parent) == 0


async def test_the_job_of_the_bot_does_it_by_itself(db: Database, file: Path) -> None:
    """Nobody calls the checkpoint: the erasure asks, the job answers."""
    db.checkpointer._gap = 0.0
    job = asyncio.create_task(db.checkpointer.run())
    try:
        await asyncio.wait_for(db.checkpointer.settled(), 10)
        await db.transaction(talk, CHATS)
        values = note(db, file, GONE)
        await db.transaction(borrar, GONE)
        await asyncio.wait_for(db.checkpointer.settled(), 10)
        assert left(values, file.parent) == 0
    finally:
        job.cancel()
        with suppress(asyncio.CancelledError):
            await job


async def test_closing_leaves_nothing_either(file: Path) -> None:
    keys = Keys.ephemeral()
    async with await open_database(f"sqlite:///{file}", keys) as db:
        await db.transaction(talk, CHATS)
        values = note(db, file, GONE)
        await db.transaction(borrar, GONE)
        assert await db.checkpoint()
    assert left(values, file.parent) == 0
    assert [each.name for each in file.parent.iterdir()] == ["faro.db"]


async def test_red_without_the_checkpoint(db: Database, file: Path) -> None:
    """Negative control: deleted, but nobody emptied the write-ahead log."""
    await db.transaction(talk, CHATS)
    values = note(db, file, GONE)
    await db.transaction(borrar, GONE)
    assert left(values, file.parent) > 0


async def test_red_while_a_reader_stands_in_the_way(db: Database, file: Path) -> None:
    """Negative control: the checkpoint says no, and it is right."""
    await db.transaction(talk, CHATS)
    values = note(db, file, GONE)
    reader = connection.connect(file)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sessions").fetchall()
    await db.transaction(borrar, GONE)
    assert not await db.checkpoint()
    assert left(values, file.parent) > 0
    reader.close()
    assert await db.checkpoint()
    assert left(values, file.parent) == 0


@pytest.mark.parametrize(("setting", "gone"), [("ON", True), ("FAST", False), ("OFF", False)])
async def test_red_without_secure_delete(
    file: Path, monkeypatch: pytest.MonkeyPatch, setting: str, gone: bool
) -> None:
    """Negative control: with the log emptied but without the rebuild, what is left hangs on
    ``secure_delete`` alone; OFF and FAST leave the rows in the file."""
    monkeypatch.setitem(connection.PRAGMAS, "secure_delete", setting)
    async with await open_database(f"sqlite:///{file}", Keys.ephemeral()) as db:
        await db.transaction(talk, CHATS)
        assert await db.checkpoint(rebuild=False)
        values = note(db, file, GONE)
        await db.transaction(borrar, GONE)
        assert await db.checkpoint(rebuild=False)
        assert (left(values, file.parent) == 0) is gone


async def test_red_without_the_rebuild(db: Database, file: Path) -> None:
    """Negative control: ``secure_delete`` alone is not enough.

    Rows move between pages when a tree is rebalanced, and SQLite does not wipe the place they
    left: such a copy outlives its row. It takes a few thousand comings and goings; the order is
    fixed, so that the copies are there on every run. The rebuild takes them out.
    """
    chance = random.Random(4)
    values = await db.transaction(_come_and_go, chance)
    assert await db.checkpoint(rebuild=False)
    assert left(values, file.parent) > 0, "no copy was left: make the comings and goings longer"
    assert await db.checkpoint()
    assert left(values, file.parent) == 0


def _come_and_go(tx: Tx, chance: random.Random) -> list[bytes]:
    """Rows of random sizes come and go; the bytes of those that went, a few pieces of each."""
    assert tx._connection is not None
    execute = tx._connection.execute
    live: list[bytes] = []
    gone: list[bytes] = []
    for step in range(16_000):
        grows = step < 5_000 or (step // 1000) % 2 == 0
        if chance.random() < (0.7 if grows else 0.2) or not live:
            lookup = chance.randbytes(32)
            body = chance.randbytes(chance.choice((16, 60, 200, 900)))
            insert = "INSERT INTO sessions VALUES (?, ?, ?, 1, 1, 1, NULL, 1)"
            execute(insert, (lookup, body[:16], body))
            live.append(lookup)
        else:
            at = chance.randrange(len(live))
            live[at], live[-1] = live[-1], live[at]
            lookup = live.pop()
            execute("DELETE FROM sessions WHERE lookup = ?", (lookup,))
            gone.append(lookup)
    return gone
