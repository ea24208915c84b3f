"""Builds small catalogues for the tests of this room."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

import locales
from locales import Catalogue

HEADER = """msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


class Write(Protocol):
    """Writes one .po file with the given entries and loads it."""

    def __call__(self, entries: str, language: str = "es", file: str = "words.po") -> Catalogue: ...


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write one .po file with the given entries and load it; each language has its folder."""

    def build(entries: str, language: str = "es", file: str = "words.po") -> Catalogue:
        folder = tmp_path / language
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(HEADER + entries, encoding="utf-8")
        return locales.load(language, folder)

    return build


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The words that families read."""
    return locales.load("es")


@pytest.fixture(scope="session")
def english() -> Catalogue:
    """The same words for those abroad."""
    return locales.load("en")
