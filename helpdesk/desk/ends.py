"""A post on its way: what may go, where it goes, and how the call for it can end; types only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from helpdesk.desk.posts import Post, Priority


class End(Enum):
    """What became of a call."""

    SENT = auto()
    """Done; also what was so already ("not modified", a topic closed before)."""
    UNKNOWN = auto()
    """No answer: it may have been done."""
    REFUSED = auto()
    """Refused for good, for none of the reasons below."""
    FAMILY_GONE = auto()
    """403 in a private chat: blocked, or the account is deleted. Never of the group."""
    VOICE_FORBIDDEN = auto()
    """She takes no voice notes (``VOICE_MESSAGES_FORBIDDEN``)."""
    SOURCE_GONE = auto()
    """The message to copy is not there, or the file to send."""
    UNCOPYABLE = auto()
    """The message cannot be copied, or the file not be had."""
    TARGET_GONE = auto()
    """The message to reply to, to edit or to delete is not there, or too old."""
    TOPIC_GONE = auto()
    TOPIC_CLOSED = auto()
    NO_RIGHTS = auto()
    """The bot is in the group and may not do this."""
    OUT = auto()
    """The bot is not in the group, or there is no such group."""
    MOVED = auto()
    """The group became another one: ``moved_to``."""
    TOO_LONG = auto()
    """Text or caption over Telegram's limit."""
    LATER = auto()
    """Not done for certain: 429, 5xx, or nothing left this machine. Again after ``seconds``."""


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a call. ``message_id`` of what was sent or copied, ``topic`` the id of a new one.

    ``seconds`` is said with LATER.
    """

    end: End
    message_id: int | None = None
    topic: int | None = None
    moved_to: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left to do after an end was taken: counters to add, and perhaps an erase job.

    ``erase`` is a chat that erased everything while a message to it was on its way: the job for
    that message is written, and has to be carried out.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    erase: int | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A post that may go out. ``lane`` is the chat: calls of one lane are made one by one.

    The list of `waiting` is in the order in which to take them, within each lane.
    ``not_before`` is in seconds since 1970, None when it may go at once.
    """

    id: int
    lane: int
    is_group: bool
    priority: Priority
    not_before: int | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A post that is being called, and where: ``chat``, and for Place.TOPIC its ``topic``.

    ``source_chat`` is the chat of ``post.source``, or of ``post.origin``. COPY: the caption is
    ``post.shows``, or what the message had when ``post.own_caption`` is set, or else none (an
    empty caption is said explicitly).
    """

    id: int
    post: Post
    chat: int
    topic: int | None = None
    source_chat: int | None = None
