"""The next steps fit whoever reads them: in order, never a bare no, nothing filed twice."""

from __future__ import annotations

from itertools import product

import pytest

from helpdesk.guidance import RED, Position, other_routes, steps
from locales import Catalogue, load

OUTCOMES = (
    None,
    "likely_covered",
    "needs_facts",
    "needs_judge",
    "readings_differ",
    "not_covered",
    "likely_excluded",
)
PETITIONS = (
    None,
    "not_filed",
    "filed_no_answer",
    "denied",
    "granted_with_paper",
    "release_order_only",
)
SITUATIONS = (
    None,
    "detained",
    "released_with_measures",
    "abroad",
    "wanted",
    "whereabouts_unknown",
    "fully_free",
)
EVERYONE = [
    Position(outcome, petition, situation, phase, military, adolescent, civilian)
    for outcome, petition, situation, phase, military, adolescent, civilian in product(
        OUTCOMES,
        PETITIONS,
        SITUATIONS,
        (None, "no_court", "sentence"),
        (False, True),
        (False, True),
        (False, True),
    )
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (
            Position("likely_covered", "filed_no_answer", "released_with_measures"),
            ("defender_filed", "proof_of_filing", "fifteen_days", "keep_presentations"),
        ),
        (Position("likely_covered", "denied", "detained"), ("appeal_now", "written_refusal")),
        (Position(None, "granted_with_paper", None), ("certified_copy", "tell_registries")),
        (
            Position("likely_covered", "release_order_only", "detained"),
            ("release_order_is_not_closure", "defender_files"),
        ),
        (
            Position("likely_covered", "not_filed", "abroad"),
            ("lawyer_before_moving", "power_of_attorney", "personal_appearance"),
        ),
        (
            Position("needs_judge", "not_filed", "wanted"),
            ("lawyer_before_moving", "power_of_attorney", "personal_appearance"),
        ),
        (Position("needs_facts"), ("which_papers", "defender_files")),
        (Position(None, None, "whereabouts_unknown"), ("amparo_whereabouts",)),
        (
            Position("not_covered", "not_filed", "detained"),
            ("defender_looks", "commission", "health_route"),
        ),
        (
            Position("likely_covered", "filed_no_answer", "abroad"),
            ("lawyer_before_moving", "power_of_attorney", "personal_appearance", "defender_filed"),
        ),
        (
            Position("needs_judge", "not_filed", "detained", civilian_tried_as_soldier=True),
            ("ngo_lawyer", "civilian_court", "defender_files"),
        ),
    ],
)
def test_what_comes_first(at: Position, first: tuple[str, ...]) -> None:
    assert steps(at)[: len(first)] == first


def test_red_is_never_a_bare_no() -> None:
    for at in EVERYONE:
        if at.outcome in RED and not at.closed:
            found = steps(at)
            assert {"commission", "defender_looks", "if_you_disagree"} <= set(found)
            assert {"health_route", "appeal_now"} & set(found) or not at.near
            assert {"commission", "defender_looks"} <= set(other_routes(at))


def test_nobody_is_told_to_file_what_was_filed_or_refused() -> None:
    for at in EVERYONE:
        if at.petition in ("filed_no_answer", "denied", "granted_with_paper"):
            assert not {"defender_files", "refused_reception", "who_may_file"} & set(steps(at))


def test_red_does_not_count_the_days_of_a_petition_that_nobody_filed() -> None:
    for at in EVERYONE:
        if at.red and at.must_file:
            waiting = {"proof_of_filing", "fifteen_days", "personal_appearance"}
            assert not waiting & set(steps(at))


def test_a_counter_in_caracas_is_not_for_those_who_are_away() -> None:
    for at in EVERYONE:
        if at.away:
            near = {"defender_files", "refused_reception", "who_may_file", "which_court"}
            assert not (near | {"health_route"}) & set(steps(at))


def test_whoever_is_searching_is_given_the_search_and_no_petition() -> None:
    assert steps(Position(None, "not_filed", "whereabouts_unknown")) == (
        "amparo_whereabouts",
        "keep_asking",
        "ngo_lawyer",
        "free_of_charge",
    )


def test_nobody_away_is_told_anything_before_a_lawyer() -> None:
    for at in EVERYONE:
        if at.situation in ("abroad", "wanted"):
            assert steps(at)[0] == "lawyer_before_moving"


def test_conditions_are_kept_until_the_decision_is_in_hand() -> None:
    for at in EVERYONE:
        if at.situation == "released_with_measures" and not at.closed:
            assert "keep_presentations" in steps(at)


def test_every_step_has_its_words_and_its_line(catalogue: Catalogue) -> None:
    for at in EVERYONE:
        for step in (*steps(at), *other_routes(at)):
            assert f"step.{step}" in catalogue
            assert f"result.first.{step}" in catalogue


def test_every_step_written_is_given_to_somebody(catalogue: Catalogue) -> None:
    given = {step for at in EVERYONE for step in (*steps(at), *other_routes(at))}
    written = {key.removeprefix("step.") for key in catalogue.keys if key.startswith("step.")}
    assert written == given


def test_the_step_about_the_commission_warns_first(catalogue: Catalogue) -> None:
    for key in ("step.commission", "result.first.commission", "page.commission_warning"):
        text = catalogue.plain(key)
        assert "es un órgano del Estado" in text.replace("Es un", "es un")
        assert "usted decide" in text
