"""People of the team over a real database beside a family's phone, for tests of the editorial."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from handlers.render import render
from helpdesk import turn
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.messages import (
    Note,
    OrganiserBody,
    OrganiserCommand,
    OrganiserFile,
    OrganiserPress,
    OrganiserReply,
    OrganiserSlash,
    OrganiserText,
)
from helpdesk.desk import staff
from helpdesk.desk.staff import Member, Role
from helpdesk.editorial import answer
from helpdesk.messages import Press
from locales.message import without_tags
from store import Database, Tx, sessions
from tests.helpdesk.phone import Phone
from tests.helpdesk.volunteers import two_languages

ANA, BEA, LEAD, VOLUNTEER = 51, 52, 53, 54
"""Organisers (V-01, V-02), who coordinates (V-03), a volunteer (V-04)."""


@dataclass
class Newsroom:
    """The team and one family, on one clock. ``said`` is what the last act told each of them."""

    db: Database
    said: dict[int, list[Note]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.context = two_languages(self.db.keys)
        self.phone = Phone(self.db, self.context)
        self.studio = Studio(self.context)

    @property
    def now(self) -> datetime:
        return self.phone.now

    async def open(self) -> None:
        def begin(tx: Tx) -> None:
            for user, role in (
                (ANA, Role.ORGANISER),
                (BEA, Role.ORGANISER),
                (LEAD, Role.LEAD),
                (VOLUNTEER, Role.VOLUNTEER),
            ):
                staff.ensure(tx, user, role)

        await self.db.transaction(begin)

    async def member(self, user: int) -> Member:
        found = await self.db.transaction(staff.of, user)
        assert found is not None
        return found

    async def do(self, user: int, body: OrganiserBody, *, message: int = 900) -> OrganiserReply:
        command = OrganiserCommand(self.now, user, body, message)
        assert await self.db.transaction(answer.wants, command), body
        reply = await self.db.transaction(answer.answer, command, self.studio)
        self.said = {}
        for note in reply.notes:
            self.said.setdefault(note.user, []).append(note)
            self.text_of(note)
        return reply

    async def refused(self, user: int, body: OrganiserBody) -> bool:
        """Say whether it is nobody's business here, and nothing is answered."""
        command = OrganiserCommand(self.now, user, body, 900)
        reply = await self.db.transaction(answer.answer, command, self.studio)
        assert reply == OrganiserReply()
        return not await self.db.transaction(answer.wants, command)

    async def slash(self, user: int, name: str, rest: str = "") -> str:
        await self.do(user, OrganiserSlash(name, rest))
        return self.text(user)

    async def type(self, user: int, text: str) -> str:
        await self.do(user, OrganiserText(text, text))
        return self.text(user)

    async def send(self, user: int, content: str | bytes | None) -> str:
        raw = content.encode() if isinstance(content, str) else content
        await self.do(user, OrganiserFile("file", len(raw or b""), raw))
        return self.text(user)

    async def press(self, user: int, words: str) -> str:
        """Press a button of what she read last; gives what she is told."""
        return await self.press_data(user, self.button(user, words))

    async def press_data(self, user: int, data: str) -> str:
        """Press what anybody might forge; gives the window's words or the new screen's."""
        reply = await self.do(user, OrganiserPress(data, 900))
        if reply.alert is not None:
            return self.studio.words(reply.language).plain(reply.alert.key, reply.alert.params)
        return self.text(user)

    def button(self, user: int, words: str) -> str:
        """What the button with these words carries, among what she read last."""
        found = []
        for note in self.said[user]:
            assert note.screen is not None
            spoken = self.studio.words(note.language)
            for row in note.screen.rows:
                found += [one for one in row if spoken.plain(one.key, one.params) == words]
        assert len(found) == 1, (words, self.labels(user))
        return found[0].token

    def labels(self, user: int) -> list[str]:
        return [
            self.studio.words(note.language).plain(one.key, one.params)
            for note in self.said[user]
            if note.screen is not None
            for row in note.screen.rows
            for one in row
        ]

    def text(self, user: int) -> str:
        """All that was said to somebody by the last thing that anybody did."""
        return "\n\n".join(self.text_of(one) for one in self.said.get(user, []))

    def text_of(self, note: Note) -> str:
        """The words of a note, rendered as the bot would: too long a screen fails here."""
        if note.screen is None:
            return ""
        return without_tags(render(note.screen, self.studio.words(note.language)).text)

    async def withdraw(self, *things: str, by: int = ANA) -> None:
        """Withdraw things as a press does."""
        for thing in things:
            await self.press_data(by, f"ed.off:{thing}")

    async def answer_all(self, *actions: str) -> None:
        """Answer the family's questions by the actions of their buttons, as `Talk` does."""
        for action in actions:
            await self.act(action)

    async def act(self, action: str) -> None:
        """Press the family's button that stands for an action, on the screen that she sees."""
        tokens = await self.actions()
        assert action in tokens, (action, list(tokens))
        await self.phone.do(Press(tokens[action], self.phone.last))

    async def actions(self) -> dict[str, str]:
        """What can be pressed on the screen that the family sees, with what it carries.

        Also when it says something else by now: the buttons on her phone are those of then.
        """
        seen = {one.token: one for row in self.phone.screen.rows for one in row}

        def read(tx: Tx) -> dict[str, str]:
            stored = sessions.get(tx, self.phone.chat, self.now)
            assert stored is not None
            scene, state, _ = turn._arrive(tx, self.phone.chat, self.now, self.context, stored)
            shown = scene.layout(state)
            tokens = {one: scene.token(stored.revision, shown, one) for one in shown.actions}
            return {action: token for action, token in tokens.items() if token in seen}

        return await self.db.transaction(read)
