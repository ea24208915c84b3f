"""What the drain and its rules exchange: what is to be sent next, and how a call ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from helpdesk.broadcasts.broadcast import Letter
from helpdesk.broadcasts.messages import Note


class End(Enum):
    """How the call for one recipient ended (Bot API ``sendMessage``, ``editMessageText``)."""

    SENT = auto()
    GONE = auto()
    """403, or a chat that Telegram does not know: blocked, deleted. She is taken off the list."""
    CONTENT = auto()
    """400 for what the message is: the same would be said of everybody's. Everything stops."""
    WAIT = auto()
    """429: nothing was done. How long nothing more is asked is for ``bot.governor``."""
    NEVER_LEFT = auto()
    """No connection: nothing was done."""
    UNKNOWN = auto()
    """5xx, or no whole answer after something was written: it may have arrived."""
    TOO_LATE = auto()
    """A message that can be edited no more, or is gone from the phone."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed recipient: committed before the call is made. ``edit`` is the message to change."""

    broadcast: bytes
    number: int
    chat: int
    letter: Letter
    edit: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How the call ended. ``message_id`` is the message that arrived, or was changed."""

    end: End
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing may go out now. ``seconds`` until it is worth looking again."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What followed from an end: notes to organisers, counters.

    ``erase`` is a chat with an erase job to do: its message arrived while everything else went.
    """

    notes: tuple[Note, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    erase: int | None = None
