"""kill -9 between and during taps loses nothing and applies nothing twice.

Somebody walks through the interview while the program is killed again and again: before a tap
arrives, while it is worked on, with its screen on the way, with the tap not yet acknowledged.
Every answer ends up as in a walk that nobody disturbed. A screen comes again only when nobody can
know whether it arrived, and once at most.

The gate kills it in two walks; a soak in two more, so that each kill comes at each step.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

import locales
from sandbox import Sandbox
from sandbox.people import Person
from store import open_database, sessions
from tests.bot.program import Program

pytestmark = pytest.mark.slow

LONGEST_DELAY = 0.04
"""Seconds from a tap to the kill: a tap is committed and shown well within them."""


@dataclass(frozen=True)
class Step:
    """Something she does, and the button by which she sees that it was understood."""

    act: str
    sees: str
    typed: bool = False


WALK = (
    Step("/start", "ask.petition.option.filed_no_answer", typed=True),
    Step("ask.petition.option.filed_no_answer", "ask.situation.option.released_with_measures"),
    Step("ask.situation.option.released_with_measures", "button.event_list"),
    Step("29 de julio de 2024", "button.that_date_and_event", typed=True),
    Step("button.that_date_and_event", "ask.military.option.civilian"),
    Step("ask.military.option.civilian", "button.no_charges"),
    Step("terrorismo e incitacion al odio", "button.charges_right", typed=True),
    Step("button.charges_right", "button.none_of_these"),
    Step("button.none_of_these", "button.reasons"),
)


class Walker:
    """Somebody with a phone who goes on as soon as she sees what she waits for."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._words = locales.load()

    async def act(self, step: Step) -> None:
        if step.typed:
            await self.person.send(step.act)
        else:
            await self.person.press(self._words.plain(step.act))

    async def sees(self, step: Step) -> None:
        label = self._words.plain(step.sees)
        await self.person.wait_until(
            lambda: any(b.text == label for m in self.person.from_bot() for b in m.buttons), 20
        )

    @property
    def shown(self) -> int:
        """How many screens reached the phone, first shows and repeats."""
        return sum(event.kind in ("sent", "edited") for event in self.person.chat.events)


async def kept(program: Program, person: Person) -> dict[str, Any]:
    """Read what the store keeps of a conversation; the program is not running."""
    async with await open_database(program.url, program.keys) as db:
        session = await db.transaction(sessions.get, person.chat_id, datetime.now(UTC))
    assert session is not None
    assert session.revision == session.shown_revision
    return {name: session.state[name] for name in ("answers", "asked")}


async def idle(program: Program, box: Sandbox, walker: Walker, step: Step) -> None:
    """Kill it before the tap, which arrives while it is down."""
    await program.kill()
    await walker.act(step)


async def working(program: Program, box: Sandbox, walker: Walker, step: Step) -> None:
    """Kill it at any moment after the tap."""
    await walker.act(step)
    await asyncio.sleep(RANDOM.uniform(0, LONGEST_DELAY))
    await program.kill()


async def on_the_way(program: Program, box: Sandbox, walker: Walker, step: Step) -> None:
    """Kill it when the tap is committed and its screen has not arrived."""
    faults = [box.faults.hold_before_write(name) for name in ("sendMessage", "editMessageText")]
    await walker.act(step)
    waits = [asyncio.ensure_future(fault.reached.wait()) for fault in faults]
    done, late = await asyncio.wait(waits, timeout=20, return_when=asyncio.FIRST_COMPLETED)
    assert done
    for wait in late:
        wait.cancel()
    await program.kill()
    for fault in faults:
        fault.lift()  # what is held stays held: a request of a dead program does nothing


async def unacknowledged(program: Program, box: Sandbox, walker: Walker, step: Step) -> None:
    """Kill it when all is done, except telling Telegram so: the tap comes again."""
    await walker.act(step)
    tap = box.queue.pending[-1]
    await walker.sees(step)
    await box.all_confirmed()
    await program.kill()
    box.queue.repeat(tap)


async def known_to_have_arrived(program: Program, person: Person) -> bool:
    """Tell whether a dead program had noted that the last screen arrived."""
    async with await open_database(program.url, program.keys) as db:
        session = await db.transaction(sessions.get, person.chat_id, datetime.now(UTC))
    return session is not None and session.revision == session.shown_revision


KILLS = (unacknowledged, on_the_way, idle, working)
RANDOM = Random(9)


@pytest.mark.parametrize(
    "first", [0, 2, *(pytest.param(one, marks=pytest.mark.soak) for one in (1, 3))]
)
async def test_an_interview_survives_every_kill(tmp_path: Path, first: int) -> None:
    """``first`` is the kill that the walk begins with; the others follow in their order."""
    async with Sandbox() as box:
        program = Program(tmp_path, box)
        calm, walker = Walker(box.person("Ana")), Walker(box.person("Berta"))
        async with program:
            for step in WALK:
                await calm.act(step)
                await calm.sees(step)
            nobody_knows = 0
            for number, step in enumerate(WALK):
                kill = KILLS[(first + number) % len(KILLS)]
                await kill(program, box, walker, step)
                if kill in (working, unacknowledged):
                    nobody_knows += not await known_to_have_arrived(program, walker.person)
                await program.start()
                await walker.sees(step)
                await box.all_confirmed(20)
            assert calm.shown <= walker.shown <= calm.shown + nobody_knows
            assert await program.stop() == 0
        expected = await kept(program, calm.person)
        assert expected["answers"]["charges"] == ["terrorismo", "incitacion_al_odio"]
        assert await kept(program, walker.person) == expected
        assert walker.person.last().text == calm.person.last().text
        assert b"update_quarantined" not in program.log
