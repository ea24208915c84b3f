"""The law as a decision diagram: every question about "all completions" is a walk on it.

A case leaves many facts open. Its completions are far too many to try one by one, yet the rules
tell only a few of them apart. So the law is unfolded fact by fact over abstract cells, and
cases with the same future share one node (a reduced, ordered, multi-valued decision diagram:
R. E. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", 1986). The diagram
says which outcomes a case can still come to, and which facts its outcome depends on. It
explains nothing: reasons come from the evaluation of the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from rules.cells import Cell, Domain, domain
from rules.conditions import All, AnyOf, Condition, NoneOf, OneOf
from rules.formulas import Formulas
from rules.language import every_excluded
from rules.law import ASSEMBLY_MEMBER, CHARGES, EVENT, Event, Law, days_of
from rules.outcomes import Found, of_complete
from rules.sheet import Sheet
from rules.truth import Truth


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A fact still open, and where each of its cells leads."""

    level: int
    children: tuple[Node | Found, ...]


Point = Node | Found


@dataclass(frozen=True, slots=True, eq=False)
class Diagram:
    """The diagram of a law for one list of charges, or for any (when none is known).

    ``order`` are the facts by level; ``cells[level]`` those that a node's children stand for.
    """

    order: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    root: Point


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """What does not depend on a case: the formulas of a law and the cells of its facts."""

    formulas: Formulas
    roots: tuple[int, ...]
    domains: Mapping[str, Domain]
    order: tuple[str, ...]


@cache
def compiled(law: Law) -> Compiled:
    """Return the formulas of a law; computed once for each law."""
    conditions = _conditions(law)
    formulas = Formulas(law)
    formulas.know(conditions)
    roots = tuple(formulas.read(condition) for condition in conditions)
    domains = {
        name: domain(law, law.facts[name], atoms) for name, atoms in formulas.of_fact.items()
    }
    used: frozenset[str] = frozenset().union(*(formulas.facts[root] for root in roots))
    order = tuple(name for name in law.facts if name in used)
    return Compiled(formulas, roots, domains, order)


def diagram_for(law: Law, sheet: Sheet) -> Diagram:
    """Return the diagram that fits a sheet: for its charges if they are known, else for any."""
    given = sheet.get(CHARGES)
    if not isinstance(given, tuple):
        return diagram(law, None)
    (cell,) = compiled(law).domains[CHARGES].cells_of(law, given)
    return diagram(law, cell.truths)


@lru_cache(maxsize=256)
def diagram(law: Law, charges: tuple[bool, ...] | None) -> Diagram:
    """Unfold a law. ``charges``: what a known list of charges answers, None when not known."""
    whole = compiled(law)
    formulas, roots, order = whole.formulas, whole.roots, whole.order
    if charges is not None:
        roots = tuple(formulas.put(root, CHARGES, charges) for root in roots)
        order = tuple(name for name in order if name != CHARGES)
    cells = tuple(_all_cells(whole.domains[name]) for name in order)
    known: dict[tuple[int, tuple[int, ...]], Point] = {}
    nodes: dict[tuple[int, tuple[int, ...]], Node] = {}
    found: dict[Found, Found] = {}

    def unfold(level: int, state: tuple[int, ...]) -> Point:
        while level < len(order) and not any(order[level] in formulas.facts[f] for f in state):
            level += 1
        key = (level, state)
        if key not in known:
            known[key] = end(state) if level == len(order) else step(level, state)
        return known[key]

    def end(state: tuple[int, ...]) -> Found:
        scope, bar, doubt, denied, contradicted = (Truth(formula) for formula in state)
        leaf = of_complete(
            scope=scope, bar=bar, doubt=doubt, denied=denied, contradicted=contradicted
        )
        return found.setdefault(leaf, leaf)

    def step(level: int, state: tuple[int, ...]) -> Point:
        fact = order[level]
        children = tuple(
            unfold(level + 1, tuple(formulas.put(f, fact, cell.truths) for f in state))
            for cell in cells[level]
        )
        if all(child is children[0] for child in children):
            return children[0]
        key = (level, tuple(id(child) for child in children))
        return nodes.setdefault(key, Node(level, children))

    return Diagram(order, cells, unfold(0, roots))


def _all_cells(of: Domain) -> tuple[Cell, ...]:
    cells = of.given if of.given is of.latent else (*of.given, *of.latent)
    if not of.fact.may_not_apply:
        return cells
    return (*cells, Cell((False,) * (2 * len(of.atoms)), (), True))


def _conditions(law: Law) -> tuple[Condition, ...]:
    """Return the five conditions that decide: scope, bar, doubt, denied, contradicted."""
    by_effect = {
        effect: tuple(rule.condition for rule in law.rules.values() if rule.effect == effect)
        for effect in ("covers", "limits", "doubt")
    }
    scope = All((AnyOf(by_effect["covers"]), NoneOf(by_effect["limits"])))
    bar = every_excluded(frozenset(law.classes), law.excluding)
    doubt = AnyOf(by_effect["doubt"])
    denied = AnyOf(
        tuple(
            All((_answered(denial.event), OneOf(CHARGES, frozenset(denial.charges))))
            for denial in law.denials
        )
    )
    contradicted = AnyOf(tuple(_contradicted(law, event) for event in law.events.values()))
    return scope, bar, doubt, denied, contradicted


def _answered(event: str) -> Condition:
    return OneOf(EVENT, frozenset({event}))


def _contradicted(law: Law, event: Event) -> Condition:
    """Return the condition that the day is not of the event answered but of another one."""
    others = tuple(days_of_another(other) for other in law.events.values() if other != event)
    return All((_answered(event.id), NoneOf((days_of(event.days),)), AnyOf(others)))


def days_of_another(event: Event) -> Condition:
    """Return the condition that a day speaks for an event that was not answered.

    The Assembly's days do so only for a member: its window is one of acts, not of days.
    """
    if not event.acts_of_members:
        return days_of(event.days)
    return All((days_of(event.days), OneOf(ASSEMBLY_MEMBER, frozenset({True}))))
