"""The sandbox's own clock: message dates, the 48 hours and flood waits are measured on it.

Long polling and the ``timeout`` of waiting helpers run on real time, never on this clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that can be moved forward.

    Without ``start`` it runs with the machine's clock; with ``start`` (aware) it stands still
    there, so that dates in a test are exact. ``late`` is how far behind that it begins: moved
    forward by as much, what happened meanwhile happened before now.
    """

    def __init__(self, start: datetime | None = None, *, late: timedelta = timedelta()) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("the clock needs an aware datetime")
        self._start = None if start is None else start.astimezone(UTC)
        self._moved = -late
        self._listening: list[Callable[[], object]] = []

    def now(self) -> datetime:
        """Give the sandbox's present, aware UTC."""
        base = datetime.now(UTC) if self._start is None else self._start
        return base + self._moved

    @property
    def runs(self) -> bool:
        """Whether it goes on by itself."""
        return self._start is None

    def on_move(self, listener: Callable[[], object]) -> None:
        """Have something called after each move; not as time merely passes."""
        self._listening.append(listener)

    def forward(self, by: timedelta) -> datetime:
        """Move the clock forward and give the new present; it never goes back."""
        if by < timedelta():
            raise ValueError("the clock only goes forward")
        self._moved += by
        for listener in self._listening:
            listener()
        return self.now()
