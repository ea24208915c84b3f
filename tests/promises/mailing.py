"""A broadcast of the real program to a crowd, which is killed while it sends, and what must hold.

The program sends at many times Telegram's pace, to a sandbox that takes its time, so that always
some calls are under way. `broken` says which promises a look at the tables and the phones breaks;
that it finds what is wrong is proven beside what it is for, in `test_broadcast_kill`.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import locales
import rules
from helpdesk import subscriptions
from helpdesk.audience import Segment, Topic
from helpdesk.broadcasts import approval, shelf
from helpdesk.broadcasts.broadcast import Broadcast, Stage, Step
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.formatting import plain
from helpdesk.broadcasts.presses import data
from helpdesk.broadcasts.readiness import STEPS
from helpdesk.broadcasts.sending import WIDTH
from helpdesk.context import Context, day_of
from helpdesk.desk import staff
from sandbox import Crowd, Message, Person, Press, Sandbox
from store import Database, Tx, ledger, open_database, recipients, rotate, subscribers
from store.ledger import Mark
from tests.bot.program import Process, Program
from tests.promises.nursery import Nursery

PATIENCE = 30.0
"""Seconds that a test waits for what has to come."""
RATE = 200
"""Calls a second."""
FAR = 0.02
"""Seconds that a call takes before and after what it does: at any moment some are under way."""
_LOOK = 0.005


# --- the program --------------------------------------------------------------------------------


class _Life:
    """One forked program, as `Program` needs it."""

    def __init__(self, nursery: Nursery, pid: int, stdout: asyncio.StreamReader) -> None:
        self._nursery = nursery
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None

    def send_signal(self, signal: int, /) -> None:
        os.kill(self.pid, signal)

    async def wait(self) -> int:
        if self.returncode is None:
            self.returncode = await asyncio.to_thread(self._nursery.end)
        return self.returncode


class Forked(Program):
    """The program, whose lives are forks; the ``whole`` first ones are started as anybody would.

    ``spoilt`` is what `tests.promises.nursery` takes out of those that come.
    """

    nursery: Nursery
    whole = 0
    spoilt = ""
    lives = 0

    async def begin(self) -> None:
        """Start it without waiting for anything that it says."""
        self._process = await self._spawn(self._environment)
        self._listening = asyncio.create_task(self._listen(self._process))

    async def _spawn(self, environment: dict[str, str]) -> Process:
        self.lives += 1
        if self.lives <= self.whole:
            return await super()._spawn(environment)
        pipe = self.log_file.with_name(f"life-{self.lives}")
        os.mkfifo(pipe)
        # Opened to read first: else whoever is born would wait for it.
        end = os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0)
        pid = await asyncio.to_thread(self.nursery.begin, environment, pipe, self.spoilt)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), end
        )
        return _Life(self.nursery, pid, reader)


# --- what must hold -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Books:
    """What stands in the tables: the mark of every number, and how the broadcast stands."""

    marks: Mapping[int, Mark]
    fixed: int
    """Recipients, as the approval fixed them."""
    stage: Stage

    def of(self, *wanted: Mark) -> set[int]:
        """Give the numbers in some marks."""
        return {number for number, mark in self.marks.items() if mark in wanted}


STAYS = frozenset({Mark.SENT, Mark.REFUSED, Mark.LEFT, Mark.UNKNOWN})
"""Marks that no program leaves by itself."""
MAYBE = frozenset({Mark.SENT, Mark.UNKNOWN, Mark.CLAIMED})
"""Marks of which a message may be on a phone."""


def broken(
    books: Books, got: Mapping[int, int], kills: int, before: Books | None = None
) -> list[str]:
    """Name every promise that is broken; ``got`` is how many messages each number ever got.

    ``before`` is an earlier look. To be called of a program that does not run.
    """
    found = []
    if not len(books.marks) == sum(Counter(books.marks.values()).values()) == books.fixed:
        found.append(f"{len(books.marks)} recipients of {books.fixed}")
    for number, mark in sorted(books.marks.items()):
        count = got.get(number, 0)
        if count > 1:
            found.append(f"{number} got it {count} times")
        if count and mark not in MAYBE:
            found.append(f"{number} got it and is {mark.name}")
        if not count and mark is Mark.SENT:
            found.append(f"{number} is SENT and got nothing")
        was = None if before is None else before.marks.get(number)
        if was in STAYS and mark is not was:
            found.append(f"{number} was {was.name} and is {mark.name}")
    if extra := sorted(got.keys() - books.marks.keys()):
        found.append(f"{extra} got it and are no recipients")
    claimed, unknown = len(books.of(Mark.CLAIMED)), len(books.of(Mark.UNKNOWN))
    if claimed > WIDTH:
        found.append(f"{claimed} calls at once")
    if unknown + claimed > kills * WIDTH:
        found.append(f"{unknown + claimed} unknown after {kills} kills")
    return found


# --- the broadcast ------------------------------------------------------------------------------


@dataclass(repr=False)
class Mailing:
    """An approved broadcast to a crowd; Elena wrote it, Bruno approved it, and she watches.

    Where a check fails pytest shows what its parts look like: of a whole sandbox it never ends.
    """

    box: Sandbox
    program: Forked
    crowd: Crowd
    elena: Person
    random: Random
    id: bytes
    text: str
    """What stands on a phone."""
    chats: Mapping[int, int]
    """Whose number is whose chat."""
    kills: int = 0
    books: Books | None = None
    """The latest look."""
    unsure: set[int] = field(default_factory=set)
    """Everybody whose call was under way at a kill."""

    @property
    def arrived(self) -> int:
        """How many messages ever reached a phone of a family."""
        return sum(self.crowd.received().values())

    def got(self) -> dict[int, int]:
        """Give how many messages each number ever got."""
        received = self.crowd.received()
        return {number: received[chat] for number, chat in self.chats.items()}

    # --- the program -----------------------------------------------------------------------------

    @asynccontextmanager
    async def tables(self) -> AsyncIterator[Database]:
        """Open the database."""
        async with await open_database(self.program.url, self.program.keys) as db:
            yield db

    async def read(self, db: Database) -> Books:
        """Read the tables as they stand."""
        return await db.transaction(_read, self.id)

    async def look(self) -> Books:
        """Open the tables and read them."""
        async with self.tables() as db:
            return await self.read(db)

    async def until_stage(self, stage: Stage) -> None:
        """Wait until it stands so in the tables, while the program runs."""
        async with asyncio.timeout(PATIENCE), self.tables() as db:
            while (await self.read(db)).stage is not stage:  # noqa: ASYNC110 - no bell for a table
                await asyncio.sleep(FAR)

    async def kill(self) -> Books:
        """Kill it, and see that every promise holds."""
        await self.program.kill()
        self.kills += 1
        return await self.check()

    async def check(self) -> Books:
        """See that every promise holds; the program does not run."""
        books = await self.look()
        assert broken(books, self.got(), self.kills, self.books) == []
        assert set(self.crowd.received()) == set(self.chats.values())
        self.unsure |= books.of(Mark.CLAIMED)
        self.books = books
        return books

    async def until(self, look: Callable[[], object], within: float = PATIENCE) -> None:
        """Wait for something that rings no bell of its own."""
        async with asyncio.timeout(within):
            while not look():  # noqa: ASYNC110 - as it says
                await asyncio.sleep(_LOOK)

    async def any_moment(self, least: int, most: int) -> None:
        """Let some more messages arrive, and a little time pass."""
        aim = self.arrived + self.random.randint(least, most)
        async with asyncio.timeout(PATIENCE):
            while self.arrived < aim:
                if self.paused:
                    await self.press("resume")  # of too few of the first ones is it known
                await asyncio.sleep(_LOOK)
        await asyncio.sleep(self.random.uniform(0, 2 * FAR))

    # --- the organiser ---------------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Whether the newest message that Elena sees lets her go on with it."""
        newest = self.elena.screen()[-1:]
        return any(b.data == data("resume", self.id) for one in newest for b in one.buttons)

    async def watch(self) -> Message:
        """Let Elena ask for it; gives the message that shows how far it is."""
        before = self.elena.from_bot()
        await self.elena.send("/difusiones")
        await self.until(lambda: self._with("open", before))
        await self.press("open")
        await self.until(lambda: self._with("cancel", before) or self._with("correct", before))
        return self.elena.from_bot()[-1]

    async def press(self, verb: str) -> Press:
        """Let Elena press the newest button of a verb, and wait until it is answered."""
        pressed = await self.pressed(verb)
        await pressed.answer(PATIENCE)
        return pressed

    async def pressed(self, verb: str) -> Press:
        """Let Elena press the newest button of a verb."""
        message = self._with(verb)
        assert message is not None, [one.text for one in self.elena.from_bot()]
        return await self.elena.press(message, data=data(verb, self.id))

    def sees(self, verb: str) -> bool:
        """Whether she sees a button of a verb."""
        return self._with(verb) is not None

    async def report(self, state: str) -> Message:
        """Wait for the message that says how it ended."""

        def find() -> list[Message]:
            return [one for one in self.elena.from_bot() if state in one.text]

        await self.elena.wait_until(lambda: bool(find()), PATIENCE)
        return find()[-1]

    def _with(self, verb: str, before: tuple[Message, ...] = ()) -> Message | None:
        found = (
            one
            for one in reversed(self.elena.from_bot())
            if one not in before and any(b.data == data(verb, self.id) for b in one.buttons)
        )
        return next(found, None)


