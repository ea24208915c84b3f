"""A broadcast of the real program that is measured: its plan, its run, its figures; no bounds.

The program is a child process (`bench.hurried`), the sandbox is in this one. What an organiser does
by hand she does here: pauses, goes on. What is measured how is said in `bench.broadcast`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import time
from array import array
from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench.flood import answered, resident
from bench.hurried import MARK
from bot.governor import RATE, counts
from helpdesk.broadcasts.sending import canary_of
from sandbox import Person, Sandbox
from sandbox.api import ANSWERS
from store import Tx, open_database, rotate, subscribers
from store.ledger import Mark
from tests.bot.program import Process
from tests.promises.mailing import Forked, Mailing, approved, broken, chats_of

RETRY_AFTER = 1
"""Seconds that a 429 asks for, in life."""
NEARLY = 0.97
"""Part of all messages after which no stretch goes on: nobody must be running out."""
GAP = 0.15
COUNTED = tuple(method for method in ANSWERS if counts(method))
PATIENCE = 60.0
"""Seconds that anything is waited for but the broadcast as a whole."""
ROOT = Path(__file__).parents[1]
_LOOK = 0.002
_QUIET = 0.3
"""Seconds after which no call of a paused broadcast is under way any more."""


@dataclass(frozen=True)
class Plan:
    """What is sent to so many, how, and what happens meanwhile.

    ``haste``: how many times as fast as life. A family asks every ``gap`` seconds in so many
    ``stretches`` of it, and ``asked`` times, every ``GAP``, in a pause after each but the last.
    ``refused`` and ``flooded``: the shares of 403 and 429. ``far``: seconds that a call takes one
    way.
    """

    transport: str
    haste: int
    families: int
    stretches: int
    asked: int
    gap: float
    refused: float = 0.0
    flooded: float = 0.0
    far: float = 0.0

    @property
    def rate(self) -> int:
        """Calls a second."""
        return int(RATE) * self.haste


@dataclass(frozen=True)
class Said:
    """What the program says of itself; see `bench.hurried`."""

    at: float
    allowed: float
    pauses: list[tuple[float, float]]
    cpu: float


@dataclass
class Flow:
    """What went through in the stretches.

    Attributes:
        seconds: in all, ``paused`` of them in pauses that 429s asked for.
        allowed: seconds of full pace, as the governor reckons (`bench.hurried`).
        messages: calls that count, for the recipients.
        others: for anybody else; ``aside`` of them in those pauses.
        cpu: of the program.
    """

    seconds: float = 0.0
    paused: float = 0.0
    allowed: float = 0.0
    messages: int = 0
    others: int = 0
    aside: int = 0
    cpu: float = 0.0

    def used(self, rate: int) -> float:
        """Give which part of a rate was made use of."""
        return (self.messages + self.others) / (self.seconds * rate)

    def used_unpaused(self, rate: int) -> float:
        """Give which part was made use of while the lane was not told to wait."""
        unpaused = self.seconds - self.paused
        return (self.messages + self.others - self.aside) / (unpaused * rate)

    def kept_up(self, rate: int) -> float:
        """Give which part was made use of what the governor allowed, in the scarcer of two.

        Where the lane's own pace left room for all others, that is its own places; else it is
        those of all lanes together.
        """
        own, unpaused = self.allowed * rate, (self.seconds - self.paused) * rate
        aside = self.others - self.aside
        if own <= unpaused - aside:
            return self.messages / own
        return (self.messages + aside) / unpaused


@dataclass
class Figures:
    """What was measured; times in seconds.

    Attributes:
        in_all: from the first message to the last, without the pauses.
        most, certain: calls that count in any second, as the sandbox saw them, and as many of those
            as arrived in it even if the sandbox was late to see the first (`_Pulse`).
        quiet, during: how long a family waited for each answer.
        memory: of the program in MiB, at the start, after each stretch and at the end.
        marks: of how many recipients the books say what.
        wrong: what is wrong in the books.
    """

    plan: Plan
    flow: Flow = field(default_factory=Flow)
    in_all: float = 0.0
    most: int = 0
    certain: int = 0
    quiet: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    marks: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        """Give what a message took of the program's CPU: the same as seconds for a thousand."""
        return 1000 * self.flow.cpu / self.flow.messages

    @property
    def slower(self) -> float:
        """Give how many times as long a family waits during it: p95 against p95."""
        return p95(self.during) / p95(self.quiet)

    @property
    def creep(self) -> float:
        """Give by how many MiB the program grew in the second half."""
        return self.memory[-1] - self.memory[len(self.memory) // 2 - 1]


def p95(seconds: list[float]) -> float:
    """Give what 95 of a hundred do not exceed."""
    return sorted(seconds)[int(len(seconds) * 0.95)]


class _Pulse:
    """Notes when this process looked what had arrived.

    On a busy machine it may be late, and then what arrived before is seen with what comes now.
    """

    def __init__(self) -> None:
        self._at = array("d")
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            self._at.append(time.monotonic())
            await asyncio.sleep(_LOOK)

    def stop(self) -> None:
        """Note no more."""
        self._task.cancel()

    def before(self, seen: float) -> float:
        """Give a moment before which something that was seen then had not arrived."""
        # Not the last look: what is found in one may be read only after it was noted.
        return self._at[max(0, bisect(self._at, seen) - 2)]

    def most_in_a_second(self, seen: list[float]) -> int:
        """Give how many of some arrivals, in order, were in one second for certain."""
        ends = (bisect_left(seen, self.before(at) + 1.0) for at in seen)
        return max((end - number for number, end in enumerate(ends)), default=0)


class Hurried(Forked):
    """The program as `bench.hurried` runs it."""

    plan: Plan

    async def _spawn(self, environment: dict[str, str]) -> Process:
        self.lives += 1
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.hurried", str(self.plan.haste), self.plan.transport,
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def say(self) -> Said:
        """Ask it how it stands."""
        before = self.log.count(MARK)
        os.kill(self.pid, signal.SIGUSR1)
        while self.log.count(MARK) == before:  # noqa: ASYNC110 - there is no bell for a log
            await asyncio.sleep(_LOOK)
        return Said(**json.loads(self.log.rpartition(MARK)[2].partition(b"\n")[0]))


async def measure(plan: Plan, folder: Path) -> Figures:
    """Make the people and an approved broadcast, have the program send it, and say how it went."""
    async with _mailing(plan, folder) as run:
        await run.measure()
        return run.found


@asynccontextmanager
async def _mailing(plan: Plan, folder: Path) -> AsyncIterator[_Run]:
    async with Sandbox() as box:
        elena, bruno = box.person("Elena", organiser=True), box.person("Bruno", organiser=True)
        for one in (elena, bruno):
            one.chat.started = True  # each has written to the bot, or could not be told anything
        crowd = box.crowd(plan.families)
        program = Hurried(folder, box, FARO_SEND_RATE=str(plan.rate), FARO_LOG_LEVEL="WARNING")
        program.plan = plan
        now = datetime.now(UTC)
        async with await open_database(program.url, program.keys) as db:
            await rotate(db, now)
            people = (elena.chat_id, bruno.chat_id)
            id = await db.transaction(approved, people, crowd, now)
            text, chats = await db.transaction(chats_of, id)
        box.faults.slow(plan.far, plan.far)
        # What the sandbox looks through for garbage would be counted as the program's slowness.
        gc.freeze()
        gc.disable()
        try:
            yield _Run(Mailing(box, program, crowd, elena, Random(0), id, text, chats), program)
        finally:
            gc.enable()
            gc.unfreeze()
            if program.lives:
                await program.kill()


class _Run:
    """One run; what it finds is in ``found``."""

    def __init__(self, mail: Mailing, program: Hurried) -> None:
        self._mail = mail
        self._box = mail.box
        self._program = program
        self.found = Figures(program.plan)
        self._pulse = _Pulse()
        self._stretches: list[tuple[Said, Said]] = []
        self._paused = 0.0
        plan, faults = program.plan, self._box.faults
        self._refusing = faults.forbid("sendMessage", share=plan.refused, times=None)
        self._flooding = faults.retry_after("sendMessage", RETRY_AFTER, share=plan.flooded)
        self._family = self._whom_no_fault_strikes()

    async def measure(self) -> None:
        """Start the program, see it send to all, and hold its books against the phones."""
        plan = self._program.plan
        await self._program.start()
        self._look_at_memory()
        await self._family.send("/start")
        await self._family.next_change(PATIENCE)
        await self._mail.watch()
        await self._until_all_may_go()
        first = len(self._box.arrivals)
        each = (NEARLY * plan.families - first) / plan.stretches
        for number in range(plan.stretches):
            await self._stretch(round(first + (number + 1) * each))
            self._look_at_memory()
            if number < plan.stretches - 1:
                await self._pause()
        await self._mail.elena.wait_until(self._is_over, PATIENCE)
        self._look_at_memory()
        await self._box.all_confirmed(PATIENCE)
        await self._program.stop()
        self._pulse.stop()
        self._count()
        await self._audit()

    # --- while it runs -------------------------------------------------------------------------

    def _whom_no_fault_strikes(self) -> Person:
        faults = (self._refusing, self._flooding)
        assert not any(one.picks(self._mail.elena.chat_id) for one in faults)
        while True:
            person = self._box.person("María")
            if not any(one.picks(person.chat_id) for one in faults):
                return person

    def _look_at_memory(self) -> None:
        self.found.memory.append(resident(self._program.pid))

    async def _until_all_may_go(self) -> None:
        """Wait for the first ones: one of those who is tried again makes the others wait."""
        first = canary_of(self._program.plan.families)
        while self._mail.arrived < 1.5 * first:  # noqa: ASYNC110 - there is no bell for a crowd
            await asyncio.sleep(20 * _LOOK)

    def _is_over(self) -> bool:
        return any("terminada" in one.text for one in self._mail.elena.from_bot())

    async def _stretch(self, until: int) -> None:
        """Let the family ask until so many calls have arrived."""
        began = await self._program.say()
        while len(self._box.arrivals) < until:
            await self._ask(self.found.during, self._program.plan.gap)
        self._stretches.append((began, await self._program.say()))

    async def _pause(self) -> None:
        """Let the family ask while the broadcast is paused."""
        await self._mail.press("pause")
        await asyncio.sleep(_QUIET)
        last = self._box.arrivals.times("sendMessage")[-1]
        for _ in range(self._program.plan.asked):
            await self._ask(self.found.quiet, GAP)
        await self._mail.until(lambda: self._mail.sees("resume"), PATIENCE)
        await self._mail.press("resume")
        resumed = await self._program.say()
        self._paused += resumed.at - last

    async def _ask(self, waited: list[float], gap: float) -> None:
        waited.append(await answered(self._family))
        await asyncio.sleep(gap)

    # --- when it is over -----------------------------------------------------------------------

    def _count(self) -> None:
        found, arrivals = self.found, self._box.arrivals
        others = sorted(
            at
            for one in (self._family, self._mail.elena)
            for at, _ in arrivals.of(one.chat_id, *COUNTED)
        )
        theirs = sorted(set(arrivals.times(*COUNTED)).difference(others))
        for began, ended in self._stretches:
            _add(found.flow, began, ended, theirs, others)
        found.in_all = theirs[-1] - theirs[0] - self._paused
        found.most = arrivals.most_in(1.0, *COUNTED)
        found.certain = self._pulse.most_in_a_second(arrivals.times(*COUNTED))

    async def _audit(self) -> None:
        """Hold the tables against the phones."""
        found, mail = self.found, self._mail
        async with mail.tables() as db:
            books = await mail.read(db)
            subscribed = await db.transaction(_subscribed)
        found.marks.update(mark.name for mark in books.marks.values())
        found.wrong += broken(books, mail.got(), 0)
        refused = {number for number, chat in mail.chats.items() if self._refusing.picks(chat)}
        if books.of(Mark.REFUSED) != refused:
            found.wrong.append("other recipients are REFUSED than 403 struck")
        if books.of(Mark.SENT) != mail.chats.keys() - refused:
            found.wrong.append("not all others are SENT")
        if subscribed != {chat for number, chat in mail.chats.items() if number not in refused}:
            found.wrong.append("other subscriptions are left than those of who got it")


def _add(flow: Flow, began: Said, ended: Said, theirs: list[float], others: list[float]) -> None:
    flow.seconds += ended.at - began.at
    flow.allowed += ended.allowed - began.allowed
    flow.cpu += ended.cpu - began.cpu
    flow.messages += _between(theirs, began.at, ended.at)
    flow.others += _between(others, began.at, ended.at)
    for pause in ended.pauses:
        since, until = max(pause[0], began.at), min(pause[1], ended.at)
        if since < until:
            flow.paused += until - since
            flow.aside += _between(others, since, until)


def _between(times: list[float], since: float, until: float) -> int:
    return bisect(times, until) - bisect(times, since)


def _subscribed(tx: Tx) -> set[int]:
    return {one.chat for one in subscribers.every(tx)}
