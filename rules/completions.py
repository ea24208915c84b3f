"""Walks on the diagram: what a case can still come to, by answer, and what that depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.cells import Cell
from rules.diagram import Diagram, Node, Point, compiled, diagram, diagram_for
from rules.law import ASSEMBLY_MEMBER, CHARGES, EVENT, FACT_DATE, NO_EVENT, Law
from rules.outcomes import Found, Outcome
from rules.sheet import NonAnswer, Sheet
from rules.spans import Span


@dataclass(frozen=True, slots=True)
class Completions:
    """All completions of a sheet: the diagram of its law, and the cells each level may take.

    Cells that the diagram does not know (spans cut by a known date) are matched by their truths.
    """

    diagram: Diagram
    allowed: Mapping[int, Mapping[int, Cell]]

    def found(self) -> frozenset[Found]:
        """Return everything that some completion comes to."""
        return _found(self.diagram.root, self.allowed, {})

    def outcomes_by_cell(self, fact: str) -> dict[int, frozenset[Outcome]]:
        """Return, for each cell a fact may take, the outcomes of its completions."""
        level = self.diagram.order.index(fact)
        cells = self.allowed[level]
        below: dict[int, frozenset[Found]] = {}
        seen: set[int] = set()
        outcomes: dict[int, set[Outcome]] = {child: set() for child in cells}

        def visit(point: Point) -> None:
            if id(point) in seen:
                return
            seen.add(id(point))
            if isinstance(point, Node) and point.level < level:
                for child in self.allowed[point.level]:
                    visit(point.children[child])
                return
            branches = point.children if isinstance(point, Node) and point.level == level else None
            for child in cells:
                target = branches[child] if branches else point
                outcomes[child].update(f.outcome for f in _found(target, self.allowed, below))

        visit(self.diagram.root)
        return {child: frozenset(possible) for child, possible in outcomes.items()}

    def deciding(self) -> frozenset[str]:
        """Return the facts whose change alone changes the outcome of some completion."""
        seen: set[str] = set()
        _reduce(self, self.diagram.root, {}, {}, seen)
        return frozenset(seen)


def completions(law: Law, sheet: Sheet) -> Completions:
    """Return the completions of a sheet; a contradicted event counts as one not known."""
    chosen = diagram_for(law, sheet)
    if is_contradicted(law, sheet):
        sheet = sheet.with_answer(EVENT, NonAnswer.DOES_NOT_KNOW)
    return _restricted(law, chosen, sheet)


def answered(law: Law, sheet: Sheet, fact: str) -> Completions:
    """Return the completions of a sheet in which a fact is given, but not known."""
    given = sheet.get(fact)
    if not isinstance(given, Span):
        sheet = sheet.with_answer(fact, NonAnswer.DOES_NOT_KNOW)
    if fact == CHARGES:
        return _restricted(law, diagram(law, None), sheet)
    return completions(law, sheet)


def _restricted(law: Law, chosen: Diagram, sheet: Sheet) -> Completions:
    domains = compiled(law).domains
    allowed: dict[int, dict[int, Cell]] = {}
    for level, name in enumerate(chosen.order):
        by_truths = {
            (cell.truths, cell.given): child for child, cell in enumerate(chosen.cells[level])
        }
        allowed[level] = {
            by_truths[cell.truths, cell.given]: cell
            for cell in domains[name].cells_of(law, sheet.get(name))
        }
    return Completions(chosen, allowed)


def is_contradicted(law: Law, sheet: Sheet) -> bool:
    """Tell whether the day given is of no window of the event given, but of another event's.

    The Assembly's window counts only for a member, because it is one of acts.
    """
    event, when = sheet.get(EVENT), sheet.get(FACT_DATE)
    if not isinstance(event, str) or event == NO_EVENT or not isinstance(when, Span):
        return False
    if isinstance(event, NonAnswer) or _touches(law, event, when):
        return False
    return any(
        _touches(law, other.id, when)
        for other in law.events.values()
        if not other.acts_of_members or sheet.get(ASSEMBLY_MEMBER) is True
    )


def _touches(law: Law, event: str, when: Span) -> bool:
    return any(window.overlaps(when) for window in law.events[event].days)


def _found(
    point: Point,
    allowed: Mapping[int, Mapping[int, Cell]],
    known: dict[int, frozenset[Found]],
) -> frozenset[Found]:
    if isinstance(point, Found):
        return frozenset({point})
    result = known.get(id(point))
    if result is None:
        parts = (_found(point.children[child], allowed, known) for child in allowed[point.level])
        result = known[id(point)] = frozenset().union(*parts)
    return result


def _reduce(
    whole: Completions,
    point: Point,
    known: dict[int, object],
    shared: dict[tuple[object, ...], object],
    seen: set[str],
) -> object:
    """Return a token of what a point means within the completions; equal meaning, same token.

    A fact is deciding exactly where two of its children do not mean the same.
    """
    if isinstance(point, Found):
        return point.outcome
    if id(point) not in known:
        children = tuple(
            _reduce(whole, point.children[child], known, shared, seen)
            for child in whole.allowed[point.level]
        )
        if all(child is children[0] for child in children):
            known[id(point)] = children[0]
        else:
            seen.add(whole.diagram.order[point.level])
            key = (point.level, *(id(child) for child in children))
            known[id(point)] = shared.setdefault(key, [children])
    return known[id(point)]
