"""Abstract cells: the values of a fact that the rules of a law cannot tell apart.

The day of the facts has some seventy thousand values, and some thirty cells. Reasoning about
"every completion" of a case walks cells, never values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from rules.comparisons import charge_matches, compare
from rules.conditions import Atom, OneOf, Within
from rules.law import CHARGES, Fact, Law
from rules.sheet import Answer, NonAnswer
from rules.spans import FIRST_DAY, LAST_DAY, Span
from rules.truth import Truth


@dataclass(frozen=True, slots=True)
class Cell:
    """Values that answer every comparison alike.

    ``truths`` has two places for each comparison of the fact: what it answers when the fact was
    given, and when it was not asked (then it counts only where `asked_when` holds).
    ``values`` are the members: ids, true/false, spans, or lists of charges.
    """

    truths: tuple[bool, ...]
    values: tuple[Answer, ...]
    given: bool


@dataclass(frozen=True, slots=True)
class Domain:
    """The cells of one fact. ``given`` are those of an answer, ``latent`` those of a silence."""

    fact: Fact
    atoms: tuple[Atom, ...]
    given: tuple[Cell, ...]
    latent: tuple[Cell, ...]

    def cells_of(self, law: Law, answer: Answer) -> tuple[Cell, ...]:
        """Return the cells that an answer leaves possible; a silence leaves the latent ones."""
        if answer is NonAnswer.NOT_ASKED:
            return self.latent
        if answer is NonAnswer.DOES_NOT_APPLY:
            return (Cell((False,) * (2 * len(self.atoms)), (), True),)
        if isinstance(answer, NonAnswer):
            return self.given
        if isinstance(answer, Span):
            return tuple(_clip(self.given, answer))
        return (_cell(law, self.atoms, (answer,), given=True),)


def domain(law: Law, fact: Fact, atoms: Iterable[Atom]) -> Domain:
    """Return the cells into which the comparisons cut the values of a fact."""
    cut = tuple(dict.fromkeys(atoms))
    groups: dict[tuple[bool, ...], list[Answer]] = {}
    for value in _values(law, fact, cut):
        truths = tuple(compare(law, atom, value) is Truth.YES for atom in cut)
        groups.setdefault(truths, []).append(value)
    given = tuple(_cell(law, cut, tuple(values), given=True) for values in groups.values())
    if fact.asked_when is None:
        return Domain(fact, cut, given, given)
    latent = tuple(_cell(law, cut, tuple(values), given=False) for values in groups.values())
    return Domain(fact, cut, given, latent)


def _cell(law: Law, atoms: tuple[Atom, ...], values: tuple[Answer, ...], *, given: bool) -> Cell:
    truths = [compare(law, atom, values[0]) is Truth.YES for atom in atoms]
    both = [(truth and given, truth and not given) for truth in truths]
    return Cell(tuple(place for pair in both for place in pair), values, given)


def _clip(cells: Iterable[Cell], known: Span) -> Iterable[Cell]:
    for cell in cells:
        spans = (span.intersection(known) for span in cell.values if isinstance(span, Span))
        inside = tuple(span for span in spans if span is not None)
        if inside:
            yield Cell(cell.truths, inside, cell.given)


def _values(law: Law, fact: Fact, atoms: tuple[Atom, ...]) -> Iterable[Answer]:
    if fact.kind == "flag":
        return (True, False)
    if fact.kind == "span":
        return _between_limits(atoms)
    if fact.kind == "charges":
        return _kinds_of_charge(law, atoms)
    return fact.values


def _between_limits(atoms: tuple[Atom, ...]) -> Iterable[Span]:
    """Yield the longest spans that no limit of a comparison cuts."""
    limits = {FIRST_DAY}
    for atom in atoms:
        assert isinstance(atom, Within)  # the loader compares days with spans only
        limits.add(atom.span.first)
        if atom.span.last < LAST_DAY:
            limits.add(atom.span.last + timedelta(days=1))
    starts = sorted(limits)
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        yield Span(start, LAST_DAY if following is None else following - timedelta(days=1))


def _kinds_of_charge(law: Law, atoms: tuple[Atom, ...]) -> Iterable[tuple[str, ...]]:
    """Yield no charge, each kind of charge that the rules tell apart, and all kinds together.

    The last stands for lists of several charges, of which some may be excluded and others not.
    """
    yield ()
    kinds: dict[tuple[object, ...], str] = {}
    for charge in law.charges.values():
        named = tuple(
            isinstance(atom, OneOf)
            and atom.fact == CHARGES
            and charge_matches(law, atom, charge.id)
            for atom in atoms
        )
        kinds.setdefault((charge.charge_class, charge.lasting, named), charge.id)
    for charge_id in kinds.values():
        yield (charge_id,)
    yield tuple(kinds.values())
