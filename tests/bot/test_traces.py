"""The search for traces finds what is there, in every form: one that cannot find is no test."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import pytest

from tests.bot.traces import SMALLEST, files, found, varint

ID = SMALLEST + 987_654_321
WORD = "guanabanoso"


@pytest.mark.parametrize(
    "data",
    [
        f"chat {ID}".encode(),
        f"chat {ID:x}".encode(),
        struct.pack("<q", ID),
        struct.pack(">q", ID),
        b"\x00" + varint(ID) + b"\x00",
        b"x" * 100 + WORD.upper().encode(),
        WORD.encode("utf-16-le"),
    ],
)
def test_every_form_is_found(data: bytes) -> None:
    assert len(found(data, [ID], [WORD])) == 1


@pytest.mark.parametrize(
    ("kind", "value"), [("INTEGER PRIMARY KEY", ID), ("INTEGER", ID), ("TEXT", WORD)]
)
def test_what_sqlite_keeps_is_found(tmp_path: Path, kind: str, value: object) -> None:
    connection = sqlite3.connect(tmp_path / "t.db")
    with connection:
        connection.execute(f"CREATE TABLE t (a {kind})")
        connection.execute("INSERT INTO t VALUES (?)", (value,))
    connection.close()
    assert len(found(files(tmp_path), [ID], [WORD])) == 1


def test_a_name_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / str(ID)).touch()
    assert found(files(tmp_path), [ID], [WORD])


def test_nothing_is_found_where_nothing_is() -> None:
    assert found(bytes(range(256)) * 50 + str(ID + 1).encode(), [ID], [WORD]) == []


def test_varints_are_those_of_sqlite() -> None:
    assert varint(0x7F) == b"\x7f"
    assert varint(0x80) == b"\x81\x00"
    assert varint(300) == b"\x82\x2c"
