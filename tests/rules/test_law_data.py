"""The law files against the tables of the design, and what their hash and their reviews mean."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import rules
from rules import Law, Laws, Span
from rules.comparisons import asker
from rules.conditions import OneOf, evaluate
from rules.loader import LAWS_FOLDER, SHARED_FILES, load
from rules.sheet import read_sheet
from rules.truth import Truth
from tests.rules.tables import (
    AS_OF,
    CLASSES,
    DENIED,
    EVENTS,
    FLAGS,
    LASTING,
    MAY_NOT_APPLY,
    NEXT_STEPS_ONLY,
    PETITIONS,
    SITUATIONS,
    WINDOWS,
    Facts,
    Window,
)

VERSION = "2026-02-19"
STATUS = {
    "codified": {"1", "6", "7", "8", "9", "16"},
    "no_effect": {"2", "3"},
    "cannot_codify": {"4", "5"},
    "procedure": {"10", "11", "12", "13", "14", "15"},
}


def spans(windows: tuple[Window, ...]) -> tuple[Span, ...]:
    return tuple(Span(date.fromisoformat(a), date.fromisoformat(b)) for a, b in windows)


def test_the_law_is_the_one_of_the_gazette(law: Law) -> None:
    assert (law.id, law.version, law.in_force) == ("amnistia", VERSION, date(2026, 2, 19))
    assert law.period == Span(date(1999, 1, 1), date(2026, 2, 19))
    assert law.gazette == "G.O. Ext. 6.990"


def test_all_sixteen_articles_are_there_with_their_status(law: Law) -> None:
    assert [article.article for article in law.articles] == [str(n) for n in range(1, 17)]
    for status, numbers in STATUS.items():
        assert {a.article for a in law.articles if a.status == status} == numbers
    assert all(article.paraphrase and article.sources for article in law.articles)


def test_the_thirteen_events_have_exactly_the_windows_of_the_design(law: Law) -> None:
    assert list(law.events) == list(WINDOWS)
    for number, (name, (certain, disputed)) in enumerate(WINDOWS.items(), start=1):
        event = law.events[name]
        assert event.numeral == str(number)
        assert event.numeral_confirmed is (number == 10)
        assert event.certain == spans(certain)
        assert event.disputed == spans(disputed)
        assert event.acts_of_members is (name == "asamblea_2016_2021")


def test_the_seventy_two_charges_have_their_class(law: Law) -> None:
    assert len(law.charges) == 72
    found = {
        name: {c.id for c in law.charges.values() if c.charge_class == name} for name in CLASSES
    }
    assert found == {name: set(charges) for name, charges in CLASSES.items()}
    assert list(law.classes) == list(CLASSES)
    assert {c.id for c in law.charges.values() if c.lasting} == LASTING
    assert all(charge.synonyms and charge.legal_source for charge in law.charges.values())


def test_the_vocabulary_is_the_table_of_the_design(law: Law) -> None:
    values = {name: fact.values for name, fact in law.facts.items() if fact.kind == "choice"}
    assert values == {
        "event": EVENTS,
        "military_status": ("civilian", "active", "retired", "police"),
        "jurisdiction": ("ordinary", "terrorism", "military", "adolescent"),
        "situation": SITUATIONS,
        "petition": PETITIONS,
        "phase": ("no_court", "control", "trial", "sentence"),
    }
    kinds = {name: fact.kind for name, fact in law.facts.items() if fact.kind != "choice"}
    assert kinds == {
        "fact_date": "span",
        "arrest_date": "span",
        "charges": "charges",
        "assembly_member": "flag",
        "alleged_to_continue": "flag",
        "minor_at_fact": "flag",
        **dict.fromkeys(FLAGS, "flag"),
    }
    assert {f.id for f in law.facts.values() if f.may_not_apply} == set(MAY_NOT_APPLY)
    assert {f.id for f in law.facts.values() if f.use == "next_steps"} == set(NEXT_STEPS_ONLY)


def test_the_one_denial_and_the_one_note(law: Law) -> None:
    (denial,) = law.denials
    assert (denial.event, set(denial.charges)) == DENIED
    assert denial.decided_on == date(2026, 2, 27)
    (note,) = law.notes
    assert (note.event, note.charges) == ("presidencial_2024", ("terrorismo",))


@pytest.mark.parametrize(
    ("fact", "facts", "asked"),
    [
        ("assembly_member", {"event": "asamblea_2016_2021"}, Truth.YES),
        ("assembly_member", {"event": "protestas_2017"}, Truth.NO),
        ("assembly_member", {"event": "none"}, Truth.NO),
        ("assembly_member", {}, Truth.UNKNOWN),
        ("alleged_to_continue", {"charges": ["terrorismo", "asociacion"]}, Truth.YES),
        ("alleged_to_continue", {"charges": ["terrorismo"]}, Truth.NO),
        ("alleged_to_continue", {"charges": []}, Truth.NO),
        ("alleged_to_continue", {}, Truth.UNKNOWN),
        ("jurisdiction", {"charges": ["motin"], "military_status": "civilian"}, Truth.YES),
        ("jurisdiction", {"charges": ["rebelion_militar"]}, Truth.YES),
        ("jurisdiction", {"charges": ["terrorismo"], "military_status": "active"}, Truth.YES),
        ("jurisdiction", {"charges": ["terrorismo"], "military_status": "retired"}, Truth.YES),
        ("jurisdiction", {"charges": ["terrorismo"], "military_status": "police"}, Truth.YES),
        ("jurisdiction", {"charges": ["terrorismo"], "military_status": "civilian"}, Truth.NO),
        ("jurisdiction", {"charges": ["terrorismo"]}, Truth.UNKNOWN),
        ("jurisdiction", {"military_status": "civilian"}, Truth.UNKNOWN),
    ],
)
def test_when_a_fact_is_asked(law: Law, fact: str, facts: Facts, asked: Truth) -> None:
    condition = law.facts[fact].asked_when
    assert condition is not None
    assert evaluate(condition, asker(law, read_sheet(law, facts))).truth is asked


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (True, Truth.YES),
        (False, Truth.NO),
        ({"unknown": "does_not_know"}, Truth.UNKNOWN),
        ({"unknown": "prefers_not_to_say"}, Truth.UNKNOWN),
        ({"unknown": "does_not_apply"}, Truth.NO),
        (None, Truth.UNKNOWN),
    ],
)
def test_what_a_comparison_makes_of_each_answer(law: Law, answer: object, expected: Truth) -> None:
    facts: Facts = {"event": "asamblea_2016_2021"}
    if answer is not None:
        facts["assembly_member"] = answer
    atom = OneOf("assembly_member", frozenset({True}))
    assert asker(law, read_sheet(law, facts))(atom) is expected


def test_only_three_facts_wait_to_be_asked(law: Law) -> None:
    waiting = {fact.id for fact in law.facts.values() if fact.asked_when is not None}
    assert waiting == {"assembly_member", "jurisdiction", "alleged_to_continue"}


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("2024-07-29", ("presidencial_2024",)),
        ("2024-07-01", ("presidencial_2024",)),
        ("2017-04-19", ("protestas_2017", "asamblea_2016_2021")),
        ("2019-04-30", ("enero_abril_2019", "asamblea_2016_2021")),
        ("2020-05-03", ("asamblea_2016_2021",)),
        ("2021-06", ("asamblea_2016_2021",)),
        ("2022", ()),
        ("2025-01-15/2025-05-10", ("regionales_2025", "presidencial_2024")),
        ("2025-01-31/2025-02-01", ("presidencial_2024", "regionales_2025")),
        ("2004", ("referendo_2004",)),
    ],
)
def test_the_events_of_a_day_certain_first_the_assembly_last(
    law: Law, span: str, expected: tuple[str, ...]
) -> None:
    assert law.events_on(Span.parse(span)) == expected


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(LAWS_FOLDER / "amnistia", tmp_path / "amnistia")
    return tmp_path


def _load(folder: Path) -> Law:
    load.cache_clear()
    return load(folder).get("amnistia", as_of=AS_OF)


@pytest.mark.parametrize("name", [f"{VERSION}.yaml", *SHARED_FILES])
def test_the_hash_covers_every_file_but_the_reviews(law: Law, copy: Path, name: str) -> None:
    assert _load(copy).law_hash == law.law_hash
    path = copy / "amnistia" / name
    path.write_text(path.read_text("utf-8") + "# one comment more\n", "utf-8")
    assert (_load(copy).law_hash == law.law_hash) is (name == "reviews.yaml")


def _review(law_hash: str, version: str = VERSION) -> str:
    return f"""reviews:
  - version: {version}
    law_hash: {law_hash}
    wording_hash: {"0" * 64}
    signed_by: una abogada
    signed_on: 2026-11-01
