"""The English words: no firmer than the Spanish, plain, and true about what Faro can read.

That every Spanish message is there, with its names, figures and marks, is ``test_checks``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

import rules
from helpdesk import conversation, result
from helpdesk.context import Context
from helpdesk.interview import Assessor
from helpdesk.state import State
from helpdesk.typed_dates import read
from locales import Catalogue, lexicon
from locales.checks import is_button
from locales.message import without_tags
from rules import Span
from tests.helpdesk.talk import NOW, Talk
from tests.locales.test_words import NEVER_COACHED
from tests.promises.screens import STORIES, step

MONTH = re.compile(
    r"(January|February|March|April|May|June|July|August|September|October|November|December)"
    r"( and \w+)? 20\d\d"
)
STATE_WARNING = "is a State body: your data stay there; you decide"
OUTCOMES = {
    "likely_covered": "It seems to be covered.",
    "needs_facts": "Not clear: a fact is missing.",
    "needs_judge": "Not clear: the judge decides it.",
    "readings_differ": "Not clear: the text and the practice do not match.",
    "not_covered": "It seems to be left out: it is not among the events of the law.",
    "likely_excluded": "It seems to be left out: the law excludes it.",
}
SENSITIVE = ("charges", "group", "group_charges", "assembly", "jurisdiction")
QUOTED = re.compile(r"“([^”]+)”")
NOT_OURS = {"Delete chat"}
"""A button of Telegram's, in its own English."""


@pytest.mark.parametrize(("outcome", "words"), OUTCOMES.items())
def test_outcomes_are_no_firmer_than_in_spanish(
    english: Catalogue, outcome: str, words: str
) -> None:
    assert english.text(f"outcome.{outcome}") == f"<b>{words}</b>"
    assert "he judge decides" in english.plain(f"outcome.{outcome}.limit")


@pytest.mark.parametrize("outcome", ["not_covered", "likely_excluded"])
def test_red_is_never_a_bare_no(english: Catalogue, outcome: str) -> None:
    limit = english.plain(f"outcome.{outcome}.limit")
    assert all(way in limit for way in ("commission", "appeal", "health", "defender"))


def test_the_commission_never_comes_without_its_warning(english: Catalogue) -> None:
    told = [form for message in english for form in message.forms if "Assembly’s comm" in form]
    assert len(told) > 5
    assert [form for form in told if STATE_WARNING not in without_tags(form)] == []
    assert STATE_WARNING in english.plain("step.commission").split(". ")[0]


def test_what_would_change_it_never_coaches(english: Catalogue) -> None:
    for fact in NEVER_COACHED:
        words = english.plain(f"change.{fact}")
        assert "accusation" in words
        assert "lawyer" in words
        assert not re.search(r"death|dead|kill|injur|wound|arm|foreign|drug", words)


def test_silence_is_never_a_yes_and_an_appeal_never_waits(english: Catalogue) -> None:
    assert "not granted by itself" in english.plain("step.fifteen_days")
    assert "is not a “yes”" in english.plain("step.silence_after_15")
    for key in ("step.appeal_now", "result.first.appeal_now"):
        assert "may be only 5 working days: confirm it today" in english.plain(key)


def test_figures_carry_their_month(english: Catalogue) -> None:
    for message in english:
        for form in message.forms:
            if re.search(r"\d,\d{3}", form) or message.key.startswith("figure."):
                assert MONTH.search(form), message.key


def test_steps_say_first_what_to_do(english: Catalogue) -> None:
    steps = [message for message in english if message.key.startswith("step.")]
    assert [one.key for one in steps if not one.forms[0].startswith("<b>")] == []


@pytest.mark.parametrize("question", SENSITIVE)
def test_a_sensitive_question_asks_what_the_papers_say(english: Catalogue, question: str) -> None:
    asked = english.plain(f"ask.{question}").split("\n\n")
    assert any(one.startswith("Do the papers ") for one in asked), asked


def test_the_start_says_it_is_no_scam(english: Catalogue) -> None:
    assert (
        "It is free. We will never ask you for a name, ID number (cédula), money or a code. "
        "We never write to you first from another account."
    ) in english.plain("start.hello")


def test_openings_are_long_enough_to_hide_what_follows(english: Catalogue) -> None:
    """A check sees that they are neutral; this, that they fill what a locked phone shows."""
    for message in english:
        if message.key.endswith("_opening") or message.key in ("start.hello", "result.opening"):
            assert len(english.plain(message.key)) >= lexicon.OPENING, message.key


def test_charges_and_events_fit_a_button_and_differ(english: Catalogue) -> None:
    charges = [english.plain(key) for key in english.keys if key.startswith("charge.")]
    shorts = [english.plain(key) for key in english.keys if re.fullmatch(r"event\..+\.short", key)]
    assert [name for name in charges if len(name) > 40] == []
    assert len(set(charges)) == len(charges)
    assert len(set(shorts)) == len(shorts)


