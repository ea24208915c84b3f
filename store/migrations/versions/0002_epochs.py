"""Epochs: session and erase job say under which key of the day they stand.

Rows that are there keep working: they stand under the master key, which is epoch 0, until the
first rotation seals them anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number of the epoch to both tables."""
    for table in ("sessions", "erasures"):
        column = sa.Column("epoch", sa.Integer, nullable=False, server_default=sa.text("0"))
        op.add_column(table, column)


def downgrade() -> None:
    """A program without keys of the day could not read what stands under them."""
    raise NotImplementedError
