"""A running sandbox, and two ways to call it: bare HTTP and python-telegram-bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from sandbox import Clock, Person, Sandbox
from tests.sandbox.calls import Call


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=Clock(datetime(2026, 11, 21, 12, tzinfo=UTC))) as running:
        yield running


@pytest.fixture
async def maria(box: Sandbox) -> Person:
    """Somebody who has pressed Start; the bot has seen it."""
    person = box.person("María")
    await person.send("/start")
    box.queue.clear()
    return person


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def call(box: Sandbox, session: aiohttp.ClientSession) -> Call:
    """Call a method with JSON parameters; gives the whole answer."""

    async def post(method: str, **parameters: Any) -> Any:
        async with session.post(f"{box.url}/bot{box.token}/{method}", json=parameters) as response:
            answer = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer

    return post


@pytest.fixture
def ask(call: Call) -> Call:
    """Call a method that must work; gives the result."""

    async def post(method: str, **parameters: Any) -> Any:
        answer = await call(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    return post


@pytest.fixture
def refusal(call: Call) -> Call:
    """Call a method that must be refused; gives code and description in one string."""

    async def post(method: str, **parameters: Any) -> str:
        answer = await call(method, **parameters)
        assert not answer["ok"], answer
        return f"{answer['error_code']} {answer['description']}"

    return post


@pytest.fixture
async def bot(box: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(
        box.token, base_url=f"{box.url}/bot", base_file_url=f"{box.url}/file/bot"
    ) as ready:
        yield ready
