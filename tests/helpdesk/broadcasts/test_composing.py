"""An organiser writes a broadcast step by step; nothing of hers is lost, and nobody else is asked.

Over a real database, through the door: what is typed and pressed goes in, what is said comes out.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from helpdesk.audience import Segment, Topic
from helpdesk.broadcasts import composing, letters
from helpdesk.broadcasts.broadcast import Stage, Step
from helpdesk.broadcasts.messages import (
    OrganiserBody,
    OrganiserFile,
    OrganiserOther,
    OrganiserPress,
    OrganiserSlash,
    OrganiserText,
)
from helpdesk.broadcasts.presses import data
from helpdesk.desk import staff
from store import Database, broadcasts
from tests.helpdesk.broadcasts.writing_room import (
    ANA,
    BEA,
    FIRST_FAMILY,
    LEAD,
    SOURCE,
    STRANGER,
    TEXT,
    Room,
)


@pytest.fixture
async def room(db: Database, now: datetime) -> Room:
    """Two organisers, a lead, and 35 families."""
    made = Room(db, now)
    await made.organisers(ANA, BEA)
    await made.do(staff.ensure, LEAD, staff.Role.LEAD)
    await made.families(35)
    return made


# --- from the first word to the preview ---------------------------------------------------------


async def test_step_by_step_to_the_preview(room: Room) -> None:
    await room.type(ANA, "/difusion")
    assert "A-01 · El texto" in room.seen(ANA)
    await room.type(ANA, TEXT)
    assert "A-01 · La fuente" in room.seen(ANA)
    await room.type(ANA, f"  {SOURCE}\n")
    assert "A-01 · La fecha" in room.seen(ANA)
    await room.type(ANA, "20/11/2026")
    assert "A-01 · A quiénes" in room.seen(ANA)
    await room.choose(ANA, "Todo lo importante")
    assert "Son unas 30 familias." in room.seen(ANA)
    await room.press(ANA, "Listo: son éstas")
    assert "¿Es urgente?" in room.seen(ANA)
    await room.press(ANA, "No: que espere al día")
    panel = room.seen(ANA)
    assert "Con el teléfono bloqueado se ve:\nHola. Es Faro, con un aviso" in panel
    assert (
        "Les llega sólo a quienes pidieron algún tema de esta lista: Todo lo importante." in panel
    )
    assert "Son unas 30 familias." in panel
    assert "Sale apenas se apruebe. De 21:00 a 7:00" in panel
    assert "Pedir aprobación" in room.buttons(ANA)
    kept = (await room.newest()).broadcast
    assert (kept.source, kept.source_date) == (SOURCE, "2026-11-20")
    assert kept.segment == Segment(topics=frozenset({Topic.ALL}))
    assert room.letter(ANA) == letters.letter(kept, room.studio)
    assert not room.chat(BEA), "nobody else hears of it before approval is asked for"


async def test_exact_numbers_are_never_said(room: Room) -> None:
    await room.written()
    said = "\n".join(room.texts(ANA))
    assert "35" not in said
    await room.type(ANA, "/difusion")


async def test_formatting_is_kept_and_what_is_left_out_is_told(room: Room) -> None:
    await room.type(ANA, "/difusion")
    html = f"<b>Nuevo.</b> <tg-spoiler>{TEXT}</tg-spoiler>"
    await room.type(ANA, OrganiserText(html, f"Nuevo. {TEXT}", lost=frozenset({"text_mention"})))
    assert "Quité este formato" in room.seen(ANA)
    assert "texto tapado" in room.seen(ANA)
    assert "menciones de personas" in room.seen(ANA)
    kept = (await room.newest()).broadcast
    assert kept.html == f"<b>Nuevo.</b> {TEXT}"
    assert kept.step is Step.SOURCE


async def test_a_fault_loses_nothing_and_asks_for_better_words(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.type(ANA, f"Pronto habrá noticias. {TEXT}")
    told = room.seen(ANA)
    assert "Lo que escribió está guardado" in told
    assert "«pronto»: promete un tiempo que nadie conoce; diga: no hay fecha segura" in told
    kept = (await room.newest()).broadcast
    assert kept.plain == f"Pronto habrá noticias. {TEXT}"
    assert kept.step is Step.TEXT
    await room.type(ANA, TEXT)
    assert "La fuente" in room.seen(ANA)
    assert (await room.newest()).broadcast.plain == TEXT


async def test_many_faults_make_one_message_that_can_be_sent(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.type(
        ANA,
        "Pronto, ya casi, en breve, garantizado, seguro que sale. El régimen, los terroristas, los "
        "reos, la clemencia y el perdón califican. Llame al 0414-2694287 o pague 20 dólares en "
        "evil.org y en t.me/x. Deme su cédula. " + "a " * 900,
    )
    assert "cosas más." in room.seen(ANA)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mañana mismo, seguro", "No entendí la fecha"),
        ("31 de febrero de 2026", "Ese día no existe"),
        ("1 de diciembre de 2026", "todavía no llega"),
        ("10 de enero de 2026", "de antes de la ley (19 de febrero de 2026)"),
        ("20 de octubre", "Falta el año"),
        ("2026", "Falta el mes"),
        ("1 de marzo de 2026 o 2 de abril de 2026", "más de una fecha"),
    ],
)
async def test_a_day_that_cannot_be_is_told(room: Room, typed: str, told: str) -> None:
    await room.type(ANA, "/difusion")
    await room.type(ANA, TEXT)
    await room.type(ANA, SOURCE)
    await room.type(ANA, typed)
    assert told in room.seen(ANA)
    assert (await room.newest()).broadcast.step is Step.DATE


async def test_today_and_yesterday_are_days_of_caracas(room: Room) -> None:
    room.now = room.now.replace(hour=2)  # 22:00 of the day before, in Caracas
    await room.type(ANA, "/difusion")
    await room.type(ANA, TEXT)
    await room.type(ANA, SOURCE)
    await room.press(ANA, "Ayer")
    assert (await room.newest()).broadcast.source_date == "2026-11-19"
    await room.choose(ANA, "Todo lo importante")
    await room.press(ANA, "Listo: son éstas")
    await room.press(ANA, "No: que espere al día")
    assert "Ahora es de noche" in room.seen(ANA)
    await room.press(ANA, "Si es urgente")
    await room.press(ANA, "Sí, es urgente")
    assert "a cualquier hora" in room.seen(ANA)


# --- for whom -----------------------------------------------------------------------------------


async def test_fewer_than_ten_families_are_refused(room: Room) -> None:
    await room.families(9, "tachira", first=FIRST_FAMILY + 500)
    await room.type(ANA, "/difusion")
    await room.type(ANA, TEXT)
    await room.type(ANA, SOURCE)
    await room.press(ANA, "Hoy")
    assert "Elija al menos" in room.alert(await room.press(ANA, "Listo: son éstas"))
    await room.choose(ANA, "Táchira")
    assert "Son menos de 10 familias." in room.seen(ANA)
    refused = await room.press(ANA, "Listo: son éstas")
    assert "se sabría quiénes son" in room.alert(refused)
    assert (await room.newest()).broadcast.step is Step.SEGMENT
    await room.families(1, "tachira", first=FIRST_FAMILY + 600)
    await room.press(ANA, "Listo: son éstas")
    assert (await room.newest()).broadcast.step is Step.URGENCY


async def test_topics_and_states_are_chosen_in_place(room: Room) -> None:
    await room.families(30, Topic.MILITARY, "zulia", first=FIRST_FAMILY + 500)
    await room.type(ANA, "/difusion")
    await room.type(ANA, TEXT)
    await room.type(ANA, SOURCE)
    await room.press(ANA, "Hoy")
    count = len(room.chat(ANA))
    await room.choose(ANA, "Familias de militares")
    assert "Son unas 60 familias." in room.seen(ANA)
    await room.choose(ANA, "Zulia")
    assert "Son unas 30 familias." in room.seen(ANA)
    told = room.seen(ANA)
    assert "esta lista: Zulia; y también algún tema de esta otra: Todo lo importante y" in told
    await room.choose(ANA, "Amazonas")
    await room.choose(ANA, "Amazonas")
    assert len(room.chat(ANA)) == count, "the message was edited, and no new one sent"
    kept = (await room.newest()).broadcast.segment
    assert kept == Segment(topics=frozenset({Topic.MILITARY}), regions=frozenset({"zulia"}))


async def test_the_same_press_twice_is_as_one(room: Room) -> None:
    await room.type(ANA, "/difusion")
    entry = await room.newest()
    for _ in range(2):
        await room.send(ANA, data("add", entry.id, "measures"))
    assert (await room.newest()).broadcast.segment.topics == {Topic.MEASURES}
    for forged in ("nothing", "", "Zulia", "all "):
        await room.send(ANA, data("add", entry.id, forged))
    assert (await room.newest()).broadcast.segment.topics == {Topic.MEASURES}


# --- changing what was said ---------------------------------------------------------------------


async def test_every_answer_can_be_changed_from_the_preview(room: Room) -> None:
    await room.families(20, Topic.ABROAD, first=FIRST_FAMILY + 500)
    await room.written()
    await room.press(ANA, "Cambiar el texto")
    await room.type(ANA, "Otro texto, con lo mismo que hacer.")
    await room.press(ANA, "La fuente")
    await room.type(ANA, "Foro Penal")
    await room.press(ANA, "La fecha")
    await room.press(ANA, "Hoy")
    await room.press(ANA, "A quiénes")
    await room.choose(ANA, "Todo lo importante")
    await room.choose(ANA, "Personas en el exterior")
    await room.press(ANA, "Listo: son éstas")
    await room.press(ANA, "Si es urgente")
    await room.press(ANA, "Sí, es urgente")
    kept = (await room.newest()).broadcast
    assert kept.step is Step.READY
    assert kept.plain == "Otro texto, con lo mismo que hacer."
    assert (kept.source, kept.source_date, kept.urgent) == ("Foro Penal", "2026-11-21", True)
    assert kept.segment.topics == {Topic.ABROAD}
    assert room.letter(ANA) == letters.letter(kept, room.studio)


async def test_an_edited_message_changes_the_answer_that_stands_in_it(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.type(ANA, TEXT)
    text_id = room.last_own
    await room.type(ANA, SOURCE)
    await room.type(ANA, f"{TEXT} Es gratis.", edit=text_id)
    kept = (await room.newest()).broadcast
    assert kept.plain == f"{TEXT} Es gratis."
    assert kept.step is Step.DATE, "what is asked for stays what it was"
    await room.type(ANA, f"Pronto. {TEXT}", edit=text_id)
    kept = (await room.newest()).broadcast
    assert kept.plain == f"Pronto. {TEXT}"
    assert kept.step is Step.TEXT, "what is wrong is asked for anew"
    await room.type(ANA, TEXT, edit=text_id)
    assert (await room.newest()).broadcast.step is Step.DATE
    await room.type(ANA, "cualquier cosa", edit=4)
    assert (await room.newest()).broadcast.plain == TEXT


async def test_what_stands_in_an_older_draft_can_be_edited_too(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.type(ANA, TEXT)
    text_id = room.last_own
    await room.type(ANA, "cancelar")
    await room.type(ANA, f"{TEXT} Es gratis.", edit=text_id)
    assert (await room.newest()).broadcast.plain == f"{TEXT} Es gratis."


async def test_cancelling_a_change_goes_back_to_the_whole(room: Room) -> None:
    before = await room.written()
    await room.press(ANA, "Cambiar el texto")
    await room.type(ANA, "Cancelar.")
    assert "letra por letra" in room.seen(ANA)
    after = (await room.newest()).broadcast
    assert (after.step, after.html) == (Step.READY, before.html)


@pytest.mark.parametrize("elsewhere", ["/difusiones", "/organizar", "/retirar"])
async def test_who_looks_elsewhere_does_not_overwrite_what_was_whole(
    room: Room, elsewhere: str
) -> None:
    before = await room.written()
    await room.press(ANA, "Cambiar el texto")
    await room.type(ANA, elsewhere)
    await room.type(ANA, "¿y ahora qué hago?")
    after = (await room.newest()).broadcast
    assert (after.step, after.html) == (Step.READY, before.html)


async def test_cancelling_puts_it_aside_and_it_is_found_again(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.type(ANA, TEXT)
    await room.type(ANA, "/cancelar")
    assert "A-01 queda guardada" in room.seen(ANA)
    assert not await room.wants(ANA, OrganiserText("hola", "hola"))
    await room.type(ANA, "/difusiones")
    await room.press(ANA, "A-01")
    assert "La fuente" in room.seen(ANA)
    await room.type(ANA, SOURCE)
    assert (await room.newest()).broadcast.source == SOURCE


async def test_cancelling_before_the_first_word_leaves_nothing(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.type(ANA, "cancelar")
    assert "no tenía nada escrito" in room.seen(ANA)
    assert await room.do(broadcasts.every) == []


async def test_beginning_again_shows_what_is_being_written(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.type(ANA, "/difusion")
    assert (await room.newest()).broadcast.number == 1
    await room.type(ANA, TEXT)
    await room.type(ANA, "/difusion")
    assert "Usted ya está escribiendo A-01" in room.seen(ANA)
    await room.press(ANA, "Seguir con ella")
    assert "A-01 · La fuente" in room.seen(ANA)
    await room.type(ANA, "/difusion")
    await room.press(ANA, "Empezar otra")
    assert "A-02 · El texto" in room.seen(ANA)
    assert len(await room.do(broadcasts.every)) == 2


async def test_throwing_away_takes_two_presses(room: Room) -> None:
    await room.written()
    await room.press(ANA, "Botarla")
    await room.press(ANA, "No, seguir")
    assert len(await room.do(broadcasts.every)) == 1
    await room.press(ANA, "Botarla")
    await room.press(ANA, "Sí, botarla")
    assert await room.do(broadcasts.every) == []
    assert "ya no está" in room.alert(await room.press(ANA, "Pedir aprobación"))


async def test_a_test_goes_to_its_author_only(room: Room) -> None:
    await room.written()
    before = room.letter(ANA)
    reply = await room.press(ANA, "Mandármelo de prueba")
    assert [note.letter for note in reply.notes] == [before]
    assert [(note.user, note.silent) for note in reply.notes] == [(ANA, False)]


# --- several people -----------------------------------------------------------------------------


async def test_each_organiser_writes_her_own(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.type(BEA, "/difusion")
    await room.type(ANA, TEXT)
    await room.type(BEA, "Otro texto.")
    hers = {entry.author: entry.plain for entry in [one.broadcast for one in await room.all()]}
    assert hers == {"V-01": TEXT, "V-02": "Otro texto."}


async def test_nobody_else_touches_a_draft(room: Room) -> None:
    await room.written()
    entry = await room.newest()
    for verb, more in [
        *[("change", step) for step in Step],
        *[("add", "military"), ("take", "all"), ("urgent", "yes"), ("day", "0"), ("done", "")],
        *[("test", ""), ("ask", ""), ("same", ""), ("discard", ""), ("discarded", "")],
    ]:
        reply = await room.send(BEA, data(verb, entry.id, more))
        assert "no le toca a usted" in room.alert(reply), verb
        assert reply.notes == ()
    assert "la está escribiendo V-01" in room.alert(await room.send(BEA, data("open", entry.id)))
    assert await room.newest() == entry


async def test_what_is_typed_after_a_restart_goes_where_it_was_going(
    room: Room, db: Database
) -> None:
    await room.type(ANA, "/difusion")
    await room.type(ANA, TEXT)
    again = Room(db, room.now, last=room.last)
    await again.type(ANA, SOURCE)
    assert (await again.newest()).broadcast.source == SOURCE


async def test_pictures_and_files_are_no_text(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.photo(ANA)
    assert "sólo texto" in room.seen(ANA)


async def test_words_where_buttons_are_asked_for_change_nothing(room: Room) -> None:
    before = await room.written()
    await room.type(ANA, "hola")
    assert "Aquí se contesta con los botones" in "\n".join(room.texts(ANA)[-3:])
    assert (await room.newest()).broadcast == before


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        OrganiserSlash("difusion"),
        OrganiserSlash("difusiones"),
        OrganiserSlash("cancelar"),
        OrganiserPress("bc.new:", 1),
        OrganiserPress("bc.list:", 1),
        OrganiserText("hola", "hola"),
        OrganiserFile("x", 5),
        OrganiserOther(),
    ],
)
async def test_to_everybody_else_there_is_nothing_here(room: Room, body: OrganiserBody) -> None:
    await room.type(ANA, "/difusion")
    for user in (LEAD, STRANGER):
        assert not await room.wants(user, body)


async def test_who_is_removed_may_no_more(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.do(staff.remove, "V-01", operator=True)
    for typed in (TEXT, "/difusion", "/difusiones"):
        reply = await room.type(ANA, typed)
        assert reply.notes == ()
    assert (await room.send(ANA, "bc.new:")).notes == ()
    assert (await room.newest()).broadcast.plain == ""


@pytest.mark.parametrize(
    "forged",
    [
        "bc.",
        "bc.open",
        "bc.open:",
        "bc.open:AAAA",
        "bc.open:!!!!!!!!!!!!!!!!!!!!!!",
        "bc.nothing:",
        f"bc.open:{'A' * 22}",
        f"bc.ok:{'A' * 22}",
        f"bc.change:{'A' * 22}:text",
        f"bc.correct:{'A' * 22}",
        f"bc.pause:{'A' * 22}",
        "bc.new:AAAA:é",
    ],
)
async def test_a_forged_button_does_nothing(room: Room, forged: str) -> None:
    reply = await room.send(ANA, forged)
    assert all(note.letter is None for note in reply.notes)
    assert await room.do(broadcasts.every) == []


async def test_a_correction_is_not_begun_of_what_was_never_sent(room: Room) -> None:
    await room.written()
    entry = await room.newest()
    reply = await room.send(ANA, data("correct", entry.id))
    assert reply.alert is not None
    assert len(await room.do(broadcasts.every)) == 1


async def test_the_menu_offers_what_the_role_permits(room: Room) -> None:
    await room.type(ANA, "/organizar")
    assert room.buttons(ANA)[:2] == ["Nueva difusión", "Ver las difusiones"]
    await room.press(ANA, "Nueva difusión")
    assert "El texto" in room.seen(ANA)
    await room.type(LEAD, "/organizar")
    assert "Nueva difusión" not in room.buttons(LEAD)
    assert room.buttons(LEAD)
    assert not await room.wants(STRANGER, OrganiserSlash("organizar"))


async def test_what_is_being_written_is_known_by_pseudonym_only(room: Room) -> None:
    await room.type(ANA, "/difusion")
    member = await room.do(staff.of, ANA)
    assert member is not None
    entry = await room.do(composing.current, member)
    assert entry is not None
    assert str(ANA) not in entry.broadcast.model_dump_json()
    assert entry.broadcast.stage is Stage.WRITING
