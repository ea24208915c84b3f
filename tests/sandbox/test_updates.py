"""Updates stay until they are confirmed, and of two polls the newer goes on."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from sandbox import Person, Sandbox
from tests.sandbox.calls import Call


def _ids(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


async def _say(person: Person, count: int) -> None:
    for number in range(count):
        await person.send(f"mensaje {number}")


async def test_updates_stay_until_an_offset_confirms_them(
    box: Sandbox, ask: Call, maria: Person
) -> None:
    await _say(maria, 3)
    first = _ids(await ask("getUpdates"))
    assert len(first) == 3
    assert _ids(await ask("getUpdates")) == first
    assert _ids(await ask("getUpdates", offset=first[0])) == first
    assert _ids(await ask("getUpdates", offset=first[1])) == first[1:]
    assert _ids(await ask("getUpdates")) == first[1:]
    assert await ask("getUpdates", offset=first[2] + 1) == []
    assert len(box.queue) == 0


async def test_ids_grow_by_one(ask: Call, maria: Person) -> None:
    await _say(maria, 3)
    first, second, third = _ids(await ask("getUpdates"))
    assert (second, third) == (first + 1, first + 2)


async def test_a_negative_offset_forgets_all_but_the_last(ask: Call, maria: Person) -> None:
    await _say(maria, 5)
    ids = _ids(await ask("getUpdates"))
    assert _ids(await ask("getUpdates", offset=-2)) == ids[-2:]
    assert _ids(await ask("getUpdates")) == ids[-2:]
    assert _ids(await ask("getUpdates", offset=-9)) == ids[-2:]


async def test_limit(ask: Call, maria: Person) -> None:
    await _say(maria, 3)
    assert len(await ask("getUpdates", limit=2)) == 2


async def test_a_long_poll_ends_with_the_first_update(
    box: Sandbox, ask: Call, maria: Person
) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=30))
    await box.polled()
    await maria.send("hola")
    assert [one["message"]["text"] for one in await poll] == ["hola"]


async def test_a_long_poll_ends_with_nothing_when_time_is_over(ask: Call) -> None:
    assert await ask("getUpdates", timeout=1) == []


async def test_a_second_poll_ends_the_first_with_409(
    box: Sandbox, call: Call, maria: Person
) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=30))
    await box.polled()
    second = asyncio.create_task(call("getUpdates", timeout=30))
    refused = await first
    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: terminated by other getUpdates request")
    await maria.send("hola")
    assert len((await second)["result"]) == 1


async def test_allowed_updates_hold_until_changed(box: Sandbox, ask: Call, maria: Person) -> None:
    await ask("getUpdates", allowed_updates=["callback_query"])
    await maria.send("nadie lo ve")
    assert await ask("getUpdates") == []
    info = await ask("getWebhookInfo")
    assert info["allowed_updates"] == ["callback_query"]
    await ask("getUpdates", allowed_updates=[])
    await maria.send("hola")
    assert len(await ask("getUpdates")) == 1


async def test_unknown_kinds_are_refused(refusal: Call) -> None:
    said = await refusal("getUpdates", allowed_updates=["mesage"])
    assert '"allowed_updates"' in said
    assert '"mesage"' in said


async def test_delete_webhook_may_drop_what_waits(ask: Call, maria: Person) -> None:
    await _say(maria, 2)
    assert (await ask("getWebhookInfo"))["pending_update_count"] == 2
    assert await ask("deleteWebhook") is True
    assert (await ask("getWebhookInfo"))["pending_update_count"] == 2
    assert await ask("deleteWebhook", drop_pending_updates=True) is True
    assert (await ask("getWebhookInfo"))["pending_update_count"] == 0


async def test_an_update_can_come_twice(box: Sandbox, ask: Call, maria: Person) -> None:
    await maria.send("hola")
    (update,) = await ask("getUpdates")
    assert await ask("getUpdates", offset=update["update_id"] + 1) == []
    box.queue.repeat(update)
    assert await ask("getUpdates") == [update]


async def test_waiting_until_all_is_confirmed(box: Sandbox, ask: Call, maria: Person) -> None:
    await maria.send("hola")
    with pytest.raises(TimeoutError):
        await box.all_confirmed(timeout=0.01)
    waiting = asyncio.create_task(box.all_confirmed())
    (update,) = await ask("getUpdates")
    assert not waiting.done()
    await ask("getUpdates", offset=update["update_id"] + 1)
    await waiting


async def test_closing_ends_a_long_poll(maria: Person, box: Sandbox, call: Call) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await box.polled()
    await box.stop()
    assert (await poll)["result"] == []


async def test_telegram_goes_down_and_comes_back(box: Sandbox, ask: Call, maria: Person) -> None:
    url = box.url
    await box.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask("getMe")
    await maria.send("¿hay alguien?")
    await box.start()
    assert box.url == url
    poll = asyncio.create_task(ask("getUpdates", timeout=30))
    (update,) = await poll
    poll = asyncio.create_task(ask("getUpdates", timeout=30, offset=update["update_id"] + 1))
    await box.polled()
    await maria.send("ya")
    assert len(await poll) == 1
