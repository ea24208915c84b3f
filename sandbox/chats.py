"""Chats: their messages in order and the log of what happened in each; here the private ones.

Who writes in them is in people.py and the Bot API's modules; a chat only keeps and announces.
Groups are in group_chats.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sandbox.bell import Bell
from sandbox.journal import Journal
from sandbox.messages import JSON, Message

Kind = Literal["said", "sent", "edited", "deleted", "hidden", "reacted"]
"""``said`` and ``hidden`` (deleted) by people; ``sent``, ``edited``, ``deleted``, ``reacted`` by
the bot."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on the screen of a chat; ``number`` counts from 1 in that chat."""

    number: int
    kind: Kind
    message: Message


@dataclass(eq=False, slots=True, kw_only=True)
class Conversation:
    """What private chats and groups have in common: messages, events, what is pinned.

    ``action`` is the last ``sendChatAction``. ``journal`` is what the page watches.
    """

    journal: Journal = field(default_factory=Journal)
    messages: dict[int, Message] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    bell: Bell = field(default_factory=Bell)
    pinned: list[int] = field(default_factory=list)
    action: str | None = None

    @property
    def chat_id(self) -> int:
        """Its id."""
        raise NotImplementedError

    def to_json(self) -> JSON:
        """Give it as the Bot API writes it (``Chat``)."""
        raise NotImplementedError

    def changed(self) -> None:
        """Tell the page that something about the chat itself changed."""
        raise NotImplementedError

    def add(self, kind: Kind, message: Message) -> None:
        """Keep a new message and announce it."""
        self.messages[message.message_id] = message
        self.announce(kind, message)

    def announce(self, kind: Kind, message: Message) -> None:
        """Log what happened to a message and wake whoever waits."""
        self.events.append(Event(len(self.events) + 1, kind, message))
        self.journal.note("message", self.chat_id, message, kind)
        self.bell.ring()

    def act(self, action: str | None) -> None:
        """Show that the bot is doing something, such as ``typing``; None: no longer."""
        if action != self.action:
            self.action = action
            self.changed()

    def find(self, message_id: int) -> Message | None:
        """Give a message that still exists for the bot."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def delete(self, message: Message) -> None:
        """Delete a message for both sides."""
        message.deleted = True
        self.announce("deleted", message)

    def screen(self) -> tuple[Message, ...]:
        """Give what the person sees, oldest first."""
        return tuple(message for message in self.messages.values() if message.visible)


@dataclass(eq=False, slots=True, kw_only=True)
class Chat(Conversation):
    """A private chat between the bot and one person.

    ``started`` says whether the person ever wrote: until then the bot may not. ``deactivated``
    says that she deleted her account. ``no_voice`` is the privacy setting that refuses voice notes.
    """

    user: JSON
    blocked: bool = False
    deactivated: bool = False
    started: bool = False
    no_voice: bool = False

    @property
    def chat_id(self) -> int:
        """Its id: in a private chat, that of the person."""
        return int(self.user["id"])

    @property
    def crowded(self) -> bool:
        """Whether it is one of very many, of which little is kept (crowds.py)."""
        return False

    def to_json(self) -> JSON:
        """Give it as the Bot API writes it (``Chat``)."""
        names: JSON = {
            key: self.user[key]
            for key in ("first_name", "last_name", "username")
            if key in self.user
        }
        return {"id": self.chat_id, **names, "type": "private"}

    def changed(self) -> None:
        """Tell the page that the bot is blocked, not any more, or writing."""
        self.journal.note("person", self.chat_id)

    def block(self, blocked: bool) -> None:
        """Block the bot, or let it write again."""
        self.blocked = blocked
        self.changed()
