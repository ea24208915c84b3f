"""Families are asked whether they still want alerts: once, one after another, none for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest

from helpdesk import subscriptions
from helpdesk.broadcasts import reconsent
from store import Database, subscribers
from tests.bot.office import Office, office_of_twelve, until


@pytest.fixture
async def office(db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with office_of_twelve(db, monkeypatch) as office:
        yield office


async def test_families_are_asked_once_whether_they_still_want_it(office: Office) -> None:
    office.box.clock.forward(subscriptions.REASK + timedelta(hours=12))
    gone = office.people[0]
    await gone.block()
    async with office.open():
        await asyncio.sleep(0.1)
        assert office.calls() == 0, "it is night"
    office.box.clock.forward(timedelta(hours=12))
    async with office.open():
        await until(lambda: office.calls() == 12)
    async with office.open():
        await asyncio.sleep(0.1)
    assert office.calls() == 12
    for person in office.people[1:]:
        (message,) = person.from_bot()
        assert "¿Los quiere todavía?" in message.text
        assert len(message.rows) == 2
    assert await office.db.transaction(subscribers.get, gone.chat_id) is None
    assert office.counts == {"alerts=gone": 1}
    office.box.clock.forward(subscriptions.ANSWER_WITHIN)
    assert await office.db.transaction(reconsent.due, office.box.clock.now()) == []
    assert len(await office.db.transaction(subscribers.every)) == 0, "nobody answered"


async def test_who_was_not_reached_is_asked_another_time(office: Office) -> None:
    office.box.clock.forward(subscriptions.REASK)
    await office.box.stop()
    async with office.open():
        await asyncio.sleep(0.2)
    await office.box.start()
    async with office.open():
        await until(lambda: office.calls() == 12)


@pytest.mark.parametrize("trouble", ["server", "page"])
async def test_an_outage_uses_up_one_question_and_not_the_whole_list(
    office: Office, trouble: str
) -> None:
    """Who may have been asked counts as asked, and who does not answer is dropped after 30 days."""
    office.box.clock.forward(subscriptions.REASK)
    faults = office.box.faults
    order = faults.server_error if trouble == "server" else faults.gateway_error
    fault = order("sendMessage", times=None)
    async with office.open():
        await until(lambda: fault.struck > 0)
        await asyncio.sleep(0.2)
    every = await office.db.transaction(lambda tx: [*subscribers.every(tx)])
    assert len([one for one in every if "asked_at" in one.body]) == 1
    fault.lift()
    async with office.open():
        await until(lambda: len([one for one in office.people if office.got(one)]) == 11)


async def test_while_nobody_can_tell_it_asks_ever_more_rarely(office: Office) -> None:
    office.box.clock.forward(subscriptions.REASK)
    office.every = 0.05
    office.box.faults.server_error("sendMessage", times=None)
    async with office.open():
        await until(lambda: office.calls() == 4)
    came = [call.came for call in office.box.calls_of("sendMessage")]
    gaps = [later - earlier for earlier, later in pairwise(came)]
    assert all(gap >= 0.05 * 2**number for number, gap in enumerate(gaps, start=1)), gaps


async def test_many_that_are_refused_hold_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconsent, "AT_ONCE", 3)
    monkeypatch.setattr("bot.reconsent.SOON", 0.05)
    office.box.clock.forward(subscriptions.REASK)
    office.every = 0.05
    office.box.faults.refuse("sendMessage", 400, "Bad Request: something new", times=3)
    async with office.open():
        await until(lambda: len([one for one in office.people if office.got(one)]) == 9)
        await asyncio.sleep(0.2)
    assert office.calls() == 12, "nor are they insisted on"
    assert len(await office.db.transaction(subscribers.every)) == 12


async def test_a_question_that_is_refused_for_one_reaches_the_others(office: Office) -> None:
    office.box.clock.forward(subscriptions.REASK)
    odd = office.people[0]
    office.box.faults.refuse(
        "sendMessage", 400, "Bad Request: something new", chat_id=odd.chat_id, times=None
    )
    async with office.open():
        await until(lambda: len([one for one in office.people if office.got(one)]) == 11)
    assert await office.db.transaction(subscribers.get, odd.chat_id) is not None


async def test_a_program_that_is_stopped_leaves_nobody_unasked(office: Office) -> None:
    office.box.clock.forward(subscriptions.REASK)
    held = office.box.faults.hold_after_write("sendMessage")
    async with office.open():
        await asyncio.wait_for(held.reached.wait(), 5)
        every = await office.db.transaction(lambda tx: [*subscribers.every(tx)])
        asked = [one for one in every if "asked_at" in one.body]
        assert len(asked) == 1, "were it killed now it would leave out one, and no other"
        asyncio.get_running_loop().call_later(0.1, held.release)
    assert office.calls() == 1
    async with office.open():
        await until(lambda: office.calls() == 12)
    assert all(len(office.got(person)) == 1 for person in office.people)
