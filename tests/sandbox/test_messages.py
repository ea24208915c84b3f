"""Messages of the bot: sent, edited, deleted, with Telegram's own refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox import Person, Sandbox
from tests.sandbox.calls import Call

YES = {"inline_keyboard": [[{"text": "Sí", "callback_data": "s"}]]}
NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


async def _sent(ask: Call, person: Person, text: str = "hola", **more: Any) -> int:
    sent = await ask("sendMessage", chat_id=person.chat_id, text=text, **more)
    return int(sent["message_id"])


async def test_a_message_comes_as_telegram_gives_it(box: Sandbox, ask: Call, maria: Person) -> None:
    sent = await ask(
        "sendMessage",
        chat_id=maria.chat_id,
        text="<b>Hola</b>, María",
        parse_mode="HTML",
        protect_content=True,
        reply_markup=YES,
    )
    assert sent == {
        "message_id": sent["message_id"],
        "from": {
            "id": 1000,
            "is_bot": True,
            "first_name": "Faro",
            "username": "faro_sandbox_bot",
        },
        "chat": {"id": maria.chat_id, "first_name": "María", "type": "private"},
        "date": int(box.clock.now().timestamp()),
        "has_protected_content": True,
        "text": "Hola, María",
        "entities": [{"offset": 0, "length": 4, "type": "bold"}],
        "reply_markup": YES,
    }


async def test_message_ids_are_one_count_over_all_chats(
    box: Sandbox, ask: Call, maria: Person
) -> None:
    ana = box.person("Ana")
    hers = await ana.send("hola")
    assert await _sent(ask, maria) == hers.message_id + 1
    assert await _sent(ask, ana) == hers.message_id + 2


async def test_a_bot_cannot_write_first(box: Sandbox, refusal: Call) -> None:
    ana = box.person("Ana")
    chat_not_found = "400 Bad Request: chat not found"
    assert await refusal("sendMessage", chat_id=ana.chat_id, text="a") == chat_not_found
    assert await refusal("sendMessage", chat_id=1, text="a") == chat_not_found
    await ana.send("/start")


async def test_a_blocked_bot_gets_403(ask: Call, refusal: Call, maria: Person) -> None:
    message_id = await _sent(ask, maria)
    place = {"chat_id": maria.chat_id, "message_id": message_id}
    await maria.block()
    blocked = "403 Forbidden: bot was blocked by the user"
    assert await refusal("sendMessage", chat_id=maria.chat_id, text="a") == blocked
    assert await refusal("editMessageText", **place, text="a") == blocked
    assert await refusal("sendChatAction", chat_id=maria.chat_id, action="typing") == blocked
    assert await ask("deleteMessage", **place) is True
    await maria.unblock()
    await _sent(ask, maria)


async def test_reply(ask: Call, refusal: Call, maria: Person) -> None:
    hers = await maria.send("¿?")
    await _sent(ask, maria, reply_parameters={"message_id": hers.message_id})
    assert maria.last().reply_to == hers.message_id
    assert maria.last().to_json()["reply_to_message"]["text"] == "¿?"
    lost = {"message_id": 1}
    said = await refusal("sendMessage", chat_id=maria.chat_id, text="a", reply_parameters=lost)
    assert said == "400 Bad Request: message to be replied not found"
    await _sent(ask, maria, reply_parameters={**lost, "allow_sending_without_reply": True})


async def test_an_edit_keeps_what_it_said(box: Sandbox, ask: Call, maria: Person) -> None:
    message_id = await _sent(ask, maria, "uno", reply_markup=YES)
    box.clock.forward(timedelta(days=30))
    edited = await ask("editMessageText", chat_id=maria.chat_id, message_id=message_id, text="dos")
    assert edited["text"] == "dos"
    assert "reply_markup" not in edited
    assert edited["edit_date"] == edited["date"] + 30 * 24 * 3600
    message = maria.last()
    assert message.history == ["uno", "dos"]
    assert message.edit_date == box.clock.now()
    assert message.rows == ()


async def test_not_modified(ask: Call, refusal: Call, maria: Person) -> None:
    message_id = await _sent(ask, maria, "uno", reply_markup=YES)
    place = {"chat_id": maria.chat_id, "message_id": message_id}
    same = {**place, "text": "<i></i>uno ", "parse_mode": "HTML", "reply_markup": YES}
    assert await refusal("editMessageText", **same) == NOT_MODIFIED
    assert await refusal("editMessageReplyMarkup", **place, reply_markup=YES) == NOT_MODIFIED
    await ask("editMessageText", **{**same, "text": "<b>uno</b>"})
    assert maria.last().history == ["uno"]
    await ask("editMessageReplyMarkup", **place)
    assert maria.last().buttons == ()
    assert await refusal("editMessageReplyMarkup", **place) == NOT_MODIFIED


async def test_a_caption_is_edited(box: Sandbox, ask: Call, refusal: Call, maria: Person) -> None:
    photo = (await maria.send_photo()).content["photo"][-1]["file_id"]
    sent = await ask("sendPhoto", chat_id=maria.chat_id, photo=photo, caption="uno")
    place = {"chat_id": maria.chat_id, "message_id": sent["message_id"]}
    edited = await ask(
        "editMessageCaption", **place, caption="<b>dos</b>", parse_mode="HTML", reply_markup=YES
    )
    assert (edited["caption"], edited["reply_markup"]) == ("dos", YES)
    assert edited["caption_entities"][0]["type"] == "bold"
    same = {"caption": "<b>dos</b>", "parse_mode": "HTML", "reply_markup": YES}
    assert await refusal("editMessageCaption", **place, **same) == NOT_MODIFIED
    said = await refusal("editMessageCaption", **place, caption="a" * 1025)
    assert said == "400 Bad Request: message caption is too long"
    said = await refusal("editMessageText", **place, text="a")
    assert said == "400 Bad Request: there is no text in the message to edit"
    edited = await ask("editMessageCaption", **place)
    assert not edited.keys() & {"caption", "caption_entities", "reply_markup"}
    place["message_id"] = await _sent(ask, maria)
    said = await refusal("editMessageCaption", **place, caption="a")
    assert said == "400 Bad Request: there is no caption in the message to edit"


async def test_what_cannot_be_edited(ask: Call, refusal: Call, maria: Person) -> None:
    hers = await maria.send("hola")
    message_id = await _sent(ask, maria)
    lost = {"chat_id": maria.chat_id, "message_id": message_id + 1}
    assert (
        await refusal("editMessageText", **lost, text="a")
        == "400 Bad Request: message to edit not found"
    )
    own = {"chat_id": maria.chat_id, "message_id": hers.message_id}
    assert (
        await refusal("editMessageText", **own, text="a")
        == "400 Bad Request: message can't be edited"
    )
    place = {"chat_id": maria.chat_id, "message_id": message_id}
    assert (
        await refusal("editMessageText", **place, text="a" * 4097)
        == "400 Bad Request: message is too long"
    )
    await ask("deleteMessage", **place)
    assert (
        await refusal("editMessageReplyMarkup", **place)
        == "400 Bad Request: message to edit not found"
    )


@pytest.mark.parametrize("hours", [47, 48])
async def test_both_sides_messages_can_be_deleted_within_48_hours(
    box: Sandbox, ask: Call, maria: Person, hours: int
) -> None:
    hers = await maria.send("hola")
    message_id = await _sent(ask, maria)
    box.clock.forward(timedelta(hours=hours))
    for one in (hers.message_id, message_id):
        assert await ask("deleteMessage", chat_id=maria.chat_id, message_id=one) is True
    assert [message.text for message in maria.screen()] == ["/start"]


async def test_after_48_hours_nothing_can_be_deleted(
    box: Sandbox, ask: Call, refusal: Call, maria: Person
) -> None:
    old = await _sent(ask, maria)
    box.clock.forward(timedelta(hours=48, seconds=1))
    new = await _sent(ask, maria)
    too_old = "400 Bad Request: message can't be deleted for everyone"
    assert await refusal("deleteMessage", chat_id=maria.chat_id, message_id=old) == too_old
    both = {"chat_id": maria.chat_id, "message_ids": [new, old]}
    assert await refusal("deleteMessages", **both) == too_old
    assert len(maria.from_bot()) == 2


async def test_delete_messages_skips_what_is_not_there(
    ask: Call, refusal: Call, maria: Person
) -> None:
    ids = [await _sent(ask, maria) for _ in range(3)]
    await ask("deleteMessage", chat_id=maria.chat_id, message_id=ids[0])
    place = {"chat_id": maria.chat_id}
    assert (
        await refusal("deleteMessage", **place, message_id=ids[0])
        == "400 Bad Request: message to delete not found"
    )
    assert await ask("deleteMessages", **place, message_ids=[*ids, ids[1], 1]) is True
    assert maria.from_bot() == ()
    assert await ask("deleteMessages", **place, message_ids=ids) is True
    await ask("deleteMessages", **place, message_ids=list(range(1, 101)))
    assert "too many" in await refusal("deleteMessages", **place, message_ids=list(range(1, 102)))
    assert "not specified" in await refusal("deleteMessages", **place, message_ids=[])


async def test_nobody_deletes_in_anothers_chat(box: Sandbox, ask: Call, maria: Person) -> None:
    ana = box.person("Ana")
    await ana.send("/start")
    message_id = await _sent(ask, maria)
    assert await ask("deleteMessages", chat_id=ana.chat_id, message_ids=[message_id]) is True
    assert len(maria.from_bot()) == 1


async def test_chat_action(ask: Call, refusal: Call, maria: Person) -> None:
    assert await ask("sendChatAction", chat_id=maria.chat_id, action="typing") is True
    seen = [maria.chat.action]
    await _sent(ask, maria)
    seen.append(maria.chat.action)
    assert seen == ["typing", None]
    said = await refusal("sendChatAction", chat_id=maria.chat_id, action="singing")
    assert said == "400 Bad Request: wrong parameter action in request"


async def test_commands_by_scope_and_language(box: Sandbox, ask: Call, refusal: Call) -> None:
    start = {"command": "start", "description": "Empezar"}
    private = {"type": "all_private_chats"}
    assert await ask("setMyCommands", commands=[start]) is True
    assert await ask("setMyCommands", commands=[], scope=private, language_code="es") is True
    assert await ask("getMyCommands") == [start] == box.commands()
    assert await ask("getMyCommands", scope=private) == []
    assert await ask("deleteMyCommands") is True
    assert await ask("getMyCommands") == []
    for wrong, reason in (
        ({"command": "Start", "description": "a"}, "BOT_COMMAND_INVALID"),
        ({"command": "/start", "description": "a"}, "BOT_COMMAND_INVALID"),
        ({"command": "start", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "start", "description": "a" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ):
        assert reason in await refusal("setMyCommands", commands=[wrong])
    assert '"scope"' in await refusal("getMyCommands", scope={"type": "moon"})
    assert '"language_code"' in await refusal("getMyCommands", language_code="español")
    assert "TOO_MUCH" in await refusal("setMyCommands", commands=[start] * 101)


@pytest.mark.parametrize(
    ("method", "name", "most"),
    [("Description", "description", 512), ("ShortDescription", "short_description", 120)],
)
async def test_descriptions(ask: Call, refusal: Call, method: str, name: str, most: int) -> None:
    assert await ask(f"setMy{method}", **{name: "a" * most}) is True
    assert await ask(f"getMy{method}", language_code="es") == {name: "a" * most}
    assert f'"{name}"' in await refusal(f"setMy{method}", **{name: "a" * (most + 1)})
    assert await ask(f"setMy{method}") is True
    assert await ask(f"getMy{method}") == {name: ""}
