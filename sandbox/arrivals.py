"""When each call arrived and how it ended: a few bytes a call, for very many of them.

What was in a call is in ``Sandbox.calls``, which does not keep those for a crowd.
"""

from __future__ import annotations

from array import array
from collections import Counter

from sandbox.limits import PACED

LOST = 0
"""Stands for the code of a call that got no answer, or no whole one."""


class Arrivals:
    """Every call but ``getUpdates``, in the order of their ends.

    Times are real seconds (``time.monotonic``) at which the sandbox began to read a call: never of
    the sandbox's clock, which may stand still. Without ``methods`` those count that Telegram paces
    (`sandbox.limits.PACED`); a call that was refused arrived all the same.
    """

    def __init__(self) -> None:
        self._at = array("d")
        self._chats = array("q")
        self._codes = array("h")
        self._methods = array("H")
        self._names: list[str] = []

    def note(self, method: str, chat_id: int | None, code: int, at: float) -> None:
        """Keep one; ``code`` is the status of the answer, LOST when it never came whole."""
        if method not in self._names:
            self._names.append(method)
        self._at.append(at)
        self._chats.append(chat_id or 0)
        self._codes.append(code)
        self._methods.append(self._names.index(method))

    def __len__(self) -> int:
        return len(self._at)

    def times(self, *methods: str) -> list[float]:
        """Give when they arrived, in order."""
        wanted = self._wanted(methods)
        return sorted(at for at, one in zip(self._at, self._methods, strict=True) if one in wanted)

    def most_in(self, window: float = 1.0, *methods: str) -> int:
        """Give how many arrived at most in any so many seconds, the end not included."""
        times = self.times(*methods)
        first, most = 0, 0
        for last, at in enumerate(times):
            while at - times[first] >= window:
                first += 1
            most = max(most, last - first + 1)
        return most

    def codes(self, *methods: str) -> Counter[int]:
        """Give how many ended with which status; LOST for no whole answer."""
        wanted = self._wanted(methods)
        pairs = zip(self._codes, self._methods, strict=True)
        return Counter(code for code, one in pairs if one in wanted)

    def of(self, chat_id: int, *methods: str) -> list[tuple[float, int]]:
        """Give when each for one chat arrived, and with which status it ended."""
        wanted = self._wanted(methods)
        rows = zip(self._at, self._chats, self._codes, self._methods, strict=True)
        return sorted(
            (at, code) for at, chat, code, one in rows if chat == chat_id and one in wanted
        )

    def clear(self) -> None:
        """Forget all that arrived so far."""
        for column in (self._at, self._chats, self._codes, self._methods):
            del column[:]

    def _wanted(self, methods: tuple[str, ...]) -> set[int]:
        names = set(methods) or PACED
        return {number for number, name in enumerate(self._names) if name in names}
