"""The states of desk and organisers: one row each, written whole, empty rather than an error."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from store import Database, desk_state, organiser_state
from tests.store.disk import alter, rows

pytestmark = pytest.mark.parametrize(
    ("state", "table"), [(desk_state, "desk_state"), (organiser_state, "organiser_state")]
)


async def test_it_is_empty_until_it_is_written_and_then_whole(
    db: Database, file: Path, state: ModuleType, table: str
) -> None:
    assert await db.transaction(state.get) == {}
    states: list[dict[str, Any]] = [{"spent": [1, 2], "queue": {"message": 9}}, {"a": []}, {}]
    for each in states:
        await db.transaction(state.put, each)
        assert await db.transaction(state.get) == each
    assert rows(file, f"SELECT count(*) FROM {table}") == [(1,)]


@pytest.mark.parametrize("change", ["body = zeroblob(1053)", "epoch = 77777"])
async def test_when_it_does_not_open_it_begins_anew(
    db: Database, file: Path, change: str, state: ModuleType, table: str
) -> None:
    await db.transaction(state.put, {"a": 1})
    alter(file, f"UPDATE {table} SET {change}")
    assert await db.transaction(state.get) == {}
    await db.transaction(state.put, {"a": 2})
    assert await db.transaction(state.get) == {"a": 2}


async def test_neither_is_the_other(
    db: Database, file: Path, state: ModuleType, table: str
) -> None:
    other = "organiser_state" if table == "desk_state" else "desk_state"
    await db.transaction(state.put, {"a": 1})
    alter(file, f"INSERT INTO {other} SELECT * FROM {table}")
    alter(file, f"DELETE FROM {table}")
    for each in (desk_state, organiser_state):
        assert await db.transaction(each.get) == {}
