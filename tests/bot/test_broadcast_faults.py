"""Whatever a call ends in leaves its family in the right state, and the organiser's report agrees.

A broadcast to a few families over HTTP, of whom one is struck; then to many, each struck by
something. Who is said to have it has it once, who is said not to has nothing, and nobody has it
twice. What an organiser reads is read from her phone.

Where one hangs the wire has little patience; elsewhere it has as much as in the program, for on a
busy machine others would run out of it too, and be unknown.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

import locales
from bot.broadcasts import Broadcasts
from bot.governor import Governor
from bot.organisers import Organisers
from bot.wire import Wire
from helpdesk.broadcasts import sending, steering
from helpdesk.broadcasts.broadcast import Stage
from helpdesk.broadcasts.shelf import Entry
from locales.message import without_tags
from sandbox import Clock, Crowd, Fault, Faults, Person, Sandbox
from store import Database, recipients, subscribers
from store.ledger import Mark
from tests.bot.newsroom import newsroom
from tests.helpdesk.broadcasts.mailroom import ANA, BEA, Mailroom

MORNING = datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC)
WORDS = locales.load()
LETTER = "Hola. Abrió un mostrador."
FEW, MANY = 6, 64
PATIENCE = 20.0
HANGS = 1.5
"""Seconds that a call may take where one hangs: few to wait for, and many for a busy machine."""
SEND = "sendMessage"

Order = Callable[[Faults, int], Fault]
"""Orders what happens to the next call for a chat."""


@dataclass(frozen=True)
class Case:
    """Something that strikes the call for one family, and what follows for her.

    ``arrives``: whether her message reaches her phone, in the end.
    """

    order: Order
    mark: Mark
    arrives: bool
    hangs: bool = False


def refused(code: int, words: str) -> Order:
    return lambda faults, chat: faults.refuse(SEND, code, words, chat_id=chat)


def gateway(code: int, *, written: bool) -> Order:
    return lambda faults, chat: faults.gateway_error(SEND, code, written=written, chat_id=chat)


def hanging(*, written: bool) -> Order:
    return lambda faults, chat: faults.hang(SEND, written=written, chat_id=chat)


def answered(code: int) -> Order:
    return lambda faults, chat: faults.server_error(SEND, code, chat_id=chat)


GONE = (
    "Forbidden: bot was blocked by the user",
    "Forbidden: user is deactivated",
    "Forbidden: bot can't initiate conversation with a user",
)
CASES = {
    "429, wait 0": Case(
        lambda faults, chat: faults.retry_after(SEND, 0, chat_id=chat), Mark.SENT, True
    ),
    "429, says no time": Case(refused(429, "Too Many Requests"), Mark.SENT, True),
    **{words: Case(refused(403, words), Mark.REFUSED, False) for words in GONE},
    "400, no chat": Case(refused(400, "Bad Request: chat not found"), Mark.REFUSED, False),
    "400, blocked": Case(refused(400, "Bad Request: USER_IS_BLOCKED"), Mark.REFUSED, False),
    **{f"{code}": Case(answered(code), Mark.UNKNOWN, False) for code in (500, 502, 503, 504)},
    "502, a page": Case(gateway(502, written=False), Mark.UNKNOWN, False),
    "504, a page, done": Case(gateway(504, written=True), Mark.UNKNOWN, True),
    # Of something in between: the status is not Telegram's, and says nothing of her.
    "403, a page": Case(gateway(403, written=False), Mark.UNKNOWN, False),
    "404, a page": Case(gateway(404, written=False), Mark.UNKNOWN, False),
    "400, a page, done": Case(gateway(400, written=True), Mark.UNKNOWN, True),
    "reset before": Case(
        lambda faults, chat: faults.drop_before_write(SEND, chat_id=chat), Mark.UNKNOWN, False
    ),
    "reset after": Case(
        lambda faults, chat: faults.drop_after_write(SEND, chat_id=chat), Mark.UNKNOWN, True
    ),
    "half an answer": Case(
        lambda faults, chat: faults.truncate(SEND, chat_id=chat), Mark.UNKNOWN, True
    ),
    "hangs": Case(hanging(written=False), Mark.UNKNOWN, False, hangs=True),
    "hangs, done": Case(hanging(written=True), Mark.UNKNOWN, True, hangs=True),
}
NOTHING = Case(lambda faults, chat: Fault("refuse", SEND, times=0), Mark.SENT, True)


@dataclass(repr=False)
class Office:
    """Families, the drain that writes to them, and Ana who is told how it goes."""

    box: Sandbox
    db: Database
    crowd: Crowd
    room: Mailroom
    ana: Person
    drain: Broadcasts
    entry: Entry

    async def until(self, *stages: Stage) -> Stage:
        """Wait until it is in one of some stages; gives which."""
        async with asyncio.timeout(PATIENCE):
            while (stage := await self.room.stage(self.entry)) not in stages:  # noqa: ASYNC110 - no bell for a table
                await asyncio.sleep(0.01)
        return stage

    async def marks(self) -> dict[int, Mark]:
        """Give the mark of each chat, and see that all add up."""
        found = await self.room.tally(self.entry)
        marks = {}
        for number, chat in self.numbers.items():
            row = await self.room.do(recipients.get, self.entry.id, number)
            assert row is not None
            marks[chat] = row.mark
        assert Counter(mark.name for mark in marks.values()) == found
        return marks

    async def number(self) -> None:
        """Note whose number is whose chat, before anybody's turn is over."""
        self.numbers: dict[int, int] = {}
        for number in range(len(self.crowd)):
            row = await self.room.do(recipients.get, self.entry.id, number)
            assert row is not None
            assert row.subscriber is not None
            found = await self.room.do(subscribers.of_id, row.subscriber)
            assert found is not None
            self.numbers[number] = found.chat

    async def listed(self) -> set[int]:
        """Give the chats that still are subscribed."""
        return {one.chat for one in await self.room.do(subscribers.every)}

    async def report(self, stage: Stage, **counts: int) -> None:
        """See that the report on Ana's phone says how it ended, and these numbers."""
        called = {"called": self.entry.broadcast.called, "what": "@sending.what.send"}
        head = WORDS.text("sending.head", {**called, "state": f"@sending.state.{stage}"})
        names = ("good", "left", "gone", "deferred", "unknown", "open")
        values = {"of": len(self.crowd), **dict.fromkeys(names, 0), **counts}
        numbers = without_tags(WORDS.text("sending.report", values))
        ended = without_tags(head)
        await self.ana.wait_until(
            lambda: any(ended in one.text for one in self.ana.from_bot()[-1:]), PATIENCE
        )
        assert numbers in self.ana.from_bot()[-1].text

    def check(self, marks: dict[int, Mark], cases: dict[int, Case]) -> None:
        """See that everybody's mark and phone are as they should be."""
        for chat in self.crowd:
            case = cases.get(chat, NOTHING)
            assert marks[chat] is case.mark
            assert self.crowd.texts(chat) == (LETTER,) * case.arrives
            assert self.crowd.chats[chat].received == case.arrives


