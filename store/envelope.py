"""A row's own random key, wrapped by the key of its epoch; no table is touched here.

Destroying the key of an epoch makes every row sealed under it unreadable, also in copies of the
disk that nobody can reach.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

from store import cipher
from store.derivation import KEY_BYTES
from store.keyring import Epoch


class Renewal(NamedTuple):
    """What one bounded pass over the rows of older epochs did; see `store.rotation`.

    ``last`` is the primary key of the last row looked at, None when there were none. Rows that
    cannot be opened are left for retention and counted as ``unreadable``.
    """

    renewed: int
    unreadable: int
    last: bytes | None


def new_row_key(epoch: Epoch, table: str, row: bytes) -> tuple[bytes, bytes]:
    """A fresh random key for a row, and the same key wrapped, as the row keeps it."""
    row_key = secrets.token_bytes(KEY_BYTES)
    return row_key, cipher.wrap(_wrapping_key(epoch, table), table, row, row_key)


def row_key(epoch: Epoch, table: str, row: bytes, wrapped: bytes) -> bytes:
    """The key of a row; raises `store.errors.IntegrityError` when it does not unwrap here."""
    return cipher.unwrap(_wrapping_key(epoch, table), table, row, wrapped)


def _wrapping_key(epoch: Epoch, table: str) -> bytes:
    return epoch.subkey(f"wrap:{table}")
