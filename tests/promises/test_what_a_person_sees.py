"""A person who answers sees what she agreed to and what she sends; and all of it goes again.

What is passed lies sealed, a day at most. Seven days after the end, or with /borrar at once, the
case is gone from the files, and its topic from the group.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpdesk.desk import tending
from helpdesk.desk.messages import DeskPress
from helpdesk.desk.posts import Call, Place
from helpdesk.messages import Unreadable
from store import Keys, open_database, retention
from tests.helpdesk.phone import Phone
from tests.helpdesk.test_turn import MAIN, walk
from tests.helpdesk.volunteers import Desk, two_languages
from tests.store.disk import every_byte, rows

ASK = ("Hablar con una persona", "Otra cosa", "Puede esperar", "Sí, con mis respuestas")
SECRETS = ("Guacamaya", "Chaguaramo")


@dataclass
class Room:
    """A desk, the family's phone and the folder where all is kept."""

    desk: Desk
    folder: Path

    @property
    def phone(self) -> Phone:
        return self.desk.phone

    def cases(self) -> list[tuple[bytes, ...]]:
        return rows(self.folder / "faro.db", "SELECT body FROM cases")

    def waiting(self) -> list[tuple[bytes, ...]]:
        return rows(self.folder / "faro.db", "SELECT body FROM posts")

    def names_anybody(self) -> list[str]:
        seen = every_byte(self.folder)
        return [word for word in SECRETS if word.encode() in seen]

    async def tidy(self, **later: float) -> None:
        """Let time pass: the desk's clock work, and the sweep of every hour."""
        await self.desk.tend(**later)
        await self.desk.db.transaction(retention.sweep, self.desk.now)
        await self.desk.db.checkpoint()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    keys = Keys.ephemeral()
    context = two_languages(keys)
    folder = tmp_path / "data"
    async with await open_database(f"sqlite:///{folder}/faro.db", keys) as db:
        desk = Desk(db, context, Phone(db, context))
        await desk.open()
        yield Room(desk, folder)


async def asked(room: Room) -> Phone:
    await walk(room.phone, MAIN)
    for step in ASK:
        await room.phone.press(step)
    return room.phone


async def test_the_team_sees_what_she_agreed_to_and_what_she_sends(room: Room) -> None:
    phone = await asked(room)
    await phone.type("antes")
    await room.desk.claim()
    await phone.type("soy la mamá de Guacamaya")
    for kind in (Unreadable.PHOTO, Unreadable.VOICE):
        await phone.send(kind)
    phone.wait(seconds=4)
    await room.desk.send()
    topic = room.desk.topic()
    for words in ("Salió, con condiciones", "julio de 2024", "Parece entrar", "soy la mamá"):
        assert words in topic
    assert len(room.desk.copied()) == 3


async def test_the_team_never_sees_who_she_is(room: Room) -> None:
    """Nothing that goes to the group holds her chat, or the day that she typed."""
    phone = await asked(room)
    await phone.type("buenas")
    await room.desk.claim()
    await phone.type("sigo aquí")
    phone.wait(seconds=4)
    await room.desk.send()
    into_group = [one for one in room.desk.calls if one.place in (Place.TOPIC, Place.GENERAL)]
    assert len(into_group) > 3
    for one in into_group:
        said = one.text + repr(one.ready.post)
        assert str(phone.chat) not in said
        assert "29 de julio" not in said
        assert "2024-07-29" not in said


async def test_she_sees_a_pseudonym(room: Room) -> None:
    phone = await asked(room)
    await room.desk.claim()
    await room.desk.say("Buenas tardes.")
    told = [one for one in phone.messages.values() if isinstance(one, str)]
    assert sum("V-01" in one for one in told) == 2
    assert not any("41" in one for one in told)


async def test_what_she_writes_lies_sealed_and_goes_when_it_is_passed(room: Room) -> None:
    phone = await asked(room)
    await room.desk.claim()
    before = len(room.waiting())
    await phone.type("soy la mamá de Guacamaya")
    await room.desk.db.checkpoint()
    sealed = room.waiting()
    assert len(sealed) == before + 1
    assert room.names_anybody() == []
    phone.wait(seconds=4)
    await room.desk.send()
    await room.desk.db.checkpoint()
    assert "Guacamaya" in room.desk.topic()
    assert room.waiting() == []
    assert not any(one[0][:64] in every_byte(room.folder) for one in sealed)


