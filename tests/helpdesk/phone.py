"""A family's phone over a real database, for tests: it carries replies out as the bot would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from helpdesk import turn
from helpdesk.context import Context
from helpdesk.messages import Button, Command, Press, Reply, Screen, Slash, Typed, Unreadable
from store import Database
from tests.helpdesk.talk import NOW


@dataclass
class Phone:
    """A family's chat over the desk and a real database: carries replies out as the bot would."""

    db: Database
    context: Context
    chat: int = 700_123_456
    now: datetime = NOW
    next_id: int = 83_000
    messages: dict[int, Screen | str] = field(default_factory=dict)
    fresh: list[int] = field(default_factory=list)
    language: str = "es"
    """The language of the last screen, by which its buttons are found."""
    deaf: bool = False
    """Replies get lost: the program died between commit and sending."""

    async def do(
        self, body: Press | Typed | Slash | Unreadable, message_id: int | None = None, **more: Any
    ) -> Reply:
        command = Command(self.chat, self.now, body, message_id, **more)
        reply = await self.db.transaction(turn.answer, command, self.context)
        if not self.deaf:
            await self.carry_out(reply)
        return reply

    async def carry_out(self, reply: Reply) -> None:
        for gone in reply.delete:
            self.messages.pop(gone, None)
        if reply.screen is None:
            return
        self.language = reply.language
        shown = reply.edit if reply.edit in self.messages else None
        if shown is None:
            shown = self.take_id()
            self.fresh.append(shown)
        self.messages[shown] = reply.screen
        if reply.revision is not None:
            await self.db.transaction(turn.shown, self.chat, reply.revision, (shown,), self.now)

    def take_id(self) -> int:
        self.next_id += 1
        return self.next_id

    async def type(self, text: str) -> Reply:
        own = self.take_id()
        self.messages[own] = text
        return await self.do(Typed(text), own)

    async def correct(self, message_id: int, text: str) -> Reply:
        self.messages[message_id] = text
        return await self.do(Typed(text), message_id, edited=True)

    async def slash(self, name: str) -> Reply:
        own = self.take_id()
        self.messages[own] = f"/{name}"
        return await self.do(Slash(name), own)

    async def send(self, kind: Unreadable) -> Reply:
        own = self.take_id()
        self.messages[own] = f"<{kind}>"
        return await self.do(kind, own)

    async def press(self, words: str) -> Reply:
        return await self.do(Press(self.button(words).token, self.last))

    async def press_token(self, token: str) -> Reply:
        return await self.do(Press(token, self.last))

    def button(self, words: str) -> Button:
        matching = [
            button
            for row in self.screen.rows
            for button in row
            if self.context.words(self.language).plain(button.key, button.params) == words
        ]
        assert len(matching) == 1, words
        return matching[0]

    @property
    def last(self) -> int:
        return max(key for key, value in self.messages.items() if isinstance(value, Screen))

    @property
    def screen(self) -> Screen:
        shown = self.messages[self.last]
        assert isinstance(shown, Screen)
        return shown

    @property
    def text(self) -> str:
        plain = self.context.words(self.language).plain
        return "\n\n".join(plain(one.key, one.params, one.count) for one in self.screen.parts)

    def wait(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)
