"""Seeing a chat from a person's side: its screen, and waiting for what the bot does on it.

Waiting is on events, in real seconds.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.chats import Conversation, Event, Kind
from sandbox.errors import NoSuchButton, PersonError
from sandbox.messages import Message


class Watcher:
    """Whoever looks at a chat; ``next_message`` and its kin never give an event twice."""

    def __init__(self) -> None:
        self._read = 0

    @property
    def _watched(self) -> Conversation:
        """The chat it looks at."""
        raise NotImplementedError

    def screen(self) -> tuple[Message, ...]:
        """Give the messages on the screen, both sides, oldest first."""
        return self._watched.screen()

    def from_bot(self) -> tuple[Message, ...]:
        """Give those of the bot that are on the screen, oldest first."""
        return tuple(message for message in self.screen() if message.mine)

    def last(self) -> Message:
        """Give the bot's newest message on the screen; raises PersonError when there is none."""
        if not (messages := self.from_bot()):
            raise PersonError("nothing of the bot is on the screen")
        return messages[-1]

    def with_button(self, text: str | None = None, data: str | None = None) -> Message:
        """Give the bot's newest message on the screen with such a button; raises NoSuchButton."""
        for message in reversed(self.from_bot()):
            for button in message.buttons:
                if button.data == data if text is None else button.text == text:
                    return message
        there = [row for message in self.from_bot() for row in message.reply_markup]
        raise NoSuchButton(f"no button {text or data!r} on the screen; there are {there}")

    def lock_screen(self) -> tuple[str, ...]:
        """Give what a locked phone showed of each message of the bot, even if deleted since."""
        return tuple(
            message.lock_screen() for message in self._watched.messages.values() if message.mine
        )

    async def next_message(self, timeout: float = 5) -> Message:  # noqa: ASYNC109 - fixed by the sandbox contract
        """Wait for the bot's next new message; edits in between are passed over."""
        return (await self._next({"sent"}, timeout)).message

    async def next_edit(self, timeout: float = 5) -> Message:  # noqa: ASYNC109 - as next_message
        """Wait for the bot's next edit of a message; new messages in between are passed over."""
        return (await self._next({"edited"}, timeout)).message

    async def next_change(self, timeout: float = 5) -> Event:  # noqa: ASYNC109 - as next_message
        """Wait for the next thing the bot does on the screen: ``sent``, ``edited``, ``deleted``."""
        return await self._next({"sent", "edited", "deleted"}, timeout)

    async def wait_until(self, look: Callable[[], bool], timeout: float = 5) -> None:  # noqa: ASYNC109 - as next_message
        """Wait until something about the chat is true; ``look`` runs after every change."""
        await self._watched.bell.until(lambda: look() or None, timeout)

    def skip(self) -> None:
        """Take everything that happened so far as read."""
        self._read = len(self._watched.events)

    async def _next(self, kinds: set[Kind], within: float) -> Event:
        def look() -> Event | None:
            for event in self._watched.events[self._read :]:
                if event.kind in kinds:
                    self._read = event.number
                    return event
            return None

        return await self._watched.bell.until(look, within)
