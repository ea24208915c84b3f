"""The golden cases: what the law is expected to say of patterns, worked out by hand."""

from __future__ import annotations

import pytest

from rules import Law
from tests.rules.conftest import Assess
from tests.rules.golden import Golden, golden_cases, written
from tests.rules.oracle import LIGHT
from tests.rules.tables import CLASS_OF, WINDOWS, plus

pytestmark = pytest.mark.xdist_group("golden")

# Rules that leave something to somebody's judgement: no fact can make them YES.
NEVER_YES = {
    "ningun_hecho",
    "cese",
    "duda_extranjera",
    "drogas",
    "homicidio_grado",
    "rebelion_militar_otras_fechas",
    "militar_otros",
    "tribunal_militar",
    "cargo_en_disputa",
    "cargo_no_reconocido",
    "accesorio_solo",
    "muerte_sin_cargo",
    "lesion_sin_cargo",
    "accion_extranjera_sin_cargo",
    "varios_cargos",
}


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: case.name)
def test_golden_case(assess: Assess, case: Golden) -> None:
    found = assess(case)
    assert found.outcome == case.outcome
    assert found.light == LIGHT[case.outcome]
    assert tuple(gap.fact for gap in found.missing) == case.missing
    assert [reading.outcome for reading in found.readings] == [case.literal, case.practice]
    if case.decisive is not None:
        decisive = {ground.rule for ground in found.grounds if ground.decisive}
        assert decisive == case.decisive


def test_there_are_enough_cases_and_no_two_share_a_name() -> None:
    names = [case.name for case in golden_cases()]
    assert written() >= 80
    assert len(set(names)) == len(names)


def test_every_determination_says_what_it_rests_on(assess: Assess) -> None:
    for case in golden_cases():
        assert any(ground.decisive for ground in assess(case).grounds), case.name


def test_every_rule_is_reached_with_every_truth_it_can_have(law: Law, assess: Assess) -> None:
    reached: dict[str, set[str]] = {name: set() for name in law.rules}
    for case in golden_cases():
        for ground in assess(case).grounds:
            reached[ground.rule].add(ground.truth)
    expected = {
        name: {"no", "unknown"} if name in NEVER_YES else {"yes", "no", "unknown"}
        for name in law.rules
    }
    assert reached == expected


def test_every_charge_has_a_case_of_its_own(law: Law) -> None:
    alone = {tuple(case.facts["charges"]) for case in golden_cases() if _lists_charges(case)}
    assert {(charge,) for charge in CLASS_OF} <= alone
    assert set(law.charges) == set(CLASS_OF)


def _lists_charges(case: Golden) -> bool:
    return isinstance(case.facts.get("charges"), list)


def test_every_window_has_its_four_days() -> None:
    for event, groups in WINDOWS.items():
        days = {
            case.facts["fact_date"] for case in golden_cases() if case.facts.get("event") == event
        }
        for first, last in (window for group in groups for window in group):
            assert {plus(first, -1), first, last, plus(last, 1)} <= days, event
