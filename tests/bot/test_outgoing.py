"""What becomes of a reply on its way to the phone, over HTTP."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest

from bot.outgoing import MOST_DELETIONS, queued
from helpdesk.messages import Part, Reply, Screen
from sandbox import Sandbox
from store import erasures, sessions
from store.errors import StoreBusyError
from tests.bot.conftest import FAREWELL, Bot, now

pytestmark = pytest.mark.usefixtures("quick")


async def idle(bot: Bot) -> None:
    await asyncio.wait_for(bot.outgoing.finish(10), 10)


async def test_a_screen_is_sent_then_edited_in_place(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    first = await maria.next_message()
    assert first.text == "1: hola"
    await idle(bot)
    await maria.press("Más")
    edited = await maria.next_edit()
    assert (edited.message_id, edited.text) == (first.message_id, "2: [next1]")


async def test_a_message_is_noted_even_if_the_database_is_locked_just_then(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    """What nobody noted is never edited again, and /borrar would leave it on the phone."""
    maria = box.person("María")
    shown = bot.parrot.shown
    errors: list[Exception] = [StoreBusyError("locked"), sqlite3.OperationalError("full")]

    def locked(*args: Any) -> None:
        if errors:
            raise errors.pop()
        shown(*args)

    monkeypatch.setattr(bot.outgoing, "_shown", locked)
    bot.start()
    await maria.send("hola")
    first = await maria.next_message()
    await idle(bot)
    assert events.count("storage_failed") == 2
    session = await bot.db.transaction(sessions.get, maria.chat_id, now())
    assert session is not None
    assert session.state["mine"] == first.message_id
    assert session.shown_revision == session.revision


async def test_a_press_is_answered(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    await maria.next_message()
    press = await maria.press("Más")
    await maria.next_edit()
    await maria.wait_until(lambda: press.answered)


async def test_a_press_too_old_to_answer_still_counts(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    box.faults.refuse("answerCallbackQuery", 400, "Bad Request: query is too old")
    bot.start()
    await maria.send("hola")
    await maria.next_message()
    await idle(bot)
    await maria.press("Más")
    assert (await maria.next_edit()).text == "2: [next1]"


async def test_a_message_that_is_not_there_any_more_is_sent_anew(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    first = await maria.next_message()
    await idle(bot)
    await maria.delete(first, for_both=True)
    await maria.send("sigo")
    anew = await maria.next_message()
    # It opens a message now, which a locked phone shows: something neutral stands first.
    assert anew.text == "Hola de nuevo.\n\n2: sigo"


async def test_not_modified_is_success(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    await maria.send("hola")
    chat = maria.chat_id
    screen = Screen((Part("t.farewell"),))
    bot.outgoing.show(chat, Reply(screen))
    await idle(bot)
    mine = maria.last().message_id
    bot.outgoing.show(chat, Reply(screen, edit=mine))
    await idle(bot)
    answers = [call.answer or {} for call in box.calls_of("sendMessage", "editMessageText")]
    assert [answer["ok"] for answer in answers] == [True, False]


async def test_blocked_is_quiet(box: Sandbox, bot: Bot, events: list[str]) -> None:
    maria = box.person("María")
    await maria.send("hola")
    await maria.block()
    bot.start()
    await box.all_confirmed()
    await idle(bot)
    assert len(box.calls_of("sendMessage")) == 1
    assert "blocked" in events


async def test_what_telegram_refuses_for_good_is_not_repeated(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    box.faults.refuse("sendMessage", 400, "Bad Request: can't parse entities", times=None)
    await maria.send("hola")
    bot.start()
    await box.all_confirmed()
    await idle(bot)
    assert len(box.calls_of("sendMessage")) == 1


async def test_only_the_chat_that_is_told_to_wait_waits(box: Sandbox, bot: Bot) -> None:
    maria, jose = box.person("María"), box.person("José")
    box.faults.retry_after("sendMessage", 1, chat_id=maria.chat_id)
    bot.start()
    await maria.send("hola")
    await jose.send("hola")
    assert (await jose.next_message()).text == "1: hola"
    assert not maria.from_bot()
    assert (await maria.next_message()).text == "1: hola"
    sent = [c for c in box.calls_of("sendMessage") if c.parameters["chat_id"] == maria.chat_id]
    assert (sent[1].at - sent[0].at).total_seconds() >= 1


async def test_while_a_chat_waits_only_its_newest_screen_is_kept(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    fault = box.faults.hold_before_write("sendMessage")
    bot.start()
    await maria.send("uno")
    await asyncio.wait_for(fault.reached.wait(), 5)
    await maria.send("dos")
    await maria.send("tres")
    await box.all_confirmed()  # sending holds up no transaction
    fault.release()
    await idle(bot)
    assert [message.text for message in maria.from_bot()] == ["3: tres"]
    assert len(box.calls_of("sendMessage", "editMessageText")) == 2


async def test_a_chat_that_was_told_to_wait_gets_its_newest_screen_only(
    box: Sandbox, bot: Bot
) -> None:
    maria = box.person("María")
    box.faults.retry_after("sendMessage", 1)
    bot.start()
    await maria.send("uno")
    await box.all_confirmed()
    await maria.send("dos")
    await box.all_confirmed()
    await idle(bot)
    assert [call.parameters["text"] for call in box.calls_of("sendMessage")] == [
        "1: uno",
        "2: dos",
    ]


async def test_a_server_in_trouble_is_asked_again(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    box.faults.refuse("sendMessage", 502, "Bad Gateway", times=3)
    bot.start()
    await maria.send("hola")
    assert (await maria.next_message()).text == "1: hola"


async def test_a_send_without_an_answer_is_repeated_once(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    box.faults.drop_after_write("sendMessage", times=None)
    bot.start()
    await maria.send("hola")
    await maria.next_message()
    await maria.next_message()
    await idle(bot)
    assert len(box.calls_of("sendMessage")) == 2


async def test_an_edit_without_an_answer_is_repeated(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    await maria.next_message()
    await idle(bot)
    box.faults.drop_after_write("editMessageText", times=2)
    await maria.press("Más")
    await maria.next_edit()
    await idle(bot)
    assert [message.text for message in maria.from_bot()] == ["2: [next1]"]
    assert len(box.calls_of("editMessageText")) == 3

    def revisions(tx: object) -> tuple[int, int]:
        session = sessions.get(tx, maria.chat_id, now())  # type: ignore[arg-type]  # a Tx
        assert session is not None
        return session.revision, session.shown_revision

    assert await bot.db.transaction(revisions) == (2, 2)


async def test_an_arrived_screen_is_noted(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    message = await maria.next_message()
    await idle(bot)
    assert await bot.db.transaction(sessions.unshown, now()) == []
    kept = await bot.db.transaction(sessions.message_ids, maria.chat_id, now())
    assert message.message_id in kept


async def test_messages_are_deleted_before_the_screen(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    photo = await maria.send_photo()
    bot.parrot.reply["<photo>"] = Reply(delete=(photo.message_id,))
    bot.start()
    await maria.next_message()
    assert photo.deleted


async def test_what_cannot_be_deleted_does_not_keep_the_screen(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    box.faults.refuse("deleteMessages", 400, "Bad Request: message can't be deleted")
    box.faults.refuse("deleteMessage", 400, "Bad Request: message can't be deleted")
    photo = await maria.send_photo()
    bot.parrot.reply["<photo>"] = Reply(delete=(photo.message_id,))
    bot.start()
    assert (await maria.next_message()).text == "1: <photo>"


async def test_borrar_empties_the_chat_and_leaves_the_farewell(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    for number in range(3):
        await maria.send(f"cosa {number}")
    await maria.send("/new")
    await maria.next_message()
    await box.all_confirmed()
    await idle(bot)
    await maria.send("/borrar")
    await maria.wait_until(lambda: [m.text for m in maria.screen()] == ["Adiós"])
    await idle(bot)
    assert await bot.db.transaction(erasures.pending) == []


async def test_borrar_also_takes_a_screen_that_was_on_its_way(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    fault = box.faults.hold_after_write("sendMessage")
    bot.start()
    await maria.send("cosa")
    await asyncio.wait_for(fault.reached.wait(), 5)
    await maria.send("/borrar")
    await box.all_confirmed()  # the session is gone, and nobody has noted that screen
    fault.release()
    await maria.wait_until(lambda: [m.text for m in maria.screen()] == ["Adiós"])


async def test_who_starts_again_during_borrar_gets_farewell_and_screen(
    box: Sandbox, bot: Bot
) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("cosa")
    await maria.next_message()
    await idle(bot)
    fault = box.faults.hold_before_write("deleteMessages")
    await maria.send("/borrar")
    await asyncio.wait_for(fault.reached.wait(), 5)
    again = await maria.send("otra vez")
    await box.all_confirmed()
    fault.release()
    await idle(bot)
    texts = [message.text for message in maria.screen()]
    assert texts == [again.text, "Adiós", "1: otra vez"]
    assert await bot.db.transaction(sessions.unshown, now()) == []


async def test_an_erase_job_waits_for_telegram_to_come_back(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("cosa")
    await maria.next_message()
    await idle(bot)
    box.faults.refuse("deleteMessages", 502, "Bad Gateway", times=4)
    await maria.send("/borrar")
    await box.all_confirmed()
    await idle(bot)
    assert len(await bot.db.transaction(erasures.pending)) == 1
    bot.outgoing.show(maria.chat_id, Reply(erase=True))  # what the job does every minute
    await maria.wait_until(lambda: [m.text for m in maria.screen()] == ["Adiós"])


async def test_borrar_twice_says_farewell_once(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("cosa")
    await maria.next_message()
    await idle(bot)
    fault = box.faults.hold_before_write("deleteMessages")
    await maria.send("/borrar")
    await asyncio.wait_for(fault.reached.wait(), 5)
    await maria.send("/borrar")
    await maria.send("/borrar")
    await box.all_confirmed()
    fault.release()
    await idle(bot)
    # The job that was under way ends with its farewell; the two that waited share one.
    assert [m.text for m in maria.screen()] == ["Adiós", "Adiós"]
    assert await bot.db.transaction(erasures.pending) == []


async def test_a_group_is_left_with_one_line_however_much_it_wrote(box: Sandbox, bot: Bot) -> None:
    group = box.group("Familias")
    for _ in range(3):
        bot.outgoing.leave(group.chat_id)
    await idle(bot)
    assert [message.text for message in group.from_bot()] == ["Aquí no"]
    assert group.bot.status == "left"
    assert len(box.calls_of("leaveChat")) == 1


async def test_a_group_in_which_the_bot_may_not_write_is_left_all_the_same(
    box: Sandbox, bot: Bot
) -> None:
    group = box.group("Familias")
    box.faults.refuse("sendMessage", 400, "Bad Request: not enough rights to send text messages")
    bot.outgoing.leave(group.chat_id)
    await idle(bot)
    assert group.bot.status == "left"


async def test_more_than_a_hundred_messages_are_deleted_in_batches(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    ids = [(await maria.send(f"cosa {number}")).message_id for number in range(130)]
    await bot.db.transaction(erasures.erase, maria.chat_id, ids, now())
    bot.outgoing.show(maria.chat_id, Reply(erase=True))
    await maria.wait_until(lambda: [m.text for m in maria.screen()] == ["Adiós"])
    batches = [len(c.parameters["message_ids"]) for c in box.calls_of("deleteMessages")]
    assert batches == [100, 30]


async def test_one_message_too_old_does_not_keep_the_others(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    ids = [(await maria.send(f"cosa {number}")).message_id for number in range(3)]
    box.faults.refuse("deleteMessages", 400, "Bad Request: message can't be deleted for everyone")
    await bot.db.transaction(erasures.erase, maria.chat_id, ids, now())
    bot.outgoing.show(maria.chat_id, Reply(erase=True))
    await maria.wait_until(lambda: [m.text for m in maria.screen()] == ["Adiós"])


async def test_a_screen_that_cannot_be_written_says_so_kindly(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    await maria.send("hola")
    bot.outgoing.show(maria.chat_id, Reply(Screen((Part("t.no_such_key"),))))
    assert (await maria.next_message()).text == "Disculpe"


async def test_nothing_is_kept_of_a_chat_that_is_done(box: Sandbox, bot: Bot) -> None:
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    await maria.send_other(pinned_message=(await maria.send("x")).to_json())  # no reply
    await maria.next_message()
    await box.all_confirmed()
    await idle(bot)
    assert not bot.outgoing._lanes
    assert not bot.intake._lines


def test_a_newer_screen_wins_and_every_deletion_stays() -> None:
    old = Reply(Screen((Part("t.heard"),)), 1, delete=(1, 2))
    new = Reply(Screen((Part("t.next"),)), 2, edit=5, delete=(3,))
    assert queued((), old) == (old,)
    assert queued((old,), new) == (Reply(new.screen, 2, 5, (1, 2, 3)),)
    assert queued((old,), Reply(delete=(3,))) == (Reply(old.screen, 1, None, (1, 2, 3)),)


def test_a_flood_of_deletions_does_not_pile_up_in_a_lane() -> None:
    waiting: tuple[Reply, ...] = ()
    for number in range(3 * MOST_DELETIONS):
        waiting = queued(waiting, Reply(delete=(number,)))
    assert waiting[0].delete == tuple(range(2 * MOST_DELETIONS, 3 * MOST_DELETIONS))


def test_borrar_is_mixed_with_nothing() -> None:
    old = Reply(Screen((Part("t.heard"),)), 1, delete=(1, 2))
    erase = Reply(FAREWELL, erase=True)
    assert queued((old,), erase) == (Reply(FAREWELL, delete=(1, 2), erase=True),)
    assert queued((erase,), old) == (erase, old)
    assert queued((erase, old), erase) == (Reply(FAREWELL, delete=(1, 2), erase=True),)


def test_jobs_that_are_taken_up_cost_nothing_that_waits() -> None:
    old, again = Reply(Screen((Part("t.heard"),)), 1, delete=(1, 2)), Reply(erase=True)
    erase = Reply(FAREWELL, erase=True)
    assert queued((old,), again) == (again, old)
    assert queued((again, old), again) == (again, old)
    assert queued((again,), old) == (again, old)
    assert queued((again, old), erase) == (Reply(FAREWELL, delete=(1, 2), erase=True),)
    assert queued((erase,), again) == (erase,)
