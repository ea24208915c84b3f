"""What was published last: one row, whose revision grows by one each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from store import Database, published, retention
from store.hours import hour
from tests.store.disk import rows


async def test_the_last_text_counts_and_its_revision_grows(
    db: Database, file: Path, now: datetime
) -> None:
    assert await db.transaction(published.get) is None
    assert await db.transaction(published.who) is None
    assert await db.transaction(published.revision) == 0
    later = now + timedelta(hours=1)
    assert await db.transaction(published.put, "contacts: []\n", "V-03", now) == 1
    assert await db.transaction(published.put, "cifras: ñ\n", "V-04", later) == 2
    await db.transaction(retention.sweep, now + timedelta(days=900))
    assert await db.transaction(published.get) == (2, "cifras: ñ\n")
    assert await db.transaction(published.revision) == 2
    assert await db.transaction(published.who) == ("V-04", hour(later))
    assert rows(file, "SELECT count(*) FROM published") == [(1,)]
