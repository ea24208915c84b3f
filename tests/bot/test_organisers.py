"""What is said to organisers, in order and best effort; and nothing of it to anybody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

import locales
from bot import organisers as lanes
from bot.fates import Fate
from bot.organisers import MOST_TRIES, Organisers
from bot.wire import Spot, Wire
from handlers.render import Rendered, exact
from helpdesk.broadcasts import shelf
from helpdesk.broadcasts.broadcast import Broadcast, Letter, Stage
from helpdesk.broadcasts.messages import Note, OrganiserReply, Picture
from helpdesk.broadcasts.presses import SAMPLE
from helpdesk.desk import staff
from helpdesk.desk.staff import Role
from helpdesk.messages import Button, Part, Screen
from sandbox import Person, Sandbox
from store import Database, rotate
from tests.bot.conftest import now

SENDING = Broadcast(number=0, author="V-01", stage=Stage.SENDING)
LETTER = Letter(html="Hola. <b>Abren</b> el lunes &amp; el martes", button="Dejar de recibir")

QUESTION = Screen((Part("t.opening"),), ((Button("t.next", "ok"),),))
HELD_BACK = "sin botones"


@pytest.fixture
def catalogue(catalogue: locales.Catalogue, tmp_path: Path) -> locales.Catalogue:
    """The few words of these tests, and those that stand in place of a question."""
    folder = tmp_path / "words"
    words = f'msgid "broadcast.not_shown"\nmsgstr "{HELD_BACK}"\n'
    head = (folder / "t.po").read_text("utf-8").split("\n\n")[0].strip()
    (folder / "held.po").write_text(f"{head}\n\n{words}", encoding="utf-8")
    return locales.load("es", folder)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "pause", lambda failures: 0.01)


@pytest.fixture
async def wire(box: Sandbox) -> AsyncIterator[Wire]:
    async with Wire(box.url, box.token, patience=5) as wire:
        yield wire


@pytest.fixture
async def saying(
    wire: Wire, db: Database, catalogue: locales.Catalogue
) -> AsyncIterator[Organisers]:
    saying = Organisers(wire, db, {"es": catalogue})
    yield saying
    await saying.finish(5)


@pytest.fixture
async def elena(box: Sandbox) -> Person:
    return await opened(box, "Elena")


async def opened(box: Sandbox, name: str) -> Person:
    person = box.person(name)
    await person.send("/start")
    return person


def words(text: str) -> Screen:
    return Screen((Part("t.heard", {"number": 1, "words": f"text:{text}"}),))


def note(who: Person, text: str, edit: int | None = None, keep_as: str = "") -> Note:
    return Note(who.chat_id, words(text), edit=edit, keep_as=keep_as)


def question(who: Person) -> Note:
    """What she is asked about the note before it, with the button that says yes."""
    return Note(who.chat_id, QUESTION, needs_the_one_before=True)


def page(who: Person, text: str) -> Note:
    """One more page of what she is to approve, which has no button yet."""
    return Note(who.chat_id, words(text), needs_the_one_before=True)


def buttons(who: Person) -> list[str]:
    """What the buttons in somebody's chat carry, all of them."""
    return [button.data for one in who.from_bot() for button in one.buttons if button.data]


def said(who: Person) -> list[str]:
    return [message.text.removeprefix("1: ") for message in who.from_bot()]


async def test_notes_keep_their_order_and_nobody_waits_for_another(
    box: Sandbox, saying: Organisers, elena: Person
) -> None:
    bruno = await opened(box, "Bruno")
    held = box.faults.hold_before_write("sendMessage", chat_id=elena.chat_id)
    notes = (note(elena, "uno"), note(bruno, "otro"), note(elena, "dos"), note(elena, "tres"))
    saying.carry_out(OrganiserReply(notes))
    await bruno.wait_until(lambda: said(bruno) == ["otro"])
    assert said(elena) == []
    held.release()
    await elena.wait_until(lambda: said(elena) == ["uno", "dos", "tres"])


