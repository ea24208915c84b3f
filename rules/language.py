"""Reading a condition of the rule language from a law file, collecting every fault in it.

Beside the ten words of the language, two shorthands stand for what would otherwise be copied
from the list of events or of exclusions: `certain_day_of` and `charges_excluded`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rules.conditions import (
    All,
    AnyOf,
    Condition,
    Except,
    Judgement,
    NoneOf,
    OneOf,
    Plain,
    Within,
    after,
    before,
)
from rules.errors import Fault
from rules.law import (
    ACCESSORY,
    ASSEMBLY_MEMBER,
    CHARGE_CLASS,
    CHARGE_LASTING,
    CHARGES,
    EVENT,
    Event,
    Fact,
    days_of,
)
from rules.reader import Document, Place
from rules.spans import FIRST_DAY, LAST_DAY, Span

ANY_EVENT_OF_DAYS = "any"
_NOTHING = All(())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a condition may use: facts, charge classes, charges and events."""

    facts: Mapping[str, Fact]
    classes: frozenset[str]
    charges: frozenset[str]
    events: Mapping[str, Event] = field(default_factory=dict)
    excluding: Mapping[str, Condition | None] = field(default_factory=dict)

    def values(self, fact: str) -> frozenset[Plain] | None:
        """Return the values that a comparison may name for a fact; None for an unknown fact."""
        if fact == CHARGE_CLASS:
            return frozenset(self.classes)
        if fact == CHARGE_LASTING:
            return frozenset({True, False})
        if fact == CHARGES:
            return frozenset(self.charges)
        known = self.facts.get(fact)
        if known is None:
            return None
        return frozenset({True, False}) if known.kind == "flag" else frozenset(known.values)


@dataclass(slots=True)
class ConditionReader:
    """Reads the conditions of one document; ``faults`` grows as it goes."""

    document: Document
    words: Vocabulary
    faults: list[Fault] = field(default_factory=list)

    def read(self, value: object, place: Place) -> Condition:
        """Return the condition at a place; after a fault, one that stands for nothing."""
        if not isinstance(value, dict) or len(value) != 1:
            return self._fault(
                place, "a condition has exactly one word", f"use one of: {', '.join(_WORDS)}"
            )
        ((word, body),) = value.items()
        reader = _WORDS.get(word)
        if reader is None:
            return self._fault(
                (*place, word),
                f"{word!r} is not a word of the rule language",
                f"use one of: {', '.join(_WORDS)}",
            )
        return reader(self, body, (*place, word))

    def _fault(self, place: Place, message: str, hint: str) -> Condition:
        self.faults.append(self.document.fault(place, message, hint))
        return _NOTHING

    def _parts(self, body: object, place: Place) -> tuple[Condition, ...]:
        if not isinstance(body, list) or not body:
            self._fault(place, "a list of conditions is missing", "write at least one, with dashes")
            return ()
        return tuple(self.read(item, (*place, i)) for i, item in enumerate(body))

    def all(self, body: object, place: Place) -> Condition:
        """Read `all: [condition, …]`."""
        return All(self._parts(body, place))

    def any(self, body: object, place: Place) -> Condition:
        """Read `any: [condition, …]`."""
        return AnyOf(self._parts(body, place))

    def none(self, body: object, place: Place) -> Condition:
        """Read `none: [condition, …]`."""
        return NoneOf(self._parts(body, place))

    def is_(self, body: object, place: Place) -> Condition:
        """Read `is: {fact: value}`."""
        pair = self._pair(body, place)
        return self._one_of(pair[0], [pair[1]], place) if pair else _NOTHING

    def in_(self, body: object, place: Place) -> Condition:
        """Read `in: {fact: [value, …]}`."""
        pair = self._pair(body, place)
        if pair is None:
            return _NOTHING
        fact, values = pair
        if not isinstance(values, list) or not values:
            return self._fault(place, "a list of values is missing", "write in: {fact: [a, b]}")
        return self._one_of(fact, values, place)

    def between(self, body: object, place: Place) -> Condition:
        """Read `between: {fact: FIRST/LAST}`, both days included."""
        return self._span(body, place, lambda span: span)

    def before(self, body: object, place: Place) -> Condition:
        """Read `before: {fact: DAY}`: the eve or earlier."""
        return self._span(body, place, lambda span: before(span.first, FIRST_DAY))

    def after(self, body: object, place: Place) -> Condition:
        """Read `after: {fact: DAY}`: the morrow or later."""
        return self._span(body, place, lambda span: after(span.last, LAST_DAY))

    def except_(self, body: object, place: Place) -> Condition:
        """Read `except: {label, unless, of}`: `of` holds, but not where `unless` does."""
        if not isinstance(body, dict) or set(body) != {"label", "unless", "of"}:
            return self._fault(
                place,
                "an exception has a label, an `unless` and an `of`",
                "write except: {label: …, of: …, unless: …}",
            )
        return Except(
            self.read(body["of"], (*place, "of")),
            str(body["label"]),
            self.read(body["unless"], (*place, "unless")),
        )

    def judgement(self, body: object, place: Place) -> Condition:
        """Read `judgement: {about, decided_by}`: an open norm."""
        if not isinstance(body, dict) or set(body) != {"about", "decided_by"}:
            return self._fault(
                place,
                "an open norm says what it is about and who decides",
                "write judgement: {about: …, decided_by: judge}",
            )
        return Judgement(str(body["about"]), str(body["decided_by"]))

    def certain_day_of(self, body: object, place: Place) -> Condition:
        """Read `certain_day_of: any`: a certain day of some event that is not one of acts."""
        if body != ANY_EVENT_OF_DAYS:
            return self._fault(place, "only `any` is known here", "write certain_day_of: any")
        windows = [e.certain for e in self.words.events.values() if not e.acts_of_members]
        return days_of(tuple(window for group in windows for window in group))

    def charges_excluded(self, body: object, place: Place) -> Condition:
        """Read `charges_excluded: some` or `every`: what article 9 takes out of a list."""
        if body == "some":
            return some_excluded(self.words.excluding)
        if body == "every":
            return every_excluded(self.words.classes, self.words.excluding)
        return self._fault(place, "`some` or `every` is missing", "write charges_excluded: some")

    def _pair(self, body: object, place: Place) -> tuple[str, object] | None:
        if isinstance(body, dict) and len(body) == 1:
            ((fact, value),) = body.items()
            return str(fact), value
        self._fault(place, "one fact and its value are missing", "write {fact: value}")
        return None

    def _one_of(self, fact: str, values: list[object], place: Place) -> Condition:
        allowed = self.words.values(fact)
        if allowed is None:
            return self._fault(
                (*place, fact), f"the fact {fact!r} is unknown", "see facts in facts.yaml"
            )
        for value in values:
            if not isinstance(value, (str, bool)) or value not in allowed:
                self._fault(
                    (*place, fact),
                    f"{fact} has no value {value!r}",
                    "use an id of the vocabulary, spelt as it is there",
                )
        return OneOf(fact, frozenset(v for v in values if isinstance(v, (str, bool))))

    def _span(self, body: object, place: Place, change: Callable[[Span], Span]) -> Condition:
        pair = self._pair(body, place)
        if pair is None:
            return _NOTHING
        fact, text = pair
        known = self.words.facts.get(fact)
        if known is None or known.kind != "span":
            return self._fault(
                (*place, fact), f"{fact!r} is not a date", "compare days with a date fact"
            )
        try:
            return Within(fact, change(Span.parse(str(text))))
        except ValueError as error:
            return self._fault(
                (*place, fact), f"{text!r} is not a span of days: {error}", "YYYY-MM-DD/YYYY-MM-DD"
            )


