"""What the tests of the desk share: a moment, and an open database in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Database, Keys, open_database
from tests.helpdesk.desk.hall import Hall


@pytest.fixture
def now() -> datetime:
    """10:30 in Caracas, a Saturday."""
    return datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'faro.db'}"
    async with await open_database(url, Keys.ephemeral()) as database:
        yield database


@pytest.fixture
async def hall(db: Database, now: datetime) -> Hall:
    """A desk whose group is safe, with no member and no case."""
    made = Hall(db, now)
    await made.safe()
    return made
