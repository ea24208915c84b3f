"""Migrations: from nothing to head, silent, whole, and saying the same as `store.tables`."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from store import (
    Keys,
    Mark,
    Session,
    StoredMember,
    Tx,
    broadcasts,
    cases,
    cipher,
    desk_state,
    erasures,
    invitations,
    ledger,
    migrations,
    open_database,
    organiser_state,
    posts,
    published,
    rotate,
    sessions,
    staff,
    subscribers,
    withdrawals,
)
from store.tables import metadata


def test_head_is_what_the_folder_says() -> None:
    assert ScriptDirectory(str(migrations.FOLDER)).get_current_head() == migrations.HEAD


def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    file = tmp_path / "faro.db"
    migrations.upgrade(file)
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_tables_have_no_row_numbers(tmp_path: Path) -> None:
    file = tmp_path / "faro.db"
    migrations.upgrade(file)
    with closing(sqlite3.connect(file)) as connection:
        for table in metadata.tables:
            with pytest.raises(sqlite3.OperationalError, match="no such column"):
                connection.execute(f"SELECT rowid FROM {table}")


def test_they_say_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        migrations.upgrade(tmp_path / "faro.db")
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "faro.db"
    migrations.upgrade(file)
    before = file.read_bytes()
    migrations.upgrade(file)
    assert file.read_bytes() == before


def test_a_migration_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction: after a failure in the middle there is no table at all."""
    import alembic.op

    file = tmp_path / "faro.db"

    def stumble(name: str, *columns: Any, **options: Any) -> None:
        if name == "counters_open":
            raise RuntimeError("power cut")
        real(name, *columns, **options)

    real = alembic.op.create_table
    monkeypatch.setattr(alembic.op, "create_table", stumble)
    with pytest.raises(RuntimeError):
        migrations.upgrade(file)
    monkeypatch.undo()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    migrations.upgrade(file)


def test_a_database_before_any_table_is_brought_up(tmp_path: Path) -> None:
    file = tmp_path / "faro.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    migrations.upgrade(file)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (migrations.HEAD,)
        ]


async def test_sessions_from_before_the_keys_of_the_day_live_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """A file of revision 0001, whose rows hang on the master key, under today's program."""
    file, keys = tmp_path / "data" / "faro.db", Keys.generate(tmp_path / "faro.key")
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "HEAD", "0001")
        migrations.upgrade(file)
    hours = int(now.timestamp()) // 3600
    lookup, job = keys.lookup("session", 7), bytes(16)
    row_key = bytes(range(32))
    body = b'{"chat": 7, "state": {"a": 1}, "messages": []}'
    task = json.dumps({"chat": 7, "messages": [1], "requested": int(now.timestamp())}).encode()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "INSERT INTO sessions VALUES (?, ?, ?, 2, 1, ?, NULL)",
            (
                lookup,
                cipher.wrap(keys.subkey("wrap:sessions"), "sessions", lookup, row_key),
                cipher.seal(row_key, "sessions", lookup, body),
                hours,
            ),
        )
        sealed = cipher.seal(keys.subkey("seal:erasure"), "erasures", job, task)
        connection.execute("INSERT INTO erasures VALUES (?, ?)", (job, sealed))
        connection.commit()
    async with await open_database(f"sqlite:///{file}", keys) as db:
        assert await db.transaction(sessions.get, 7, now) == Session({"a": 1}, 2, 1)
        done = await rotate(db, now)
        assert (done.renewed, done.unreadable) == (2, 0)
        assert await db.transaction(sessions.get, 7, now) == Session({"a": 1}, 2, 1)
        assert [each.chat for each in await db.transaction(erasures.pending)] == [7]
    with closing(sqlite3.connect(file)) as connection:
        (number,) = connection.execute("SELECT epoch FROM sessions").fetchone()
        assert number == keys.ring.current().number
        assert connection.execute("SELECT epoch FROM erasures").fetchone() == (number,)


async def test_sessions_from_before_the_desk_live_on_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """A file of revision 0002 with live rows, under today's program: all of it, and the desk."""
    url, keys = f"sqlite:///{tmp_path}/data/faro.db", Keys.ephemeral()
    session = Session({"a": 1}, 2, 1, ((5, now),))
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "HEAD", "0002")
        async with await open_database(url, keys) as db:
            await db.transaction(sessions.put, 7, session, now)
            job = await db.transaction(erasures.request, 8, [1], now)
            with pytest.raises(sqlite3.OperationalError, match="no such table"):
                await db.transaction(cases.open_cases)

    def begin(tx: Tx) -> None:
        case = cases.new(tx, 7, {}, ("code:K7M4P2",), now)
        posts.add(tx, case.id, {}, now)
        staff.put(tx, 9, {})
        invitations.add(tx, "K7M4P2", {}, now, now + timedelta(days=1))
        desk_state.put(tx, {})

    async with await open_database(url, keys) as db:
        assert await db.transaction(sessions.get, 7, now) == session
        assert await db.transaction(erasures.pending) == [job]
        await db.transaction(begin)
        done = await rotate(db, now)
        assert (done.renewed, done.unreadable) == (7, 0)
        assert await db.transaction(sessions.get, 7, now) == session


async def test_a_desk_from_before_broadcasts_lives_on_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """A file of revision 0003 with live rows, under today's program: all of it, and broadcasts."""
    url, keys = f"sqlite:///{tmp_path}/data/faro.db", Keys.ephemeral()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "HEAD", "0003")
        async with await open_database(url, keys) as db:
            case = await db.transaction(cases.new, 7, {"n": 1}, ("code:K7M4P2",), now)
            await db.transaction(staff.put, 9, {"name": "V-07"})
            with pytest.raises(sqlite3.OperationalError, match="no such table"):
                await db.transaction(broadcasts.every)

    def begin(tx: Tx) -> bytes:
        subscribers.put(tx, 7, {})
        [subscriber] = subscribers.every(tx)
        broadcast = broadcasts.add(tx, {}, now)
        ledger.fix(tx, broadcast, [subscriber.id])
        assert ledger.delivered(tx, broadcast, 0, 7, 77, now)
        organiser_state.put(tx, {})
        withdrawals.put(tx, "rule:art8-n12", "V-07", now)
        published.put(tx, "a: 1", "V-07", now)
        return broadcast

    async with await open_database(url, keys) as db:
        assert await db.transaction(cases.of_chat, 7) == case
        broadcast = await db.transaction(begin)
        keys.ring.create(now)
        done = await rotate(db, now)
        assert (done.renewed, done.unreadable) == (6, 0)
        assert await db.transaction(cases.of_chat, 7) == case
        assert await db.transaction(staff.get, 9) == StoredMember(9, {"name": "V-07"})
        assert await db.transaction(ledger.message_ids, 7, now) == (77,)
        assert (await db.transaction(ledger.tally, broadcast))[Mark.SENT] == 1
