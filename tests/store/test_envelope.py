"""Row keys: random, wrapped under the key of their epoch, bound to their row."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest

from store import envelope
from store.errors import IntegrityError
from store.keyring import Epoch


def epoch(number: int = 20_778) -> Epoch:
    return Epoch(number, datetime(2026, 11, 21, tzinfo=UTC), secrets.token_bytes(32))


def test_a_row_key_comes_back_only_in_its_row() -> None:
    today = epoch()
    key, wrapped = envelope.new_row_key(today, "sessions", b"row")
    assert len(key) == 32
    assert key not in wrapped
    assert envelope.row_key(today, "sessions", b"row", wrapped) == key
    for other, table, row in (
        (today, "sessions", b"other"),
        (today, "cases", b"row"),
        (epoch(), "sessions", b"row"),
    ):
        with pytest.raises(IntegrityError):
            envelope.row_key(other, table, row, wrapped)


def test_every_row_has_its_own_key() -> None:
    today = epoch()
    assert envelope.new_row_key(today, "s", b"r")[0] != envelope.new_row_key(today, "s", b"r")[0]
