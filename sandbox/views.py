"""How the sandbox's things look as JSON to the control API and the page; only reads.

Groups are in group_views.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.chats import Chat
from sandbox.clock import Clock
from sandbox.faults import Fault
from sandbox.messages import JSON, Message
from sandbox.world import Call

if TYPE_CHECKING:
    from sandbox.people import Person

MEDIA = (
    "voice",
    "photo",
    "video",
    "animation",
    "document",
    "audio",
    "video_note",
    "sticker",
    "contact",
    "location",
    "poll",
    "dice",
)
"""What people send besides text; the Bot API's field and the deed have the same name."""
_BUTTON_KEYS = {"text": "text", "callback_data": "data", "url": "url", "copy_text": "copy_text"}


def show_person(person: Person) -> JSON:
    """Show who somebody is."""
    return {
        "chat_id": person.chat_id,
        "name": person.name,
        "username": person.username,
        "blocked": person.chat.blocked,
        "aside": person.aside,
        "organiser": person.organiser,
    }


def show_screen(chat: Chat) -> JSON:
    """Show what is on a phone, and the number of the last thing that happened on it."""
    return {
        "version": len(chat.events),
        "typing": chat.action is not None,
        "messages": [show_message(message) for message in chat.screen()],
    }


def show_message(message: Message) -> JSON:
    """Show a message as it is now; of the bot's, also what the lock screen showed of it."""
    plain = message.to_json()
    shown: JSON = {
        "message_id": message.message_id,
        "mine": message.mine,
        "kind": _kind(message),
        "text": message.text or message.content.get("caption", ""),
        "entities": plain.get("entities", []),
        "buttons": [
            [{_BUTTON_KEYS[key]: value for key, value in one.to_json().items()} for one in row]
            for row in message.rows
        ],
        "date": message.date.isoformat(),
        "silent": message.silent,
        "history": list(message.history),
    }
    if message.mine:
        shown["lock_screen"] = message.lock_screen()
    if message.picture is not None:
        size = message.content["photo"][0]
        shown["picture"] = {key: size[key] for key in ("file_id", "width", "height")}
    if (document := message.content.get("document")) is not None:
        shown["file_name"] = document.get("file_name", "")
    if message.edit_date is not None:
        shown["edit_date"] = message.edit_date.isoformat()
    if message.reaction is not None:
        shown["reaction"] = message.reaction
    if message.reply_to is not None:
        shown["reply_to"] = _answered(message.around["reply_to_message"])
    for kind in ("sticker", "dice"):
        if emoji := message.content.get(kind, {}).get("emoji"):
            shown["emoji"] = emoji
    return shown


def _kind(message: Message) -> str:
    """Give what a message is: its media, the Bot API field of a service message, or text."""
    if message.service:
        return next(iter(message.content))
    return next((kind for kind in MEDIA if kind in message.content), "text")


def _answered(original: JSON) -> JSON:
    """Show enough of what a message answers to know it by."""
    sender: JSON = original.get("sender_chat") or original["from"]
    return {
        "message_id": original["message_id"],
        "name": sender.get("title") or sender["first_name"],
        "text": original.get("text", original.get("caption", "")),
        "kind": next((kind for kind in MEDIA if kind in original), "text"),
    }


def show_clock(clock: Clock) -> JSON:
    """Show the time, and whether it passes by itself."""
    return {"now": clock.now().isoformat(), "runs": clock.runs}


def show_call(call: Call) -> JSON:
    """Show a call of the Bot API without its content: what it was, for whom, how it ended."""
    answer = call.answer or {}
    return {
        "method": call.method,
        "chat_id": call.parameters.get("chat_id"),
        "at": call.at.isoformat(),
        "ok": call.ok,
        "code": answer.get("error_code"),
        "retry_after": answer.get("parameters", {}).get("retry_after"),
        "fault": call.fault,
        "dropped": call.dropped,
    }


def show_fault(fault: Fault, now: datetime) -> JSON:
    """Show an ordered fault and what is left of it; ``left`` None means every time."""
    return {
        "kind": fault.kind,
        "method": fault.method,
        "chat_id": fault.chat_id,
        "code": None if fault.error is None else fault.error.code,
        "share": fault.share,
        "left": None
        if fault.times is None or fault.share is not None
        else max(0, fault.times - fault.struck),
        "struck": fault.struck,
        "holding": fault.reached.is_set() and not fault.released.is_set(),
        "seconds": None if fault.until is None else (fault.until - now).total_seconds(),
    }
