"""Migrations: from nothing to head, silent, whole, and saying the same as `store.tables`."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from store import migrations
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