def test_a_word_in_brackets_is_the_one_on_the_papers(
    english: Catalogue, catalogue: Catalogue
) -> None:
    """A charge that does not look like its Spanish name carries it; ours, not one made up."""
    found = 0
    for key in english.keys:
        brackets = key.startswith("charge.") and re.search(r"\((.+)\)", english.plain(key))
        if brackets:
            spanish = lexicon.fold(catalogue.plain(key))
            for word in brackets.group(1).split(", "):
                if word not in ("civil", "military"):
                    assert lexicon.fold(word.removeprefix("not ")) in spanish, key
                    found += 1
    assert found > 25


def test_every_date_that_it_shows_how_to_write_is_read(english: Catalogue) -> None:
    """Typed dates are read in Spanish only: an example in English would never be understood."""
    for key in ("ask.date", "ask.date_with_event", "notice.date.not_a_date"):
        examples = [one for one in QUOTED.findall(english.plain(key)) if one not in NOT_OURS]
        assert examples, key
        for example in examples:
            assert isinstance(read(example, date(2026, 11, 21)), Span), example
    several = "3/7/24 - 8/7/24"
    assert "with a dash between them" in english.plain("notice.date.several")
    assert str(read(several, date(2026, 11, 21))) == "2024-07-03/2024-07-08"


def test_every_button_that_a_text_names_is_there(english: Catalogue) -> None:
    labels = {
        english.plain(message.key).strip("‹› ")
        for message in english
        if is_button(message.key) or message.key.startswith("topic.")
        if not message.placeholders
    }
    for message in english:
        for form in message.forms:
            for named in re.findall(
                r"\b(?:[Pp]ress|[Uu]se|[Ww]ith|[Ii]n|[Ss]ee|or) “([^”]+)”", form
            ):
                assert named in labels | NOT_OURS or named[0].isdigit(), (message.key, named)


def _readable(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for message in catalogue:
        for form in message.forms:
            # A list of commands is not prose.
            prose = re.sub(r"^/.*\n?", "", without_tags(form), flags=re.MULTILINE)
            text = re.sub(r"\{\w+\}", "word", prose)
            text = re.sub(r"(?<![.!?:])\n+", ". ", text).replace("\n", " ")
            if _sentences(text) >= 3 or len(text.split()) >= 25:
                yield message.key, text


def _sentences(text: str) -> int:
    return max(1, len(re.findall(r"[.!?…][”)]?(?:\s|$)", text)))


def _syllables(word: str) -> int:
    """Count groups of vowels, without an e that is not heard at the end."""
    letters = re.sub(r"[^a-z]", "", lexicon.fold(word))
    heard = re.sub(r"(?<=[^aeiouyl])es?$|(?<=[^aeioutdy])ed$", "", letters)
    return max(1, len(re.findall(r"[aeiouy]+", heard)))


def test_words_are_plain(english: Catalogue) -> None:
    """Flesch's reading ease: 60 to 70 is plain English, 50 an ordinary newspaper.

    Counted here, and not by textstat, which for English asks for a dictionary from the network.
    """
    scores = {}
    for key, text in _readable(english):
        words = [word for word in text.split() if re.search(r"\w", word)]
        syllables = sum(map(_syllables, words)) / len(words)
        scores[key] = 206.835 - 1.015 * len(words) / _sentences(text) - 84.6 * syllables
    assert {key: score for key, score in scores.items() if score < 50} == {}
    assert sum(scores.values()) / len(scores) >= 70


def test_a_signature_under_the_spanish_says_nothing_of_the_english(
    english: Catalogue, catalogue: Catalogue
) -> None:
    assert english.wording_hash != catalogue.wording_hash
    context = Context(rules.load(), english, b"k" * 32)
    law = replace(
        context.look(NOW).law, status="reviewed", signed_wording=frozenset({catalogue.wording_hash})
    )
    look = Assessor(law, context.look(NOW).as_of, context.wording)
    facts = {"petition": "not_filed", "situation": "detained", "fact_date": "2025-11"}
    state = State(law_version=law.version, law_hash=law.law_hash, answers=facts)
    told = [english.plain(p.key, p.params, p.count) for p in result.result(look, state, english)]
    assert "draft, not signed by a lawyer" in "\n".join(told)


@pytest.mark.parametrize("petition", ["not_filed", "denied", "granted_with_paper"])
def test_results_fit_a_page_with_two_steps_at_least(english: Catalogue, petition: str) -> None:
    """English is a little longer, and the result gives way by dropping steps."""
    context = Context(rules.load(), english, b"k" * 32)
    look = context.look(NOW)
    for name, story in STORIES.items():
        here = Talk(context, look, conversation.begin(look.law))
        for _ in range(60):
            if here.done:
                break
            step(here, story, petition, "abroad")
        assert here.done, name
        assert len(here.text) <= result.PAGE, name
        assert "\n2. " in here.text, name
