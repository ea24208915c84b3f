"""The whole program without a desk, in this process: two organisers, families, and Faro."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

import locales
from bot import app
from bot.settings import Settings
from sandbox import Message, Person, Press, Sandbox
from store import Database, Keys, open_database

WORDS = locales.load()
PATIENCE = 15.0
"""Seconds that a test waits for what has to come."""


@dataclass
class Newsroom:
    """Elena and Bruno are organisers by FARO_ORGANISERS; María is a mother."""

    box: Sandbox
    db: Database
    keys: Keys
    settings: Settings
    elena: Person
    bruno: Person
    maria: Person
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the program while the block lasts; what ended it otherwise is raised."""
        stop, ready = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(
            app.serve(
                self.settings,
                stop,
                ready.set,
                self.box.clock.now,
                keys=self.keys,
                moved=self.moved,
            )
        )
        started = asyncio.create_task(ready.wait())
        await asyncio.wait({serving, started}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if serving.done():
                serving.result()
            yield
        finally:
            self.box.faults.clear()
            stop.set()
            started.cancel()
            await asyncio.wait_for(serving, PATIENCE)

    async def says(self, who: Person, text: str) -> list[Message]:
        """Let somebody write, and give what the bot said to her when all of it was worked on."""
        before = max((one.message_id for one in who.screen()), default=0)
        await who.send(text)
        await who.wait_until(lambda: bool(newer(who, before)), PATIENCE)
        await self.box.all_confirmed(PATIENCE)
        return newer(who, before)

    async def press(self, who: Person, verb: str, more: str = "") -> Press:
        """Let an organiser press her newest button of a verb, and wait for what it is answered."""

        def fits(data: str | None) -> bool:
            return (data or "").startswith(f"bc.{verb}:") and (data or "").endswith(more)

        def find() -> list[tuple[Message, str]]:
            return [
                (one, button.data or "")
                for one in who.from_bot()
                for button in one.buttons
                if fits(button.data)
            ]

        await who.wait_until(lambda: bool(find()), PATIENCE)
        message, data = find()[-1]
        press = await who.press(message, data=data)
        await press.answer(PATIENCE)
        await self.box.all_confirmed(PATIENCE)
        return press

    async def until(self, look: Callable[[], object]) -> None:
        """Wait for something that rings no bell of its own."""
        async with asyncio.timeout(PATIENCE):
            while not look():  # noqa: ASYNC110 - as it says
                await asyncio.sleep(0.02)


def newer(who: Person, than: int) -> list[Message]:
    """Give what the bot said after a message."""
    return [one for one in who.from_bot() if one.message_id > than]


@asynccontextmanager
async def newsroom(folder: Path) -> AsyncIterator[Newsroom]:
    """Make the people and the database; nothing runs yet, and nobody wrote anything."""
    async with Sandbox() as box:
        elena, bruno, maria = (box.person(name) for name in ("Elena", "Bruno", "María"))
        keys = Keys.ephemeral()
        chosen = Settings(
            bot_token=SecretStr(box.token),
            api_url=box.url,
            database_url=f"sqlite+aiosqlite:///{folder}/data/faro.db",
            key_file=folder / "no-key-is-written",
            desk_chat_id=None,
            organisers=(elena.chat_id, bruno.chat_id),
            log_level="WARNING",
        )
        async with await open_database(chosen.database_url, keys) as db:
            yield Newsroom(box, db, keys, chosen, elena, bruno, maria)
