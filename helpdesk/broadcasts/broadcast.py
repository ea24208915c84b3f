"""One broadcast as it is kept: its words, for whom, how far it is; no rule of how it moves.

Times are whole seconds since 1970 (UTC). It is kept sealed (`store.broadcasts`) from its first word
until 48 hours after its end, and then it is gone.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from helpdesk.audience import Segment

LEAVE: Final = "leave"
"""What the button "stop receiving this" carries: the same in every message, for it can do no more
than take whoever presses it off the list."""


class Stage(StrEnum):
    """Where a broadcast stands."""

    WRITING = "writing"
    ASKED = "asked"
    """Somebody else has to approve it, within an hour."""
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    """Telegram refused the message itself: nobody gets it any more."""


LIVE: Final = frozenset({Stage.SENDING, Stage.PAUSED})
OVER: Final = frozenset({Stage.DONE, Stage.CANCELLED, Stage.STOPPED})


class Step(StrEnum):
    """What an organiser is asked for while she writes; words at ``broadcast.ask.<value>``."""

    TEXT = "text"
    SOURCE = "source"
    DATE = "date"
    SEGMENT = "segment"
    URGENCY = "urgency"
    READY = "ready"


class Kind(StrEnum):
    """What it does to phones."""

    SEND = "send"
    CORRECT = "correct"
    """Puts other words into the messages of an earlier broadcast."""
    RETRACT = "retract"
    """Puts the words of a retraction there."""


class Why(StrEnum):
    """Why a broadcast was paused or stopped; words at ``sending.why.<value>``."""

    BY_HAND = "by_hand"
    CANARY = "canary"
    """Too few of the first ones arrived."""
    CONTENT = "content"
    REFUSED = "refused"
    """Telegram refused one message, though others arrived: it is not the words."""
    TROUBLE = "trouble"
    """Telegram does not answer: going on would leave many about whom nobody knows."""


class Letter(BaseModel):
    """The exact bytes that a phone gets: Telegram HTML, and the words of the one button."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    html: str
    button: str


class Broadcast(BaseModel):
    """A broadcast. People of the team stand in it by pseudonym (V-03), families never.

    ``html`` is what the organiser wrote, in the few tags that are let through; ``letter`` is made
    of it, the source and the fixed words, and is None while something is missing. ``seal`` is the
    hash that was approved, or is to be. ``target`` is the id (hex) of the broadcast whose messages
    are to be changed. ``said_same`` says that she was told of an earlier one like it and wants it
    all the same. ``wave`` counts the changes made to the messages of this one; of a change it says
    which of them it is. ``screens`` are the messages that show its progress, by pseudonym.
    ``answered`` are the steps that are done and ``said_in`` the author's own messages that they
    were answered in; ``links`` are the addresses that Telegram saw in what she wrote.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    kind: Kind = Kind.SEND
    stage: Stage = Stage.WRITING
    step: Step = Step.TEXT
    author: str
    html: str = ""
    plain: str = ""
    links: tuple[str, ...] = ()
    answered: frozenset[Step] = frozenset()
    said_in: dict[Step, int] = {}
    source: str = ""
    source_date: str = ""
    """A day, month or span as `rules.Span` writes it, such as 2026-11-20."""
    segment: Segment = Segment()
    urgent: bool = False
    said_same: bool = False
    letter: Letter | None = None
    seal: str = ""
    target: str = ""
    asked_at: int | None = None
    approved_by: str = ""
    approved_at: int | None = None
    ended_at: int | None = None
    recipients: int = 0
    canary: int = 0
    why: Why | None = None
    paused_by: str = ""
    wave: int = 0
    screens: dict[str, int] = {}
    reported: bool = False
    """Whether the final report went out."""
    passed: bool = False
    """The first ones arrived, or a person let all others follow."""
    give_up_at: int | None = None
    """When those are given up who could not be reached; set once everybody else was tried."""
    failed: dict[str, int] = {}
    """How many calls ended otherwise than well, by name, where the ledger does not tell it."""

    def but(self, **changes: Any) -> Broadcast:
        """Return it with some fields changed, checked anew."""
        return Broadcast.model_validate({**self.model_dump(), **changes})

    def seal_of(self, letter: Letter) -> str:
        """Return the hash that approves a letter of this broadcast as it is now (`sealed_by`)."""
        return sealed_by(letter, self.segment, self.kind, self.target, self.urgent)

    @property
    def called(self) -> str:
        """What organisers call it."""
        return name_of(self.number)


def name_of(number: int) -> str:
    """Return what organisers call the broadcast of a number."""
    return f"A-{number:02d}"


def sealed_by(letter: Letter, segment: Segment, kind: Kind, target: str, urgent: bool) -> str:
    """Return the hash (SHA-256, hex) of what a second organiser approves: every byte, and for whom.

    Urgency is in it, for it decides whether phones ring at night.
    """
    whole = {
        "html": letter.html,
        "button": letter.button,
        "topics": sorted(segment.topics),
        "regions": sorted(segment.regions),
        "kind": kind.value,
        "target": target,
        "urgent": urgent,
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
