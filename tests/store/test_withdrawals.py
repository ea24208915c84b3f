"""Withdrawals: clear ids and a pseudonym, nothing else, until somebody restores them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import Database, Withdrawal, retention, withdrawals
from store.hours import hour
from tests.store.disk import rows


async def test_what_is_withdrawn_stays_so_until_it_is_restored(
    db: Database, file: Path, now: datetime
) -> None:
    await db.transaction(withdrawals.put, "rule:art8-n12", "V-03", now)
    await db.transaction(withdrawals.put, "figure:rejected", "V-03", now)
    later = now + timedelta(hours=2)
    await db.transaction(withdrawals.put, "figure:rejected", "V-04", later)
    await db.transaction(retention.sweep, now + timedelta(days=900))
    assert await db.transaction(withdrawals.every) == {
        "figure:rejected": Withdrawal("V-04", hour(later)),
        "rule:art8-n12": Withdrawal("V-03", hour(now)),
    }
    assert await db.transaction(withdrawals.delete, "rule:art8-n12")
    assert not await db.transaction(withdrawals.delete, "rule:art8-n12")
    assert rows(file, "SELECT thing FROM withdrawals") == [("figure:rejected",)]


@pytest.mark.parametrize(
    ("thing", "by"),
    [
        ("rule", "V-03"),
        ("rule:", "V-03"),
        ("answer:la hermana de Ana", "V-03"),
        ("answer:no\n", "V-03"),
        (f"answer:{'a' * 140}", "V-03"),
        ("rule:art8-n12", "Ana"),
        ("rule:art8-n12", "5550001234"),
    ],
)
async def test_no_text_and_no_account_gets_into_columns_in_clear(
    db: Database, now: datetime, thing: str, by: str
) -> None:
    with pytest.raises(ValueError, match="nothing else"):
        await db.transaction(withdrawals.put, thing, by, now)
