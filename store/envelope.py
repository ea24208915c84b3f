"""A row's own random key, wrapped by the wrapping key of the moment; no table is touched here.

Destroying the wrapping key makes every row sealed under it unreadable, also in copies of the disk
that nobody can reach. That is what epoch keys will do every day; today one master subkey wraps.
"""

from __future__ import annotations

import secrets

from store import cipher
from store.keys import KEY_BYTES, Keys


def new_row_key(keys: Keys, table: str, row: bytes) -> tuple[bytes, bytes]:
    """A fresh random key for a row, and the same key wrapped, as the row keeps it."""
    row_key = secrets.token_bytes(KEY_BYTES)
    return row_key, cipher.wrap(keys.wrapping_key(table), table, row, row_key)


def row_key(keys: Keys, table: str, row: bytes, wrapped: bytes) -> bytes:
    """The key of a row; raises `store.errors.IntegrityError` when it does not unwrap here."""
    return cipher.unwrap(keys.wrapping_key(table), table, row, wrapped)
