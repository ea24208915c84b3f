"""Nothing goes out that a second organiser did not see, byte for byte, and approve within the hour.

Over a real database, through the door. What chance makes of it is in `test_approval_by_chance`.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from helpdesk import subscriptions
from helpdesk.broadcasts import approving, duplicates, shelf
from helpdesk.broadcasts import broadcast as form
from helpdesk.broadcasts.approval import SHOWN
from helpdesk.broadcasts.broadcast import Kind, Letter, Stage
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.presses import data
from helpdesk.broadcasts.shelf import Entry
from helpdesk.desk import staff
from helpdesk.editorial import tidying
from store import Database, Tx, broadcasts, ledger, organiser_state
from store.ledger import Mark
from tests.helpdesk.broadcasts.writing_room import (
    ANA,
    BEA,
    EVA,
    FIRST_FAMILY,
    LEAD,
    SOURCE,
    STRANGER,
    TEXT,
    Room,
)


@pytest.fixture
async def room(db: Database, now: datetime) -> Room:
    """Three organisers, a lead, and 35 families."""
    made = Room(db, now)
    await made.organisers(ANA, BEA, EVA)
    await made.do(staff.ensure, LEAD, staff.Role.LEAD)
    await made.families(35)
    return made


def ok(entry: Entry) -> str:
    return data("ok", entry.id, entry.broadcast.seal[:SHOWN])


async def tally(room: Room, entry: Entry) -> dict[Mark, int]:
    return {mark: n for mark, n in (await room.do(ledger.tally, entry.id)).items() if n}


# --- asked, and approved ------------------------------------------------------------------------


async def test_the_others_see_exactly_what_will_go_out(room: Room) -> None:
    written = await room.asked()
    assert written.stage is Stage.ASKED
    shown = room.letter(ANA)
    for other in (BEA, EVA):
        assert room.letter(other) == shown == written.letter
        question = room.seen(other)
        assert "¿Sale A-01? La escribió V-01." in question
        assert "hasta las 11:30" in question
        assert "Son unas 30 familias." in question
        assert (
            "Les llega sólo a quienes pidieron algún tema de esta lista: Todo lo importante."
            in question
        )
        assert "¿Abrió la fuente?" in question
        assert room.buttons(other) == ["Aprobar y enviar", "No aprobar"]
    assert "Se la mostré a V-02 y V-03. Tienen hasta las 11:30" in room.seen(ANA)
    assert not room.chat(LEAD)


async def test_a_second_organiser_lets_it_go_out(room: Room) -> None:
    asked = await room.asked()
    room.wait(minutes=59)
    reply = await room.press(BEA, "Aprobar y enviar")
    assert reply.stirred
    entry = await room.newest()
    sent = entry.broadcast
    assert (sent.stage, sent.author, sent.approved_by) == (Stage.SENDING, "V-01", "V-02")
    assert (sent.letter, sent.seal) == (asked.letter, asked.seal)
    assert (sent.recipients, sent.canary) == (35, 0)
    assert await tally(room, entry) == {Mark.PENDING: 35}
    kept = {note.user for note in reply.notes if note.keep_as == entry.id.hex()}
    assert kept == {ANA, BEA}, "both watch how far it is"
    assert "Usted aprobó A-01" in "\n".join(room.texts(BEA))
    assert "V-02 aprobó A-01" in "\n".join(room.texts(ANA))


async def test_what_goes_out_can_be_paused_from_where_it_was_approved(room: Room) -> None:
    await room.asked()
    await room.press(BEA, "Aprobar y enviar")
    await room.press(BEA, "Pausar")
    assert (await room.newest()).broadcast.stage is Stage.PAUSED
    reply = await room.press(ANA, "Pausar")
    assert reply.alert is not None
    await room.press(ANA, "Seguir")
    assert (await room.newest()).broadcast.stage is Stage.SENDING


async def test_the_recipients_are_those_of_that_moment(room: Room) -> None:
    await room.asked()
    await room.do(subscriptions.stop, FIRST_FAMILY)
    await room.press(BEA, "Aprobar y enviar")
    await room.families(5, first=FIRST_FAMILY + 900)
    assert await tally(room, await room.newest()) == {Mark.PENDING: 34}


async def test_of_two_who_press_one_is_told_that_the_other_was_quicker(room: Room) -> None:
    await room.asked()
    await room.press(BEA, "Aprobar y enviar")
    reply = await room.press(EVA, "Aprobar y enviar")
    assert "ya se aprobó" in room.alert(reply)
    assert not reply.stirred
    entry = await room.newest()
    assert entry.broadcast.approved_by == "V-02"
    assert await tally(room, entry) == {Mark.PENDING: 35}


async def test_a_no_gives_it_back(room: Room) -> None:
    await room.asked()
    await room.press(EVA, "No aprobar")
    assert "V-03 no aprobó A-01" in room.seen(ANA)
    assert (await room.newest()).broadcast.stage is Stage.WRITING
    assert "Ya no se está pidiendo" in room.alert(await room.press(BEA, "Aprobar y enviar"))
    await room.press(ANA, "A-01")
    await room.press(ANA, "Pedir aprobación")
    assert (await room.newest()).broadcast.stage is Stage.ASKED


# --- by whom it does not count ------------------------------------------------------------------


async def test_nobody_approves_her_own(room: Room) -> None:
    await room.asked()
    for verb in ("ok", "no"):
        entry = await room.newest()
        button = data(verb, entry.id, entry.broadcast.seal[:SHOWN])
        assert "la tiene que aprobar otra persona" in room.alert(await room.send(ANA, button))
    assert (await room.newest()).broadcast.stage is Stage.ASKED


@pytest.mark.parametrize("user", [LEAD, STRANGER])
async def test_who_is_no_organiser_approves_nothing(room: Room, user: int) -> None:
    await room.asked()
    entry = await room.newest()
    reply = await room.send(user, ok(entry))
    assert reply.notes == ()
    assert await room.newest() == entry


async def test_who_is_removed_meanwhile_approves_nothing(room: Room) -> None:
    await room.asked()
    await room.do(staff.remove, "V-02", operator=True)
    assert not (await room.press(BEA, "Aprobar y enviar")).stirred
    assert (await room.newest()).broadcast.stage is Stage.ASKED


async def test_what_somebody_wrote_who_was_removed_meanwhile_does_not_go_out(room: Room) -> None:
    await room.asked()
    await room.do(staff.remove, "V-01", operator=True)
    assert "ya no organiza" in room.alert(await room.press(BEA, "Aprobar y enviar"))
    assert (await room.newest()).broadcast.stage is Stage.WRITING


async def test_alone_nobody_sends_anything(room: Room) -> None:
    for name in ("V-02", "V-03"):
        await room.do(staff.remove, name, operator=True)
    await room.written()
    reply = await room.press(ANA, "Pedir aprobación")
    assert "No hay otra persona que organice" in room.alert(reply)
    assert (await room.newest()).broadcast.stage is Stage.WRITING


# --- when it does not count ---------------------------------------------------------------------


async def test_after_an_hour_it_has_to_be_asked_again(room: Room) -> None:
    await room.asked()
    room.wait(hours=1)
    assert "más de una hora" in room.alert(await room.press(BEA, "Aprobar y enviar"))
    assert "A-01 no salió. Pasó más de una hora" in room.seen(ANA)
    assert (await room.newest()).broadcast.stage is Stage.WRITING
    await room.press(ANA, "A-01")
    await room.press(ANA, "Pedir aprobación")
    await room.press(BEA, "Aprobar y enviar")
    assert (await room.newest()).broadcast.stage is Stage.SENDING


async def test_who_asked_is_told_once_that_nobody_answered(room: Room) -> None:
    await room.asked()
    room.wait(minutes=59)
    assert await room.do(approving.lapse, room.now) == ()
    room.wait(minutes=1)
    (note,) = await room.do(approving.lapse, room.now)
    assert note.user == ANA
    assert note.screen is not None
    assert note.screen.parts[0].params["why"] == "@broadcast.refused.expired"
    assert (await room.newest()).broadcast.stage is Stage.WRITING
    assert await room.do(approving.lapse, room.now) == ()


async def test_a_clock_set_back_makes_the_hour_no_longer(room: Room) -> None:
    await room.asked()
    room.wait(hours=-2)
    assert "más de una hora" in room.alert(await room.press(BEA, "Aprobar y enviar"))


async def _text(room: Room) -> None:
    await room.press(ANA, "Cambiar el texto")
    await room.type(ANA, f"{TEXT} Es gratis.")


async def _by_editing(room: Room) -> None:
    entry = await room.newest()
    said_in = entry.broadcast.said_in[form.Step.TEXT]
    await room.type(ANA, f"{TEXT} Es gratis.", edit=said_in)


async def _source(room: Room) -> None:
    await room.press(ANA, "La fuente")
    await room.type(ANA, "Foro Penal")


async def _day(room: Room) -> None:
    await room.press(ANA, "La fecha")
    await room.press(ANA, "Hoy")


async def _segment(room: Room) -> None:
    await room.press(ANA, "A quiénes")
    await room.choose(ANA, "Personas con medidas")
    await room.press(ANA, "Listo: son éstas")


async def _urgency(room: Room) -> None:
    await room.press(ANA, "Si es urgente")
    await room.press(ANA, "Sí, es urgente")


@pytest.mark.parametrize("edit", [_text, _by_editing, _source, _day, _segment, _urgency])
async def test_any_edit_takes_the_question_back(room: Room, edit: object) -> None:
    first = await room.asked()
    stale = ok(await room.newest())
    assert callable(edit)
    await edit(room)
    assert (await room.newest()).broadcast.stage is Stage.WRITING
    for other in (BEA, EVA):
        assert "V-01 cambió A-01. Lo que usted vio ya no vale" in "\n".join(room.texts(other))
    assert "Ya no se está pidiendo" in room.alert(await room.send(BEA, stale))
    await room.type(ANA, "/difusiones")
    await room.press(ANA, "A-01")
    await room.press(ANA, "Pedir aprobación")
    second = await room.newest()
    assert second.broadcast.seal != first.seal
    assert "La cambiaron después" in room.alert(await room.send(BEA, stale))
    assert (await room.newest()).broadcast.stage is Stage.ASKED
    await room.send(BEA, ok(second))
    assert (await room.newest()).broadcast.letter == room.letter(BEA)


async def test_looking_takes_nothing_back(room: Room) -> None:
    await room.asked()
    await room.type(ANA, "/difusiones")
    await room.press(ANA, "A-01")
    await room.press(ANA, "Cambiar el texto")
    await room.press(ANA, "Dejarla como está")
    await room.press(BEA, "Aprobar y enviar")
    assert (await room.newest()).broadcast.stage is Stage.SENDING


async def test_throwing_it_away_takes_the_question_back(room: Room) -> None:
    await room.asked()
    await room.press(ANA, "Botarla")
    await room.press(ANA, "Sí, botarla")
    assert "Lo que usted vio ya no vale" in room.seen(BEA)
    assert "ya no está" in room.alert(await room.press(BEA, "Aprobar y enviar"))


@pytest.mark.parametrize("more", ["", "0" * SHOWN, "z" * SHOWN, "all"])
async def test_a_button_with_another_seal_does_not_count(room: Room, more: str) -> None:
    await room.asked()
    entry = await room.newest()
    for said in (more, entry.broadcast.seal, entry.broadcast.seal[: SHOWN - 1]):
        reply = await room.send(BEA, data("ok", entry.id, said))
        assert "La cambiaron después" in room.alert(reply)
    assert await room.newest() == entry


@pytest.mark.parametrize(
    "changes",
    [
        {"letter": Letter(html="Otra cosa", button="Dejar de recibir")},
        {"letter": Letter(html="{}", button="Dejar de recibir ")},
        {"segment": {"topics": ["military"]}},
        {"urgent": True},
        {"kind": Kind.CORRECT, "target": "00" * 16},
        {"seal": "0" * 64},
    ],
)
async def test_what_was_altered_under_the_seal_does_not_go_out(
    room: Room, changes: dict[str, object]
) -> None:
    await room.asked()
    entry = await room.newest()
    await room.do(lambda tx: shelf.change(tx, entry, room.now, **changes))
    assert "La cambiaron después" in room.alert(await room.send(BEA, ok(entry)))
    assert await tally(room, entry) == {}


async def test_nine_families_at_the_moment_of_the_yes_are_too_few(room: Room) -> None:
    await room.asked()

    def leave(tx: Tx) -> None:
        for chat in range(FIRST_FAMILY, FIRST_FAMILY + 26):
            subscriptions.stop(tx, chat)

    await room.do(leave)
    assert "se sabría quiénes son" in room.alert(await room.press(BEA, "Aprobar y enviar"))
    assert (await room.newest()).broadcast.stage is Stage.WRITING


async def test_what_became_wrong_meanwhile_does_not_go_out(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Studio, "law_is_draft", lambda self, now: False)
    await room.written(ANA, "Los casos de julio de 2024 entran en la ley.")
    await room.press(ANA, "Pedir aprobación")
    assert (await room.newest()).broadcast.stage is Stage.ASKED
    monkeypatch.undo()
    assert "hay algo que arreglar" in room.alert(await room.press(BEA, "Aprobar y enviar"))
    assert await tally(room, await room.newest()) == {}


# --- told before --------------------------------------------------------------------------------


async def _arrived(room: Room, entry: Entry, count: int = 1) -> None:
    """Let the first ones have got it."""

    def deliver(tx: Tx) -> None:
        for number in range(count):
            ledger.move(tx, entry.id, number, Mark.PENDING, Mark.CLAIMED)
            ledger.delivered(tx, entry.id, number, FIRST_FAMILY + number, 5, room.now)

    await room.do(deliver)


async def _over(room: Room, entry: Entry, stage: Stage = Stage.DONE) -> None:
    fresh = await room.do(shelf.get, entry.id)
    assert fresh is not None
    ended = int(room.now.timestamp())
    await room.do(lambda tx: shelf.change(tx, fresh, room.now, stage=stage, ended_at=ended))


async def _sent(room: Room) -> Entry:
    await room.asked()
    await room.press(BEA, "Aprobar y enviar")
    entry = await room.newest()
    await _arrived(room, entry)
    await _over(room, entry)
    return entry


async def test_the_same_is_not_said_twice_within_two_days(room: Room) -> None:
    await _sent(room)
    room.wait(hours=47)
    await room.written(ANA, TEXT.upper().replace(",", " —"))
    panel = room.seen(ANA)
    assert "Esto mismo ya salió. Es A-01, del 21 de noviembre de 2026" in panel
    assert "Pedir aprobación" not in room.buttons(ANA)
    assert "Sí, mandarlo otra vez" not in room.buttons(ANA)
    entry = await room.newest()
    await room.send(ANA, data("same", entry.id))
    assert "ya se les dijo" in room.alert(await room.send(ANA, data("ask", entry.id)))
    assert (await room.newest()).broadcast.stage is Stage.WRITING


async def test_after_two_days_the_same_needs_a_word_of_hers(room: Room) -> None:
    await _sent(room)
    room.wait(days=10)
    await room.written()
    assert "Esto mismo ya salió: A-01, del 21 de noviembre de 2026" in room.seen(ANA)
    assert "Pedir aprobación" not in room.buttons(ANA)
    await room.press(ANA, "Sí, mandarlo otra vez")
    await room.press(ANA, "Pedir aprobación")
    assert "Esto mismo ya salió: A-01" in room.seen(BEA)
    await room.press(BEA, "Aprobar y enviar")
    assert (await room.newest()).broadcast.stage is Stage.SENDING


async def test_after_thirty_days_nothing_is_remembered(room: Room) -> None:
    await _sent(room)
    room.wait(days=31)
    await room.do(broadcasts.expire, room.now)
    await room.written()
    assert "ya salió" not in room.seen(ANA)
    assert "Pedir aprobación" in room.buttons(ANA)


async def test_to_other_families_the_same_may_be_said_at_once(room: Room) -> None:
    await room.families(20, "zulia", first=FIRST_FAMILY + 500)
    await _sent(room)
    await room.written(ANA, TEXT, "Zulia")
    assert "Si hace falta decirlo otra vez, confírmelo" in room.seen(ANA)
    await room.press(ANA, "Sí, mandarlo otra vez")
    assert "Pedir aprobación" in room.buttons(ANA)


async def test_who_asked_for_two_states_gets_the_same_once(room: Room) -> None:
    await room.families(20, "zulia", first=FIRST_FAMILY + 500)
    await room.families(20, "lara", first=FIRST_FAMILY + 600)
    await room.families(1, "lara", "zulia", first=FIRST_FAMILY + 700)
    await room.written(ANA, TEXT, "Lara")
    await room.press(ANA, "Pedir aprobación")
    await room.press(BEA, "Aprobar y enviar")
    await _arrived(room, await room.newest())
    await room.written(ANA, TEXT, "Zulia")
    assert "lo recibirían dos veces" in room.seen(ANA)


async def test_what_reached_nobody_was_told_to_nobody(room: Room) -> None:
    await room.asked()
    await room.press(BEA, "Aprobar y enviar")
    await _over(room, await room.newest(), Stage.STOPPED)
    await room.written()
    assert "ya salió" not in room.seen(ANA)
    assert "Pedir aprobación" in room.buttons(ANA)


async def test_what_is_nearly_the_same_needs_a_word_of_hers(room: Room) -> None:
    await _sent(room)
    await room.written(ANA, TEXT.replace("lunes", "martes"))
    assert "Se parece mucho a A-01" in room.seen(ANA)
    assert "Pedir aprobación" not in room.buttons(ANA)
    await room.press(ANA, "Sí, mandarlo otra vez")
    assert "Pedir aprobación" in room.buttons(ANA)
    await room.press(ANA, "Cambiar el texto")
    await room.type(ANA, TEXT.replace("lunes", "jueves"))
    assert "Pedir aprobación" not in room.buttons(ANA), "another text needs another word"


async def test_two_who_ask_for_the_same_at_once_do_not_both_send_it(room: Room) -> None:
    await room.asked(ANA)
    await room.asked(EVA)
    first, second = reversed(await room.all())
    await room.send(BEA, ok(first))
    assert "ya se les dijo" in room.alert(await room.send(BEA, ok(second)))
    stages = [entry.broadcast.stage for entry in await room.all()]
    assert stages == [Stage.WRITING, Stage.SENDING]


async def test_no_text_is_kept_by_which_the_same_is_known(room: Room) -> None:
    await _sent(room)
    state = str(await room.do(organiser_state.get))
    assert "mostrador" not in state
    assert SOURCE not in state
    assert str(ANA) not in state
    assert "print" in state
    assert await room.do(tidying.tidy, room.now + duplicates.REMEMBERED) == 1
    assert "print" not in str(await room.do(organiser_state.get)), "gone within the hour"


# --- corrections --------------------------------------------------------------------------------


async def test_a_correction_is_approved_like_a_broadcast(room: Room) -> None:
    target = await _sent(room)
    reply = await room.send(EVA, data("correct", target.id))
    assert reply.alert is None
    assert "A-02 corrige A-01" in room.seen(EVA)
    await room.type(EVA, "cancelar")
    assert "Dice lo mismo que ya les llegó" in room.seen(EVA)
    await room.press(EVA, "Cambiar el texto")
    await room.type(EVA, f"Corrección: es el martes. {TEXT}")
    assert "no suena en ningún teléfono" in room.seen(EVA)
    assert "A quiénes" not in room.buttons(EVA)
    await room.press(EVA, "Pedir aprobación")
    assert "¿Sale la corrección A-02? La escribió V-03" in room.seen(ANA)
    correction = await room.newest()
    assert "la tiene que aprobar otra persona" in room.alert(await room.send(EVA, ok(correction)))
    assert (await room.press(ANA, "Aprobar y enviar")).stirred
    sent = (await room.newest()).broadcast
    assert (sent.stage, sent.kind, sent.recipients) == (Stage.SENDING, Kind.CORRECT, 1)
    assert sent.letter == room.letter(ANA)
    assert await tally(room, await room.newest()) == {}, "a correction writes to nobody anew"


async def test_a_correction_too_late_says_so_before(room: Room) -> None:
    target = await _sent(room)
    await room.send(ANA, data("correct", target.id))
    await room.type(ANA, f"Corrección: es el martes. {TEXT}")
    room.wait(hours=48)
    reply = await room.press(ANA, "Pedir aprobación")
    assert "Escriba un aviso nuevo" in room.alert(reply)
    assert (await room.send(ANA, data("correct", target.id))).alert is not None


async def test_a_correction_has_no_segment_of_its_own(room: Room) -> None:
    target = await _sent(room)
    await room.send(ANA, data("correct", target.id))
    before = (await room.newest()).broadcast.segment
    entry = await room.newest()
    for verb, more in [("add", "military"), ("take", "all"), ("urgent", "yes"), ("done", "")]:
        await room.send(ANA, data(verb, entry.id, more))
    for step in ("segment", "urgency"):
        await room.send(ANA, data("change", entry.id, step))
    assert await room.newest() == entry
    assert before == entry.broadcast.segment


# --- the list -----------------------------------------------------------------------------------


async def test_the_list_shows_what_there_is(room: Room) -> None:
    await _sent(room)
    await room.written(EVA, "Otro asunto: la oficina del Zulia abre los sábados.")
    await room.type(BEA, "/difusiones")
    listed = room.seen(BEA)
    assert "A-01 · difusión · terminada · V-01" in listed
    assert "A-02 · difusión · se está escribiendo · V-03" in listed
    assert [one for one in room.buttons(BEA) if one.startswith("A-")] == ["A-01"]
    await room.press(EVA, "Pedir aprobación")
    await room.type(BEA, "/difusiones")
    await room.press(BEA, "A-02")
    assert room.buttons(BEA) == ["Aprobar y enviar", "No aprobar"]
    await room.press(BEA, "Aprobar y enviar")
    await room.type(ANA, "/difusiones")
    reply = await room.press(ANA, "A-02")
    assert [note.keep_as for note in reply.notes] == [(await room.newest()).id.hex()]


async def test_a_question_open_for_too_long_is_a_draft_in_the_list(room: Room) -> None:
    await room.asked()
    room.wait(hours=2)
    await room.type(BEA, "/difusiones")
    assert "se está escribiendo" in room.seen(BEA)
    assert "Ya no se está pidiendo" in room.alert(await room.press(BEA, "Aprobar y enviar"))


async def test_an_empty_list_says_so(room: Room) -> None:
    await room.type(ANA, "/difusion")
    await room.type(ANA, "/difusiones")
    assert "No hay ninguna difusión" in room.seen(ANA)


# --- never the question alone -------------------------------------------------------------------


async def test_a_question_is_only_for_who_got_its_letter(room: Room) -> None:
    await room.written()
    asked = await room.press(ANA, "Pedir aprobación")
    await room.type(BEA, "/difusiones")
    opened = await room.press(BEA, "A-01")
    for notes, who in ((asked.notes, BEA), (asked.notes, EVA), (opened.notes, BEA)):
        letter, question = (one for one in notes if one.user == who)
        assert letter.letter == (await room.newest()).broadcast.letter
        assert question.screen is not None
        assert [button.token.split(":")[0] for (button,) in question.screen.rows] == [
            "bc.ok",
            "bc.no",
        ]
        assert (letter.needs_the_one_before, question.needs_the_one_before) == (False, True)
