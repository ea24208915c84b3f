"""The engine against a naive reading of the design: what Kleene and the diagram may not change."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules import Law
from tests.rules import oracle
from tests.rules.sheets import complete_cases, narrow_cases, sheets
from tests.rules.tables import AS_OF, CLASS_OF, CLASSES, PLAIN, Facts, plus

EXACT = settings(derandomize=True, database=None, deadline=None)
RANK = {"green": 2, "amber": 1, "red": 0}


def assess(law: Law, facts: Facts) -> rules.Determination:
    return rules.assess(law, facts, as_of=AS_OF)


@settings(EXACT, max_examples=300)
@given(case=complete_cases())
def test_a_complete_case_comes_to_what_the_prose_says(law: Law, case: Facts) -> None:
    found = assess(law, case)
    expected = oracle.fold(oracle.all_outcomes(case).values())
    assert found.outcome == expected
    if not oracle.contradicted(case):
        assert expected == oracle.outcome(case)
        literal, practice = oracle.readings(case)
        assert [reading.outcome for reading in found.readings] == [literal, practice]
        assert not found.missing
    else:
        assert {gap.fact for gap in found.missing} <= {"event"}


@settings(EXACT, max_examples=140)
@given(facts=narrow_cases())
def test_an_incomplete_case_comes_to_the_fold_of_all_its_completions(
    law: Law, facts: Facts
) -> None:
    found = assess(law, facts)
    outcomes = oracle.all_outcomes(facts)
    assert found.outcome == oracle.fold(outcomes.values())
    assert found.light == oracle.LIGHT[found.outcome]
    both = [oracle.readings(case) for _, case in oracle.completions(facts)]
    assert found.readings[0].outcome == oracle.fold(literal for literal, _ in both)
    assert found.readings[1].outcome == oracle.fold(practice for _, practice in both)


@settings(EXACT, max_examples=90)
@given(facts=narrow_cases())
def test_missing_facts_are_those_whose_change_alone_changes_a_completion(
    law: Law, facts: Facts
) -> None:
    outcomes = oracle.all_outcomes(facts)
    # A completion of a known value is one value, so that only open facts can decide.
    assert {gap.fact for gap in assess(law, facts).missing} == oracle.deciding(outcomes)


@settings(EXACT, max_examples=100)
@given(facts=narrow_cases(), data=st.data())
def test_each_answer_gives_the_outcome_that_was_announced(
    law: Law, facts: Facts, data: st.DataObject
) -> None:
    missing = assess(law, facts).missing
    if not missing:
        return
    gap = data.draw(st.sampled_from(missing))
    key = data.draw(st.sampled_from(sorted(gap.if_)))
    announced = gap.if_[key]
    if gap.fact == "charges":
        each = (assess(law, {**facts, "charges": [one]}).outcome for one in CLASSES[key])
        assert oracle.fold(each) == announced
    else:
        value = {"true": True, "false": False}.get(key, key)
        assert assess(law, {**facts, gap.fact: value}).outcome == announced


@settings(EXACT, max_examples=50)
@given(facts=sheets())
def test_the_answers_announced_are_all_the_answers_there_are(law: Law, facts: Facts) -> None:
    for gap in assess(law, facts).missing:
        keys = set(gap.if_)
        if gap.fact == "charges":
            assert keys == set(CLASSES)
        elif gap.fact == "fact_date":
            known = facts["fact_date"] if gap.kind == "imprecise" else "1900-01-01/2099-12-31"
            _tiles(sorted(gap.if_.items()), *oracle.days_of(known))
        elif gap.fact in ("event", "military_status", "jurisdiction"):
            assert keys == set(law.facts[gap.fact].values)
        else:
            assert keys == {"true", "false"}


def _tiles(answers: list[tuple[str, rules.Outcome]], first: str, last: str) -> None:
    """Assert that spans follow each other without a gap, and that neighbours differ."""
    bounds = sorted((*oracle.days_of(key), outcome) for key, outcome in answers)
    assert bounds[0][0] == first
    assert bounds[-1][1] == last
    for (_, end, before), (start, _, after) in itertools.pairwise(bounds):
        assert plus(end, 1) == start
        assert before != after


@settings(EXACT, max_examples=70)
@given(facts=sheets(), whole=complete_cases())
def test_nothing_a_completion_comes_to_is_left_out(law: Law, facts: Facts, whole: Facts) -> None:
    """The fold of what is known now must allow the outcome of any completion of it."""
    day = whole["fact_date"]
    if isinstance(facts.get("fact_date"), str):
        day = oracle.days_of(facts["fact_date"])[0]
    known = {
        name: value
        for name, value in facts.items()
        if not isinstance(value, dict) or value == oracle.NOT_APPLICABLE
    }
    values = oracle.settle({**whole, **known, "fact_date": day}, oracle.silences(facts))
    complete = {
        name: oracle.NOT_APPLICABLE if value is None else value for name, value in values.items()
    }
    announced = assess(law, facts).outcome
    reached = assess(law, complete).outcome
    allowed = {announced} if announced != oracle.FACTS else set(oracle.LIGHT)
    assert reached in (allowed | {oracle.OUT} if announced == oracle.EXCLUDED else allowed)


@settings(EXACT, max_examples=90)
@given(facts=sheets(), whole=complete_cases(), data=st.data())
def test_one_more_answer_never_turns_green_into_red_or_red_into_green(
    law: Law, facts: Facts, whole: Facts, data: st.DataObject
) -> None:
    still_open = [name for name in whole if not _is_answer(facts.get(name))]
    if not still_open:
        return
    name = data.draw(st.sampled_from(still_open))
    lights = {assess(law, facts).light, assess(law, {**facts, name: whole[name]}).light}
    assert lights != {"green", "red"}


def _is_answer(value: object) -> bool:
    return value is not None and not isinstance(value, dict)


@settings(EXACT, max_examples=100)
@given(
    case=complete_cases(),
    charge=st.sampled_from([c for c, name in CLASS_OF.items() if name in oracle.ALWAYS_EXCLUDED]),
)
def test_an_excluded_charge_more_never_improves_a_case(law: Law, case: Facts, charge: str) -> None:
    """Green, then amber, then red: an excluded charge more never climbs, and never stays green.

    It turns a case red where no principal charge is left standing, and amber (one of several)
    where one is.
    """
    before = assess(law, case)
    after = assess(law, {**case, "charges": [*case["charges"], charge]})
    assert RANK[after.light] <= RANK[before.light]
    assert after.light != "green"
    if before.light == "green":
        principals = [c for c in case["charges"] if CLASS_OF[c] != "accessory"]
        assert after.outcome == (oracle.JUDGE if principals else oracle.EXCLUDED)


@settings(EXACT, max_examples=70)
@given(
    case=complete_cases(),
    flag=st.sampled_from(
        ["death_charged", "gravest_injury_charged", "foreign_armed_action_charged"]
    ),
)
def test_a_graver_accusation_never_improves_a_case(law: Law, case: Facts, flag: str) -> None:
    before = assess(law, {**case, flag: False})
    after = assess(law, {**case, flag: True})
    assert RANK[after.light] <= RANK[before.light]


@settings(EXACT, max_examples=40)
@given(facts=sheets(), data=st.data())
def test_the_order_of_charges_and_their_repetition_change_nothing(
    law: Law, facts: Facts, data: st.DataObject
) -> None:
    charges = facts.get("charges")
    if not isinstance(charges, list):
        return
    shuffled = data.draw(st.permutations([*charges, *charges]))
    assert assess(law, {**facts, "charges": shuffled}) == assess(law, facts)


@settings(EXACT, max_examples=60)
@given(facts=narrow_cases())
def test_a_span_of_days_is_the_union_of_its_days(law: Law, facts: Facts) -> None:
    text = facts.get("fact_date")
    if not isinstance(text, str):
        return
    days = oracle.representatives(*oracle.days_of(text))
    each = [assess(law, {**facts, "fact_date": day}).outcome for day in days]
    assert assess(law, facts).outcome == oracle.fold(each)


@settings(EXACT, max_examples=15)
@given(
    facts=st.dictionaries(
        st.sampled_from(oracle.DECIDING),
        st.sampled_from(oracle.UNKNOWN),
    )
)
def test_a_sheet_of_non_answers_is_amber(law: Law, facts: Facts) -> None:
    found = assess(law, facts)
    assert (found.outcome, found.light) == (oracle.FACTS, "amber")


def test_every_rule_of_a_blank_sheet_is_open(law: Law) -> None:
    assert {ground.truth for ground in assess(law, {}).grounds} == {"unknown"}


def test_what_decides_nothing_changes_nothing(law: Law) -> None:
    """Next steps read these facts; the outcome must not."""
    case: Facts = {
        **PLAIN,
        "event": "presidencial_2024",
        "fact_date": "2024-07-29",
        "charges": ["terrorismo"],
    }
    more: Facts = {
        "situation": "detained",
        "petition": "denied",
        "arrest_date": "2026-11",
        "phase": "sentence",
        "minor_at_fact": True,
    }
    assert assess(law, {**case, **more}) == assess(law, case)
