"""Organisers see how far a broadcast is, in one message each, and what they can do about it."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.render import render
from helpdesk.broadcasts import amending, figures, pressing, progress, sending, shelf, steering
from helpdesk.broadcasts.broadcast import Kind, Stage, Why
from helpdesk.broadcasts.ends import End
from helpdesk.broadcasts.messages import Note, OrganiserReply
from helpdesk.broadcasts.presses import read
from helpdesk.broadcasts.shelf import Entry
from helpdesk.desk import staff
from helpdesk.messages import Screen
from locales.message import without_tags
from store import Database
from tests.helpdesk.broadcasts.mailroom import ANA, BEA, OTHER, Mailroom, by_turns

LABEL = 34
"""Characters of a button that a narrow phone shows."""


@pytest.fixture
async def room(db: Database, now: datetime) -> Mailroom:
    made = Mailroom(db, now)
    await made.open(12)
    return made


def words(room: Mailroom, screen: Screen) -> str:
    shown = render(screen, room.studio.words("es"))
    for row in screen.rows:
        for button in row:
            label = room.studio.words("es").plain(button.key, button.params)
            assert len(label) <= LABEL, label
    return without_tags(shown.text)


def labels(room: Mailroom, screen: Screen) -> list[list[str]]:
    catalogue = room.studio.words("es")
    return [[catalogue.plain(one.key, one.params) for one in row] for row in screen.rows]


async def see(room: Mailroom, entry: Entry, rate: float | None = None) -> str:
    return words(room, await screen(room, entry, rate))


async def screen(room: Mailroom, entry: Entry, rate: float | None = None) -> Screen:
    return await room.do(progress.screen, await room.entry(entry), room.now, rate)


async def press(room: Mailroom, verb: str, entry: Entry, message_id: int = 7) -> OrganiserReply:
    return await room.press(verb, entry, message_id)


async def press_first(room: Mailroom, note: Note, message_id: int = 8) -> OrganiserReply:
    """Press the first button of a note."""
    assert note.screen is not None
    return await room.pressed(note.screen.rows[0][0].token, message_id)


async def shown(room: Mailroom, entry: Entry, user: int, message_id: int) -> None:
    await room.do(progress.shown, entry.id, user, message_id)


# What it says


async def test_the_numbers_are_exact_and_add_up(room: Mailroom) -> None:
    entry = await room.approved()
    await room.ready()
    await room.drain(by_turns([End.SENT, End.GONE, End.UNKNOWN, End.WAIT, End.SENT]), most=6)
    found = await room.do(figures.numbers, await room.entry(entry))
    assert found == figures.Numbers(
        of=12, good=3, gone=1, deferred=1, unknown=1, waiting=5, under_way=1
    )
    text = await see(room, entry, rate=2.0)
    assert "Llegó: 3 de 12" in text
    assert "Falta mandar: 6" in text
    assert "se intenta otra vez: 1" in text
    assert "cuenta): 1" in text
    assert "No se sabe si llegó: 1" in text
    assert "Va a 2 por segundo." in text
    assert "Queda 1 minuto, o menos." in text


@pytest.mark.parametrize(
    ("rate", "left"),
    [(0.05, None), (None, None), (1.0, "Queda 1 minuto"), (25.0, "Queda 1 minuto")],
)
async def test_time_is_told_only_when_there_is_a_pace(
    room: Mailroom, rate: float | None, left: str | None
) -> None:
    text = await see(room, await room.approved(), rate)
    assert ("Queda" in text) is (left is not None)
    assert left is None or left in text


@pytest.mark.parametrize(
    ("open_", "rate", "left"),
    [
        (20_000, 25.0, "Quedan unos 14 minutos."),
        (61, 1.0, "Quedan unos 2 minutos."),
        (500_000, 25.0, "Quedan unas 6 horas."),
    ],
)
def test_time_left(room: Mailroom, open_: int, rate: float, left: str) -> None:
    found = figures.Numbers(of=open_, waiting=open_)
    assert left in words(room, Screen(tuple(progress._pace(found, rate))))


async def test_every_stage_says_why_and_what_can_be_done(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CANARY_FROM", 12)
    monkeypatch.setattr(sending, "CANARY_LEAST", 4)
    entry = await room.approved()
    text = await see(room, entry)
    assert text.startswith("A-01 (difusión): en marcha.")
    assert "Primero va a 4 familias" in text
    assert labels(room, await screen(room, entry)) == [["Pausar", "Cancelar lo que falta"]]

    await room.drain(lambda ready: End.GONE)
    assert "en pausa" in await see(room, entry)
    assert "a las primeras no les llegó bien" in await see(room, entry)
    assert labels(room, await screen(room, entry)) == [["Seguir", "Cancelar lo que falta"]]

    await room.do(steering.resume, await room.entry(entry), room.now)
    room.wait(hours=12)
    assert "espera hasta las 7:00 de la mañana, hora de Caracas" in await see(room, entry)
    room.wait(hours=12)
    await room.drain(by_turns([End.SENT, End.NEVER_LEFT]), most=8)
    assert "Con las que no se pudo se sigue intentando" in await see(room, entry)
    assert labels(room, await screen(room, entry)) == [
        ["Pausar", "Cancelar lo que falta"],
        ["Corregir", "Retirar"],
    ]
    room.wait(hours=48)
    await room.settle()
    assert "terminada" in await see(room, entry)
    assert "No se pudo: 7" in await see(room, entry)


@pytest.mark.parametrize("why", list(Why))
@pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.STOPPED])
async def test_every_reason_has_words(room: Mailroom, why: Why, stage: Stage) -> None:
    entry = await room.approved()
    by = "V-03" if why is Why.BY_HAND else ""
    entry = await room.change(entry, stage=stage, why=why, paused_by=by)
    assert len(await see(room, entry)) > 100


async def test_what_telegram_refused_is_no_leaving(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(lambda ready: End.CONTENT)
    text = await see(room, entry)
    assert "Telegram rechazó el mensaje una vez." in text
    assert "cuenta): 0" in text
    assert "No se mandó: 11" in text


async def test_a_change_tells_its_own_numbers(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(by_turns([End.GONE, End.SENT]))
    change = await room.approved(kind=Kind.CORRECT, letter=OTHER, target=entry.id.hex())
    await room.drain(by_turns([End.TOO_LATE, End.GONE, End.SENT]), most=5)
    text = await see(room, change)
    assert text.startswith("A-02 (corrección): en marcha.")
    assert "Cambia los mensajes de A-01." in text
    assert "Cambiados: 3 de 11" in text
    assert "Faltan: 6" in text
    assert "Ya no se pueden cambiar: 1" in text
    await room.do(shelf.delete, await room.entry(entry))
    assert "Los mensajes que cambiaba ya no se guardan" in await see(room, change)


async def test_what_was_changed_says_by_what_and_every_message_of_it_too(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain()
    await shown(room, entry, ANA, 61)
    assert "Tiene una" not in await see(room, entry)
    assert labels(room, await screen(room, entry)) == [["Corregir", "Retirar"]]
    change = await room.approved(kind=Kind.CORRECT, letter=OTHER, target=entry.id.hex())
    room.notes.clear()
    await room.drain()
    assert "Tiene una corrección: A-02" in await see(room, entry)
    assert labels(room, await screen(room, entry)) == [["Corregir", "Retirar"]]
    of_the_first = [note for note in room.notes if note.edit == 61]
    assert of_the_first
    assert "A-02" in words(room, of_the_first[0].screen or Screen(()))
    assert "Nada de esto sonó" in await see(room, change)
    assert labels(room, await screen(room, change)) == [["Nueva difusión"]]
    await press(room, "retract_yes", entry)
    assert "Tiene una retirada: A-03" in await see(room, entry)
    assert labels(room, await screen(room, entry)) == [["Corregir"]], "taken back once is enough"


async def test_after_two_days_nothing_can_be_done_about_it(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(by_turns([End.UNKNOWN, End.SENT]))
    assert labels(room, await screen(room, entry)) == [
        ["Otra vez a las dudosas: 1"],
        ["Corregir", "Retirar"],
    ]
    room.wait(hours=48)
    assert (await screen(room, entry)).rows == ()


# Who sees it


async def test_each_watcher_has_one_message_that_is_edited(room: Mailroom) -> None:
    entry = await room.approved()
    watch = await room.do(progress.watch, entry, await room.member(BEA), room.now)
    assert (watch.user, watch.edit, watch.keep_as) == (BEA, None, entry.id.hex())
    await shown(room, entry, BEA, 40)
    await shown(room, entry, ANA, 50)
    await room.drain(most=3)
    await room.recover()  # a restart goes on with the same messages
    notes = await room.do(progress.updates, room.now, {entry.id: 3.0})
    assert {(note.user, note.edit) for note in notes} == {(BEA, 40), (ANA, 50)}
    texts = {words(room, note.screen) for note in notes if note.screen}
    assert len(texts) == 1
    assert "Llegó: 3 de 12" in texts.pop()
    assert await room.do(progress.updates, room.now, {entry.id: 3.0}) == notes


async def test_at_the_end_every_message_says_so_and_two_are_told(room: Mailroom) -> None:
    await room.do(staff.ensure, 900_003, staff.Role.ORGANISER)
    entry = await room.approved()
    await shown(room, entry, 900_003, 60)
    await room.drain()
    edits = [note for note in room.notes if note.edit is not None]
    news = [note for note in room.notes if note.edit is None]
    assert [(note.user, note.edit) for note in edits] == [(900_003, 60)]
    assert [note.user for note in news] == [ANA, BEA]
    assert {repr(note.screen) for note in room.notes} == {repr(edits[0].screen)}
    await shown(room, entry, ANA, 61)
    late = await room.do(progress.updates, room.now)
    assert {note.edit for note in late} == {60, 61}, "one was on its way when it ended"
    room.wait(minutes=2)
    assert await room.do(progress.updates, room.now) == ()


async def test_who_is_no_organiser_any_more_watches_no_more(room: Mailroom) -> None:
    entry = await room.approved()
    await shown(room, entry, ANA, 50)
    await shown(room, entry, 12345, 51)
    await room.do(staff.remove, entry.broadcast.author)
    lead = await room.do(staff.ensure, 900_004, staff.Role.LEAD)
    assert lead is not None
    screens = {**(await room.entry(entry)).broadcast.screens, lead.name: 52}
    await room.change(await room.entry(entry), screens=screens)
    assert await room.do(progress.updates, room.now) == ()


async def test_when_both_are_gone_every_organiser_is_told(room: Mailroom) -> None:
    entry = await room.approved()
    await room.do(staff.ensure, 900_003, staff.Role.ORGANISER)
    for user in (ANA, BEA):
        await room.do(staff.remove, (await room.member(user)).name)
    await room.drain()
    assert await room.stage(entry) is Stage.DONE
    assert room.texts(900_003) == ["done"]


# What she presses


async def test_pausing_and_going_on_in_the_message_itself(room: Mailroom) -> None:
    entry = await room.approved()
    reply = await press(room, "pause", entry)
    assert reply.stirred
    assert reply.alert is None
    (note,) = reply.notes
    assert (note.edit, note.keep_as) == (7, entry.id.hex())
    assert note.screen is not None
    assert "La puso en pausa V-01." in words(room, note.screen)
    again = await press(room, "pause", entry)
    assert again.alert is not None, "it is paused already"
    assert not again.stirred
    resumed = await press(room, "resume", entry)
    assert resumed.stirred
    assert await room.stage(entry) is Stage.SENDING


async def test_the_message_that_showed_it_before_says_where_it_is_now(room: Mailroom) -> None:
    entry = await room.approved()
    await shown(room, entry, ANA, 5)
    reply = await press(room, "pause", entry, message_id=7)
    assert [note.edit for note in reply.notes] == [5, 7]
    assert reply.notes[0].screen is not None
    assert "más abajo" in words(room, reply.notes[0].screen)
    notes = await room.do(progress.anew, await room.entry(entry), await room.member(), room.now)
    assert [note.edit for note in notes] == [5, None]


async def test_cancelling_takes_two_presses(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(most=2)
    reply = await press(room, "cancel", entry)
    (note,) = reply.notes
    assert note.screen is not None
    assert "Faltan 10 familias: en sus teléfonos no cambia nada más" in words(room, note.screen)
    assert await room.stage(entry) is Stage.SENDING
    done = await press_first(room, note)
    assert done.stirred
    assert await room.stage(entry) is Stage.CANCELLED
    assert not (await press_first(room, note)).stirred
    other = await press(room, "stay", entry)
    assert other.notes[0].edit == 7
    assert not other.stirred


async def test_sending_again_says_what_it_means_and_takes_two_presses(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(by_turns([End.UNKNOWN, End.UNKNOWN, End.SENT]))
    reply = await press(room, "again", entry)
    (note,) = reply.notes
    assert note.screen is not None
    assert "a las 2 familias" in words(room, note.screen)
    assert "la reciben dos veces" in words(room, note.screen)
    assert await room.claim() is None
    assert (await press_first(room, note)).stirred
    assert len(await room.drain()) == 2
    assert (await press(room, "again", entry)).alert is not None


async def test_every_button_leads_somewhere(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(by_turns([End.UNKNOWN, End.SENT]))
    verbs = {read(one.token) for row in (await screen(room, entry)).rows for one in row}
    known = {one.verb for one in verbs if one is not None}
    assert known == {"again", "correct", "retract"}
    assert known - {"correct"} <= pressing.VERBS
    for verb in sorted(pressing.VERBS):
        reply = await press(room, verb, entry)
        assert reply.notes or reply.alert
        for note in reply.notes:
            if note.screen is not None:
                words(room, note.screen)
    gone = Entry(b"0" * 16, entry.broadcast)
    assert (await press(room, "pause", gone)).alert is not None


async def test_what_is_said_before_a_retraction_fits_a_screen(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(most=5)
    await room.ready()
    reply = await press(room, "retract", entry)
    letter, question = reply.notes
    assert letter.letter is not None
    assert question.screen is not None
    text = words(room, question.screen)
    assert "Cambia en 5 teléfonos, sin sonar." in text
    assert "De 1 no se sabe si le llegó" in text
    assert "Lo que falta se cancela sólo cuando" in text
    assert amending.told(amending.Outlook(1, 1, 0, live=False))[1].count == 1


# After a crash: what is told follows its commit, so the last of it may be unsaid


async def test_after_a_restart_all_messages_say_that_it_has_ended(room: Mailroom) -> None:
    entry = await room.approved()
    await shown(room, entry, ANA, 50)
    await room.drain()
    room.wait(hours=3)
    room.notes.clear()
    await room.recover()
    assert [(note.user, note.edit) for note in room.notes] == [(ANA, 50), (BEA, None)]
    assert all("terminada" in words(room, note.screen) for note in room.notes if note.screen)
    assert {note.keep_as for note in room.notes} == {entry.id.hex()}
    await shown(room, entry, BEA, 60)
    room.notes.clear()
    await room.recover()
    assert [note.edit for note in room.notes] == [50, 60], "nobody is told anew each time"


async def test_after_a_restart_two_are_told_again_that_it_stopped_by_itself(
    room: Mailroom,
) -> None:
    entry = await room.approved()
    await room.end(await room.ready(), End.UNKNOWN, trouble=True)
    assert await room.stage(entry) is Stage.PAUSED
    room.notes.clear()
    await room.recover()
    assert [(note.user, note.edit) for note in room.notes] == [(ANA, None), (BEA, None)]
    resumed = await room.do(steering.resume, await room.entry(entry), room.now)
    assert resumed is not None
    await room.do(steering.pause, resumed, await room.member(), room.now)
    room.notes.clear()
    await room.recover()
    assert room.notes == [], "a person paused it, and knows"
