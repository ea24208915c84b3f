"""The control API as another process calls it."""

from __future__ import annotations

from typing import Any

import aiohttp


class Remote:
    """The control API from outside."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session, self.url = session, url

    async def post(self, path: str, status: int = 200, /, **body: Any) -> Any:
        async with self.session.post(f"{self.url}{path}", json=body) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def get(self, path: str, status: int = 200, /, **query: Any) -> Any:
        async with self.session.get(f"{self.url}{path}", params=query) as response:
            assert response.status == status, await response.text()
            return await response.json()
