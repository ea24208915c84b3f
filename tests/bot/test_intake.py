"""Updates are taken in order, committed once, and only then acknowledged; over HTTP and a file."""

from __future__ import annotations

import ast
import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import bot as bot_package
import locales
from bot.backoff import pause
from bot.errors import TokenRefused
from bot.raw_updates import whose
from sandbox import Sandbox
from store import Database, inbox, sessions
from store.errors import IntegrityError, StoreBusyError, StoreError
from tests.bot.conftest import Bot, now

pytestmark = pytest.mark.usefixtures("quick")


async def heard(bot: Bot, chat: int) -> list[str]:
    session = await bot.db.transaction(sessions.get, chat, now())
    return [] if session is None else list(session.state["heard"])


def offsets(box: Sandbox) -> list[int]:
    return [call.parameters.get("offset", 0) for call in box.calls_of("getUpdates")]


async def polled(box: Sandbox) -> None:
    """Wait for a poll to begin."""
    fault = box.faults.hold_before_write("getUpdates")
    await asyncio.wait_for(fault.reached.wait(), 5)
    fault.release()


async def test_a_chat_is_answered_in_order_and_nothing_is_lost(box: Sandbox, bot: Bot) -> None:
    people = [box.person(f"P{number}") for number in range(20)]
    for round_ in range(15):
        for person in people:
            await person.send(f"cosa {round_}")
    bot.start()
    await box.all_confirmed(20)
    for person in people:
        assert await heard(bot, person.chat_id) == [f"cosa {number}" for number in range(15)]


