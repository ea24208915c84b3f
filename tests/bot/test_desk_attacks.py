"""A Telegram that misbehaves, a clock that jumps and a long stop: nothing of the desk is lost, left
behind or let through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import locales
from bot import noting
from bot.calls import Caller
from bot.deliveries import Deliveries
from bot.membership import Membership
from bot.wire import Wire
from helpdesk.desk import deliveries as outbox_of_the_desk
from helpdesk.desk import queue
from helpdesk.desk.case import Status
from helpdesk.desk.context import DeskContext
from helpdesk.desk.ends import Aftermath
from sandbox import Person, Sandbox
from store import Database
from store.errors import StoreBusyError
from tests.bot.mesa import Mesa, mesa, shown
from tests.bot.test_deliveries import Office


class Clock:
    """The program's clock, set as by hand."""

    def __init__(self) -> None:
        self.set = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.set


@pytest.fixture
def clock() -> Clock:
    return Clock()


# The clock


async def test_a_clock_set_back_lets_nobody_in_who_left(box: Sandbox, clock: Clock) -> None:
    """Her leaving was not told; only asking again can tell."""
    group, ana = box.group("Mesa", forum=True), box.person("Ana")
    group.add(ana)
    async with Wire(box.url, box.token, patience=2) as wire:
        known = Membership(wire, clock)
        assert await known.inside(group.chat_id, ana.chat_id) is True
        group.remove(ana)
        clock.set = timedelta(days=-1)
        assert await known.inside(group.chat_id, ana.chat_id) is False


@pytest.fixture
async def office(
    box: Sandbox,
    db: Database,
    catalogue: locales.Catalogue,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Office]:
    """The lanes, on a clock that can be set back."""
    monkeypatch.setattr(queue, "due", lambda tx, now, context: None)
    group = box.group("Mesa", forum=True)
    async with Wire(box.url, box.token, patience=5) as wire:
        context = DeskContext(group.chat_id, {"es": catalogue})
        office = Office(box, group, db, wire, context)
        nothing = [lambda _: None] * 3
        office.lanes = Deliveries(Caller(wire, context), db, context, clock, *nothing)
        yield office


@pytest.fixture
async def ana(box: Sandbox) -> Person:
    person = box.person("Ana")
    await person.send("/start")
    return person


async def test_a_clock_set_back_a_day_keeps_no_chat_waiting_a_day(
    office: Office, ana: Person, clock: Clock
) -> None:
    office.box.faults.retry_after("sendMessage", 40, chat_id=ana.chat_id)
    await office.to(ana, "a usted")
    async with office.open() as lanes:
        await office.box.called("sendMessage")
        await asyncio.sleep(0.1)  # the answer is on its way: nothing rings when it was noted
        clock.set = timedelta(days=-1)
        lanes.wake()
        await office.empty()
    assert office.said(ana) == ["a usted"]


# Telegram


async def test_told_to_wait_no_time_at_all_it_is_not_asked_without_end(
    office: Office, ana: Person
) -> None:
    fault = office.box.faults.retry_after("sendMessage", 0, chat_id=ana.chat_id, times=1000)
    await office.to(ana, "a usted")
    async with office.open():
        await office.box.called("sendMessage")
        await asyncio.sleep(0.4)
        assert fault.struck == 1
        fault.lift()
        await office.empty()
    assert office.said(ana) == ["a usted"]


# The disk


async def test_a_disk_that_is_full_for_long_keeps_no_chat_waiting_for_a_restart(
    office: Office, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was called and whose end could not be noted would block all that comes after it."""
    monkeypatch.setattr(noting, "pause", lambda failures: 0.001)
    left = 50
    ended = outbox_of_the_desk.ended

    def full(*args: Any) -> Aftermath:
        nonlocal left
        left -= 1
        if left > 0:
            raise StoreBusyError("the disk is full")
        return ended(*args)

    monkeypatch.setattr(outbox_of_the_desk, "ended", full)
    await office.to(ana, "uno")
    await office.to(ana, "dos")
    async with office.open():
        await office.empty()
    assert office.said(ana) == ["uno", "dos"]


# A long stop


async def closed(desk: Mesa) -> None:
    """Let a case be taken, talked about and closed."""
    await desk.escalate()
    topic = await desk.claim(desk.ana)
    await desk.until(lambda: desk.words(topic))
    await desk.ana.send("/cerrar resuelto", to=desk.group, topic=topic)
    await desk.becomes(lambda case: case.status is Status.CLOSED)
    await desk.until(lambda: topic.closed)


@pytest.mark.slow
async def test_a_topic_goes_although_faro_was_stopped_when_its_time_came(tmp_path: Path) -> None:
    """What leads to the topic is deleted too, at the start: that must not come first."""
    async with mesa(tmp_path) as desk:
        async with desk.running():
            await closed(desk)
        desk.forward(8 * 24 * 3600)
        async with desk.running():
            await desk.until(lambda: not desk.group.topics)
        assert await desk.cases() == []


@pytest.mark.slow
async def test_what_she_wrote_before_a_stop_of_a_day_is_still_there(tmp_path: Path) -> None:
    """Its post is over by then; the message itself stands in her chat, and is copied from there."""
    async with mesa(tmp_path) as desk:
        async with desk.running():
            await desk.escalate()
            topic = await desk.claim(desk.ana)
            await desk.until(lambda: desk.words(topic))
            desk.box.faults.retry_after("sendMessage", 3600, chat_id=desk.group.chat_id, times=None)
            await desk.maria.send("Se llevaron a mi hijo")
            await desk.until(lambda: desk.box.queue.pending == ())
        desk.forward(26 * 3600)
        async with desk.running():
            await desk.becomes(lambda case: case.status is Status.WAITING)
            again = await desk.claim(desk.luis)
            await desk.until(
                lambda: any("mi hijo" in shown(one) for one in desk.group.screen(again))
            )
