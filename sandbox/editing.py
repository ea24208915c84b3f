"""The methods that change a message of the bot: its text, its caption, its keyboard."""

from __future__ import annotations

from sandbox.entities import read_text
from sandbox.errors import bad_request
from sandbox.keyboards import Rows, read_keyboard
from sandbox.messages import CAPTIONED, JSON, Message
from sandbox.parameters import Parameters
from sandbox.places import message_to_edit
from sandbox.sending import read_caption_fields
from sandbox.world import World

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


async def edit_message_text(world: World, given: Parameters) -> JSON:
    """Bot API ``editMessageText``; without ``reply_markup`` the keyboard goes."""
    text, entities = read_text(given["text"], given.get("parse_mode"))
    rows = read_keyboard(given.get("reply_markup"))
    chat, message = message_to_edit(world, given)
    if not message.text:
        raise bad_request("there is no text in the message to edit")
    _check_change((text, entities, rows), (message.text, message.entities, message.rows))
    message.change(text, entities, rows, world.clock.now())
    chat.announce("edited", message)
    return message.to_json()


async def edit_message_caption(world: World, given: Parameters) -> JSON:
    """Bot API ``editMessageCaption``; without ``caption`` it goes, and so does the keyboard."""
    caption = read_caption_fields(given)
    rows = read_keyboard(given.get("reply_markup"))
    _, message = message_to_edit(world, given)
    if not message.content.keys() & CAPTIONED:
        raise bad_request("there is no caption in the message to edit")
    _check_change((caption, rows), (message.caption, message.rows))
    message.recaption(caption)
    return _rekey(world, given, message, rows)


async def edit_message_reply_markup(world: World, given: Parameters) -> JSON:
    """Bot API ``editMessageReplyMarkup``; without ``reply_markup`` the keyboard goes."""
    rows = read_keyboard(given.get("reply_markup"))
    _, message = message_to_edit(world, given)
    _check_change(rows, message.rows)
    return _rekey(world, given, message, rows)


def _check_change(new: object, old: object) -> None:
    if new == old:
        raise bad_request(_NOT_MODIFIED)


def _rekey(world: World, given: Parameters, message: Message, rows: Rows) -> JSON:
    message.change(message.text, message.entities, rows, world.clock.now())
    world.place(given["chat_id"]).announce("edited", message)
    return message.to_json()
