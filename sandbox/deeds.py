"""What a person does, read from JSON: the deeds of the control API; no routes and no waiting.

``WHERE`` is where a message goes or is: nothing (the person's chat with the bot), or ``"group"``,
a group's id, with ``"topic"`` (General without it) and ``"reply_to"``, a message's id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sandbox.group_chats import GENERAL
from sandbox.group_views import show_any
from sandbox.groups import Group
from sandbox.media import Where
from sandbox.messages import JSON, Message
from sandbox.people import Person
from sandbox.views import MEDIA

if TYPE_CHECKING:
    from sandbox.server import Sandbox


class NotFound(Exception):
    """Raised when there is no such person, group, message or deed."""


def find_person(box: Sandbox, chat_id: object) -> Person:
    """Give a person by id; raises NotFound."""
    try:
        return box.people[int(str(chat_id))]
    except (KeyError, ValueError):
        raise NotFound("no such person") from None


def find_group(box: Sandbox, chat_id: object) -> Group:
    """Give a group by its id; raises NotFound."""
    for group in box.groups:
        if str(group.chat_id) == str(chat_id):
            return group
    raise NotFound("no such group")


async def do(box: Sandbox, person: Person, deed: str, body: JSON) -> JSON | list[JSON]:
    """Have somebody do something; raises NotFound, KeyError for what is missing, PersonError."""
    group = find_group(box, body.pop("group")) if "group" in body else None
    chat = person.chat if group is None else group.chat

    def message() -> Message:
        found = chat.messages.get(body["message_id"])
        if found is None:
            raise NotFound("no such message")
        return found

    def where() -> Where:
        place = Where()
        if group is not None:
            place["to"] = group
        if "topic" in body:
            place["topic"] = body.pop("topic")
        if "reply_to" in body:
            answered = chat.messages.get(body.pop("reply_to"))
            if answered is None:
                raise NotFound("no such message")
            place["reply_to"] = answered
        return place

    def marked() -> list[JSON]:
        return list(body.get("entities", ()))

    async def send() -> JSON:
        return show_any(await person.send(body["text"], entities=marked(), **where()))

    async def press() -> JSON:
        text, data = body.get("text"), body.get("data")
        on = message() if "message_id" in body else (group or person).with_button(text, data)
        return {"callback_query_id": (await person.press(on, text, data=data)).id}

    async def edit() -> JSON:
        return show_any(await person.edit(message(), body["text"], entities=marked()))

    async def delete() -> JSON:
        await person.delete(message(), for_both=bool(body.get("for_both", False)))
        return {}

    async def album() -> list[JSON]:
        place = where()
        return [show_any(one) for one in await person.send_album(**body, **place)]

    async def medium() -> JSON:
        send_it: Callable[..., Awaitable[Message]] = getattr(person, f"send_{deed}")
        place = where()
        return show_any(await send_it(**body, **place))

    async def read() -> JSON:
        if group is None:
            raise KeyError("group")
        group.chat.look(person.chat_id, body.get("topic", GENERAL))
        return {}

    async def topic() -> JSON:
        if group is None:
            raise KeyError("group")
        which = body.get("topic", GENERAL)
        (group.close_topic if deed == "close" else group.reopen_topic)(which, by=person)
        return {}

    async def leave() -> JSON:
        if group is None:
            raise KeyError("group")
        group.leave(person)
        return {}

    async def block() -> JSON:
        await (person.block() if deed == "block" else person.unblock())
        return {}

    deeds: dict[str, Callable[[], Awaitable[Any]]] = {
        "send": send,
        "press": press,
        "edit": edit,
        "delete": delete,
        "album": album,
        "read": read,
        "close": topic,
        "reopen": topic,
        "leave": leave,
        "block": block,
        "unblock": block,
        **dict.fromkeys(MEDIA, medium),
    }
    if deed not in deeds:
        raise NotFound(f"nobody can {deed}")
    answer: JSON | list[JSON] = await deeds[deed]()
    return answer