async def test_what_cannot_be_passed_lies_there_for_a_day_at_most(room: Room) -> None:
    phone = await asked(room)
    await room.desk.claim()
    await room.desk.safe(False)
    await phone.type("soy la mamá de Guacamaya")
    (sealed,) = room.waiting()
    await room.desk.safe(False)
    room.phone.wait(hours=24)
    await room.desk.safe(False)
    await room.desk.db.transaction(tending.tend, room.desk.now, room.desk.words)
    await room.desk.db.transaction(retention.sweep, room.desk.now)
    await room.desk.db.checkpoint()
    assert sealed[0][:64] not in every_byte(room.folder)
    # It is not lost: the message itself is copied once that is possible.
    await room.tidy(seconds=1)
    if not room.desk.copied():
        await room.desk.claim()
    assert len(room.desk.copied()) == 1


async def test_what_telegram_refuses_is_told_to_her_and_not_kept(room: Room) -> None:
    phone = await asked(room)
    await room.desk.claim()
    room.desk.refused = "Guacamaya"
    await phone.type("soy la mamá de Guacamaya")
    phone.wait(seconds=4)
    await room.desk.send()
    told = [one for one in phone.messages.values() if isinstance(one, str)]
    assert any("no le llegó a nadie, y ya no lo guardo" in one for one in told)
    assert room.waiting() == []


async def test_seven_days_after_the_end_case_and_topic_are_gone(room: Room) -> None:
    phone = await asked(room)
    topic = (await room.desk.claim()).topic
    await phone.type("Chaguaramo")
    phone.wait(seconds=4)
    await room.desk.send()
    await phone.slash("start")
    for step in ("Terminar", "Sí, terminar"):
        await phone.press(step)
    await room.tidy(days=6)
    (sealed,) = room.cases()
    assert not [one for one in room.desk.calls if one.call is Call.DELETE_TOPIC]
    await room.tidy(days=1, hours=1)
    assert room.cases() == []
    assert sealed[0][:64] not in every_byte(room.folder)
    (deleted,) = (one for one in room.desk.calls if one.call is Call.DELETE_TOPIC)
    assert deleted.topic == topic


async def test_when_nobody_writes_it_ends_by_itself_after_thirty_days(room: Room) -> None:
    await asked(room)
    await room.tidy(days=29)
    assert await room.desk.case() is not None
    await room.tidy(days=1, hours=1)
    assert await room.desk.case() is None
    await room.tidy(days=7, hours=1)
    assert room.cases() == []


async def test_erasing_leaves_nothing_of_the_case(room: Room) -> None:
    """An open one and one that is over, with their topics; a thief finds no byte of them."""
    phone = await asked(room)
    topics = [(await room.desk.claim()).topic]
    await room.desk.do(41, DeskPress("close:resolved"))
    await room.desk.send()
    for step in ("/ayuda", *ASK):
        await (phone.slash("ayuda") if step == "/ayuda" else phone.press(step))
    topics.append((await room.desk.claim(42)).topic)
    await phone.type("Chaguaramo")
    sealed = [*room.cases(), *room.waiting()]
    assert len(room.cases()) == 2
    await phone.slash("borrar")
    await room.desk.db.checkpoint()
    assert room.cases() == []
    assert not any(one[0][:64] in every_byte(room.folder) for one in sealed)
    gone = await room.desk.send()
    deleted = {one.topic for one in gone if one.call is Call.DELETE_TOPIC}
    assert deleted == {*topics}
    assert "Chaguaramo" not in "".join(one.text for one in room.desk.calls)


async def test_a_report_and_a_contact_are_for_those_who_coordinate(room: Room) -> None:
    phone = await asked(room)
    await room.desk.claim()
    await phone.slash("start")
    for step in ("Dejar un contacto para un abogado", "Escribirlo ahora"):
        await phone.press(step)
    await phone.type("Ana, 0414 555 12 34")
    await phone.press("Sí, dejarlo")
    await room.desk.db.checkpoint()
    assert b"0414" not in every_byte(room.folder)
    for step in ("Avisar de un problema", "Me trató mal"):
        await phone.press(step)
    calls = await room.desk.send()
    private = [one for one in calls if one.place is Place.PERSON]
    assert {one.chat for one in private} == {43}
    assert len(private) == 2
    assert "0414" not in "".join(one.text for one in room.desk.calls)
