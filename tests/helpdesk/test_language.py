"""Her language: chosen with one press, kept until she erases, and signed for itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

import locales
import rules
from helpdesk import context as contexts
from helpdesk import conversation, placement, turn
from helpdesk.context import Context
from helpdesk.interview import Assessor
from helpdesk.messages import Reply, Screen
from helpdesk.screens import layout
from helpdesk.state import State
from locales import Catalogue, lexicon
from store import Keys, Session, open_database
from tests.helpdesk.phone import Phone
from tests.helpdesk.talk import NOW

ENGLISH = locales.load("en")
QUESTIONS = ("ask.petition.option.denied", "ask.situation.option.detained")


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[Phone]:
    keys = Keys.ephemeral()
    context = contexts.build(rules.load(), locales.load(), keys, others=[ENGLISH])
    async with await open_database(f"sqlite:///{tmp_path}/faro.db", keys) as db:
        yield Phone(db, context)


def read(screen: Screen | None, words: Catalogue = ENGLISH) -> str:
    assert screen is not None
    return "\n\n".join(words.plain(one.key, one.params, one.count) for one in screen.parts)


async def to_english(phone: Phone) -> Reply:
    await phone.slash("ayuda")
    return await phone.press("English")


async def test_one_press_in_the_help_and_every_screen_is_english(phone: Phone) -> None:
    await phone.slash("start")
    reply = await to_english(phone)
    assert reply.language == "en"
    assert reply.edit is not None
    for key in ("button.close", *QUESTIONS):
        reply = await phone.press(ENGLISH.plain(key))
        assert reply.language == "en"
    assert phone.text == ENGLISH.plain("ask.date")


async def test_the_command_asks_in_both_languages(phone: Phone) -> None:
    await phone.slash("start")
    await phone.slash("idioma")
    assert "¿En qué idioma" in phone.text
    assert "Which language" in phone.text
    reply = await phone.press("English")
    assert read(reply.screen).startswith(ENGLISH.plain("start.hello"))


@pytest.mark.parametrize("how", ["/cancelar", "restart"])
async def test_beginning_again_keeps_the_language(phone: Phone, how: str) -> None:
    await phone.slash("start")
    await to_english(phone)
    for key in ("button.close", *QUESTIONS[:1]):
        await phone.press(ENGLISH.plain(key))
    if how == "restart":
        await phone.slash("start")
        reply = await phone.press(ENGLISH.plain("button.start_over"))
    else:
        reply = await phone.slash("cancelar")
    assert reply.language == "en"


async def test_what_is_typed_is_read_in_spanish(phone: Phone) -> None:
    await phone.slash("start")
    await to_english(phone)
    for key in ("button.close", *QUESTIONS):
        await phone.press(ENGLISH.plain(key))
    reply = await phone.type("29 de julio de 2024")
    assert "29 July 2024" in read(reply.screen)


async def test_the_farewell_is_in_her_language_and_the_next_begins_in_spanish(
    phone: Phone,
) -> None:
    await phone.slash("start")
    await to_english(phone)
    reply = await phone.slash("borrar")
    assert reply.language == "en"
    assert (await phone.slash("start")).language == "es"


async def test_a_language_without_words_is_told_in_spanish(phone: Phone) -> None:
    only = Context(phone.context.laws, phone.context.catalogue, phone.context.button_key)
    poor = replace(phone, context=only)
    await poor.slash("start")
    assert (await to_english(poor)).language == "es"


async def test_after_a_crash_the_screen_comes_back_in_her_language(phone: Phone) -> None:
    await phone.slash("start")
    await to_english(phone)
    phone.deaf = True
    await phone.slash("privacidad")
    again = await phone.db.transaction(turn.after_restart, phone.context, phone.now)
    assert [reply.language for _, reply in again] == ["en"]


@pytest.mark.parametrize(("signed", "es", "en"), [("es", True, False), ("en", False, True)])
def test_a_signature_under_one_language_says_nothing_of_the_other(
    phone: Phone, signed: str, es: bool, en: bool
) -> None:
    """The result says "borrador", or "draft", until a lawyer has signed those very words."""
    context = phone.context
    law = context.look(NOW).law
    hashes = frozenset({context.words(signed).wording_hash})
    reviewed = replace(law, status="reviewed", signed_wording=hashes)
    look = Assessor(reviewed, context.look(NOW).as_of, context.wording)
    assert context.told(look, "es").reviewed is es
    assert context.told(look, "en").reviewed is en


def test_a_result_in_english_is_a_draft(phone: Phone) -> None:
    context = phone.context
    look = context.told(context.look(NOW), "en")
    facts = {"petition": "not_filed", "situation": "detained", "fact_date": "2025-11"}
    state = conversation.begin(look.law).but(
        answers={**facts, "military_status": "civilian"}, language="en"
    )
    parts = layout(look, state, ENGLISH).parts
    assert parts[0].key == "result.opening"
    assert "draft" in read(Screen(parts))


def test_a_conversation_from_before_there_were_languages_is_read(phone: Phone) -> None:
    law = phone.context.look(NOW).law
    old = {"format": 1, "law_version": law.version, "law_hash": law.law_hash}
    state = State.read(old)
    assert (state.language, state.aside, state.contact) == ("es", False, "")
    assert Session(state.write()).state == old


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_that_asks_is_quiet_in_both(phone: Phone, language: str) -> None:
    words = phone.context.words(language)
    text = words.plain("language.choose")
    assert len(text) >= lexicon.OPENING
    assert not lexicon.opening_faults(text, "language.choose", language)
    state = conversation.begin(phone.context.look(NOW).law).but(view="language")
    screen = Screen(layout(phone.context.look(NOW), state, words).parts)
    assert placement.as_new(screen) == screen
