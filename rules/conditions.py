"""The rule language: conditions over facts, and their evaluation to a tree of truths.

Nothing here knows about outcomes, files or Telegram. A condition is `all`, `any`, `none`, `is`,
`in`, `between`, `before`, `after`, `except` or `judgement`; the evaluation of one is a tree of
the same shape with a truth at every node, and that tree *is* the explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.spans import Span
from rules.truth import Truth, conjunction, disjunction, negation, of

Plain = str | bool
"""A value of a fact as a condition names it: an id, or true/false."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """`is` and `in`: the fact has one of these values (for charges: some charge has)."""

    fact: str
    values: frozenset[Plain]


@dataclass(frozen=True, slots=True)
class Within:
    """`between`, `before` and `after`: the day lies in the span, its ends included."""

    fact: str
    span: Span


@dataclass(frozen=True, slots=True)
class All:
    """`all`: every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`any`: at least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """`none`: no part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Except:
    """`except`: the condition holds unless the labelled exception does."""

    condition: Condition
    label: str
    exception: Condition


@dataclass(frozen=True, slots=True)
class Judgement:
    """`judgement`: an open norm. Always UNKNOWN here; ``decided_by`` says who can decide it."""

    about: str
    decided_by: str


Condition = OneOf | Within | All | AnyOf | NoneOf | Except | Judgement
Atom = OneOf | Within
Asked = Callable[[Atom], Truth]
"""Answers a comparison from what is known of one case."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A condition, its truth, and the evaluations of its parts, none of them left out."""

    condition: Condition
    truth: Truth
    parts: tuple[Evaluation, ...] = ()


def evaluate(condition: Condition, asked: Asked) -> Evaluation:
    """Return the whole tree of truths of a condition; no part is skipped."""
    match condition:
        case OneOf() | Within():
            return Evaluation(condition, asked(condition))
        case Judgement():
            return Evaluation(condition, Truth.UNKNOWN)
        case All(parts):
            trees = tuple(evaluate(part, asked) for part in parts)
            return Evaluation(condition, conjunction(tree.truth for tree in trees), trees)
        case AnyOf(parts):
            trees = tuple(evaluate(part, asked) for part in parts)
            return Evaluation(condition, disjunction(tree.truth for tree in trees), trees)
        case NoneOf(parts):
            trees = tuple(evaluate(part, asked) for part in parts)
            return Evaluation(condition, negation(disjunction(t.truth for t in trees)), trees)
    # What is left is an exception.
    trees = (evaluate(condition.condition, asked), evaluate(condition.exception, asked))
    return Evaluation(condition, conjunction((trees[0].truth, negation(trees[1].truth))), trees)


def atoms(condition: Condition) -> Iterator[Atom]:
    """Yield every comparison in a condition, in order."""
    return (leaf for leaf in _leaves(condition) if not isinstance(leaf, Judgement))


def judgements(condition: Condition) -> Iterator[Judgement]:
    """Yield every open norm in a condition, in order."""
    return (leaf for leaf in _leaves(condition) if isinstance(leaf, Judgement))


def _leaves(condition: Condition) -> Iterator[Atom | Judgement]:
    match condition:
        case OneOf() | Within() | Judgement():
            yield condition
        case All(parts) | AnyOf(parts) | NoneOf(parts):
            for part in parts:
                yield from _leaves(part)
        case _:  # an exception
            yield from _leaves(condition.condition)
            yield from _leaves(condition.exception)


def compare_value(atom: OneOf, value: Plain) -> Truth:
    """Tell whether a known value is one of those the comparison names."""
    return of(value in atom.values)


def compare_span(atom: Within, known: Span) -> Truth:
    """Tell whether the day, known only to lie in ``known``, lies in the comparison's span."""
    if atom.span.contains(known):
        return Truth.YES
    return Truth.UNKNOWN if atom.span.overlaps(known) else Truth.NO


def before(day: date, first: date) -> Span:
    """Return the span of the days from ``first`` to the eve of ``day``."""
    return Span(first, date.fromordinal(day.toordinal() - 1))


def after(day: date, last: date) -> Span:
    """Return the span of the days from the morrow of ``day`` to ``last``."""
    return Span(date.fromordinal(day.toordinal() + 1), last)
