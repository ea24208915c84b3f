"""What python-telegram-bot really sends is accepted, and what it gets back it understands."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from sandbox import Person, Sandbox

KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Sí", callback_data="s"),
            InlineKeyboardButton("No", callback_data="n"),
        ],
        [InlineKeyboardButton("Ver", url="https://x.org")],
    ]
)


async def test_a_whole_conversation(bot: Bot, maria: Person) -> None:
    await maria.send("/start ya")
    (update,) = await bot.get_updates(timeout=5, allowed_updates=Update.ALL_TYPES)
    assert update.message is not None
    assert update.message.parse_entities() != {}
    assert update.effective_user is not None
    assert update.effective_user.id == maria.chat_id

    sent = await update.message.reply_text(
        "<b>Hola</b> &lt;3 <a href='https://x.org'>aquí</a>",
        parse_mode=ParseMode.HTML,
        reply_markup=KEYBOARD,
        disable_notification=True,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        do_quote=True,
        allow_sending_without_reply=True,
    )
    assert sent.text_html == '<b>Hola</b> &lt;3 <a href="https://x.org">aquí</a>'
    assert sent.reply_markup == KEYBOARD
    seen = await maria.next_message()
    assert seen.silent
    assert seen.reply_to == update.message.message_id

    press = await maria.press("No")
    (update,) = await bot.get_updates(offset=update.update_id + 1, timeout=5)
    query = update.callback_query
    assert query is not None
    assert query.data == "n"
    assert isinstance(query.message, Message)
    assert await query.answer("Hecho", show_alert=True)
    assert (await press.answer(), press.alert) == ("Hecho", True)

    assert isinstance(await query.edit_message_text("Gracias", parse_mode="HTML"), Message)
    assert (await maria.next_edit()).text == "Gracias"
    with pytest.raises(BadRequest, match="Message is not modified"):
        await query.edit_message_reply_markup(None)
    await query.edit_message_reply_markup(KEYBOARD)
    await query.edit_message_reply_markup(InlineKeyboardMarkup([]))
    assert await query.message.delete()
    assert maria.from_bot() == ()
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await query.message.delete()
    assert await bot.delete_messages(maria.chat_id, [one.message_id for one in maria.screen()])
    assert maria.screen() == ()


async def test_the_other_spellings_of_the_library(bot: Bot, maria: Person) -> None:
    hers = await maria.send("hola")
    await bot.send_message(maria.chat_id, "a", reply_to_message_id=hers.message_id)
    await bot.send_message(maria.chat_id, "a", disable_web_page_preview=True)
    await bot.send_message(
        maria.chat_id,
        "a",
        reply_parameters=ReplyParameters(1, allow_sending_without_reply=True),
    )
    assert [message.reply_to for message in maria.from_bot()] == [hers.message_id, None, None]


async def test_updates_without_the_librarys_objects(box: Sandbox, bot: Bot, maria: Person) -> None:
    await maria.send_voice()
    # The library says "use get_updates"; Faro reads the raw update on purpose.
    with pytest.warns(UserWarning, match="getUpdates"):
        raw: Any = await bot.do_api_request("getUpdates", {"timeout": 5, "offset": 0})
    assert raw[0]["message"]["voice"]["duration"] == 4
    with pytest.warns(UserWarning, match="getUpdates"):
        rest: Any = await bot.do_api_request("getUpdates", {"offset": raw[0]["update_id"] + 1})
    assert list(rest) == []
    assert len(box.queue) == 0


async def test_every_kind_of_update_can_be_read(bot: Bot, maria: Person) -> None:
    sent = await bot.send_message(maria.chat_id, "¿?", reply_markup=KEYBOARD)
    hers = await maria.send("uno")
    await maria.edit(hers, "dos")
    await maria.send_photo("mire")
    await maria.send_video()
    await maria.send_document()
    await maria.send_sticker()
    await maria.send_contact()
    await maria.send_location()
    await sent.delete()
    await maria.press(maria.chat.messages[sent.message_id], "Sí")
    await maria.block()
    updates = await bot.get_updates()
    assert len(updates) == 10
    assert updates[1].edited_message is not None
    assert updates[1].edited_message.edit_date is not None
    assert updates[2].message is not None
    assert updates[2].message.photo[-1].width == 1280
    query = updates[-2].callback_query
    assert query is not None
    assert query.message is not None
    assert not query.message.is_accessible
    member = updates[-1].my_chat_member
    assert member is not None
    assert member.new_chat_member.status == "kicked"


async def test_the_menu_and_the_descriptions(bot: Bot) -> None:
    commands = [BotCommand("start", "Empezar"), BotCommand("borrar", "Borrar todo")]
    scope = BotCommandScopeAllPrivateChats()
    assert await bot.set_my_commands(commands, scope=scope, language_code="es")
    assert await bot.get_my_commands(scope=scope, language_code="es") == tuple(commands)
    assert await bot.delete_my_commands(scope=scope, language_code="es")
    assert await bot.set_my_description("Larga", language_code="es")
    assert (await bot.get_my_description("es")).description == "Larga"
    assert await bot.set_my_short_description("Corta")
    assert (await bot.get_my_short_description()).short_description == "Corta"
    assert (await bot.get_webhook_info()).pending_update_count == 0
    assert await bot.delete_webhook(drop_pending_updates=False)


async def test_refusals_are_the_librarys_errors(
    monkeypatch: pytest.MonkeyPatch, box: Sandbox, bot: Bot, maria: Person
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    assert await bot.send_chat_action(maria.chat_id, ChatAction.TYPING)
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(maria.chat_id, "<b>a", parse_mode="HTML")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="a" * 65)]])
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(maria.chat_id, "a", reply_markup=keyboard)
    with pytest.raises(BadRequest, match='"colour"'):
        await bot.send_message(maria.chat_id, "a", api_kwargs={"colour": "red"})
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendEverything")
    box.faults.retry_after("sendMessage", 3)
    with pytest.raises(RetryAfter):
        await bot.send_message(maria.chat_id, "a")
    box.faults.drop_after_write("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(maria.chat_id, "llegó")
    assert maria.last().text == "llegó"
    await maria.block()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(maria.chat_id, "a")


async def test_two_bots_are_a_conflict(box: Sandbox, bot: Bot, maria: Person) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await box.polled()
    # Another one: a Bot has a single connection for getUpdates and would wait for it.
    async with Bot(box.token, base_url=f"{box.url}/bot") as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict):
            await first
        await maria.send("hola")
        assert len(await second) == 1


async def test_another_token_is_refused(box: Sandbox) -> None:
    stranger = Bot("999:OTHER", base_url=f"{box.url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
