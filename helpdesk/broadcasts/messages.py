"""The words ``bot`` and the organisers exchange: an OrganiserCommand in, an OrganiserReply out.

A private chat has the id of its person: ``user`` is both. No name and no text of a family is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from helpdesk.broadcasts.broadcast import Letter
from helpdesk.folding import fold
from helpdesk.messages import Part, Screen

NOT_SHOWN: Final = Screen((Part("broadcast.not_shown"),))
"""What is said instead of a note that needs one which could not be said."""

_STOP: Final = frozenset({"cancelar", "cancela", "salir", "cancel"})


@dataclass(frozen=True, slots=True)
class OrganiserPress:
    """A button under one of our messages; ``data`` such as ``bc.ok:…``: anybody may forge it."""

    data: str
    message_id: int


@dataclass(frozen=True, slots=True)
class OrganiserSlash:
    """A command; ``name`` in lower case without slash, ``rest`` what was typed after it."""

    name: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class OrganiserText:
    """A text with its formatting, as Telegram HTML (Bot API ``MessageEntity``).

    ``plain`` is the text as typed. ``links`` are the addresses in it, hidden ones and plain ones.
    ``lost`` names kinds of formatting that are in the message and not in ``html``.
    """

    html: str
    plain: str
    links: tuple[str, ...] = ()
    lost: frozenset[str] = frozenset()

    @property
    def stops(self) -> bool:
        """Whether it says, and says nothing else, that she wants no more of what is asked."""
        return fold(self.plain).strip(" .!/") in _STOP


@dataclass(frozen=True, slots=True)
class OrganiserFile:
    """A document: its ``file_id`` and bytes, filled in by ``bot`` before the transaction.

    ``content`` is None when it could not be had or is too large.
    """

    file: str
    size: int
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class OrganiserOther:
    """A photo, a sticker, a voice note: nothing that a broadcast is made of."""


OrganiserBody = OrganiserPress | OrganiserSlash | OrganiserText | OrganiserFile | OrganiserOther


@dataclass(frozen=True, slots=True)
class OrganiserCommand:
    """One update of a private chat, as an organiser would mean it. ``message_id`` is hers."""

    at: datetime
    user: int
    body: OrganiserBody
    message_id: int | None = None
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG to be drawn by ``bot`` from figures; ``title`` and labels are words already."""

    title: str
    bars: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    """Groups of bars: the group's words, then a label and a number for each."""
    foot: str


@dataclass(frozen=True, slots=True)
class Note:
    """A message to a person of the team: a screen in her language, or the exact bytes of a letter.

    ``edit`` is the message to replace, None for a new one. ``keep_as`` names the progress of a
    broadcast (id in hex): ``bot`` then tells `helpdesk.broadcasts.progress.shown` which message it
    became. ``needs_the_one_before`` holds it back where the note of this person before it was not
    said: nobody is given a button to approve what she may not have seen.
    """

    user: int
    screen: Screen | None = None
    letter: Letter | None = None
    picture: Picture | None = None
    edit: int | None = None
    language: str = "es"
    keep_as: str = ""
    silent: bool = False
    needs_the_one_before: bool = False


@dataclass(frozen=True, slots=True)
class OrganiserReply:
    """What is left to do after the transaction: say these, in this order.

    ``alert`` answers a press, in ``language``. ``stirred`` says that a broadcast may have something
    to send, so that it is looked at now. ``posted`` and ``counts`` as in `helpdesk.messages.Reply`.
    """

    notes: tuple[Note, ...] = ()
    alert: Part | None = None
    language: str = "es"
    stirred: bool = False
    posted: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def loud(self) -> bool:
        """Whether the alert is a window: it says why something was not done."""
        return self.alert is not None
