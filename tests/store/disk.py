"""Reading a data folder as a thief would: every byte of every file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def every_byte(folder: Path) -> bytes:
    """All files of the folder, journals and side files included, one after the other."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    assert files, "a search in an empty folder finds nothing, whatever was promised"
    return b"\n".join(each.read_bytes() for each in files)


def pieces(value: bytes) -> list[bytes]:
    """A value in pieces of 16 bytes: a page that was half overwritten keeps only some of them."""
    return [value[at : at + 16] for at in range(0, len(value) - 15, 16)]


def found(values: list[bytes], folder: Path) -> int:
    """How many pieces of these values stand somewhere in the folder."""
    stored = every_byte(folder)
    wanted = {piece for value in values for piece in pieces(value)}
    if len(wanted) < 500:
        return sum(piece in stored for piece in wanted)
    # Many pieces: one walk over the bytes is quicker than one search for each.
    return len(wanted.intersection(stored[at : at + 16] for at in range(len(stored) - 15)))


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows as they stand in the file, read from outside without any key."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def varint(value: int) -> bytes:
    """A number as SQLite writes row numbers: seven bits a byte, the biggest first."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.append((value & 0x7F) | 0x80)
    return bytes(reversed(out))


def alter(file: Path, query: str, *parameters: bytes | int | str | None) -> None:
    """Change rows from outside without any key, as whoever can write to the file may."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(query, parameters)
        connection.commit()
