"""Organisers with their private chats over a real database: what the bot says to them is kept here.

Messages are numbered in each chat, those of the person too, so that one can be edited.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from html import escape
from typing import Concatenate, Final, ParamSpec, TypeVar

import locales
import rules
from handlers.render import exact, render
from helpdesk import subscriptions
from helpdesk.audience import Topic
from helpdesk.broadcasts import shelf
from helpdesk.broadcasts.answer import answer, wants
from helpdesk.broadcasts.broadcast import Broadcast, Letter
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.messages import (
    Note,
    OrganiserBody,
    OrganiserCommand,
    OrganiserOther,
    OrganiserPress,
    OrganiserReply,
    OrganiserSlash,
    OrganiserText,
)
from helpdesk.broadcasts.shelf import Entry
from helpdesk.context import Context
from helpdesk.desk import staff
from helpdesk.messages import Button, Part, Screen
from locales.message import without_tags
from store import Database, Tx

P = ParamSpec("P")
R = TypeVar("R")

ANA, BEA, EVA = 900_001, 900_002, 900_003
"""Organisers."""
LEAD, STRANGER = 900_004, 900_005
FIRST_FAMILY: Final = 800_000

TEXT: Final = (
    "Desde el lunes hay un mostrador nuevo en San Cristóbal para entregar solicitudes. "
    "Lleve dos copias y pida que le sellen una."
)
SOURCE: Final = "Circuito Judicial del Táchira, comunicado"


@cache
def studio() -> Studio:
    """Return the laws and the words, loaded once."""
    return Studio(Context(rules.load(), locales.load(), b"k" * 32))


@dataclass
class Message:
    """One message as it stands in a chat."""

    id: int
    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    letter: Letter | None = None
    screen: Screen | None = None
    edits: int = 0


@dataclass
class Room:
    """All of it; ``now`` is moved by the tests."""

    db: Database
    now: datetime
    studio: Studio = field(default_factory=studio)
    chats: dict[int, list[Message]] = field(default_factory=dict)
    last: int = 100
    last_own: int = 0
    """The id of the newest message that a person wrote."""

    async def do(self, work: Callable[Concatenate[Tx, P], R], *args: P.args, **more: P.kwargs) -> R:
        return await self.db.transaction(work, *args, **more)

    def wait(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)

    # --- people --------------------------------------------------------------------------------

    async def organisers(self, *users: int) -> None:
        for user in users:
            await self.do(staff.ensure, user, staff.Role.ORGANISER)

    async def families(self, count: int, *topics: Topic | str, first: int = FIRST_FAMILY) -> None:
        """Let so many families ask for some topics or states."""

        def ask(tx: Tx) -> None:
            for chat in range(first, first + count):
                for one in topics or (Topic.ALL,):
                    if isinstance(one, Topic):
                        subscriptions.toggle_topic(tx, chat, one, self.now)
                    else:
                        subscriptions.toggle_region(tx, chat, one, self.now)

        await self.do(ask)

    # --- what they do --------------------------------------------------------------------------

    async def type(
        self, user: int, text: str | OrganiserText, *, edit: int | None = None
    ) -> OrganiserReply:
        """Type a text, or a command that begins with a stroke; ``edit`` is the message changed."""
        body: OrganiserBody
        if isinstance(text, OrganiserText):
            body = text
        elif text.startswith("/"):
            name, _, rest = text[1:].partition(" ")
            body = OrganiserSlash(name, rest)
        else:
            body = OrganiserText(escape(text, quote=False), text)
        self.last_own = self._next() if edit is None else edit
        return await self._answer(
            OrganiserCommand(self.now, user, body, self.last_own, edit is not None)
        )

    async def photo(self, user: int) -> OrganiserReply:
        return await self._answer(OrganiserCommand(self.now, user, OrganiserOther(), self._next()))

    async def press(self, user: int, words: str) -> OrganiserReply:
        """Press the newest button of her chat that has these words."""
        for message in reversed(self.chat(user)):
            for row in message.rows:
                for button in row:
                    if self.words(button) == words:
                        return await self.send(user, button.token, message.id)
        raise AssertionError(f"{words!r} is under none of {self.texts(user)}")

    async def send(self, user: int, data: str, message_id: int = 1) -> OrganiserReply:
        """Send what a button carries, as anybody may."""
        return await self._answer(
            OrganiserCommand(self.now, user, OrganiserPress(data, message_id), message_id)
        )

    async def _answer(self, command: OrganiserCommand) -> OrganiserReply:
        reply = await self.do(answer, command, self.studio)
        for note in reply.notes:
            self._take(note)
        return reply

    async def wants(self, user: int, body: OrganiserBody) -> bool:
        return await self.do(wants, OrganiserCommand(self.now, user, body, self._next()))

    # --- what they see -------------------------------------------------------------------------

    def chat(self, user: int) -> list[Message]:
        return self.chats.setdefault(user, [])

    def texts(self, user: int) -> list[str]:
        return [one.text for one in self.chat(user)]

    def seen(self, user: int) -> str:
        """Return the newest message of a chat."""
        return self.chat(user)[-1].text

    def letter(self, user: int) -> Letter:
        """Return the newest letter that somebody was shown."""
        found = [one.letter for one in self.chat(user) if one.letter is not None]
        assert found, self.texts(user)
        return found[-1]

    def buttons(self, user: int) -> list[str]:
        """Return the words of the buttons of the newest message."""
        return [self.words(button) for row in self.chat(user)[-1].rows for button in row]

    def words(self, button: Button) -> str:
        return self.studio.words("es").plain(button.key, button.params)

    def alert(self, reply: OrganiserReply) -> str:
        """Return what a window said over the screen; Telegram shows 200 characters."""
        assert reply.alert is not None
        part: Part = reply.alert
        text = self.studio.words("es").plain(part.key, part.params, part.count)
        assert len(text) <= 200, text
        return text

    def _take(self, note: Note) -> None:
        if note.letter is not None:
            shown = exact(note.letter)
            message = Message(self._next(), without_tags(shown.text), letter=note.letter)
            self.chat(note.user).append(message)
            return
        assert note.screen is not None
        text = without_tags(render(note.screen, self.studio.words(note.language)).text)
        for row in note.screen.rows:
            for button in row:
                assert len(self.words(button)) <= 34, self.words(button)
        old = [one for one in self.chat(note.user) if one.id == note.edit]
        if old:
            old[0].text, old[0].rows, old[0].screen = text, note.screen.rows, note.screen
            old[0].edits += 1
            return
        new = Message(self._next(), text, note.screen.rows, screen=note.screen)
        self.chat(note.user).append(new)

    def _next(self) -> int:
        self.last += 1
        return self.last

    # --- short ways ----------------------------------------------------------------------------

    async def written(
        self, user: int = ANA, text: str = TEXT, *topics: str, urgent: bool = False
    ) -> Broadcast:
        """Write a whole broadcast, up to the preview."""
        await self.type(user, "/difusion")
        if "Usted ya está escribiendo" in self.seen(user):
            await self.press(user, "Empezar otra")
        await self.type(user, text)
        await self.type(user, SOURCE)
        await self.type(user, "20 de noviembre de 2026")
        for words in topics or ("Todo lo importante",):
            await self.choose(user, words)
        await self.press(user, "Listo: son éstas")
        await self.press(user, "Sí, es urgente" if urgent else "No: que espere al día")
        return (await self.newest()).broadcast

    async def choose(self, user: int, words: str) -> None:
        """Press the button of a topic or a state, wherever it is paged."""
        for _ in range(4):
            found = [one for one in self.buttons(user) if one.endswith(words)]
            if found:
                await self.press(user, found[0])
                return
            await self.press(user, "Más estados ›")
        raise AssertionError(words)

    async def asked(self, user: int = ANA) -> Broadcast:
        """Write a broadcast and ask for its approval."""
        await self.written(user)
        await self.press(user, "Pedir aprobación")
        return (await self.newest()).broadcast

    async def all(self) -> list[Entry]:
        return await self.do(shelf.every)

    async def newest(self) -> Entry:
        return (await self.all())[0]
