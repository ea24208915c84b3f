"""The six outcomes, their lights, and how many possible outcomes become the one that is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from rules.truth import Truth

Light = Literal["green", "amber", "red"]


class Outcome(StrEnum):
    """What a determination may come to. There is no "yes": only a judge says that."""

    LIKELY_COVERED = "likely_covered"
    NEEDS_FACTS = "needs_facts"
    NEEDS_JUDGE = "needs_judge"
    READINGS_DIFFER = "readings_differ"
    NOT_COVERED = "not_covered"
    LIKELY_EXCLUDED = "likely_excluded"

    @property
    def light(self) -> Light:
        """The light: green only for `likely_covered`, red for the two that are outside."""
        if self is Outcome.LIKELY_COVERED:
            return "green"
        return "red" if self in _OUTSIDE else "amber"


_OUTSIDE = frozenset({Outcome.NOT_COVERED, Outcome.LIKELY_EXCLUDED})


@dataclass(frozen=True, slots=True)
class Found:
    """What one complete case comes to under the text and under the practice of courts."""

    literal: Outcome
    practice: Outcome

    @property
    def outcome(self) -> Outcome:
        """The outcome of both: `readings_differ` where they do not agree."""
        return self.literal if self.literal is self.practice else Outcome.READINGS_DIFFER


def of_complete(
    *, scope: Truth, bar: Truth, doubt: Truth, denied: Truth, contradicted: Truth
) -> Found:
    """Return what a complete case comes to; UNKNOWN can only mean an open judgement here.

    ``scope``: an event covers and no limit bites. ``bar``: every charge is excluded. ``doubt``:
    something is left to judgement. ``denied``: a court denied the same charge and event.
    ``contradicted``: the day belongs to another event than the one answered; the answer is then
    set aside, so that an exclusion decides (excluded or out) and nothing else does.
    """
    if scope is Truth.NO:
        if contradicted is not Truth.YES:
            return Found(Outcome.NOT_COVERED, Outcome.NOT_COVERED)
        if bar is not Truth.YES:
            return Found(Outcome.NEEDS_FACTS, Outcome.NEEDS_FACTS)
    if bar is Truth.YES:
        return Found(Outcome.LIKELY_EXCLUDED, Outcome.LIKELY_EXCLUDED)
    settled = scope is Truth.YES and doubt is Truth.NO
    literal = Outcome.LIKELY_COVERED if settled else Outcome.NEEDS_JUDGE
    return Found(literal, Outcome.LIKELY_EXCLUDED if denied is Truth.YES else literal)


def fold(possible: Iterable[Outcome]) -> Outcome:
    """Return what is said of a case whose completions have these outcomes, by precedence.

    All out: `not_covered`. All excluded, or some excluded and the rest out: `likely_excluded`.
    Otherwise different outcomes mean that a fact is missing.
    """
    outcomes = frozenset(possible)
    if len(outcomes) == 1:
        (only,) = outcomes
        return only
    return Outcome.LIKELY_EXCLUDED if outcomes <= _OUTSIDE else Outcome.NEEDS_FACTS
