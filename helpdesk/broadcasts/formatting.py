"""Which formatting of Telegram's a letter may have; what is written in it is not read here.

Let through: bold, italic, underlined, struck out, quoted, and links. Nothing that names an
account, hides words until a tap, or needs a right of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Final

from helpdesk.broadcasts.messages import OrganiserText

_TAGS: Final = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "ins": "u",
    "s": "s",
    "strike": "s",
    "del": "s",
    "blockquote": "blockquote",
    "a": "a",
}
"""What Telegram reads (Bot API, "HTML style") and a letter may have, by its shortest name."""

_LOST: Final = {
    "spoiler": "spoiler",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "code",
    "expandable": "folded",
    "expandable_blockquote": "folded",
    "tg-emoji": "emoji",
    "custom_emoji": "emoji",
    "text_mention": "mention",
}
"""Formatting that is left out, by the word of `broadcast.lost`; anything else is ``other``."""

_WEB: Final = re.compile(r"https?://[^\s<>\"\\]+", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_FILLERS: Final = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
"""Letters and signs that look like blanks, and are none."""
_BLANK_LINES: Final = re.compile(r"\n(?:[^\S\n]*\n){2,}")
_WIDE: Final = re.compile(r"(?<![^\S\n])[^\S\n]{3,}")


@dataclass(frozen=True, slots=True)
class Formatted:
    """What is left: Telegram HTML, its plain text, and what was lost.

    ``lost`` are words of ``broadcast.lost.<word>``, sorted.
    """

    html: str
    plain: str
    lost: tuple[str, ...]


def clean(text: OrganiserText) -> Formatted:
    """Return what an organiser wrote in the formatting that a letter may have.

    Words are never lost, only their formatting. The result is balanced, nothing stands within
    itself, and every sign of HTML in the words is escaped.
    """
    reader = _Reader()
    reader.feed(text.html)
    reader.close()
    html = _tidy(reader.closed())
    lost = reader.lost | {_LOST.get(kind, "other") for kind in text.lost}
    return Formatted(html, plain(html), tuple(sorted(lost)))


def plain(html: str) -> str:
    """Return the words of Telegram HTML, as a phone without formatting would show them."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return "".join(reader.words)


def hidden_links(html: str) -> tuple[str, ...]:
    """Return the addresses that stand behind words, each once."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(dict.fromkeys(reader.hidden))


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


class _Reader(HTMLParser):
    """Writes what it reads anew, tag by tag: nothing of the input's own markup is copied."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._written: list[str] = []
        self._open: list[str] = []
        self.lost: set[str] = set()
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        name = _TAGS.get(tag)
        given = dict(attrs)
        if name is None or (name == "a" and not self._is_web(given.get("href"))):
            self.lost.add("mention" if tag == "a" else _LOST.get(tag, "other"))
            return
        if name == "blockquote" and given:
            self.lost.add("folded")
        if name in self._open:
            return
        self._open.append(name)
        if name == "a":
            address = str(given["href"])
            self.hidden.append(address)
            self._written.append(f'<a href="{escape(address)}">')
        else:
            self._written.append(f"<{name}>")

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Leave out ``<b/>``: there is nothing in it."""

    def handle_endtag(self, tag: str) -> None:
        name = _TAGS.get(tag)
        if name is None or name not in self._open:
            return
        # What was opened within it ends with it: overlapping stretches are no tree.
        while True:
            inner = self._open.pop()
            self._written.append(f"</{inner}>")
            if inner == name:
                return

    def handle_data(self, data: str) -> None:
        words = _FILLERS.sub(" ", _CONTROL.sub("", data))
        self._written.append(escape(words, quote=False))

    def closed(self) -> str:
        """Return what was written, with everything closed."""
        return "".join(self._written + [f"</{name}>" for name in reversed(self._open)])

    @staticmethod
    def _is_web(address: str | None) -> bool:
        return address is not None and _WEB.fullmatch(address) is not None


_EMPTY: Final = re.compile(r"<(b|i|u|s|blockquote|a)(?: href=\"[^\"<>]*\")?>(\s*)</\1>")
_LEADING: Final = re.compile(r"\A((?:<[^>]*>)*)\s+")
_TRAILING: Final = re.compile(r"(?<!\s)\s++((?:<[^>]*>)*)\Z")


def _tidy(html: str) -> str:
    """Take away formatting of nothing, blanks around the whole, and long runs of blanks and lines.

    What stands below a long gap is not looked at by whoever approves.
    """
    before = ""
    while before != html:
        before = html
        html = _TRAILING.sub(r"\1", _LEADING.sub(r"\1", _EMPTY.sub(r"\2", html)))
    return _WIDE.sub(" ", _BLANK_LINES.sub("\n\n", html))
