"""Looks for an id or a word in bytes, in every form in which it could have been written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

SMALLEST = 2**40
"""Ids that are looked for are drawn from here up (Telegram's have up to 52 bits): six bytes or
more, so that no random ciphertext can look like one. The code treats all sizes alike."""


def varint(number: int) -> bytes:
    """Write a number as SQLite writes row numbers and sizes: big-endian groups of seven bits."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def forms_of_id(number: int) -> Iterator[bytes]:
    """Decimal and hexadecimal text; the fewest bytes in both orders (so also in 8); varint."""
    assert number >= SMALLEST
    yield str(number).encode()
    yield f"{number:x}".encode()
    size = (number.bit_length() + 7) // 8
    yield number.to_bytes(size, "big")
    yield number.to_bytes(size, "little")
    yield varint(number)


def forms_of_word(word: str) -> Iterator[bytes]:
    """UTF-8 and UTF-16; compare with bytes in lower case."""
    assert len(word) >= 8
    assert word == word.lower()
    yield word.encode()
    yield word.encode("utf-16-le")


def found(data: bytes, ids: Iterable[int], words: Iterable[str]) -> list[str]:
    """Name what of all this is in the data."""
    lower = data.lower()
    here = [f"id {number}" for number in ids if any(form in data for form in forms_of_id(number))]
    here += [word for word in words if any(form in lower for form in forms_of_word(word))]
    return here


def files(folder: Path) -> bytes:
    """Everything in a folder, names of files included."""
    parts = []
    for file in sorted(folder.rglob("*")):
        parts.append(str(file.relative_to(folder)).encode())
        if file.is_file():
            parts.append(file.read_bytes())
    return b"\n".join(parts)
