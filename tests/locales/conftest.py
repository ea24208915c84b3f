"""Builds small catalogues for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import locales
from locales import Catalogue

HEADER = """msgid ""
msgstr ""
"Language: es\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

Write = Callable[[str], Catalogue]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write one .po file with the given entries and load it."""

    def build(entries: str) -> Catalogue:
        (tmp_path / "words.po").write_text(HEADER + entries, encoding="utf-8")
        return locales.load("es", tmp_path)

    return build


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The words that families read."""
    return locales.load("es")
