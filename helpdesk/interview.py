"""The interview, pure: what to ask next, what an answer changes, when it ends."""

from __future__ import annotations

from datetime import date

import rules
from helpdesk import guidance
from helpdesk.editorial import editorial
from helpdesk.editorial.editorial import Editorial
from helpdesk.guidance import Position
from helpdesk.questions import (
    GROUP_FACTS,
    OF_THE_LAW,
    OPENS_CHARGES,
    QUESTIONS,
    REFINING,
    is_answer,
)
from helpdesk.state import Answers, Draft, State
from rules import Determination, Law, Span, Truth
from rules.law import NO_EVENT

MILITARY = frozenset({"military_rebellion", "military_other"})
"""Classes of the charges of the military code."""

_FOR_SOME = ("assembly_member", "jurisdiction")
"""Facts that are asked of some people only, each by a question of its own."""


class Assessor:
    """The rules of one law on one day, remembered for the time of one command.

    ``wording`` is the hash of the words in which they are told: what is told is reviewed only
    when a lawyer has signed both the law's files and these words. ``editorial`` is what the team
    withdrew and published.
    """

    def __init__(
        self,
        law: Law,
        as_of: date,
        wording: str = "",
        editorial: Editorial = editorial.NOTHING,
    ) -> None:
        self.law = law
        self.as_of = as_of
        self.reviewed = law.status == "reviewed" and wording in law.signed_wording
        self.editorial = editorial
        self._wording = wording
        self._known: dict[str, Determination] = {}

    def worded(self, wording: str) -> Assessor:
        """Return the same rules, told in the words that have this hash."""
        return self._told(wording, self.editorial)

    def under(self, editorial: Editorial) -> Assessor:
        """Return the same rules, less what is withdrawn."""
        return self._told(self._wording, editorial)

    def _told(self, wording: str, editorial: Editorial) -> Assessor:
        if (wording, editorial) == (self._wording, self.editorial):
            return self
        other = Assessor(self.law, self.as_of, wording, editorial)
        other._known = self._known
        return other

    def determine(self, answers: Answers) -> Determination:
        """Assess what has been answered so far; what only chooses next steps is left out."""
        facts = {
            fact: value
            for fact, value in answers.items()
            if fact not in self.law.facts or self.law.facts[fact].use == "outcome"
        }
        key = repr(sorted(facts.items()))
        if key not in self._known:
            self._known[key] = rules.assess(self.law, facts, as_of=self.as_of)
        return self._known[key]

    def reviews(self, answers: Answers) -> bool:
        """Tell whether a withdrawn rule bears on these answers: their outcome is not said then."""
        if not self.editorial.withdrawn:
            return False
        return self.editorial.reviews(self.law, self.determine(answers), answers)

    def position(self, state: State, *, military: bool | None = None) -> Position:
        """Return where the family stands, for the next steps."""
        answers = state.answers
        told = {fact: value for fact, value in answers.items() if is_answer(value)}
        soldier = told.get("military_status") in ("active", "retired")
        said = determined(state) and not self.reviews(answers)
        return Position(
            outcome=self.determine(answers).outcome if said else None,
            petition=told.get("petition"),
            situation=told.get("situation"),
            phase=told.get("phase"),
            military=(soldier or told.get("jurisdiction") == "military")
            if military is None
            else military,
            adolescent=told.get("minor_at_fact") is True
            or told.get("jurisdiction") == "adolescent",
            civilian_tried_as_soldier=told.get("military_status") == "civilian"
            and (told.get("jurisdiction") == "military" or self._military_charge(told)),
        )

    def _military_charge(self, told: Answers) -> bool:
        charges = told.get("charges") or ()
        return any(self.law.charges[one].charge_class in MILITARY for one in charges)


def determined(state: State) -> bool:
    """Tell whether a determination has been asked for at all.

    With the paper that closes the case in hand it is not, unless she goes on past the card.
    """
    return card(state) is None


def card(state: State) -> str | None:
    """Return the card that takes the place of the next question, if one does."""
    told = state.answers
    if told.get("petition") == "granted_with_paper" and "paper" not in state.passed:
        return "paper"
    if told.get("situation") == "whereabouts_unknown" and "whereabouts" not in state.passed:
        return "whereabouts"
    return None


def current(look: Assessor, state: State) -> str | None:
    """Return the question to show, None when it is a card or the result."""
    if state.reopened is not None:
        return state.reopened
    return None if card(state) else due(look, state)


def ended(look: Assessor, state: State) -> bool:
    """Tell whether the interview has come to its result."""
    return current(look, state) is None and card(state) is None


