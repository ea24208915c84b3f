"""Transactions: whole, alone, retried when busy, and never left open by a cancelled task."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import tempfile
import threading
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import Database, Keys, Session, Tx, inbox, open_database, sessions, transaction
from store import connection as store_connection
from store.errors import StoreBusyError, StoreClosedError
from tests.store.disk import rows

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)


def note(tx: Tx, *ids: int) -> int:
    for each in ids:
        inbox.mark(tx, each, NOW)
    return len(ids)


def noted(file: Path) -> list[int]:
    return [row[0] for row in rows(file, "SELECT update_id FROM updates_seen ORDER BY 1")]


async def test_it_commits_what_returns(db: Database, file: Path) -> None:
    assert await db.transaction(note, 1, 2) == 2
    assert noted(file) == [1, 2]


async def test_it_rolls_back_what_raises(db: Database, file: Path) -> None:
    def stumble(tx: Tx) -> None:
        note(tx, 1)
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await db.transaction(stumble)
    assert noted(file) == []
    assert await db.transaction(note, 2) == 1


async def test_many_rows_are_written_at_once_or_not_at_all(db: Database, file: Path) -> None:
    def many(tx: Tx, *ids: int) -> None:
        tx.execute_many(inbox._MARK, ({"update_id": each, "hour": 1} for each in ids))

    await db.transaction(many, 1, 2, 3)
    with pytest.raises(sqlite3.IntegrityError):
        await db.transaction(many, 4, 5, 1)
    assert noted(file) == [1, 2, 3]
    kept: list[Tx] = []
    await db.transaction(kept.append)
    with pytest.raises(StoreClosedError):
        many(kept[0], 6)


async def test_keyword_arguments_pass_through(db: Database) -> None:
    def read(tx: Tx, *, update_id: int) -> bool:
        return inbox.seen(tx, update_id)

    assert await db.transaction(read, update_id=4) is False


async def test_it_is_one_hop_on_the_connections_own_thread(db: Database) -> None:
    threads = [await db.transaction(lambda tx: threading.current_thread()) for _ in range(3)]
    assert set(threads) == {db._writer._thread}


async def test_transactions_do_not_interleave(db: Database) -> None:
    seen: list[str] = []

    def step(tx: Tx, name: str) -> None:
        seen.append(name)
        note(tx, ord(name))
        seen.append(name)

    await asyncio.gather(*(db.transaction(step, name) for name in "abcdefgh"))
    assert all(seen[at] == seen[at + 1] for at in range(0, len(seen), 2))


async def test_it_holds_the_write_lock_from_its_first_line(db: Database, file: Path) -> None:
    """What a transaction reads before it writes cannot change under it."""

    def look(tx: Tx) -> None:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreBusyError):
        await db.transaction(look)


async def test_a_call_that_comes_while_the_database_closes_is_told(db: Database) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        inside.set()
        assert go_on.wait(10)

    first = asyncio.create_task(db.transaction(slow))
    assert await asyncio.to_thread(inside.wait, 10)
    closing_task = asyncio.create_task(db.close())
    await asyncio.sleep(0)
    second = asyncio.create_task(db.transaction(note, 1))
    await asyncio.sleep(0)
    go_on.set()
    await first
    await closing_task
    with pytest.raises(StoreClosedError):
        await second


async def test_an_async_function_is_refused(db: Database, file: Path) -> None:
    async def wrong(tx: Tx) -> None:
        note(tx, 1)

    def hidden(tx: Tx) -> object:
        note(tx, 2)
        return wrong(tx)

    with pytest.raises(TypeError, match="plain function"):
        await db.transaction(hidden)
    assert noted(file) == []


async def test_a_handle_is_dead_after_its_transaction(db: Database) -> None:
    kept = await db.transaction(lambda tx: tx)
    with pytest.raises(StoreClosedError, match="over"):
        inbox.seen(kept, 1)


async def test_a_result_that_is_kept_holds_nothing_open(db: Database) -> None:
    """A cursor left half read would forbid the rebuild: "SQL statements in progress"."""
    await db.transaction(note, 1, 2, 3)
    kept = await db.transaction(lambda tx: tx.execute(inbox._SEEN, {"update_id": 1}))
    assert await db.checkpoint()
    assert kept.fetchone() == (1,)
    assert kept.fetchone() is None


async def test_a_missing_parameter_is_an_error(db: Database) -> None:
    with pytest.raises(sqlite3.ProgrammingError):
        await db.transaction(lambda tx: tx.execute(inbox._SEEN, {}))


async def test_a_closed_database_says_so(db: Database) -> None:
    await db.close()
    await db.close()
    with pytest.raises(StoreClosedError):
        await db.transaction(note, 1)


async def test_a_busy_file_runs_the_function_again(
    db: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Busy at COMMIT: the first run is undone, the second one counts."""
    runs = 0

    class Busy(sqlite3.OperationalError):
        sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT

    def unlucky(tx: Tx) -> str:
        nonlocal runs
        runs += 1
        note(tx, runs)
        if runs == 1:
            raise Busy
        return "done"

    assert await db.transaction(unlucky) == "done"
    assert noted(file) == [2]


