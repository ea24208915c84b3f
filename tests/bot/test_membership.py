"""Who is in the group is asked of Telegram, remembered for a minute, and never guessed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import membership
from bot.membership import Membership
from bot.wire import Wire
from sandbox import Group, Person, Sandbox

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


class Clock:
    """The program's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def known(box: Sandbox, clock: Clock) -> AsyncIterator[Membership]:
    async with Wire(box.url, box.token, patience=2) as wire:
        yield Membership(wire, clock)


@pytest.fixture
def group(box: Sandbox) -> Group:
    return box.group("Mesa", forum=True)


@pytest.fixture
def ana(box: Sandbox, group: Group) -> Person:
    person = box.person("Ana")
    group.add(person)
    return person


def asked(box: Sandbox) -> int:
    return len(box.calls_of("getChatMember"))


async def test_who_is_in_and_who_is_not(
    box: Sandbox, known: Membership, group: Group, ana: Person
) -> None:
    luis, stranger = box.person("Luis"), box.person("Otra")
    group.add(luis, admin=True)
    assert await known.inside(group.chat_id, ana.chat_id) is True
    assert await known.inside(group.chat_id, luis.chat_id) is True
    restricted = box.person("Restringida")
    group.add(restricted)
    group.restrict(restricted)
    assert await known.inside(group.chat_id, restricted.chat_id) is True
    assert await known.inside(group.chat_id, stranger.chat_id) is False
    assert await known.inside(group.chat_id, 5) is False  # Telegram: user not found
    group.remove(luis)
    group.leave(ana)
    known.forget(group.chat_id)
    assert await known.inside(group.chat_id, luis.chat_id) is False
    assert await known.inside(group.chat_id, ana.chat_id) is False


async def test_an_answer_is_good_for_a_minute(
    box: Sandbox, known: Membership, group: Group, ana: Person, clock: Clock
) -> None:
    await known.inside(group.chat_id, ana.chat_id)
    group.remove(ana)
    clock.forward(59)
    assert await known.inside(group.chat_id, ana.chat_id) is True
    assert asked(box) == 1
    clock.forward(2)
    assert await known.inside(group.chat_id, ana.chat_id) is False
    assert asked(box) == 2


async def test_what_changed_is_asked_again_at_once(
    box: Sandbox, known: Membership, group: Group, ana: Person
) -> None:
    luis = box.person("Luis")
    group.add(luis)
    for person in (ana, luis):
        await known.inside(group.chat_id, person.chat_id)
    group.remove(ana)
    known.forget(group.chat_id, ana.chat_id)
    assert await known.inside(group.chat_id, ana.chat_id) is False
    assert await known.inside(group.chat_id, luis.chat_id) is True
    assert asked(box) == 3


async def test_an_answer_of_before_the_change_is_not_remembered(
    box: Sandbox, known: Membership, group: Group, ana: Person
) -> None:
    held = box.faults.hold_after_write("getChatMember")
    asking = asyncio.create_task(known.inside(group.chat_id, ana.chat_id))
    await asyncio.wait_for(held.reached.wait(), 5)
    group.remove(ana)
    known.forget(group.chat_id, ana.chat_id)
    held.release()
    assert await asking is True
    assert await known.inside(group.chat_id, ana.chat_id) is False


async def test_many_who_ask_the_same_wait_for_one_answer(
    box: Sandbox, known: Membership, group: Group, ana: Person
) -> None:
    answers = await asyncio.gather(*(known.inside(group.chat_id, ana.chat_id) for _ in range(50)))
    assert answers == [True] * 50
    assert asked(box) == 1


async def test_who_gives_up_waiting_takes_no_answer_from_the_others(
    box: Sandbox, known: Membership, group: Group, ana: Person
) -> None:
    held = box.faults.hold_before_write("getChatMember")
    first = asyncio.create_task(known.inside(group.chat_id, ana.chat_id))
    second = asyncio.create_task(known.inside(group.chat_id, ana.chat_id))
    await asyncio.wait_for(held.reached.wait(), 5)
    first.cancel()
    held.release()
    assert await second is True


@pytest.mark.parametrize("trouble", ["server", "silence", "hidden", "out", "wait"])
async def test_trouble_is_never_a_yes(
    box: Sandbox,
    known: Membership,
    group: Group,
    ana: Person,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    monkeypatch.setattr(membership, "PATIENCE", 0.2)
    fault = None
    match trouble:
        case "server":
            fault = box.faults.server_error("getChatMember", times=None)
        case "silence":
            fault = box.faults.hang("getChatMember", times=None)
        case "wait":
            fault = box.faults.retry_after("getChatMember", 30)
        case "hidden":
            group.set(has_hidden_members=True)
            group.demote_bot()
        case "out":
            group.remove_bot()
    assert await known.inside(group.chat_id, ana.chat_id) is None
    assert await known.inside(group.chat_id, ana.chat_id) is None
    assert asked(box) == 1, "everybody would wait for a server that is silent"
    if fault is not None:
        fault.release()
        clock.forward(4)
        assert await known.inside(group.chat_id, ana.chat_id) is True
