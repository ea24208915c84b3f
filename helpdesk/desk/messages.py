"""The words ``bot`` and the desk exchange: a DeskCommand comes in, a DeskReply goes out.

Nothing of who the person is beside the id stands here: a name could then not be kept by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk.messages import Part, Unreadable


class Where(StrEnum):
    """Where something was written: a case's topic, the group outside of any, or in private."""

    TOPIC = "topic"
    GENERAL = "general"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: an account, and whether it is in the group now (None: it could not be asked).

    An anonymous administrator, a linked channel and Telegram's own accounts are no Actor.
    """

    user: int
    inside: bool | None


@dataclass(frozen=True, slots=True)
class DeskPress:
    """A button under one of our messages in the group or in a member's private chat.

    ``data`` is what it carries, such as ``claim:K7M4P2``; anybody may forge it.
    """

    data: str


@dataclass(frozen=True, slots=True)
class DeskSlash:
    """A command; ``name`` in lower case without slash, ``rest`` what was typed after it."""

    name: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class DeskTyped:
    """A text that is no command."""

    text: str


@dataclass(frozen=True, slots=True)
class DeskMedia:
    """Anything else: what it is and its caption.

    ``file`` is the ``file_id`` (Bot API) of a photo or voice note, None for every other kind.
    """

    kind: Unreadable
    caption: str = ""
    file: str | None = None


@dataclass(frozen=True, slots=True)
class DeskCommand:
    """One update of the group, or a team command in a private chat.

    ``actor`` is None for those who are never authorised. ``message_id`` is the message itself, or
    the one under which a button was pressed. ``topic`` is the id of the topic, None in General.
    ``answers`` is the message replied to, None when it is only the topic's creation, and
    ``answers_bot`` says that a bot had sent that. ``edited`` marks a text written again.
    """

    at: datetime
    where: Where
    actor: Actor | None
    body: DeskPress | DeskSlash | DeskTyped | DeskMedia
    message_id: int
    topic: int | None = None
    answers: int | None = None
    edited: bool = False
    answers_bot: bool = False


@dataclass(frozen=True, slots=True)
class DeskReply:
    """What is left to do at once after the transaction: the rest was written down as posts.

    ``alert`` answers a press (``answerCallbackQuery``), in ``language``; ``loud`` shows it as a
    window to be closed. ``counts`` as in `helpdesk.messages.Reply`.
    """

    alert: Part | None = None
    loud: bool = False
    language: str = "es"
    counts: Mapping[str, int] = field(default_factory=dict)
