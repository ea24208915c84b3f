"""A Telegram that misbehaves, a clock that jumps and a long stop: nothing of the desk is lost, left
behind or let through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import locales
from bot.calls import Caller
from bot.deliveries import Deliveries
from bot.membership import Membership
from bot.wire import Wire
from helpdesk.desk import queue
from helpdesk.desk.case import Status
from sandbox import Sandbox
from store import Database
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


@pytest.mark.parametrize("seconds", [40, 0])
async def test_a_chat_told_to_wait_waits_no_day_and_not_for_nothing(
    box: Sandbox,
    db: Database,
    catalogue: locales.Catalogue,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
) -> None:
    """The clock is set back meanwhile; and "in 0 seconds" is no reason to ask without end."""
    monkeypatch.setattr(queue, "due", lambda tx, now, context: None)
    ana = box.person("Ana")
    await ana.send("/start")
    async with Wire(box.url, box.token, patience=5) as wire:
        office = Office.with_group(box, db, wire, catalogue)
        told: list[float] = []
        fault = box.faults.retry_after("sendMessage", seconds, chat_id=ana.chat_id, times=20)
        office.lanes = Deliveries(
            Caller(wire, office.context), db, office.context, clock, *[lambda _: None] * 3
        )
        await office.to(ana, "a usted")
        async with office.open() as lanes:
            await box.called("sendMessage")
            assert fault.struck <= 2
            fault.lift()
            clock.set = timedelta(days=-1)
            lanes.wake()
            await office.empty()
        assert office.said(ana) == ["a usted"]
        assert not told
