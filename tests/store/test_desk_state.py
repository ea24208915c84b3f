"""The state of the desk: one row, written whole, and empty rather than an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store import Database, desk_state
from tests.store.disk import alter, rows


async def test_it_is_empty_until_it_is_written_and_then_whole(db: Database, file: Path) -> None:
    assert await db.transaction(desk_state.get) == {}
    states: list[dict[str, Any]] = [{"spent": [1, 2], "queue": {"message": 9}}, {"a": []}, {}]
    for state in states:
        await db.transaction(desk_state.put, state)
        assert await db.transaction(desk_state.get) == state
    assert rows(file, "SELECT count(*) FROM desk_state") == [(1,)]


@pytest.mark.parametrize("change", ["body = zeroblob(1053)", "epoch = 77777"])
async def test_when_it_does_not_open_the_desk_begins_anew(
    db: Database, file: Path, change: str
) -> None:
    await db.transaction(desk_state.put, {"a": 1})
    alter(file, f"UPDATE desk_state SET {change}")
    assert await db.transaction(desk_state.get) == {}
    await db.transaction(desk_state.put, {"a": 2})
    assert await db.transaction(desk_state.get) == {"a": 2}
