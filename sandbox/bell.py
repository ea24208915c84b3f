"""A bell that wakes whoever waits for something to change; it knows nothing of what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Wakes waiting tasks of one event loop; ringing is synchronous and costs nothing if unheard.

    Unlike ``asyncio.Condition`` it can be rung from plain functions, so that a change and its
    announcement are one step that no other task can interrupt.
    """

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Let every waiting task look again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], T | None], within: float | None) -> T:
        """Wait until ``look()`` gives something other than None, and give that.

        ``within`` is in real seconds, None for ever; raises TimeoutError.
        """
        if (found := look()) is not None:
            return found
        async with asyncio.timeout(within):
            while True:
                future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.add(future)
                try:
                    await future
                finally:
                    self._waiting.discard(future)
                if (found := look()) is not None:
                    return found
