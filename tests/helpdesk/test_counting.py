"""Of a conversation only categories are counted, a question once; what is taken is gone."""

from __future__ import annotations

from helpdesk import counting
from helpdesk.counting import Tally
from helpdesk.interview import Assessor
from helpdesk.questions import GROUP_FACTS
from helpdesk.state import DOES_NOT_KNOW, PREFERS_NOT_TO_SAY, State
from store import counters

ALL_FALSE = {fact: False for fact in GROUP_FACTS}


def state(look: Assessor, **answers: object) -> State:
    return State(law_version=look.law.version, law_hash=look.law.law_hash, answers=answers)


def test_a_finished_session_yields_categories_only(look: Assessor) -> None:
    found = counting.finished(
        look,
        state(
            look,
            petition="denied",
            situation="detained",
            fact_date="2024-07-29",
            event="presidencial_2024",
            military_status="civilian",
            charges=["terrorismo", "homicidio_intencional"],
            **ALL_FALSE,
        ),
    )
    assert found == {
        "event=presidencial_2024|outcome=needs_judge": 1,
        "charge_class=several|outcome=needs_judge": 1,
        "outcome=needs_judge|situation=detained": 1,
    }


def test_what_was_not_answered_is_counted_once_a_question(look: Assessor) -> None:
    found = counting.finished(
        look,
        state(
            look,
            petition=DOES_NOT_KNOW,
            situation=PREFERS_NOT_TO_SAY,
            **{fact: DOES_NOT_KNOW for fact in GROUP_FACTS},
        ),
    )
    assert found["question=group|unanswered=does_not_know"] == 1
    assert found["question=petition|unanswered=does_not_know"] == 1
    assert found["outcome=needs_facts|situation=unanswered"] == 1


def test_every_counter_is_one_that_the_store_takes(look: Assessor) -> None:
    for charges in ([], ["terrorismo"], ["otro_cargo", "peculado"], DOES_NOT_KNOW):
        found = counting.finished(look, state(look, charges=charges, event="none"))
        for counter in (*found, *counting.intent("money")):
            assert counters.canonical(counter) == counter


def test_the_tally_gives_what_it_holds_once() -> None:
    tally = Tally()
    tally.add({"intent=money": 1})
    tally.add({"intent=money": 1, "intent=person": 1})
    taken = tally.take()
    assert taken == {"intent=money": 2, "intent=person": 1}
    assert tally.take() == {}
    tally.put_back(taken)
    assert tally.take() == taken
