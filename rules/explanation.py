"""From a determination to what is said of it: message keys and parameters, never words."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.determination import Determination
from rules.law import CHARGES, EVENT, Law
from rules.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: the key of its words and what they are filled with."""

    key: str
    params: dict[str, str] = field(default_factory=dict)


def explain(law: Law, determination: Determination, sheet: Sheet | None = None) -> tuple[Line, ...]:
    """Return the lines that explain a determination: what it rests on first, then the rest.

    Rules that came out NO and decide nothing are left out, except an exclusion that the
    person's own charges do not touch: that it "does not get in the way" is said once.
    """
    decisive = [g for g in determination.grounds if g.decisive]
    other = [g for g in determination.grounds if not g.decisive and g.truth != "no"]
    lines = [_line(law, ground.rule, ground.truth) for ground in (*decisive, *other)]
    practice = {reading.reading: reading.outcome for reading in determination.readings}
    if practice["literal"] != practice["practice"]:
        lines.append(Line("reading.literal"))
        lines += (Line(f"reading.practice.{denial}") for denial in _denials(law, sheet))
    if sheet is not None:
        lines += (Line(f"note.{note}") for note in _notes(law, sheet))
    return tuple(lines)


def _line(law: Law, rule_id: str, truth: str) -> Line:
    event = law.rules[rule_id].event
    return Line(f"rule.{rule_id}.{truth}", {"event": event} if event else {})


def _denials(law: Law, sheet: Sheet | None) -> list[str]:
    charges = sheet.get(CHARGES) if sheet else None
    listed = charges if isinstance(charges, tuple) else ()
    return [d.id for d in law.denials if not listed or set(d.charges) & set(listed)]


def _notes(law: Law, sheet: Sheet) -> list[str]:
    charges = sheet.get(CHARGES)
    if not isinstance(charges, tuple):
        return []
    return [
        note.id
        for note in law.notes
        if note.event == sheet.get(EVENT) and set(note.charges) & set(charges)
    ]
