"""The family's turn over a real database: where a screen goes, what is kept, and what is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import locales
import rules
from helpdesk import context as contexts
from helpdesk import placement, tokens, turn
from helpdesk.context import Context
from helpdesk.messages import Slash, Typed, Unread, Unreadable
from locales import lexicon
from store import Database, Keys, Session, Tx, erasures, open_database, sessions
from tests.helpdesk.phone import Phone

MAIN = [
    "Sí, y no responden",
    "Salió, con condiciones",
    "29 de julio de 2024",
    "Sí, esa fecha y por eso",
    "Civil",
    "terrorismo e incitación al odio",
    "Sí, está bien",
    "Ninguna",
]
TYPED = ("29 de julio de 2024", "terrorismo e incitación al odio")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    keys = Keys.ephemeral()
    opened = await open_database(f"sqlite:///{tmp_path}/faro.db", keys)
    opened.test_keys = keys  # type: ignore[attr-defined] # the context needs the same keys
    yield opened
    await opened.close()


@pytest.fixture
def own_context(db: Database) -> Context:
    keys: Keys = db.test_keys  # type: ignore[attr-defined] # set by the fixture above
    return contexts.build(rules.load(), locales.load(), keys)


@pytest.fixture
def phone(db: Database, own_context: Context) -> Phone:
    return Phone(db, own_context)


async def walk(phone: Phone, steps: list[str]) -> None:
    await phone.slash("start")
    for step in steps:
        await (phone.type(step) if step in TYPED else phone.press(step))


async def session_of(phone: Phone) -> Session | None:
    return await phone.db.transaction(sessions.get, phone.chat, phone.now)


async def test_one_message_is_edited_and_the_result_is_a_new_silent_one(phone: Phone) -> None:
    await walk(phone, MAIN)
    assert phone.screen.silent
    assert phone.screen.fresh
    # The first question; one sent anew, for two typed answers had pushed it up; the result.
    *questions, result = phone.fresh
    assert len(questions) == 2
    assert result == phone.last
    assert not set(questions) & set(phone.messages)  # what is left behind goes
    assert "Parece entrar" in phone.text


async def test_pages_of_the_result_are_edits(phone: Phone) -> None:
    await walk(phone, MAIN)
    sent = list(phone.fresh)
    for words in ("Por qué", "‹ Volver", "Qué hacer, paso a paso", "Siguiente ›", "‹ Volver"):
        reply = await phone.press(words)
        assert reply.edit == phone.last
    assert phone.fresh == sent


async def test_a_double_press_is_harmless(phone: Phone) -> None:
    await walk(phone, MAIN[:1])
    button = phone.button("Salió, con condiciones")
    await phone.press_token(button.token)
    before = await session_of(phone)
    text = phone.text
    reply = await phone.press_token(button.token)
    assert phone.text == text
    assert reply.edit == phone.last
    after = await session_of(phone)
    assert before is not None
    assert after is not None
    assert (after.state, after.revision) == (before.state, before.revision)


async def test_a_double_press_on_the_last_question_makes_one_result(phone: Phone) -> None:
    await walk(phone, MAIN[:-1])
    token = phone.button("Ninguna").token
    phone.deaf = True
    first = await phone.press_token(token)
    second = await phone.press_token(token)
    assert first.screen is not None
    assert second.screen is not None
    assert first.screen.fresh
    assert not second.screen.fresh
    assert second.revision == first.revision


@pytest.mark.parametrize("token", ["", "1", "x" * 64, "1" + "A" * 32, "ñandú"])
async def test_a_forged_press_shows_the_current_step_again(phone: Phone, token: str) -> None:
    await walk(phone, MAIN[:2])
    text = phone.text
    await phone.press_token(token)
    assert phone.text == text


async def test_a_token_of_another_chat_is_nothing_here(phone: Phone) -> None:
    other = Phone(phone.db, phone.context, chat=42)
    await walk(phone, MAIN[:1])
    await walk(other, MAIN[:1])
    text = phone.text
    await phone.press_token(other.button("Salió, con condiciones").token)
    assert phone.text == text
    session = await session_of(phone)
    assert session is not None
    assert "situation" not in session.state["answers"]


async def test_a_press_on_a_conversation_that_is_gone_begins_anew(phone: Phone) -> None:
    await walk(phone, MAIN[:3])
    button = phone.button("Sí, esa fecha y por eso")
    phone.wait(days=8)
    await phone.press_token(button.token)
    assert "¿Ya pidieron" in phone.text
    assert "se borró" in phone.text


async def test_tokens_fit_telegram_and_say_nothing(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    for row in phone.screen.rows:
        for button in row:
            assert len(button.token.encode()) <= tokens.LIMIT
            assert "situation" not in button.token
            assert str(phone.chat) not in button.token


async def test_an_old_message_is_replaced_before_it_cannot_be_deleted(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    old = phone.last
    phone.wait(hours=41)
    reply = await phone.type("29 de julio de 2024")
    assert old in reply.delete
    assert phone.last != old
    assert phone.screen.parts[0].key == "notice.quiet_opening"
    assert not lexicon.opening_faults(phone.text, "notice.quiet_opening")


async def test_a_new_message_never_opens_with_what_it_is_about(phone: Phone) -> None:
    await walk(phone, [])
    for name in ("start", "ayuda", "privacidad", "acerca", "cancelar", "otra"):
        await phone.slash(name)
        assert phone.screen.fresh
        assert not lexicon.opening_faults(phone.text, "x"), name


async def test_erasing_leaves_only_a_farewell(phone: Phone) -> None:
    await walk(phone, MAIN)
    own = set(phone.messages)
    reply = await phone.slash("borrar")
    assert reply.erase
    assert reply.screen == turn.FAREWELL
    assert reply.revision is None
    assert await session_of(phone) is None
    jobs = await phone.db.transaction(erasures.pending)
    assert own <= {one for job in jobs for one in job.message_ids}


async def test_the_button_that_erases_asks_once(phone: Phone) -> None:
    await walk(phone, MAIN)
    await phone.press("Borrar todo")
    assert await session_of(phone) is not None
    await phone.press("No, seguir")
    assert "Parece entrar" in phone.text
    await phone.press("Borrar todo")
    reply = await phone.press("Sí, borrar todo")
    assert reply.erase
    assert await session_of(phone) is None


async def test_erasing_may_be_asked_in_words(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    await phone.type("borra todo lo que te escribí")
    reply = await phone.press("Sí, borrar todo")
    assert reply.erase


@pytest.mark.parametrize("kind", list(Unreadable))
async def test_faces_names_and_places_leave_the_chat(phone: Phone, kind: Unreadable) -> None:
    await walk(phone, MAIN[:2])
    reply = await phone.send(kind)
    sent = phone.next_id
    assert (sent in reply.delete) == (kind in turn.DELETED_AT_ONCE)
    assert f"notice.unreadable.{kind}" == phone.screen.parts[0].key


async def test_a_crash_before_sending_shows_the_screen_again(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    phone.deaf = True
    await phone.type("29 de julio de 2024")
    phone.deaf = False
    again = await phone.db.transaction(turn.after_restart, phone.context, phone.now)
    assert [chat for chat, _ in again] == [phone.chat]
    await phone.carry_out(again[0][1])
    assert "29 de julio de 2024" in phone.text
    await phone.press("Sí, esa fecha y por eso")
    assert not await phone.db.transaction(turn.after_restart, phone.context, phone.now)


async def test_a_crash_before_the_result_loses_nothing(phone: Phone) -> None:
    await walk(phone, MAIN[:-1])
    phone.deaf = True
    await phone.press("Ninguna")
    phone.deaf = False
    again = await phone.db.transaction(turn.after_restart, phone.context, phone.now)
    assert again[0][1].screen is not None
    assert again[0][1].screen.fresh
    await phone.carry_out(again[0][1])
    assert "Parece entrar" in phone.text


async def test_a_failure_is_owned_up_to_and_nothing_is_lost(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    reply = await phone.db.transaction(turn.sorry, phone.chat, phone.context, phone.now)
    await phone.carry_out(reply)
    assert "Algo falló" in phone.text
    await phone.type("29 de julio de 2024")
    assert "elección" in phone.text


async def test_a_message_put_aside_is_known_to_borrar(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    args = (phone.chat, phone.context, phone.now, 4242)
    await phone.db.transaction(turn.sorry, *args)
    assert 4242 in await phone.db.transaction(sessions.message_ids, phone.chat, phone.now)


async def test_what_is_cancelled_goes_with_its_key(phone: Phone) -> None:
    """«Olvidé lo que me había contestado»: no copy of the old row can be opened with the new."""

    def row_key(tx: Tx) -> bytes:
        row = sessions._find(tx, phone.chat)
        assert row is not None
        return sessions._row_key(tx, row)

    await walk(phone, MAIN[:4])
    before = await phone.db.transaction(row_key)
    await phone.slash("privacidad")
    assert await phone.db.transaction(row_key) == before
    await phone.slash("cancelar")
    assert await phone.db.transaction(row_key) != before


async def test_a_state_of_another_form_begins_anew(phone: Phone) -> None:
    await walk(phone, MAIN[:2])

    def spoil(tx: Tx) -> None:
        session = sessions.get(tx, phone.chat, phone.now)
        assert session is not None
        spoilt = Session({"format": 99}, session.revision, session.shown_revision)
        sessions.put(tx, phone.chat, spoilt, phone.now)

    await phone.db.transaction(spoil)
    await phone.press("No sé")
    assert "¿Ya pidieron" in phone.text


async def test_an_edited_message_is_read_again_while_it_waits(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    await phone.type("29 de julio de 2023")
    own = phone.next_id
    await phone.correct(own, "29 de julio de 2024")
    assert "29 de julio de 2024" in phone.text
    await phone.press("Sí, esa fecha y por eso")
    await phone.correct(own, "30 de julio de 2024")
    session = await session_of(phone)
    assert session is not None
    assert session.state["answers"]["fact_date"] == "2024-07-29"


async def test_a_session_is_counted_once_and_without_a_trace(phone: Phone) -> None:
    await phone.slash("start")
    counts: list[str] = []
    for step in [*MAIN, "Cambiar una respuesta", "Civil o militar", "No sé"]:
        reply = await (phone.type(step) if step in TYPED else phone.press(step))
        counts += reply.counts
    assert sorted(counts) == [
        "charge_class=event_decides|outcome=likely_covered",
        "event=presidencial_2024|outcome=likely_covered",
        "outcome=likely_covered|situation=released_with_measures",
    ]


async def test_what_is_kept_holds_no_typed_word_and_no_message_id(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    await phone.type("me llamo Juana Rojas y vivo en Petare")
    await phone.type("29 de julio de 2024")
    session = await session_of(phone)
    assert session is not None
    kept = repr(session.state)
    for word in ("Juana", "Rojas", "Petare", "de julio", str(phone.chat), str(phone.last)):
        assert word not in kept.replace(session.state["screen"], "")


async def test_a_first_word_is_answered_with_the_first_question(phone: Phone) -> None:
    await phone.type("hola buenas")
    assert phone.text.startswith("Hola. Soy Faro.")
    assert "no quiero adivinar" not in phone.text


async def test_start_twice_is_the_same_question(phone: Phone) -> None:
    await phone.slash("start")
    await phone.do(Slash("start"), 900)
    assert phone.text.startswith("Hola. Soy Faro.")


async def test_a_screen_whose_message_is_gone_opens_quietly(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    reply = await phone.type("29 de julio de 2024")
    assert reply.screen is not None
    assert not reply.screen.fresh
    anew = placement.as_new(reply.screen)
    assert anew.parts[0].key == "notice.quiet_opening"
    assert anew.rows == reply.screen.rows
    assert placement.as_new(anew) == anew


async def test_what_was_not_read_is_kept_for_borrar_and_photos_go(phone: Phone) -> None:
    await phone.slash("start")
    unread = (Unread(501), Unread(502, Unreadable.PHOTO), Unread(503, Unreadable.VOICE))
    reply = await phone.do(Typed("hola"), 504, unread=unread)
    assert 502 in reply.delete
    assert {501, 503}.isdisjoint(reply.delete)
    session = await session_of(phone)
    assert session is not None
    assert {501, 502, 503, 504} <= dict(session.messages).keys()
    await phone.do(Slash("borrar"), 506, unread=(Unread(505),))
    (job,) = await phone.db.transaction(erasures.pending)
    assert {501, 502, 503, 504, 505, 506} <= set(job.message_ids)


async def test_a_conversation_does_not_grow_without_end(phone: Phone) -> None:
    """Beyond the limit the oldest messages leave the chat at once; the current screen never."""
    await phone.slash("start")
    first = phone.last
    many = tuple(Unread(number) for number in range(1, turn.MOST_MESSAGES + 50))
    reply = await phone.do(Typed("hola"), 100_000, unread=many)
    session = await session_of(phone)
    assert session is not None
    kept = dict(session.messages)
    assert len(kept) <= turn.MOST_MESSAGES + 2
    assert first in kept
    assert first not in reply.delete
    assert set(reply.delete) == {83_001, *(one.message_id for one in many)} - kept.keys()


@pytest.mark.parametrize("words", ["no aguanto más", "no sé dónde lo tienen", "me piden plata"])
async def test_who_begins_with_what_cannot_wait_is_greeted_first(phone: Phone, words: str) -> None:
    await phone.type(words)
    assert phone.screen.parts[0].key == "notice.first_opening"
    assert not lexicon.opening_faults(phone.text, "notice.first_opening")
    assert "donde lo dejamos" not in phone.text


async def test_a_story_told_first_is_thanked_for(phone: Phone) -> None:
    await phone.type("buenas soy la abuela de un muchacho que agarraron en julio")
    assert [part.key for part in phone.screen.parts] == [
        "start.hello",
        "notice.one_by_one",
        "ask.petition",
    ]


async def test_a_greeting_after_leaving_it_begins_again(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    await phone.slash("cancelar")
    await phone.type("hola")
    assert [part.key for part in phone.screen.parts] == ["start.hello", "ask.petition"]


async def test_an_answer_is_not_hidden_above_what_she_wrote(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    for word in ("hola", "me ayuda con esto"):
        await phone.type(word)
    assert phone.last == max(phone.messages)
    assert phone.screen.parts[0].key == "notice.received_opening"
    assert sum(1 for one in phone.messages.values() if not isinstance(one, str)) == 1


async def test_a_button_of_an_erased_conversation_is_stale_in_the_next(phone: Phone) -> None:
    await phone.slash("start")
    old = phone.screen.rows[0][0].token
    await phone.slash("borrar")
    await phone.slash("start")
    before = phone.text
    await phone.press_token(old)
    assert phone.text == before