async def test_an_update_waits_for_the_one_before_even_when_that_is_tried_again(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = box.person("María")
    answer = bot.parrot.answer
    failed: list[object] = []

    def stumbling(tx: Any, command: Any) -> Any:
        if not failed:
            failed.append(command)
            raise RuntimeError
        return answer(tx, command)

    monkeypatch.setattr(bot.intake, "_answer", stumbling)
    for number in range(3):
        await maria.send(f"cosa {number}")
    bot.start()
    await box.all_confirmed()
    assert await heard(bot, maria.chat_id) == ["cosa 0", "cosa 1", "cosa 2"]


async def test_an_update_is_acknowledged_only_after_its_commit(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = box.person("María")
    hold, held = asyncio.Event(), asyncio.Event()
    transaction = bot.db.transaction

    async def slow(*args: Any, **kwargs: Any) -> Any:
        held.set()
        await hold.wait()
        return await transaction(*args, **kwargs)

    started: list[int] = []
    handle = bot.intake._handle

    async def counted(one: Any, line: Any) -> Any:
        started.append(one.update_id)
        return await handle(one, line)

    monkeypatch.setattr(bot.db, "transaction", slow)
    monkeypatch.setattr(bot.intake, "_handle", counted)
    await maria.send("hola")
    update_id = box.queue.pending[0]["update_id"]
    bot.start()
    await asyncio.wait_for(held.wait(), 5)
    await polled(box)
    await polled(box)  # while it is in flight
    assert max(offsets(box)) <= update_id
    assert len(box.queue) == 1
    hold.set()
    await box.all_confirmed()
    assert max(offsets(box)) == update_id + 1
    assert started == [update_id], "what is in flight is not started twice"


async def test_the_watermark_stops_at_the_first_that_has_not_committed(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria, jose = box.person("María"), box.person("José")
    hold = asyncio.Event()
    handle = bot.intake._handle

    async def slow(one: Any, line: Any) -> Any:
        if line.chat == maria.chat_id:
            await hold.wait()
        return await handle(one, line)

    monkeypatch.setattr(bot.intake, "_handle", slow)
    await jose.send("uno")
    await maria.send("dos")
    await jose.send("tres")
    second = box.queue.pending[1]["update_id"]
    bot.start()
    await jose.wait_until(lambda: any("tres" in message.text for message in jose.from_bot()))
    assert bot.intake.watermark == second - 1
    hold.set()
    await box.all_confirmed()
    assert bot.intake.watermark == second + 1


async def test_a_slow_chat_holds_up_no_other(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria, jose = box.person("María"), box.person("José")
    handle = bot.intake._handle
    hold = asyncio.Event()

    async def slow(one: Any, line: Any) -> Any:
        if line.chat == maria.chat_id:
            await hold.wait()
        return await handle(one, line)

    monkeypatch.setattr(bot.intake, "_handle", slow)
    bot.start()
    await maria.send("hola")
    for number in range(3):  # polls go on from the same watermark
        await jose.send(f"cosa {number}")
        await jose.wait_until(
            lambda n=number: any(f"cosa {n}" in m.text for m in jose.from_bot())  # type: ignore[misc]  # bound now
        )
    hold.set()


async def test_what_comes_again_is_answered_once(
    box: Sandbox, bot: Bot, catalogue: locales.Catalogue
) -> None:
    maria = box.person("María")
    await maria.send("hola")
    update = box.queue.pending[0]
    bot.start()
    await box.all_confirmed()
    await bot.stop()
    box.queue.repeat(update)
    again = Bot(box, bot.db, catalogue)  # as after a crash: it remembers nothing
    async with again.wire:
        again.start()
        await box.all_confirmed()
        await again.stop()
    assert await heard(bot, maria.chat_id) == ["hola"]
    assert again.parrot.heard == []


async def test_a_crash_after_receiving_loses_nothing(
    box: Sandbox, bot: Bot, catalogue: locales.Catalogue
) -> None:
    maria = box.person("María")
    await maria.send("hola")
    batch = await bot.wire.updates(None, 0)  # received, and then the machine goes dark
    assert len(batch) == 1
    again = Bot(box, bot.db, catalogue)
    async with again.wire:
        again.start()
        assert (await maria.next_message()).text == "1: hola"
        await again.stop()


async def test_stopping_acknowledges_what_has_committed(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    await maria.next_message()
    await bot.stop()
    assert not box.queue.pending


async def test_stopping_lets_what_is_in_flight_commit(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = box.person("María")
    hold, held = asyncio.Event(), asyncio.Event()
    handle = bot.intake._handle

    async def slow(*args: Any) -> Any:
        held.set()
        await hold.wait()
        return await handle(*args)

    monkeypatch.setattr(bot.intake, "_handle", slow)
    bot.start()
    await maria.send("hola")
    await asyncio.wait_for(held.wait(), 5)
    stopping = asyncio.create_task(bot.stop())
    hold.set()
    await stopping
    assert await heard(bot, maria.chat_id) == ["hola"]
    assert not box.queue.pending


# Poison


def failures(tx: Any, update_id: int) -> tuple[bool, list[Any]]:
    rows = tx._connection.execute("SELECT error_class, tries, quarantined FROM updates_failed")
    return inbox.seen(tx, update_id), rows.fetchall()


async def test_poison_is_put_aside_after_three_tries_and_said_kindly(
    box: Sandbox, bot: Bot, events: list[str]
) -> None:
    maria, jose = box.person("María"), box.person("José")
    bot.parrot.poison["veneno"] = ZeroDivisionError
    await maria.send("esto es veneno")
    poison = box.queue.pending[0]["update_id"]
    await jose.send("hola")
    bot.start()
    assert (await maria.next_message()).text == "Disculpe"
    assert (await jose.next_message()).text == "1: hola"
    await box.all_confirmed()
    assert len([1 for chat, _ in bot.parrot.heard if chat == maria.chat_id]) == 3
    assert await bot.db.transaction(inbox.seen, poison)
    assert events.count("update_failed") == 3
    assert events.count("update_quarantined") == 1
    # The helpdesk is told which message it was, so that /borrar finds it.
    assert bot.parrot.aside == [maria.screen()[0].message_id]
    await maria.send("sigo")
    assert (await maria.next_message()).text == "1: sigo"


async def test_an_update_that_cannot_be_parsed_is_put_aside(
    box: Sandbox, bot: Bot, events: list[str]
) -> None:
    maria = box.person("María")
    await maria.send("hola")
    broken = {"chat": maria.chat.to_json(), "message_id": "x", "date": "never", "text": 5}
    box.queue.put("message", broken)
    bot.start()
    await maria.wait_until(lambda: any(m.text == "Disculpe" for m in maria.from_bot()))
    await maria.send("sigo")
    await maria.wait_until(lambda: any("2: sigo" in m.text for m in maria.from_bot()))
    await box.all_confirmed()
    assert "update_quarantined" in events


async def test_when_even_the_apology_fails_she_still_hears(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.parrot.poison["veneno"] = KeyError
    bot.parrot.sorry_fails = ValueError
    await maria.send("veneno")
    bot.start()
    assert (await maria.next_message()).text == "Disculpe"
    await box.all_confirmed()


def damage(tx: Any) -> None:
    tx._connection.execute("UPDATE sessions SET body = zeroblob(1100)")


async def test_a_session_that_cannot_be_opened_fails_her_only_once(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    await maria.next_message()
    await box.all_confirmed()
    await bot.outgoing.finish(5)
    await bot.db.transaction(damage)
    bot.parrot.sorry_fails = IntegrityError
    await maria.send("sigo")
    assert (await maria.next_message()).text == "Disculpe"
    await maria.send("otra vez")
    assert (await maria.next_message()).text == "1: otra vez"


async def test_a_store_that_cannot_write_puts_nothing_aside(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    maria = box.person("María")
    transaction = bot.db.transaction
    left = 12

    async def full(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        if left:
            left -= 1
            raise StoreError("the disk is full")
        return await transaction(*args, **kwargs)

    monkeypatch.setattr(bot.db, "transaction", full)
    await maria.send("hola")
    bot.start()
    assert (await maria.next_message()).text == "1: hola"
    assert "storage_failed" in events
    assert "update_quarantined" not in events


async def test_what_is_no_update_at_all_is_passed_over(box: Sandbox, bot: Bot) -> None:
    things: list[object] = [None, 7, [], {}, {"update_id": "x"}, {"update_id": True}]
    for thing in things:
        bot.intake._accept(thing)
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    await maria.next_message()


@pytest.mark.parametrize(
    "raw",
    [{}, {"message": None}, {"message": {"chat": 5}}, {"callback_query": {"message": None}},
     {"message": {"chat": {"id": True}}}, {"callback_query": {}}],
)  # fmt: skip
def test_the_chat_of_a_malformed_update_is_nobodys(raw: dict[str, Any]) -> None:
    assert whose(raw) is None


async def test_a_full_disk_or_a_lock_is_no_fault_of_the_update(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    """The note of a failure may still fit where the answer does not: it must not count."""
    maria = box.person("María")
    answer = bot.parrot.answer
    errors: list[Exception] = [sqlite3.OperationalError("full"), StoreBusyError("locked")] * 3

    def full(tx: Any, command: Any) -> Any:
        if errors:
            raise errors.pop()
        return answer(tx, command)

    monkeypatch.setattr(bot.intake, "_answer", full)
    await maria.send("hola")
    bot.start()
    assert (await maria.next_message()).text == "1: hola"
    assert "update_quarantined" not in events


@pytest.mark.parametrize("update_id", [-1, 2**63, 2**70])
async def test_an_update_that_could_not_be_noted_stands_in_nobodys_way(
    box: Sandbox, bot: Bot, update_id: int
) -> None:
    maria = box.person("María")
    bot.intake._accept({"update_id": update_id, "message": {"chat": maria.chat.to_json()}})
    bot.start()
    await maria.send("hola")
    await maria.next_message()
    await box.all_confirmed()


async def test_after_one_poison_the_next_are_tried_without_pauses(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one chat waits for, everybody behind its updates waits for."""
    maria = box.person("María")
    bot.parrot.poison["veneno"] = ZeroDivisionError
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr("bot.intake.PAUSES", (70.1, 70.5))
    monkeypatch.setattr("bot.intake.asyncio.sleep", noted)
    for _ in range(4):
        await maria.send("veneno")
    bot.start()
    await box.all_confirmed()
    assert [pause for pause in pauses if pause > 70] == [70.1, 70.5]


# Trouble with the server


async def test_trouble_with_the_server_never_ends_the_loop(
    box: Sandbox, bot: Bot, events: list[str]
) -> None:
    maria = box.person("María")
    box.faults.refuse("getUpdates", 502, "Bad Gateway", times=2)
    box.faults.drop_before_write("getUpdates", times=2)
    bot.start()
    await maria.send("hola")
    assert (await maria.next_message(10)).text == "1: hola"
    assert events.count("poll_failed") == 4
    assert events.count("connected") == 1


async def test_another_bot_with_the_same_token_is_said_and_outlasted(
    box: Sandbox, bot: Bot, events: list[str]
) -> None:
    maria = box.person("María")
    box.faults.refuse("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    bot.start()
    await maria.send("hola")
    await maria.next_message(10)
    assert "poll_conflict" in events


@pytest.mark.parametrize("code", [401, 404])
async def test_an_unknown_token_ends_the_loop(
    box: Sandbox, db: Database, bot: Bot, code: int
) -> None:
    box.faults.refuse("getUpdates", code, "Unauthorized")
    with pytest.raises(TokenRefused):
        await asyncio.wait_for(bot.intake.run(), 5)


async def test_an_offset_is_forgotten_after_a_quiet_week(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    await maria.next_message()
    await box.all_confirmed()
    monkeypatch.setattr("bot.intake.LONG_POLL", 0)
    await maria.send("sigo")
    await box.all_confirmed()
    monkeypatch.setattr("bot.intake.QUIET_WEEK", -1.0)
    await polled(box)
    await polled(box)
    assert "offset" not in box.calls_of("getUpdates")[-1].parameters


def test_pauses_grow_up_to_half_a_minute() -> None:
    assert 0.25 <= pause(0) <= 0.5
    assert all(15 <= pause(failures) <= 30 for failures in range(10, 1000, 99))


async def test_a_group_that_nobody_announced_is_left(box: Sandbox, bot: Bot) -> None:
    group = {"id": -1001, "type": "supergroup", "title": "Familias"}
    user = box.person("María").chat.user
    member = {"user": {"id": 1000, "is_bot": True, "first_name": "Faro"}, "status": "member"}
    change = {"chat": group, "from": user, "date": 0}
    bot.start()
    await bot.intake.connected.wait()
    box.queue.put(
        "my_chat_member",
        {**change, "old_chat_member": {**member, "status": "left"}, "new_chat_member": member},
    )
    await box.all_confirmed()
    assert bot.parrot.heard == []


# What the library would do, and must not


def test_nothing_uses_what_acknowledges_early_or_forgets() -> None:
    """Design §7: no Application, no state in memory, no handler that nobody waits for."""
    forbidden = {"Application", "ApplicationBuilder", "Updater", "ConversationHandler", "JobQueue"}
    package = Path(bot_package.__file__).parent
    files = [*package.glob("*.py"), *(package.parent / "handlers").glob("*.py")]
    assert len(files) > 10
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                if (node.module or "").startswith("telegram.ext"):
                    assert {alias.name for alias in node.names} <= {"BaseRateLimiter", "ExtBot"}
                assert forbidden.isdisjoint(alias.name for alias in node.names), file
            if isinstance(node, ast.Import):
                assert not any(a.name.startswith("telegram.ext") for a in node.names), file
            if isinstance(node, ast.keyword):
                assert node.arg != "block", file
