"""A bot wired to a sandbox over HTTP and to a real SQLite file, with a helpdesk of three lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import locales
from bot import logs
from bot.desk import Desk
from bot.intake import Answered, Intake
from bot.outgoing import Outgoing
from bot.reading import Asked, MaybeTeam
from bot.wire import Wire
from helpdesk.desk.context import DeskContext
from helpdesk.desk.messages import DeskCommand, DeskReply
from helpdesk.messages import Button, Command, Part, Press, Reply, Screen, Slash, Typed
from sandbox import Sandbox
from store import Database, Keys, Session, Tx, erasures, open_database, sessions

PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "t.heard"
msgstr "{number}: {words}"

msgid "t.opening"
msgstr "Hola de nuevo."

msgid "t.farewell"
msgstr "adiós"

msgid "t.next"
msgstr "más"

msgid "notice.something_failed"
msgstr "disculpe"

msgid "group.not_ours"
msgstr "aquí no"
"""

FAREWELL = Screen((Part("t.farewell"),), fresh=True)


def quiet_opening(screen: Screen) -> Screen:
    """Open a screen that was meant as an edit with a line that says nothing."""
    return replace(screen, parts=(Part("t.opening"), *screen.parts))


def now() -> datetime:
    return datetime.now(UTC)


class Parrot:
    """A helpdesk that says what it heard and counts; ``/new`` asks for a new message.

    What is the desk's it only remembers, ``at_desk``. ``poison`` words raise; ``first`` are
    messages it is told to delete before the screen.
    """

    def __init__(self) -> None:
        self.poison: dict[str, type[Exception]] = {}
        self.heard: list[tuple[int, str]] = []
        self.reply: dict[str, Reply] = {}
        self.sorry_fails: type[Exception] | None = None
        self.aside: list[int | None] = []
        self.team: set[int] = set()
        self.at_desk: list[DeskCommand] = []

    def answer(self, tx: Tx, asked: Asked) -> Answered:
        if isinstance(asked, MaybeTeam):
            team = asked.team
            ours = team and team.actor and team.actor.user in self.team
            asked = team if team and ours else asked.family
        if isinstance(asked, DeskCommand):
            return self._at_desk(asked)
        return self._in_private(tx, asked)

    def _at_desk(self, command: DeskCommand) -> DeskReply:
        said = str(command.body)
        for poison, error in self.poison.items():
            if poison in said:
                raise error(said)
        self.at_desk.append(command)
        return DeskReply(Part("t.opening"), loud=True)

    def _in_private(self, tx: Tx, command: Command) -> Reply:
        words = _words(command)
        self.heard.append((command.chat, words))
        for poison, error in self.poison.items():
            if poison in words:
                raise error(words)
        if words == "/borrar":
            erasures.erase(tx, command.chat, [command.message_id or 0], command.at)
            return Reply(FAREWELL, erase=True)
        session = sessions.get(tx, command.chat, command.at) or Session({"heard": []})
        heard = [*session.state["heard"], words]
        mine = session.state.get("mine")
        messages = session.messages
        if command.message_id is not None:
            messages = (*messages, (command.message_id, command.at))
        sessions.put(
            tx,
            command.chat,
            replace(
                session,
                state={**session.state, "heard": heard},
                revision=session.revision + 1,
                messages=messages,
            ),
            command.at,
        )
        fresh = words == "/new"
        screen = Screen(
            (Part("t.heard", {"number": len(heard), "words": f"text:{words}"}),),
            ((Button("t.next", f"next{len(heard)}"),),),
            fresh=fresh,
        )
        reply = Reply(screen, session.revision + 1, None if fresh else mine)
        return replace(reply, **_changes(self.reply.get(words)))

    def sorry(self, tx: Tx, chat: int, at: datetime, message_id: int | None) -> Reply:
        if self.sorry_fails is not None:
            raise self.sorry_fails("the session cannot be read")
        self.aside.append(message_id)
        return Reply(Screen((Part("notice.something_failed"),), fresh=True))

    def shown(
        self, tx: Tx, chat: int, revision: int, message_ids: tuple[int, ...], at: datetime
    ) -> None:
        session = sessions.get(tx, chat, at)
        if session is None:
            return
        state = {**session.state, "mine": message_ids[-1]}
        sessions.put(tx, chat, replace(session, state=state), at)
        sessions.mark_shown(tx, chat, revision, at, message_ids)


def _changes(reply: Reply | None) -> dict[str, Any]:
    return {} if reply is None else {"delete": reply.delete}


def _words(command: Command) -> str:
    match command.body:
        case Typed(text):
            return f"{text} (edited)" if command.edited else text
        case Slash(name):
            return f"/{name}"
        case Press(token, _):
            return f"[{token}]"
        case kind:
            return f"<{kind}>"


class Bot:
    """The parts of ``bot`` that work on updates, without the program around them.

    With a ``desk`` context there is a desk; its posts are not delivered.
    """

    def __init__(
        self,
        box: Sandbox,
        db: Database,
        catalogue: locales.Catalogue,
        desk: DeskContext | None = None,
    ) -> None:
        self.parrot = Parrot()
        self.db = db
        self.wire = Wire(box.url, box.token, patience=5)
        self.outgoing = Outgoing(
            self.wire, db, {"es": catalogue}, now, self.parrot.shown, FAREWELL, quiet_opening
        )
        self.desk = None
        if desk is not None:
            self.desk = Desk(self.wire, db, desk, now, lambda counts: None, lambda chat: None)
        self.intake = Intake(
            self.wire,
            db,
            self.outgoing,
            self.parrot.answer,
            self.parrot.sorry,
            now,
            desk=self.desk,
        )
        self._poll: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._poll = asyncio.create_task(self.intake.run())

    async def stop(self) -> None:
        if self._poll is not None:
            self._poll.cancel()
            await asyncio.wait({self._poll})
            await self.intake.finish(5)
        await self.outgoing.finish(5)


@pytest.fixture
def catalogue(tmp_path: Path) -> locales.Catalogue:
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "t.po").write_text(PO, encoding="utf-8")
    return locales.load("es", folder)


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox() as box:
        yield box


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path}/data/faro.db"
    async with await open_database(url, Keys.ephemeral()) as db:
        yield db


@pytest.fixture
async def bot(box: Sandbox, db: Database, catalogue: locales.Catalogue) -> AsyncIterator[Bot]:
    bot = Bot(box, db, catalogue)
    async with bot.wire:
        yield bot
        await bot.stop()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting after failures, nor of who asks faster than a thumb."""
    monkeypatch.setattr("bot.outgoing.FLOOD_PAUSE", 0.01)
    for module in ("bot.intake", "bot.noting", "bot.outgoing", "bot.jobs"):
        monkeypatch.setattr(f"{module}.pause", lambda failures: 0.01)


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the events noted so far."""
    noted: list[str] = []
    note = logs.note

    def remember(event: str, level: int = 20, **fields: object) -> None:
        noted.append(event)
        note(event, level, **fields)

    monkeypatch.setattr(logs, "note", remember)
    return noted