"""


def test_a_law_is_a_draft_until_its_hash_is_signed(law: Law, copy: Path) -> None:
    reviews = copy / "amnistia" / "reviews.yaml"
    assert law.status == "draft"
    reviews.write_text(_review("f" * 64), "utf-8")
    assert _load(copy).status == "draft"
    reviews.write_text(_review(law.law_hash, version="2026-02-05"), "utf-8")
    assert _load(copy).status == "draft"
    reviews.write_text(_review(law.law_hash), "utf-8")
    signed = _load(copy)
    assert signed.status == "reviewed"
    assert signed.signed_wording == {"0" * 64}
    assert rules.assess(signed, {}, as_of=AS_OF).status == "reviewed"


def test_a_signature_ends_when_the_law_file_changes(law: Law, copy: Path) -> None:
    home = copy / "amnistia"
    (home / "reviews.yaml").write_text(_review(law.law_hash), "utf-8")
    charges = home / "charges.yaml"
    charges.write_text(charges.read_text("utf-8") + "# one comment more\n", "utf-8")
    assert _load(copy).status == "draft"


def test_the_law_in_force_is_chosen_by_the_day(laws: Laws, law: Law) -> None:
    assert laws.names == ("amnistia",)
    assert laws.versions_of("amnistia") == (VERSION,)
    assert laws.get("amnistia", as_of=law.in_force) == law
    assert laws.get("amnistia", as_of=AS_OF, version=VERSION) == law
    with pytest.raises(LookupError, match="2026-02-19"):
        laws.get("amnistia", as_of=date(2026, 2, 18))
    with pytest.raises(KeyError, match="amnistia"):
        laws.get("indulto", as_of=AS_OF)
    with pytest.raises(KeyError, match=VERSION):
        laws.get("amnistia", as_of=AS_OF, version="2026-02-05")


def test_no_verb_answers_for_a_day_before_the_law(law: Law) -> None:
    eve = date(2026, 2, 18)
    for verb in (rules.assess, rules.missing, rules.next_question):
        with pytest.raises(ValueError, match="2026-02-19"):
            verb(law, {}, as_of=eve)


def test_the_library_raises_every_fault_of_the_facts_and_says_nothing_of_what_was_written(
    law: Law,
) -> None:
    with pytest.raises(rules.InvalidCase) as raised:
        rules.assess(law, {"event": "la boda de Ana", "fact_date": "ayer"}, as_of=AS_OF)
    assert [fault.code for fault in raised.value.faults] == ["bad_value", "bad_date"]
    assert str(raised.value) == "facts.event: bad_value; facts.fact_date: bad_date"


def test_a_law_is_equal_to_itself_alone(law: Law) -> None:
    assert law != "amnistia"
    assert len({law, law}) == 1


def test_every_public_name_is_there_and_sorted() -> None:
    assert rules.__all__ == sorted(rules.__all__)
    assert all(hasattr(rules, name) for name in rules.__all__)
