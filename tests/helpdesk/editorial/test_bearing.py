"""A withdrawn rule withholds an outcome wherever it could have made another one, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.editorial import things
from helpdesk.editorial.bearing import EVERY, bears
from helpdesk.editorial.editorial import Editorial
from helpdesk.interview import Assessor

JULY_2024 = {
    "fact_date": "2024-07-29",
    "event": "presidencial_2024",
    "military_status": "civilian",
    "charges": ["terrorismo"],
    "death_charged": False,
    "gravest_injury_charged": False,
    "foreign_armed_action_charged": False,
    "alleged_to_continue": False,
}
OUT = {**JULY_2024, "fact_date": "2018-05-03", "event": "none"}
REBELLION = {
    **JULY_2024,
    "fact_date": "2018-12-03",
    "event": "none",
    "charges": ["rebelion_militar"],
}


def weighs(look: Assessor, rule: str, told: dict[str, Any]) -> bool:
    return bears(look.law, look.determine(told), told, {rule})


@pytest.mark.parametrize(
    ("rule", "told", "wanted"),
    [
        ("evento_presidencial_2024", JULY_2024, True),
        ("evento_protestas_2014", JULY_2024, False),
        ("evento_primarias_2023", JULY_2024, False),
        ("homicidio", JULY_2024, False),
        ("homicidio", {**JULY_2024, "charges": ["homicidio_intencional"]}, True),
        ("drogas", JULY_2024, False),
        ("cese", JULY_2024, False),
        ("cese", {**JULY_2024, "alleged_to_continue": {"unknown": "does_not_know"}}, True),
        # A day that no event holds: the windows of those near it may be what is wrong.
        ("evento_enero_abril_2019", OUT, True),
        ("evento_protestas_2017", OUT, True),
        ("evento_presidencial_2024", OUT, False),
        ("evento_asamblea_2016_2021", {**OUT, "assembly_member": False}, False),
        ("ningun_hecho", OUT, True),
        # The event that she answered, although the day is another's.
        ("evento_protestas_2014", {**OUT, "event": "protestas_2014"}, True),
        # The charge is the rule's, the day is just outside what the rule says.
        ("rebelion_militar_2019", REBELLION, True),
        ("rebelion_militar_2019", {**REBELLION, "fact_date": "2014-03-03"}, False),
        ("rebelion_militar_2019", JULY_2024, False),
        ("tiempo_de_la_ley", JULY_2024, False),
        ("tiempo_de_la_ley", {**JULY_2024, "fact_date": "2026-02-01"}, True),
        ("hechos_posteriores", {**JULY_2024, "fact_date": "2026-03"}, True),
    ],
)
def test_a_rule_bears_on_what_it_could_have_made_otherwise(
    look: Assessor, rule: str, told: dict[str, Any], wanted: bool
) -> None:
    assert weighs(look, rule, told) is wanted


def test_an_open_fact_leaves_every_rule_of_it_open(look: Assessor) -> None:
    silent = {"petition": "not_filed"}
    for rule in look.law.rules:
        assert weighs(look, rule, silent)


def test_every_rule_at_once_bears_on_everything(look: Assessor) -> None:
    for told in (JULY_2024, OUT, REBELLION, {}):
        assert weighs(look, EVERY, told)


def test_a_withdrawn_reading_of_the_courts_withholds_what_rests_on_it(look: Assessor) -> None:
    rebellion = {
        **JULY_2024,
        "fact_date": "2017-08-06",
        "event": "protestas_2017",
        "charges": ["rebelion_militar"],
        "military_status": "active",
    }
    found = look.determine(rebellion)
    assert found.outcome == "readings_differ"
    reading = Editorial(frozenset({"answer:reading.practice.paramacay_2017"}))
    assert reading.reviews(look.law, found, rebellion)
    assert not reading.reviews(look.law, look.determine(JULY_2024), JULY_2024)


def test_nothing_withdrawn_withholds_nothing(look: Assessor) -> None:
    assert not look.reviews(JULY_2024)
    only_a_text = look.under(Editorial(frozenset({"answer:step.appeal_now"})))
    assert not only_a_text.reviews(JULY_2024)
    assert look.under(Editorial(frozenset({things.EVERY_RULE}))).reviews(JULY_2024)
