"""The law once loaded: immutable, checked, and independent of the files it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from rules.conditions import AnyOf, Atom, Condition, Within, atoms
from rules.schema import ArticleFile, Confidence, DenialFile, Effect, NoteFile, QuestionFile
from rules.spans import Span

FACT_DATE = "fact_date"
EVENT = "event"
CHARGES = "charges"
CHARGE_CLASS = "charge_class"
CHARGE_LASTING = "charge_lasting"
ASSEMBLY_MEMBER = "assembly_member"
NO_EVENT = "none"
ACCESSORY = "accessory"


@dataclass(frozen=True, slots=True)
class Fact:
    """One word of the vocabulary. ``values`` are ids; a flag has none, nor has a span."""

    id: str
    kind: Literal["choice", "flag", "span", "charges"]
    use: Literal["outcome", "next_steps"]
    meaning: str
    values: tuple[str, ...] = ()
    may_not_apply: bool = False
    asked_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge. ``charge_class`` alone decides what it does to the outcome."""

    id: str
    charge_class: str
    lasting: bool
    name: str
    legal_source: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One listed event. On a certain day it covers; on a disputed one a judge has to say."""

    id: str
    numeral: str
    numeral_confirmed: bool
    certain: tuple[Span, ...]
    disputed: tuple[Span, ...]
    acts_of_members: bool

    @property
    def days(self) -> tuple[Span, ...]:
        """Every window of the event, the certain ones first."""
        return (*self.certain, *self.disputed)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the law, with the condition that it states and where that comes from.

    ``takes_out``: the charge classes an excluding rule excludes; ``extra`` is what it asks
    beyond the charge itself.
    """

    id: str
    article: str
    numeral: str | None
    effect: Effect
    condition: Condition
    confidence: Confidence
    sources: tuple[str, ...]
    as_of: date
    takes_out: tuple[str, ...] = ()
    extra: Condition | None = None
    event: str | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the rule looks at, in order of appearance; charges under one name."""
        return tuple(dict.fromkeys(fact_of(atom) for atom in atoms(self.condition)))


@dataclass(frozen=True)
class Law:
    """One law at one date, with everything needed to apply it.

    ``status`` is ``draft`` until a lawyer has signed ``law_hash`` (SHA-256 of its files).
    ``signed_wording`` are the hashes of families' wording that were signed with it: whoever
    says it in words holds its own against them.
    """

    id: str
    name: str
    gazette: str
    version: str
    in_force: date
    period: Span
    evidence_until: str
    status: Literal["draft", "reviewed"]
    law_hash: str
    signed_wording: frozenset[str]
    sources: Mapping[str, str]
    articles: tuple[ArticleFile, ...]
    facts: Mapping[str, Fact]
    questions: tuple[QuestionFile, ...]
    charges: Mapping[str, Charge]
    classes: Mapping[str, str]
    events: Mapping[str, Event]
    rules: Mapping[str, Rule]
    denials: tuple[DenialFile, ...]
    notes: tuple[NoteFile, ...]

    def __hash__(self) -> int:
        return hash((self.id, self.version, self.law_hash))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Law) and (self.id, self.version, self.law_hash) == (
            other.id,
            other.version,
            other.law_hash,
        )

    def events_on(self, span: Span) -> tuple[str, ...]:
        """Return the events with a day in the span: certain ones first, the Assembly's last.

        The Assembly's window is one of acts, so that its days say little by themselves.
        """

        def rank(event: Event) -> tuple[bool, bool]:
            return event.acts_of_members, not any(span.overlaps(day) for day in event.certain)

        matching = [e for e in self.events.values() if any(span.overlaps(d) for d in e.days)]
        return tuple(event.id for event in sorted(matching, key=rank))

    @cached_property
    def excluding(self) -> Mapping[str, Condition | None]:
        """For each charge class that may be excluded, what that asks beyond the charge."""
        return {name: rule.extra for rule in self.rules.values() for name in rule.takes_out}


def fact_of(atom: Atom) -> str:
    """Return the fact that a comparison looks at; what is read off charges is charges."""
    return CHARGES if atom.fact in (CHARGE_CLASS, CHARGE_LASTING) else atom.fact


def days_of(windows: tuple[Span, ...]) -> Condition:
    """Return the condition that the day of the facts lies in one of the windows."""
    return AnyOf(tuple(Within(FACT_DATE, window) for window in windows))
