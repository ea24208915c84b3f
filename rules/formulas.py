"""Conditions as interned formulas that answers can be put into, one fact at a time.

Putting an answer in leaves a smaller formula, and equal formulas are one number: that is what
lets `rules.diagram` tell that two cases have the same future.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rules.conditions import (
    All,
    AnyOf,
    Atom,
    Condition,
    Judgement,
    NoneOf,
    OneOf,
    Within,
    atoms,
)
from rules.law import Law, fact_of
from rules.truth import Truth

NO, UNKNOWN, YES = (truth.value for truth in Truth)
Shape = tuple[str, tuple[int, ...]]


@dataclass(slots=True)
class Formulas:
    """A table of formulas; 0, 1 and 2 are the three truths, every other number a formula."""

    law: Law
    places: dict[tuple[str, Atom], int] = field(default_factory=dict)
    of_fact: dict[str, list[Atom]] = field(default_factory=dict)
    shapes: list[Shape] = field(default_factory=lambda: [("no", ()), ("unknown", ()), ("yes", ())])
    facts: list[frozenset[str]] = field(default_factory=lambda: [frozenset()] * 3)
    _numbers: dict[Shape, int] = field(default_factory=dict)
    _leaf_fact: dict[int, tuple[str, int]] = field(default_factory=dict)
    _put: dict[tuple[int, str, tuple[bool, ...]], int] = field(default_factory=dict)

    def know(self, conditions: Iterable[Condition]) -> None:
        """Give every comparison of the conditions, and of their facts' `asked_when`, a place."""
        for condition in conditions:
            for atom in atoms(condition):
                name = fact_of(atom)
                known = self.of_fact.setdefault(name, [])
                if atom not in known:
                    self.places[name, atom] = len(known)
                    known.append(atom)
                    asked_when = self.law.facts[name].asked_when
                    if asked_when is not None:
                        self.know([asked_when])

    def read(self, condition: Condition) -> int:
        """Return the formula of a condition, all of whose comparisons are known."""
        match condition:
            case OneOf() | Within():
                return self._atom(condition)
            case Judgement():
                return UNKNOWN
            case All(parts):
                return self.conjunction(self.read(part) for part in parts)
            case AnyOf(parts):
                return self.disjunction(self.read(part) for part in parts)
            case NoneOf(parts):
                return self.negation(self.disjunction(self.read(part) for part in parts))
        # What is left is an exception.
        unless = self.negation(self.read(condition.exception))
        return self.conjunction((self.read(condition.condition), unless))

    def conjunction(self, parts: Iterable[int]) -> int:
        """Return the *and* of formulas, with what is already decided taken out."""
        kept = {part for part in parts if part != YES}
        if NO in kept:
            return NO
        return self._join("and", kept, YES)

    def disjunction(self, parts: Iterable[int]) -> int:
        """Return the *or* of formulas, with what is already decided taken out."""
        kept = {part for part in parts if part != NO}
        if YES in kept:
            return YES
        return self._join("or", kept, NO)

    def negation(self, part: int) -> int:
        """Return the *not* of a formula."""
        if part <= YES:
            return YES - part
        shape, parts = self.shapes[part]
        return parts[0] if shape == "not" else self._number(("not", (part,)), self.facts[part])

    def put(self, formula: int, fact: str, truths: tuple[bool, ...]) -> int:
        """Return what is left of a formula once a fact lies in the cell with these truths."""
        if fact not in self.facts[formula]:
            return formula
        key = (formula, fact, truths)
        known = self._put.get(key)
        if known is None:
            known = self._put[key] = self._put_in(formula, fact, truths)
        return known

    def _put_in(self, formula: int, fact: str, truths: tuple[bool, ...]) -> int:
        shape, parts = self.shapes[formula]
        if shape == "atom":
            return YES if truths[self._leaf_fact[formula][1]] else NO
        rest = [self.put(part, fact, truths) for part in parts]
        if shape == "and":
            return self.conjunction(rest)
        return self.disjunction(rest) if shape == "or" else self.negation(rest[0])

    def _atom(self, atom: Atom) -> int:
        """Return a comparison: as given, or as a silence that counts where the fact is asked."""
        name = fact_of(atom)
        place = 2 * self.places[name, atom]
        given = self._leaf(name, place)
        asked_when = self.law.facts[name].asked_when
        if asked_when is None:
            return given
        silent = self.conjunction((self._leaf(name, place + 1), self.read(asked_when)))
        return self.disjunction((given, silent))

    def _leaf(self, fact: str, place: int) -> int:
        key: Shape = (f"atom {fact}", (place,))
        number = self._numbers.get(key)
        if number is None:
            number = self._number(key, frozenset({fact}))
            self.shapes[number] = ("atom", ())
            self._leaf_fact[number] = (fact, place)
        return number

    def _join(self, shape: str, parts: set[int], empty: int) -> int:
        if not parts:
            return empty
        if len(parts) == 1:
            return parts.pop()
        facts = frozenset().union(*(self.facts[part] for part in parts))
        return self._number((shape, tuple(sorted(parts))), facts)

    def _number(self, shape: Shape, facts: frozenset[str]) -> int:
        number = self._numbers.get(shape)
        if number is None:
            number = self._numbers[shape] = len(self.shapes)
            self.shapes.append(shape)
            self.facts.append(facts)
        return number
