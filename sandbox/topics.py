"""The methods for topics of a forum and for General: make, rename, close, reopen, hide, delete.

Each leaves the service message that Telegram leaves, and the bot is told of it like of others'.
**Stricter than Telegram**: a topic of the bot's own needs the right as well.
"""

from __future__ import annotations

from sandbox.errors import bad_request
from sandbox.group_chats import GENERAL, ICON_COLORS, GroupChat, Topic
from sandbox.messages import JSON
from sandbox.parameters import Parameters
from sandbox.places import bot_member, find_group
from sandbox.services import add_service, make_topic, shut_topic
from sandbox.world import World

NAME_LIMIT = 128
_SHUT = "close or open the topic"


async def create_forum_topic(world: World, given: Parameters) -> JSON:
    """Bot API ``createForumTopic``."""
    group = _forum(world, given)
    _check_right(world, group, "can_manage_topics", "create a topic")
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
    group, topic = _topic(world, given, "edit the topic")
    return _rename(world, group, topic, given["name"]) if given.get("name") else True


async def close_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``closeForumTopic``."""
    return _shut(world, *_topic(world, given, _SHUT), closed=True)


async def reopen_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``reopenForumTopic``."""
    return _shut(world, *_topic(world, given, _SHUT), closed=False)


async def delete_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``deleteForumTopic``, with every message in it; needs ``can_delete_messages``."""
    group, topic = _topic(world, given, "delete the topic", right="can_delete_messages")
    group.delete_topic(topic)
    return True


async def edit_general_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``editGeneralForumTopic``."""
    group = _general(world, given, "edit the topic")
    return _rename(world, group, group.general, given["name"])


async def close_general_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``closeGeneralForumTopic``."""
    group = _general(world, given, _SHUT)
    return _shut(world, group, group.general, closed=True)


async def reopen_general_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``reopenGeneralForumTopic``: it comes out of hiding too."""
    group = _general(world, given, _SHUT)
    return _shut(world, group, group.general, closed=False)


async def hide_general_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``hideGeneralForumTopic``: it closes too."""
    return _hide(world, given, hidden=True)


async def unhide_general_forum_topic(world: World, given: Parameters) -> bool:
    """Bot API ``unhideGeneralForumTopic``: it stays closed."""
    return _hide(world, given, hidden=False)


def _rename(world: World, group: GroupChat, topic: Topic, given: str) -> bool:
    name = _name(given)
    if name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    group.changed()
    add_service(world, group, None, {"forum_topic_edited": {"name": name}}, topic=topic)
    return True


def _shut(world: World, group: GroupChat, topic: Topic, *, closed: bool) -> bool:
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    shut_topic(world, group, topic, closed, None)
    return True


def _hide(world: World, given: Parameters, *, hidden: bool) -> bool:
    group = _general(world, given, _SHUT)
    general = group.general
    if general.hidden == hidden:
        raise bad_request("TOPIC_NOT_MODIFIED")
    general.hidden, general.closed = hidden, general.closed or hidden
    group.changed()
    kind = "general_forum_topic_hidden" if hidden else "general_forum_topic_unhidden"
    add_service(world, group, None, {kind: {}})
    return True


def _forum(world: World, given: Parameters) -> GroupChat:
    group = find_group(world, given["chat_id"])
    if not group.forum:
        raise bad_request("the chat is not a forum")
    return group


def _topic(
    world: World, given: Parameters, deed: str, *, right: str = "can_manage_topics"
) -> tuple[GroupChat, Topic]:
    """Give the topic that a call names; raises when the bot may not do the deed."""
    group = _forum(world, given)
    thread_id = given["message_thread_id"]
    topic = None if thread_id == GENERAL else group.topic(thread_id)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    _check_right(world, group, right, deed)
    return group, topic


def _general(world: World, given: Parameters, deed: str) -> GroupChat:
    group = _forum(world, given)
    _check_right(world, group, "can_manage_topics", deed)
    return group


def _check_right(world: World, group: GroupChat, right: str, deed: str) -> None:
    if not bot_member(world, group).may(right):
        raise bad_request(f"not enough rights to {deed}")


def _name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= NAME_LIMIT:
        raise bad_request(f'parameter "name" has 1 to {NAME_LIMIT} characters')
    return name
