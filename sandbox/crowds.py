"""Very many people at once: a chat each that costs little, and no phone on the page.

They have all started the bot. What the bot does in such a chat wakes whoever waits on it, and that
is all: nothing of it is in the log of events, on the page or among ``Sandbox.calls``. What arrived
when is in ``Sandbox.arrivals``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.chats import Chat, Kind
from sandbox.messages import Message
from sandbox.people import Person

if TYPE_CHECKING:
    from sandbox.world import World

KEPT = 8
"""Messages that such a chat keeps: an older one is not found any more."""


@dataclass(eq=False, slots=True, kw_only=True)
class CrowdChat(Chat):
    """The chat of one of many. ``received`` counts the bot's messages, also those gone since."""

    received: int = 0

    @property
    def crowded(self) -> bool:
        """Whether it is one of many."""
        return True

    def add(self, kind: Kind, message: Message) -> None:
        """Keep a new message, and of the oldest none too many."""
        self.received += message.mine
        if len(self.messages) >= KEPT:
            del self.messages[next(iter(self.messages))]
        self.messages[message.message_id] = message
        self.bell.ring()

    def announce(self, kind: Kind, message: Message) -> None:
        """Wake whoever waits."""
        self.bell.ring()

    def changed(self) -> None:
        """Tell nobody."""


class Crowd:
    """People made together by ``Sandbox.crowd``; ``chats`` by id, in the order they were made."""

    def __init__(self, world: World, size: int, language: str) -> None:
        self._world = world
        self.chats: dict[int, CrowdChat] = {}
        for number in range(1, size + 1):
            user = {
                "id": world.person_id(),
                "is_bot": False,
                "first_name": f"Persona {number}",
                "language_code": language,
            }
            chat = CrowdChat(user=user, journal=world.journal, started=True)
            world.chats[chat.chat_id] = self.chats[chat.chat_id] = chat

    def __len__(self) -> int:
        return len(self.chats)

    def __iter__(self) -> Iterator[int]:
        return iter(self.chats)

    @property
    def ids(self) -> tuple[int, ...]:
        """Their ids."""
        return tuple(self.chats)

    def person(self, chat_id: int) -> Person:
        """Give one of them to act: she can press, write and leave as anybody.

        What comes is waited for with ``wait_until``; ``next_message`` and its kin wait in vain.
        """
        return Person(self._world, self.chats[chat_id], aside=True)

    def received(self) -> dict[int, int]:
        """Give how many messages of the bot each was ever sent, whether she kept them or not."""
        return {chat_id: chat.received for chat_id, chat in self.chats.items()}

    def texts(self, chat_id: int) -> tuple[str, ...]:
        """Give what the bot's messages on a phone say now, oldest first."""
        return tuple(one.text for one in self.chats[chat_id].screen() if one.mine)

    def block(self, chat_ids: Iterable[int]) -> None:
        """Have some block the bot without its being told, as of those who did while it slept."""
        for chat_id in chat_ids:
            self.chats[chat_id].blocked = True

    def deactivate(self, chat_ids: Iterable[int]) -> None:
        """Have some delete their accounts; no bot is told."""
        for chat_id in chat_ids:
            self.chats[chat_id].deactivated = True
