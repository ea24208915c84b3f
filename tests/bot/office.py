"""Organisers, families with phones, and what Faro sends to many by itself, over HTTP; no intake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.broadcasts import Broadcasts
from bot.governor import Governor
from bot.reconsent import EVERY, Reconsent
from bot.wire import Wire
from helpdesk.broadcasts.broadcast import Stage
from helpdesk.broadcasts.messages import Note
from helpdesk.broadcasts.shelf import Entry
from sandbox import Clock, Person, Sandbox
from store import Database
from tests.helpdesk.broadcasts.mailroom import Mailroom

MORNING = datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC)


@dataclass
class Office:
    """Two organisers, families with phones, and a drain that runs while ``open``."""

    box: Sandbox
    db: Database
    wire: Wire
    people: list[Person]
    room: Mailroom
    notes: list[Note] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    width: int = 4
    first_round: float = 0.1
    every: float = EVERY

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Broadcasts]:
        def count(counts: Mapping[str, int]) -> None:
            for key, value in counts.items():
                self.counts[key] = self.counts.get(key, 0) + value

        drain = Broadcasts(
            self.wire,
            self.db,
            self.box.clock.now,
            self.notes.append,
            count,
            self.room.erased.append,
            width=self.width,
            tick=0.05,
            first_round=self.first_round,
        )
        asks = Reconsent(
            self.wire, self.db, self.room.studio, self.box.clock.now, count, every=self.every
        )
        running = {asyncio.create_task(drain.run()), asyncio.create_task(asks.run())}
        try:
            yield drain
        finally:
            for task in running:
                task.cancel()
            await asyncio.wait(running)
            await drain.finish(5)
            await asks.finish(5)

    async def over(self, entry: Entry, *stages: Stage) -> None:
        """Wait until it is done, or in another stage."""
        async with asyncio.timeout(15):
            while await self.room.stage(entry) not in (stages or (Stage.DONE,)):  # noqa: ASYNC110 - there is no bell for a table
                await asyncio.sleep(0.02)

    def got(self, person: Person) -> list[str]:
        return [one.text for one in person.from_bot()]

    def calls(self) -> int:
        return len(self.box.calls_of("sendMessage"))


@asynccontextmanager
async def office_of_twelve(db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """Give one with twelve families who asked for everything; failures are soon tried again."""
    for module in ("bot.broadcasts", "bot.noting", "bot.reconsent"):
        monkeypatch.setattr(f"{module}.pause", lambda failures: 0.02)
    async with Sandbox(clock=Clock(MORNING)) as box:
        people = [box.person(f"P{number}") for number in range(12)]
        for person in people:
            await person.send("/start")
        room = Mailroom(db, MORNING)
        await room.open(chats=(person.chat_id for person in people))
        governor = Governor(1000)
        async with Wire(box.url, box.token, patience=0.5, governor=governor) as wire:
            yield Office(box, db, wire, people, room)


async def until(look: Callable[[], bool]) -> None:
    """Wait for something that rings no bell."""
    async with asyncio.timeout(15):
        while not look():  # noqa: ASYNC110 - as it says
            await asyncio.sleep(0.02)
