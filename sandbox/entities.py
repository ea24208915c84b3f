"""Text as Telegram reads it: HTML to text and entities, UTF-16 lengths, links found by themselves.

Nothing here knows of messages, chats or HTTP. Differences from Telegram, all of them stricter: a
link must have an ``href`` with a known scheme (Telegram silently drops a bad link), a blockquote
inside a blockquote is an error, and so is a formatted stretch inside ``code`` or ``pre``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sandbox.errors import ApiError, bad_request

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PLAIN = re.compile(r"[^<&]+")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_LINK = re.compile(r"(?:https?://[^\s/]+\S*|tg://\S+|mailto:\S+|tel:\S+)\Z")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(
    r"""\s*([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?\s*""", re.DOTALL
)
_FOUND_BY_THEMSELVES = (
    ("email", re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?!\w)")),
    ("url", re.compile(r"(?<![\w@])(?:https?://[^\s<>]+|www\.[^\s<>]+\.[^\s<>]+)(?<![.,;:!?)])")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z]\w{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?!\w)")),
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text (Bot API ``MessageEntity``); offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as the Bot API writes it."""
        shown: dict[str, Any] = {"offset": self.offset, "length": self.length, "type": self.type}
        if self.url is not None:
            shown["url"] = self.url
        if self.language is not None:
            shown["language"] = self.language
        return shown


@dataclass(frozen=True, slots=True)
class _Open:
    """A tag that waits for its end."""

    name: str
    type: str
    start: int
    argument: str | None


def utf16_length(text: str) -> int:
    """Count the UTF-16 units of a text: 2 for what lies outside the basic plane."""
    # An encoder counts a text at once; characters one by one are too slow for many messages.
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@lru_cache(maxsize=64)  # a message to thousands is read once
def read_text(
    text: str, parse_mode: str | None, *, limit: int = TEXT_LIMIT
) -> tuple[str, tuple[Entity, ...]]:
    """Read the text of a message: parse it, trim it, measure it.

    ``limit`` counts UTF-16 units after parsing. Raises ApiError 400, with Telegram's words.
    """
    if not text:
        raise bad_request("message text is empty")
    no_entities: tuple[Entity, ...] = ()
    plain, entities = text, no_entities
    if (parse_mode or "").lower() == "html":
        plain, entities = parse_html(text)
    elif parse_mode:
        raise bad_request(f'unsupported parse_mode (parameter "parse_mode"): {parse_mode}')
    plain, entities = trim(plain, entities)
    if not plain:
        raise bad_request("text must be non-empty")
    if utf16_length(plain) > limit:
        raise bad_request(
            "message is too long" if limit == TEXT_LIMIT else "message caption is too long"
        )
    return plain, sort_entities((*entities, *find_entities(plain, entities)))


def read_caption(caption: str, parse_mode: str | None) -> tuple[str, tuple[Entity, ...]]:
    """Read a caption as ``read_text`` does a text; an empty one is no fault."""
    if not caption.strip():
        return "", ()
    return read_text(caption, parse_mode, limit=CAPTION_LIMIT)


def find_entities(text: str, beside: tuple[Entity, ...] = ()) -> tuple[Entity, ...]:
    """Find the commands, links, e-mails, mentions and hashtags that nobody marked.

    What overlaps a link or code in ``beside``, or something found before it, is left alone.
    """
    taken = [
        (entity.offset, entity.offset + entity.length)
        for entity in beside
        if entity.type in {"text_link", "code", "pre"}
    ]
    found = []
    for kind, pattern in _FOUND_BY_THEMSELVES:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            end = offset + utf16_length(match.group())
            if all(end <= first or last <= offset for first, last in taken):
                taken.append((offset, end))
                found.append(Entity(kind, offset, end - offset))
    return sort_entities(tuple(found))


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """Parse Telegram's HTML into text and entities (Bot API, "HTML style").

    Raises ApiError 400 ``can't parse entities: ...`` with the byte offset of the fault.
    """
    out: list[str] = []
    length = 0
    stack: list[_Open] = []
    entities: list[Entity] = []
    at = 0
    while at < len(source):
        if plain := _PLAIN.match(source, at):
            out.append(plain.group())
            length += utf16_length(plain.group())
            at = plain.end()
        elif source[at] == "&":
            character, at = _reference(source, at)
            out.append(character)
            length += utf16_length(character)
        elif source.startswith("</", at):
            at = _end_tag(source, at, stack)
            tag = stack.pop()
            if length > tag.start:
                entities.append(_entity(tag, length))
        else:
            tag, at = _start_tag(source, at, stack, length)
            stack.append(tag)
    if stack:
        raise _fault(f'can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    return "".join(out), sort_entities(_without_code_in_pre(entities))


def _fault(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason[0].upper()}{reason[1:]}")


def _byte(source: str, at: int) -> int:
    return len(source[:at].encode())


def _reference(source: str, at: int) -> tuple[str, int]:
    match = _REFERENCE.match(source, at)
    if match is None:
        return "&", at + 1
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        return _NAMED[name], match.end()
    code = int(decimal) if decimal is not None else int(hexadecimal, 16)
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "&", at + 1
    return chr(code), match.end()


def _end_tag(source: str, at: int, stack: list[_Open]) -> int:
    """Check the end tag at ``at`` against the open one; give where the text goes on."""
    if not stack:
        raise _fault(f"unexpected end tag at byte offset {_byte(source, at)}")
    close = source.find(">", at)
    if close < 0:
        raise _fault(f"unclosed end tag at byte offset {_byte(source, at)}")
    name = source[at + 2 : close].strip().lower()
    if name != stack[-1].name:
        raise _fault(
            f"unmatched end tag at byte offset {_byte(source, at)}, "
            f'expected "</{stack[-1].name}>", found "</{name}>"'
        )
    return close + 1


def _start_tag(source: str, at: int, stack: list[_Open], length: int) -> tuple[_Open, int]:
    """Read the start tag at ``at``; give it and where the text goes on."""
    name_match = _TAG_NAME.match(source, at + 1)
    name = "" if name_match is None else name_match.group().lower()
    after = at + 1 + len(name)
    if after >= len(source):
        raise _fault(f"unclosed start tag at byte offset {_byte(source, at)}")
    where = f"at byte offset {_byte(source, at)}"
    if name not in _TYPES:
        raise _fault(f'unsupported start tag "{name}" {where}')
    attributes: dict[str, str] = {}
    while source[after : after + 1] != ">":
        match = _ATTRIBUTE.match(source, after)
        if match is None:
            raise _fault(f"unclosed start tag {where}")
        values = [value for value in match.groups()[1:] if value is not None]
        attributes[match.group(1).lower()] = html.unescape(values[0]) if values else ""
        after = match.end()
    return _Open(name, *_meaning(name, attributes, stack, where, length)), after + 1


def _meaning(
    name: str, attributes: dict[str, str], stack: list[_Open], where: str, start: int
) -> tuple[str, int, str | None]:
    """Work out type, start and argument of a tag from its attributes and the tags around it."""
    kind, argument = _TYPES[name], None
    around = {tag.type for tag in stack}
    language_of_pre = name == "code" and bool(stack) and stack[-1].name == "pre"
    if around & {"code", "pre"} and not language_of_pre:
        raise _fault(f'tag "{name}" can\'t be inside code {where}')
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _fault(f'tag "span" must have class "tg-spoiler" {where}')
    if name == "a":
        argument = attributes.get("href", "")
        if not _LINK.match(argument):
            raise _fault(f'tag "a" needs an href with http, https, tg, mailto or tel {where}')
    if name == "blockquote":
        if around & {"blockquote", "expandable_blockquote"}:
            raise _fault(f"blockquotes can't be nested {where}")
        if "expandable" in attributes:
            kind = "expandable_blockquote"
    if name == "code" and attributes.get("class", "").startswith("language-"):
        argument = attributes["class"].removeprefix("language-")
    return kind, start, argument


def _entity(tag: _Open, end: int) -> Entity:
    length = end - tag.start
    if tag.type == "text_link":
        return Entity("text_link", tag.start, length, url=tag.argument)
    return Entity(tag.type, tag.start, length, language=tag.argument)


def _without_code_in_pre(entities: list[Entity]) -> tuple[Entity, ...]:
    """Turn ``<pre><code class="language-x">`` into one ``pre`` that knows its language."""
    kept = list(entities)
    for pre in [entity for entity in entities if entity.type == "pre"]:
        for code in [entity for entity in kept if entity.type == "code"]:
            if pre.offset <= code.offset < pre.offset + pre.length:
                kept.remove(code)
                if (code.offset, code.length) == (pre.offset, pre.length) and pre in kept:
                    kept.remove(pre)
                    kept.append(Entity("pre", pre.offset, pre.length, language=code.language))
    return tuple(kept)


def trim(text: str, entities: tuple[Entity, ...]) -> tuple[str, tuple[Entity, ...]]:
    """Cut the blanks at both ends of a text, as Telegram does, and the entities with them."""
    trimmed = text.lstrip()
    cut = utf16_length(text) - utf16_length(trimmed)
    trimmed = trimmed.rstrip()
    size = utf16_length(trimmed)
    kept = []
    for entity in entities:
        first = max(0, entity.offset - cut)
        last = min(size, entity.offset + entity.length - cut)
        if last > first:
            kept.append(
                Entity(entity.type, first, last - first, url=entity.url, language=entity.language)
            )
    return trimmed, tuple(kept)


def sort_entities(entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Put entities in the order in which Telegram gives them."""
    return tuple(sorted(entities, key=lambda one: (one.offset, -one.length, one.type)))
