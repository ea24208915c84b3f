"""A desk with many families and volunteers, run whole: for the promises that need a crowd.

Nothing is proven here. Time stands still until nothing more can happen at this moment, and then
goes on (`BusyDesk.settle`): a slow machine changes no test.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from pydantic import SecretStr

import locales
from bot import app, logs
from bot.settings import Settings
from bot.wiring import Parts, wire_up
from helpdesk.desk import casebook, codes, outbox, staff
from helpdesk.desk.case import Case
from helpdesk.desk.staff import Role
from sandbox import Call, Clock, Group, Message, Person, Sandbox, Topic
from store import Database, Keys, PostState, Tx, open_database, rotate
from tests.bot.traces import SMALLEST

WORDS: Final = locales.load()
START: Final = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
PATIENCE: Final = 60.0
"""Seconds that something may take on a machine that is busy with other tests."""
ESCALATION: Final = ("case.category.option.court", "case.urgency.option.days", "button.consent_yes")
RIGHTS: Final = frozenset({"can_manage_topics", "can_delete_messages"})
_LOOK: Final = 0.01
_STEP: Final = timedelta(seconds=4)
_JOBS: Final = timedelta(minutes=4)


class Markers:
    """Words that nobody else says: long, in lower case, and nothing that a filter could mean."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._given: set[str] = set()

    def word(self) -> str:
        """Give a new one, of fourteen letters."""
        while True:
            pairs = (
                self._random.choice("bdfklmnprstv") + self._random.choice("aeiou") for _ in range(6)
            )
            made = "zu" + "".join(pairs)
            if made not in self._given:
                self._given.add(made)
                return made

    def words(self, many: int) -> list[str]:
        """Give so many new ones."""
        return [self.word() for _ in range(many)]


class BusyDesk:
    """The sandbox, the group, its people, and the files; ``running`` runs the program."""

    def __init__(self, box: Sandbox, group: Group, db: Database, settings: Settings) -> None:
        self.box = box
        self.group = group
        self.db = db
        self.settings = settings
        self.lead: Person
        self.volunteers: list[Person] = []
        self.families: list[Person] = []
        self.moved = asyncio.Event()
        self._parts: Parts | None = None
        self._numbers = count()
        self._counted = self._heard = 0
        self._jobs_at = box.clock.now() + _JOBS
        self._random = Random(7)
        self._log = StringIO()

    @property
    def log(self) -> bytes:
        """What the program noted so far, as it is written."""
        return self._log.getvalue().encode()

    @property
    def data(self) -> Path:
        """The folder of the database."""
        return self.db.path.parent

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the program in this process while the block lasts."""

        async def watched(*args: Any) -> Parts:
            self._parts = await wire_up(*args)
            return self._parts

        handler = logging.StreamHandler(self._log)
        handler.setFormatter(logs.Allowed())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app, "wire_up", watched)
            logging.getLogger(logs.OURS).addHandler(handler)
            stop, ready = asyncio.Event(), asyncio.Event()
            serving = asyncio.create_task(
                app.serve(
                    self.settings,
                    stop,
                    ready.set,
                    self.box.clock.now,
                    keys=self.db.keys,
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
                self._parts = None
                logging.getLogger(logs.OURS).removeHandler(handler)

    # --- people --------------------------------------------------------------------------------

    def family(
        self,
        name: str = "Familia",
        *,
        last_name: str | None = None,
        username: str | None = None,
    ) -> Person:
        """Make somebody who has not written yet."""
        chat_id = SMALLEST + self._random.getrandbits(40) * 1000 + next(self._numbers)
        person = self.box.person(name, chat_id=chat_id, last_name=last_name, username=username)
        self.families.append(person)
        return person

    async def volunteer(self, *roles: Role) -> Person:
        """Make somebody of the team, on duty and in the group."""
        number = next(self._numbers)
        # At random: one of many zeros looks like bytes that every database has.
        chat_id = SMALLEST * 2 + self._random.getrandbits(40)
        person = self.box.person(f"Equipo{number}", chat_id=chat_id)
        await person.send("/start")
        self.group.add(person)
        await self.db.transaction(_join, person.chat_id, roles, self.box.clock.now())
        return person

    async def escalate(self, who: Person) -> None:
        """Let a family ask for a person, until she sees her code."""
        await who.send("quiero hablar con una persona")
        for key in ESCALATION:
            await self.press(who, WORDS.plain(key))
        await who.wait_until(lambda: code_of(who) is not None, PATIENCE)

    async def press(self, who: Person, label: str) -> None:
        """Press a button as soon as it is there."""
        await who.wait_until(lambda: has(who, label), PATIENCE)
        await who.press(label)

    async def claim(self, who: Person, code: str) -> Topic:
        """Let a volunteer take a case; gives its topic, once the card stands in it."""
        await who.send(f"/tomar {code}", to=self.group)
        await self.settle()
        return self.topic_of(code)

    def topic_of(self, code: str) -> Topic:
        """Give the topic of a case."""
        return next(one for one in self.group.topics if one.name.startswith(code))

    # --- time ----------------------------------------------------------------------------------

    def forward(self, seconds: float) -> None:
        """Move the clock; everything that is due is done at once, the jobs too."""
        self.box.clock.forward(timedelta(seconds=seconds))
        self.moved.set()

    async def settle(self, most: float = 1800) -> None:
        """Wait until nothing is left to read or to send; time passes only while all wait for it.

        ``most`` is how many seconds of the desk's time that may take.
        """
        until = self.box.clock.now() + timedelta(seconds=most)
        async with asyncio.timeout(3 * PATIENCE):
            while True:
                await self.quiet()
                if not await self.db.transaction(on_their_way):
                    return
                assert self.box.clock.now() < until, "the outbox does not get empty"
                self.box.clock.forward(_STEP)
                if self.box.clock.now() >= self._jobs_at:
                    # What goes on by itself: the group is read again, leases end.
                    self._jobs_at = self.box.clock.now() + _JOBS
                    self.moved.set()
                self.wake()

    def wake(self) -> None:
        """Have the outbox looked at."""
        if self._parts is not None and self._parts.desk is not None:
            self._parts.desk.wake()

    async def quiet(self, looks: int = 3) -> None:
        """Wait until every update is confirmed, and no call is being made or begins."""
        still, seen = 0, -1
        while still < looks:
            await asyncio.sleep(_LOOK)
            calls = [one for one in self.box.calls[-200:] if one.method != "getUpdates"]
            going = any(one.answer is None and not one.dropped for one in calls)
            number = self.heard
            still = still + 1 if number == seen and not going and not self.box.queue.pending else 0
            seen = number

    @property
    def heard(self) -> int:
        """How many calls came in, polls aside."""
        new = self.box.calls[self._counted :]
        self._counted += len(new)
        self._heard += sum(one.method != "getUpdates" for one in new)
        return self._heard

    async def until(self, look: Callable[[], object]) -> None:
        """Wait for something that rings no bell of its own."""
        async with asyncio.timeout(PATIENCE):
            while not look():  # noqa: ASYNC110 - as it says
                await asyncio.sleep(_LOOK)

    # --- looking -------------------------------------------------------------------------------

    async def cases(self) -> list[Case]:
        """Give every case that is kept."""
        return await self.db.transaction(_cases)

    def into_desk(self) -> list[Call]:
        """Give every call so far that went to the group or to somebody of the team."""
        chats = {person.chat_id for person in self.families}
        return [
            call
            for call in self.box.calls
            if call.parameters.get("chat_id") is not None
            and call.parameters["chat_id"] not in chats
        ]

    def in_topic(self, topic: Topic) -> list[str]:
        """Give what stands in a topic, oldest first."""
        return [said(message) for message in self.group.screen(topic)]


def said(message: Message) -> str:
    """Give the text of a message, or the words under it."""
    return message.text or str(message.content.get("caption", ""))


def has(who: Person, label: str) -> bool:
    """Tell whether a button is on somebody's screen."""
    return any(button.text == label for one in who.from_bot() for button in one.buttons)


