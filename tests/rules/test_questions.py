"""The next question: never one that is answered, never one that decides nothing, and an end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules import Law, Question, Truth
from tests.rules import oracle
from tests.rules.sheets import complete_cases, narrow_cases, sheets
from tests.rules.tables import AS_OF, NEXT_STEPS_ONLY, PLAIN, Facts

EXACT = settings(derandomize=True, database=None, deadline=None)
STORY: Facts = {"event": "presidencial_2024", "fact_date": "2024-07-29", "charges": ["terrorismo"]}


def ask(law: Law, facts: Facts) -> Question | None:
    return rules.next_question(law, facts, as_of=AS_OF)


def test_the_date_comes_first_and_the_accusation_last(law: Law) -> None:
    case = {**STORY, "military_status": "active", "jurisdiction": "ordinary"}
    order = []
    facts: Facts = {}
    while (question := ask(law, facts)) is not None:
        order.append(question.id)
        facts = {**facts, **{name: case.get(name, False) for name in question.facts}}
    assert order == ["date", "event", "military", "charges", "court", "accusation"]


def test_the_assembly_is_asked_only_of_its_event(law: Law) -> None:
    facts: Facts = {"event": "asamblea_2016_2021", "fact_date": "2019-02-01"}
    question = ask(law, facts)
    assert question is not None
    assert question.id == "assembly"
    assert question.if_ == {"true": "needs_facts", "false": "needs_facts"}


def test_the_group_asks_what_is_left_of_it_on_one_screen(law: Law) -> None:
    question = ask(law, {**STORY, "military_status": "civilian", "death_charged": False})
    assert question is not None
    assert question.id == "accusation"
    assert question.facts == (
        "gravest_injury_charged",
        "foreign_armed_action_charged",
        "alleged_to_continue",
    )
    assert question.if_ == {
        "none": "likely_covered",
        "gravest_injury_charged": "needs_judge",
        "foreign_armed_action_charged": "needs_judge",
        "alleged_to_continue": "needs_judge",
    }
    assert [reason.rule for reason in question.why] == [
        "lesion_sin_cargo",
        "accion_extranjera_sin_cargo",
    ]


def test_a_year_is_asked_again_for_the_month(law: Law) -> None:
    question = ask(law, {"fact_date": "2014"})
    assert question is not None
    assert question.facts == ("fact_date",)
    assert question.if_["2014-02-01/2014-06-30"] == "needs_facts"
    assert question.if_["2014-07-01/2014-12-31"] == "not_covered"


def test_a_contradicted_event_is_asked_again(law: Law) -> None:
    question = ask(law, {**STORY, **PLAIN, "event": "protestas_2014"})
    assert question is not None
    assert question.facts == ("event",)
    assert question.if_["presidencial_2024"] == "likely_covered"


def test_what_somebody_does_not_know_is_not_asked_again(law: Law) -> None:
    for silence in oracle.UNKNOWN:
        assert ask(law, {**STORY, **PLAIN, "charges": silence}) is None


def test_a_follow_up_waits_until_it_is_known_whom_it_concerns(law: Law) -> None:
    facts = {**STORY, **PLAIN, "military_status": {"unknown": "does_not_know"}}
    assert ask(law, facts) is None
    assert {gap.fact for gap in rules.missing(law, facts, as_of=AS_OF)} == {
        "military_status",
        "jurisdiction",
    }


@pytest.mark.parametrize(
    ("facts", "concerned"),
    [
        ({"event": "asamblea_2016_2021"}, Truth.YES),
        ({"event": "presidencial_2024"}, Truth.NO),
        ({"event": {"unknown": "does_not_know"}}, Truth.UNKNOWN),
        ({}, Truth.UNKNOWN),
    ],
)
def test_whom_a_follow_up_concerns_can_be_asked(law: Law, facts: Facts, concerned: Truth) -> None:
    assert rules.applies(law, facts, "assembly_member") is concerned


def test_after_the_law_nothing_is_asked(law: Law) -> None:
    assert ask(law, {"fact_date": "2026-06"}) is None


@settings(EXACT, max_examples=60)
@given(facts=sheets())
def test_no_question_asks_what_is_known_or_what_only_next_steps_need(
    law: Law, facts: Facts
) -> None:
    question = ask(law, facts)
    if question is None:
        return
    assert not set(question.facts) & set(NEXT_STEPS_ONLY)
    gaps = {gap.fact: gap.kind for gap in rules.missing(law, facts, as_of=AS_OF)}
    for name in question.facts:
        known = name in facts and not isinstance(facts[name], dict)
        assert not known or gaps.get(name) in ("imprecise", "contradicted")


@settings(EXACT, max_examples=60)
@given(facts=narrow_cases())
def test_no_question_is_asked_whose_answers_change_no_completion(law: Law, facts: Facts) -> None:
    question = ask(law, facts)
    if question is not None:
        assert oracle.deciding(oracle.all_outcomes(facts)) & set(question.facts)


@settings(EXACT, max_examples=60)
@given(facts=narrow_cases(), data=st.data())
def test_a_group_announces_what_a_single_yes_comes_to(
    law: Law, facts: Facts, data: st.DataObject
) -> None:
    question = ask(law, facts)
    if question is None or question.id != "accusation":
        return
    answer = data.draw(st.sampled_from(sorted(question.if_)))
    filled = {**facts, **{name: name == answer for name in question.facts}}
    assert rules.assess(law, filled, as_of=AS_OF).outcome == question.if_[answer]


@settings(EXACT, max_examples=40)
@given(case=complete_cases())
def test_an_interview_ends_with_the_outcome_of_the_whole_case(law: Law, case: Facts) -> None:
    """Each question is asked once at most; what was not asked could not matter.

    A contradiction between event and date is asked about once more, and stays if it is real.
    """
    whole = {**case, **_as_asked(case)}
    if oracle.contradicted(whole):
        return
    facts: Facts = {}
    asked: list[str] = []
    while (question := ask(law, facts)) is not None:
        assert question.id not in asked
        asked.append(question.id)
        facts = {**facts, **{name: whole[name] for name in question.facts}}
    assert len(asked) <= len(law.questions)
    assert rules.assess(law, facts, as_of=AS_OF).outcome == oracle.outcome(whole)


def _as_asked(case: Facts) -> Facts:
    """Return the answers to follow-ups that a person whom they do not concern would have."""
    settled = oracle.settle(dict(case), frozenset({"assembly_member", "jurisdiction"}))
    return {
        name: oracle.NOT_APPLICABLE if settled[name] is None else settled[name]
        for name in ("assembly_member", "jurisdiction")
    }
