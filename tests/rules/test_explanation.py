"""From a determination to message keys: what it rests on first, and nothing that is not so."""

from __future__ import annotations

import pytest

import rules
from rules import Law, Line
from tests.rules.conftest import Assess
from tests.rules.golden import golden_cases
from tests.rules.tables import AS_OF, PLAIN, Facts

STORY: Facts = {
    **PLAIN,
    "event": "presidencial_2024",
    "fact_date": "2024-07-29",
    "charges": ["terrorismo"],
}
DENIED: Facts = {
    **PLAIN,
    "event": "protestas_2017",
    "fact_date": "2017-08-06",
    "charges": ["traicion_a_la_patria"],
}


def explain(law: Law, facts: Facts, *, shown: bool = True) -> tuple[Line, ...]:
    found = rules.assess(law, facts, as_of=AS_OF)
    return rules.explain(law, found, facts if shown else None)


def test_what_covers_comes_first_and_mixed_practice_is_a_note(law: Law) -> None:
    assert explain(law, STORY) == (
        Line("rule.evento_presidencial_2024.yes", {"event": "presidencial_2024"}),
        Line("note.terrorism_2024"),
    )
    assert explain(law, STORY, shown=False) == (
        Line("rule.evento_presidencial_2024.yes", {"event": "presidencial_2024"}),
    )


def test_readings_that_differ_are_told_apart(law: Law) -> None:
    lines = explain(law, DENIED)
    assert lines[0] == Line("rule.duda_extranjera.unknown")
    assert lines[-2:] == (Line("reading.literal"), Line("reading.practice.paramacay_2017"))
    assert explain(law, DENIED, shown=False)[-2:] == lines[-2:]


def test_out_of_the_events_still_shows_the_exclusion(law: Law) -> None:
    facts = {**STORY, "fact_date": "2024-03-01", "charges": ["homicidio_intencional"]}
    assert [line.key for line in explain(law, facts)] == [
        "rule.evento_presidencial_2024.no",
        "rule.homicidio.yes",
    ]


def test_without_charges_there_is_no_note_of_practice(law: Law) -> None:
    lines = explain(law, {"event": "presidencial_2024", "fact_date": "2024-07-29"})
    assert not [line for line in lines if line.key.startswith("note.")]


@pytest.mark.xdist_group("golden")
def test_every_line_of_every_case_is_a_rule_a_reading_or_a_note(law: Law, assess: Assess) -> None:
    keys = {f"rule.{rule}.{word}" for rule in law.rules for word in ("yes", "no", "unknown")}
    keys |= {"reading.literal", *(f"reading.practice.{denial.id}" for denial in law.denials)}
    keys |= {f"note.{note.id}" for note in law.notes}
    for case in golden_cases():
        lines = rules.explain(law, assess(case), case.facts)
        assert lines, case.name
        assert {line.key for line in lines} <= keys
        assert len(set(map(str, lines))) == len(lines)