def numbers_in(message: Message) -> list[int]:
    """Give the numbers that a report tells, in the order of `sending.report`."""
    found = re.findall(r"\d+(?:\.\d{3})*", message.text.partition("Llegó:")[2])
    return [int(one.replace(".", "")) for one in found]


def _read(tx: Tx, id: bytes) -> Books:
    entry = shelf.get(tx, id)
    assert entry is not None
    rows = (recipients.get(tx, id, number) for number in range(entry.broadcast.recipients + 1))
    marks = {row.number: row.mark for row in rows if row is not None}
    assert sum(ledger.tally(tx, id).values()) == len(marks)
    return Books(marks, entry.broadcast.recipients, entry.broadcast.stage)


def where(tx: Tx, chat: int, now: datetime) -> tuple[int, ...]:
    """Give the messages that the tables know of a chat."""
    return ledger.message_ids(tx, chat, now)


# --- before it starts ---------------------------------------------------------------------------


def studio() -> Studio:
    """Give the laws and the words."""
    return Studio(Context(rules.load(), locales.load(), b"k" * 32))


def approved(tx: Tx, people: tuple[int, int], chats: Crowd, now: datetime) -> bytes:
    """Subscribe everybody, and let one write a broadcast that the other approves."""
    for chat in chats:
        subscriptions.toggle_topic(tx, chat, Topic.ALL, now)
    author, approver = (staff.ensure(tx, user, staff.Role.ORGANISER) for user in people)
    text = "Desde el lunes hay un mostrador nuevo en San Cristóbal para entregar solicitudes."
    broadcast = Broadcast(
        number=0,
        step=Step.READY,
        author=author.name,
        html=text,
        plain=text,
        answered=frozenset(STEPS),
        source="Circuito Judicial del Táchira, comunicado",
        source_date=day_of(now).isoformat(),
        segment=Segment(topics=frozenset({Topic.ALL})),
        urgent=True,  # or it would wait for the morning, whenever that is
    )
    asked = approval.ask(tx, shelf.add(tx, broadcast, now), author, now, studio())
    assert asked.refused is None, asked.refused
    assert asked.entry is not None
    shown = asked.entry.broadcast.seal[: approval.SHOWN]
    done = approval.approve(tx, approver, asked.entry.id, shown, now, studio())
    assert done.refused is None, done.refused
    return asked.entry.id


