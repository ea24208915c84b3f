"""What the interview says, held against the design: lengths, openings, and what Faro never does."""

from __future__ import annotations

import pytest

from helpdesk.context import Context
from helpdesk.conversation import COMMAND_VIEWS
from helpdesk.questions import GROUP_MARKS, QUESTIONS
from helpdesk.routes import Route
from helpdesk.screens import ROUTE_VIEWS
from helpdesk.typed_dates import Unread
from locales import Catalogue, lexicon
from rules import Law

SENSITIVE = ("charges", "group", "group_charges", "assembly", "jurisdiction")


@pytest.fixture(scope="module")
def words(context: Context) -> Catalogue:
    return context.catalogue


def test_every_question_can_be_asked_explained_and_changed(words: Catalogue) -> None:
    for question in QUESTIONS.values():
        assert f"ask.{question.id}" in words
        assert f"why_ask.{question.id}" in words
        assert f"button.change.{question.id}" in words
        for value in question.values:
            assert f"{question.options}{value}" in words
    for mark in GROUP_MARKS:
        assert f"ask.group.option.{mark}" in words


def test_every_charge_and_event_has_a_name(words: Catalogue, law: Law) -> None:
    assert all(f"charge.{one}" in words for one in law.charges)
    assert all({f"event.{one}", f"event.{one}.short"} <= words.keys for one in law.events)


def test_every_rule_can_be_said(words: Catalogue, law: Law) -> None:
    for rule in law.rules:
        for truth in ("yes", "no", "unknown"):
            assert f"rule.{rule}.{truth}" in words


def test_every_route_date_and_command_has_its_answer(words: Catalogue) -> None:
    assert all(f"route.{route}" in words for route in Route)
    assert set(ROUTE_VIEWS.values()) == set(Route)
    assert all(f"notice.date.{why}" in words for why in Unread)
    for name in ("start", "borrar", "cancelar", *COMMAND_VIEWS):
        assert f"command.{name}" in words


@pytest.mark.parametrize("question", SENSITIVE)
def test_a_sensitive_question_asks_what_the_papers_say(words: Catalogue, question: str) -> None:
    asked = words.plain(f"ask.{question}")
    sentences = [one for one in asked.split("\n\n") if not one.startswith("Puede no contestar.")]
    assert any(one.startswith("¿En los papeles dice") for one in sentences), asked


def test_no_question_asks_what_the_person_did(words: Catalogue) -> None:
    """Design 9.1: what is asked of the person is a state, or stands behind "en los papeles"."""
    for message in words:
        if message.key.startswith("ask.") and ".option." not in message.key:
            for form in message.forms:
                for sentence in form.replace("\n", " ").split("¿")[1:]:
                    asked = sentence.split("?")[0]
                    about = "familiar" in asked or " él " in asked or " ella " in asked
                    if about and not asked.startswith("En los papeles"):
                        assert asked in (
                            "Ya pidieron la amnistía para su familiar",
                            "Cómo está hoy su familiar",
                        )


@pytest.mark.parametrize("lever", ["extranjer", "muert", "drog", "mató"])
def test_what_would_change_it_never_names_a_lever(words: Catalogue, lever: str) -> None:
    """Design 9.2."""
    assert lever not in words.plain("page.change_it") + words.plain("page.change_nothing")


def test_the_opening_is_long_enough_to_hide_what_follows(words: Catalogue) -> None:
    for key in ("start.hello", "result.opening", "notice.quiet_opening"):
        text = words.plain(key)
        assert len(text) >= lexicon.OPENING
        assert not lexicon.opening_faults(text, key)


def test_the_start_says_it_is_no_scam(words: Catalogue) -> None:
    """Design 9.8, word for word."""
    assert (
        "Es gratis. Nunca le pediremos nombre, cédula, dinero ni código. "
        "Nunca le escribimos primero por otra cuenta."
    ) in words.plain("start.hello")


def test_distress_gets_no_number_and_no_person_that_is_not_there(words: Catalogue) -> None:
    text = words.plain("route.distress")
    assert not any(letter.isdigit() for letter in text)
    assert "prefiere hablar con una persona" not in text


def test_an_appeal_is_never_left_for_another_day(words: Catalogue) -> None:
    """Design 9.11."""
    for key in ("step.appeal_now", "result.first.appeal_now"):
        assert "ueden ser sólo 5 días hábiles: confírmelo hoy" in words.plain(key)
