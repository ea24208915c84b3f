"""Finds words that a family must never read; they are data, in each language's ``lexicon.yaml``."""

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

from locales.catalogue import SOURCE
from locales.errors import Fault
from locales.message import without_tags

OPENING = 120
"""Characters of a new message that a locked phone shows to anyone who looks."""

LETTER = "broadcast.body"
"""The key by which exceptions would name what an organiser writes; there are none."""

_INSTEAD = {"es": "diga", "en": "say"}
_FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: re.Pattern[str]
    hint: str
    allowed: tuple[str, ...]
    desk: str | None

    def found_in(self, folded: str, key: str) -> list[str]:
        if any(fnmatchcase(key, name) for name in self.allowed):
            return []
        return sorted({match.group(0).strip() for match in self.pattern.finditer(folded)})


@dataclass(frozen=True, slots=True)
class _Lexicon:
    entries: tuple[_Entry, ...]
    outcomes: tuple[_Entry, ...]
    opening: re.Pattern[str]
    desk: tuple[tuple[str, re.Pattern[str]], ...]


def faults(text: str, key: str, language: str = "es") -> list[Fault]:
    """List the words in a text that a family must not read, each with what to say instead.

    ``text`` may be Telegram HTML, a .po form with placeholders or words just typed. Exceptions
    are by ``key``: a broadcast has one of its own, `LETTER`.
    """
    return _found(_load(language).entries, text, key)


def outcome_faults(text: str, key: str, language: str = "es") -> list[Fault]:
    """List what says who is in the law and who is not, as ``difusion`` in the data says.

    A broadcast may not say it while no lawyer has signed the law.
    """
    return _found(_load(language).outcomes, text, key)


def opening_faults(text: str, key: str, language: str = "es") -> list[Fault]:
    """List what a stranger should not read in the first 120 characters of a new message."""
    hint = f"a stranger could read this in the first {OPENING} characters of a new message"
    return [Fault("-", 0, key, f"«{word}»: {hint}") for word in opening_words(text, language)]


def opening_words(text: str, language: str = "es") -> list[str]:
    """List the words of `opening_faults`, without accents, each once."""
    seen = fold(without_tags(text)[:OPENING])
    return sorted({match.group(0) for match in _load(language).opening.finditer(seen)})


def desk_reasons(text: str) -> frozenset[str]:
    """Name why a second person should read a volunteer's reply, as ``mesa`` in the data says.

    The replies are in any language, and the list, which is in the Spanish file, for all of them.
    """
    folded = fold(text)
    return frozenset(why for why, pattern in _load(SOURCE).desk if pattern.search(folded))


def fold(text: str) -> str:
    """Take accents, capitals and curly apostrophes away, as people type."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _found(entries: tuple[_Entry, ...], text: str, key: str) -> list[Fault]:
    folded = fold(without_tags(text))
    return [
        Fault("-", 0, key, f"«{word}»: {entry.hint}")
        for entry in entries
        for word in entry.found_in(folded, key)
    ]


@cache
def _load(language: str) -> _Lexicon:
    source = files("locales").joinpath(language, "lexicon.yaml").read_text(encoding="utf-8")
    # CSafeLoader is the safe loader in C; a plain getattr keeps machines without it working.
    data: dict[str, Any] = yaml.load(source, Loader=_FAST_LOADER)
    instead = _INSTEAD[language]
    entries = tuple(_entry(item, instead) for item in data["prohibidas"])
    outcomes = tuple(_entry(item, instead) for item in data.get("difusion", ()))
    own = [(item["porque"], _pattern(item)) for item in data.get("mesa", ())]
    shared = [(entry.desk, entry.pattern) for entry in entries if entry.desk is not None]
    opening = re.compile("|".join(map(_word, data["discretas"])))
    return _Lexicon(entries, outcomes, opening, (*own, *shared))


def _entry(item: Mapping[str, Any], instead: str) -> _Entry:
    hint = f"{item['razon']}; {instead}: {item['diga']}"
    return _Entry(_pattern(item), hint, tuple(item.get("salvo", ())), item.get("mesa"))


def _pattern(item: Mapping[str, Any]) -> re.Pattern[str]:
    parts = [_word(word) for word in item.get("palabras", ())] + list(item.get("patrones", ()))
    return re.compile("|".join(parts))


def _word(word: str) -> str:
    """Turn a word of the data into a pattern of whole words."""
    pattern = fold(word).replace("*", r"\w*")
    pattern = re.sub(r"\s+", r"\\s+", pattern)
    return rf"(?<!\w){pattern}(?!\w)"
