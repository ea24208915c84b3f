"""The determination: what a case looks like, on which grounds, and what is missing to say more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.comparisons import asker
from rules.completions import answered, completions, is_contradicted
from rules.conditions import Evaluation, evaluate
from rules.diagram import compiled
from rules.law import EVENT, NO_EVENT, Law, Rule
from rules.outcomes import Light, Outcome, fold
from rules.schema import Effect
from rules.sheet import NonAnswer, Sheet
from rules.spans import Span
from rules.truth import Truth

ENGINE = "faro-rules 1"
MissingKind = Literal[
    "not_asked", "does_not_know", "prefers_not_to_say", "imprecise", "contradicted"
]


class _Printed(BaseModel):
    """What is printed as JSON: frozen, and with the names of the contract."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Ground(_Printed):
    """One rule as it came out. ``decisive``: the outcome rests on it."""

    rule: str
    article: str
    numeral: str | None
    effect: Effect
    truth: Literal["yes", "no", "unknown"]
    decisive: bool
    facts: tuple[str, ...]


class Missing(_Printed):
    """A fact whose change alone would change the outcome of some completion.

    ``if_`` (printed as ``if``) gives the outcome for each answer: ids, ``true``/``false``, spans
    between limits for dates, the class for charges.
    """

    fact: str
    kind: MissingKind
    if_: dict[str, Outcome] = Field(alias="if")


class ReadingOutcome(_Printed):
    """What the case comes to under the text alone, or under the practice of courts."""

    reading: Literal["literal", "practice"]
    outcome: Outcome


class Receipt(_Printed):
    """What the determination was made with. ``as_of_defaulted``: nobody gave the day."""

    law_hash: str
    engine: str
    as_of: date
    as_of_defaulted: bool


class Determination(_Printed):
    """What a case looks like under a law at a day. Never a decision: a judge makes that."""

    outcome: Outcome
    light: Light
    law: str
    version: str
    status: Literal["draft", "reviewed"]
    grounds: tuple[Ground, ...]
    missing: tuple[Missing, ...]
    readings: tuple[ReadingOutcome, ...]
    receipt: Receipt


def determine(
    law: Law, sheet: Sheet, *, as_of: date, as_of_defaulted: bool = False
) -> Determination:
    """Apply a law to a sheet as of a day, with every ground and everything missing."""
    found = completions(law, sheet).found()
    outcome = fold(one.outcome for one in found)
    gaps = missing_facts(law, sheet)
    return Determination(
        outcome=outcome,
        light=outcome.light,
        law=law.id,
        version=law.version,
        status=law.status,
        grounds=tuple(_grounds(law, sheet, outcome, gaps)),
        missing=gaps,
        readings=(
            ReadingOutcome(reading="literal", outcome=fold(one.literal for one in found)),
            ReadingOutcome(reading="practice", outcome=fold(one.practice for one in found)),
        ),
        receipt=Receipt(
            law_hash=law.law_hash, engine=ENGINE, as_of=as_of, as_of_defaulted=as_of_defaulted
        ),
    )


def possible_truths(law: Law, rule: Rule, sheet: Sheet) -> frozenset[Truth]:
    """Return every truth that some completion of a sheet gives a rule.

    This finishes what Kleene leaves undecided: a rule is YES or NO when all completions agree,
    and left to judgement when it is UNKNOWN in every one of them.
    """
    whole = compiled(law)
    formulas = whole.formulas

    def split(formula: int) -> frozenset[Truth]:
        if not formulas.facts[formula]:
            return frozenset({Truth(formula)})
        name = next(fact for fact in law.facts if fact in formulas.facts[formula])
        truths: frozenset[Truth] = frozenset()
        for cell in whole.domains[name].cells_of(law, sheet.get(name)):
            truths |= split(formulas.put(formula, name, cell.truths))
            if len(truths) == len(Truth):
                break
        return truths

    return split(formulas.read(rule.condition))


def evaluation_of(law: Law, rule: Rule, sheet: Sheet) -> Evaluation:
    """Return the tree of a rule's truths, its root finished by `possible_truths`."""
    tree = evaluate(rule.condition, asker(law, sheet))
    if tree.truth is not Truth.UNKNOWN:
        return tree
    truths = possible_truths(law, rule, sheet)
    return Evaluation(tree.condition, next(iter(truths)), tree.parts) if len(truths) == 1 else tree


def missing_facts(law: Law, sheet: Sheet) -> tuple[Missing, ...]:
    """Return every open fact whose change alone changes the outcome of some completion."""
    deciding = completions(law, sheet).deciding()
    missing = []
    for name in law.facts:
        kind = _kind(law, sheet, name)
        if name in deciding and kind is not None:
            missing.append(Missing(fact=name, kind=kind, if_=outcome_by_answer(law, sheet, name)))
    return tuple(missing)


