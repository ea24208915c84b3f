"""What the tests of broadcasts share: a moment, and an open database in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Database, Keys, open_database


@pytest.fixture
def now() -> datetime:
    """10:30 in Caracas, a Saturday."""
    return datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'faro.db'}"
    async with await open_database(url, Keys.ephemeral()) as database:
        yield database
