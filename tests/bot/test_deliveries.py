"""The desk's posts go out once each, in order, within the group's twenty a minute, whatever fails;
over HTTP and a real file, with the helpdesk's own outbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

import locales
from bot import deliveries as program
from bot.calls import Caller
from bot.deliveries import Deliveries
from bot.wire import Wire
from helpdesk.desk import casebook, deliveries, outbox, posture, queue
from helpdesk.desk.case import Case, Category, Urgency
from helpdesk.desk.context import DeskContext
from helpdesk.desk.ends import End, Result
from helpdesk.desk.posts import Call, Place, Post, Priority, Purpose
from helpdesk.desk.posture import GroupFacts
from helpdesk.desk.queue import QueueEdit
from helpdesk.messages import Part, Screen
from sandbox import Group, Person, Sandbox
from store import Database, PostState, Tx, cases
from store.errors import StoreBusyError

pytestmark = pytest.mark.usefixtures("quick")

SAFE = GroupFacts(
    inside=True,
    kind="supergroup",
    is_forum=True,
    history_visible=False,
    members_hidden=True,
    content_protected=True,
    join_by_request=True,
    members_may_invite=False,
    bot_is_admin=True,
    bot_rights=frozenset({"can_delete_messages", "can_manage_topics", "can_manage_chat"}),
)


@dataclass
class Office:
    """A desk with a group, whose posts are delivered while ``open``."""

    box: Sandbox
    group: Group
    db: Database
    wire: Wire
    context: DeskContext
    counts: dict[str, int] = field(default_factory=dict)
    erasing: list[int] = field(default_factory=list)
    trouble: list[End] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lanes = self.anew()

    def anew(self) -> Deliveries:
        """Make the lanes of a program that has just started."""

        def count(counts: Mapping[str, int]) -> None:
            for key, value in counts.items():
                self.counts[key] = self.counts.get(key, 0) + value

        def troubled(result: Result) -> None:
            self.trouble.append(result.end)

        caller = Caller(self.wire, self.context)
        return Deliveries(
            caller, self.db, self.context, self.box.clock.now, count, self.erasing.append, troubled
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Deliveries]:
        running = asyncio.create_task(self.lanes.run())
        try:
            yield self.lanes
        finally:
            running.cancel()
            await asyncio.wait({running})
            await self.lanes.finish(5)

    async def post(self, case: bytes | None = None, **given: Any) -> int:
        """Write a post, to General unless ``place`` says otherwise."""
        words = given.pop("words", "x")
        made = Post(
            **{
                "place": Place.GENERAL,
                "call": Call.SAY,
                "purpose": Purpose.NOTICE,
                "priority": Priority.ANSWER,
                "at": int(self.box.clock.now().timestamp()),
                **given,
            }
        ).with_screen(Screen((Part("t.heard", {"number": 1, "words": f"text:{words}"}),)))
        return await self.db.transaction(outbox.add, case, made, self.box.clock.now())

    async def to(self, person: Person, words: str) -> int:
        return await self.post(place=Place.PERSON, user=person.chat_id, words=words)

    async def left(self) -> int:
        """Count the posts that have not gone."""
        return await self.db.transaction(_left)

    async def empty(self) -> None:
        """Wait until every post has gone."""
        async with asyncio.timeout(10):
            while await self.left():  # noqa: ASYNC110 - as said below
                await asyncio.sleep(0.02)  # there is no bell for a table

    def said(self, to: Person | None = None) -> list[str]:
        """Give the words of the posts that arrived."""
        place = self.group if to is None else to
        return [message.text.removeprefix("1: ") for message in place.from_bot()]


def _left(tx: Tx) -> int:
    return sum(len(outbox.every(tx, state)) for state in PostState)


async def until(look: Callable[[], bool]) -> None:
    """Wait for something that rings no bell."""
    async with asyncio.timeout(15):
        while not look():  # noqa: ASYNC110 - as it says
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message that lists who waits is not due, unless a test says so."""
    monkeypatch.setattr(queue, "due", lambda tx, now, context: None)
    monkeypatch.setattr(program, "pause", lambda failures: 0.05)


