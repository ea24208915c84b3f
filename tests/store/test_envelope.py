"""Row keys: random, wrapped under the key of the moment, bound to their row."""

from __future__ import annotations

import pytest

from store import envelope
from store.errors import IntegrityError
from store.keys import Keys


def test_a_row_key_comes_back_only_in_its_row() -> None:
    keys = Keys.ephemeral()
    key, wrapped = envelope.new_row_key(keys, "sessions", b"row")
    assert len(key) == 32
    assert key not in wrapped
    assert envelope.row_key(keys, "sessions", b"row", wrapped) == key
    for other, table, row in (
        (keys, "sessions", b"other"),
        (keys, "cases", b"row"),
        (Keys.ephemeral(), "sessions", b"row"),
    ):
        with pytest.raises(IntegrityError):
            envelope.row_key(other, table, row, wrapped)


def test_every_row_has_its_own_key() -> None:
    keys = Keys.ephemeral()
    assert envelope.new_row_key(keys, "s", b"r")[0] != envelope.new_row_key(keys, "s", b"r")[0]


def test_everything_hangs_on_the_wrapping_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seam of the epoch keys: another wrapping key, and the row is unreadable."""
    keys = Keys.ephemeral()
    _, wrapped = envelope.new_row_key(keys, "sessions", b"row")
    monkeypatch.setattr(Keys, "wrapping_key", lambda self, table: bytes(32))
    with pytest.raises(IntegrityError):
        envelope.row_key(keys, "sessions", b"row", wrapped)
