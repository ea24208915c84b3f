"""Where a transaction says which rows it is about to read and write; it must never do more.

On SQLite there is nothing to do: ``BEGIN IMMEDIATE`` holds the only write lock of the file. On a
database with many writers this is where ``SELECT … FOR UPDATE`` goes, and callers do not change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Table

if TYPE_CHECKING:
    from store.transaction import Tx


def rows(tx: Tx, table: Table, *keys: bytes | int | str) -> None:
    """Lock these rows of the table, before anything of them is read."""
