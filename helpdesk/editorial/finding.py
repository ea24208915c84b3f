"""Finds what can be withdrawn by words that stand in it, as families read them; a slip is forgiven.

What is found is only offered: a person looks at the whole text before she withdraws it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from helpdesk.editorial import things
from helpdesk.editorial.published import Contact
from helpdesk.folding import words
from locales import Catalogue

MOST: Final = 8
_LIKE: Final = 82
"""Likeness from which a word is taken for another (rapidfuzz ``ratio``, 0 to 100)."""
_ENOUGH: Final = 60
"""Of all her words, on the average."""
_SMALL: Final = 3
"""Letters up to which a word says too little to be looked for."""
_LONGEST: Final = 12
"""Words of a query that are looked at."""


def find(
    query: str,
    names: Iterable[str],
    catalogues: Iterable[Catalogue],
    contacts: Mapping[str, Contact],
) -> tuple[str, ...]:
    """Return the things whose texts hold such words, the likeliest first, at most `MOST`."""
    said = words(query)
    wanted = [one for one in said if len(one) > _SMALL][:_LONGEST] or said[:_LONGEST]
    if not wanted:
        return ()
    spoken = tuple(catalogues)
    scored = []
    for name in names:
        contact = contacts.get(name.removeprefix("contact:"))
        texts = [_words_of(one, name) for one in spoken]
        if contact is not None and name.startswith("contact:"):
            texts = [frozenset(words(f"{contact.name} {contact.what.es} {contact.what.en}"))]
        score = max((_score(wanted, text) for text in texts), default=0.0)
        if score >= _ENOUGH:
            scored.append((-score, name))
    return tuple(name for _, name in sorted(scored)[:MOST])


def _score(wanted: list[str], text: frozenset[str]) -> float:
    return sum(_likeness(one, text) for one in wanted) / len(wanted)


def _likeness(word: str, text: frozenset[str]) -> float:
    if word in text:
        return 100.0
    if len(word) > _SMALL and any(one.startswith(word) for one in text):
        return 95.0
    found = process.extractOne(word, text, scorer=fuzz.ratio, score_cutoff=_LIKE)
    return 0.0 if found is None else float(found[1])


@lru_cache(maxsize=1024)
def _words_of(catalogue: Catalogue, thing: str) -> frozenset[str]:
    text = " ".join(plain(catalogue, key) for key in things.keys(thing, catalogue))
    return frozenset(words(f"{text} {thing.partition(':')[2]}"))


def plain(catalogue: Catalogue, key: str) -> str:
    """Return a text as it is read, with "…" for what is filled in when it is said."""
    return catalogue.plain(key, dict.fromkeys(catalogue.placeholders(key), "…"))
