"""Every table has its row, every row its table, and the sweep does what the rows say."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import LargeBinary

from store import (
    Database,
    Session,
    Tx,
    broadcasts,
    cases,
    erasures,
    inbox,
    invitations,
    posts,
    retention,
    sessions,
)
from store.retention import TABLES, Retention
from store.tables import metadata

OF_THE_TEAM = {"staff", "invitations"}
"""Looked up by the account of a person of the team, and by a code: /borrar is the families'."""


def test_every_table_has_a_row_and_every_row_a_table() -> None:
    assert set(TABLES) == set(metadata.tables)


def test_every_row_says_what_it_promises() -> None:
    for row in TABLES.values():
        assert row.form
        assert row.kept


def test_a_table_that_is_looked_up_by_chat_is_reached_by_borrar() -> None:
    """A look-up column means a family's chat, but for the team's; no other table is excused."""
    for name, table in metadata.tables.items():
        if "lookup" in table.columns and name not in OF_THE_TEAM:
            assert TABLES[name].forget is not None, name


def test_a_table_whose_rows_hang_on_the_key_of_the_day_passes_to_the_next() -> None:
    """Otherwise its rows would be lost when the key is destroyed."""
    for name, table in metadata.tables.items():
        assert ("epoch" in table.columns) == (TABLES[name].renewal is not None), name


def test_a_table_that_is_looked_up_hangs_on_the_key_of_the_day() -> None:
    """Otherwise an old copy and the master key would tell who was there."""
    for name, table in metadata.tables.items():
        if "lookup" in table.columns:
            assert "epoch" in table.columns, name


def test_a_ledger_is_forgotten_before_its_subscribers() -> None:
    """A row that is still to be sent is found by the subscriber's id, which is gone afterwards."""
    order = list(TABLES)
    assert order.index("ledger") < order.index("subscribers")


def test_a_row_may_not_leave_out_how_it_is_erased() -> None:
    with pytest.raises(ValueError, match="borrar"):
        Retention("t", "f", "k", sweep=inbox.expire_seen)
    with pytest.raises(ValueError, match="swept"):
        Retention("t", "f", "k", not_forgotten_why="because")
    with pytest.raises(ValueError, match="not both"):
        Retention(
            "t", "f", "k", inbox.expire_seen, forget=sessions.delete, not_forgotten_why="because"
        )


def test_nothing_but_plain_columns() -> None:
    """Compiled statements go to the driver without conversion: see store.tables."""
    plain = {"INTEGER", "BIGINT", "BLOB", "VARCHAR"}
    for table in metadata.tables.values():
        for column in table.columns:
            name = "BLOB" if isinstance(column.type, LargeBinary) else str(column.type)
            assert name.split("(")[0] in plain, column


async def test_the_sweep_reaches_every_table_with_a_time(db: Database, now: datetime) -> None:
    await db.transaction(sessions.put, 1, Session({}), now)
    await db.transaction(erasures.request, 1, [2], now)
    await db.transaction(inbox.mark, 3, now)
    await db.transaction(inbox.failed, 4, "KeyError", now)
    await db.transaction(a_case_is_closed, now)
    await db.transaction(posts.add, None, {}, now)
    await db.transaction(invitations.add, "K7M4P2", {}, now, now + timedelta(days=2))
    await db.transaction(broadcasts.add, {}, now)
    swept = await db.transaction(retention.sweep, now)
    assert set(swept) == {name for name, row in TABLES.items() if row.sweep}
    assert set(swept.values()) == {0}
    swept = await db.transaction(retention.sweep, now + timedelta(days=8))
    assert {name for name, count in swept.items() if count} == {
        "sessions",
        "erasures",
        "cases",
        "posts",
        "invitations",
        "broadcasts",
        "updates_seen",
        "updates_failed",
    }
    again = await db.transaction(retention.sweep, now + timedelta(days=8))
    assert set(again.values()) == {0}


def a_case_is_closed(tx: Tx, now: datetime) -> None:
    case = cases.new(tx, 1, {}, ("code:K7M4P2",), now)
    cases.put(tx, case, now, purge_at=now + timedelta(days=7))