def due(look: Assessor, state: State) -> str | None:
    """Return the first question that still matters, None when nothing asked could change a thing.

    Petition and situation choose the next steps for everyone. After them a question is asked
    only when the rules miss its fact, or the next steps depend on it.
    """
    answers = state.answers
    for question in ("petition", "situation"):
        if question not in answers:
            return question
    missing = look.determine(answers).missing
    wanted = {one.fact for one in missing if one.kind == "not_asked"} - answers.keys()
    contradicted = {one.fact for one in missing if one.kind == "contradicted"}
    if "event" in contradicted and "event" not in state.repeated:
        return "event"
    if state.listing and "event" in wanted:
        return "event"
    if _steps_need_military(look, state):
        wanted.add("military_status")
    for question in OF_THE_LAW:
        if wanted & set(QUESTIONS[question].facts) and _applies(look.law, question, answers):
            return question
    return next(iter(refinements(look, state)), None) if state.refining else None


def _applies(law: Law, question: str, answers: Answers) -> bool:
    """Tell whether a question that is for some people only is for this one, as far as is known.

    Nobody who does not know the event is asked whether her son was a deputy.
    """
    (first, *others) = QUESTIONS[question].facts
    return bool(others) or rules.applies(law, answers, first) is Truth.YES


def _steps_need_military(look: Assessor, state: State) -> bool:
    if "military_status" in state.answers:
        return False
    civil, soldier = (guidance.steps(look.position(state, military=one)) for one in (False, True))
    return civil != soldier


def choose(look: Assessor, state: State, question: str, value: str) -> State:
    """Answer a question of single choice."""
    fact = QUESTIONS[question].facts[0]
    return answered(look, state, question, {fact: QUESTIONS[question].answer(value)})


def answered(look: Assessor, state: State, question: str, told: Answers) -> State:
    """Take the answers of a question: later ones stay unless they have stopped applying."""
    asked = state.asked if question in state.asked else (*state.asked, question)
    repeated = state.repeated
    if question == "event" and "event" in state.asked and state.reopened is None:
        repeated = (*repeated, "event")
    passed = tuple(
        one
        for one in state.passed
        if not (one == "paper" and question == "petition")
        and not (one == "whereabouts" and question == "situation")
    )
    after = state.but(
        answers={**state.answers, **told},
        asked=asked,
        repeated=repeated,
        passed=passed,
        reopened=None,
        draft=Draft(),
    )
    return _pruned(look.law, after)


def _pruned(law: Law, state: State) -> State:
    """Forget answers to questions that no longer apply."""
    answers = state.answers
    gone: list[str] = []
    day, event = day_known(answers), answers.get("event")
    for fact in _FOR_SOME:
        if fact in answers and rules.applies(law, answers, fact) is Truth.NO:
            gone.append(fact)
    if day and is_answer(event) and event not in (NO_EVENT, *law.events_on(day)):
        gone.append("event")
    if not gone:
        return state
    questions = {one.id for one in QUESTIONS.values() if set(one.facts) <= set(gone)}
    return state.without_answers(*gone).but(
        asked=tuple(one for one in state.asked if one not in questions)
    )


def day_known(answers: Answers) -> Span | None:
    """Return the date that was answered, None when it was not, or not known."""
    told = answers.get("fact_date")
    return Span.parse(told) if isinstance(told, str) else None


def previous(look: Assessor, state: State) -> str | None:
    """Return the question before the one shown, None at the first."""
    here = current(look, state)
    if here in state.asked:
        place = state.asked.index(here)
        return state.asked[place - 1] if place else None
    return state.asked[-1] if state.asked else None


def reopen(state: State, question: str) -> State:
    """Open an answered question again, with what was marked then; nothing is lost by it."""
    draft = Draft()
    own = state.answers.get("charges")
    if question == "charges" and isinstance(own, list) and not state.alone:
        draft = Draft(picks=tuple(one for one in own if one not in state.added))
    if question == "group":
        marks = [fact for fact in GROUP_FACTS if state.answers.get(fact) is True]
        marks += [mark for mark, opens in OPENS_CHARGES.items() if set(opens) & set(state.added)]
        draft = Draft(marks=tuple(marks), picks=state.added)
    return state.but(reopened=question, draft=draft, view="", page=0)


def changeable(state: State) -> tuple[str, ...]:
    """Return the answered questions, in the order of the interview."""
    order = ("petition", "situation", *OF_THE_LAW, *REFINING)
    return tuple(
        one for one in order if one in state.asked or (one == "event" and "event" in state.answers)
    )


def refinements(look: Assessor, state: State) -> tuple[str, ...]:
    """Return the questions still open that would make the next steps finer, and only those."""
    now = guidance.steps(look.position(state))

    def would(question: str) -> bool:
        fact = QUESTIONS[question].facts[0]
        answers = (QUESTIONS[question].answer(value) for value in QUESTIONS[question].values)
        told = (state.but(answers={**state.answers, fact: answer}) for answer in answers)
        return any(guidance.steps(look.position(one)) != now for one in told)

    return tuple(
        one for one in REFINING if QUESTIONS[one].facts[0] not in state.answers and would(one)
    )
