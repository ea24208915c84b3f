"""What each method of the Bot API does to the world, with Telegram's answers and refusals.

New messages are in sending.py, edits in editing.py, topics in topics.py, chats and members in
membership.py.
Parameters arrive checked and typed (parameters.py); HTTP, faults and pacing are in server.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.editing import edit_message_caption, edit_message_reply_markup, edit_message_text
from sandbox.errors import bad_request
from sandbox.membership import (
    get_chat,
    get_chat_administrators,
    get_chat_member,
    get_chat_member_count,
    leave_chat,
    pin_chat_message,
    set_message_reaction,
    unpin_chat_message,
)
from sandbox.messages import JSON
from sandbox.methods import CHAT_ACTIONS
from sandbox.parameters import Parameters
from sandbox.places import (
    chat_to_write,
    check_deletable,
    find_chat,
    find_topic,
)
from sandbox.sending import (
    copy_message,
    copy_messages,
    forward_message,
    get_file,
    send_message,
    send_photo,
    send_voice,
)
from sandbox.topics import (
    close_forum_topic,
    close_general_forum_topic,
    create_forum_topic,
    delete_forum_topic,
    edit_forum_topic,
    edit_general_forum_topic,
    hide_general_forum_topic,
    reopen_forum_topic,
    reopen_general_forum_topic,
    unhide_general_forum_topic,
)
from sandbox.world import World

Answer = Callable[[World, Parameters], Awaitable[Any]]

_COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")
_DESCRIPTIONS = {"description": 512, "short_description": 120}
_SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
}
_DELETE_LIMIT = 100


async def get_me(world: World, given: Parameters) -> JSON:
    """Bot API ``getMe``."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, given: Parameters) -> list[JSON]:
    """Bot API ``getUpdates``."""
    if "allowed_updates" in given:
        world.queue.allow(given["allowed_updates"])
    return await world.queue.poll(
        given.get("offset", 0), given.get("limit", 100), given.get("timeout", 0)
    )


async def get_webhook_info(world: World, given: Parameters) -> JSON:
    """Bot API ``getWebhookInfo``: there never is a webhook."""
    info: JSON = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.queue),
    }
    if world.queue.allowed is not None:
        info["allowed_updates"] = sorted(world.queue.allowed)
    return info


async def delete_webhook(world: World, given: Parameters) -> bool:
    """Bot API ``deleteWebhook``."""
    if given.get("drop_pending_updates"):
        world.queue.clear()
    return True


async def delete_message(world: World, given: Parameters) -> bool:
    """Bot API ``deleteMessage``: either side's messages, for 48 hours."""
    chat = find_chat(world, given["chat_id"])
    message = chat.find(given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    check_deletable(world, chat, message)
    chat.delete(message)
    return True


async def delete_messages(world: World, given: Parameters) -> bool:
    """Bot API ``deleteMessages``: skips what it cannot find; one that is too old fails them all."""
    ids = given["message_ids"]
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > _DELETE_LIMIT:
        raise bad_request("too many message identifiers specified")
    chat = find_chat(world, given["chat_id"])
    found = [message for one in dict.fromkeys(ids) if (message := chat.find(one)) is not None]
    for message in found:
        check_deletable(world, chat, message)
    for message in found:
        chat.delete(message)
    return True


async def answer_callback_query(world: World, given: Parameters) -> bool:
    """Bot API ``answerCallbackQuery``."""
    press = world.presses.answer(
        given["callback_query_id"],
        given.get("text", ""),
        given.get("show_alert", False),
        world.clock.now(),
    )
    world.journal.note("press", press.message.chat_id, press)
    return True


async def send_chat_action(world: World, given: Parameters) -> bool:
    """Bot API ``sendChatAction``."""
    if given["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = chat_to_write(world, given["chat_id"])
    find_topic(chat, given)
    chat.act(given["action"])
    return True


async def set_my_commands(world: World, given: Parameters) -> bool:
    """Bot API ``setMyCommands``; the menu of one chat only for a chat that the bot is in."""
    commands: list[JSON] = given["commands"]
    if (chat_id := given.get("scope", {}).get("chat_id")) is not None:
        find_chat(world, chat_id)
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.match(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(given)] = commands
    world.journal.note("menu")
    return True


async def get_my_commands(world: World, given: Parameters) -> list[JSON]:
    """Bot API ``getMyCommands``."""
    return world.commands.get(_scope(given), [])


async def delete_my_commands(world: World, given: Parameters) -> bool:
    """Bot API ``deleteMyCommands``."""
    world.commands.pop(_scope(given), None)
    world.journal.note("menu")
    return True


def _describe(name: str) -> tuple[Answer, Answer]:
    """Build the methods that set and give one of the bot's descriptions."""

    async def put(world: World, given: Parameters) -> bool:
        text = given.get(name, "")
        if len(text) > _DESCRIPTIONS[name]:
            raise bad_request(f'parameter "{name}" is too long')
        world.descriptions[name, given.get("language_code", "")] = text
        return True

    async def get(world: World, given: Parameters) -> JSON:
        language = given.get("language_code", "")
        plain = world.descriptions.get((name, ""), "")
        return {name: world.descriptions.get((name, language)) or plain}

    return put, get


_set_description, _get_description = _describe("description")
_set_short_description, _get_short_description = _describe("short_description")

ANSWERS: dict[str, Answer] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "getWebhookInfo": get_webhook_info,
    "deleteWebhook": delete_webhook,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendVoice": send_voice,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "getFile": get_file,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "setMessageReaction": set_message_reaction,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
    "editGeneralForumTopic": edit_general_forum_topic,
    "closeGeneralForumTopic": close_general_forum_topic,
    "reopenGeneralForumTopic": reopen_general_forum_topic,
    "hideGeneralForumTopic": hide_general_forum_topic,
    "unhideGeneralForumTopic": unhide_general_forum_topic,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": _set_description,
    "getMyDescription": _get_description,
    "setMyShortDescription": _set_short_description,
    "getMyShortDescription": _get_short_description,
}


def _scope(given: Parameters) -> tuple[str, str]:
    scope = given.get("scope", {"type": "default"})
    if scope["type"] not in _SCOPES:
        raise bad_request(f'parameter "scope" has an unknown type "{scope["type"]}"')
    language = given.get("language_code", "")
    if language and not re.match(r"[a-z]{2}\Z", language):
        raise bad_request('parameter "language_code" must be two lower-case letters')
    return json.dumps(scope, sort_keys=True), language