@pytest.fixture
async def office(box: Sandbox, db: Database, catalogue: locales.Catalogue) -> AsyncIterator[Office]:
    group = box.group("Mesa", forum=True)
    async with Wire(box.url, box.token, patience=5) as wire:
        await db.transaction(posture.note, SAFE, box.clock.now())
        yield Office(box, group, db, wire, DeskContext(group.chat_id, {"es": catalogue}))


@pytest.fixture
async def people(box: Sandbox) -> list[Person]:
    """Some who have begun a chat with the bot."""
    made = [box.person(f"P{number}") for number in range(6)]
    for person in made:
        await person.send("/start")
    return made


def with_case(tx: Tx, office: Office, chat: int) -> bytes:
    now = office.box.clock.now()
    case = Case(
        code=casebook.new_code(tx),
        category=Category.COURT,
        urgency=Urgency.DAYS,
        opened_at=int(now.timestamp()),
    )
    return casebook.begin(tx, chat, case, now).id


# The group


async def test_into_the_group_the_more_urgent_goes_first_one_at_a_time(office: Office) -> None:
    held = office.box.faults.hold_before_write("sendMessage")
    for number in range(3):
        await office.post(words=f"r{number}", priority=Priority.RELAY)
    async with office.open() as lanes:
        await asyncio.wait_for(held.reached.wait(), 5)
        await office.post(words="a0", priority=Priority.ANSWER)
        await office.post(words="u0", priority=Priority.URGENT)
        lanes.wake()
        await asyncio.sleep(0.1)
        assert len(office.box.calls_of("sendMessage")) == 1, "the next waits for this one"
        held.release()
        await office.empty()
    assert office.said() == ["r0", "u0", "a0", "r1", "r2"]


async def test_the_group_gets_twenty_a_minute_and_never_one_more(office: Office) -> None:
    office.box.limits.like_telegram()
    office.box.limits.overall = office.box.limits.per_chat = None
    for number in range(45):
        await office.post(words=str(number))
    async with office.open() as lanes:
        for most in (20, 40, 45):
            await until(lambda most=most: len(office.said()) == most)  # type: ignore[misc]  # bound now
            lanes.wake()
            await asyncio.sleep(0.1)
            assert len(office.said()) == most
            office.box.clock.forward(timedelta(seconds=61))
            lanes.wake()
        await office.empty()
    assert office.said() == [str(number) for number in range(45)]
    assert office.box.limits.refused == 0


async def test_a_flood_wait_of_the_group_stops_the_group_and_nobody_else(
    office: Office, people: list[Person], events: list[str]
) -> None:
    fault = office.box.faults.retry_after(
        "sendMessage", 40, chat_id=office.group.chat_id, times=None
    )
    await office.post(words="al grupo")
    async with office.open() as lanes:
        await office.box.called("sendMessage")
        for person in people:
            await office.to(person, "a usted")
        lanes.wake()
        for person in people:
            await person.wait_until(lambda one=person: office.said(one) == ["a usted"])  # type: ignore[misc]  # bound now
        assert office.said() == []
        office.box.clock.forward(timedelta(seconds=41))
        lanes.wake()
        await office.empty()
    assert office.said() == ["al grupo"]
    assert fault.struck == 1, "it was obeyed"
    assert "desk_waits" in events


async def test_nothing_goes_into_a_group_that_is_not_safe(
    office: Office, people: list[Person]
) -> None:
    await office.db.transaction(posture.note, GroupFacts(), office.box.clock.now())
    await office.post(words="al grupo")
    await office.to(people[0], "a usted")
    async with office.open() as lanes:
        await people[0].wait_until(lambda: office.said(people[0]) == ["a usted"])
        assert office.said() == []
        await office.db.transaction(posture.note, SAFE, office.box.clock.now())
        lanes.wake()
        await office.empty()
    assert office.said() == ["al grupo"]


async def test_what_says_that_the_group_changed_is_told(office: Office) -> None:
    office.group.remove_bot()
    await office.post()
    async with office.open():
        await until(lambda: bool(office.trouble))
    assert office.trouble == [End.OUT]
    assert await office.left() == 1, "it waits until the bot is back"


