"""The control API from another process: what a person does, waiting, clock, calls, faults."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.calls import Call
from tests.sandbox.remote import Remote


@pytest.fixture
def remote(session: aiohttp.ClientSession, box: Sandbox) -> Remote:
    return Remote(session, box.url)


@pytest.fixture
async def ana(remote: Remote) -> str:
    made = await remote.post("/_people", name="Ana", chat_id=6123456789, username="ana")
    who = {"chat_id": 6123456789, "name": "Ana", "username": "ana"}
    assert made == {**who, "blocked": False, "aside": False, "organiser": False}
    return "/_people/6123456789"


async def test_a_whole_conversation(remote: Remote, ask: Call, ana: str) -> None:
    said = await remote.post(f"{ana}/send", text="/start")
    assert (said["text"], said["mine"]) == ("/start", False)
    version = (await remote.get(f"{ana}/screen"))["version"]
    waiting = asyncio.create_task(remote.get(f"{ana}/wait", after=version, timeout=5))
    sent = await ask(
        "sendMessage",
        chat_id=6123456789,
        text="¿Sí?",
        reply_markup={"inline_keyboard": [[{"text": "No", "callback_data": "n"}]]},
    )
    woken = await waiting
    assert [event["kind"] for event in woken["events"]] == ["sent"]
    assert woken["messages"][-1]["buttons"] == [[{"text": "No", "data": "n"}]]
    place = {"message_id": sent["message_id"]}
    pressed = await remote.post(f"{ana}/press", text="No")
    again = await remote.post(f"{ana}/press", **place, data="n")
    assert pressed["callback_query_id"] != again["callback_query_id"]
    await ask("editMessageText", chat_id=6123456789, text="Gracias", **place)
    screen = await remote.get(f"{ana}/screen")
    assert screen["messages"][-1]["history"] == ["¿Sí?", "Gracias"]
    assert "edit_date" in screen["messages"][-1]
    await remote.post(f"{ana}/edit", message_id=said["message_id"], text="/ayuda")
    await remote.post(f"{ana}/delete", **place, for_both=True)
    kinds = [next(key for key in one if key != "update_id") for one in await ask("getUpdates")]
    assert kinds == ["message", "callback_query", "callback_query", "edited_message"]
    assert [one["text"] for one in (await remote.get(f"{ana}/screen"))["messages"]] == ["/ayuda"]


async def test_waiting_for_nothing(remote: Remote, ana: str) -> None:
    assert (await remote.get(f"{ana}/wait", timeout=0.01))["events"] == []


async def test_media_and_blocking(remote: Remote, ana: str) -> None:
    for kind in ("voice", "photo", "video", "document", "sticker", "contact", "location"):
        assert (await remote.post(f"{ana}/{kind}"))["kind"] == kind
    assert (await remote.post(f"{ana}/photo", caption="mire"))["text"] == "mire"
    await remote.post(f"{ana}/block")
    assert (await remote.get("/_people"))[0]["blocked"] is True
    refused = await remote.post(f"{ana}/send", 400, text="hola")
    assert "unblock" in refused["error"]
    await remote.post(f"{ana}/unblock")
    await remote.post(f"{ana}/send", text="hola")


async def test_what_cannot_be_done_says_so(remote: Remote, ana: str) -> None:
    for path, status, body, error in (
        ("/_people/1/send", 404, {"text": "a"}, "no such person"),
        ("/_people/x/send", 404, {"text": "a"}, "no such person"),
        (f"{ana}/dance", 404, {}, "nobody can dance"),
        (f"{ana}/edit", 404, {"message_id": 1, "text": "a"}, "no such message"),
        (f"{ana}/send", 400, {}, "missing text"),
        (f"{ana}/press", 400, {"text": "No"}, "no button"),
        (f"{ana}/voice", 400, {"volume": 11}, "volume"),
        ("/_people", 400, {}, "missing name"),
        ("/_faults", 400, {"kind": "rain", "method": "getMe"}, "kind is one of"),
    ):
        given: dict[str, Any] = body
        assert error in (await remote.post(path, status, **given))["error"]


async def test_clock_calls_and_faults(
    remote: Remote, box: Sandbox, call: Call, session: aiohttp.ClientSession
) -> None:
    before = box.clock.now()
    await remote.post("/_clock", forward=3600)
    assert (box.clock.now() - before).total_seconds() == 3600
    assert (await remote.get("/_clock"))["now"] == box.clock.now().isoformat()
    await remote.post("/_faults", kind="retry_after", method="getMe", seconds=4, times=2)
    assert (await call("getMe"))["parameters"] == {"retry_after": 4}
    async with session.delete(f"{box.url}/_faults") as response:
        assert response.status == 200
    assert (await call("getMe"))["ok"]
    for kind in ("forbid", "server_error", "truncate", "drop_before_write", "hang"):
        await remote.post("/_faults", kind=kind, method=None, chat_id=5, times=3)
    waiting = [(one["kind"], one["code"], one["left"]) for one in await remote.get("/_faults")]
    assert waiting == [
        ("refuse", 403, 3),
        ("refuse", 502, 3),
        ("truncate", None, 3),
        ("drop_before", None, 3),
        ("hang", None, 3),
    ]
    log = await remote.get("/_calls", after=1)
    assert (log["total"], [one["method"] for one in log["calls"]]) == (2, ["getMe"])


@pytest.fixture
async def program() -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sandbox", "--token", "77:OTHER"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    yield process
    if process.returncode is None:
        process.kill()
    await process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_program_says_where_and_ends_cleanly(
    program: asyncio.subprocess.Process, session: aiohttp.ClientSession, number: signal.Signals
) -> None:
    assert program.stdout is not None
    line = await asyncio.wait_for(program.stdout.readline(), 20)
    url = line.decode().strip()
    assert url.startswith("http://127.0.0.1:")
    remote = Remote(session, url)
    ana = await remote.post("/_people", name="Ana")
    await remote.post(f"/_people/{ana['chat_id']}/send", text="/start")
    updates = await remote.get("/bot77:OTHER/getUpdates")
    assert updates["result"][0]["message"]["text"] == "/start"
    offset = updates["result"][0]["update_id"] + 1
    polling = asyncio.create_task(remote.get(f"/bot77:OTHER/getUpdates?timeout=30&offset={offset}"))
    assert len((await remote.get("/_calls", after=1, timeout=5))["calls"]) == 1
    program.send_signal(number)
    assert (await polling)["result"] == []
    _, errors = await asyncio.wait_for(program.communicate(), 10)
    assert (program.returncode, errors) == (0, b"")


async def test_a_busy_port_is_said(box: Sandbox) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sandbox", "--port", box.url.rpartition(":")[2]),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, out) == (1, b"")
    assert errors.startswith(b"sandbox: ")
