"""What a volunteer may see of a family's answers: coarse facts and where they lead; no day, no id.

Who she is must not follow from it: no day, no place, no rank or unit, and not whether the person
was a deputy, for there were few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from helpdesk import interview, result
from helpdesk.desk.case import Line, Shared
from helpdesk.interview import Assessor
from helpdesk.messages import Part
from helpdesk.questions import GROUP_FACTS, QUESTIONS, is_answer
from helpdesk.state import Answers, State
from rules import Span

LINE = "shared.line"
"""The key of a fact and its answer: "Los cargos: asociación"."""

_SOLDIER = frozenset({"active", "retired"})
_NO_ANSWER = {
    "does_not_know": "@button.does_not_know",
    "prefers_not_to_say": "@button.prefers_not_to_say",
}


def named(state: State) -> tuple[str, ...]:
    """Return the keys of what would be shown, for the screen on which she agrees to it."""
    return tuple(what for what, _ in _told(state.answers))


def facts(look: Assessor, state: State) -> tuple[Line, ...]:
    """Return the coarse facts, each a line of two words that are shown as they stand."""
    lines = [
        Line(key=LINE, params={"what": f"@{what}", "answer": answer})
        for what, answer in _told(state.answers)
    ]
    if not interview.ended(look, state):
        lines.append(Line(key="shared.unfinished"))
    return tuple(lines)


def shared(look: Assessor, state: State) -> Shared:
    """Return what she agrees to show; the outcome is that of her whole answers, if it is told."""
    if look.reviews(state.answers):
        # A rule of it is withdrawn: nobody is to say an outcome, a volunteer neither.
        return Shared(
            outcome="",
            light="",
            law_version=look.law.version,
            reviewed=look.reviewed,
            facts=facts(look, state),
        )
    found = look.determine(state.answers)
    told = result.reasons(look, state)[1:] if interview.ended(look, state) else ()
    return Shared(
        outcome=str(found.outcome),
        light=str(found.light),
        law_version=look.law.version,
        reviewed=look.reviewed,
        facts=facts(look, state),
        reasons=tuple(_line(part) for part in told),
        missing=tuple(Line(key=f"fact.{one.fact}") for one in result.worth_finding(found)),
    )


def _line(part: Part) -> Line:
    return Line(key=part.key, params=dict(part.params))


def _told(answers: Answers) -> Iterator[tuple[str, str]]:
    for fact, what, say in _FACTS:
        told = answers.get(fact)
        if is_answer(told):
            yield what, say(told)
        elif (silence := _silence(told)) is not None:
            yield what, silence
    group = [answers[fact] for fact in GROUP_FACTS if fact in answers]
    if group:
        yield "shared.what.group", _group(answers, group)


def _silence(told: Any) -> str | None:
    """Say a non-answer; None where nothing was asked."""
    return None if told is None else _NO_ANSWER.get(told["unknown"])


def _option(question: str) -> Callable[[Any], str]:
    """Say an answer as the button says it that she pressed."""
    words = {True: "yes", False: "no"}
    options = QUESTIONS[question].options
    return lambda value: f"@{options}{words.get(value, value)}"


def _month(value: str) -> str:
    """Say a date by its month, or its months: the day stays here."""
    span = Span.parse(value)
    first, last = (day.isoformat()[: len("2024-07")] for day in (span.first, span.last))
    return f"date:{first}" if first == last else f"date:{first}/{last}"


def _event(value: str) -> str:
    return f"@event.{value}"


def _military(value: str) -> str:
    return "@shared.soldier" if value in _SOLDIER else f"@ask.military.option.{value}"


def _charges(value: list[str]) -> str:
    if not value:
        return "@button.no_charges"
    return "list:" + "|".join(f"@charge.{one}" for one in value)


def _group(answers: Answers, told: list[Any]) -> str:
    marks = [fact for fact in GROUP_FACTS if answers.get(fact) is True]
    if marks:
        return "list:" + "|".join(f"@ask.group.option.{one}" for one in marks)
    silences = [silence for one in told if not is_answer(one) and (silence := _silence(one))]
    return silences[0] if silences else "@button.none_of_these"


_FACTS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("petition", "shared.what.petition", _option("petition")),
    ("situation", "shared.what.situation", _option("situation")),
    ("fact_date", "shared.what.month", _month),
    ("event", "shared.what.event", _event),
    ("military_status", "shared.what.military", _military),
    ("charges", "shared.what.charges", _charges),
    ("jurisdiction", "shared.what.court", _option("jurisdiction")),
    ("phase", "shared.what.phase", _option("phase")),
    ("minor_at_fact", "shared.what.age", _option("minor")),
)
"""In the order of the interview: the fact, how it is called, how its answer is said."""
