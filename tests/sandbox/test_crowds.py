"""Thousands of people cost little, and every call for them is counted with its time and its end."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import aiohttp
import pytest

from sandbox import Arrivals, Person, Sandbox
from sandbox.crowds import KEPT
from tests.sandbox.calls import Call
from tests.sandbox.remote import Remote

LEAVE = {"inline_keyboard": [[{"text": "Dejar de recibir", "callback_data": "leave"}]]}


async def test_a_crowd_is_written_to_and_presses(box: Sandbox, ask: Call) -> None:
    crowd = box.crowd(3)
    first, second, third = crowd.ids
    assert (len(set(crowd)), box.people) == (3, {})
    sent = await ask("sendMessage", chat_id=first, text="Uno", reply_markup=LEAVE)
    place = {"chat_id": first, "message_id": sent["message_id"]}
    await ask("editMessageText", **place, text="Dos", reply_markup=LEAVE)
    await ask("sendMessage", chat_id=second, text="Uno")
    assert crowd.texts(first) == ("Dos",)
    assert crowd.received() == {first: 1, second: 1, third: 0}
    press = await crowd.person(first).press("Dejar de recibir")
    (update,) = await ask("getUpdates")
    assert update["callback_query"]["from"]["id"] == first
    await ask("answerCallbackQuery", callback_query_id=press.id)
    assert await press.answer() == ""
    await ask("deleteMessage", **place)
    assert (crowd.texts(first), crowd.received()[first]) == ((), 1)


async def test_little_is_kept_of_a_crowd(box: Sandbox, ask: Call, refusal: Call) -> None:
    """Neither events nor calls, and the newest messages only; those of anybody else are kept."""
    crowd, ana = box.crowd(1), box.person("Ana")
    await ana.send("/start")
    (chat_id,) = crowd
    old = await ask("sendMessage", chat_id=chat_id, text="0")
    for number in range(1, KEPT + 1):
        await ask("sendMessage", chat_id=chat_id, text=str(number))
    await ask("sendMessage", chat_id=ana.chat_id, text="a")
    assert crowd.texts(chat_id) == tuple(str(number) for number in range(1, KEPT + 1))
    assert crowd.received() == {chat_id: KEPT + 1}
    lost = await refusal("editMessageText", chat_id=chat_id, message_id=old["message_id"], text="b")
    assert lost.endswith("message to edit not found")
    assert crowd.chats[chat_id].events == []
    assert [one.parameters["chat_id"] for one in box.calls] == [ana.chat_id]
    assert len(box.arrivals) == KEPT + 3


async def test_who_blocked_or_is_gone_refuses_and_nobody_is_told(
    box: Sandbox, refusal: Call, ask: Call
) -> None:
    crowd = box.crowd(3)
    blocked, gone, there = crowd
    crowd.block([blocked])
    crowd.deactivate([gone])
    said = [await refusal("sendMessage", chat_id=one, text="a") for one in (blocked, gone)]
    assert said == [
        "403 Forbidden: bot was blocked by the user",
        "403 Forbidden: user is deactivated",
    ]
    await ask("sendMessage", chat_id=there, text="a")
    assert box.queue.pending == ()
    assert box.arrivals.codes() == {403: 2, 200: 1}


async def test_a_deleted_account(box: Sandbox, refusal: Call, maria: Person) -> None:
    maria.deactivate()
    said = await refusal("sendMessage", chat_id=maria.chat_id, text="a")
    assert said == "403 Forbidden: user is deactivated"


async def test_how_long_a_message_can_be_edited_may_end(
    box: Sandbox, ask: Call, refusal: Call, maria: Person
) -> None:
    sent = await ask("sendMessage", chat_id=maria.chat_id, text="a")
    place = {"chat_id": maria.chat_id, "message_id": sent["message_id"]}
    box.clock.forward(timedelta(hours=49))
    await ask("editMessageText", **place, text="b")
    box.limits.edit_window = timedelta(hours=48)
    assert await refusal("editMessageText", **place, text="c") == (
        "400 Bad Request: message can't be edited"
    )
    gone = await refusal("deleteMessage", **place)
    assert gone == "400 Bad Request: message can't be deleted for everyone"


async def test_arrivals_have_their_real_time_and_end(
    box: Sandbox, call: Call, maria: Person
) -> None:
    """The sandbox's clock stands still here; the times do not."""
    began = time.monotonic()
    await call("sendMessage", chat_id=maria.chat_id, text="a")
    await call("sendMessage", chat_id="who?", text="a")
    await call("getMe")
    await call("getUpdates")
    box.faults.drop_before_write("sendMessage")
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("sendMessage", chat_id=maria.chat_id, text="a")
    first, second, third = box.arrivals.times()
    assert began <= first <= second <= third <= time.monotonic()
    assert box.arrivals.codes() == {200: 1, 400: 1, 0: 1}
    assert box.arrivals.codes("getMe", "sendMessage")[200] == 2
    assert box.arrivals.of(maria.chat_id) == [(first, 200), (third, 0)]
    box.arrivals.clear()
    assert len(box.arrivals) == 0


def test_the_most_in_any_window() -> None:
    arrivals = Arrivals()
    for at in (0.0, 0.5, 1.0, 1.25, 1.4999, 1.5, 9.0):
        arrivals.note("sendMessage", 5, 200, at)
    arrivals.note("getMe", None, 200, 1.3)
    assert arrivals.most_in(1.0) == 4  # from 0.5 on: 1.5 is a whole second later
    assert arrivals.most_in(0.1) == 2
    assert arrivals.most_in(1.0, "getMe") == 1
    assert Arrivals().most_in() == 0


async def test_a_crowd_from_another_process(
    box: Sandbox, session: aiohttp.ClientSession, ask: Call, call: Call
) -> None:
    remote = Remote(session, box.url)
    people = (await remote.post("/_crowd", people=3))["people"]
    await remote.post("/_crowd/block", people=people[:1])
    await remote.post("/_crowd/deactivate", people=people[1:2])
    await asyncio.gather(*(call("sendMessage", chat_id=one, text="a") for one in people))
    received = (await remote.get("/_crowd"))["received"]
    assert received == {str(one): int(one == people[2]) for one in people}
    shown = await remote.get("/_arrivals", window=60)
    assert (shown["calls"], shown["most"], shown["codes"]) == (3, 3, {"403": 2, "200": 1})
    assert (await remote.get("/_arrivals", method="getMe"))["calls"] == 0
    async with session.delete(f"{box.url}/_arrivals") as response:
        assert response.status == 200
    assert (await remote.get("/_arrivals"))["calls"] == 0
