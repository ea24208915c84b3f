"""The methods for topics of a forum: make, rename, close, reopen, delete.

Each leaves the service message that Telegram leaves, and the bot is told of it like of others'.
"""

from __future__ import annotations

from sandbox.errors import bad_request
from sandbox.group_chats import GENERAL, GroupChat, Topic
from sandbox.messages import JSON
from sandbox.parameters import Parameters
from sandbox.places import bot_member, find_group
from sandbox.services import add_service, make_topic
from sandbox.world import World

ICON_COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
NAME_LIMIT = 128


async def create_forum_topic(world: World, given: Parameters) -> JSON:
    """Bot API ``createForumTopic``."""
    group = _forum(world, given)
    if not bot_member(world, group).may("can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    name = _name(given["name"])
    color = given.get("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise bad_request("invalid icon color specified")
    topic = make_topic(world, group, name, color, None)
    return {
        "message_thread_id": topic.thread_id,
        "name": topic.name,
        "icon_color": topic.icon_color,
    }


async def edit_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``editForumTopic``: the name; without one, nothing."""
    group, topic = _topic(world, given)
    if "name" in given:
        name = _name(given["name"])
        if name == topic.name:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.name = name
        add_service(world, group, None, {"forum_topic_edited": {"name": name}}, topic=topic)
    return True


async def close_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``closeForumTopic``."""
    return _shut(world, given, closed=True)


async def reopen_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``reopenForumTopic``."""
    return _shut(world, given, closed=False)


async def delete_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``deleteForumTopic``, with every message in it; needs ``can_delete_messages``."""
    group, topic = _topic(world, given, right="can_delete_messages")
    group.delete_topic(topic)
    return True


def _shut(world: World, given: Parameters, *, closed: bool) -> bool:
    group, topic = _topic(world, given)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    kind = "forum_topic_closed" if closed else "forum_topic_reopened"
    add_service(world, group, None, {kind: {}}, topic=topic)
    return True


def _forum(world: World, given: Parameters) -> GroupChat:
    group = find_group(world, given["chat_id"])
    if not group.forum:
        raise bad_request("the chat is not a forum")
    return group


def _topic(
    world: World, given: Parameters, *, right: str = "can_manage_topics"
) -> tuple[GroupChat, Topic]:
    group = _forum(world, given)
    thread_id = given["message_thread_id"]
    topic = None if thread_id == GENERAL else group.topic(thread_id)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    if not bot_member(world, group).may(right):
        raise bad_request("not enough rights to manage topics")
    return group, topic


def _name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= NAME_LIMIT:
        raise bad_request(f'parameter "name" has 1 to {NAME_LIMIT} characters')
    return name
