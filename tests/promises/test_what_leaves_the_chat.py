"""What leaves the chat, and when: photos at once, and with /borrar everything of the last 47 hours.

The whole program, over HTTP, on one clock with a stand-in for Telegram that deletes nothing older
than 48 hours. Besides: what she writes goes to nobody, and nobody is written to first.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from telegram import Update

from bot.app import serve
from bot.settings import Settings
from handlers import family
from helpdesk import turn
from helpdesk.context import Context
from helpdesk.messages import Command, Unreadable
from sandbox import Sandbox
from sandbox.messages import Message
from sandbox.people import Person
from store import Database, Keys, open_database
from tests.helpdesk.phone import Phone
from tests.promises import screens
from tests.store.disk import every_byte, rows

pytestmark = pytest.mark.slow

FAREWELL = "Listo: borré lo que tenía."
DESK = -1_001_234_567_890


class House:
    """A running bot: its sandbox, its data folder, and the bell that says that time has jumped."""

    def __init__(self, box: Sandbox, data: Path) -> None:
        self.box = box
        self.data = data
        self.moved = asyncio.Event()

    def wait(self, **how_long: float) -> None:
        self.box.clock.forward(timedelta(**how_long))
        self.moved.set()


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[House]:
    async with Sandbox() as box:
        house = House(box, folder / "data")
        settings = Settings(
            bot_token=SecretStr(box.token),
            api_url=box.url,
            database_url=f"sqlite:///{house.data}/faro.db",
            key_file=folder / "keys" / "faro.key",
            desk_chat_id=DESK,
        )
        settings.key_file.parent.mkdir()
        Keys.generate(settings.key_file)
        stop, ready = asyncio.Event(), asyncio.Event()
        work = asyncio.create_task(
            serve(settings, stop, ready.set, box.clock.now, moved=house.moved)
        )
        try:
            started = asyncio.create_task(ready.wait())
            await asyncio.wait({work, started}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
            assert ready.is_set()
            yield house
        finally:
            stop.set()
            await asyncio.wait_for(work, 30)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path) as house:
        yield house


@pytest.fixture
async def maria(house: House) -> Person:
    """She has begun, and sees the first question."""
    maria = house.box.person("María Guacamaya")
    await maria.send("/start")
    await maria.next_message(10)
    return maria


async def said(maria: Person, text: str) -> None:
    """Type something and see it answered."""
    maria.skip()
    await maria.send(text)
    await answered(maria)


async def answered(maria: Person) -> None:
    """Wait for a screen, new or edited; what is deleted on the way is none."""
    while (await maria.next_change(10)).kind == "deleted":
        pass


async def erased(maria: Person) -> Message:
    """Type /borrar, wait for the farewell, and give it."""
    await maria.send("/borrar")
    await maria.wait_until(lambda: bool(maria.from_bot()) and FAREWELL in maria.last().text, 10)
    return maria.last()


async def until(look: Callable[[], bool]) -> None:
    """Wait, ten seconds at most, for what only shows in the files: no event tells of it."""
    async with asyncio.timeout(10):
        for pause in itertools.repeat(0.05):
            if look():
                return
            await asyncio.sleep(pause)


def contents(maria: Person) -> list[Message]:
    """Her messages on the screen that are no text."""
    return [message for message in maria.screen() if message.content]


SENDING: dict[str, Callable[[Person], Any]] = {
    "photo": lambda maria: maria.send_photo("Guacamaya"),
    "video": lambda maria: maria.send_video("Guacamaya"),
    "document": lambda maria: maria.send_document("guacamaya.pdf"),
    "contact": lambda maria: maria.send_contact("+584125558899", "Guacamaya"),
    "location": lambda maria: maria.send_location(),
}


async def test_photos_and_the_like_leave_the_chat_at_once(house: House, maria: Person) -> None:
    for send in SENDING.values():
        sent: Message = await send(maria)
        await maria.wait_until(partial(_gone, sent), 10)
    assert contents(maria) == []


def _gone(message: Message) -> bool:
    return message.deleted


@pytest.mark.parametrize("what", SENDING)
async def test_nothing_of_them_is_ever_looked_at(what: str) -> None:
    """What becomes of such an update is its kind, and the id to delete it by.

    The words under it are read for a person who has her case, and for nobody else: that they are
    kept nowhere without one is in tests/helpdesk/test_asking_for_a_person.py.
    """
    async with Sandbox() as box:
        maria = box.person("María")
        sent = await SENDING[what](maria)
        update = Update.de_json(box.queue.pending[-1], None)
        assert update is not None
        command = family.read(update, box.clock.now())
        assert isinstance(command, Command)
        assert command.body is Unreadable(what)
        assert command.message_id == sent.message_id
        for secret in ("guacamaya", "AwACAgEAAxk", "5558899", "10.5"):
            assert secret.lower() not in repr(replace(command, caption="")).lower()


async def test_voice_and_stickers_stay_until_they_are_erased(house: House, maria: Person) -> None:
    voice, sticker = await maria.send_voice(), await maria.send_sticker()
    await house.box.all_confirmed(10)
    await said(maria, "hola")
    assert {voice, sticker} <= {*maria.screen()}
    farewell = await erased(maria)
    assert maria.screen() == (farewell,)


async def test_a_photo_leaves_the_chat_also_after_a_crash(tmp_path: Path) -> None:
    """The program dies between the commit and the deletion; the screen says that it is gone."""
    url = f"sqlite:///{tmp_path}/data/faro.db"
    async with await open_database(url, Keys.ephemeral()) as db:
        phone = _phone(db)
        await phone.slash("start")
        phone.deaf = True
        lost = await phone.send(Unreadable.PHOTO)
        assert lost.delete
        again = await db.transaction(turn.after_restart, phone.context, phone.now)
        assert [set(lost.delete) <= set(reply.delete) for _, reply in again] == [True]


def _phone(db: Database) -> Phone:
    shared = screens.context()
    return Phone(db, Context(shared.laws, shared.catalogue, db.keys.subkey("buttons")))


async def test_erasing_takes_less_than_ten_seconds(house: House, maria: Person) -> None:
    """Not the row alone: every byte of it, in every file."""
    await maria.press("Dijeron que no")
    await house.box.all_confirmed(10)
    await said(maria, "hola")
    database = house.data / "faro.db"
    [secret] = rows(database, "SELECT body, wrapped_key, lookup FROM sessions")
    assert all(value[:64] in every_byte(house.data) for value in secret)
    async with asyncio.timeout(10):
        farewell = await erased(maria)
        assert rows(database, "SELECT * FROM sessions") == []
        await until(lambda: not any(value[:64] in every_byte(house.data) for value in secret))
    assert maria.screen() == (farewell,)


async def test_the_button_erases_as_the_command_does(house: House, maria: Person) -> None:
    await said(maria, "/privacidad")
    for label in ("Borrar todo", "Sí, borrar todo"):
        maria.skip()
        await maria.press(label)
        await maria.next_change(10)
    await maria.wait_until(lambda: len(maria.screen()) == 1, 10)
    assert rows(house.data / "faro.db", "SELECT * FROM sessions") == []


async def test_messages_of_the_last_47_hours_go_both_sides(house: House, maria: Person) -> None:
    await said(maria, "hola")
    house.wait(hours=46, minutes=30)
    await said(maria, "/ayuda")
    early = [message for message in maria.chat.messages.values() if message.visible]
    assert any(not message.mine for message in early)
    farewell = await erased(maria)
    assert maria.screen() == (farewell,)


async def test_messages_older_than_48_hours_stay_for_her_to_delete(
    house: House, maria: Person
) -> None:
    old = list(maria.screen())
    assert [message.mine for message in old] == [False, True]
    house.wait(hours=50)
    await said(maria, "hola")
    new = [message for message in maria.screen() if message not in old]
    assert new
    farewell = await erased(maria)
    assert maria.screen() == (*old, farewell)
    assert "bórrelo usted" in farewell.text


async def test_seven_days_idle_and_the_running_program_has_forgotten(
    house: House, maria: Person
) -> None:
    database = house.data / "faro.db"
    assert len(rows(database, "SELECT * FROM sessions")) == 1
    house.wait(days=7, hours=1)
    await until(lambda: not rows(database, "SELECT * FROM sessions"))


async def test_what_she_writes_goes_to_nobody(house: House, maria: Person) -> None:
    """Not to the desk, not to another family: every message goes to her, in Faro's own words."""
    ana = house.box.person("Ana")
    await said(maria, "soy Guacamaya, quiero hablar con una persona")
    await maria.send_photo("Guacamaya")
    await said(maria, "mi hijo Chaguaramo no aparece")
    await house.box.all_confirmed(10)
    called = [call for call in house.box.calls if "chat_id" in call.parameters]
    told = [call for call in called if not call.method.startswith("get")]  # that only looks
    assert len(told) >= 4
    assert {call.parameters["chat_id"] for call in told} == {maria.chat_id}
    for call in told:
        assert "guacamaya" not in str(call.parameters).lower()
        assert "chaguaramo" not in str(call.parameters).lower()
        assert not call.method.startswith(("forward", "copy"))
    assert ana.chat.events == []


async def test_it_never_writes_first(house: House) -> None:
    """It is up and has told Telegram its menu; a whole day goes by, and nobody heard of it."""
    maria = house.box.person("María")
    await house.box.called("setMyCommands", timeout=10)
    house.wait(days=1)
    await house.box.polled(10)
    methods = {call.method for call in house.box.calls}
    looks = {"getUpdates", "getMe", "getChat", "getChatMember", "getChatMemberCount"}
    assert methods <= {*looks, "setMyCommands"}
    assert maria.chat.events == []


async def test_a_search_for_its_name_finds_the_chat(house: House, maria: Person) -> None:
    assert "Faro" in maria.last().text


async def test_who_searches_the_phone_reads_both_sides(house: House, maria: Person) -> None:
    await said(maria, "mi hijo Chaguaramo")
    assert "mi hijo Chaguaramo" in [message.text for message in maria.screen() if not message.mine]
    assert maria.from_bot()
