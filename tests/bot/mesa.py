"""The whole program with a desk, in this process: a family, a group of volunteers, and Faro."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

import locales
from bot import app
from bot.settings import Settings
from helpdesk.desk import casebook, posture, staff
from helpdesk.desk.case import Case
from helpdesk.desk.staff import Role
from sandbox import Group, Message, Person, Sandbox, Topic
from store import Database, Keys, Tx, open_database, rotate

WORDS = locales.load()
PATIENCE = 15.0
"""Seconds that a test waits for what has to come."""


@dataclass
class Mesa:
    """A desk that runs: Ana coordinates, Luis is a volunteer, both on duty; María is a mother."""

    box: Sandbox
    group: Group
    db: Database
    keys: Keys
    settings: Settings
    ana: Person
    luis: Person
    maria: Person
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the program while the block lasts."""
        self.stop.clear()
        ready = asyncio.Event()
        serving = asyncio.create_task(
            app.serve(
                self.settings,
                self.stop,
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
            self.stop.set()
            started.cancel()
            await asyncio.wait_for(serving, PATIENCE)

    def as_it_should_be(self) -> None:
        """Set everything in the group so that the desk may be used."""
        self.group.make_forum()
        self.group.promote_bot({"can_manage_topics", "can_delete_messages"})
        self.group.set(
            has_hidden_members=True,
            has_protected_content=True,
            join_by_request=True,
            permissions={"can_invite_users": False},
        )

    def forward(self, seconds: float) -> None:
        """Move everybody's clock."""
        self.box.clock.forward(timedelta(seconds=seconds))
        self.moved.set()

    async def until(self, look: Callable[[], object]) -> None:
        """Wait for something that rings no bell of its own."""
        async with asyncio.timeout(PATIENCE):
            while not look():  # noqa: ASYNC110 - as it says
                await asyncio.sleep(0.02)

    async def case(self) -> Case:
        """Give the one case that there is."""
        (case,) = await self.cases()
        return case

    async def becomes(self, look: Callable[[Case], bool]) -> Case:
        """Wait until something is true of the one case that there is."""
        async with asyncio.timeout(PATIENCE):
            while not look(await self.case()):  # noqa: ASYNC110 - no bell for a table
                await asyncio.sleep(0.02)
        return await self.case()

    async def cases(self) -> list[Case]:
        return await self.db.transaction(_cases)

    async def is_unsafe(self) -> None:
        """Wait until Faro has seen that the group is not as it should be."""
        async with asyncio.timeout(PATIENCE):
            while await self.db.transaction(posture.safe, self.box.clock.now()):  # noqa: ASYNC110 - no bell for a table
                await asyncio.sleep(0.02)

    # --- what people do ------------------------------------------------------------------------

    async def escalate(self, who: Person | None = None) -> None:
        """Let María, or somebody else, ask for a person."""
        who = who or self.maria
        await who.send("quiero hablar con una persona")
        for key in ("case.category.option.court", "case.urgency.option.days", "button.consent_yes"):
            label = WORDS.plain(key)
            await who.wait_until(lambda label=label: _has(who, label), PATIENCE)  # type: ignore[misc]  # bound now
            await who.press(label)
        await self.until(lambda: self.box.queue.pending == ())

    async def claim(self, who: Person) -> Topic:
        """Let a volunteer take the case; gives its topic."""
        case = await self.case()
        await who.send(f"/tomar {case.code}", to=self.group)
        await self.until(lambda: self.group.topics)
        return self.group.topics[-1]

    def words(self, topic: Topic | None = None) -> list[str]:
        """Give what the bot wrote in a topic, or in General."""
        there = self.group.screen(1 if topic is None else topic)
        return [message.text for message in there if message.mine and not message.service]

    def find(self, words: str, topic: Topic | None = None) -> Message:
        """Give the newest message with these words in a topic, or in General."""
        there = self.group.screen(1 if topic is None else topic)
        return [message for message in there if words in shown(message)][-1]


def _has(who: Person, label: str) -> bool:
    return any(button.text == label for one in who.from_bot() for button in one.buttons)


def shown(message: Message) -> str:
    """Give the text of a message, or the words under it."""
    return message.text or str(message.content.get("caption", ""))


def _cases(tx: Tx) -> list[Case]:
    return [entry.case for entry in (*casebook.every_open(tx), *casebook.every_closed(tx))]


def _join(tx: Tx, user: int, role: Role, box: Sandbox) -> None:
    now = box.clock.now()
    code = staff.invite(tx, role, None, now)
    member = staff.accept(tx, user, code, now)
    assert member is not None
    staff.set_duty(tx, member, True, now)


@asynccontextmanager
async def mesa(folder: Path, *, basic: bool = False) -> AsyncIterator[Mesa]:
    """Make a desk with its people; nothing runs yet. ``basic``: its group has to be upgraded."""
    async with Sandbox() as box:
        group = box.group("Mesa", forum=not basic, basic=basic)
        people = [box.person(name) for name in ("Ana", "Luis", "María")]
        for person in people:
            await person.send("/start")
        for person in people[:2]:
            group.add(person)
        keys = Keys.ephemeral()
        chosen = Settings(
            bot_token=SecretStr(box.token),
            api_url=box.url,
            database_url=f"sqlite+aiosqlite:///{folder}/data/faro.db",
            key_file=folder / "no-key-is-written",
            desk_chat_id=group.chat_id,
            organisers=(),
            send_rate=1000,
            log_level="WARNING",
        )
        async with await open_database(chosen.database_url, keys) as db:
            await rotate(db, box.clock.now())
            for person, role in zip(people, (Role.LEAD, Role.VOLUNTEER), strict=False):
                await db.transaction(_join, person.chat_id, role, box)
            ana, luis, maria = people
            made = Mesa(box, group, db, keys, chosen, ana, luis, maria)
            if not basic:
                made.as_it_should_be()
            yield made
