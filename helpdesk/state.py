"""The state of one conversation, as it is stored; everything a family sees follows from it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from helpdesk.errors import OutdatedState

Answers = dict[str, Any]
"""Facts as the rules read them: plain JSON values, non-answers included."""

DOES_NOT_KNOW = {"unknown": "does_not_know"}
PREFERS_NOT_TO_SAY = {"unknown": "prefers_not_to_say"}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Draft(_Frozen):
    """What was typed or marked on the open question and is not an answer yet."""

    span: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    picks: tuple[str, ...] = ()
    asks: tuple[tuple[str, ...], ...] = ()
    confirming: bool = False
    marks: tuple[str, ...] = ()
    page: int = 0
    source: str | None = None
    """Keyed mark of the message that was typed, so that an edit of it can be read again."""


class State(_Frozen):
    """One conversation.

    ``asked`` holds the questions answered, in order; ``reopened`` the one being answered again.
    ``passed`` are the cards left behind. ``view`` is a page over the question or the result, ""
    for none, and ``notice`` the key of a line above it. ``fresh`` marks a result not yet seen.
    """

    format: Literal[1] = 1
    law_version: str
    law_hash: str
    answers: Answers = {}
    asked: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    """Charges that the group screen added, so that answering it again can take them away."""
    alone: bool = False
    """The other charges are not known: those of the group screen stand alone."""
    reopened: str | None = None
    repeated: tuple[str, ...] = ()
    """Questions asked once more because two answers contradicted each other."""
    listing: bool = False
    """She chose to say the event first, from the list, and the date afterwards."""
    refining: bool = False
    """She asked for finer steps after the result: phase and age are asked."""
    passed: tuple[str, ...] = ()
    draft: Draft = Draft()
    view: str = ""
    page: int = 0
    notice: str = ""
    fresh: bool = False
    intents: tuple[str, ...] = ()
    """What has been counted of this conversation beside its result."""
    counted: bool = False
    gone: tuple[str, ...] = ()
    """Keyed marks of messages that must leave the chat and may still be there."""
    screen: str | None = None
    """Keyed mark of the message that is edited in place: ids are kept apart, and not so long."""
    language: Literal["es", "en"] = "es"
    aside: bool = False
    """She went on with her questions although she has asked for a person."""
    contact: str = ""
    """What she typed as a contact for a lawyer and has not confirmed yet: anything else she does
    takes it away."""

    @classmethod
    def read(cls, stored: dict[str, Any]) -> State:
        """Read a stored state; raises OutdatedState when its form is not this one."""
        try:
            return cls.model_validate(stored)
        except ValidationError:
            # Not chained: a validation error repeats the answers that it could not read.
            raise OutdatedState("the stored state has another form") from None

    def write(self) -> dict[str, Any]:
        """Return the state as plain JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"format": self.format}

    def but(self, **changes: Any) -> State:
        """Return a copy with some fields changed."""
        return self.model_copy(update=changes)

    def begun(self) -> State:
        """Return a copy for the next thing she does: what was said about the last one is gone."""
        return self.but(notice="", fresh=False, contact="")

    def without_answers(self, *facts: str) -> State:
        """Return a copy in which these facts have not been answered."""
        return self.but(answers={k: v for k, v in self.answers.items() if k not in facts})
