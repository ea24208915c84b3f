"""What becomes of erase jobs: of messages that came too late, and of what cannot be deleted yet."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import locales
from bot import chores
from bot.wire import Spot
from handlers.render import exact
from helpdesk import subscriptions
from helpdesk.broadcasts import sending
from helpdesk.broadcasts.ends import End, Result
from helpdesk.messages import Part, Reply, Screen
from sandbox import Person, Sandbox
from store import Database, erasures, sessions
from store.errors import StoreBusyError
from tests.bot.conftest import Bot, now
from tests.bot.test_outgoing import idle
from tests.helpdesk.broadcasts.mailroom import Mailroom

pytestmark = pytest.mark.usefixtures("quick")

MORNING = datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC)
"""When broadcasts go out."""
LETTER = Screen((Part("t.next"),))


def take_up(bot: Bot, chat: int) -> None:
    """As `bot.wiring` does for whoever wrote an erase job or found one."""
    bot.outgoing.show(chat, Reply(erase=True))


async def the_chore(bot: Bot) -> None:
    """Take up what waits, as is done each minute and at the start."""
    assert await chores.erase(bot.db, lambda chat: take_up(bot, chat))()
    await idle(bot)


async def pending(bot: Bot) -> list[erasures.Erasure]:
    return await bot.db.transaction(erasures.pending)


def screen(person: Person) -> list[str | None]:
    return [message.text for message in person.screen()]


async def talks(box: Sandbox, bot: Bot, person: Person) -> None:
    """Let her have a screen, and let her lane know of it as while she goes on."""
    bot.outgoing.expect(person.chat_id)
    await person.send("hola")
    await box.all_confirmed()
    await idle(bot)


async def too_late(bot: Bot, person: Person) -> None:
    """Let a message arrive that is to be taken back."""
    shown = await bot.wire.send(Spot(person.chat_id), bot.outgoing._render(LETTER, "es"))
    await bot.db.transaction(erasures.request, person.chat_id, [shown], now())


@pytest.fixture
async def restarted(box: Sandbox, db: Database, catalogue: locales.Catalogue) -> AsyncIterator[Bot]:
    """The program after a restart: it knows what is in the store."""
    bot = Bot(box, db, catalogue)
    async with bot.wire:
        yield bot
        await bot.stop()


# Messages that came too late


async def test_somebody_elses_borrar_takes_back_a_leavers_message_and_nothing_else(
    box: Sandbox, bot: Bot
) -> None:
    """She left while the call for her was under way, and she asked for no more than that."""
    people = [box.person("María"), box.person("José")]
    bot.start()
    for person in people:
        await talks(box, bot, person)
    room = Mailroom(bot.db, MORNING)
    await room.open(chats=[person.chat_id for person in people])
    await room.approved()
    ready = await room.ready()
    people.sort(key=lambda person: person.chat_id != ready.chat)
    hers, other = people
    await room.do(subscriptions.stop, hers.chat_id)
    await other.send("/borrar")
    await other.wait_until(lambda: screen(other) == ["Adiós"])
    await idle(bot)

    message_id = await bot.wire.send(Spot(ready.chat), exact(ready.letter))
    after = await room.do(sending.ended, ready, Result(End.SENT, message_id), MORNING)
    assert after.erase == hers.chat_id
    take_up(bot, after.erase)
    await idle(bot)
    assert screen(hers) == ["hola", "1: hola"]
    assert await bot.db.transaction(sessions.get, hers.chat_id, now()) is not None
    assert await pending(bot) == []


async def test_a_screen_that_waits_is_shown_though_a_message_is_taken_back(
    box: Sandbox, bot: Bot
) -> None:
    maria = box.person("María")
    bot.start()
    await talks(box, bot, maria)
    await too_late(bot, maria)
    below = Screen((Part("t.heard", {"number": 2, "words": "text:abajo"}),))
    bot.outgoing.show(maria.chat_id, Reply(below))
    take_up(bot, maria.chat_id)
    await idle(bot)
    assert screen(maria) == ["hola", "1: hola", "2: abajo"]


async def test_after_a_restart_a_message_that_came_too_late_still_goes_without_a_word(
    box: Sandbox, bot: Bot, restarted: Bot, events: list[str]
) -> None:
    maria = box.person("María")
    bot.start()
    await talks(box, bot, maria)
    await too_late(bot, maria)
    box.faults.refuse("deleteMessages", 502, "Bad Gateway", times=4)
    await the_chore(bot)
    assert len(await pending(bot)) == 1
    await the_chore(restarted)
    assert screen(maria) == ["hola", "1: hola"]
    assert await pending(bot) == []
    assert "erased" not in events


async def test_a_message_that_came_too_late_goes_with_borrar_and_farewell_is_said_once(
    box: Sandbox, bot: Bot, events: list[str]
) -> None:
    maria = box.person("María")
    bot.start()
    await talks(box, bot, maria)
    await too_late(bot, maria)
    box.faults.refuse("deleteMessages", 502, "Bad Gateway", times=4)
    await maria.send("/borrar")
    await box.all_confirmed()
    await idle(bot)
    await too_late(bot, maria)
    assert [job.everything for job in await pending(bot)].count(True) == 1
    await the_chore(bot)
    assert screen(maria) == ["Adiós"]
    await too_late(bot, maria)
    await the_chore(bot)
    assert screen(maria) == ["Adiós"]
    assert await pending(bot) == []
    assert events.count("erased") == 1


# What cannot be deleted yet


async def on_its_way(box: Sandbox, bot: Bot, person: Person) -> Any:
    """Let a screen go out while /borrar is worked on; gives what holds it."""
    held = box.faults.hold_after_write("sendMessage")
    bot.start()
    await person.send("cosa")
    await asyncio.wait_for(held.reached.wait(), 5)
    await person.send("/borrar")
    await box.all_confirmed()  # the session is gone, and nobody has noted that screen
    return held


@pytest.mark.parametrize("killed", [False, True], ids=["a minute later", "after a restart"])
async def test_a_screen_that_went_out_during_borrar_is_deleted_once_telegram_is_back(
    box: Sandbox, bot: Bot, restarted: Bot, killed: bool
) -> None:
    maria = box.person("María")
    held = await on_its_way(box, bot, maria)
    box.faults.refuse("deleteMessages", 502, "Bad Gateway", times=4)
    held.release()
    await idle(bot)
    assert screen(maria) == ["cosa", "1: cosa", "/borrar"]
    await the_chore(restarted if killed else bot)
    assert screen(maria) == ["Adiós"]
    assert await pending(bot) == []


async def test_it_is_deleted_even_if_the_database_is_locked_just_then(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    maria = box.person("María")
    held = await on_its_way(box, bot, maria)
    request = erasures.request
    errors: list[Exception] = [StoreBusyError("locked"), sqlite3.OperationalError("full")]

    def locked(*args: Any) -> erasures.Erasure:
        if errors:
            raise errors.pop()
        return request(*args)

    monkeypatch.setattr(erasures, "request", locked)
    box.faults.refuse("deleteMessages", 502, "Bad Gateway", times=4)
    held.release()
    await idle(bot)
    assert events.count("storage_failed") == 2
    await the_chore(bot)
    assert screen(maria) == ["Adiós"]


async def test_it_is_deleted_though_the_jobs_are_done_already(box: Sandbox, bot: Bot) -> None:
    """They were taken up between the commit of /borrar and its reply."""
    maria = box.person("María")
    held = await on_its_way(box, bot, maria)
    (job,) = await pending(bot)
    await bot.db.transaction(erasures.done, job.id)
    held.release()
    await idle(bot)
    assert screen(maria) == ["cosa", "/borrar"]
    assert await pending(bot) == []


async def test_what_is_written_down_lasts_no_longer_than_borrar(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    held = await on_its_way(box, bot, maria)
    (borrar,) = await pending(bot)
    box.faults.refuse("deleteMessages", 502, "Bad Gateway", times=4)
    bot.outgoing._clock = lambda: now() + timedelta(minutes=10)
    held.release()
    await idle(bot)
    found = await pending(bot)
    assert [job.requested_at for job in found] == [borrar.requested_at] * 2


async def test_who_began_anew_keeps_her_screen_when_the_rest_is_deleted(
    box: Sandbox, bot: Bot
) -> None:
    maria = box.person("María")
    held = await on_its_way(box, bot, maria)
    box.faults.refuse("deleteMessages", 502, "Bad Gateway", times=4)
    held.release()
    await idle(bot)
    await talks(box, bot, maria)
    await the_chore(bot)
    assert screen(maria) == ["hola", "1: hola", "Adiós"]


async def test_who_began_anew_meanwhile_gets_a_message_that_stays(box: Sandbox, bot: Bot) -> None:
    """What is still to be deleted is not the message that her new screen replaces."""
    maria = box.person("María")
    held = await on_its_way(box, bot, maria)
    await maria.send("hola")
    await box.all_confirmed()
    box.faults.refuse("deleteMessages", 502, "Bad Gateway", times=4)
    held.release()
    await idle(bot)
    await the_chore(bot)
    assert screen(maria) == ["hola", "1: hola", "Adiós"]
