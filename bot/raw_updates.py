"""What can be told of a raw update before it is parsed, trusting nothing of its form."""

from __future__ import annotations

from bot.wire import JSON


def whose(raw: JSON) -> tuple[int, bool] | None:
    """Find the chat of a raw update and whether it is private."""
    for kind in ("message", "edited_message", "my_chat_member", "callback_query"):
        holder = raw.get(kind)
        if kind == "callback_query" and isinstance(holder, dict):
            holder = holder.get("message")
        chat = holder.get("chat") if isinstance(holder, dict) else None
        if isinstance(chat, dict) and type(chat.get("id")) is int:
            return chat["id"], chat.get("type") == "private"
    return None


def message_of(raw: JSON) -> int | None:
    """Find the id of the message that a raw update brings."""
    message = raw.get("message")
    found = message.get("message_id") if isinstance(message, dict) else None
    return found if type(found) is int else None


def kind_of(raw: JSON) -> str:
    """Say of which kind an update is, for the newest of each kind is never displaced."""
    if "callback_query" in raw:
        return "press"
    message = raw.get("message") or raw.get("edited_message")
    text = message.get("text") if isinstance(message, dict) else None
    if isinstance(text, str) and text.startswith("/"):
        name = text.split(maxsplit=1)[0].partition("@")[0].lower()
        return name if name in ("/borrar", "/start") else ""
    return ""