async def test_whoever_is_told_to_wait_is_told_later(
    box: Sandbox, saying: Organisers, elena: Person
) -> None:
    box.faults.retry_after("sendMessage", 1, chat_id=elena.chat_id)
    for text in ("uno", "dos"):
        saying.say(note(elena, text))
    await elena.wait_until(lambda: said(elena) == ["uno", "dos"])
    assert len(box.calls_of("sendMessage")) == 3


async def test_what_cannot_be_said_is_given_up_and_the_next_is_said(
    box: Sandbox, saying: Organisers, elena: Person, events: list[str]
) -> None:
    tries = MOST_TRIES[Fate.TROUBLE]
    box.faults.server_error("sendMessage", times=tries)
    saying.say(note(elena, "uno"))
    saying.say(Note(elena.chat_id, Screen((Part("t.nobody_wrote_this"),))))
    saying.say(note(elena, "dos"))
    await elena.wait_until(lambda: said(elena) == ["Disculpe", "dos"])
    assert len(box.calls_of("sendMessage")) == tries + 2
    assert events.count("note_not_said") == 1
    assert events.count("screen_not_rendered") == 1


async def test_an_organiser_who_blocked_the_bot_is_not_insisted_on(
    box: Sandbox, saying: Organisers, elena: Person
) -> None:
    await elena.block()
    saying.say(note(elena, "uno"))
    await saying.finish(5)
    assert len(box.calls_of("sendMessage")) == 1


async def test_a_note_replaces_its_message_and_a_message_that_is_gone_is_sent_anew(
    saying: Organisers, elena: Person
) -> None:
    saying.say(note(elena, "uno"))
    first = await elena.next_message()
    saying.say(note(elena, "dos", edit=first.message_id))
    assert (await elena.next_edit()).message_id == first.message_id
    saying.say(note(elena, "dos", edit=first.message_id))  # it reads so already
    await saying.finish(5)
    await elena.delete(first, for_both=True)
    saying.say(note(elena, "tres", edit=first.message_id))
    anew = await elena.next_message()
    assert anew.text == "1: tres"


async def test_a_letter_is_the_very_bytes_that_families_get(
    box: Sandbox, wire: Wire, saying: Organisers, elena: Person
) -> None:
    maria = await opened(box, "María")
    saying.say(Note(elena.chat_id, letter=LETTER))
    await elena.next_message()
    await wire.send(Spot(maria.chat_id), exact(LETTER))
    shown, sent = (dict(call.parameters) for call in box.calls_of("sendMessage"))
    assert shown.pop("chat_id") != sent.pop("chat_id")
    assert str(shown.pop("reply_markup")).replace(SAMPLE, "leave") == str(sent.pop("reply_markup"))
    assert shown == sent
    assert sent["text"] == LETTER.html
    (hers,), (theirs,) = elena.last().buttons, maria.last().buttons
    assert (theirs.text, theirs.data) == ("Dejar de recibir", "leave")
    assert (hers.text, hers.data) == ("Dejar de recibir", SAMPLE), "looking at it changes nothing"


async def test_a_picture_is_drawn_and_arrives_with_its_words(
    box: Sandbox, saying: Organisers, elena: Person
) -> None:
    drawn = Picture("Semana 47", (("Preguntas", (("Medidas", 40), ("Montañas", 20))),), "Decenas")
    saying.say(Note(elena.chat_id, words("la semana"), picture=drawn))
    saying.say(note(elena, "y algo más"))
    photo = await elena.next_message()
    assert photo.content["caption"] == "1: la semana"
    assert box.bytes_of(photo.content["photo"][-1]["file_id"]).startswith(b"\x89PNG")
    assert (await elena.next_message()).text == "1: y algo más"


# Nobody is given a button to approve what she may not have seen

Break = Callable[[Sandbox, int], object]

BROKEN: dict[str, Break] = {
    "five hundreds": lambda box, chat: box.faults.server_error(
        "sendMessage", times=MOST_TRIES[Fate.TROUBLE], chat_id=chat
    ),
    "no answer": lambda box, chat: box.faults.drop_before_write(
        "sendMessage", times=MOST_TRIES[Fate.UNKNOWN], chat_id=chat
    ),
    "refused": lambda box, chat: box.faults.refuse(
        "sendMessage", 400, "Bad Request: wrong", chat_id=chat
    ),
}


