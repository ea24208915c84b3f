"""What happened in the sandbox, numbered, so that a page can watch it and resume where it left off.

It holds references, not copies: an entry read later shows its subject as it is then. How it is
written for a page is in pages.py.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.bell import Bell

Topic = Literal["person", "group", "message", "press", "call", "clock", "faults", "menu"]
KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; ``subject`` is what it happened to, ``detail`` what it was."""

    number: int
    topic: Topic
    chat_id: int | None = None
    subject: Any = None
    detail: str = ""


class Journal:
    """The last entries, oldest first; ``life`` differs from one sandbox to the next."""

    def __init__(self) -> None:
        self.life = secrets.token_hex(4)
        self.number = 0
        self.closed = False
        self._entries: list[Entry] = []
        self._bell = Bell()

    def note(
        self, topic: Topic, chat_id: int | None = None, subject: object = None, detail: str = ""
    ) -> None:
        """Write an entry and wake whoever watches."""
        self.number += 1
        if len(self._entries) >= KEPT:
            del self._entries[: KEPT // 2]
        self._entries.append(Entry(self.number, topic, chat_id, subject, detail))
        self._bell.ring()

    def mark(self, number: int) -> str:
        """Give the id under which a page resumes after an entry."""
        return f"{self.life}.{number}"

    def resume(self, mark: str | None) -> int | None:
        """Give the number to go on after, or None when all must be told anew.

        That is so without a mark, with one of another life, and when entries since are forgotten.
        """
        life, _, number = (mark or "").partition(".")
        if life != self.life or not number.isdecimal():
            return None
        return int(number) if self.remembers(int(number)) else None

    def remembers(self, number: int) -> bool:
        """Whether every entry after a number is still here."""
        first = self._entries[0].number if self._entries else self.number + 1
        return first - 1 <= number <= self.number

    async def after(self, number: int, within: float) -> list[Entry]:
        """Wait for entries after a number. Raises TimeoutError.

        None come when the journal closes, and when it does not remember all of them.
        """

        def look() -> list[Entry] | None:
            if self.closed or not self.remembers(number):
                return []
            if number >= self.number:
                return None
            return self._entries[number - self._entries[0].number + 1 :]

        return await self._bell.until(look, within)

    def open(self) -> None:
        """Let watchers wait."""
        self.closed = False

    def close(self) -> None:
        """Send watchers away: the sandbox is closing."""
        self.closed = True
        self._bell.ring()