async def test_a_file_held_by_another_program_is_given_up_in_the_end(
    db: Database, file: Path
) -> None:
    def short_wait(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA busy_timeout=1")

    await db._writer.hop(short_wait)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError):
            await db.transaction(note, 1)
        other.execute("ROLLBACK")
    assert await db.transaction(note, 1) == 1


async def test_other_errors_of_sqlite_are_not_retried(db: Database) -> None:
    runs = 0

    def full(tx: Tx) -> None:
        nonlocal runs
        runs += 1
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(sqlite3.OperationalError):
        await db.transaction(full)
    assert runs == 1


async def test_a_transaction_that_sqlite_ended_itself_shows_the_first_error(db: Database) -> None:
    def ended(tx: Tx) -> None:
        assert tx._connection is not None
        tx._connection.execute("ROLLBACK")
        raise LookupError("the first")

    with pytest.raises(LookupError, match="the first"):
        await db.transaction(ended)
    assert await db.transaction(note, 1) == 1


async def test_a_cancelled_task_waits_for_the_end_and_then_is_cancelled(
    db: Database, file: Path
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        note(tx, 1)
        inside.set()
        assert go_on.wait(10)
        note(tx, 2)

    task = asyncio.create_task(db.transaction(slow))
    assert await asyncio.to_thread(inside.wait, 10)
    for _ in range(3):  # impatience changes nothing
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert noted(file) == [1, 2]
    assert await db._writer.hop(lambda connection: connection.in_transaction) is False


async def test_an_erasure_of_a_cancelled_task_still_asks_for_a_scrub(db: Database) -> None:
    await db.transaction(sessions.put, 1, Session({}), NOW)
    db.checkpointer._asked.clear()
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        inside.set()
        assert go_on.wait(10)
        sessions.delete(tx, 1)

    task = asyncio.create_task(db.transaction(slow))
    assert await asyncio.to_thread(inside.wait, 10)
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert db.checkpointer._asked.is_set()


async def test_a_timeout_around_a_transaction_leaves_none_open(db: Database, file: Path) -> None:
    for each in range(20):
        with suppress(TimeoutError):
            async with asyncio.timeout(0):
                await db.transaction(note, each)
    assert await db._writer.hop(lambda connection: connection.in_transaction) is False
    assert await db.transaction(note, 100) == 1


@given(plan=st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=12))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whenever_tasks_are_cancelled_every_transaction_is_whole(
    tmp_path: Path, plan: list[tuple[int, bool]]
) -> None:
    """Each task writes two rows; it is cancelled after so many turns of the loop, or fails.

    Afterwards each pair stands whole or not at all, a failed one not at all, one that nobody
    cancelled and that did not fail whole, and no transaction is open.
    """
    file = Path(tempfile.mkdtemp(dir=tmp_path)) / "faro.db"

    def pair(tx: Tx, number: int, fails: bool) -> None:
        note(tx, 2 * number)
        if fails:
            raise LookupError
        note(tx, 2 * number + 1)

    async def play() -> list[bool | BaseException]:
        async with await open_database(f"sqlite:///{file}", Keys.ephemeral()) as db:

            async def one(number: int, turns: int, fails: bool) -> bool:
                task = asyncio.create_task(db.transaction(pair, number, fails))
                for _ in range(turns):
                    await asyncio.sleep(0)
                cancelled = turns < 6 and task.cancel()
                with suppress(LookupError, asyncio.CancelledError):
                    await task
                return cancelled

            told = await asyncio.gather(
                *(one(number, *each) for number, each in enumerate(plan)), return_exceptions=True
            )
            idle = await db._writer.hop(lambda connection: connection.in_transaction)
            assert idle is False
            return told

    cancelled = asyncio.run(play())
    stored = set(noted(file))
    for number, (_, fails) in enumerate(plan):
        both = {2 * number, 2 * number + 1}
        assert stored & both in (set(), both)
        if fails:
            assert not stored & both
        elif cancelled[number] is False:
            assert both <= stored


async def test_the_drivers_log_sees_neither_arguments_nor_errors(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """aiosqlite logs every call and exception at DEBUG: it must have nothing to tell."""

    def stumble(tx: Tx, chat: int, word: str) -> None:
        raise LookupError(word)

    with caplog.at_level(logging.DEBUG):
        with pytest.raises(LookupError):
            await db.transaction(stumble, 5_550_001_234, "guanábana")
        await db.transaction(sessions.put, 5_550_001_234, Session({"w": "guanábana"}), NOW)
    assert caplog.records, "the driver logs nothing any more: this test proves nothing"
    assert "5550001234" not in caplog.text
    assert "guanábana" not in caplog.text


async def test_every_connection_is_set_up_alike(db: Database, file: Path) -> None:
    expected: dict[str, Any] = {
        "secure_delete": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "busy_timeout": store_connection.BUSY_TIMEOUT_MS,
    }

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}

    assert await db._writer.hop(read) == expected
    assert await db.checkpoint()
    assert await db._writer.hop(read) == expected
    with closing(store_connection.connect(file)) as other:
        assert read(other) == expected


def test_retries_are_bounded() -> None:
    assert 1 < transaction.TRIES <= 5
