"""What a person types, as her app sends it: without blanks at the ends, formatted, links found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.entities import (
    TEXT_LIMIT,
    Entity,
    find_entities,
    parse_html,
    sort_entities,
    trim,
    utf16_length,
)
from sandbox.errors import ApiError, PersonError

FORMATS = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "blockquote",
        "expandable_blockquote",
        "text_link",
    }
)
"""What an app lets one mark by hand (Bot API ``MessageEntity.type``)."""


def compose(
    text: str, *, html: bool = False, entities: Iterable[Mapping[str, Any]] = ()
) -> tuple[str, tuple[Entity, ...]]:
    """Give a text and its entities as they leave the phone.

    With ``html`` the formatting is read from Telegram's HTML; ``entities`` are objects of the Bot
    API, offsets in UTF-16 units of ``text``. Raises PersonError for what no app can send.
    """
    marked = tuple(_entity(one, utf16_length(text)) for one in entities)
    if html:
        try:
            text, marked = parse_html(text)
        except ApiError as error:
            raise PersonError(error.description) from None
    text, marked = trim(text, marked)
    if not 1 <= utf16_length(text) <= TEXT_LIMIT:
        raise PersonError(f"a text has 1 to {TEXT_LIMIT} UTF-16 units")
    return text, sort_entities((*marked, *find_entities(text, marked)))


def _entity(given: Mapping[str, Any], size: int) -> Entity:
    kind, offset, length = given["type"], given["offset"], given["length"]
    if kind not in FORMATS:
        raise PersonError(f"nobody can mark a text as {kind}")
    if (kind == "text_link") != isinstance(given.get("url"), str):
        raise PersonError("a link has a url, and nothing else has one")
    if offset < 0 or length < 1 or offset + length > size:
        raise PersonError("what is marked is not in the text")
    return Entity(kind, offset, length, url=given.get("url"))
