"""Reads the .po files of a language through Babel and collects every fault; no rendering here."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from gettext import c2py
from importlib.resources.abc import Traversable

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from locales.errors import CatalogueFaults, Fault
from locales.message import Message, markup_problems

_KEY = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
_READ_FROM = re.compile(r"[a-z]{2} ([0-9a-f]{8})")
_MSGID = re.compile(r'msgid\s+"(.+)"\s*$')


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder of .po files holds: messages by key, and the rule that picks a plural."""

    messages: dict[str, Message]
    plural_form: Callable[[int], int]


def read_folder(folder: Traversable, language: str) -> Reading:
    """Read every ``.po`` file of a folder; raises CatalogueFaults with all faults at once."""
    messages: dict[str, Message] = {}
    rules: set[str] = set()
    faults: list[Fault] = []
    entries = folder.iterdir() if folder.is_dir() else ()
    files = sorted(
        (entry for entry in entries if entry.name.endswith(".po")),
        key=lambda entry: entry.name,
    )
    if not files:
        faults.append(Fault(language, 1, "-", "no .po file in this folder"))
    for entry in files:
        name, text = f"{language}/{entry.name}", entry.read_text(encoding="utf-8")
        faults.extend(_double_keys(name, text))
        try:
            catalog = read_po(io.StringIO(text), locale=language, abort_invalid=True)
        except PoFileError as error:
            faults.append(Fault(name, error.lineno + 1, "-", f"not a .po file: {error}"))
            continue
        rules.add(str(catalog.plural_expr))
        for message in _messages(name, catalog, faults):
            if message.key in messages:
                other = messages[message.key]
                hint = f"already defined in {other.file}, line {other.line}"
                faults.append(Fault(name, message.line, message.key, hint))
            messages[message.key] = message
    if len(rules) > 1:
        faults.append(Fault(language, 1, "-", "the files have different Plural-Forms"))
    if faults:
        raise CatalogueFaults(faults)
    return Reading(messages, c2py(rules.pop()))


def _messages(file: str, catalog: Catalog, faults: list[Fault]) -> Iterator[Message]:
    for entry in catalog:
        if not entry.id:  # the header
            continue
        plural = isinstance(entry.id, (tuple, list))
        key = entry.id[0] if plural else str(entry.id)
        line = entry.lineno or 1
        words = entry.string if isinstance(entry.string, (tuple, list)) else (entry.string,)
        forms = tuple(form or "" for form in words)
        hints = list(_problems(key, forms))
        if entry.fuzzy:
            hints.append("marked fuzzy: read it again and take the mark away")
        if entry.context is not None:
            hints.append("msgctxt is not used here: put the context into the key")
        faults.extend(Fault(file, line, key, hint) for hint in hints)
        comments = entry.auto_comments
        marks = [found.group(1) for found in map(_READ_FROM.fullmatch, comments) if found]
        yield Message(key, forms, plural, file, line, "fresh" in comments, "".join(marks))


def _problems(key: str, forms: tuple[str, ...]) -> Iterator[str]:
    if _KEY.fullmatch(key) is None:
        yield "a key is lower-case words with dots, such as ask.petition"
    for form in forms:
        if not form.strip():
            yield "no words: an empty message must never land on a phone"
        elif form != form.strip():
            yield "spaces or line ends around the text"
        yield from markup_problems(form)


def _double_keys(file: str, text: str) -> Iterator[Fault]:
    """Find keys written twice in one file, which Babel would merge without a word."""
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _MSGID.match(line.strip())
        if match is None:
            continue
        key = match.group(1)
        if key in seen:
            yield Fault(file, number, key, f"already defined in this file, line {seen[key]}")
        seen.setdefault(key, number)
