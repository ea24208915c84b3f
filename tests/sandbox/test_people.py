"""A person acts as Telegram lets her, and the bot is told as Telegram tells it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from sandbox import Person, PersonError, Sandbox
from tests.sandbox.calls import Call
from tests.sandbox.desk import forum


async def _only(ask: Call) -> dict[str, Any]:
    (update,) = await ask("getUpdates")
    return dict(update)


def test_people_have_large_ids_of_their_own(box: Sandbox) -> None:
    people = [box.person(f"Persona {number}") for number in range(200)]
    assert len({person.chat_id for person in people}) == 200
    assert all(person.chat_id > 2**32 for person in people)


async def test_who_somebody_is_can_be_chosen(box: Sandbox, ask: Call) -> None:
    ana = box.person("Ana", chat_id=6123456789, username="anaperez", last_name="Pérez")
    assert (ana.name, ana.chat_id, ana.username) == ("Ana", 6123456789, "anaperez")
    await ana.send("hola")
    sender = (await _only(ask))["message"]["from"]
    assert sender == {
        "id": 6123456789,
        "is_bot": False,
        "first_name": "Ana",
        "last_name": "Pérez",
        "username": "anaperez",
        "language_code": "es",
    }
    with pytest.raises(ValueError, match="chat_id"):
        box.person("Otra", chat_id=6123456789)


async def test_a_text_comes_with_date_and_command(box: Sandbox, ask: Call, maria: Person) -> None:
    sent = await maria.send("/borrar todo")
    message = (await _only(ask))["message"]
    assert message == sent.to_json()
    assert message["date"] == int(box.clock.now().timestamp())
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 7}]


@pytest.mark.parametrize(
    "kind",
    ["voice", "photo", "video", "animation", "document", "audio", "video_note", "sticker",
     "contact", "location", "poll", "dice"],
)  # fmt: skip
async def test_what_is_not_text(ask: Call, maria: Person, kind: str) -> None:
    await getattr(maria, f"send_{kind}")()
    message = (await _only(ask))["message"]
    assert kind in message
    assert "text" not in message


async def test_captions_and_the_rest(ask: Call, maria: Person) -> None:
    await maria.send_photo("mire /esto")
    message = (await _only(ask))["message"]
    assert message["caption"] == "mire /esto"
    assert message["caption_entities"][0]["type"] == "bot_command"
    with pytest.raises(PersonError):
        await maria.send_document(caption="a" * 1025)
    await maria.send_other(dice={"emoji": "🎲", "value": 3})
    assert maria.screen()[-1].content["dice"]["value"] == 3


async def test_anything_can_go_to_a_group(box: Sandbox) -> None:
    group, ana, _ = forum(box)
    topic = group.new_topic("K7M2")
    venue = await ana.send_other(venue={"title": "Plaza"}, to=group, topic=topic)
    assert (venue.chat_id, venue.thread_id) == (group.chat_id, topic.thread_id)
    assert venue.content == {"venue": {"title": "Plaza"}}
    dice = await ana.send_dice(to=group, reply_to=venue)
    assert (dice.reply_to, dice.thread_id) == (venue.message_id, topic.thread_id)
    album = await ana.send_album(2, "mire", to=group, topic=topic)
    assert {one.thread_id for one in album} == {topic.thread_id}


@pytest.mark.parametrize("text", ["", "  ", "a" * 4097])
async def test_texts_that_nobody_can_send(maria: Person, text: str) -> None:
    with pytest.raises(PersonError):
        await maria.send(text)


async def test_editing_ones_own_text(box: Sandbox, ask: Call, maria: Person) -> None:
    hers = await maria.send("29 de julio")
    box.clock.forward(timedelta(minutes=1))
    await maria.edit(hers, "30 de julio")
    edited = (await ask("getUpdates"))[1]["edited_message"]
    assert edited["text"] == "30 de julio"
    assert edited["edit_date"] == edited["date"] + 60
    assert hers.history == ["29 de julio", "30 de julio"]
    await ask("sendMessage", chat_id=maria.chat_id, text="a")
    with pytest.raises(PersonError):
        await maria.edit(maria.last(), "b")
    box.clock.forward(timedelta(hours=48))
    with pytest.raises(PersonError):
        await maria.edit(hers, "31 de julio")


async def test_deleting_says_nothing_to_the_bot(
    box: Sandbox, ask: Call, refusal: Call, maria: Person
) -> None:
    await ask("sendMessage", chat_id=maria.chat_id, text="uno")
    await ask("sendMessage", chat_id=maria.chat_id, text="dos")
    one, two = maria.from_bot()
    await maria.delete(one)
    await maria.delete(two, for_both=True)
    assert maria.from_bot() == ()
    assert len(box.queue) == 0
    await ask("editMessageText", chat_id=maria.chat_id, message_id=one.message_id, text="1")
    place = {"chat_id": maria.chat_id, "message_id": two.message_id}
    assert "not found" in await refusal("editMessageText", **place, text="2")


async def test_blocking_tells_the_bot(ask: Call, maria: Person) -> None:
    await maria.block()
    await maria.block()
    change = (await _only(ask))["my_chat_member"]
    assert change["old_chat_member"]["status"] == "member"
    assert change["new_chat_member"]["status"] == "kicked"
    assert change["new_chat_member"]["user"]["is_bot"]
    with pytest.raises(PersonError):
        await maria.send("hola")
    await maria.unblock()
    await maria.send("hola")
    kinds = [next(key for key in one if key != "update_id") for one in await ask("getUpdates")]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]


async def test_messages_are_read_in_order_and_once(ask: Call, maria: Person) -> None:
    for text in ("uno", "dos"):
        await ask("sendMessage", chat_id=maria.chat_id, text=text)
    assert (await maria.next_message()).text == "uno"
    assert (await maria.next_message()).text == "dos"
    with pytest.raises(TimeoutError):
        await maria.next_message(timeout=0.01)


async def test_waiting_is_woken_by_what_the_bot_does(ask: Call, maria: Person) -> None:
    waiting = asyncio.create_task(maria.next_message())
    await asyncio.sleep(0)
    await ask("sendMessage", chat_id=maria.chat_id, text="uno")
    message = await waiting
    place = {"chat_id": maria.chat_id, "message_id": message.message_id}
    editing = asyncio.create_task(maria.next_edit())
    gone = asyncio.create_task(maria.wait_until(lambda: not maria.from_bot()))
    await asyncio.sleep(0)
    await ask("editMessageText", **place, text="dos")
    assert (await editing).text == "dos"
    assert not gone.done()
    await ask("deleteMessage", **place)
    await gone
    change = await maria.next_change()
    assert (change.kind, change.message) == ("deleted", message)


async def test_what_is_read_can_be_skipped(ask: Call, maria: Person) -> None:
    await ask("sendMessage", chat_id=maria.chat_id, text="uno")
    maria.skip()
    await ask("sendMessage", chat_id=maria.chat_id, text="dos")
    assert (await maria.next_change()).message.text == "dos"


async def test_the_screen_has_both_sides_in_order(ask: Call, maria: Person) -> None:
    await ask("sendMessage", chat_id=maria.chat_id, text="¿Sí?")
    await maria.send("Sí")
    assert [(one.mine, one.text) for one in maria.screen()] == [
        (False, "/start"),
        (True, "¿Sí?"),
        (False, "Sí"),
    ]
    assert maria.last().text == "¿Sí?"


async def test_the_lock_screen_shows_the_first_text(ask: Call, maria: Person) -> None:
    with pytest.raises(PersonError):
        maria.last()
    sent = await ask(
        "sendMessage", chat_id=maria.chat_id, text="á" * 130, disable_notification=True
    )
    place = {"chat_id": maria.chat_id, "message_id": sent["message_id"]}
    await ask("editMessageText", **place, text="otra cosa")
    message = maria.last()
    assert message.silent
    assert message.lock_screen() == "á" * 120
    await ask("deleteMessage", **place)
    assert maria.lock_screen() == ("á" * 120,)
