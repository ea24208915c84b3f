"""One who sends too much: what of it is read, and that nothing of it is lost sight of."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot import outgoing
from bot.lines import CAP
from bot.outgoing import UNSEEN
from helpdesk.messages import Part, Reply, Screen, Unread, Unreadable
from sandbox import Sandbox
from store import inbox
from tests.bot.conftest import Bot
from tests.bot.test_intake import heard

pytestmark = pytest.mark.usefixtures("quick")


async def test_of_a_flood_the_first_and_the_newest_are_read(box: Sandbox, bot: Bot) -> None:
    flooder, maria = box.person("F"), box.person("María")
    for number in range(60):
        await flooder.send(f"cosa {number}")
    await maria.send("hola")
    updates = [update["update_id"] for update in box.queue.pending]
    bot.start()
    await box.all_confirmed()
    assert await heard(bot, maria.chat_id) == ["hola"]
    assert await heard(bot, flooder.chat_id) == [*(f"cosa {n}" for n in range(CAP)), "cosa 59"]
    for update in updates:  # what was not read does not come again either
        assert await bot.db.transaction(inbox.seen, update)
    assert bot.intake.watermark == updates[-1]
    await bot.stop()
    assert not bot.intake._lines
    assert not bot.intake._order
    assert not bot.outgoing._lanes


async def test_what_goes_on_flooding_has_no_places_until_it_is_calm(box: Sandbox, bot: Bot) -> None:
    flooder = box.person("F")
    bot.start()
    for flood in ("a", "b", "c"):
        for number in range(40):
            await flooder.send(f"{flood}{number}")
        await box.all_confirmed()
    assert await heard(bot, flooder.chat_id) == [
        *(f"a{n}" for n in range(CAP)),
        "a39",
        "b39",
        "c39",
    ]
    await flooder.send("calma")
    await box.all_confirmed()
    assert not bot.intake._lines.crowded
    for number in range(CAP):
        await flooder.send(f"d{number}")
    await box.all_confirmed()
    assert (await heard(bot, flooder.chat_id))[-CAP - 1 :] == [
        "calma", *(f"d{n}" for n in range(CAP))
    ]  # fmt: skip


async def test_no_flood_displaces_borrar_start_or_the_newest_press(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one that is made of them."""
    maria = box.person("María")
    bot.start()
    await maria.send("hola")
    await maria.next_message()
    await box.all_confirmed()
    for number in range(50):
        await maria.send(f"antes {number}")
        if number in (20, 30):
            await maria.send("/borrar")
            await maria.send("/start")
        if number in (10, 25):
            await maria.press(data="next1")
    bot.parrot.heard.clear()
    await box.all_confirmed()
    said = [words for _, words in bot.parrot.heard]
    assert said == [
        *(f"antes {n}" for n in range(CAP)), "[next1]", "/borrar", "/start", "antes 49"
    ]  # fmt: skip


async def test_what_is_not_read_rides_with_what_is(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that /borrar finds the messages, and the photos leave the chat."""
    maria = box.person("María")
    commands: list[Any] = []
    answer = bot.parrot.answer

    def listening(tx: Any, command: Any) -> Any:
        commands.append(command)
        return answer(tx, command)

    monkeypatch.setattr(bot.intake, "_answer", listening)
    for number in range(CAP):
        await maria.send(f"cosa {number}")
    text = await maria.send("no leído")
    photo = await maria.send_photo()
    voice = await maria.send_voice()
    await maria.send("/borrar")
    later = await maria.send("tampoco")
    await maria.send("el último")
    await maria.send_other(pinned_message=text.to_json())  # nothing to answer in the newest
    bot.start()
    await box.all_confirmed()
    assert [command.unread for command in commands[:CAP]] == [()] * CAP
    borrar, newest = commands[CAP:]
    assert [(one.message_id, one.kind) for one in borrar.unread] == [
        (text.message_id, None),
        (photo.message_id, Unreadable.PHOTO),
        (voice.message_id, Unreadable.VOICE),
    ]
    assert newest.body.text == "el último"
    assert newest.unread == (Unread(later.message_id, text=later.text),)


async def test_a_lane_asked_for_more_before_it_has_shown_anything_goes_slower(
    box: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or its screens, each out of date when it arrives, take the time of everybody else."""
    monkeypatch.setattr(outgoing, "FLOOD_PAUSE", 0.5)
    flooder, maria = box.person("F"), box.person("María")
    for person in (flooder, maria):
        person.chat.started = True
    clock = asyncio.get_running_loop().time

    def reply(words: str) -> Reply:
        return Reply(Screen((Part("t.heard", {"number": 1, "words": f"text:{words}"}),)))

    for _ in range(UNSEEN + 4):
        bot.outgoing.expect(flooder.chat_id)
    for number in range(UNSEEN):
        bot.outgoing.put(flooder.chat_id, reply(f"{number}"))
        await flooder.next_change()
    began = clock()
    for words in ("a", "b", "c"):
        bot.outgoing.put(flooder.chat_id, reply(words))
    bot.outgoing.show(maria.chat_id, reply("hola"))
    await maria.next_message()
    assert not flooder.from_bot()[-1].text.endswith("c"), "she waits for no flooder"
    await flooder.wait_until(lambda: flooder.from_bot()[-1].text != f"1: {UNSEEN - 1}")
    assert flooder.from_bot()[-1].text == "1: c", "of what waited only the newest"
    assert clock() - began >= 0.4
    bot.outgoing.put(flooder.chat_id, reply("d"))
    await bot.outgoing.finish(5)
    assert not bot.outgoing._lanes
    monkeypatch.setattr(outgoing, "FLOOD_PAUSE", 60)
    bot.outgoing.show(flooder.chat_id, reply("e"))
    await flooder.wait_until(lambda: flooder.from_bot()[-1].text == "1: e")  # calm: as any other