def code_of(who: Person) -> str | None:
    """Give the code that a family sees, as it is shown."""
    for message in reversed(who.from_bot()):
        for button in message.buttons:
            if button.copy_text and codes.normal(button.copy_text) is not None:
                return button.copy_text
    return None


def ever(who: Person) -> list[str]:
    """Give everything that the bot ever showed somebody, edits and deleted messages included."""
    return [
        words
        for message in who.chat.messages.values()
        if message.mine
        for words in (*message.history, said(message))
    ]


def arrived(who: Person, words: str) -> int:
    """Count the messages that brought words to somebody."""
    mine = (one for one in who.chat.messages.values() if one.mine)
    return sum(any(words in text for text in (*one.history, said(one))) for one in mine)


def written(calls: Iterable[Call]) -> str:
    """Give what calls carried, as one text."""
    return "\n".join(
        json.dumps([call.method, call.parameters], ensure_ascii=False, default=str)
        for call in calls
    )


def on_their_way(tx: Tx) -> int:
    """Count the posts that wait or are being called."""
    return sum(len(outbox.every(tx, state)) for state in (PostState.WAITING, PostState.CALLING))


def _cases(tx: Tx) -> list[Case]:
    return [entry.case for entry in (*casebook.every_open(tx), *casebook.every_closed(tx))]


def _join(tx: Tx, user: int, roles: tuple[Role, ...], now: datetime) -> None:
    for role in roles:
        member = staff.accept(tx, user, staff.invite(tx, role, None, now), now)
        assert member is not None
        staff.set_duty(tx, member, True, now)


@asynccontextmanager
async def busy_desk(
    folder: Path, volunteers: int = 5, clock: Clock | None = None
) -> AsyncIterator[BusyDesk]:
    """Make a desk with its team; nothing runs yet."""
    async with Sandbox(clock=clock or Clock(START)) as box:
        group = box.group("Mesa", forum=True)
        group.promote_bot(RIGHTS)
        group.set(
            has_hidden_members=True,
            has_protected_content=True,
            join_by_request=True,
            permissions={"can_invite_users": False},
        )
        key = folder / "keys" / "faro.key"
        key.parent.mkdir()
        keys = Keys.generate(key)
        settings = Settings(
            bot_token=SecretStr(box.token),
            api_url=box.url,
            database_url=f"sqlite+aiosqlite:///{folder}/data/faro.db",
            key_file=key,
            desk_chat_id=group.chat_id,
            organisers=(),
            send_rate=1000,  # `quiet` cannot see what waits for its place
            log_level="WARNING",
        )
        async with await open_database(settings.database_url, keys) as db:
            await rotate(db, box.clock.now())
            desk = BusyDesk(box, group, db, settings)
            desk.lead = await desk.volunteer(Role.LEAD)
            desk.volunteers = [await desk.volunteer(Role.VOLUNTEER) for _ in range(volunteers)]
            yield desk
