"""The page's files and its stream, without a browser; with one, see tests/browser."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import aiohttp
import pytest

from sandbox import Person, Sandbox, pages
from tests.sandbox.calls import Call
from tests.sandbox.desk import forum

PAGE = {file.name: file.read_text("utf-8") for file in files("sandbox").joinpath("page").iterdir()}


class Stream:
    """Server-sent events, one at a time."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.id = ""

    async def next(self) -> tuple[str, Any]:
        fields: dict[str, str] = {}
        async with asyncio.timeout(5):
            while line := (await self.response.content.readline()).decode().rstrip("\n"):
                name, _, value = line.partition(": ")
                fields[name] = value
        if "event" not in fields:
            return "", None
        self.id = fields["id"]
        return fields["event"], json.loads(fields["data"])


@asynccontextmanager
async def stream(
    session: aiohttp.ClientSession, box: Sandbox, after: str | None = None
) -> AsyncIterator[Stream]:
    headers = {} if after is None else {"Last-Event-ID": after}
    async with session.get(f"{box.url}/_people/events", headers=headers) as response:
        assert response.content_type == "text/event-stream"
        yield Stream(response)


async def test_every_file_is_given_under_the_policy(
    box: Sandbox, session: aiohttp.ClientSession
) -> None:
    for path in ("", *(f"page/{name}" for name in PAGE)):
        async with session.get(f"{box.url}/{path}") as response:
            assert response.status == 200
            assert response.headers["Content-Security-Policy"] == pages.POLICY
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert await response.text() == PAGE[path.removeprefix("page/") or "index.html"]
    for path in ("page/", "page/nothing.js", "page/__init__.py", "page/..%2Fserver.py"):
        async with session.get(f"{box.url}/{path}") as response:
            assert response.status == 404


def test_the_policy_allows_nothing_but_ones_own() -> None:
    rules = dict(rule.split(" ", 1) for rule in pages.POLICY.split("; "))
    assert rules.pop("default-src") == "'none'"
    assert set(rules.values()) == {"'self'", "'none'"}


@pytest.mark.parametrize("name", sorted(PAGE))
def test_a_file_needs_no_other_site_and_nothing_inline(name: str) -> None:
    text = PAGE[name].replace('"http://www.w3.org/2000/svg"', "")
    for mine in ("https://${words}", "](https://)"):  # what somebody typed, or is to type
        text = text.replace(mine, "")
    assert not re.search(r"[a-z]+://(?!\$)", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", text)
    assert "innerHTML" not in text
    assert "eval(" not in text


async def test_the_first_event_is_everything(
    box: Sandbox, session: aiohttp.ClientSession, ask: Call, maria: Person
) -> None:
    await ask("sendMessage", chat_id=maria.chat_id, text="¿Sí?" * 50)
    await ask("setMyCommands", commands=[{"command": "start", "description": "Empezar"}])
    await ask("getUpdates")
    box.faults.hang("sendMessage")
    async with stream(session, box) as events:
        topic, told = await events.next()
    assert topic == "everything"
    (person,) = told["people"]
    assert (person["name"], person["blocked"], person["typing"]) == ("María", False, False)
    assert [one["text"] for one in person["messages"]] == ["/start", "¿Sí?" * 50]
    assert person["messages"][-1]["lock_screen"] == "¿Sí?" * 30
    assert told["clock"] == {"now": box.clock.now().isoformat(), "runs": False}
    assert [one["method"] for one in told["calls"]] == ["sendMessage", "setMyCommands"]
    assert "text" not in json.dumps(told["calls"])
    assert [(one["kind"], one["left"]) for one in told["faults"]] == [("hang", 1)]
    assert told["menu"] == [{"command": "start", "description": "Empezar"}]


async def test_what_happens_comes_as_it_happens(
    box: Sandbox, session: aiohttp.ClientSession, ask: Call, call: Call, maria: Person
) -> None:
    async with stream(session, box) as events:
        await events.next()
        said = await maria.send("hola")
        topic, told = await events.next()
        assert (topic, told["kind"], told["message"]["text"]) == ("message", "said", "hola")
        await maria.delete(said)
        topic, told = await events.next()
        assert (topic, told["kind"], told["message"]) == ("message", "hidden", None)
        assert told["message_id"] == said.message_id
        await maria.block()
        topic, told = await events.next()
        assert (topic, told["blocked"]) == ("person", True)
        await maria.unblock()
        await events.next()
        await ask("sendChatAction", chat_id=maria.chat_id, action="typing")
        assert [(await events.next())[1].get("typing"), (await events.next())[0]] == [True, "call"]
        box.person("Ana")
        assert (await events.next())[1]["name"] == "Ana"
        box.clock.forward(box.clock.now() - box.clock.now())
        assert await events.next() == ("clock", {"now": box.clock.now().isoformat(), "runs": False})
        box.faults.forbid("sendMessage")
        assert (await events.next())[0] == "faults"
        await call("sendMessage", chat_id=maria.chat_id, text="a")
        assert (await events.next())[1] == {"faults": []}
        topic, told = await events.next()
        assert (topic, told["code"], told["fault"]) == ("call", 403, "refuse")


async def test_a_press_is_told_when_it_is_answered(
    box: Sandbox, session: aiohttp.ClientSession, ask: Call, maria: Person
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "No", "callback_data": "n"}]]}
    sent = await ask("sendMessage", chat_id=maria.chat_id, text="a", reply_markup=keyboard)
    async with stream(session, box) as events:
        await events.next()
        press = await maria.press("No")
        await ask("answerCallbackQuery", callback_query_id=press.id, text="Listo")
        assert await events.next() == (
            "press",
            {
                "chat_id": maria.chat_id,
                "message_id": sent["message_id"],
                "by": maria.chat_id,
                "text": "Listo",
                "alert": False,
            },
        )


