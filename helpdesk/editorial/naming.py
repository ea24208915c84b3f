"""How the team calls what it withdraws, and what families read of it: parts for its screens."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Final

from helpdesk.editorial import editorial, things
from helpdesk.editorial.finding import plain
from helpdesk.editorial.published import Published, Text, language_of
from helpdesk.editorial.things import Kind
from helpdesk.messages import Part
from locales import Catalogue
from rules import Law

_TITLE: Final = 56
"""Characters, so that a mark and a title fit a button."""

_OPENING: Final = 22
"""Characters left of a title where others begin alike."""

_MOST_TEXT: Final = 3000
"""Characters of a text that are shown, far from the 4096 of a message."""


def title(thing: str, words: Catalogue, law: Law, file: Published) -> str:
    """Return a name that fits a button: what stands first in the text."""
    sort, _, name = thing.partition(":")
    keys = things.keys(thing, words)
    if thing == things.EVERY_RULE:
        told = words.plain("editorial.every_rule")
    elif sort == "contact":
        contact = file.contact(name)
        told = name if contact is None else contact.name
    elif things.kind_of(thing) is Kind.CANNED:
        told = words.plain(f"{name}.title") if keys else name
    elif sort == "rule" and name in law.rules and (event := law.rules[name].event):
        told = words.plain(f"event.{event}.short")
    else:
        newer = _newer(thing, file)
        told = plain(words, keys[0]) if keys else name
        told = told if newer is None else newer.of(language_of(words.language))
        told = told.splitlines()[0].split(". ")[0]
    first = told.splitlines()[0].strip(" :.")
    return first if len(first) <= _TITLE else first[: _TITLE - 1].rstrip() + "…"


def titles(names: Iterable[str], words: Catalogue, law: Law, file: Published) -> dict[str, str]:
    """Return a name for each of what stands in one list; those alike go on with where they part."""
    alike: dict[str, list[str]] = {}
    for one in dict.fromkeys(names):
        alike.setdefault(title(one, words, law, file), []).append(one)
    return {
        one: name if len(same) == 1 else _apart(one, same, name, words, file)
        for name, same in alike.items()
        for one in same
    }


def read(thing: str, words: Catalogue, file: Published) -> tuple[Part, ...]:
    """Return what families read of a thing, as they read it."""
    if thing == things.EVERY_RULE:
        return (Part("editorial.see.every_rule"),)
    texts = _texts(thing, words, file)
    return tuple(Part("editorial.see.text", {"text": f"text:{one[:_MOST_TEXT]}"}) for one in texts)


def _texts(thing: str, words: Catalogue, file: Published) -> list[str]:
    sort, _, name = thing.partition(":")
    contact = file.contact(name) if sort == "contact" else None
    newer = _newer(thing, file)
    if contact is not None:
        part = editorial.contact_part(contact, language_of(words.language))
        return [words.plain(part.key, part.params)]
    if newer is not None:
        return [newer.of(language_of(words.language))]
    return [plain(words, key) for key in things.keys(thing, words)]


def _apart(thing: str, same: list[str], name: str, words: Catalogue, file: Published) -> str:
    """Return the opening of a name, and the words with which its text leaves the others'."""
    texts = {one: " ".join(_texts(one, words, file)).split() for one in same}
    own = texts[thing]
    others = [texts[one] for one in same if one != thing]
    rest = " ".join(own[max(_shared(own, each) for each in others) :]) or str(same.index(thing) + 1)
    opening = name if len(name) <= _OPENING else name[:_OPENING].rsplit(" ", 1)[0].rstrip(" :.,")
    whole = f"{opening}… {rest}".removesuffix(".")
    return whole if len(whole) <= _TITLE else whole[: _TITLE - 1].rstrip() + "…"


def _newer(thing: str, file: Published) -> Text | None:
    """Return what the published file says in the place of ours."""
    sort, _, name = thing.partition(":")
    return file.figure(name) if sort == "figure" else file.note(name)


def instead(thing: str, words: Catalogue) -> tuple[Part, ...]:
    """Return what families read in its place."""
    kind = things.kind_of(thing)
    if kind in (Kind.CANNED, Kind.CONTACT):
        return (Part(f"editorial.see.instead.{kind}"),)
    key = "review.outcome"
    if kind is not Kind.RULE:
        key = editorial.instead_of(things.keys(thing, words)[0])
    return (
        Part("editorial.see.instead", {"text": f"text:{words.plain(key)}"}),
        *((Part("editorial.see.instead.rule"),) if kind is Kind.RULE else ()),
    )


def _shared(one: list[str], other: list[str]) -> int:
    """Count the words with which both begin."""
    pairs = zip(one, other, strict=False)
    return len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])
