"""What the tests of the store share: a key, a moment, an open database in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Database, Keys, open_database


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC)


@pytest.fixture
def keys() -> Keys:
    return Keys.ephemeral()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "faro.db"


@pytest.fixture
async def db(file: Path, keys: Keys) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite+aiosqlite:///{file}", keys) as database:
        yield database