@pytest.mark.parametrize("how", BROKEN)
async def test_without_its_letter_a_question_is_not_asked(
    box: Sandbox, saying: Organisers, elena: Person, how: str
) -> None:
    BROKEN[how](box, elena.chat_id)
    notes = (Note(elena.chat_id, letter=LETTER), question(elena), note(elena, "otra cosa"))
    saying.carry_out(OrganiserReply(notes))
    await saying.finish(5)
    assert said(elena) == [HELD_BACK.capitalize(), "otra cosa"]
    assert buttons(elena) == []
    saying.carry_out(OrganiserReply(notes[:2]))
    await saying.finish(5)
    assert buttons(elena) == [SAMPLE, "ok"], "she opened it again"


async def test_a_letter_that_may_have_arrived_is_not_asked_about_either(
    box: Sandbox, saying: Organisers, elena: Person
) -> None:
    box.faults.drop_after_write("sendMessage", times=MOST_TRIES[Fate.UNKNOWN])
    saying.carry_out(OrganiserReply((Note(elena.chat_id, letter=LETTER), question(elena))))
    await saying.finish(5)
    assert set(buttons(elena)) == {SAMPLE}
    assert said(elena)[-1] == HELD_BACK.capitalize()


async def test_a_letter_that_came_at_last_is_asked_about(
    box: Sandbox, saying: Organisers, elena: Person
) -> None:
    box.faults.server_error("sendMessage", times=MOST_TRIES[Fate.TROUBLE] - 1)
    saying.carry_out(OrganiserReply((Note(elena.chat_id, letter=LETTER), question(elena))))
    await saying.finish(5)
    assert buttons(elena) == [SAMPLE, "ok"]


@pytest.mark.parametrize("lost", [0, 1, 2])
async def test_a_page_that_is_lost_holds_back_all_that_follow(
    box: Sandbox, saying: Organisers, elena: Person, lost: int
) -> None:
    pages = (note(elena, "uno"), page(elena, "dos"), page(elena, "tres"), question(elena))
    held = box.faults.hold_before_write("sendMessage")
    saying.say(note(elena, "antes"))
    await asyncio.wait_for(held.reached.wait(), 5)
    saying.carry_out(OrganiserReply((*pages, note(elena, "otra cosa"))))
    for _ in range(lost):
        passed, held = held, box.faults.hold_before_write("sendMessage")
        passed.release()
        await asyncio.wait_for(held.reached.wait(), 5)
    box.faults.server_error("sendMessage", times=MOST_TRIES[Fate.TROUBLE])
    held.release()
    await saying.finish(5)
    arrived = ["antes", "uno", "dos", "tres"][: lost + 1]
    assert said(elena) == [*arrived, HELD_BACK.capitalize(), "otra cosa"]
    assert buttons(elena) == []


async def test_an_apology_is_not_what_she_was_to_see(saying: Organisers, elena: Person) -> None:
    nothing = Note(elena.chat_id, Screen((Part("t.nobody_wrote_this"),)))
    saying.carry_out(OrganiserReply((nothing, question(elena))))
    await saying.finish(5)
    assert said(elena) == ["Disculpe", HELD_BACK.capitalize()]


