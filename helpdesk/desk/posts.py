"""A post: one call that has to be made for the desk, kept sealed until it was; nothing sends here.

Posts are the desk's outbox. They are written in the transaction that decides them, so a crash or a
429 loses none. ``bot.deliveries`` makes the calls, at most 20 a minute into the group, and hands
what became of each to `helpdesk.desk.deliveries`, in a transaction again.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from helpdesk.messages import Screen, Unreadable

_SCREEN: TypeAdapter[Screen] = TypeAdapter(Screen)


class Place(StrEnum):
    """Where a post goes. The group and the family's chat are looked up when it is sent."""

    FAMILY = "family"
    TOPIC = "topic"
    GENERAL = "general"
    PERSON = "person"


class Call(StrEnum):
    """What is done there (Bot API method)."""

    SAY = "say"
    """sendMessage of ``screen``"""
    COPY = "copy"
    """copyMessage of ``source``, with ``screen`` rendered as its caption when there is one; without
    one the copy has none (an empty one is said), unless ``own_caption`` lets it keep its own"""
    MEDIA = "media"
    """sendPhoto or sendVoice, as ``kind`` says, of ``file``, with ``screen`` as its caption"""
    EDIT = "edit"
    """editMessageText of ``target``"""
    DELETE = "delete"
    """deleteMessage of ``target``"""
    OPEN_TOPIC = "open_topic"
    """createForumTopic named ``title``; goes out before anything else of its case"""
    CLOSE_TOPIC = "close_topic"
    REOPEN_TOPIC = "reopen_topic"
    DELETE_TOPIC = "delete_topic"
    """of ``target`` (a topic id), for the case may be gone by then"""


WRITES = frozenset({Call.SAY, Call.COPY, Call.MEDIA})
"""Calls that leave a new message."""


class Priority(IntEnum):
    """Who goes first into the group when its 20 a minute are scarce; lower goes first."""

    URGENT = 0
    RECEIPT = 1
    ANSWER = 2
    RELAY = 3
    HOUSEKEEPING = 4
    """The queue comes after all of these, and is no post: it is made anew whenever it is due."""


class Purpose(StrEnum):
    """Why it is sent: decides what its end means (see `helpdesk.desk.deliveries`)."""

    CARD = "card"
    NOTICE = "notice"
    RECEIPT = "receipt"
    FROM_FAMILY = "from_family"
    TO_FAMILY = "to_family"
    TOLD_FAMILY = "told_family"
    """Faro's own words to the family about her case ("una persona ya tiene su caso")."""
    RETIRE = "retire"
    TOPIC = "topic"


class Post(BaseModel):
    """One call to make.

    ``pieces`` are the family's texts that were joined, with the ids of her messages ``sources``.
    ``answers`` is a message at the destination to reply to. ``source`` is the message to copy out
    of her chat. Out of a group with protected content nothing can be copied: a photo or voice for
    her is a ``file`` (Bot API ``file_id``). ``author`` is the pseudonym of who wrote it,
    ``origin`` the id of the message in the group (or of the held reply's) that it came from.
    ``not_before`` and ``at`` are seconds since 1970. ``user`` is a staff member's id for
    Place.PERSON. ``held_for`` names why the outgoing filter holds it ("phone", "media"...), or
    "unknown" for one that may have arrived. ``own_caption`` leaves a copy the caption that the
    message has. ``corrects`` marks words that were written again. ``receipt`` is the message to be
    edited when a RETIRE is done. ``kind`` is what a copy or a ``file`` is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    place: Place
    call: Call
    purpose: Purpose
    priority: Priority
    at: int
    screen: Any = None
    """A `Screen` as JSON; see ``shows`` and ``with_screen``."""
    language: Literal["es", "en"] = "es"
    silent: bool = False
    source: int | None = None
    target: int | None = None
    title: str | None = None
    answers: int | None = None
    author: str | None = None
    origin: int | None = None
    user: int | None = None
    pieces: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    not_before: int | None = None
    held_for: tuple[str, ...] = ()
    own_caption: bool = False
    corrects: bool = False
    receipt: int | None = None
    kind: Unreadable | None = None
    file: str | None = None
    tries: int = 0

    @property
    def shows(self) -> Screen | None:
        """The screen to render, None for a call without words."""
        return None if self.screen is None else _SCREEN.validate_python(self.screen)

    def with_screen(self, screen: Screen) -> Post:
        """Return a copy that shows a screen."""
        return self.but(screen=_SCREEN.dump_python(screen, mode="json"))

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Post:
        """Read a stored post. Raises pydantic's ValidationError for another form."""
        return cls.model_validate(stored)

    def write(self) -> dict[str, Any]:
        """Return the post as plain JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"format": self.format}

    def but(self, **changes: Any) -> Post:
        """Return a copy with some fields changed."""
        return self.model_copy(update=changes)
