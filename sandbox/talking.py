"""What people say in groups, and what Telegram's app keeps them from saying; no deeds beside it."""

from __future__ import annotations

from sandbox.entities import Entity
from sandbox.errors import PersonError
from sandbox.group_chats import GENERAL, GroupChat, Topic
from sandbox.messages import JSON, Message
from sandbox.permissions import needed
from sandbox.services import signature, tell
from sandbox.world import World


def say_in(
    world: World,
    chat: GroupChat,
    user: JSON,
    text: str,
    entities: tuple[Entity, ...],
    content: JSON,
    topic: Topic | int | None,
    reply_to: Message | None,
) -> Message:
    """Put what somebody says in a group; raises PersonError for what Telegram's app forbids."""
    member = chat.member(user)
    if not member.inside:
        raise PersonError("she is not in the group")
    permission, words = needed(content)
    if not chat.may(member, permission):
        raise PersonError(f"she may not send {words} in the group")
    if reply_to is not None and chat.find(reply_to.message_id) is not reply_to:
        raise PersonError("what she answers is not in the group any more")
    if topic is None and reply_to is not None and reply_to.in_topic:
        topic = reply_to.thread_id
    thread_id = topic.thread_id if isinstance(topic, Topic) else topic
    place = None if thread_id in (None, GENERAL) else chat.topic(thread_id or 0)
    if place is None and thread_id not in (None, GENERAL):
        raise PersonError("there is no such topic")
    if chat.closed_to(member, place):
        raise PersonError("the topic is closed")
    sender, around = signature(world, chat, user)
    message = Message(
        world.message_id_in(chat),
        chat.to_json(),
        sender,
        mine=False,
        date=world.clock.now(),
        text=text,
        entities=entities,
        content=content,
        around=around,
        author=user["id"],
    )
    chat.put_in(message, place, reply_to)
    chat.add("said", message)
    chat.look(message.author or 0, thread_id or GENERAL)
    tell(world, chat, "message", message.to_json())
    return message