async def test_a_letter_that_fails_in_our_own_hands_is_not_asked_about(
    saying: Organisers, elena: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(letter: Letter, data: str) -> Rendered:
        raise RuntimeError("no letter")

    monkeypatch.setattr(lanes, "exact", fail)
    saying.carry_out(OrganiserReply((Note(elena.chat_id, letter=LETTER), question(elena))))
    await saying.finish(5)
    assert said(elena) == [HELD_BACK.capitalize()]


async def test_a_letter_that_waited_too_long_is_not_asked_about(
    box: Sandbox, saying: Organisers, elena: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "MOST_WAITING", 3)
    held = box.faults.hold_before_write("sendMessage")
    saying.say(note(elena, "antes"))
    await asyncio.wait_for(held.reached.wait(), 5)
    notes = (Note(elena.chat_id, letter=LETTER), question(elena))
    saying.carry_out(OrganiserReply((*notes, note(elena, "dos"), note(elena, "tres"))))
    held.release()
    await saying.finish(5)
    assert said(elena) == ["antes", HELD_BACK.capitalize(), "dos", "tres"]


async def test_what_one_of_them_did_not_get_holds_back_nothing_of_another(
    box: Sandbox, saying: Organisers, elena: Person
) -> None:
    bruno = await opened(box, "Bruno")
    BROKEN["five hundreds"](box, elena.chat_id)
    letters = [Note(who.chat_id, letter=LETTER) for who in (elena, bruno)]
    notes = (letters[0], question(elena), letters[1], question(bruno))
    saying.carry_out(OrganiserReply(notes))
    await saying.finish(5)
    assert buttons(elena) == []
    assert buttons(bruno) == [SAMPLE, "ok"]


# How far a broadcast is


class Shown:
    """A broadcast, and which messages show how far it is."""

    def __init__(self, db: Database, id: bytes) -> None:
        self._db = db
        self.id = id

    async def by_name(self) -> dict[str, int]:
        entry = await self._db.transaction(shelf.get, self.id)
        assert entry is not None
        return entry.broadcast.screens


@pytest.fixture
async def shown_of(db: Database, elena: Person) -> Shown:
    await rotate(db, now())
    await db.transaction(staff.ensure, elena.chat_id, Role.ORGANISER)
    entry = await db.transaction(shelf.add, SENDING, now())
    return Shown(db, entry.id)


async def test_the_message_that_shows_a_progress_is_kept(
    saying: Organisers, elena: Person, shown_of: Shown
) -> None:
    saying.say(note(elena, "1 de 9", keep_as=shown_of.id.hex()))
    first = await elena.next_message()
    await saying.finish(5)
    assert await shown_of.by_name() == {"V-01": first.message_id}
    saying.say(note(elena, "otra cosa"))
    pressed = await elena.next_message()
    saying.say(note(elena, "1 de 9", edit=pressed.message_id, keep_as=shown_of.id.hex()))
    await saying.finish(5)
    assert await shown_of.by_name() == {"V-01": pressed.message_id}, "she looks at that one now"
    await elena.delete(pressed, for_both=True)
    saying.say(note(elena, "2 de 9", edit=pressed.message_id, keep_as=shown_of.id.hex()))
    await saying.finish(5)
    assert await shown_of.by_name() == {"V-01": elena.last().message_id}, "it was sent anew"


async def test_of_a_progress_only_the_newest_waits_and_it_stays_one_message(
    box: Sandbox, saying: Organisers, elena: Person, shown_of: Shown
) -> None:
    keep_as = shown_of.id.hex()
    held = box.faults.hold_before_write("sendMessage")
    saying.say(note(elena, "0 de 9", keep_as=keep_as))
    await asyncio.wait_for(held.reached.wait(), 5)
    for number in range(1, 5):
        # Nobody can know yet which message shows it.
        saying.say(note(elena, f"{number} de 9", keep_as=keep_as))
    saying.say(note(elena, "otra cosa"))
    held.release()
    await saying.finish(5)
    assert said(elena) == ["4 de 9", "otra cosa"]
    assert len(box.calls_of("editMessageText")) == 1


async def test_a_progress_that_was_to_be_seen_at_the_end_of_the_chat_is(
    box: Sandbox, saying: Organisers, elena: Person, shown_of: Shown
) -> None:
    keep_as = shown_of.id.hex()
    saying.say(note(elena, "1 de 9", keep_as=keep_as))
    first = await elena.next_message()
    await saying.finish(5)
    held = box.faults.hold_before_write("sendMessage")
    saying.say(note(elena, "lista"))
    await asyncio.wait_for(held.reached.wait(), 5)
    saying.say(note(elena, "1 de 9", keep_as=keep_as))  # she asked for it
    saying.say(note(elena, "2 de 9", edit=first.message_id, keep_as=keep_as))
    held.release()
    await saying.finish(5)
    assert said(elena) == ["1 de 9", "lista", "2 de 9"]