def chats_of(tx: Tx, id: bytes) -> tuple[str, dict[int, int]]:
    """Give what will stand on phones, and whose number is whose chat."""
    entry = shelf.get(tx, id)
    assert entry is not None
    assert entry.broadcast.letter is not None
    chats = {}
    for number in range(entry.broadcast.recipients):
        row = recipients.get(tx, id, number)
        assert row is not None
        assert row.subscriber is not None
        found = subscribers.of_id(tx, row.subscriber)
        assert found is not None
        chats[number] = found.chat
    return plain(entry.broadcast.letter.html), chats


@asynccontextmanager
async def mailing(
    nursery: Nursery, folder: Path, families: int, seed: int
) -> AsyncIterator[Mailing]:
    """Make the people and an approved broadcast; the program does not run yet."""
    async with Sandbox() as box:
        elena, bruno = box.person("Elena", organiser=True), box.person("Bruno", organiser=True)
        for one in (elena, bruno):
            one.chat.started = True  # each has written to the bot, or could not be told anything
        crowd = box.crowd(families)
        program = Forked(folder, box, FARO_SEND_RATE=str(RATE), FARO_LOG_LEVEL="WARNING")
        program.nursery = nursery
        now = datetime.now(UTC)
        async with await open_database(program.url, program.keys) as db:
            await rotate(db, now)
            people = (elena.chat_id, bruno.chat_id)
            id = await db.transaction(approved, people, crowd, now)
            text, chats = await db.transaction(chats_of, id)
        box.faults.slow(FAR, FAR)
        try:
            yield Mailing(box, program, crowd, elena, Random(seed), id, text, chats)
        finally:
            if program.lives:
                await program.kill()