# Families and people


async def test_one_chat_that_hangs_holds_up_no_other_and_keeps_its_order(
    office: Office, people: list[Person]
) -> None:
    first, *others = people
    held = office.box.faults.hold_before_write("sendMessage", chat_id=first.chat_id)
    for number in range(3):
        for person in people:
            await office.to(person, str(number))
    async with office.open():
        for person in others:
            await person.wait_until(lambda one=person: len(office.said(one)) == 3)  # type: ignore[misc]  # bound now
        assert office.said(first) == []
        held.release()
        await office.empty()
    for person in people:
        assert office.said(person) == ["0", "1", "2"]


async def test_a_familys_messages_wait_for_the_one_before_that_comes_later(
    office: Office, people: list[Person]
) -> None:
    maria = people[0]
    office.box.faults.retry_after("sendMessage", 9, chat_id=maria.chat_id)
    await office.to(maria, "antes")
    await office.to(maria, "después")
    async with office.open() as lanes:
        await office.box.called("sendMessage")
        lanes.wake()
        await asyncio.sleep(0.1)
        assert office.said(maria) == []
        office.box.clock.forward(timedelta(seconds=10))
        lanes.wake()
        await office.empty()
    assert office.said(maria) == ["antes", "después"]


async def test_to_many_people_only_so_many_calls_are_made_at_once(
    office: Office, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "AT_ONCE", 2)
    held = office.box.faults.hold_before_write("sendMessage")
    held.times = None
    for person in people:
        await office.to(person, "x")
    async with office.open():
        await until(lambda: len(office.box.calls_of("sendMessage")) >= 2)
        await asyncio.sleep(0.1)
        assert len(office.box.calls_of("sendMessage")) == 2
        held.release()
        await office.empty()
    assert all(office.said(person) == ["x"] for person in people)


# Crashes, and what fails here


async def test_what_a_crash_interrupted_is_not_said_to_a_family_again(
    office: Office, people: list[Person]
) -> None:
    maria = people[0]
    case = await office.db.transaction(with_case, office, maria.chat_id)
    await office.post(
        case, place=Place.FAMILY, purpose=Purpose.TO_FAMILY, words="hola", author="V-01", origin=5
    )
    held = office.box.faults.hold_after_write("sendMessage", chat_id=maria.chat_id)
    running = asyncio.create_task(office.lanes.run())
    await asyncio.wait_for(held.reached.wait(), 5)
    running.cancel()
    await office.lanes.finish(0)  # the machine goes dark: nobody hears the answer
    held.release()
    office.lanes = office.anew()
    async with office.open():
        async with asyncio.timeout(5):
            while not await office.db.transaction(_held):  # noqa: ASYNC110 - no bell for a table
                await asyncio.sleep(0.02)
    assert office.said(maria) == ["hola"], "whoever wrote it is asked whether to send it again"


def _held(tx: Tx) -> bool:
    return bool(outbox.every(tx, PostState.HELD))


async def test_stopping_lets_a_call_that_is_being_made_end(
    office: Office, people: list[Person]
) -> None:
    await office.to(people[0], "hola")
    held = office.box.faults.hold_before_write("sendMessage")
    running = asyncio.create_task(office.lanes.run())
    await asyncio.wait_for(held.reached.wait(), 5)
    running.cancel()
    stopping = asyncio.create_task(office.lanes.finish(5))
    held.release()
    await stopping
    assert office.said(people[0]) == ["hola"]
    assert await office.left() == 0


