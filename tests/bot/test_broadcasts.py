"""What was approved reaches each phone once, over HTTP, whatever fails; whoever is not reached is
counted, and organisers see it happen."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot import broadcasts as program
from bot.broadcast_ends import refuses_bot, result_of
from helpdesk.broadcasts import progress, sending, steering
from helpdesk.broadcasts.broadcast import Kind, Stage, Why
from helpdesk.broadcasts.ends import End
from store import Database, subscribers
from store.errors import StoreBusyError
from tests.bot.office import MORNING, Office, office_of_twelve, until
from tests.helpdesk.broadcasts.mailroom import ANA, LETTER, OTHER, marks

WORDS = "Hola. Abrió un mostrador."


@pytest.fixture
async def office(db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with office_of_twelve(db, monkeypatch) as office:
        yield office


# What arrives


async def test_everybody_gets_the_very_bytes_once(office: Office) -> None:
    entry = await office.room.approved()
    async with office.open():
        await office.over(entry)
    for person in office.people:
        (message,) = person.from_bot()
        assert message.text == WORDS
        assert [one["type"] for one in message.to_json()["entities"]] == ["bold"]
        assert [[button.text for button in row] for row in message.rows] == [[LETTER.button]]
    assert await office.room.tally(entry) == marks(SENT=12)
    assert {note.user for note in office.notes} == {ANA, ANA + 1}


async def test_each_fault_leaves_its_recipient_in_the_right_state(office: Office) -> None:
    faults, people = office.box.faults, office.people
    chats = [person.chat_id for person in people]
    faults.retry_after("sendMessage", 0, chat_id=chats[0])
    faults.forbid("sendMessage", chat_id=chats[1])
    faults.refuse("sendMessage", 400, "Bad Request: chat not found", chat_id=chats[2])
    faults.server_error("sendMessage", 502, chat_id=chats[3])
    faults.drop_before_write("sendMessage", chat_id=chats[4])
    faults.drop_after_write("sendMessage", chat_id=chats[5])
    faults.truncate("sendMessage", chat_id=chats[6])
    faults.hang("sendMessage", chat_id=chats[7])
    office.width = 1  # one by one: unknown ones are not five in a row, in whatever order
    entry = await office.room.approved()
    async with office.open():
        for _ in range(3):
            await office.over(entry, Stage.DONE, Stage.PAUSED)
            await office.room.do(steering.resume, await office.room.entry(entry), MORNING)
        await office.over(entry)
    assert await office.room.tally(entry) == marks(SENT=5, REFUSED=2, UNKNOWN=5)
    assert office.counts == {"alerts=gone": 2}
    for number, person in enumerate(people):
        arrived = number not in (1, 2, 3, 4, 7)
        assert office.got(person) == [WORDS] * arrived
        here = await office.db.transaction(subscribers.get, person.chat_id)
        assert (here is None) is (number in (1, 2))


@pytest.mark.parametrize(
    ("error", "sent", "changed"),
    [
        (RetryAfter(7), End.WAIT, End.WAIT),
        (Forbidden("Forbidden: bot was blocked by the user"), End.GONE, End.GONE),
        (Forbidden("Forbidden: user is deactivated"), End.GONE, End.GONE),
        (BadRequest("Chat not found"), End.GONE, End.GONE),
        (BadRequest("PEER_ID_INVALID"), End.GONE, End.GONE),
        (BadRequest("Input_user_deactivated"), End.GONE, End.GONE),
        (ChatMigrated(-100), End.GONE, End.GONE),
        (BadRequest("Can't parse entities: unclosed tag"), End.CONTENT, End.CONTENT),
        (BadRequest("Message is too long"), End.CONTENT, End.CONTENT),
        (BadRequest("BUTTON_DATA_INVALID"), End.CONTENT, End.CONTENT),
        (BadRequest("Message is not modified: same"), End.CONTENT, End.SENT),
        (BadRequest("Message to edit not found"), End.CONTENT, End.TOO_LATE),
        (BadRequest("Message can't be edited"), End.CONTENT, End.TOO_LATE),
        (BadRequest("MESSAGE_ID_INVALID"), End.CONTENT, End.TOO_LATE),
        (NetworkError("Too Many Requests (429)"), End.WAIT, End.WAIT),
        (NetworkError("Bad Gateway"), End.UNKNOWN, End.UNKNOWN),
        (TimedOut(), End.UNKNOWN, End.UNKNOWN),
        (TelegramError("not an answer"), End.UNKNOWN, End.UNKNOWN),
        (InvalidToken(), End.NEVER_LEFT, End.NEVER_LEFT),
        (Conflict("terminated by other getUpdates"), End.NEVER_LEFT, End.NEVER_LEFT),
    ],
)
def test_what_a_failed_call_means(error: TelegramError, sent: End, changed: End) -> None:
    assert result_of(error, editing=False).end is sent
    assert result_of(error, editing=True).end is changed
    assert refuses_bot(error) is isinstance(error, InvalidToken | Conflict)


async def test_a_message_that_telegram_does_not_take_stops_everything(office: Office) -> None:
    office.box.faults.refuse("sendMessage", 400, "Bad Request: can't parse entities", times=None)
    entry = await office.room.approved()
    async with office.open():
        await office.over(entry, Stage.STOPPED)
        await until(lambda: len(office.notes) == 2)
    assert office.calls() <= office.width
    tally = await office.room.tally(entry)
    assert tally["REFUSED"] == office.calls()
    assert tally["PENDING"] == 12 - office.calls()


async def test_when_nobody_can_tell_a_person_is_asked(office: Office) -> None:
    fault = office.box.faults.server_error("sendMessage", 503, times=None)
    entry = await office.room.approved()
    async with office.open() as drain:
        await office.over(entry, Stage.PAUSED)
        await asyncio.sleep(0.1)
        found = await office.room.entry(entry)
        assert found.broadcast.why is Why.TROUBLE
        assert program.MOST_UNKNOWN <= fault.struck < program.MOST_UNKNOWN + office.width
        assert await office.room.tally(entry) == marks(
            UNKNOWN=fault.struck, PENDING=12 - fault.struck
        )
        fault.lift()
        await office.room.do(steering.resume, found, MORNING)
        drain.wake()
        await office.over(entry)
    assert (await office.room.tally(entry))["UNKNOWN"] == fault.struck, "nobody said so"


async def test_a_bot_that_is_refused_asks_a_person_and_keeps_everybody(office: Office) -> None:
    office.box.faults.refuse("sendMessage", 401, "Unauthorized", times=None)
    entry = await office.room.approved()
    async with office.open():
        await office.over(entry, Stage.PAUSED)
    assert "UNKNOWN" not in await office.room.tally(entry)


async def test_while_nothing_leaves_one_call_probes(office: Office) -> None:
    await office.box.stop()
    entry = await office.room.approved()
    calls: list[int] = []
    async with office.open() as drain:
        original = drain._call

        async def counted(ready: Any) -> Any:
            calls.append(len(drain._working))
            await asyncio.sleep(0.06)  # longer than the pauses here, as waiting for a connection is
            return await original(ready)

        drain._call = counted  # type: ignore[method-assign]  # to see how many are under way
        await until(lambda: len(calls) >= office.width + 3)
        assert set(calls[office.width :]) == {1}
        await office.box.start()
        await office.over(entry)
    assert await office.room.tally(entry) == marks(SENT=12)
    assert all(office.got(person) == [WORDS] for person in office.people)


async def test_a_flood_wait_is_obeyed_and_all_get_it_in_the_end(office: Office) -> None:
    fault = office.box.faults.retry_after("sendMessage", 1, times=2)
    entry = await office.room.approved()
    async with office.open():
        await office.over(entry)
    assert fault.struck == 2
    assert await office.room.tally(entry) == marks(SENT=12)
    assert all(office.got(person) == [WORDS] for person in office.people)


# A person's hand


@pytest.mark.parametrize("deed", ["pause", "cancel"])
async def test_pausing_and_cancelling_hold_the_very_next_claim(office: Office, deed: str) -> None:
    held = office.box.faults.hold_before_write("sendMessage")
    office.width = 1
    entry = await office.room.approved()
    async with office.open() as drain:
        await asyncio.wait_for(held.reached.wait(), 5)
        if deed == "pause":
            member = await office.room.member()
            await office.room.do(steering.pause, entry, member, MORNING)
        else:
            await office.room.do(steering.cancel, entry, MORNING)
        drain.wake()
        held.release()
        await until(lambda: office.calls() == 1)
        await asyncio.sleep(0.1)
        assert office.calls() == 1
        assert await office.room.tally(entry) == marks(SENT=1, PENDING=11)
        if deed == "pause":
            paused = await office.room.entry(entry)
            await office.room.do(steering.resume, paused, MORNING)
            drain.wake()
            await office.over(entry)


async def test_nothing_is_sent_at_night_until_the_morning(office: Office) -> None:
    office.box.clock.forward(timedelta(hours=12))
    entry = await office.room.approved()
    async with office.open() as drain:
        await asyncio.sleep(0.1)
        assert office.calls() == 0
        office.box.clock.forward(timedelta(hours=9))
        drain.wake()
        await office.over(entry)
    assert await office.room.tally(entry) == marks(SENT=12)


# What fails here


async def test_a_program_that_is_stopped_ends_the_calls_it_makes(office: Office) -> None:
    office.width = 3
    held = office.box.faults.hold_after_write("sendMessage", chat_id=office.people[5].chat_id)
    entry = await office.room.approved()
    async with office.open():
        await asyncio.wait_for(held.reached.wait(), 5)
        asyncio.get_running_loop().call_later(0.1, held.release)
    tally = await office.room.tally(entry)
    assert not tally.keys() & {"CLAIMED", "UNKNOWN"}
    async with office.open():
        await office.over(entry)
    assert all(office.got(person) == [WORDS] for person in office.people)


async def test_one_that_died_is_taken_up_where_it_was(office: Office) -> None:
    entry = await office.room.approved()
    office.room.now = MORNING
    claimed = [await office.room.ready() for _ in range(2)]
    async with office.open():
        await office.over(entry)
    assert await office.room.tally(entry) == marks(SENT=10, UNKNOWN=2)
    for person in office.people:
        assert len(office.got(person)) == (person.chat_id not in {one.chat for one in claimed})


async def test_an_end_is_noted_even_if_the_database_is_locked_or_the_disk_full(
    office: Office, monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    ended = sending.ended
    errors: list[Exception] = [StoreBusyError("locked"), sqlite3.OperationalError("disk is full")]

    def failing(*args: Any, **more: Any) -> Any:
        if errors:
            raise errors.pop()
        return ended(*args, **more)

    monkeypatch.setattr(sending, "ended", failing)
    entry = await office.room.approved()
    async with office.open():
        await office.over(entry)
    assert await office.room.tally(entry) == marks(SENT=12)
    assert events.count("storage_failed") == 2


async def test_a_store_that_fails_is_outlasted(
    office: Office, monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    for name in ("recover", "due", "claim"):
        errors = [StoreBusyError("locked"), KeyError("x")]
        original = getattr(sending, name)

        def failing(*args: Any, errors: Any = errors, original: Any = original) -> Any:
            if errors:
                raise errors.pop()
            return original(*args)

        monkeypatch.setattr(sending, name, failing)
    entry = await office.room.approved()
    async with office.open():
        await office.over(entry)
    assert await office.room.tally(entry) == marks(SENT=12)
    assert events.count("broadcast_failed") == 6


# Changes


async def test_a_correction_stands_on_every_phone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "CHANGE_TRIES_ALONE", 6)
    entry = await office.room.approved()
    async with office.open() as drain:
        await office.over(entry)
        unread, gone = office.people[0], office.people[1]
        await unread.delete(unread.from_bot()[0], for_both=True)
        await gone.block()
        faults = office.box.faults
        faults.server_error("editMessageText", 502, chat_id=office.people[2].chat_id)
        faults.drop_after_write("editMessageText", chat_id=office.people[3].chat_id)
        faults.refuse(
            "editMessageText",
            500,
            "Internal Server Error",
            chat_id=office.people[4].chat_id,
            times=None,
        )
        change = await office.room.approved(kind=Kind.CORRECT, letter=OTHER, target=entry.id.hex())
        drain.wake()
        await office.over(change)
    found = (await office.room.entry(change)).broadcast
    assert found.failed == {"late": 1, "gone": 1, "unknown": 1}
    for person in (*office.people[2:4], *office.people[5:]):
        (message,) = person.from_bot()
        assert message.text == "Hola. El mostrador no abrió."
        assert [[button.text for button in row] for row in message.rows] == [[OTHER.button]]
    assert office.calls() == 12, "nothing new was sent"


async def test_a_change_that_fails_holds_up_no_other(office: Office) -> None:
    office.width, office.first_round = 1, 0.5
    entry = await office.room.approved()
    async with office.open() as drain:
        await office.over(entry)
        office.box.faults.server_error("editMessageText", 502)
        change = await office.room.approved(kind=Kind.CORRECT, letter=OTHER, target=entry.id.hex())
        drain.wake()
        await office.over(change)
    chats = [call.parameters["chat_id"] for call in office.box.calls_of("editMessageText")]
    assert len(chats) == 13
    assert len(set(chats)) == 12
    assert chats[0] not in chats[1:3], "others come first"


# Who watches


async def test_those_who_watch_see_it_go_on_and_are_not_told_the_same_twice(
    office: Office,
) -> None:
    def seen() -> list[str]:
        """Give the states that her message was edited to show, one after the other."""
        first = [note.screen.parts[0] for note in office.notes if note.edit == 50 and note.screen]
        return [
            str(part.params.get("state", part.key)).removeprefix("@sending.state") for part in first
        ]

    held = office.box.faults.hold_before_write("sendMessage", chat_id=office.people[3].chat_id)
    entry = await office.room.approved()
    await office.room.do(progress.shown, entry.id, ANA, 50)
    async with office.open() as drain:
        await asyncio.wait_for(held.reached.wait(), 5)
        entry = await office.room.entry(entry)
        await office.room.do(steering.pause, entry, await office.room.member(), MORNING)
        await until(lambda: seen()[-1:] == [".paused"])
        held.release()
        await until(lambda: len(drain._working) == 0)
        await asyncio.sleep(0.1)
        before = len(seen())
        await asyncio.sleep(0.3)
        assert len(seen()) == before, "an edit that changes nothing"
        await office.room.do(steering.resume, await office.room.entry(entry), MORNING)
        drain.wake()
        await office.over(entry)
        await until(lambda: len([one for one in office.notes if one.edit is None]) == 2)
    assert "sending.moved" in seen()
