"""An event loop whose time passes only in its timers: hours of waiting in milliseconds."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


class _Jump(selectors.DefaultSelector):
    """A selector that does not wait, and moves a clock instead."""

    def __init__(self, moved: Callable[[float], None]) -> None:
        super().__init__()
        self._moved = moved

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits, and nobody will wake them")
        if timeout > 0:
            self._moved(timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Timers fire at their time, plus what ``late`` gives for each wait (seconds)."""

    def __init__(self, late: Iterable[float] = ()) -> None:
        self._clock = 1000.0
        self._late = iter(late)
        super().__init__(_Jump(self._move))

    def time(self) -> float:
        return self._clock

    def _move(self, seconds: float) -> None:
        self._clock += seconds + next(self._late, 0.0)


def run(work: Coroutine[Any, Any, T], late: Iterable[float] = ()) -> T:
    """Run something to its end in a loop of its own."""
    loop = VirtualLoop(late)
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
