"""How groups look as JSON to the control API and the page; only reads."""

from __future__ import annotations

from sandbox.group_chats import GENERAL, GroupChat, Member, Topic
from sandbox.messages import JSON, Message
from sandbox.views import show_message


def show_group(chat: GroupChat) -> JSON:
    """Show a group without its messages; who left is still among its members.

    ``seen`` is the newest message that a member has looked at, by member and topic.
    """
    seen: dict[int, dict[int, int]] = {}
    for (user_id, thread_id), newest in chat.seen.items():
        seen.setdefault(user_id, {})[thread_id] = newest
    return {
        "chat_id": chat.chat_id,
        "title": chat.title,
        "type": chat.type,
        "forum": chat.forum,
        "protected": bool(chat.settings.get("has_protected_content")),
        "typing": chat.action is not None,
        "members": [_member(one) for one in chat.members.values() if not one.user["is_bot"]],
        "topics": [_topic(one) for one in _topics(chat)],
        "pinned": [number for number in chat.pinned if chat.find(number) is not None],
        "seen": seen,
    }


def show_group_screen(chat: GroupChat, user_id: int, thread_id: int | None) -> JSON:
    """Show what a member sees: the topics with what is unread, and one topic or everything."""
    topics = [{**_topic(one), "unread": chat.unread(user_id, one.thread_id)}
              for one in _topics(chat)]  # fmt: skip
    messages = chat.screen() if thread_id is None else chat.in_thread(thread_id)
    return {
        "version": len(chat.events),
        "typing": chat.action is not None,
        "topics": topics,
        "messages": [show_group_message(message) for message in messages],
    }


def show_group_message(message: Message) -> JSON:
    """Show a message of a group: also who wrote it, under which name, and in which topic."""
    sender = message.around.get("sender_chat", message.sender)
    shown = {
        **show_message(message),
        "author": message.sender["id"] if message.author is None else message.author,
        "name": sender.get("title") or sender["first_name"],
        "topic": message.thread_id if message.in_topic else GENERAL,
        "service": message.service,
    }
    if message.service:
        shown["detail"] = _detail(message.content)
    return shown


def show_any(message: Message) -> JSON:
    """Show a message as its chat does, a group or not."""
    private = message.chat["type"] == "private"
    return show_message(message) if private else show_group_message(message)


def _topics(chat: GroupChat) -> list[Topic]:
    if not chat.forum:
        return [chat.general]
    return [chat.general, *(topic for topic in chat.topics.values() if not topic.deleted)]


def _topic(topic: Topic) -> JSON:
    return {
        "thread_id": topic.thread_id,
        "name": topic.name,
        "color": topic.icon_color,
        "closed": topic.closed,
        "hidden": topic.hidden,
    }


def _member(member: Member) -> JSON:
    return {
        "chat_id": member.user["id"],
        "name": member.user["first_name"],
        "status": member.status,
        "anonymous": member.anonymous,
    }


def _detail(content: JSON) -> str:
    """Say whom or what a service message is about: names of members, the name of a topic."""
    (about,) = list(content.values())[:1]
    if isinstance(about, list):
        return ", ".join(user["first_name"] for user in about)
    if not isinstance(about, dict):
        return ""
    return str(about.get("name") or about.get("first_name") or about.get("text") or "")
