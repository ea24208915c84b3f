"""Opening: addresses, files and their modes, migrations, the key; and the checkpoint's answer."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from store import Database, Keys, Session, database, database_path, open_database, sessions
from store.errors import DatabaseURLError, SchemaError, WrongKeyError


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite+aiosqlite:///data/faro.db", "data/faro.db"),
        ("sqlite:///data/faro.db", "data/faro.db"),
        ("sqlite+aiosqlite:////var/lib/faro.db", "/var/lib/faro.db"),
        ("sqlite:////var/lib/a b/faro.db", "/var/lib/a b/faro.db"),
        ("sqlite:///faro.db", "faro.db"),
    ],
)
def test_urls_of_sqlite_name_a_file(url: str, path: str) -> None:
    assert database_path(url) == Path(path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "data/faro.db",
        "postgresql://faro:s3cret@db/faro",
        "mysql+aiomysql://faro:s3cret@db/faro",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///data/",
        "sqlite://data/faro.db",
        "sqlite:///faro.db?mode=ro",
        "sqlite+pysqlcipher:///faro.db",
    ],
)
async def test_any_other_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(DatabaseURLError) as caught:
        await open_database(url, Keys.ephemeral())
    assert "s3cret" not in str(caught.value)


async def test_a_relative_path_is_relative_to_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: Keys
) -> None:
    monkeypatch.chdir(tmp_path)
    async with await open_database("sqlite+aiosqlite:///data/faro.db", keys):
        assert (tmp_path / "data" / "faro.db").is_file()


async def test_only_the_owner_reads_the_files(db: Database, file: Path, now: datetime) -> None:
    await db.transaction(sessions.put, 1, Session({}), now)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    assert modes == {"faro.db": 0o600, "faro.db-wal": 0o600, "faro.db-shm": 0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def open_and_close(file: Path, keys: Keys) -> None:
    async def visit() -> None:
        async with await open_database(f"sqlite:///{file}", keys):
            pass

    asyncio.run(visit())


def test_a_file_left_open_to_others_is_closed_to_them(file: Path, keys: Keys) -> None:
    open_and_close(file, keys)
    file.chmod(0o644)
    open_and_close(file, keys)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_opening_again_finds_everything(file: Path, keys: Keys, now: datetime) -> None:
    async with await open_database(f"sqlite:///{file}", keys) as db:
        await db.transaction(sessions.put, 1, Session({"a": 1}), now)
    async with await open_database(f"sqlite+aiosqlite:///{file}", keys) as db:
        assert await db.transaction(sessions.get, 1, now) == Session({"a": 1})


async def test_another_key_is_refused_at_the_door(file: Path, keys: Keys) -> None:
    async with await open_database(f"sqlite:///{file}", keys):
        pass
    with pytest.raises(WrongKeyError, match="FARO_KEY_FILE"):
        await open_database(f"sqlite:///{file}", Keys.ephemeral())
    async with await open_database(f"sqlite:///{file}", keys):
        pass


async def test_a_newer_schema_is_refused(file: Path, keys: Keys) -> None:
    async with await open_database(f"sqlite:///{file}", keys):
        pass
    with closing(sqlite3.connect(file)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    with pytest.raises(SchemaError, match="newer Faro"):
        await open_database(f"sqlite:///{file}", keys)


def test_a_file_of_another_kind_is_refused(file: Path, keys: Keys) -> None:
    file.parent.mkdir()
    file.write_bytes(b"this is a letter, not a database. " * 100)
    with pytest.raises(SchemaError):
        open_and_close(file, keys)
    assert file.read_bytes().startswith(b"this is a letter")


async def test_an_open_reader_makes_the_checkpoint_answer_no(
    db: Database, file: Path, now: datetime
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        await db.transaction(sessions.put, 1, Session({}), now)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sessions").fetchall()
        await db.transaction(sessions.delete, 1)
        assert not await db.checkpoint()
        reader.execute("COMMIT")
    assert await db.checkpoint()
    assert file.with_name("faro.db-wal").stat().st_size == 0


async def test_another_writer_makes_the_checkpoint_answer_no(db: Database, file: Path) -> None:
    def short_wait(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA busy_timeout=1")

    await db._writer.hop(short_wait)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not await db._writer.hop(database._rebuild_and_truncate)
        other.execute("ROLLBACK")
    assert await db.checkpoint()


def test_opening_a_database_that_exists_loads_no_alembic(file: Path, tmp_path: Path) -> None:
    """The bot is ready within two seconds; loading Alembic would take a good part of them."""
    key = tmp_path / "faro.key"
    open_and_close(file, Keys.generate(key))
    script = (
        "import asyncio, sys\n"
        "from store import Keys, open_database\n"
        "async def go():\n"
        "    async with await open_database(sys.argv[1], Keys.load(sys.argv[2])): pass\n"
        "asyncio.run(go())\n"
        "print('alembic' in sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, f"sqlite:///{file}", str(key)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    assert run.stdout.strip() == "False"
    assert run.stderr == ""


async def test_when_the_disk_is_too_full_to_rebuild_the_log_is_emptied_all_the_same(
    db: Database, file: Path, now: datetime
) -> None:
    class Full(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            if sql == "VACUUM":
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *parameters)

    await db.transaction(sessions.put, 1, Session({}), now)
    log = file.with_name("faro.db-wal")
    assert log.stat().st_size > 0
    with (
        closing(sqlite3.connect(file, isolation_level=None, factory=Full)) as full,
        pytest.raises(sqlite3.OperationalError, match="full"),
    ):
        database._rebuild_and_truncate(full)
    assert log.stat().st_size == 0


def test_a_program_that_forgets_to_close_still_ends(tmp_path: Path) -> None:
    """An error on the way out of the bot must not leave it hanging on the writer's thread."""
    script = (
        "import asyncio, sys\n"
        "from store import Keys, open_database\n"
        "kept = asyncio.run(open_database(sys.argv[1], Keys.ephemeral()))\n"
        "print('leaving', flush=True)\n"
        "import os, threading\n"
        "threading._shutdown()\n"
        "os._exit(7)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, f"sqlite:///{tmp_path}/faro.db"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=30,
    )
    assert (run.stdout, run.returncode) == ("leaving\n", 7)
