"""Finds words that a family must never read; the words themselves are data in ``lexicon.yaml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from locales.errors import Fault
from locales.message import without_tags

OPENING = 120
"""Characters of a new message that a locked phone shows to anyone who looks."""

_FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: re.Pattern[str]
    hint: str
    allowed: tuple[str, ...]

    def found_in(self, folded: str, key: str) -> list[str]:
        if any(fnmatchcase(key, name) for name in self.allowed):
            return []
        return sorted({match.group(0).strip() for match in self.pattern.finditer(folded)})


@dataclass(frozen=True, slots=True)
class _Lexicon:
    entries: tuple[_Entry, ...]
    opening: re.Pattern[str]


def faults(text: str, key: str, language: str = "es") -> list[Fault]:
    """List the words in a text that a family must not read, each with what to say instead.

    ``text`` may be Telegram HTML, a .po form with placeholders or words just typed. Exceptions
    are by ``key``: give a broadcast a key of its own, such as ``broadcast.body``.
    """
    folded = fold(without_tags(text))
    return [
        Fault("-", 0, key, f"«{word}»: {entry.hint}")
        for entry in _load(language).entries
        for word in entry.found_in(folded, key)
    ]


def opening_faults(text: str, key: str, language: str = "es") -> list[Fault]:
    """List what a stranger should not read in the first 120 characters of a new message."""
    seen = fold(without_tags(text)[:OPENING])
    words = sorted({match.group(0) for match in _load(language).opening.finditer(seen)})
    hint = f"a stranger could read this in the first {OPENING} characters of a new message"
    return [Fault("-", 0, key, f"«{word}»: {hint}") for word in words]


def fold(text: str) -> str:
    """Take accents and capitals away, as people type."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def _load(language: str) -> _Lexicon:
    source = files("locales").joinpath(language, "lexicon.yaml").read_text(encoding="utf-8")
    # CSafeLoader is the safe loader in C; a plain getattr keeps machines without it working.
    data: dict[str, Any] = yaml.load(source, Loader=_FAST_LOADER)
    entries = tuple(_entry(item) for item in data["prohibidas"])
    return _Lexicon(entries, re.compile("|".join(map(_word, data["discretas"]))))


def _entry(item: Mapping[str, Any]) -> _Entry:
    parts = [_word(word) for word in item.get("palabras", ())] + list(item.get("patrones", ()))
    hint = f"{item['razon']}; diga: {item['diga']}"
    return _Entry(re.compile("|".join(parts)), hint, tuple(item.get("salvo", ())))


def _word(word: str) -> str:
    """Turn a word of the data into a pattern of whole words."""
    pattern = fold(word).replace("*", r"\w*")
    pattern = re.sub(r"\s+", r"\\s+", pattern)
    return rf"(?<!\w){pattern}(?!\w)"