def _kind(law: Law, sheet: Sheet, fact: str) -> MissingKind | None:
    answer = sheet.get(fact)
    if answer is NonAnswer.NOT_ASKED:
        return "not_asked"
    if answer is NonAnswer.DOES_NOT_KNOW:
        return "does_not_know"
    if answer is NonAnswer.PREFERS_NOT_TO_SAY:
        return "prefers_not_to_say"
    if isinstance(answer, Span):
        return "imprecise"
    return "contradicted" if fact == EVENT and is_contradicted(law, sheet) else None


def outcome_by_answer(law: Law, sheet: Sheet, fact: str) -> dict[str, Outcome]:
    """Return the outcome for each answer to a fact, all else as it stands."""
    whole = answered(law, sheet, fact)
    level = whole.diagram.order.index(fact)
    outcomes: dict[str, set[Outcome]] = {}
    spans: list[tuple[Span, Outcome]] = []
    for child, possible in whole.outcomes_by_cell(fact).items():
        cell = whole.allowed[level][child]
        for value in cell.values:
            if isinstance(value, Span):
                spans.append((value, fold(possible)))
            else:
                for key in _keys(law, value):
                    outcomes.setdefault(key, set()).update(possible)
    folded = {key: fold(possible) for key, possible in outcomes.items()}
    return {**folded, **{str(span): outcome for span, outcome in _joined(spans)}}


def _keys(law: Law, value: object) -> tuple[str, ...]:
    """Return how an answer is printed: an id, true/false, or the class of a single charge."""
    if isinstance(value, tuple):
        return (law.charges[value[0]].charge_class,) if len(value) == 1 else ()
    return (str(value).lower() if isinstance(value, bool) else str(value),)


def _joined(spans: Iterable[tuple[Span, Outcome]]) -> list[tuple[Span, Outcome]]:
    """Join neighbouring spans that come to the same."""
    joined: list[tuple[Span, Outcome]] = []
    for span, outcome in sorted(spans):
        if joined and joined[-1][1] is outcome and joined[-1][0].is_followed_by(span):
            joined[-1] = (Span(joined[-1][0].first, span.last), outcome)
        else:
            joined.append((span, outcome))
    return joined


def _grounds(
    law: Law, sheet: Sheet, outcome: Outcome, gaps: tuple[Missing, ...]
) -> Iterable[Ground]:
    trees = {rule.id: evaluation_of(law, rule, sheet) for rule in law.rules.values()}
    decisive = frozenset(_decisive(law, sheet, outcome, trees, gaps))
    for rule in law.rules.values():
        yield Ground(
            rule=rule.id,
            article=rule.article,
            numeral=rule.numeral,
            effect=rule.effect,
            truth=trees[rule.id].truth.word,
            decisive=rule.id in decisive,
            facts=rule.facts,
        )


def _decisive(
    law: Law,
    sheet: Sheet,
    outcome: Outcome,
    trees: Mapping[str, Evaluation],
    gaps: tuple[Missing, ...],
) -> Iterable[str]:
    """Yield the rules that an outcome rests on, as they came out.

    Covered: the event that covers. Out: the limit that bites, else the event answered, whose
    days do not match (with none answered: the rule for no event). Excluded: the exclusions that
    bite, or that bite unless the case is out. A fact missing: what it leaves open, and the event
    that the date contradicts. Left to a judge: what no fact would close.
    """
    rules = law.rules.values()
    bites = {rule.id for rule in rules if trees[rule.id].truth is Truth.YES}
    still_open = [rule for rule in rules if trees[rule.id].truth is Truth.UNKNOWN]
    match outcome:
        case Outcome.LIKELY_COVERED:
            return (rule.id for rule in rules if rule.effect == "covers" and rule.id in bites)
        case Outcome.LIKELY_EXCLUDED:
            touched = {rule.id for rule in still_open} | bites
            return (rule.id for rule in rules if rule.effect == "excludes" and rule.id in touched)
        case Outcome.NOT_COVERED:
            limits = [rule.id for rule in rules if rule.effect == "limits" and rule.id in bites]
            return limits or (r.id for r in rules if r.effect == "covers" and _answered(r, sheet))
        case Outcome.NEEDS_FACTS:
            facts = {gap.fact for gap in gaps}
            told = {
                rule.id for rule in rules if is_contradicted(law, sheet) and _answered(rule, sheet)
            }
            told |= {rule.id for rule in still_open if facts & set(rule.facts)}
            return (rule.id for rule in rules if rule.id in told)
    # What is left is a judgement, or readings that differ over one.
    unknown = frozenset({Truth.UNKNOWN})
    judged = [rule.id for rule in still_open if possible_truths(law, rule, sheet) == unknown]
    return judged or (rule.id for rule in still_open)


def _answered(rule: Rule, sheet: Sheet) -> bool:
    event = sheet.get(EVENT)
    if isinstance(event, NonAnswer) or event == NO_EVENT:
        return rule.event is None
    return rule.event == event
