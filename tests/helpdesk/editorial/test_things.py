"""What can be withdrawn has one short name each, fits a button, and is found by what it says."""

from __future__ import annotations

import pytest

from helpdesk.context import Context
from helpdesk.editorial import finding, naming, published, things
from helpdesk.editorial.published import Contact, Published, Words
from helpdesk.editorial.things import LONGEST, Kind
from helpdesk.interview import Assessor
from tests.helpdesk.talk import NOW
from tests.helpdesk.volunteers import spoken


@pytest.fixture(scope="module")
def every(context: Context) -> dict[Kind, tuple[str, ...]]:
    return things.every(context.catalogue, context.look(NOW).law)


def test_every_kind_of_text_of_a_familys_is_there(
    every: dict[Kind, tuple[str, ...]], context: Context, look: Assessor
) -> None:
    words = context.catalogue
    assert {f"answer:{key}" for key in words.keys if key.startswith("step.")} == set(
        every[Kind.STEP]
    )
    assert {f"rule:{one}" for one in look.law.rules} < set(every[Kind.RULE])
    assert every[Kind.FIGURE] == ("figure:channels", "figure:rejected")
    assert "answer:canned.money" in every[Kind.CANNED]
    assert "answer:route.money" in every[Kind.PAGE]


def test_what_leads_somewhere_is_never_withdrawn(every: dict[Kind, tuple[str, ...]]) -> None:
    names = {one for listed in every.values() for one in listed}
    for key in ("page.erase", "route.erase", "page.change", "command.privacy_text", "ask.petition"):
        assert things.of_key(key) is None
        assert f"answer:{key}" not in names


def test_a_name_fits_a_button_and_says_what_it_is(every: dict[Kind, tuple[str, ...]]) -> None:
    for kind, names in every.items():
        for name in names:
            assert things.is_name(name), name
            assert len(name) <= LONGEST
            assert things.kind_of(name) is kind


@pytest.mark.parametrize("forged", ["", "rule", "rule:", "x:y", "rule:A", "answer:" + "a" * 60])
def test_what_is_no_name_is_none(forged: str) -> None:
    assert not things.is_name(forged)


def test_a_step_and_its_line_in_a_result_are_one_thing(context: Context) -> None:
    assert things.of_key("result.first.appeal_now") == "answer:step.appeal_now"
    assert things.keys("answer:step.appeal_now", context.catalogue) == (
        "step.appeal_now",
        "result.first.appeal_now",
    )


def test_every_thing_has_a_title_and_a_text(
    every: dict[Kind, tuple[str, ...]], look: Assessor
) -> None:
    for words in spoken().values():
        if "editorial.every_rule" not in words:
            continue  # not translated yet
        for names in every.values():
            for name in names:
                title = naming.title(name, words, look.law, published.NOTHING)
                assert 2 < len(title) <= 58, name
                assert title.count("(") == title.count(")") or title.endswith("…"), title
                assert naming.read(name, words, published.NOTHING), name
                assert naming.instead(name, words), name


def test_no_two_buttons_of_a_list_read_alike(
    every: dict[Kind, tuple[str, ...]], look: Assessor
) -> None:
    names = [name for listed in every.values() for name in listed]
    for words in spoken().values():
        if "editorial.every_rule" not in words:
            continue  # not translated yet
        titles = naming.titles(names, words, look.law, published.NOTHING)
        assert sorted(titles) == sorted(set(names))
        shown: dict[str, str] = {}
        for name, title in titles.items():
            assert 2 < len(title) <= 58, name
            assert title not in shown, (name, shown.get(title), title)
            shown[title] = name


def contact() -> Contact:
    what = Words(es="abogados gratis", en="free lawyers")
    return Contact(
        id="nandu",
        name="Defensa Ñandú",
        what=what,
        address="calle 1",
        state=False,
        verified_on="2026-11-01",
        source="llamada",
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cinco dias habiles apelar", "answer:step.appeal_now"),
        ("APELAR habiles confirmelo", "answer:step.appeal_now"),
        ("homicidio intencional", "rule:homicidio"),
        ("puesto en una lista", "answer:route.money"),
        ("6.336 solicitudes fiscales", "figure:channels"),
        ("apostilla registro consulado", "answer:step.power_of_attorney"),
        ("apostiya consulao", "answer:step.power_of_attorney"),
        ("interpol saime oficio", "answer:step.tell_registries"),
        ("Ñandu", "contact:nandu"),
        ("apostille consulate", "answer:step.power_of_attorney"),
    ],
)
def test_words_that_stand_in_a_text_find_it(
    every: dict[Kind, tuple[str, ...]], typed: str, first: str
) -> None:
    names = [*(one for listed in every.values() for one in listed), "contact:nandu"]
    found = finding.find(typed, names, spoken().values(), {"nandu": contact()})
    assert first in found[:3], found
    assert len(found) <= finding.MOST


@pytest.mark.parametrize("typed", ["", "¿?", "zapatos verdes bailando", "xyzxyz"])
def test_words_of_nothing_find_nothing(every: dict[Kind, tuple[str, ...]], typed: str) -> None:
    names = [one for listed in every.values() for one in listed]
    assert finding.find(typed, names, spoken().values(), {}) == ()


def test_a_published_text_is_what_the_team_reads(look: Assessor) -> None:
    file = Published.model_validate(
        {
            "figures": [
                {
                    "id": "rejected",
                    "es": "De cada 100, 30 (octubre de 2026).",
                    "en": "Of every 100, 30 (October 2026).",
                    "as_of": "2026-10",
                    "source": "boletín",
                }
            ],
            "contacts": [contact().model_dump(mode="json")],
        }
    )
    words = spoken()["es"]
    (part,) = naming.read("figure:rejected", words, file)
    assert part.params["text"] == "text:De cada 100, 30 (octubre de 2026)."
    (shown,) = naming.read("contact:nandu", words, file)
    assert "Defensa Ñandú" in str(shown.params["text"])
    assert naming.title("contact:nandu", words, look.law, file) == "Defensa Ñandú"
