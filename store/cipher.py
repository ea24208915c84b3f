"""How a value is sealed (AES-256-GCM) and opened again; no key is chosen and no row is read here.

A sealed value is ``version (1 byte) | nonce (12) | ciphertext | tag (16)``. The associated data
names the table, the row and the version, so a ciphertext opens only where it was put. Contents are
padded to steps of 1 KiB, or smaller ones where all rows are small, so a row's size says little
about what is in it; only contents that have one length in all of a table go without.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.errors import IntegrityError

SCHEMA_VERSION: Final = 1
"""Version of what is sealed. It travels in the first byte and in the associated data, so a row
of an older shape is recognised, and cannot be passed off as a newer one."""

NONCE_BYTES: Final = 12
PADDING_STEP: Final = 1024
SMALL_STEP: Final = 512
"""For a table of many thousands of rows that are smaller: with 1 KiB each would go over to a page
of its own, and the file, which is rebuilt after each erasure, would be five times as large."""

OVERHEAD: Final = 1 + NONCE_BYTES + 16
_LENGTH_BYTES: Final = 4


def pad(plaintext: bytes, step: int = PADDING_STEP) -> bytes:
    """Prefix the length (4 bytes, big endian) and fill with zeros to a multiple of ``step``."""
    framed = len(plaintext).to_bytes(_LENGTH_BYTES, "big") + plaintext
    return framed + bytes(-len(framed) % step)


def unpad(padded: bytes) -> bytes:
    """Undo `pad`; raises `IntegrityError` when the length does not fit."""
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    if len(padded) % SMALL_STEP or length > len(padded) - _LENGTH_BYTES:
        raise IntegrityError("the sealed value has no believable length")
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]


def seal(key: bytes, table: str, row: bytes, plaintext: bytes, step: int = PADDING_STEP) -> bytes:
    """Seal a content for one row of one table, padded to steps of 1 KiB (or `SMALL_STEP`)."""
    return _seal(key, _associated(table, row, b"content"), pad(plaintext, step))


def open_sealed(key: bytes, table: str, row: bytes, sealed: bytes) -> bytes:
    """Open what `seal` made for this row of this table; raises `IntegrityError`."""
    return unpad(_open(key, _associated(table, row, b"content"), sealed))


def seal_exact(key: bytes, table: str, row: bytes, plaintext: bytes) -> bytes:
    """Seal a content without padding: only where all contents of a table have one length."""
    return _seal(key, _associated(table, row, b"exact"), plaintext)


def open_exact(key: bytes, table: str, row: bytes, sealed: bytes) -> bytes:
    """Open what `seal_exact` made for this row of this table; raises `IntegrityError`."""
    return _open(key, _associated(table, row, b"exact"), sealed)


def wrap(wrapping_key: bytes, table: str, row: bytes, row_key: bytes) -> bytes:
    """Seal a row's own key; every key has one length, so it needs no padding."""
    return _seal(wrapping_key, _associated(table, row, b"key"), row_key)


def unwrap(wrapping_key: bytes, table: str, row: bytes, wrapped: bytes) -> bytes:
    """Open what `wrap` made for this row of this table; raises `IntegrityError`."""
    return _open(wrapping_key, _associated(table, row, b"key"), wrapped)


def _seal(key: bytes, associated: bytes, plaintext: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    ciphertext = AESGCM(key).encrypt(nonce, plaintext, associated)
    return bytes([SCHEMA_VERSION]) + nonce + ciphertext


def _open(key: bytes, associated: bytes, sealed: bytes) -> bytes:
    if len(sealed) < OVERHEAD or sealed[0] != SCHEMA_VERSION:
        raise IntegrityError("not a sealed value of a version this program knows")
    nonce = sealed[1 : 1 + NONCE_BYTES]
    try:
        return AESGCM(key).decrypt(nonce, sealed[1 + NONCE_BYTES :], associated)
    except InvalidTag:
        # from None: the cause says no more, and a traceback must not hold buffers.
        raise IntegrityError("a sealed value does not open in this row") from None


def _associated(table: str, row: bytes, part: bytes) -> bytes:
    # Each piece carries its length: no two different triples give the same bytes.
    before, after = _around(table, part, SCHEMA_VERSION)
    return before + _framed(row) + after


@lru_cache
def _around(table: str, part: bytes, version: int) -> tuple[bytes, bytes]:
    # Kept, for it is the same for every row: a fifth of the time in which thousands are opened.
    return _framed(table.encode("ascii")), _framed(part) + _framed(version.to_bytes(2, "big"))


def _framed(piece: bytes) -> bytes:
    return len(piece).to_bytes(4, "big") + piece
