"""Broadcasts: subscribers, broadcasts with their ledger, what is withdrawn, what was published.

Nothing of what was there is touched. A broadcast's purge hour is empty while it is not
over, and so are look-up, body and epoch of a recipient before she was reached.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _sealed() -> tuple[sa.Column[bytes], sa.Column[bytes], sa.Column[int]]:
    return (
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
    )


def upgrade() -> None:
    """Create the tables of the broadcasts."""
    op.create_table(
        "subscribers",
        sa.Column("lookup", sa.LargeBinary(32), primary_key=True),
        *_sealed(),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("subscribers_by_id", "subscribers", ["id"], unique=True)
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        *_sealed(),
        sa.Column("touched_hour", sa.Integer, nullable=False),
        sa.Column("purge_hour", sa.Integer, nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger",
        sa.Column("broadcast_id", sa.LargeBinary(16), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("subscriber_id", sa.LargeBinary(16), nullable=True),
        sa.Column("mark", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("wave", sa.Integer, nullable=False),
        sa.Column("lookup", sa.LargeBinary(32), nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=True),
        sa.Column("epoch", sa.Integer, nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ledger_in_mark", "ledger", ["broadcast_id", "mark", "number"])
    op.create_index(
        "ledger_to_edit",
        "ledger",
        ["broadcast_id", "wave", "number"],
        sqlite_where=sa.text("body IS NOT NULL"),
    )
    op.create_table(
        "withdrawals",
        sa.Column("thing", sa.String(160), primary_key=True),
        sa.Column("by", sa.String(8), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "published",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("by", sa.String(8), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organiser_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        *_sealed(),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """A program that does not know the subscribers could not delete them for /borrar."""
    raise NotImplementedError
