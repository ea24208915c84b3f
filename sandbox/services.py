"""Service messages of groups and changes of membership, with the updates that tell the bot."""

from __future__ import annotations

from sandbox.group_chats import ANONYMOUS, SERVICE_USERS, GroupChat, Member, Topic
from sandbox.messages import JSON, Message
from sandbox.world import World


def signature(world: World, group: GroupChat, user: JSON | None) -> tuple[JSON, JSON]:
    """Give the ``from`` under which somebody acts in a group, and what goes beside it.

    ``user`` None is the bot. An anonymous administrator acts as the group.
    """
    if user is None:
        return world.bot, {}
    if group.member(user).anonymous:
        return SERVICE_USERS[ANONYMOUS], {"sender_chat": group.to_json()}
    return user, {}


def add_service(
    world: World,
    group: GroupChat,
    user: JSON | None,
    content: JSON,
    *,
    topic: Topic | None = None,
    opens: bool = False,
) -> Message:
    """Put a service message in a group and tell the bot; ``user`` None: the bot did it.

    ``opens`` is for the message that makes a topic: it cannot be in what it makes yet.
    """
    sender, around = signature(world, group, user)
    message = Message(
        world.message_id_in(group),
        group.to_json(),
        sender,
        mine=user is None,
        date=world.clock.now(),
        content=content,
        around=around,
        author=None if user is None else user["id"],
        service=True,
    )
    if opens:
        message.thread_id, message.in_topic = message.message_id, True
    else:
        group.put_in(message, None if topic is group.general else topic, None)
    # "said" also of the bot's own: nobody who waits for its words waits for these.
    group.add("said", message)
    tell(world, group, "message", message.to_json())
    return message


def make_topic(world: World, group: GroupChat, name: str, color: int, user: JSON | None) -> Topic:
    """Make a topic with its service message; ``user`` None: the bot makes it."""
    content = {"forum_topic_created": {"name": name, "icon_color": color}}
    message = add_service(world, group, user, content, opens=True)
    topic = group.topics[message.message_id] = Topic(message.message_id, name, color)
    group.changed()
    return topic


def shut_topic(
    world: World, group: GroupChat, topic: Topic, closed: bool, user: JSON | None
) -> None:
    """Close or reopen a topic with its service message; ``user`` None: the bot does it.

    General comes out of hiding when it is reopened.
    """
    topic.closed = closed
    topic.hidden = topic.hidden and closed
    kind = "forum_topic_closed" if closed else "forum_topic_reopened"
    add_service(world, group, user, {kind: {}}, topic=topic)
    group.changed()


def change_member(
    world: World, group: GroupChat, new: Member, by: JSON | None, *, quiet: bool = False
) -> None:
    """Make somebody something else in a group and tell the bot; ``by`` None: the bot.

    Of others it is told (``chat_member``) only while it is an administrator.
    """
    user_id = int(new.user["id"])
    old = group.member(new.user)
    me = user_id == world.bot["id"]
    tells = me or group.member(world.bot).status == "administrator"
    group.members[user_id] = new
    group.changed()
    if quiet or not tells or old == new:
        return
    sender, _ = signature(world, group, by)
    content = {
        "chat": group.to_json(),
        "from": sender,
        "date": int(world.clock.now().timestamp()),
        "old_chat_member": old.to_json(),
        "new_chat_member": new.to_json(),
    }
    world.announce("my_chat_member" if me else "chat_member", content)


def tell(world: World, group: GroupChat, kind: str, content: JSON) -> None:
    """Put an update of a group, if the bot is in it."""
    if group.member(world.bot).inside:
        world.announce(kind, content)
