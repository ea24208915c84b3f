"""First tables: session, erase job, dedup, quarantine, counters, key check.

Written out, not taken from `store.tables`: a migration says what was, whatever the tables become.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of the first version."""
    op.create_table(
        "sessions",
        sa.Column("lookup", sa.LargeBinary(32), primary_key=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("shown_revision", sa.Integer, nullable=False),
        sa.Column("touched_hour", sa.Integer, nullable=False),
        sa.Column("oldest_message_hour", sa.Integer, nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "updates_seen",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "updates_failed",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("error_class", sa.String(80), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("quarantined", sa.Integer, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counters_open",
        sa.Column("week", sa.String(8), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counters_closed",
        sa.Column("week", sa.String(8), primary_key=True),
        sa.Column("counter", sa.String(160), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "weeks_closed",
        sa.Column("week", sa.String(8), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "key_check",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """There is nothing before the first version."""
    raise NotImplementedError
