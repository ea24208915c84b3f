"""The methods that read a chat and its members, pin, react and leave."""

from __future__ import annotations

from sandbox.chats import Chat, Conversation
from sandbox.errors import bad_request
from sandbox.group_chats import SERVICE_USERS, GroupChat, Member
from sandbox.messages import JSON, Message
from sandbox.parameters import Parameters
from sandbox.places import bot_member, chat_to_write, find_chat, find_group
from sandbox.services import add_service, change_member
from sandbox.world import World

REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)
"""The emoji that anybody may react with."""


async def get_chat(world: World, given: Parameters) -> JSON:
    """Bot API ``getChat``; a group that became a supergroup is still known."""
    old = world.groups.get(given["chat_id"])
    gone = old is not None and old.upgraded_to is not None
    chat = old if old is not None and gone else find_chat(world, given["chat_id"])
    shown: JSON = {
        **chat.to_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if isinstance(chat, GroupChat):
        shown["permissions"] = dict(chat.permissions)
        shown.update(chat.settings)
    elif isinstance(chat, Chat) and chat.no_voice:
        shown["has_restricted_voice_and_video_messages"] = True
    if pinned := [one for number in chat.pinned if (one := chat.find(number)) is not None]:
        shown["pinned_message"] = pinned[-1].to_json()
    return shown


async def get_chat_member(world: World, given: Parameters) -> JSON:
    """Bot API ``getChatMember``; somebody known who is not there has left."""
    group, user_id = find_group(world, given["chat_id"]), given["user_id"]
    me = bot_member(world, group)
    if me.status != "administrator" and group.settings.get("has_hidden_members"):
        raise bad_request("member list is inaccessible")
    if (member := group.members.get(user_id)) is not None:
        return member.to_json()
    user = SERVICE_USERS.get(user_id)
    if user is None and user_id in world.chats:
        user = world.chats[user_id].user
    if user is None:
        raise bad_request("user not found")
    return Member(user, "left").to_json()


async def get_chat_member_count(world: World, given: Parameters) -> int:
    """Bot API ``getChatMemberCount``, the bot included."""
    group = find_group(world, given["chat_id"])
    return sum(1 for member in group.members.values() if member.inside)


async def get_chat_administrators(world: World, given: Parameters) -> list[JSON]:
    """Bot API ``getChatAdministrators``: the creator first; the bot too when it is one."""
    group = find_group(world, given["chat_id"])
    admins = [one for one in group.members.values() if one.status in ("creator", "administrator")]
    admins.sort(key=lambda one: one.status != "creator")
    return [one.to_json() for one in admins]


async def leave_chat(world: World, given: Parameters) -> bool:
    """Bot API ``leaveChat``."""
    group = find_group(world, given["chat_id"])
    change_member(world, group, Member(world.bot, "left"), None)
    return True


async def pin_chat_message(world: World, given: Parameters) -> bool:
    """Bot API ``pinChatMessage``."""
    chat, message = _pinnable(world, given, "message to pin not found")
    assert message is not None  # pinChatMessage names one
    if message.service:
        raise bad_request("message can't be pinned")
    if message.message_id in chat.pinned:
        return True
    chat.pinned.append(message.message_id)
    if isinstance(chat, GroupChat):
        topic = chat.topic(message.thread_id or 0) if message.in_topic else None
        chat.changed()
        add_service(world, chat, None, {"pinned_message": message.without_reply()}, topic=topic)
    return True


async def unpin_chat_message(world: World, given: Parameters) -> bool:
    """Bot API ``unpinChatMessage``; without ``message_id``, the one pinned last."""
    chat, message = _pinnable(world, given, "message to unpin not found")
    number = chat.pinned[-1] if message is None and chat.pinned else None
    number = message.message_id if message is not None else number
    if number is None or number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    if isinstance(chat, GroupChat):
        chat.changed()
    return True


async def set_message_reaction(world: World, given: Parameters) -> bool:
    """Bot API ``setMessageReaction``: one emoji, or none to take it back."""
    chat = chat_to_write(world, given["chat_id"])
    message = chat.find(given["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    reactions: list[JSON] = given.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(one["type"] != "emoji" or one["emoji"] not in REACTIONS for one in reactions):
        raise bad_request("REACTION_INVALID")
    message.reaction = reactions[0]["emoji"] if reactions else None
    chat.announce("reacted", message)
    return True


def _pinnable(world: World, given: Parameters, lost: str) -> tuple[Conversation, Message | None]:
    chat = chat_to_write(world, given["chat_id"])
    if isinstance(chat, GroupChat) and not bot_member(world, chat).may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    if "message_id" not in given:
        return chat, None
    message = chat.find(given["message_id"])
    if message is None:
        raise bad_request(lost)
    return chat, message
