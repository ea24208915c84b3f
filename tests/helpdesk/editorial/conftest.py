"""What the tests of the stop switch and the published file share: people of the team, a family."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store import Database, Keys, open_database
from tests.helpdesk.editorial.newsroom import Newsroom


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'faro.db'}"
    async with await open_database(url, Keys.ephemeral()) as database:
        yield database


@pytest.fixture
async def room(db: Database) -> Newsroom:
    """Two organisers, one who coordinates, a volunteer, and the phone of a family."""
    made = Newsroom(db)
    await made.open()
    return made
