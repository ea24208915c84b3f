"""What can be told of a raw update before it is parsed, trusting nothing of its form."""

from __future__ import annotations

from typing import NamedTuple

from bot.wire import JSON
from handlers.content import links_to_somebody
from helpdesk.broadcasts.broadcast import LEAVE

_HOLDERS = ("message", "edited_message", "my_chat_member", "chat_member", "callback_query")


class Origin(NamedTuple):
    """Where an update comes from; ``topic`` is that of a forum, None outside of any."""

    chat: int
    private: bool
    topic: int | None = None


def whose(raw: JSON) -> Origin | None:
    """Find where a raw update comes from."""
    for kind in _HOLDERS:
        holder = _holder(raw, kind)
        chat = holder.get("chat")
        if isinstance(chat, dict) and type(chat.get("id")) is int:
            topic = holder.get("message_thread_id") if holder.get("is_topic_message") else None
            return Origin(
                chat["id"], chat.get("type") == "private", topic if type(topic) is int else None
            )
    return None


def moved(raw: JSON) -> tuple[int, int] | None:
    """Find the old and the new id in what tells that a group became a supergroup."""
    message = _holder(raw, "message")
    chat = message.get("chat")
    here = chat.get("id") if isinstance(chat, dict) else None
    to, origin = message.get("migrate_to_chat_id"), message.get("migrate_from_chat_id")
    if type(here) is not int:
        return None
    if type(to) is int:
        return here, to
    return (origin, here) if type(origin) is int else None


def message_of(raw: JSON) -> int | None:
    """Find the id of the message that a raw update brings."""
    found = _holder(raw, "message").get("message_id")
    return found if type(found) is int else None


def press_of(raw: JSON) -> str | None:
    """Find the id by which a press is answered."""
    query = raw.get("callback_query")
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else None


def links_to_account(message: JSON) -> bool:
    """Say whether a text links to somebody's account; one that cannot be read counts as such."""
    entities = message.get("entities", [])
    if not isinstance(entities, list) or not all(isinstance(one, dict) for one in entities):
        return True
    return any(links_to_somebody(str(one.get("type")), str(one.get("url"))) for one in entities)


def kind_of(raw: JSON) -> str:
    """Say of which kind an update is, for the newest of each kind is never displaced."""
    if "callback_query" in raw:
        query = raw["callback_query"]
        leaves = isinstance(query, dict) and query.get("data") == LEAVE
        return LEAVE if leaves else "press"
    message = raw.get("message") or raw.get("edited_message")
    text = message.get("text") if isinstance(message, dict) else None
    if isinstance(text, str) and text.startswith("/"):
        name = text.split(maxsplit=1)[0].partition("@")[0].lower()
        return name if name in ("/borrar", "/start") else ""
    return ""


def is_note(raw: JSON) -> bool:
    """Say whether an update of a group is a plain text that is no command and answers nothing.

    In a topic such a text carries the message that made the topic, whose id is the topic's.
    """
    message = _holder(raw, "message")
    text, answered = message.get("text"), message.get("reply_to_message")
    if not isinstance(text, str) or text.startswith("/"):
        return False
    if answered is None:
        return True
    topic = message.get("message_thread_id") if message.get("is_topic_message") else None
    return isinstance(answered, dict) and topic is not None and answered.get("message_id") == topic


def _holder(raw: JSON, kind: str) -> JSON:
    """Give what carries the chat in an update of a kind, empty when there is no such thing."""
    holder = raw.get(kind)
    if kind == "callback_query" and isinstance(holder, dict):
        holder = holder.get("message")
    return holder if isinstance(holder, dict) else {}
