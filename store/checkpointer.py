"""When the file is scrubbed: soon after something was erased, never in a rush; not how.

The `Checkpointer` is a job for the bot to run. Requests that come while it rests are answered
together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

GAP_SECONDS: Final = 5.0
"""At least this long between two scrubs; what was erased is gone within twice this time."""

SHARE: Final = 20
"""A scrub that takes long is followed by a rest this many times as long: at most 5 % of the time
of the only writer goes into scrubbing, however large the file."""

PATIENCE_SECONDS: Final = 60.0
"""How long a patient request waits for a scrub that somebody else asks for. In a broadcast to
20,000 one in fifty has blocked the bot: scrubs for those took 3 to 5 % of its pace."""


class Checkpointer:
    """Scrubs the file when asked, at most every `GAP_SECONDS`, again until it succeeds."""

    def __init__(self, scrub: Callable[[], Awaitable[bool]], *, gap: float = GAP_SECONDS) -> None:
        """``scrub`` answers whether everything was written through; ``gap`` is in seconds."""
        self._scrub = scrub
        self._gap = gap
        self._later: asyncio.TimerHandle | None = None
        self._asked = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def request(self, *, patient: bool = False) -> None:
        """Ask for a scrub; a request already waiting absorbs this one.

        A ``patient`` one is open only after `PATIENCE_SECONDS`, if there was no scrub before.
        """
        if not patient:
            self._asked.set()
            self._idle.clear()
        elif self._later is None:
            self._later = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self.request)

    async def settled(self) -> None:
        """Wait until no request is open. Only ends while `run` is running."""
        await self._idle.wait()

    async def run(self) -> None:
        """Answer requests until cancelled. An error of the scrub itself is raised: supervise it."""
        loop = asyncio.get_running_loop()
        while True:
            await self._asked.wait()
            self._asked.clear()
            if self._later is not None:
                self._later.cancel()
                self._later = None
            began = loop.time()
            try:
                clean = await self._scrub()
            except BaseException:
                self._asked.set()
                raise
            if not clean:
                self._asked.set()
            elif not self._asked.is_set():
                self._idle.set()
            await asyncio.sleep(max(self._gap, SHARE * (loop.time() - began)))