@asynccontextmanager
async def office(
    db: Database, families: int = FEW, *, patience: float = 10.0, width: int = sending.WIDTH
) -> AsyncIterator[Office]:
    """Let a broadcast be approved; it goes out when `Office.drain` runs."""
    async with Sandbox(clock=Clock(MORNING)) as box:
        ana, bea = box.person("Ana", chat_id=ANA), box.person("Bea", chat_id=BEA)
        for one in (ana, bea):
            one.chat.started = True
        crowd, room = box.crowd(families), Mailroom(db, MORNING)
        await room.open(chats=crowd)
        entry = await room.approved()
        async with Wire(box.url, box.token, patience, Governor(500)) as wire:
            organisers = Organisers(wire, db, {"es": WORDS})
            drain = Broadcasts(
                wire,
                db,
                box.clock.now,
                organisers.say,
                lambda counts: None,
                width=width,
                tick=0.05,
                first_round=0.05,
            )
            found = Office(box, db, crowd, room, ana, drain, entry)
            await found.number()
            try:
                yield found
            finally:
                box.faults.clear()
                await drain.finish(PATIENCE)
                await organisers.finish(PATIENCE)


@asynccontextmanager
async def running(here: Office) -> AsyncIterator[None]:
    """Let the drain run."""
    work = asyncio.create_task(here.drain.run())
    try:
        yield
    finally:
        work.cancel()
        await asyncio.wait({work})


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once where nothing leaves."""
    monkeypatch.setattr("bot.broadcasts.pause", lambda failures: 0.02)


# One family is struck


@pytest.mark.parametrize("name", CASES)
async def test_whom_a_fault_strikes_is_in_the_right_state(db: Database, name: str) -> None:
    case = CASES[name]
    async with office(db, patience=HANGS if case.hangs else 10.0) as here, running(here):
        hers = here.numbers[FEW // 2]
        fault = case.order(here.box.faults, hers)
        await here.until(Stage.DONE)
        assert fault.struck == 1
        here.check(await here.marks(), {hers: case})
        gone, unknown = case.mark is Mark.REFUSED, case.mark is Mark.UNKNOWN
        assert await here.listed() == set(here.crowd) - ({hers} if gone else set())
        sent = FEW - gone - unknown
        await here.report(Stage.DONE, good=sent, gone=int(gone), unknown=int(unknown))


@pytest.mark.parametrize("wait", [1, 3])
async def test_a_flood_wait_is_obeyed_by_this_lane(db: Database, wait: int) -> None:
    async with office(db, width=1) as here:
        (first, *_) = here.numbers.values()
        here.box.faults.retry_after(SEND, wait, chat_id=first)
        async with running(here):
            await here.until(Stage.DONE)
            here.check(await here.marks(), {})
            await here.report(Stage.DONE, good=FEW)
        (told, status), (then, again) = here.box.arrivals.of(first)
        assert (status, again) == (429, 200)
        others = [at for chat in here.crowd for at, _ in here.box.arrivals.of(chat)]
        assert all(at >= told + wait for at in others if at > told)
        assert then == max(others), "who was told to wait comes after those who were not tried"


async def test_one_who_is_always_to_wait_is_given_up_in_the_end(db: Database) -> None:
    async with office(db) as here, running(here):
        hers = here.numbers[0]
        fault = here.box.faults.refuse(SEND, 429, "Too Many Requests", times=None, chat_id=hers)
        async with asyncio.timeout(PATIENCE):
            while fault.struck < 4:  # noqa: ASYNC110 - no bell
                await asyncio.sleep(0.01)
        assert await here.room.stage(here.entry) is Stage.SENDING
        here.box.clock.forward(sending.INSIST + timedelta(seconds=1))
        here.drain.wake()
        await here.until(Stage.DONE)
        here.check(await here.marks(), {hers: Case(NOTHING.order, Mark.DEFERRED, False)})
        assert hers in await here.listed(), "she did nothing"
        await here.report(Stage.DONE, good=FEW - 1, deferred=1)


@pytest.mark.parametrize("words", ["can't parse entities: unclosed tag", "message is too long"])
async def test_what_telegram_does_not_take_goes_to_nobody_else(db: Database, words: str) -> None:
    async with office(db, width=1) as here:
        (first, *others) = here.numbers.values()
        here.box.faults.refuse(SEND, 400, f"Bad Request: {words}", chat_id=first)
        async with running(here):
            await here.until(Stage.STOPPED)
            nobody = Case(NOTHING.order, Mark.PENDING, False)
            hers = Case(NOTHING.order, Mark.REFUSED, False)
            await here.report(Stage.STOPPED, open=FEW - 1)
            here.check(await here.marks(), {first: hers, **dict.fromkeys(others, nobody)})
            assert WORDS.plain("sending.refused", count=1) in here.ana.from_bot()[-1].text
            assert await here.listed() == set(here.crowd), "it was the message, not she"


# The server is away


async def test_a_server_that_is_down_at_first_costs_nobody_anything(db: Database) -> None:
    async with office(db) as here:
        await here.box.stop()
        async with running(here):
            async with asyncio.timeout(PATIENCE):
                while (await here.room.tally(here.entry)).get("DEFERRED", 0) < 2:  # noqa: ASYNC110 - no bell
                    await asyncio.sleep(0.01)
            await here.box.start()
            await here.until(Stage.DONE)
            here.check(await here.marks(), {})
            await here.report(Stage.DONE, good=FEW)


async def test_a_server_that_goes_while_it_sends_loses_and_doubles_nothing(db: Database) -> None:
    async with office(db, MANY) as here, running(here):
        here.box.faults.slow(0.01, 0.01)
        async with asyncio.timeout(PATIENCE):
            while sum(here.crowd.received().values()) < MANY // 3:  # noqa: ASYNC110 - no bell
                await asyncio.sleep(0.005)
        await here.box.stop()
        await asyncio.sleep(0.1)
        await here.box.start()
        while await here.until(Stage.DONE, Stage.PAUSED) is Stage.PAUSED:
            await resume(here)
        marks = await here.marks()
        unknown = [chat for chat, mark in marks.items() if mark is Mark.UNKNOWN]
        assert len(unknown) <= sending.WIDTH
        assert {marks[chat] for chat in here.crowd if chat not in unknown} == {Mark.SENT}
        received = here.crowd.received()
        assert all(received[chat] <= 1 for chat in unknown)
        assert all(received[chat] == 1 for chat in here.crowd if chat not in unknown)
        await here.report(Stage.DONE, good=MANY - len(unknown), unknown=len(unknown))


# All are struck


async def resume(here: Office) -> None:
    """Let Ana say that it shall go on."""
    await here.room.do(steering.resume, await here.room.entry(here.entry), here.box.clock.now())
    here.drain.wake()


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 12))]
)
async def test_a_storm_of_faults_leaves_everybody_in_the_right_state(
    db: Database, seed: int
) -> None:
    """Where five in a row are unknown it pauses, and a person lets it go on, however often."""
    async with office(db, MANY, patience=HANGS) as here, running(here):
        random = Random(seed)
        cases = {chat: random.choice([*CASES.values(), NOTHING]) for chat in here.crowd}
        for chat, case in cases.items():
            case.order(here.box.faults, chat)
        while await here.until(Stage.DONE, Stage.PAUSED) is Stage.PAUSED:
            await resume(here)
        here.check(await here.marks(), cases)
        count = Counter(case.mark for case in cases.values())
        gone = {chat for chat, case in cases.items() if case.mark is Mark.REFUSED}
        assert await here.listed() == set(here.crowd) - gone
        await here.report(
            Stage.DONE, good=count[Mark.SENT], gone=len(gone), unknown=count[Mark.UNKNOWN]
        )


# Others meanwhile


async def test_a_family_is_answered_while_broadcasts_wait(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as news:
        crowd = news.box.crowd(MANY)
        room = Mailroom(news.db, news.box.clock.now())
        await room.open(chats=crowd)
        entry = await room.approved(urgent=True)
        fault = news.box.faults.retry_after(SEND, 60)
        async with news.running():
            await news.until(lambda: fault.struck)
            await asyncio.sleep(0.1)  # what was under way ends
            before = sum(crowd.received().values())
            (said,) = await news.says(news.maria, "/ayuda")
            assert said.buttons
            await asyncio.sleep(0.3)  # at full pace, seven more
            assert sum(crowd.received().values()) == before < sending.WIDTH
            found = await room.tally(entry)
            assert found == {"PENDING": MANY - before - 1, "SENT": before, "DEFERRED": 1} or (
                before == 0 and found == {"PENDING": MANY - 1, "DEFERRED": 1}
            )
