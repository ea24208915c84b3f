"""One message as it stands in a .po file, split into words and placeholders; no rendering here."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_TAG = re.compile(r"<(/?)([^<>]*)>")
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot);)")
_ALLOWED_TAGS = ("b", "i")


@dataclass(frozen=True, slots=True)
class Message:
    """The words under one key.

    ``forms`` holds one text, or one per plural form. ``fresh`` marks a message that opens a new
    notification on a locked phone (``#. fresh`` in the .po file). ``read_from`` is the mark of the
    words that somebody translated it from (``#. es 1a2b3c4d``), or empty.
    """

    key: str
    forms: tuple[str, ...]
    plural: bool
    file: str
    line: int
    fresh: bool = False
    read_from: str = ""

    @property
    def mark(self) -> str:
        """Eight hex digits that change with the words, by which a translation names them."""
        return hashlib.sha256("\0".join(self.forms).encode()).hexdigest()[:8]

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of all placeholders, over every plural form."""
        return frozenset(name for form in self.forms for name in _PLACEHOLDER.findall(form))


def pieces(form: str) -> list[str]:
    """Split a form: even places are words, odd places the names of placeholders."""
    return _PLACEHOLDER.split(form)


def without_tags(markup: str) -> str:
    """Turn Telegram HTML into plain text."""
    return html.unescape(_TAG.sub("", markup))


def markup_problems(form: str) -> Iterator[str]:
    """Say what Telegram or the renderer would not accept in a form."""
    words = _PLACEHOLDER.sub("", form)
    if "{" in words or "}" in words:
        yield "a brace that is not a {placeholder} (lower-case letters, digits, _)"
    open_tags: list[str] = []
    for slash, name in _TAG.findall(words):
        if name not in _ALLOWED_TAGS:
            yield f"tag <{slash}{name}>: only <b> and <i> are allowed"
        elif not slash:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            yield f"</{name}> closes what was not open"
    if open_tags:
        yield f"<{open_tags[-1]}> is never closed"
    bare = _TAG.sub("", words)
    if "<" in bare or ">" in bare:
        yield "a bare < or >: write &lt; or &gt;"
    if _ENTITY.search(words):
        yield "a bare &: write &amp;"
