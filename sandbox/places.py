"""Where a call of the bot lands: the chat, topic and message it names, and whether it may.

Raises Telegram's own refusals; changes nothing.
"""

from __future__ import annotations

from sandbox.chats import Chat, Conversation
from sandbox.errors import ApiError, bad_request
from sandbox.group_chats import GENERAL, GroupChat, Member, Topic
from sandbox.messages import JSON, Message
from sandbox.parameters import Parameters
from sandbox.permissions import needed
from sandbox.world import World


def find_chat(world: World, chat_id: int) -> Conversation:
    """Give a chat that the bot knows: of a person who wrote, or a group it is in.

    A group that became a supergroup refuses, and says which.
    """
    if (group := world.groups.get(chat_id)) is not None:
        return _inside(world, group)
    chat = world.chats.get(chat_id)
    if chat is None or not chat.started:
        # Who never wrote is unknown to the bot: it cannot write first.
        raise bad_request("chat not found")
    return chat


def chat_to_write(world: World, chat_id: int) -> Conversation:
    """Give a chat that the bot may write in now."""
    chat = find_chat(world, chat_id)
    if isinstance(chat, Chat) and chat.deactivated:
        raise ApiError(403, "Forbidden: user is deactivated")
    if isinstance(chat, Chat) and chat.blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    return chat


def find_group(world: World, chat_id: int) -> GroupChat:
    """Give a group the bot is in; a private chat refuses."""
    chat = find_chat(world, chat_id)
    if not isinstance(chat, GroupChat):
        raise bad_request("chat is not a group")
    return chat


def bot_member(world: World, group: GroupChat) -> Member:
    """Give what the bot is in a group."""
    return group.member(world.bot)


def find_topic(chat: Conversation, given: Parameters) -> Topic | None:
    """Give the topic that ``message_thread_id`` names, None when it names none.

    General has no thread: naming it is refused as well, as Telegram does.
    """
    if (thread_id := given.get("message_thread_id")) is None:
        return None
    topic = chat.topic(thread_id) if isinstance(chat, GroupChat) else None
    if topic is None or thread_id == GENERAL:
        raise bad_request("message thread not found")
    return topic


def place_message(world: World, chat: Conversation, message: Message, given: Parameters) -> None:
    """Put a message of the bot in the topic it names and make it the answer it is to be.

    Without ``message_thread_id`` an answer goes to the topic of what it answers. **Stricter than
    Telegram**: what is answered must be in the same chat and topic. A closed topic, General too,
    refuses a bot that cannot manage topics; an unwanted message is refused by the group's
    permissions.
    """
    topic = find_topic(chat, given)
    original = _answered(chat, topic, given.get("reply_parameters"))
    if isinstance(chat, GroupChat):
        if topic is None and original is not None and original.in_topic:
            topic = chat.topic(original.thread_id or 0)
        me = bot_member(world, chat)
        permission, words = needed(message.content)
        if not chat.may(me, permission):
            raise bad_request(f"not enough rights to send {words} to the chat")
        if chat.closed_to(me, topic):
            raise bad_request("TOPIC_CLOSED")
        chat.put_in(message, topic, original)
    elif original is not None:
        message.reply(original)


def message_to_edit(world: World, given: Parameters) -> tuple[Conversation, Message]:
    """Give a message that the bot may edit, with its chat.

    Telegram's manual sets a bot no limit of time for its own messages, bots report one of 48 hours:
    `Limits.edit_window` is off until a test wants it.
    """
    chat = chat_to_write(world, given["chat_id"])
    message = chat.find(given["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    window = world.limits.edit_window
    too_old = window is not None and world.clock.now() - message.date > window
    if not message.mine or message.service or too_old:
        raise bad_request("message can't be edited")
    return chat, message


def check_deletable(world: World, chat: Conversation, message: Message) -> None:
    """Refuse what the bot may not delete: after 48 hours, or of others without the right.

    **Stricter than Telegram**, which lets an administrator delete older messages of a group too.
    """
    if message.too_old_to_delete(world.clock.now()):
        raise bad_request("message can't be deleted for everyone")
    if isinstance(chat, GroupChat) and (
        "forum_topic_created" in message.content
        or not (message.mine or bot_member(world, chat).may("can_delete_messages"))
    ):
        raise bad_request("message can't be deleted")


def _inside(world: World, group: GroupChat) -> GroupChat:
    if group.upgraded_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=group.upgraded_to,
        )
    me = group.members.get(world.bot["id"])
    if me is None:
        raise bad_request("chat not found")
    if not me.inside:
        gone = "was kicked from" if me.status == "kicked" else "is not a member of"
        raise ApiError(403, f"Forbidden: bot {gone} the {group.type} chat")
    return group


def _answered(chat: Conversation, topic: Topic | None, reply: JSON | None) -> Message | None:
    if reply is None:
        return None
    original = None
    if reply.get("chat_id", chat.chat_id) == chat.chat_id:
        original = chat.find(reply["message_id"])
    elsewhere = topic is not None and original is not None and original.thread_id != topic.thread_id
    if (original is None or elsewhere) and not reply.get("allow_sending_without_reply", False):
        raise bad_request("message to be replied not found")
    return None if elsewhere else original