async def test_groups_come_with_the_rest(
    box: Sandbox, session: aiohttp.ClientSession, ask: Call
) -> None:
    group, ana, luis = forum(box)
    topic = group.new_topic("K7M2")
    menu = [{"command": "cola", "description": "La cola"}]
    scope = {"type": "chat", "chat_id": group.chat_id}
    await ask("setMyCommands", commands=menu, scope=scope)
    await ask("sendMessage", chat_id=group.chat_id, text="Cola")
    async with stream(session, box) as events:
        _, told = await events.next()
        (shown,) = told["groups"]
        assert [one["name"] for one in shown["topics"]] == ["General", "K7M2"]
        assert [one["name"] for one in shown["members"]] == ["Dueña", "Ana", "Luis"]
        assert [(one["text"], one["topic"]) for one in shown["messages"]][-1] == ("Cola", 1)
        assert told["menus"] == {str(group.chat_id): menu}
        hers = await ana.send("nota", to=group, topic=topic, reply_to=None)
        name, told = await events.next()
        assert (name, told["chat_id"]) == ("message", group.chat_id)
        assert told["message"]["author"] == ana.chat_id
        assert told["message"]["topic"] == topic.thread_id
        name, told = await events.next()
        assert name == "group"
        assert told["seen"][str(ana.chat_id)] == {str(topic.thread_id): hers.message_id}
        group.remove(luis)
        seen = [await events.next() for _ in range(2)]
        assert [name for name, _ in seen] == ["message", "group"]
        assert seen[0][1]["message"]["detail"] == "Luis"
        assert seen[1][1]["members"][-1]["status"] == "kicked"


async def test_a_group_that_became_another_is_gone(
    box: Sandbox, session: aiohttp.ClientSession
) -> None:
    group = box.group("Chico", basic=True)
    old = group.chat_id
    async with stream(session, box) as events:
        await events.next()
        new = group.migrate()
        told = [await events.next() for _ in range(3)]
    assert ("group", {"chat_id": old, "gone": True}) in told
    assert any(one["chat_id"] == new for _, one in told)


async def test_a_reader_that_was_cut_off_goes_on_where_it_was(
    box: Sandbox, session: aiohttp.ClientSession, maria: Person
) -> None:
    async with stream(session, box) as events:
        await events.next()
        await maria.send("uno")
        await events.next()
    await maria.send("dos")
    await maria.send("tres")
    async with stream(session, box, after=events.id) as again:
        assert [(await again.next())[1]["message"]["text"] for _ in range(2)] == ["dos", "tres"]
    async with stream(session, box, after="another.1") as anew:
        assert (await anew.next())[0] == "everything"


async def test_a_reader_too_slow_for_the_journal_is_told_everything(
    monkeypatch: pytest.MonkeyPatch, box: Sandbox, session: aiohttp.ClientSession
) -> None:
    monkeypatch.setattr("sandbox.journal.KEPT", 4)
    async with stream(session, box) as events:
        await events.next()
        for number in range(10):
            box.person(f"Persona {number}")
        topic, told = await events.next()
        assert (topic, len(told["people"])) == ("everything", 10)


async def test_a_quiet_stream_shows_that_it_lives(
    monkeypatch: pytest.MonkeyPatch, box: Sandbox, session: aiohttp.ClientSession
) -> None:
    monkeypatch.setattr("sandbox.pages.BEAT", 0.01)
    async with stream(session, box) as events:
        assert (await events.next())[0] == "everything"
        assert await events.next() == ("", None)


async def test_the_stream_ends_with_the_sandbox(session: aiohttp.ClientSession) -> None:
    async with Sandbox() as box, stream(session, box) as events:
        await events.next()
        await box.stop()
        assert await events.response.content.read() == b""


async def test_another_sites_page_can_do_nothing(
    box: Sandbox, session: aiohttp.ClientSession, maria: Person
) -> None:
    url = f"{box.url}/_people/{maria.chat_id}/send"
    for origin, status in (("https://elsewhere.example", 403), ("null", 403), (box.url, 200)):
        headers = {"Origin": origin}
        async with session.post(url, data='{"text": "hola"}', headers=headers) as response:
            assert response.status == status
    assert [message.text for message in maria.screen()] == ["/start", "hola"]