async def test_an_end_is_noted_even_if_the_database_is_locked_just_then(
    office: Office, people: list[Person], monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    """An end that nobody noted counts as one of which nobody knows: she would be asked again."""
    ended, errors = deliveries.ended, [StoreBusyError("locked")] * 2

    def locked(*args: Any) -> Any:
        if errors:
            raise errors.pop()
        return ended(*args)

    monkeypatch.setattr(deliveries, "ended", locked)
    await office.to(people[0], "hola")
    async with office.open():
        await office.empty()
    assert office.said(people[0]) == ["hola"]
    assert events.count("storage_failed") == 2


async def test_a_post_that_fails_here_is_passed_over_and_the_others_go(
    office: Office, monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    claim = deliveries.claim
    bad = await office.post(words="veneno")
    await office.post(words="sigue")

    def failing(tx: Tx, post_id: int, *rest: Any) -> Any:
        if post_id == bad:
            raise ZeroDivisionError
        return claim(tx, post_id, *rest)

    monkeypatch.setattr(deliveries, "claim", failing)
    async with office.open() as lanes:
        for _ in range(3):
            await office.group.wait_until(lambda: True)
            office.box.clock.forward(timedelta(seconds=1))
            lanes.wake()
        await office.group.wait_until(lambda: office.said() == ["sigue"])
    assert events.count("desk_failed") == 3
    monkeypatch.setattr(deliveries, "claim", claim)
    async with office.open() as lanes:
        office.box.clock.forward(program.SET_ASIDE)
        await office.db.transaction(posture.note, SAFE, office.box.clock.now())
        lanes.wake()
        await office.empty()
    assert office.said() == ["sigue", "veneno"], "nothing is lost"


async def test_a_store_that_fails_is_outlasted(
    office: Office, monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    waiting, errors = deliveries.waiting, [StoreBusyError("locked"), KeyError("x")]

    def failing(*args: Any) -> Any:
        if errors:
            raise errors.pop()
        return waiting(*args)

    monkeypatch.setattr(deliveries, "waiting", failing)
    await office.post(words="hola")
    async with office.open():
        await office.empty()
    assert office.said() == ["hola"]
    assert events.count("desk_failed") == 2


async def test_a_message_on_its_way_to_who_erased_everything_is_deleted_again(
    office: Office, people: list[Person]
) -> None:
    maria = people[0]
    case = await office.db.transaction(with_case, office, maria.chat_id)
    await office.post(case, place=Place.FAMILY, purpose=Purpose.TOLD_FAMILY, words="hola")
    held = office.box.faults.hold_before_write("sendMessage", chat_id=maria.chat_id)
    async with office.open():
        await asyncio.wait_for(held.reached.wait(), 5)
        await office.db.transaction(_forget, maria.chat_id)
        held.release()
        await until(lambda: bool(office.erasing))
    assert office.erasing == [maria.chat_id]


def _forget(tx: Tx, chat: int) -> None:
    cases.forget(tx, chat)


# The message that lists who waits


async def test_the_queue_is_shown_and_edited_in_the_groups_turn(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["uno", "uno", "dos"]
    noted: list[tuple[int, str]] = []

    def due(tx: Tx, now: Any, context: DeskContext) -> QueueEdit | None:
        if not words:
            return None
        said = words.pop(0)
        screen = Screen((Part("t.heard", {"number": 1, "words": said}),))
        return QueueEdit(office.group.chat_id, screen, noted[-1][0] if noted else None, said)

    monkeypatch.setattr(queue, "due", due)
    monkeypatch.setattr(queue, "shown", lambda tx, now, *shown: noted.append(shown))
    await office.post(words="aviso")
    async with office.open() as lanes:
        while len(noted) < 3:
            lanes.wake()
            await asyncio.sleep(0.02)
        await office.empty()
    assert [digest for _, digest in noted] == ["uno", "uno", "dos"]
    assert len({message_id for message_id, _ in noted}) == 1
    assert sorted(office.said()) == ["aviso", "dos"]


async def test_a_queue_whose_message_is_gone_is_made_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[bool] = []
    screen = Screen((Part("t.farewell"),))
    edit = QueueEdit(office.group.chat_id, screen, 999_999, "d")
    monkeypatch.setattr(queue, "due", lambda tx, now, context: None if lost else edit)
    monkeypatch.setattr(queue, "lost", lambda tx: lost.append(True))
    async with office.open():
        await until(lambda: bool(lost))


async def test_a_queue_that_fails_stops_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, events: list[str]
) -> None:
    def failing(*args: Any) -> Any:
        raise KeyError("x")

    monkeypatch.setattr(queue, "due", failing)
    await office.post(words="aviso")
    async with office.open():
        await office.empty()
    assert office.said() == ["aviso"]
    assert "desk_failed" in events
