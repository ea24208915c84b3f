"""Promise: Faro never says "parece entrar" wrongly.

"Parece entrar" (`likely_covered`, the green light) is said only of a sheet all of whose
completions are covered by the text, with nothing left to a judge, to a paper not yet seen, or to
the practice of courts. An exclusion that could still apply, a fact that nobody knows, a charge
that nobody recognises: each keeps the light from being green. The reading that says so is a naive
one, written apart from the engine.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules import Law, Outcome
from tests.rules import oracle
from tests.rules.sheets import complete_cases, narrow_cases, sheets
from tests.rules.tables import AS_OF, CLASS_OF, PLAIN, Facts

EXACT = settings(derandomize=True, database=None, deadline=None)
LAW = rules.load().get("amnistia", as_of=AS_OF)
GREEN: Facts = {
    **PLAIN,
    "event": "presidencial_2024",
    "fact_date": "2024-07-29",
    "charges": ["terrorismo"],
    "jurisdiction": "ordinary",
}
NOT_SAFE = sorted(c for c, name in CLASS_OF.items() if name not in ("event_decides", "accessory"))


def outcome(facts: Facts, law: Law = LAW) -> Outcome:
    return rules.assess(law, facts, as_of=AS_OF).outcome


@settings(EXACT, max_examples=100)
@given(facts=narrow_cases())
def test_green_means_that_every_completion_is_covered_by_the_text(facts: Facts) -> None:
    if outcome(facts) == "likely_covered":
        assert set(oracle.all_outcomes(facts).values()) == {oracle.COVERED}


@settings(EXACT, max_examples=100)
@given(facts=sheets())
def test_green_is_never_said_of_a_sheet_with_a_hole_that_matters(facts: Facts) -> None:
    found = rules.assess(LAW, facts, as_of=AS_OF)
    if found.outcome != "likely_covered":
        return
    assert not found.missing
    for name in ("event", "fact_date", "charges", "death_charged", "foreign_armed_action_charged"):
        assert not isinstance(facts.get(name), dict)
        assert name in facts


@settings(EXACT, max_examples=80)
@given(case=complete_cases(), other=st.sampled_from(NOT_SAFE))
def test_green_never_survives_a_charge_that_is_not_safe(case: Facts, other: str) -> None:
    assert outcome({**case, "charges": [*case["charges"], other]}) != "likely_covered"


@settings(EXACT, max_examples=60)
@given(data=st.data())
def test_green_never_survives_one_answer_taken_back(data: st.DataObject) -> None:
    """The story is green; with any deciding answer taken back, in any way, it is not."""
    assert outcome(GREEN) == "likely_covered"
    name = data.draw(
        st.sampled_from(
            [
                "event",
                "fact_date",
                "charges",
                "military_status",
                "death_charged",
                "gravest_injury_charged",
                "foreign_armed_action_charged",
            ]
        )
    )
    silence: Any = data.draw(st.sampled_from([None, *oracle.UNKNOWN]))
    facts = {**GREEN, name: silence}
    if silence is None:
        del facts[name]
    if name == "military_status":
        del facts["jurisdiction"]
    assert outcome(facts) == "needs_facts"


@settings(EXACT, max_examples=20)
@given(
    flag=st.sampled_from(
        [
            "death_charged",
            "gravest_injury_charged",
            "foreign_armed_action_charged",
            "alleged_to_continue",
        ]
    )
)
def test_green_never_survives_what_the_accusation_adds(flag: str) -> None:
    assert outcome({**GREEN, flag: True}) == "needs_judge"


def test_green_is_never_said_for_a_day_that_may_be_disputed() -> None:
    for days in ("2024-07", "2024", "2024-07-27", "2024-08-31/2024-09-01", "2024-12"):
        assert outcome({**GREEN, "fact_date": days}) != "likely_covered"


def test_a_sheet_without_answers_is_never_green() -> None:
    assert outcome({}) == "needs_facts"
