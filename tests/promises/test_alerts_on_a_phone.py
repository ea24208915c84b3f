"""Alerts on a phone: who searches it reads them, one tap ends them, /borrar takes them away.

The whole program over HTTP, and a stand-in for Telegram: nothing of it is made up but the people.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helpdesk import subscriptions
from helpdesk.audience import Topic
from helpdesk.broadcasts import letters
from helpdesk.broadcasts.broadcast import LEAVE
from helpdesk.broadcasts.shelf import Entry
from locales import lexicon
from sandbox import Message, Person
from store import sessions, subscribers
from tests.bot.newsroom import PATIENCE, Newsroom, newsroom
from tests.helpdesk.broadcasts.mailroom import Mailroom, studio

pytestmark = pytest.mark.slow

NEWS = "Abrió un mostrador en San Cristóbal."
BUTTON = "Dejar de recibir"
LEFT = "Listo. Ya no le llegarán avisos de Faro."


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """The program runs; Elena and Bruno are organisers who have said hello."""
    async with newsroom(tmp_path) as room, room.running():
        for organiser in (room.elena, room.bruno):
            await room.says(organiser, "/difusiones")
        yield room


@pytest.fixture
async def maria(room: Newsroom) -> Person:
    """She asked for everything important, and for a state."""
    await room.says(room.maria, "/avisos")
    for label in ("Todo lo importante", "Por estado…", "Apure"):
        await tap(room, label)
    return room.maria


async def tap(room: Newsroom, label: str) -> None:
    """Press a button of María's and see what it changed."""
    room.maria.skip()
    await room.maria.press(label)
    while (await room.maria.next_change(PATIENCE)).kind == "deleted":
        pass


async def arrives(room: Newsroom, news: str = NEWS) -> Message:
    """Let two organisers let something out, and wait until María has it and that is noted."""
    mail, entry = await let_out(room, news)
    async with asyncio.timeout(PATIENCE):
        while await mail.tally(entry) != {"SENT": 1}:  # noqa: ASYNC110 - nothing tells of a commit
            await asyncio.sleep(0.02)
    return about(room.maria, news)[-1]


async def let_out(room: Newsroom, news: str) -> tuple[Mailroom, Entry]:
    """Approve a broadcast as `helpdesk.broadcasts.approval` does; the program sends it."""
    mail = Mailroom(room.db, room.box.clock.now())
    await mail.open(0)
    letter = letters.framed(f"<b>{news}</b>", studio())
    entry = await mail.approved(letter=letter, urgent=True)
    room.moved.set()
    return mail, entry


def about(person: Person, news: str) -> list[Message]:
    return [one for one in person.from_bot() if news in one.text]


async def is_on_the_list(room: Newsroom) -> bool:
    return await room.db.transaction(subscribers.get, room.maria.chat_id) is not None


async def has_a_conversation(room: Newsroom) -> bool:
    now = room.box.clock.now()
    return await room.db.transaction(sessions.get, room.maria.chat_id, now) is not None


async def test_who_searches_the_phone_reads_it_and_sees_what_she_chose(
    room: Newsroom, maria: Person
) -> None:
    message = await arrives(room)
    assert NEWS in message.text
    assert [button.text for button in message.buttons] == [BUTTON]
    chosen = [button.text for one in maria.from_bot() for button in one.buttons]
    assert "✓ Apure" in chosen
    locked = message.text[: lexicon.OPENING]
    assert not lexicon.opening_faults(locked, "opening")
    assert NEWS[:20] not in locked


async def test_the_team_sees_how_many_and_never_who(room: Newsroom, maria: Person) -> None:
    await arrives(room)
    for organiser in (room.elena, room.bruno):
        await room.says(organiser, "/difusiones")
    told = [one for organiser in (room.elena, room.bruno) for one in organiser.from_bot()]
    assert len(told) >= 4
    for one in told:
        said = [*one.history, *(f"{button.text} {button.data}" for button in one.buttons)]
        assert not any(str(maria.chat_id) in text or "María" in text for text in said)


async def test_one_tap_ends_them(room: Newsroom, maria: Person) -> None:
    message = await arrives(room)
    for _ in range(2):
        maria.skip()
        await maria.press(message, BUTTON)
        answer = await maria.next_message(PATIENCE)
        assert answer.text.startswith(LEFT)
    assert not await is_on_the_list(room)
    mail, entry = await let_out(room, "Otra cosa.")
    assert await mail.tally(entry) == {}
    await room.says(room.elena, "/difusiones")
    assert about(maria, "Otra cosa.") == []


async def test_a_word_ends_them(room: Newsroom, maria: Person) -> None:
    await arrives(room)
    (said,) = await room.says(maria, "¡ALTO!")
    assert said.text.startswith(LEFT)
    assert not await is_on_the_list(room)


async def test_erasing_takes_them_out_of_the_chat_and_off_the_list(
    room: Newsroom, maria: Person
) -> None:
    message = await arrives(room)
    await maria.send("/borrar")
    await maria.wait_until(lambda: len(maria.screen()) == 1 and bool(maria.from_bot()), PATIENCE)
    assert maria.last().text.startswith("Listo: borré")
    assert message.deleted
    assert "Si pidió avisos, ya no le llegan." in maria.last().text
    assert not await is_on_the_list(room)


async def test_what_came_before_she_left_stays_until_she_erases_it(
    room: Newsroom, maria: Person
) -> None:
    message = await arrives(room)
    (said,) = await room.says(maria, "ALTO")
    assert "Los que ya llegaron siguen en este chat." in said.text
    assert not message.deleted
    await maria.send("/borrar")
    await maria.wait_until(lambda: message.deleted, PATIENCE)


async def test_without_a_conversation_one_tap_is_enough_and_its_answer_stays(
    room: Newsroom,
) -> None:
    """It keeps nothing of her, so /borrar does not know of it: she is told so in /privacidad."""
    maria, now = room.maria, room.box.clock.now()
    await room.says(maria, "/start")
    await room.says(maria, "/borrar")
    topic = Topic.ALL
    await room.db.transaction(subscriptions.toggle_topic, maria.chat_id, topic, now)
    message = await arrives(room)
    await maria.press(message, data=LEAVE)
    await maria.wait_until(lambda: maria.last().text.startswith(LEFT), PATIENCE)
    answer = maria.last()
    assert not await is_on_the_list(room)
    assert not await has_a_conversation(room)
    await maria.send("/borrar")
    await maria.wait_until(lambda: message.deleted, PATIENCE)
    assert answer in maria.screen()
