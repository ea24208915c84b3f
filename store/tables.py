"""Every table of the store, and nothing that reads or writes one.

Columns are integers, bytes and short strings only, so that a statement compiled once runs on the
driver without conversion. Tables have no row number (``WITHOUT ROWID``): rows lie in the order of
their look-up values, which is random, so the file does not tell who wrote before whom. Only posts
lie in the order in which they were written, for that is the order in which they are sent.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

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

cases: Final = Table(
    "cases",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    # Whole hours: last written; from when a closed case may go (NULL: it is open).
    Column("touched_hour", Integer, nullable=False),
    Column("purge_hour", Integer, nullable=True),
    sqlite_with_rowid=False,
)

# The look-ups of a case: its chat's, which several cases of one chat share, and those of its keys.
case_lookups: Final = Table(
    "case_lookups",
    metadata,
    Column("lookup", LargeBinary(32), primary_key=True),
    Column("case_id", LargeBinary(16), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Index("case_lookups_of_case", "case_id"),
    sqlite_with_rowid=False,
)

posts: Final = Table(
    "posts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", LargeBinary(16), nullable=True),
    Column("state", Integer, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("made_hour", Integer, nullable=False),
    Index("posts_of_case", "case_id"),
    sqlite_with_rowid=False,
)

# One row: the last number that a post was given. Numbers outlive their posts (see store.posts).
post_numbers: Final = Table(
    "post_numbers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

staff: Final = Table(
    "staff",
    metadata,
    Column("lookup", LargeBinary(32), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    sqlite_with_rowid=False,
)

invitations: Final = Table(
    "invitations",
    metadata,
    Column("lookup", LargeBinary(32), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    # Whole hour in which it ends.
    Column("until_hour", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# One row.
desk_state: Final = Table(
    "desk_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Whoever asked to be written to. `id` is random and stands in the ledger in her stead.
subscribers: Final = Table(
    "subscribers",
    metadata,
    Column("lookup", LargeBinary(32), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("id", LargeBinary(16), nullable=False),
    Index("subscribers_by_id", "id", unique=True),
    sqlite_with_rowid=False,
)

broadcasts: Final = Table(
    "broadcasts",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    # Whole hours: last written; from when one that is over may go (NULL: it is not over).
    Column("touched_hour", Integer, nullable=False),
    Column("purge_hour", Integer, nullable=True),
    sqlite_with_rowid=False,
)

# The recipients of a broadcast. Only what was sent has a look-up, a body and an epoch.
ledger: Final = Table(
    "ledger",
    metadata,
    Column("broadcast_id", LargeBinary(16), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("subscriber_id", LargeBinary(16), nullable=True),
    Column("mark", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("wave", Integer, nullable=False),
    Column("lookup", LargeBinary(32), nullable=True),
    Column("body", LargeBinary, nullable=True),
    Column("epoch", Integer, nullable=True),
    Index("ledger_in_mark", "broadcast_id", "mark", "number"),
    # Only what can be changed: otherwise each step of a correction would pass all that is done.
    Index(
        "ledger_to_edit",
        "broadcast_id",
        "wave",
        "number",
        sqlite_where=text("body IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

# What is not to be said until somebody restores it.
withdrawals: Final = Table(
    "withdrawals",
    metadata,
    Column("thing", String(160), primary_key=True),
    Column("by", String(8), nullable=False),
    Column("hour", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# One row: the file of contacts and figures that the team published last.
published: Final = Table(
    "published",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("text", String, nullable=False),
    Column("by", String(8), nullable=False),
    Column("hour", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# One row.
organiser_state: Final = Table(
    "organiser_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
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
