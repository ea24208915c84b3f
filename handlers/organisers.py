"""Reads an update of a private chat as an organiser would mean it, formatting and all.

Decides nothing: whether somebody is an organiser, and whether it concerns one, is known only in
the transaction. To everybody else the same update is a family's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from telegram import CallbackQuery, Message, MessageEntity, Update
from telegram.constants import ChatType

from handlers.content import body_of
from helpdesk.broadcasts import answer as broadcasts
from helpdesk.broadcasts.messages import (
    OrganiserBody,
    OrganiserCommand,
    OrganiserFile,
    OrganiserOther,
    OrganiserPress,
    OrganiserSlash,
    OrganiserText,
)
from helpdesk.editorial import answer as editorial
from helpdesk.messages import Slash, Typed, Unreadable

PREFIXES: Final = (broadcasts.PREFIX, editorial.PREFIX)
"""How what an organiser's button carries begins; those of families have no full stop."""

_TAGS: Final[dict[str, tuple[str, str]]] = {
    MessageEntity.BOLD: ("<b>", "</b>"),
    MessageEntity.ITALIC: ("<i>", "</i>"),
    MessageEntity.UNDERLINE: ("<u>", "</u>"),
    MessageEntity.STRIKETHROUGH: ("<s>", "</s>"),
    MessageEntity.SPOILER: ("<tg-spoiler>", "</tg-spoiler>"),
    MessageEntity.CODE: ("<code>", "</code>"),
    MessageEntity.PRE: ("<pre>", "</pre>"),
    MessageEntity.BLOCKQUOTE: ("<blockquote>", "</blockquote>"),
    MessageEntity.EXPANDABLE_BLOCKQUOTE: ("<blockquote expandable>", "</blockquote>"),
}
_FOUND_BY_TELEGRAM: Final = frozenset(
    (
        MessageEntity.URL,
        MessageEntity.MENTION,
        MessageEntity.HASHTAG,
        MessageEntity.CASHTAG,
        MessageEntity.BOT_COMMAND,
        MessageEntity.EMAIL,
        MessageEntity.PHONE_NUMBER,
        "bank_card_number",
    )
)
"""What Telegram marks by itself in plain words: it will do so again, and no tag is needed."""
_VERBATIM: Final = frozenset({MessageEntity.CODE, MessageEntity.PRE})
"""Nothing can be formatted within these."""
_QUOTES: Final = frozenset({MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE})


def read(update: Update, now: datetime) -> OrganiserCommand | None:
    """Say what an organiser would ask with an update of a private chat, None for nothing.

    A press is one only when it carries an organiser's button. A document has its ``file_id`` and
    the size that Telegram states (0 where it states none), and no content: that is not for here.
    """
    query = update.callback_query
    if query is not None:
        return _press(query, now)
    message, edited = update.message, False
    if message is None:
        message, edited = update.edited_message, True
    if message is None or message.chat.type != ChatType.PRIVATE:
        return None
    body = _body(message)
    if body is None:
        return None
    return OrganiserCommand(now, message.chat.id, body, message.message_id, edited)


def _press(query: CallbackQuery, now: datetime) -> OrganiserCommand | None:
    message = query.message
    if message is None or message.chat.type != ChatType.PRIVATE or query.data is None:
        return None
    if not query.data.startswith(PREFIXES):
        return None
    body = OrganiserPress(query.data, message.message_id)
    return OrganiserCommand(now, message.chat.id, body, message.message_id)


def _body(message: Message) -> OrganiserBody | None:
    match body_of(message):
        case None:
            return None
        case Slash(name, rest):
            return OrganiserSlash(name, rest)
        case Typed(text):
            return formatted(text, message.entities)
        case Unreadable.DOCUMENT if message.document is not None:
            return OrganiserFile(message.document.file_id, message.document.file_size or 0)
    return OrganiserOther()


def formatted(text: str, entities: Sequence[MessageEntity]) -> OrganiserText:
    """Write a text and its entities (Bot API ``MessageEntity``) as Telegram HTML.

    Not by the library's ``text_html``: that writes the address of a link as it comes, quotation
    marks and all, and tears stretches that overlap. What needs an account or a right of its own (a
    mention of somebody without a user name, a paid emoji, a moment in time) is left out and named
    in ``lost``, as is what nobody knew of when this was written. ``links`` are those that Telegram
    marked; it marks none within code.
    """
    words = _Words(text)
    marks: list[_Mark] = []
    links: list[tuple[int, str]] = []
    lost: set[str] = set()
    for one in entities:
        kind = str(one.type)
        start, end = words.index(one.offset), words.index(one.offset + one.length)
        if kind == MessageEntity.TEXT_LINK and one.url:
            links.append((start, one.url))
            marks.append(_Mark(start, end, kind, f'<a href="{escape(one.url)}">', "</a>"))
        elif kind in _TAGS:
            marks.append(_Mark(start, end, kind, *_TAGS[kind]))
        elif kind == MessageEntity.URL:
            links.append((start, words.text[start:end]))
        elif kind not in _FOUND_BY_TELEGRAM:
            lost.add(kind)
    kept = _possible(sorted(dict.fromkeys(marks), key=_outermost_first))
    lost |= {mark.kind for mark in marks if mark not in kept}
    addresses = tuple(dict.fromkeys(link for _, link in sorted(links)))
    return OrganiserText(_html(words.text, kept), words.text, addresses, frozenset(lost))


class _Words:
    """A text whose places are told in UTF-16 units, as Telegram counts them."""

    def __init__(self, text: str) -> None:
        # Half a character cannot be sent on, and would make the whole update fail.
        self._units = text.encode("utf-16-le", "replace")
        self.text = self._units.decode("utf-16-le")

    def index(self, unit: int) -> int:
        """Give the place in the text of a UTF-16 unit."""
        return len(self._units[: max(0, unit) * 2].decode("utf-16-le", "ignore"))


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    kind: str
    opens: str
    closes: str


def _outermost_first(mark: _Mark) -> tuple[int, int, bool, bool]:
    return mark.start, -mark.end, mark.kind in _VERBATIM, mark.kind not in _QUOTES


def _possible(marks: Sequence[_Mark]) -> list[_Mark]:
    """Leave out what Telegram refuses: anything within code, a quotation within another."""
    kept: list[_Mark] = []
    for mark in sorted(marks, key=lambda one: one.kind not in _VERBATIM):  # code comes first
        if mark.start < mark.end and not any(_clash(one, mark) for one in kept):
            kept.append(mark)
    return [mark for mark in marks if mark in kept]


def _clash(one: _Mark, other: _Mark) -> bool:
    if one.end <= other.start or other.end <= one.start:
        return False
    quotes = other.kind in _QUOTES
    if one.kind in _VERBATIM:
        return not (quotes and other.start <= one.start and one.end <= other.end)
    return quotes and one.kind in _QUOTES


def _html(text: str, marks: Sequence[_Mark]) -> str:
    """Write the tags around the words; a mark that outlasts the one around it is opened again."""
    written: list[str] = []
    opened: list[_Mark] = []
    last = 0
    for place in sorted({one.start for one in marks} | {one.end for one in marks}):
        written.append(escape(text[last:place], quote=False))
        last = place
        again: list[_Mark] = []
        while any(one.end == place for one in opened):
            inner = opened.pop()
            written.append(inner.closes)
            if inner.end != place:
                again.insert(0, inner)
        for mark in (*again, *(one for one in marks if one.start == place)):
            written.append(mark.opens)
            opened.append(mark)
    written.append(escape(text[last:], quote=False))
    return "".join(written)