_WORDS: dict[str, Callable[[ConditionReader, object, Place], Condition]] = {
    "all": ConditionReader.all,
    "any": ConditionReader.any,
    "none": ConditionReader.none,
    "is": ConditionReader.is_,
    "in": ConditionReader.in_,
    "between": ConditionReader.between,
    "before": ConditionReader.before,
    "after": ConditionReader.after,
    "except": ConditionReader.except_,
    "judgement": ConditionReader.judgement,
    "certain_day_of": ConditionReader.certain_day_of,
    "charges_excluded": ConditionReader.charges_excluded,
}


def of_class(*names: str) -> Condition:
    """Return the condition that some charge has one of these classes."""
    return OneOf(CHARGE_CLASS, frozenset(names))


def some_excluded(excluding: Mapping[str, Condition | None]) -> Condition:
    """Return the condition that some charge of the list is excluded."""
    return AnyOf(tuple(All((of_class(n), c)) if c else of_class(n) for n, c in excluding.items()))


def every_excluded(classes: frozenset[str], excluding: Mapping[str, Condition | None]) -> Condition:
    """Return the condition that every charge is excluded.

    An accessory charge follows its principal, so that it is not looked at; an empty list, or
    one of accessory charges alone, is never "every one".
    """
    principals = sorted(classes - {ACCESSORY})
    parts: list[Condition] = [of_class(*principals)]
    kept = [name for name in principals if name not in excluding]
    parts.append(NoneOf((of_class(*kept),)))
    for name, extra in excluding.items():
        if extra is not None:
            parts.append(AnyOf((NoneOf((of_class(name),)), extra)))
    return All(tuple(parts))


def event_condition(event: Event, judged_days: Judgement, judged_acts: Judgement) -> Condition:
    """Return what covers a person under one event: the answer, the day and, for acts, the seat.

    A disputed day is a judgement; so is, for acts of the Assembly, anyone but a member.
    """
    parts: list[Condition] = [OneOf(EVENT, frozenset({event.id}))]
    day = days_of(event.certain)
    if event.disputed:
        day = AnyOf((day, All((days_of(event.disputed), judged_days))))
    parts.append(day)
    if event.acts_of_members:
        parts.append(AnyOf((OneOf(ASSEMBLY_MEMBER, frozenset({True})), judged_acts)))
    return All(tuple(parts))


def _disjoint(spans: tuple[Span, ...]) -> bool:
    ordered = sorted(spans)
    return all(a.last < b.first for a, b in itertools.pairwise(ordered))


def windows_overlap(event: Event) -> bool:
    """Tell whether two windows of an event share a day (each day must have one meaning)."""
    return not _disjoint(event.days)
