"""Alerts in a family's turn, over a real file: asked for by her alone, left in every way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.lines import CAP, Lines, Waiting
from bot.raw_updates import Origin
from helpdesk import alert_screens, conversation, placement, subscriptions, turn
from helpdesk.audience import REGIONS, Topic, Wishes
from helpdesk.broadcasts.broadcast import LEAVE
from helpdesk.context import Context
from helpdesk.desk.messages import DeskSlash
from helpdesk.interview import Assessor
from helpdesk.messages import Press, Reply, Screen, Typed, Unread
from helpdesk.screens import layout
from helpdesk.subscriptions import REASK, Standing
from locales import lexicon
from store import Keys, open_database, sessions
from store.hours import hour
from tests.helpdesk.phone import Phone
from tests.helpdesk.talk import NOW, Talk
from tests.helpdesk.test_turn import MAIN, TYPED, session_of, walk
from tests.helpdesk.volunteers import Desk, two_languages
from tests.promises.screens import PETITIONS, STORIES, step

ALL = "Todo lo importante"
SOLDIERS = "Familias de militares"
STATES = "Por estado…"
STOP = "Quitar todos los avisos"
LEFT = "Listo. Ya no le llegarán avisos de Faro."
MESSAGE = 4_711
"""A message that came by itself, long ago."""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    keys = Keys.ephemeral()
    context = two_languages(keys)
    async with await open_database(f"sqlite:///{tmp_path}/faro.db", keys) as db:
        desk = Desk(db, context, Phone(db, context))
        await desk.open()
        yield desk


@pytest.fixture
def phone(desk: Desk) -> Phone:
    """A family where a desk answers, too."""
    return desk.phone


async def wishes(phone: Phone) -> Wishes | None:
    return await phone.db.transaction(subscriptions.wishes, phone.chat)


async def subscribe(phone: Phone) -> None:
    """Let her be on the list, as a press of hers once put her there."""
    await phone.db.transaction(subscriptions.toggle_topic, phone.chat, Topic.ALL, phone.now)


async def leave(phone: Phone) -> Reply:
    return await phone.do(Press(LEAVE, MESSAGE))


async def answers(phone: Phone) -> object:
    session = await session_of(phone)
    assert session is not None
    return session.state.get("answers")


def labels(phone: Phone) -> list[str]:
    plain = phone.context.catalogue.plain
    return [plain(one.key, one.params) for row in phone.screen.rows for one in row]


def keys(reply: Reply) -> list[str]:
    assert reply.screen is not None
    return [part.key for part in reply.screen.parts]


# Asking for them.


async def test_everything_important_is_one_tap(phone: Phone) -> None:
    await phone.slash("avisos")
    assert not [one for one in labels(phone) if one.startswith("✓")]
    reply = await phone.press(ALL)
    assert await wishes(phone) == Wishes(topics=frozenset({Topic.ALL}), since=hour(NOW))
    assert f"✓ {ALL}" in labels(phone)
    assert reply.counts == {"alerts=joined": 1}


async def test_from_the_result_and_from_the_help(phone: Phone) -> None:
    await walk(phone, MAIN)
    reply = await phone.press("Recibir avisos")
    assert keys(reply) == ["alerts.what", "alerts.none"]
    assert reply.counts == {"intent=alerts": 1}
    await phone.press("‹ Volver")
    await phone.slash("ayuda")
    reply = await phone.press("Recibir avisos")
    assert keys(reply)[0] == "alerts.what"
    assert reply.counts == {}  # once in a session
    await phone.slash("borrar")
    assert (await phone.slash("avisos")).counts == {"intent=alerts": 1}


@pytest.mark.parametrize("situation", ["Salió, con condiciones", "Está fuera del país"])
async def test_nothing_she_answered_is_ever_taken_over(phone: Phone, situation: str) -> None:
    """A soldier released under conditions, or abroad: no topic is marked for her."""
    steps = [MAIN[0], situation, MAIN[2], MAIN[3], "Militar activo"]
    await phone.slash("start")
    for one in steps:
        if one in labels(phone) or one in TYPED:
            await (phone.type(one) if one in TYPED else phone.press(one))
    await phone.slash("avisos")
    assert await wishes(phone) is None
    assert {*labels(phone)} >= {ALL, SOLDIERS, "Personas con medidas", "Personas en el exterior"}
    assert STOP not in labels(phone)
    await phone.press(ALL)
    asked = await wishes(phone)
    assert asked is not None
    assert asked.topics == {Topic.ALL}
    assert asked.regions == frozenset()


async def test_several_states_from_two_pages(phone: Phone) -> None:
    await phone.slash("avisos")
    await phone.press(STATES)
    first = [one for one in labels(phone) if not one.endswith("Volver")]
    await phone.press("Apure")
    assert "✓ Apure" in labels(phone)
    await phone.press("Siguiente ›")
    for one in ("Táchira", "Zulia", "Mérida"):
        await phone.press(one)
    await phone.press("✓ Mérida")
    second = [one.removeprefix("✓ ") for one in labels(phone)]
    names = {phone.context.catalogue.plain(f"region.{one}") for one in REGIONS}
    assert names <= {*first, *second}
    asked = await wishes(phone)
    assert asked is not None
    assert asked.regions == {"apure", "tachira", "zulia"}
    assert asked.topics == frozenset()
    await phone.press("Listo")
    assert "✓ Por estado (3)…" in labels(phone)
    assert "Recibe avisos" in phone.text


async def test_taking_the_last_one_away_is_leaving(phone: Phone) -> None:
    await phone.slash("avisos")
    await phone.press(SOLDIERS)
    reply = await phone.press(f"✓ {SOLDIERS}")
    assert reply.counts == {"alerts=left": 1}
    assert await wishes(phone) is None
    assert "Ahora no recibe ninguno" in phone.text
    assert STOP not in labels(phone)


async def test_one_button_takes_all_away(phone: Phone) -> None:
    await phone.slash("avisos")
    for one in (ALL, SOLDIERS):
        await phone.press(one)
    reply = await phone.press(STOP)
    assert reply.counts == {"alerts=left": 1}
    assert phone.text.startswith(LEFT)
    assert await wishes(phone) is None
    await phone.press("Recibir avisos")
    assert "Ahora no recibe ninguno" in phone.text


async def test_a_double_press_asks_once(phone: Phone) -> None:
    await phone.slash("avisos")
    token = phone.button(ALL).token
    await phone.press_token(token)
    reply = await phone.press_token(token)
    assert await wishes(phone) is not None
    assert f"✓ {ALL}" in labels(phone)
    assert reply.counts == {}


@pytest.mark.parametrize("others", [[], [SOLDIERS]])
async def test_a_stale_button_never_asks_for_anything(phone: Phone, others: list[str]) -> None:
    """She sees a ✓ and takes it away; meanwhile it had gone, by the button of a message say."""
    await phone.slash("avisos")
    for one in (ALL, *others):
        await phone.press(one)
    stale = phone.button(f"✓ {ALL}").token
    await phone.db.transaction(subscriptions.toggle_topic, phone.chat, Topic.ALL, phone.now)
    before = await wishes(phone)
    await phone.press_token(stale)
    assert await wishes(phone) == before
    assert ALL in labels(phone)


async def test_a_crash_before_the_screen_shows_what_was_written(phone: Phone) -> None:
    await phone.slash("avisos")
    phone.deaf = True
    await phone.press(ALL)
    phone.deaf = False
    ((_, reply),) = await phone.db.transaction(turn.after_restart, phone.context, phone.now)
    await phone.carry_out(reply)
    assert f"✓ {ALL}" in labels(phone)


async def test_her_answers_and_her_place_stay_as_they_were(phone: Phone) -> None:
    await walk(phone, MAIN[:3])
    before = phone.text
    await phone.slash("avisos")
    await phone.press(ALL)
    await phone.press("‹ Volver")
    assert phone.text.endswith(before.split("\n\n")[-1])
    assert "filed_no_answer" in str(await answers(phone))
    session = await session_of(phone)
    assert session is not None
    assert "all" not in session.state.values()


async def test_with_a_case_open_the_page_is_there_too(desk: Desk, phone: Phone) -> None:
    await open_case(phone)
    await phone.slash("avisos")
    await phone.press(ALL)
    assert await wishes(phone) is not None
    await phone.press("‹ Volver")
    assert "consulta" in phone.text


async def test_what_is_kept_is_one_tap_from_privacidad(phone: Phone) -> None:
    """From both of its pages, and from the page where she would ask for them."""
    for steps in (("Si pide avisos",), ("Si le revisan el teléfono", "Si pide avisos")):
        await phone.slash("privacidad")
        for one in steps:
            await phone.press(one)
        assert "Esto vale sólo si pide avisos" in phone.text
        await phone.press("Recibir avisos")
        await phone.press("Qué se guarda")
        assert "Esto vale sólo si pide avisos" in phone.text


async def test_cancelling_says_that_they_go_on(phone: Phone) -> None:
    await phone.slash("cancelar")
    assert "avisos" not in phone.text
    await subscribe(phone)
    await phone.slash("cancelar")
    assert "Los avisos que pidió siguen" in phone.text
    assert await wishes(phone) is not None


# Leaving by a word.


@pytest.mark.parametrize("word", ["ALTO", "¡Parar!", "no me escriban más", "/baja"])
@pytest.mark.parametrize("steps", [[], MAIN[:2], MAIN])
async def test_a_word_alone_is_enough_wherever_she_is(
    phone: Phone, word: str, steps: list[str]
) -> None:
    await walk(phone, steps)
    await subscribe(phone)
    told = await answers(phone)
    shown = phone.last
    reply = await (phone.slash(word[1:]) if word.startswith("/") else phone.type(word))
    assert await wishes(phone) is None
    assert keys(reply) == ["alerts.left"]
    assert phone.last > shown
    assert reply.counts == {"alerts=left": 1}
    await phone.press("‹ Volver")
    assert await answers(phone) == told


@pytest.mark.parametrize("word", ["ALTO", "no quiero avisos", "/baja"])
async def test_who_gets_none_is_told_so_and_goes_on(phone: Phone, word: str) -> None:
    await walk(phone, MAIN[:2])
    question = phone.text
    reply = await (phone.slash(word[1:]) if word.startswith("/") else phone.type(word))
    assert keys(reply)[-2:] == ["alerts.not_subscribed", "ask.date"]
    assert phone.text.endswith(question)
    assert not reply.counts


async def test_it_is_the_first_thing_that_she_ever_writes(phone: Phone) -> None:
    await subscribe(phone)
    await phone.type("BAJA")
    assert phone.text.startswith(LEFT)
    await phone.press("‹ Volver")
    assert "¿Ya pidieron" in phone.text


async def test_a_law_that_changed_meanwhile_does_not_keep_her(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    for press in (False, True):
        await subscribe(phone)
        session = await session_of(phone)
        assert session is not None
        old = replace(session, state={**session.state, "law_hash": "0" * 64})
        await phone.db.transaction(sessions.put, phone.chat, old, phone.now)
        await (leave(phone) if press else phone.type("alto"))
        assert await wishes(phone) is None
        assert phone.text.startswith(LEFT)


@pytest.mark.parametrize("after", ["hola", "quiero hablar con alguien"])
async def test_said_in_a_flood_it_counts_although_it_was_not_read(phone: Phone, after: str) -> None:
    await walk(phone, MAIN[:2])
    await subscribe(phone)
    unread = (Unread(80_001, None, "ALTO!"), Unread(80_002, None, "no sé"))
    reply = await phone.do(Typed(after), phone.take_id(), unread=unread)
    assert await wishes(phone) is None
    assert reply.counts["alerts=left"] == 1


async def test_corrected_into_it_it_counts(phone: Phone) -> None:
    await walk(phone, [])
    await subscribe(phone)
    await phone.type("hola")
    await phone.correct(phone.next_id, "alto")
    assert await wishes(phone) is None


# With a person who answers her.


async def open_case(phone: Phone) -> None:
    await phone.slash("start")
    await phone.slash("ayuda")
    for one in ("Hablar con una persona", "Los papeles o la solicitud", "En estos días", "Sí"):
        await phone.press(one)


async def test_a_person_reads_it_too(desk: Desk, phone: Phone) -> None:
    await open_case(phone)
    await desk.claim()
    await subscribe(phone)
    reply = await phone.type("ALTO")
    assert await wishes(phone) is None
    assert keys(reply) == ["alerts.left", "case.passed_too"]
    assert reply.posted
    await desk.send()
    assert "ALTO" in desk.topic()


async def test_without_alerts_it_is_a_word_for_that_person(desk: Desk, phone: Phone) -> None:
    await open_case(phone)
    await desk.claim()
    reply = await phone.type("ALTO")
    assert keys(reply) == ["case.passed"]
    await desk.send()
    assert "ALTO" in desk.topic()


async def test_while_nobody_has_her_case_it_is_noted_too(phone: Phone) -> None:
    await open_case(phone)
    await subscribe(phone)
    reply = await phone.type("BAJA")
    assert await wishes(phone) is None
    assert keys(reply) == ["alerts.left", "case.noted_too"]


async def test_in_a_pause_she_leaves_and_is_told_that(desk: Desk, phone: Phone) -> None:
    await desk.open()
    await open_case(phone)
    await desk.claim()
    await subscribe(phone)
    await desk.do(41, DeskSlash("silenciar", "1"))
    reply = await phone.type("BAJA")
    assert await wishes(phone) is None
    assert keys(reply) == ["alerts.left"]


async def test_it_is_no_contact_to_be_left(desk: Desk, phone: Phone) -> None:
    await open_case(phone)
    await desk.claim()
    await phone.slash("start")
    await phone.press("Dejar un contacto para un abogado")
    await phone.press("Escribirlo ahora")
    await subscribe(phone)
    reply = await phone.type("BAJA")
    assert await wishes(phone) is None
    assert keys(reply) == ["alerts.left"]
    await desk.send()
    assert "BAJA" not in desk.topic()


# Leaving by the button under a message.


async def test_one_tap_without_a_conversation_and_none_begins(phone: Phone) -> None:
    await subscribe(phone)
    for count in ({"alerts=left": 1}, {}):
        reply = await leave(phone)
        assert reply == Reply(alert_screens.alone("alerts_left"), counts=count)
        assert reply.revision is None
        assert await session_of(phone) is None
        assert phone.text.startswith(LEFT)
        assert labels(phone) == []
    assert await wishes(phone) is None


async def test_who_never_asked_may_press_it_too(phone: Phone) -> None:
    reply = await leave(phone)
    assert keys(reply) == ["alerts.left"]
    assert not reply.counts


@pytest.mark.parametrize("steps", [MAIN[:2], MAIN])
async def test_one_tap_in_a_conversation_leaves_it_where_it_was(
    phone: Phone, steps: list[str]
) -> None:
    await walk(phone, steps)
    await subscribe(phone)
    text, shown = phone.text, phone.last
    for _ in range(2):
        await leave(phone)
        assert phone.last > shown
        assert phone.text.startswith(LEFT)
        shown = phone.last
    await phone.press("‹ Volver")
    assert phone.text == text
    kept = await phone.db.transaction(sessions.message_ids, phone.chat, phone.now)
    assert shown in kept


async def test_it_works_where_the_stored_conversation_is_of_another_form(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    await subscribe(phone)
    session = await session_of(phone)
    assert session is not None
    odd = replace(session, state={"format": 0})
    await phone.db.transaction(sessions.put, phone.chat, odd, phone.now)
    await leave(phone)
    assert await wishes(phone) is None


async def test_no_flood_displaces_it() -> None:
    def press(number: int, data: str) -> Waiting:
        return Waiting(number, {"callback_query": {"id": str(number), "data": data}})

    lines = Lines(frozenset())
    line = lines.join(Origin(7, True), press(1, "1x"))
    assert line is not None
    for number in range(2, CAP + 3):
        lines.join(Origin(7, True), press(number, "1x"))
    lines.join(Origin(7, True), press(90, LEAVE))
    for number in range(100, 120):
        lines.join(Origin(7, True), press(number, "1x"))
    assert 90 in [one.update_id for one in line.waiting]


# Asked again after 180 days.


async def test_yes_renews_without_a_conversation(phone: Phone) -> None:
    await subscribe(phone)
    phone.now += REASK
    assert await phone.db.transaction(subscriptions.ask, phone.chat, phone.now)
    yes = next(one for row in alert_screens.ask_again().rows for one in row)
    for _ in range(2):
        reply = await phone.do(Press(yes.token, MESSAGE))
        assert keys(reply) == ["alerts.goes_on"]
        assert reply.counts == {"alerts=renewed": 1}
        assert await session_of(phone) is None
    asked = await wishes(phone)
    assert asked == Wishes(topics=frozenset({Topic.ALL}), since=hour(phone.now))


async def test_no_is_the_same_button_as_everywhere(phone: Phone) -> None:
    await subscribe(phone)
    (_,), (no,) = alert_screens.ask_again().rows
    assert no.token == LEAVE
    await phone.do(Press(no.token, MESSAGE))
    assert await wishes(phone) is None


async def test_a_yes_that_comes_too_late_subscribes_nobody(phone: Phone) -> None:
    for steps in (None, MAIN[:2]):
        if steps is not None:
            await walk(phone, steps)
        reply = await phone.do(Press(alert_screens.YES, MESSAGE))
        assert keys(reply) == ["alerts.lapsed"]
        assert await wishes(phone) is None


async def test_the_page_says_that_nothing_arrives_and_one_tap_renews(phone: Phone) -> None:
    await subscribe(phone)
    phone.now += REASK
    await phone.slash("avisos")
    assert "no le llega nada" in phone.text
    reply = await phone.press("Sí, los quiero todavía")
    assert reply.counts == {"alerts=renewed": 1}
    assert "Recibe avisos" in phone.text
    asked = await wishes(phone)
    assert asked is not None
    assert not subscriptions.is_due(asked, phone.now)


# /borrar, and what a stranger sees.


async def test_erasing_takes_her_off_the_list(phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    await subscribe(phone)
    await phone.slash("borrar")
    assert "Si pidió avisos, ya no le llegan." in phone.text
    assert await wishes(phone) is None


async def test_erasing_counts_one_who_left(phone: Phone) -> None:
    assert "alerts=left" not in (await phone.slash("borrar")).counts
    await subscribe(phone)
    assert (await phone.slash("borrar")).counts["alerts=left"] == 1


def standings() -> list[Standing]:
    some = Wishes(topics=frozenset({Topic.ALL, Topic.MILITARY}), since=0)
    states = Wishes(regions=frozenset(REGIONS), since=0)
    return [Standing(), Standing(some), Standing(states), Standing(some, due=True)]


VIEWS = ("alerts", "alerts_regions", "alerts_left", "alerts_on", "alerts_lapsed", "privacy_alerts")


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_short_leads_home_and_opens_quietly(
    context: Context, look: Assessor, view: str
) -> None:
    state = conversation.begin(look.law).but(view=view)
    plain = context.catalogue.plain
    for standing in standings():
        for page in (0, 1, 99):
            shown = layout(look, state.but(page=page), context.catalogue, alerts=standing)
            assert "close" in shown.actions
            assert len(set(shown.actions)) == len(shown.actions)
            assert len(shown.rows) <= 9
            for parts in (shown.parts, placement.as_new(Screen(shown.parts)).parts):
                text = "\n\n".join(plain(one.key, one.params, one.count) for one in parts)
                if parts is not shown.parts or shown.quiet:
                    assert len(text) >= lexicon.OPENING
                    assert not lexicon.opening_faults(text, "opening")
                assert len(text) <= 900
            for row in shown.rows:
                half = 22 if len(row) > 1 else 34
                assert all(len(plain(one.key, one.params)) <= half for one in row)


@pytest.mark.parametrize("story", STORIES)
def test_the_rows_of_a_result_stay_few(context: Context, look: Assessor, story: str) -> None:
    for petition in PETITIONS:
        talk = Talk(context, look, conversation.begin(look.law))
        while not talk.done:
            step(talk, STORIES[story], petition, "detained")
        rows = talk.layout.rows
        assert len(rows) <= 7
        assert all(1 <= len(row) <= 2 for row in rows)
        assert rows[0][0].action == "open:steps"
        assert alert_screens.ENTRY in talk.choices


async def test_no_message_of_its_own_opens_with_what_it_is_about(phone: Phone) -> None:
    phone.now += timedelta(hours=1)
    for screen in (
        alert_screens.ask_again(),
        *(alert_screens.alone(one) for one in ("alerts_left", "alerts_on", "alerts_lapsed")),
    ):
        phone.messages[phone.take_id()] = screen
        assert len(phone.text) >= lexicon.OPENING
        assert not lexicon.opening_faults(phone.text, "opening")
        assert screen.fresh
