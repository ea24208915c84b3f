"""A case: one family's wish to be answered by a person, as it is stored; nothing is decided here.

No name, no id of a person and no text of the family is in it, except the contact that she chose
to leave. Times are whole seconds since 1970 (UTC).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from helpdesk.errors import OutdatedState


class Status(StrEnum):
    """Where a case is."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


class Category(StrEnum):
    """What she wants to talk about, as she marked it."""

    RESULT = "result"
    PAPERS = "papers"
    COURT = "court"
    MEASURES = "measures"
    WHEREABOUTS = "whereabouts"
    MONEY = "money"
    DISTRESS = "distress"
    OTHER = "other"


class Urgency(StrEnum):
    """How soon it is needed, as she marked it; ``NOW`` is danger or illness."""

    NOW = "now"
    DAYS = "days"
    CAN_WAIT = "can_wait"


class Reason(StrEnum):
    """Why a case was closed."""

    RESOLVED = "resolved"
    REFERRED = "referred"
    NO_ANSWER = "no_answer"
    NOT_FOR_US = "not_for_us"
    DUPLICATE = "duplicate"
    ABUSIVE = "abusive"
    BY_FAMILY = "by_family"
    UNREACHABLE = "unreachable"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Frozen):
    """A message key and its parameters, as `helpdesk.messages.Part` but fit to be stored."""

    key: str
    params: dict[str, str | int] = {}


class Shared(_Frozen):
    """What she agreed to show of her answers: coarse facts and the determination they led to.

    ``facts`` are lines such as month (never day), event, charges, situation. ``reasons`` are the
    explanation article by article. The outcome was worked out from the full answers, so that a
    coarse date does not change it; it is empty, and the light with it, where a rule that bears on
    it was withdrawn.
    """

    outcome: str
    light: str
    law_version: str
    reviewed: bool
    facts: tuple[Line, ...] = ()
    reasons: tuple[Line, ...] = ()
    missing: tuple[Line, ...] = ()


class Pair(_Frozen):
    """One message on both sides. ``out`` says that it went from the desk to the family.

    ``family`` and ``desk`` are ids of messages in her chat and in the group.
    """

    family: int
    desk: int
    out: bool
    at: int
    retired: bool = False


class Unheard(_Frozen):
    """A message that she wrote before anybody had her case; no word of it is kept.

    ``passed_as`` is "copy", "bare" (copied without its caption), or the kind of what is not copied:
    then the volunteer only sees that there was one.
    """

    message_id: int
    passed_as: str = "copy"


class Case(_Frozen):
    """One case.

    ``code`` is what people say to each other about it. ``owner`` is a pseudonym such as V-07.
    ``waiting_since`` is when the family began to wait for the desk (None: she has the word);
    the lease runs from ``lease_from``. ``topic`` is the id of its topic in the group, once it has
    one. ``barred`` are those whom she reported: they never get it again. ``unheard`` are messages
    that she wrote before anybody had claimed it, to be copied at the claim; ``unheard_more`` is how
    many more there were. ``held_by`` are all who ever had it, in order. ``muted_count`` is what she
    wrote while muted. ``repeated`` says that something of hers may stand in the topic twice, the
    first time under a number that nobody knows.
    """

    format: Literal[1] = 1
    code: str
    category: Category
    urgency: Urgency
    language: Literal["es", "en"] = "es"
    opened_at: int
    status: Status = Status.WAITING
    shared: Shared | None = None
    owner: str | None = None
    barred: tuple[str, ...] = ()
    waiting_since: int | None = None
    lease_from: int | None = None
    claimed_at: int | None = None
    first_answer_at: int | None = None
    topic: int | None = None
    topic_wanted: bool = False
    unheard: tuple[Unheard, ...] = ()
    unheard_more: int = 0
    held_by: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    muted_until: int | None = None
    muted_count: int = 0
    repeated: bool = False
    contact: str | None = None
    closed_at: int | None = None
    reason: Reason | None = None
    reopened_from: str | None = None

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Case:
        """Read a stored case; raises OutdatedState when its form is not this one."""
        try:
            return cls.model_validate(stored)
        except ValidationError:
            # Not chained: a validation error repeats what it could not read.
            raise OutdatedState("the stored case has another form") from None

    def write(self) -> dict[str, Any]:
        """Return the case as plain JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"format": self.format}

    def but(self, **changes: Any) -> Case:
        """Return a copy with some fields changed."""
        return self.model_copy(update=changes)

    @property
    def open(self) -> bool:
        """Whether somebody may still answer it."""
        return self.status is not Status.CLOSED
