"""A sandbox in a process of its own, so that its work is not counted as the bot's."""

from __future__ import annotations

import asyncio
import sys
from types import TracebackType
from typing import Any, Self

import aiohttp

from sandbox.server import TOKEN


class FarSandbox:
    """``async with FarSandbox(people=50) as box``: so many people who have started the bot.

    Attributes:
        url, token: for the bot.
        chats: the people's chats, in order.
    """

    def __init__(self, people: int) -> None:
        self._people = people
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None
        self.token = TOKEN
        self.url = ""
        self.chats: list[int] = []

    async def control(self, path: str, body: dict[str, Any]) -> Any:
        """Ask something of its control API (`sandbox.control`); raises aiohttp's errors."""
        assert self._session is not None
        async with self._session.post(self.url + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sandbox", stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.url = (await self._process.stdout.readline()).decode().strip()
        self._session = aiohttp.ClientSession()
        for number in range(self._people):
            person = await self.control("/_people", {"name": f"Persona {number}", "aside": True})
            await self.control(f"/_people/{person['chat_id']}/send", {"text": "/start"})
            self.chats.append(person["chat_id"])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()
