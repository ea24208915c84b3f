"""The next question: the fewest and least sensitive first, and never one that decides nothing."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from rules.comparisons import asker
from rules.completions import completions
from rules.conditions import evaluate
from rules.determination import Missing, missing_facts
from rules.law import Law
from rules.outcomes import Outcome, fold
from rules.schema import QuestionFile
from rules.sheet import NonAnswer, Sheet
from rules.truth import Truth

NOTHING_OF_IT = "none"
_ASKABLE = frozenset({"not_asked", "imprecise", "contradicted"})


class Reason(BaseModel):
    """A rule for which a question is asked."""

    model_config = ConfigDict(frozen=True)

    rule: str
    article: str
    numeral: str | None
    effect: str


class Question(BaseModel):
    """One question, for one fact or for a group that is answered on one screen.

    ``if_`` (printed as ``if``): for one fact, the outcome of each answer; for a group, of
    ``none`` (no to all of them) and of each fact being the only yes.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    id: str
    facts: tuple[str, ...]
    why: tuple[Reason, ...]
    if_: dict[str, Outcome] = Field(alias="if")


def next_question(law: Law, sheet: Sheet) -> Question | None:
    """Return the next question, or None when no answer not yet asked for changes the outcome.

    A fact that somebody does not know, or prefers not to say, is not asked again.
    """
    gaps = {gap.fact: gap for gap in missing_facts(law, sheet) if gap.kind in _ASKABLE}
    for question in sorted(law.questions, key=lambda q: q.sensitivity):
        wanted = [gaps[f] for f in question.facts if f in gaps and _fits(law, sheet, question, f)]
        if wanted:
            return _question(law, sheet, question, wanted)
    return None


def applies(law: Law, sheet: Sheet, fact: str) -> Truth:
    """Tell whether a fact is one to ask about here: its `asked_when`, YES where it has none."""
    asked_when = law.facts[fact].asked_when
    return Truth.YES if asked_when is None else evaluate(asked_when, asker(law, sheet)).truth


def _fits(law: Law, sheet: Sheet, question: QuestionFile, fact: str) -> bool:
    """Tell whether a fact may be asked: alone only where it applies, in a group always."""
    return len(question.facts) > 1 or applies(law, sheet, fact) is Truth.YES


def _question(law: Law, sheet: Sheet, asked: QuestionFile, wanted: list[Missing]) -> Question:
    if len(asked.facts) == 1:
        return Question(
            id=asked.id,
            facts=asked.facts,
            why=_why(law, sheet, asked.facts),
            if_=wanted[0].if_,
        )
    silent = tuple(f for f in asked.facts if sheet.get(f) is NonAnswer.NOT_ASKED)
    return Question(
        id=asked.id, facts=silent, why=_why(law, sheet, silent), if_=_group(law, sheet, silent)
    )


def _group(law: Law, sheet: Sheet, facts: tuple[str, ...]) -> dict[str, Outcome]:
    def outcome(yes: str) -> Outcome:
        case = sheet
        for fact in facts:
            case = case.with_answer(fact, fact == yes)
        return fold(found.outcome for found in completions(law, case).found())

    return {answer: outcome(answer) for answer in (NOTHING_OF_IT, *facts)}


def _why(law: Law, sheet: Sheet, facts: tuple[str, ...]) -> tuple[Reason, ...]:
    ask = asker(law, sheet)
    return tuple(
        Reason(rule=rule.id, article=rule.article, numeral=rule.numeral, effect=rule.effect)
        for rule in law.rules.values()
        if set(rule.facts) & set(facts) and evaluate(rule.condition, ask).truth is Truth.UNKNOWN
    )
