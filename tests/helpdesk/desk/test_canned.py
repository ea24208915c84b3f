"""Prepared replies say what the guidance says and no more, and show that nobody signed them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from pydantic import ValidationError

from helpdesk.desk import canned
from helpdesk.desk.canned import Canned, Review, Status
from helpdesk.desk.case import Category
from helpdesk.desk.outgoing_filter import holds
from locales import LANGUAGES, Catalogue, lexicon, load

FIGURE = re.compile(
    r"artículo \d+|\d+ (?:días|horas)(?: seguidos| hábiles)?|(?:de|En) \w+ de 20\d\d|URDD|\b47\b"
)
IDS = [one.id for one in canned.every()]


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return load()


def test_every_reply_has_words_and_all_words_a_reply(words: Catalogue) -> None:
    needed = {part.key for one in canned.every() for part in (one.title, one.text)}
    assert needed == {key for key in words.keys if key.startswith("canned.")}
    assert len(set(IDS)) == len(IDS) >= 12
    assert {category for one in canned.every() for category in one.categories} >= {
        Category.PAPERS,
        Category.COURT,
        Category.MEASURES,
        Category.WHEREABOUTS,
        Category.MONEY,
    }


@pytest.mark.parametrize("canned_id", IDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_may_go_to_a_family_as_it_stands(canned_id: str, language: str) -> None:
    words = load(language)
    text = words.text(f"canned.{canned_id}.text")
    assert holds(text) == ()
    assert lexicon.faults(text, "desk.reply", language) == []
    assert text == words.plain(f"canned.{canned_id}.text")  # it is sent without tags
    assert len(text) <= 900
    assert len(words.plain(f"canned.{canned_id}.title")) <= 40


@pytest.mark.parametrize("canned_id", IDS)
def test_a_reply_is_not_firmer_than_the_guidance(words: Catalogue, canned_id: str) -> None:
    """Every article, term and date in it stands in a step or page that a lawyer is shown."""
    guidance = " ".join(
        words.plain(message.key)
        for message in words
        if message.key.startswith(("step.", "page.", "command.privacy_text"))
        and not message.placeholders
    )
    told = FIGURE.findall(words.plain(f"canned.{canned_id}.text"))
    assert [figure for figure in told if figure.lower() not in guidance.lower()] == []


def test_those_of_a_category_come_first() -> None:
    assert sorted(one.id for one in canned.for_category(Category.MONEY)) == sorted(IDS)
    ordered = [one.id for one in canned.for_category(Category.MONEY)]
    assert ordered[:3] == ["no_fare", "money", "closing"]
    assert canned.get("money") is not None
    assert canned.get("nothing") is None


def test_a_signature_is_of_these_very_words(
    words: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    money = canned.get("money")
    assert money is not None
    signed = canned.words_hash(money, words)
    assert canned.status("money", words) is Status.DRAFT
    for stored, expected in ((signed, Status.REVIEWED), ("0" * 64, Status.CHANGED)):
        review = Review(on=date(2026, 11, 21), by_role="abogada", words=stored)
        reviewed = money.model_copy(update={"reviewed": review})
        monkeypatch.setattr(canned, "every", lambda one=reviewed: (one,))
        assert canned.status("money", words) is expected


def test_a_faulty_entry_is_refused() -> None:
    with pytest.raises(ValidationError):
        Canned.model_validate({"id": "money", "categories": ["gossip"], "reviewed": None})
    with pytest.raises(ValidationError):
        Canned.model_validate({"id": "money", "categories": []})
