"""Holds a language against the one it was translated from; whether it says the same, people judge.

A machine sees a message, a placeholder, a mark, a line, a tag or a figure that one language has and
the other has not. It does not see an original that was reworded, and then the other language goes
on saying what is no longer true: so each translation names the words that it was read against
(``#. es 1a2b3c4d``), and the check asks for another reading when they change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from locales.catalogue import Catalogue
from locales.errors import Fault
from locales.message import Message, pieces

_TAG = re.compile(r"</?[bi]>")
_FIGURE = re.compile(r"\d+(?:[.,]\d{3})*(?!\d)")


def translation_faults(source: Catalogue, translation: Catalogue) -> tuple[Fault, ...]:
    """Return what a translation lacks, has too much of, or says with other figures."""
    return tuple(sorted(_faults(source, translation)))


def _faults(source: Catalogue, translation: Catalogue) -> Iterator[Fault]:
    told = {message.key: message for message in translation}
    for original in source:
        message = told.pop(original.key, None)
        home = f"{translation.language}/{original.file.split('/')[-1]}"
        if message is None:
            hint = f"not translated: {original.file}, line {original.line}, has it"
            yield Fault(home, 1, original.key, hint)
            continue
        if message.file != home:
            hint = f"stands in {original.file}: put it in {home}"
            yield Fault(message.file, message.line, message.key, hint)
        for difference in _DIFFERENCES:
            for hint in difference(original, message):
                hint = f"{hint} (see {original.file}, line {original.line})"
                yield Fault(message.file, message.line, message.key, hint)
    for message in told.values():
        hint = f"{source.language} has no such message: take it away"
        yield Fault(message.file, message.line, message.key, hint)


def _reading(original: Message, message: Message) -> Iterator[str]:
    if message.read_from != original.mark:
        why = "the original changed" if message.read_from else "not yet read against the original"
        language = original.file.split("/")[0]
        yield f"{why}: read both, and then write '#. {language} {original.mark}'"


def _marks(original: Message, message: Message) -> Iterator[str]:
    if message.plural != original.plural:
        yield "wants a plural" if original.plural else "wants no plural"
    if message.fresh != original.fresh:
        yield "wants the mark '#. fresh'" if original.fresh else "wants no mark '#. fresh'"


def _placeholders(original: Message, message: Message) -> Iterator[str]:
    """Compare form by form: one that lost a name would tell less in the singular, say."""
    wanted = original.placeholders
    for form in message.forms:
        has = set(pieces(form)[1::2])
        # "One day" needs no figure.
        if missing := sorted(wanted - has - ({"count"} if message.plural else set())):
            yield "lacks " + ", ".join(f"{{{name}}}" for name in missing)
        if extra := sorted(has - wanted):
            yield "knows no " + ", ".join(f"{{{name}}}" for name in extra)


def _shape(original: Message, message: Message) -> Iterator[str]:
    if message.plural != original.plural:
        return
    for theirs, ours in zip(original.forms, message.forms, strict=False):
        if Counter(_TAG.findall(ours)) != Counter(_TAG.findall(theirs)):
            yield "has other tags: what is bold there is bold here"
        lines, wanted = len(ours.split("\n")), len(theirs.split("\n"))
        if lines != wanted:
            yield f"has {lines} lines, not {wanted}"


def _figures(original: Message, message: Message) -> Iterator[str]:
    theirs, ours = _figures_of(original), _figures_of(message)
    if lost := sorted(theirs - ours):
        yield f"lost {', '.join(lost)}"
    if new := sorted(ours - theirs):
        yield f"says {', '.join(new)}, which is not there"


def _figures_of(message: Message) -> set[str]:
    """Return the figures of a message without separators; "6.487" and "6,487" are the same."""
    words = (" ".join(pieces(form)[::2]) for form in message.forms)
    return {re.sub(r"[.,]", "", figure) for form in words for figure in _FIGURE.findall(form)}


_DIFFERENCES: tuple[Callable[[Message, Message], Iterator[str]], ...] = (
    _reading,
    _marks,
    _placeholders,
    _shape,
    _figures,
)
