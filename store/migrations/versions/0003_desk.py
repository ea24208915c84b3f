"""The desk: cases with their look-ups, posts and their numbers, team, invitations, desk state.

Nothing of what was there is touched. A case's purge hour is empty while it is open.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _sealed() -> tuple[sa.Column[bytes], sa.Column[bytes], sa.Column[int]]:
    return (
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
    )


def upgrade() -> None:
    """Create the tables of the desk."""
    op.create_table(
        "cases",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        *_sealed(),
        sa.Column("touched_hour", sa.Integer, nullable=False),
        sa.Column("purge_hour", sa.Integer, nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_lookups",
        sa.Column("lookup", sa.LargeBinary(32), primary_key=True),
        sa.Column("case_id", sa.LargeBinary(16), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("case_lookups_of_case", "case_lookups", ["case_id"])
    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.LargeBinary(16), nullable=True),
        sa.Column("state", sa.Integer, nullable=False),
        *_sealed(),
        sa.Column("made_hour", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("posts_of_case", "posts", ["case_id"])
    op.create_table(
        "post_numbers",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff",
        sa.Column("lookup", sa.LargeBinary(32), primary_key=True),
        *_sealed(),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitations",
        sa.Column("lookup", sa.LargeBinary(32), primary_key=True),
        *_sealed(),
        sa.Column("until_hour", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        *_sealed(),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """A program without a desk could not keep the promises that these tables carry."""
    raise NotImplementedError
