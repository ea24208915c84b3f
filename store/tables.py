"""Every table of the store, and nothing that reads or writes one.

Columns are integers, bytes and short strings only, so that a statement compiled once runs on the
driver without conversion. Tables have no row number (``WITHOUT ROWID``): rows lie in the order of
their look-up values, which is random, so the file does not tell who wrote before whom.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, text

metadata: Final = MetaData()

sessions: Final = Table(
    "sessions",
    metadata,
    Column("lookup", LargeBinary(32), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("shown_revision", Integer, nullable=False),
    # Whole hours since 1970 (see store.hours): last touched; oldest message id kept, if any.
    Column("touched_hour", Integer, nullable=False),
    Column("oldest_message_hour", Integer, nullable=True),
    # Under which key of store.keyring the row stands; 0 is the master key (see store.keys).
    Column("epoch", Integer, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)

erasures: Final = Table(
    "erasures",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)

updates_seen: Final = Table(
    "updates_seen",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hour", Integer, nullable=False),
    sqlite_with_rowid=False,
)

updates_failed: Final = Table(
    "updates_failed",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("error_class", String(80), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    sqlite_with_rowid=False,
)

counters_open: Final = Table(
    "counters_open",
    metadata,
    Column("week", String(8), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

counters_closed: Final = Table(
    "counters_closed",
    metadata,
    Column("week", String(8), primary_key=True),
    Column("counter", String(160), primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

weeks_closed: Final = Table(
    "weeks_closed",
    metadata,
    Column("week", String(8), primary_key=True),
    sqlite_with_rowid=False,
)

key_check: Final = Table(
    "key_check",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
