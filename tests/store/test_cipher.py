"""Sealing and opening: a value opens only where it was put, unaltered, with its key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import cipher
from store.errors import IntegrityError

KEY = bytes(range(32))
TABLE, ROW = "sessions", b"a row"


@given(st.binary(max_size=5000), st.binary(max_size=40), st.binary(min_size=32, max_size=32))
def test_what_is_sealed_opens_again(plaintext: bytes, row: bytes, key: bytes) -> None:
    sealed = cipher.seal(key, TABLE, row, plaintext)
    assert cipher.open_sealed(key, TABLE, row, sealed) == plaintext


@given(st.binary(max_size=5000))
def test_sizes_go_in_steps_of_a_kibibyte(plaintext: bytes) -> None:
    size = len(cipher.seal(KEY, TABLE, ROW, plaintext)) - cipher.OVERHEAD
    assert size % 1024 == 0
    assert len(plaintext) + 4 <= size < len(plaintext) + 4 + 1024


@given(st.binary(max_size=2000))
def test_small_rows_go_in_smaller_steps(plaintext: bytes) -> None:
    sealed = cipher.seal(KEY, TABLE, ROW, plaintext, cipher.SMALL_STEP)
    size = len(sealed) - cipher.OVERHEAD
    assert size % 512 == 0
    assert len(plaintext) + 4 <= size < len(plaintext) + 4 + 512
    assert cipher.open_sealed(KEY, TABLE, ROW, sealed) == plaintext


def test_what_has_one_length_is_not_padded_and_is_no_other_kind_of_value() -> None:
    sealed = cipher.seal_exact(KEY, TABLE, ROW, bytes(24))
    assert len(sealed) == 24 + cipher.OVERHEAD
    assert cipher.open_exact(KEY, TABLE, ROW, sealed) == bytes(24)
    with pytest.raises(IntegrityError):
        cipher.open_exact(KEY, TABLE, b"another row", sealed)
    for opens in (cipher.open_sealed, cipher.unwrap):
        with pytest.raises(IntegrityError):
            opens(KEY, TABLE, ROW, sealed)


def test_what_was_sealed_long_ago_still_opens() -> None:
    """The associated data, byte for byte: another order, and no file opens any more."""
    expected = b"\0\0\0\x05cases\0\0\0\x03row\0\0\0\x03key\0\0\0\x02\0\x01"
    assert cipher._associated("cases", b"row", b"key") == expected


@given(st.data())
def test_any_altered_bit_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(cipher.seal(KEY, TABLE, ROW, b"tiene boleta"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(IntegrityError) as caught:
        cipher.open_sealed(KEY, TABLE, ROW, bytes(sealed))
    assert "boleta" not in str(caught.value)


@given(st.integers(0, 1024 + cipher.OVERHEAD - 1))
def test_a_value_cut_short_is_noticed(length: int) -> None:
    sealed = cipher.seal(KEY, TABLE, ROW, b"x")
    with pytest.raises(IntegrityError):
        cipher.open_sealed(KEY, TABLE, ROW, sealed[:length])


def test_a_value_opens_in_its_own_place_only() -> None:
    sealed = cipher.seal(KEY, TABLE, ROW, b"x")
    for table, row in (("erasures", ROW), (TABLE, b"another row"), ("session", b"sa row")):
        with pytest.raises(IntegrityError):
            cipher.open_sealed(KEY, table, row, sealed)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(IntegrityError):
        cipher.open_sealed(bytes(32), TABLE, ROW, cipher.seal(KEY, TABLE, ROW, b"x"))


def test_a_wrapped_key_is_not_a_content() -> None:
    wrapped = cipher.wrap(KEY, TABLE, ROW, bytes(32))
    assert cipher.unwrap(KEY, TABLE, ROW, wrapped) == bytes(32)
    with pytest.raises(IntegrityError):
        cipher.open_sealed(KEY, TABLE, ROW, wrapped)
    with pytest.raises(IntegrityError):
        cipher.unwrap(KEY, TABLE, ROW, cipher.seal(KEY, TABLE, ROW, b"x"))


def test_a_wrapped_key_does_not_move() -> None:
    wrapped = cipher.wrap(KEY, TABLE, ROW, bytes(32))
    with pytest.raises(IntegrityError):
        cipher.unwrap(KEY, TABLE, b"another row", wrapped)


def test_an_unknown_version_is_refused_and_the_version_is_sealed_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sealed = cipher.seal(KEY, TABLE, ROW, b"x")
    with pytest.raises(IntegrityError):
        cipher.open_sealed(KEY, TABLE, ROW, b"\x02" + sealed[1:])
    # A program of version 2 that is handed an old value with its first byte changed.
    monkeypatch.setattr(cipher, "SCHEMA_VERSION", 2)
    with pytest.raises(IntegrityError):
        cipher.open_sealed(KEY, TABLE, ROW, b"\x02" + sealed[1:])


def test_the_same_content_never_looks_the_same() -> None:
    values = [cipher.seal(KEY, TABLE, ROW, b"x") for _ in range(50)]
    assert len({value[1:13] for value in values}) == 50
    assert len({value[13:] for value in values}) == 50


@pytest.mark.parametrize(
    "padded", [b"\x00" * 3, b"\xff" * 1024, bytes(1023), (2000).to_bytes(4, "big") + bytes(1020)]
)
def test_a_length_that_does_not_fit_is_refused(padded: bytes) -> None:
    with pytest.raises(IntegrityError):
        cipher.unpad(padded)
