"""The law as data, and the small engine that reads it. No Telegram, database, network or clock.

    laws = rules.load()
    law = laws.get("amnistia", as_of=date(2026, 11, 21))
    determination = rules.assess(law, {"fact_date": "2024-07-29"}, as_of=date(2026, 11, 21))

Facts are what the papers say, as plain JSON values; a fact left out was not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rules.determination import (
    Determination,
    Ground,
    Missing,
    ReadingOutcome,
    Receipt,
    determine,
    missing_facts,
)
from rules.diagram import diagram
from rules.errors import CaseFault, Fault, InvalidCase, LawFaults, RulesError
from rules.explanation import Line
from rules.explanation import explain as _explain
from rules.law import Charge, Event, Fact, Law, Rule
from rules.loader import LAWS_FOLDER, Laws
from rules.loader import load as _load
from rules.outcomes import Outcome
from rules.questions import Question, Reason
from rules.questions import applies as _applies
from rules.questions import next_question as _next_question
from rules.sheet import NonAnswer, Sheet, read_sheet
from rules.spans import Span
from rules.truth import Truth

Facts = Mapping[str, object]


def load(folder: Path = LAWS_FOLDER) -> Laws:
    """Load the laws of a folder, by default those of this package.

    Each is unfolded at once, so that the first case is as quick as the next. Raises LawFaults
    with every fault of every file.
    """
    laws = _load(folder)
    for law in laws.versions.values():
        diagram(law, None)
    return laws


def assess(law: Law, facts: Facts, *, as_of: date) -> Determination:
    """Return what a case looks like as of a day.

    Raises InvalidCase with every fault of the facts, and ValueError for a day before the law.
    """
    _in_force(law, as_of)
    return determine(law, read_sheet(law, facts), as_of=as_of)


def missing(law: Law, facts: Facts, *, as_of: date) -> tuple[Missing, ...]:
    """Return every open fact whose change alone changes the outcome of some completion."""
    _in_force(law, as_of)
    return missing_facts(law, read_sheet(law, facts))


def next_question(law: Law, facts: Facts, *, as_of: date) -> Question | None:
    """Return the next question worth asking, or None."""
    _in_force(law, as_of)
    return _next_question(law, read_sheet(law, facts))


def applies(law: Law, facts: Facts, fact: str) -> Truth:
    """Tell whether a fact is one to ask about, given the others: NO, YES, or not known yet."""
    return _applies(law, read_sheet(law, facts), fact)


def explain(law: Law, determination: Determination, facts: Facts | None = None) -> tuple[Line, ...]:
    """Return the message keys and parameters that explain a determination.

    With the facts, notes on mixed practice for these charges and this event are among them.
    """
    return _explain(law, determination, None if facts is None else read_sheet(law, facts))


def _in_force(law: Law, as_of: date) -> None:
    if as_of < law.in_force:
        raise ValueError(f"{law.id} came into force on {law.in_force.isoformat()}")


__all__ = [
    "CaseFault",
    "Charge",
    "Determination",
    "Event",
    "Fact",
    "Facts",
    "Fault",
    "Ground",
    "InvalidCase",
    "Law",
    "LawFaults",
    "Laws",
    "Line",
    "Missing",
    "NonAnswer",
    "Outcome",
    "Question",
    "ReadingOutcome",
    "Reason",
    "Receipt",
    "Rule",
    "RulesError",
    "Sheet",
    "Span",
    "Truth",
    "applies",
    "assess",
    "explain",
    "load",
    "missing",
    "next_question",
]
