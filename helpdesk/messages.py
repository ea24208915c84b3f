"""The words helpdesk and handlers exchange: a Command comes in, a Reply of Screens goes out.

No text, no Telegram object and no decision may live here: a Screen names message keys, never words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Param = str | int
"""A parameter of a message. A string that starts with ``@`` names another message key to be
rendered in its place (``@event.presidencial_2024``); ``date:``, ``list:`` and ``text:`` mean what
`locales.catalogue.Catalogue` says. Anything else is escaped and printed."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed. ``token`` is what the button carried (Bot API ``callback_data``)."""

    token: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A text was typed, not a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Slash:
    """A command such as ``/start``; ``name`` has no slash and is in lower case.

    ``rest`` is what was typed after it: only the team's commands read it.
    """

    name: str
    rest: str = ""


class Unreadable(StrEnum):
    """What a family may send that Faro does not read; each gets a kind answer."""

    VOICE = "voice"
    PHOTO = "photo"
    VIDEO = "video"
    STICKER = "sticker"
    DOCUMENT = "document"
    CONTACT = "contact"
    LOCATION = "location"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Unread:
    """A message of hers that was not read because too many waited: its id, what it was, its text.

    ``kind`` is None for a text. The text is there for a person who has her case, and nobody else.
    ``names_account`` as in `Command`.
    """

    message_id: int
    kind: Unreadable | None = None
    text: str = ""
    names_account: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One update, told in Faro's own words.

    ``message_id`` is the id of the family's own message (None for a press), kept so that /borrar
    can delete it. ``at`` is aware UTC. ``edited`` marks a text typed again over an old message.
    ``unread`` are her messages before this one that were not read, because too many waited.
    ``caption`` is the text under what is Unreadable, ``answers`` the message she replied to and
    ``names_account`` says that her text links to somebody's account, so that it is not copied as
    it stands: these three are for a person who has her case.
    """

    chat: int
    at: datetime
    body: Press | Typed | Slash | Unreadable
    message_id: int | None = None
    edited: bool = False
    unread: tuple[Unread, ...] = ()
    caption: str = ""
    answers: int | None = None
    names_account: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A button: the key of its words, their parameters and the opaque token it carries.

    With ``copy`` it carries no token: pressing it copies that text (Bot API ``CopyTextButton``).
    """

    key: str
    token: str
    params: Mapping[str, Param] = field(default_factory=dict)
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph of a screen: a message key and its parameters.

    ``count`` chooses the plural form; None for messages without one.
    """

    key: str
    params: Mapping[str, Param] = field(default_factory=dict)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """What a family sees at once: paragraphs and rows of buttons.

    ``fresh`` asks for a new message instead of an edit of the current one; ``silent`` sends it
    without sound.
    """

    parts: tuple[Part, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    fresh: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one command, to be carried out after its transaction has committed.

    ``revision`` is the session's revision that the screen shows (None when there is no session
    left, as after /borrar). ``edit`` is the message to edit, None to send anew. ``delete`` are
    messages to remove first (an old screen, a photo). ``erase`` says that an erase job waits.
    ``counts`` are anonymous counters, to be added in memory once the transaction has committed.
    ``language`` is the catalogue the screen is rendered with. ``posted`` says that posts for the
    desk were written down, so that they are seen to at once.
    """

    screen: Screen | None = None
    revision: int | None = None
    edit: int | None = None
    delete: tuple[int, ...] = ()
    erase: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    language: str = "es"
    posted: bool = False
