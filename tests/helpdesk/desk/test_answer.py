"""Only what the owner answers a family goes out; whatever else is written in a topic stays."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.desk import (
    budget,
    canned,
    casebook,
    figures,
    group_commands,
    private_commands,
    staff,
    topic_commands,
)
from helpdesk.desk.case import Category
from helpdesk.desk.figures import HeldEnd
from helpdesk.desk.messages import DeskCommand, DeskMedia, DeskSlash, DeskTyped, Where
from helpdesk.desk.outgoing_filter import Why
from helpdesk.desk.posts import Place, Purpose
from helpdesk.desk.staff import Role
from helpdesk.messages import Unreadable
from store import Keys, PostState, cases, open_database
from tests.helpdesk.desk.hall import AUNT, FIRST, MOTHER, Hall, Message

OWNER, OTHER, LEAD, STRANGER = 11, 12, 13, 99
PHONE = "Llámeme al 0414-1234567"


@pytest.fixture
async def topic(hall: Hall) -> int:
    await hall.member(OWNER)
    await hall.member(OTHER)
    await hall.member(LEAD, Role.LEAD)
    return (await hall.claimed(OWNER))[1]


async def asked(hall: Hall, topic: int, text: str = "¿qué hago?") -> Message:
    """Let the family ask something; what stands for it in the topic."""
    await hall.say(text)
    await hall.drain()
    return hall.found(text, topic)


def got(hall: Hall) -> str:
    return "\n".join(hall.room(MOTHER).texts)


# --- the gate -------------------------------------------------------------------------------------


class Act(NamedTuple):
    """Something written in a topic: by whom, what, and in reply to which of the messages there."""

    user: int
    kind: str
    place: int
    edit: bool


ACTS = st.lists(
    st.builds(
        Act,
        st.sampled_from([OWNER, OWNER, OTHER, STRANGER]),
        st.sampled_from(["text", "text", "r", "nota", "photo", "family"]),
        st.integers(0, 30),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


async def play(hall: Hall, chat: int, acts: list[Act]) -> None:
    """Write at random in a topic; prove that what goes out is what may."""
    case, topic = await hall.claimed(OWNER, chat)
    await hall.say("hola", chat)
    await hall.drain()
    owner = (await hall.case(case.code)).owner
    written: dict[int, tuple[int, str]] = {}
    may: set[str] = set()
    out: set[int] = set()
    for number, act in enumerate(acts):
        if act.kind == "family":
            await hall.say(f"familia {number}", chat)
            await hall.drain()
            continue
        there = hall.in_topic(topic)
        target = there[act.place % len(there)]
        mine = [one for one, (user, _) in written.items() if user == act.user]
        edit = mine[act.place % len(mine)] if act.edit and mine else None
        text = f"marca{number}"
        body: str | DeskMedia = {"r": f"/r {text}", "nota": f"/nota {text}"}.get(act.kind, text)
        if act.kind == "photo":
            body = DeskMedia(Unreadable.PHOTO, text, "AgAC")
        answers = target.id if edit is None else hall.group.messages[edit].answers
        replied = hall.group.messages.get(answers or 0)
        to_family = replied is not None and replied.text.startswith(("Familia:", "La familia "))
        await hall.write(act.user, body, topic, answers, edit=edit)
        if edit is None:
            written[hall.group.last] = (act.user, act.kind)
        by_owner = act.user == OWNER and owner == "V-01"
        fresh = (
            edit is None and by_owner and (act.kind == "r" or (to_family and act.kind != "nota"))
        )
        again = edit in out and by_owner and act.kind != "nota"
        if fresh or again:
            may.add(text)
            out.add(hall.group.last if edit is None else edit)
        if act.place % 2:
            await hall.drain()
    for state in (PostState.WAITING, PostState.HELD):
        for kept in await hall.posts(state):
            if kept.post.place is Place.FAMILY and kept.post.purpose is Purpose.TO_FAMILY:
                said = kept.post.model_dump_json()
                assert {word for word in may if word in said}, said
    await hall.drain()
    went = "\n".join(text for text in hall.room(chat).texts if not text.startswith("familia"))
    for number in range(len(acts)):
        if f"marca{number}" in went.split():
            assert f"marca{number}" in may
    entry = await hall.do(casebook.of_code, case.code)
    assert entry is not None
    await hall.do(cases.delete, entry.id)


def test_whatever_is_written_only_answers_of_the_owner_go_out(
    tmp_path: Path, now: datetime
) -> None:
    """Notes, replies to notes, cards, receipts and notices, and edits of all those stay."""
    with asyncio.Runner() as runner:
        url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'faro.db'}"
        db = runner.run(open_database(url, Keys.ephemeral()))
        hall = Hall(db, now)
        runner.run(hall.member(OWNER))
        runner.run(hall.member(OTHER))
        chats = iter(range(5000, 6000))

        @settings(max_examples=25, deadline=None, database=None)
        @given(ACTS)
        def prove(acts: list[Act]) -> None:
            runner.run(play(hall, next(chats), acts))

        prove()
        runner.run(db.close())


async def test_numbers_of_the_two_sides_collide_and_are_not_mixed_up(
    hall: Hall, topic: int
) -> None:
    """A note whose number is that of her message in her own chat is a note all the same."""
    said = await asked(hall, topic)
    pair = (await hall.open_case()).pairs[-1]
    assert pair.family != pair.desk
    await hall.write(OWNER, "nota propia", topic, pair.family)
    _, elsewhere = await hall.claimed(OTHER, AUNT)
    await hall.write(OTHER, "de otro tema", elsewhere, said.id)
    await hall.write(OWNER, "en General", None, said.id)
    await hall.drain()
    assert not any("nota propia" in one or "General" in one for one in hall.room(MOTHER).texts)
    assert not any("otro tema" in one for room in hall.chats.values() for one in room.texts)
    assert FIRST < pair.family < pair.desk


@pytest.mark.parametrize(
    "words", ["Cómo contestar", "Entregado", "Esto se queda", "Retenido", "Buenas tardes."]
)
async def test_a_reply_to_our_own_lines_or_to_a_note_stays(
    hall: Hall, topic: int, words: str
) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, "Buenas tardes.", topic, said.id)
    await hall.write(OWNER, PHONE, topic, said.id)
    await hall.write(OWNER, "Esto se queda", topic)
    await hall.drain()
    before = got(hall)
    await hall.write(OWNER, "¿seguro?", topic, hall.found(words, topic).id)
    await hall.drain()
    assert got(hall) == before


async def test_only_the_owner_answers(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    for user, words in [(OTHER, "lo tiene V-01"), (LEAD, "lo tiene V-01"), (STRANGER, "equipo")]:
        for body in ("yo le digo", "/r yo le digo"):
            await hall.write(user, body, topic, said.id)
        await hall.drain()
        assert hall.found(words, topic)
    await hall.write(OWNER, "desde fuera", topic, said.id, inside=False)
    await hall.write(OWNER, "sin comprobar", topic, said.id, inside=None)
    await hall.answer(
        DeskCommand(hall.now, Where.TOPIC, None, DeskTyped("anónimo"), 7000, topic, said.id)
    )
    await hall.answer(
        DeskCommand(hall.now, Where.TOPIC, None, DeskSlash("r", "anónimo"), 7001, topic)
    )
    await hall.drain()
    assert not any(
        one in got(hall) for one in ("yo le digo", "desde fuera", "comprobar", "anónimo")
    )
    assert hall.found("estar en el grupo", topic)
    assert hall.found("Inténtelo otra vez", topic)
    assert hall.found("Escriba con su cuenta", topic)


async def test_whoever_has_no_role_is_told_once_an_hour(hall: Hall) -> None:
    for _ in range(3):
        await hall.write(STRANGER, "/estado")
    await hall.drain()
    assert sum("del equipo" in text for text in hall.group.texts) == 1
    hall.wait(minutes=61)
    await hall.write(STRANGER, "/estado")
    await hall.drain()
    assert sum("del equipo" in text for text in hall.group.texts) == 2


async def test_a_command_that_is_none_is_said_not_to_have_gone(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, "/respuesta hola", topic, said.id)
    await hall.drain()
    assert "no salió nada" in hall.found("No conozco /respuesta", topic).text


async def test_a_note_as_a_reply_stays(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, "/nota ojo con la fecha", topic, said.id)
    await hall.drain()
    assert "ojo" not in got(hall)


# --- what goes ------------------------------------------------------------------------------------


async def test_a_reply_answers_her_message(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    question = hall.room(MOTHER).last
    await hall.write(OWNER, "Pida la copia.", topic, said.id)
    await hall.drain()
    reply = list(hall.room(MOTHER).messages.values())[-1]
    assert "Pida la copia." in reply.text
    assert reply.answers == question
    assert (await hall.open_case()).waiting_since is None


async def test_a_very_long_reply_comes_in_parts_with_one_receipt(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    text = " ".join(["palabra"] * 500)
    await hall.write(OWNER, text, topic, said.id)
    await hall.drain()
    parts = [one for one in hall.room(MOTHER).texts if one.count("palabra") > 20]
    assert len(parts) == 2
    assert "continuación" in parts[1]
    assert sum("Entregado" in one.text for one in hall.in_topic(topic)) == 1


async def test_an_edit_of_what_went_out_is_a_correction(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, "Vaya el lunes.", topic, said.id)
    own = hall.group.last
    await hall.drain()
    await hall.write(OWNER, "Vaya el martes.", topic, said.id, edit=own)
    await hall.drain()
    assert "V-01 corrigió algo" in hall.room(MOTHER).texts[-1]
    assert hall.found("Corrección entregada", topic).answers == own
    await hall.write(OWNER, PHONE, topic, said.id, edit=own)
    await hall.drain()
    assert "0414" not in got(hall)
    assert hall.found("Retenido", topic)


async def test_an_edit_of_what_still_waits_takes_its_place(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, "Vaya el lunes.", topic, said.id)
    own = hall.group.last
    await hall.write(OWNER, "Vaya el martes.", topic, said.id, edit=own)
    await hall.drain()
    assert "lunes" not in got(hall)
    assert got(hall).count("martes") == 1
    assert "corrigió" not in got(hall)


async def test_an_edit_of_a_note_never_goes(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OTHER, "yo digo", topic, said.id)  # refused: it is not hers
    refused = hall.group.last
    await hall.write(OWNER, "apunte", topic)
    note = hall.group.last
    await hall.write(OWNER, "/soltar", topic)
    case = await hall.open_case()
    await hall.press(OTHER, f"claim:{case.code}")
    await hall.write(OTHER, "yo digo más", topic, said.id, edit=refused)
    await hall.write(OWNER, "apunte largo", topic, edit=note)
    await hall.drain()
    assert not any(one in got(hall) for one in ("yo digo", "apunte"))
    assert hall.found("nació como nota", topic)


@pytest.mark.parametrize("became", ["/nota mejor no", "/cerrar", "/r"])
async def test_what_went_and_became_a_command_is_not_carried_out(
    hall: Hall, topic: int, became: str
) -> None:
    await hall.write(OWNER, "/r Vaya el lunes.", topic)
    own = hall.group.last
    await hall.drain()
    await hall.write(OWNER, became, topic, edit=own)
    await hall.drain()
    assert hall.found("ya iba a la familia", topic)
    assert (await hall.open_case()).owner == "V-01"
    await hall.write(OWNER, "/r Vaya el martes.", topic, edit=own)
    await hall.drain()
    assert "martes" in hall.room(MOTHER).texts[-1]


@pytest.mark.parametrize("kind", ["video", "sticker", "document", "contact", "location", "other"])
async def test_other_kinds_are_refused_with_the_reason(hall: Hall, topic: int, kind: str) -> None:
    said = await asked(hall, topic)
    before = len(hall.room(MOTHER).messages)
    await hall.write(OWNER, DeskMedia(Unreadable(kind), "mire"), topic, said.id)
    await hall.drain()
    assert "A la familia le llegan texto, foto y nota de voz" in hall.found("No salió:", topic).text
    assert len(hall.room(MOTHER).messages) == before


# --- the second person ----------------------------------------------------------------------------


async def test_what_the_filter_finds_waits_for_a_second_person(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, PHONE, topic, said.id)
    await hall.drain()
    held = hall.found("un número de teléfono", topic)
    assert "0414" not in got(hall)
    token = hall.button(held, "Confirmar y enviar")
    assert "otra persona" in hall.alert(await hall.press(OWNER, token, held))
    assert "equipo" in hall.alert(await hall.press(STRANGER, token, held))
    assert "lo confirmó" in hall.alert(await hall.press(OTHER, token, held))
    await hall.drain()
    assert got(hall).count("0414") == 1
    assert hall.found("V-02 lo leyó y lo confirmó", topic).id == held.id
    assert "ya no vale" in hall.alert(await hall.press(LEAD, token, held))
    for counted in (*figures.held([Why.PHONE]), *figures.held([Why.PHONE], HeldEnd.CONFIRMED)):
        assert hall.counts[counted] == 1


async def test_a_held_reply_can_be_thrown_away(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, PHONE, topic, said.id)
    await hall.drain()
    held = hall.found("Retenido", topic)
    await hall.press(OWNER, hall.button(held, "Descartar"), held)
    await hall.drain()
    assert "0414" not in got(hall)
    assert not await hall.posts(PostState.HELD)
    assert hall.found("V-01 lo descartó", topic)


async def test_who_confirms_has_read_what_goes(hall: Hall, topic: int) -> None:
    """An edit of a held reply is held anew: the button under the old words is worth nothing."""
    said = await asked(hall, topic)
    await hall.write(OWNER, "Llame al 0414-1111111", topic, said.id)
    own = hall.group.last
    await hall.drain()
    old = hall.found("Retenido", topic)
    await hall.write(OWNER, "Llame al 0414-2222222", topic, said.id, edit=own)
    await hall.drain()
    reply = await hall.press(OTHER, hall.button(old, "Confirmar y enviar"), old)
    assert "ya no vale" in hall.alert(reply)
    new = hall.found("Retenido", topic)
    await hall.press(OTHER, hall.button(new, "Confirmar y enviar"), new)
    await hall.drain()
    assert "2222222" in got(hall)
    assert "1111111" not in got(hall)


async def test_a_held_reply_that_is_mended_goes(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, PHONE, topic, said.id)
    await hall.write(OWNER, "Escríbame por aquí.", topic, said.id, edit=hall.group.last)
    await hall.drain()
    assert "Escríbame por aquí." in hall.room(MOTHER).texts[-1]
    assert not await hall.posts(PostState.HELD)


@pytest.mark.parametrize("kind", [Unreadable.PHOTO, Unreadable.VOICE])
@pytest.mark.parametrize("words", ["", "así se ve", "x" * 1000])
async def test_photo_and_voice_always_wait(
    hall: Hall, topic: int, kind: Unreadable, words: str
) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, DeskMedia(kind, words, "AgAC"), topic, said.id)
    own = hall.group.last
    await hall.drain()
    held = hall.found("no se puede revisar sola", topic)
    await hall.press(LEAD, hall.button(held, "Confirmar y enviar"), held)
    await hall.drain()
    copied = [one for one in hall.room(MOTHER).messages.values() if one.copied == own]
    assert len(copied) == 1
    assert "Se lo manda V-01" in copied[0].text
    assert words in got(hall)
    assert (words in copied[0].text) is (len(words) < 900)
    assert sum("Entregado" in one.text for one in hall.in_topic(topic)) == 1


async def test_a_held_reply_does_not_outlive_its_author_in_the_case(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, PHONE, topic, said.id)
    await hall.drain()
    held = hall.found("Retenido", topic)
    await hall.write(OWNER, "/pasar V-02", topic)
    await hall.press(LEAD, hall.button(held, "Confirmar y enviar"), held)
    await hall.drain()
    assert "0414" not in got(hall)


# --- taking back ----------------------------------------------------------------------------------


async def test_a_reply_is_taken_back_within_two_days(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, " ".join(["palabra"] * 500), topic, said.id)
    await hall.drain()
    receipt = hall.found("Entregado", topic)
    token = hall.button(receipt, "Retirar respuesta")
    assert "lo tiene V-01" in hall.alert(await hall.press(OTHER, token, receipt))
    assert not (await hall.press(OWNER, token, receipt)).loud
    await hall.press(OWNER, token, receipt)  # twice does no more
    await hall.drain()
    assert "palabra palabra" not in got(hall)
    assert got(hall).count("quitó de este chat") == 1
    assert "V-01 la retiró" in hall.group.messages[receipt.id].text
    assert "ya no vale" in hall.alert(await hall.press(OWNER, token, receipt))


async def test_after_two_days_it_stays(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, "Vaya.", topic, said.id)
    await hall.drain()
    receipt = hall.found("Entregado", topic)
    hall.wait(hours=48)
    reply = await hall.press(LEAD, hall.button(receipt, "Retirar respuesta"), receipt)
    assert "48 horas" in hall.alert(reply)


async def test_what_she_deleted_herself_is_not_said_to_have_been_taken(
    hall: Hall, topic: int
) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, "Vaya.", topic, said.id)
    await hall.drain()
    hall.room(MOTHER).messages.clear()
    receipt = hall.found("Entregado", topic)
    await hall.press(OWNER, hall.button(receipt, "Retirar respuesta"), receipt)
    await hall.drain()
    assert "Ya no estaba" in hall.group.messages[receipt.id].text
    assert not hall.room(MOTHER).messages


# --- canned replies, cards, words -----------------------------------------------------------------


async def test_a_canned_reply_is_seen_whole_before_it_goes(hall: Hall, topic: int) -> None:
    one = canned.for_category(Category.PAPERS)[0]
    await hall.write(OWNER, "/plantillas", topic)
    await hall.drain()
    listed = hall.found("Elija una", topic)
    assert listed.rows[0][0].token == f"canned:{one.id}"
    await hall.press(OTHER, f"canned:{one.id}", listed)
    await hall.drain()
    text = hall.words.plain(one.text.key)
    assert text in hall.group.messages[listed.id].text
    token = hall.button(listed, "Enviar esta")
    assert "lo tiene V-01" in hall.alert(await hall.press(OTHER, token, listed))
    await hall.press(OWNER, token, listed)
    assert "ya no vale" in hall.alert(await hall.press(OWNER, token, listed))
    await hall.drain()
    held = [kept.post.held_for for kept in await hall.posts(PostState.HELD)]
    assert got(hall).count(text) == (0 if held else 1)


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "claim:",
        "claim:K7M4P2",
        "confirm:x",
        "confirm:999999",
        "retire:²",
        "close:by_family",
        "canned:nada",
        "send:nada",
        "again:1",
        "nada:1",
        "x" * 64,
    ],
)
async def test_a_forged_button_does_nothing(hall: Hall, topic: int, data: str) -> None:
    under = hall.in_topic(topic)[0]
    before = await hall.open_case()
    reply = await hall.press(OWNER, data, under)
    assert hall.alert(reply)
    assert await hall.open_case() == before
    assert not await hall.posts()


async def test_the_risk_card_names_no_line_and_a_lead(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/riesgo", topic)
    await hall.drain()
    card = hall.found("Qué no escribir", topic).text
    assert "en General, a quien coordina" in card
    assert not any(letter.isdigit() for letter in card)
    assert "Si hay peligro ahora" in card


async def test_every_command_is_in_the_help_and_every_one_in_the_help_is_one(hall: Hall) -> None:
    known = {
        *topic_commands.COMMANDS,
        *group_commands.COMMANDS,
        *private_commands.COMMANDS,
        "equipo",
        "organizar",  # another door's: from there everything of organisers is a button
    }
    told = hall.words.plain("desk.help") + hall.words.plain("desk.help.private")
    named = {word.strip(".,·").removeprefix("/") for word in told.split() if word.startswith("/")}
    assert named <= known
    assert known - named <= {"equipo", "ayudaequipo"}


async def test_state_and_shift(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/turno sí")
    await hall.write(OTHER, "/turno")
    await hall.write(OWNER, "/estado", topic)
    await hall.write(OWNER, "/estado")
    await hall.drain()
    assert "Quién lo tiene: V-01" in hall.found("Idioma", topic).text
    general = hall.found("Con una persona: 1")
    assert "De turno: V-01" in general.text
    assert hall.found("Escriba /turno")
    await hall.write(OWNER, "/turno no")
    await hall.write(OWNER, "/estado")
    await hall.drain()
    assert "De turno: nadie" in hall.found("Con una persona: 1").text


async def test_the_doctor_answers_in_private(hall: Hall) -> None:
    await hall.member(OWNER)
    await hall.write(OWNER, "/doctor")
    await hall.drain()
    assert "se puede contestar" in hall.room(OWNER).texts[-1]
    assert hall.found("en privado")


# --- the team, in private -------------------------------------------------------------------------


async def test_only_the_operator_makes_organisers(hall: Hall) -> None:
    await hall.member(LEAD, Role.LEAD)
    await hall.write(LEAD, "/invitar organizadora", where=Where.PRIVATE)
    await hall.drain()
    said = hall.room(LEAD).texts[-1]
    assert "faro invite organiser" in said
    assert "/equipo" not in said


async def test_somebody_comes_into_the_team_and_goes(hall: Hall) -> None:
    await hall.member(LEAD, Role.LEAD)
    await hall.write(LEAD, "/invitar voluntaria", where=Where.PRIVATE)
    await hall.drain()
    said = hall.room(LEAD).texts[-1]
    code = next(word for word in said.split() if word.count("-") == 3)
    await hall.write(STRANGER, f"/equipo {code}", where=Where.PRIVATE)
    await hall.write(OTHER, f"/equipo {code}", where=Where.PRIVATE)
    await hall.drain()
    assert "se llama V-02" in hall.room(STRANGER).texts[0]
    assert "no vale" in hall.room(OTHER).texts[-1]
    await hall.write(LEAD, "/gente", where=Where.PRIVATE)
    await hall.write(STRANGER, "/gente", where=Where.PRIVATE)
    await hall.drain()
    await hall.write(LEAD, "/quitar V-02", where=Where.PRIVATE)
    await hall.write(LEAD, "/quitar V-01", where=Where.PRIVATE)
    await hall.write(LEAD, "/quitar V-09", where=Where.PRIVATE)
    await hall.drain()
    told = "\n".join(hall.room(LEAD).texts)
    assert "V-02 · voluntariado · fuera de turno" in told
    assert "V-02 ya no está en el equipo" in told
    assert "nadie más coordina" in told
    assert "No hay nadie con ese nombre" in told
    assert "otra persona del equipo" in hall.room(STRANGER).texts[-1]


@pytest.mark.parametrize("command", ["/invitar lead", "/quitar V-01", "/gente", "/contacto K7M4P2"])
async def test_what_is_private_is_not_done_in_the_group(hall: Hall, command: str) -> None:
    await hall.member(LEAD, Role.LEAD)
    await hall.member(OTHER, Role.LEAD)
    await hall.write(LEAD, command)
    await hall.drain()
    assert hall.found("Eso va en privado")
    assert len(hall.room(LEAD).texts) == 0


async def test_an_invitation_shown_in_the_group_is_not_used(hall: Hall) -> None:
    code = await hall.do(staff.invite, Role.VOLUNTEER, None, hall.now)
    await hall.write(STRANGER, f"/equipo {code}")
    assert await hall.do(staff.of, STRANGER) is None


async def test_the_desk_speaks_the_owners_language_in_her_topics(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/idioma en")
    await hall.write(OWNER, "/estado", topic)
    languages = {kept.post.language for kept in await hall.posts() if kept.case is not None}
    assert languages == {"en"}
    general = {kept.post.language for kept in await hall.posts() if kept.case is None}
    assert general == {"es"}


async def test_acts_cost_no_more_than_the_budget(hall: Hall, topic: int) -> None:
    """A reply costs the group one call, its receipt."""
    said = await asked(hall, topic)
    hall.wait(minutes=2)
    free = await hall.do(budget.free, hall.now)
    await hall.write(OWNER, "Vaya.", topic, said.id)
    await hall.drain()
    assert await hall.do(budget.free, hall.now) == free - 1
