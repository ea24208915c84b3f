"""Checks every message that can land on a phone; the rules about words are in the lexicons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from locales import lexicon
from locales.catalogue import LANGUAGES, SOURCE, Catalogue, load
from locales.errors import CatalogueFaults, Fault
from locales.message import Message, pieces, without_tags
from locales.translation import translation_faults

BUTTON_LIMITS = {"es": 64, "en": 34}
"""Characters of a label, as it is read: 34 are what a narrow phone shows of one."""

_LENGTHS = (("ask.", 400), ("page.", 900), ("step.", 500))
_PHONE = re.compile(r"\+?\d(?:[ .()/-]?\d){6,}")
_YEARS = re.compile(r"(?:19|20)\d\d[ ./-]{1,3}(?:19|20)\d\d")
_ADDRESS = re.compile(r"\S*@\S+")
_LINK = re.compile(
    r"https?://|\bwww\.|\bt\.me\b|\b[\w-]{2,}\.(?:com|org|net|ve|gob|info|es|io|me)\b",
    re.IGNORECASE,
)
_NUMERAL = re.compile(r"\b(?:numeral(?:es)?|num\.)\s*(\d+)", re.IGNORECASE)
_UNCONFIRMED = {"es": "por confirmar", "en": "to be confirmed"}


def is_button(key: str) -> bool:
    """Say whether a key is the label of a button."""
    return key.startswith("button.") or ".option." in key or key.endswith(".short")


def all_faults() -> tuple[Fault, ...]:
    """Return every fault of every language: of its files, its words, and as a translation."""
    found: list[Fault] = []
    loaded: dict[str, Catalogue] = {}
    for language in LANGUAGES:
        try:
            loaded[language] = load(language)
        except CatalogueFaults as broken:
            found += broken.faults
        else:
            found += catalogue_faults(loaded[language])
    source = loaded.pop(SOURCE, None)
    if source is not None:
        for translation in loaded.values():
            found += translation_faults(source, translation)
    return tuple(found)


def catalogue_faults(catalogue: Catalogue) -> tuple[Fault, ...]:
    """Return the faults in the words of a catalogue that loads."""
    language = catalogue.language
    return tuple(
        sorted({fault for message in catalogue for fault in _message_faults(message, language)})
    )


def _message_faults(message: Message, language: str) -> Iterator[Fault]:
    for form in message.forms:
        plain = without_tags(form)
        found = lexicon.faults(form, message.key, language)
        if message.fresh:
            found += lexicon.opening_faults(form, message.key, language)
            found += _person_faults(form, message.key)
        for fault in found:
            yield replace(fault, file=message.file, line=message.line)
        for check in _CHECKS:
            for hint in check(message.key, plain, language):
                yield Fault(message.file, message.line, message.key, hint)


def _person_faults(form: str, key: str) -> list[Fault]:
    """Find what a person wrote, ``{text}``, where a locked phone would show it."""
    before = form.partition("{text}")[0]
    words = without_tags("".join(pieces(before)[::2])).strip()
    if form == before or len(words) >= lexicon.OPENING:
        return []
    hint = f"{{text}} after {len(words)} characters: a locked phone shows {lexicon.OPENING}"
    return [Fault("-", 0, key, hint)]


def _length(key: str, plain: str, language: str) -> Iterator[str]:
    limit = next((size for prefix, size in _LENGTHS if key.startswith(prefix)), None)
    if is_button(key):
        limit = BUTTON_LIMITS[language]
        if "\n" in plain:
            yield "a button has one line"
    if limit is not None and len(plain) > limit:
        yield f"{len(plain)} characters, {limit} allowed"


def _contacts(key: str, plain: str, language: str) -> Iterator[str]:
    if _PHONE.search(_YEARS.sub("", plain)):
        yield "looks like a phone number: contacts are kept apart, with the day of their check"
    if _ADDRESS.search(plain):
        yield "looks like an e-mail or a handle: contacts are kept apart"
    if _LINK.search(plain):
        yield "looks like a link: no address may stand in a message"


def _numerals(key: str, plain: str, language: str) -> Iterator[str]:
    for match in _NUMERAL.finditer(plain):
        confirmed = match.group(1) == "10"
        if not confirmed and _UNCONFIRMED[language] not in plain[match.end() : match.end() + 20]:
            yield f"numeral {match.group(1)} is not confirmed: name the event instead"


_CHECKS: tuple[Callable[[str, str, str], Iterator[str]], ...] = (_length, _contacts, _numerals)
