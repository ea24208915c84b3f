"""What a volunteer may see of the answers: no day, no rank, no id, whatever the answers are.

And exactly what the screen of consent names: neither more nor less.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk import desk_sharing
from helpdesk.context import Context
from helpdesk.desk.case import Line, Shared
from helpdesk.interview import Assessor
from helpdesk.state import State
from tests.helpdesk.talk import Talk
from tests.promises import screens
from tests.rules.sheets import SPANS, sheets
from tests.rules.tables import Facts

EXACT = settings(derandomize=True, database=None, deadline=None, max_examples=25)
A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
STEPS = st.fixed_dictionaries(
    {},
    optional={
        "petition": st.sampled_from(["not_filed", "denied", {"unknown": "does_not_know"}]),
        "situation": st.sampled_from(["abroad", "wanted", {"unknown": "prefers_not_to_say"}]),
        "phase": st.sampled_from(["no_court", "sentence"]),
        "minor_at_fact": st.booleans(),
    },
)


def told(answers: dict[str, Any], look: Assessor | None = None) -> State:
    law = (look or screens.look()).law
    return State(law_version=law.version, law_hash=law.law_hash, answers=answers)


def words(context: Context, lines: tuple[Line, ...]) -> list[str]:
    return [context.catalogue.plain(line.key, line.params) for line in lines]


@EXACT
@given(facts=sheets(), steps=STEPS)
def test_no_day_no_rank_and_no_seat_in_an_assembly(facts: Facts, steps: dict[str, Any]) -> None:
    shared = desk_sharing.shared(screens.look(), told({**facts, **steps}))
    assert not A_DAY.search(repr(shared.model_copy(update={"law_version": ""})))
    for word in ("active", "retired", "assembly_member"):
        assert word not in repr(shared.facts)
    lines = words(screens.context(), shared.facts)
    dates = [line for line in lines if line.startswith("La fecha")]
    assert not any(re.search(r"\b\d{1,2} de", line) for line in dates), dates


@EXACT
@given(facts=sheets(), steps=STEPS)
def test_she_agrees_to_what_is_named_and_to_nothing_else(
    facts: Facts, steps: dict[str, Any]
) -> None:
    state = told({**facts, **steps})
    shared = desk_sharing.shared(screens.look(), state)
    shown = [line.params["what"] for line in shared.facts if line.key == desk_sharing.LINE]
    assert shown == [f"@{one}" for one in desk_sharing.named(state)]


@pytest.mark.parametrize("span", SPANS)
def test_a_span_is_told_by_its_months(context: Context, look: Assessor, span: str) -> None:
    shared = desk_sharing.shared(look, told({"fact_date": span}))
    (line,) = (one for one in shared.facts if one.params.get("what") == "@shared.what.month")
    assert not A_DAY.search(str(line.params))
    assert not re.search(r"\b\d{1,2} de ", words(context, (line,))[0])


def test_the_outcome_is_that_of_the_whole_answers(context: Context, talk: Talk) -> None:
    """The last day of the event: its month alone would leave it open."""
    talk.all(["«No, todavía no»", "«Está detenido o detenida»", "29 de julio de 2024"])
    talk.all(["«Sí, esa fecha y por eso»", "«Civil»", "terrorismo", "«Sí, está bien»", "«Ninguna»"])
    shared = desk_sharing.shared(talk.look, talk.state)
    assert shared.outcome == talk.outcome == "likely_covered"
    assert shared.light == "green"
    assert not shared.reviewed
    assert shared.law_version == talk.look.law.version
    assert words(context, shared.facts) == [
        "Si ya la pidieron: No, todavía no",
        "Cómo está hoy: Está detenido o detenida",
        "La fecha sin el día: julio de 2024",
        f"Por qué hecho fue: {context.catalogue.plain('event.presidencial_2024').lower()}",
        "Si era civil o militar: Civil",
        "Los cargos: terrorismo",
        "Lo que la ley deja fuera, según los papeles: Ninguna",
    ]
    assert shared.reasons
    assert shared.missing == ()


@pytest.mark.parametrize("rank", ["Militar activo", "Militar retirado"])
def test_a_soldier_is_a_soldier(context: Context, talk: Talk, rank: str) -> None:
    talk.all(["«No, todavía no»", "«Está detenido o detenida»", "29 de julio de 2024"])
    talk.all(["«Sí, esa fecha y por eso»", f"«{rank}»"])
    lines = words(context, desk_sharing.shared(talk.look, talk.state).facts)
    assert "Si era civil o militar: Militar" in lines
    assert lines[-1] == "Faltan preguntas por contestar."


def test_before_the_end_nothing_is_explained(talk: Talk) -> None:
    talk.press("Dijeron que no")
    shared = desk_sharing.shared(talk.look, talk.state)
    assert shared.reasons == ()
    assert shared.outcome == "needs_facts"
    assert Line(key="fact.fact_date") in shared.missing


def test_silence_is_told_as_silence(context: Context, look: Assessor) -> None:
    silent = {"unknown": "does_not_know"}
    answers = dict.fromkeys(("charges", "event", "death_charged"), silent)
    lines = words(context, desk_sharing.shared(look, told(answers)).facts)
    assert lines[:3] == [
        "Por qué hecho fue: No sé",
        "Los cargos: No sé",
        "Lo que la ley deja fuera, según los papeles: No sé",
    ]


def test_it_can_be_kept_with_the_case(look: Assessor) -> None:
    shared = desk_sharing.shared(look, told({"fact_date": "2024-07-29", "charges": ["terrorismo"]}))
    assert Shared.model_validate(shared.model_dump(mode="json")) == shared
