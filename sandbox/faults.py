"""Faults to order: 429, 403, 5xx, dropped and cut connections, and answers that wait.

A fault strikes the calls of one method (and one chat, if given) a number of times. What it does to
the connection is in server.py.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from sandbox.clock import Clock
from sandbox.errors import ApiError, too_many_requests
from sandbox.journal import Journal

Kind = Literal[
    "refuse", "drop_before", "drop_after", "truncate", "hang", "hold_before", "hold_after"
]

_SERVER_ERRORS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(eq=False, slots=True)
class Fault:
    """A fault that waits for its call, then a note of how often it struck.

    ``times`` None means every time, until ``lift``. A held call sets ``reached`` and goes on when
    ``release`` is called.
    """

    kind: Kind
    method: str | None
    chat_id: int | None = None
    times: int | None = 1
    error: ApiError | None = None
    until: datetime | None = None
    struck: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as it was to."""
        return self.times is not None and self.struck >= self.times

    def release(self) -> None:
        """Let held calls go on, and do not hold again."""
        self.times = self.struck
        self.released.set()

    def lift(self) -> None:
        """Strike no more."""
        self.times = self.struck

    def is_for(self, method: str, chat_id: int | None, now: datetime) -> bool:
        """Whether it strikes this call."""
        return (
            self.method in (None, method)
            and self.chat_id in (None, chat_id)
            and not self.spent
            and (self.until is None or now < self.until)
        )


class Faults:
    """The faults ordered so far; the first one that fits a call strikes it.

    ``method`` None means any method, ``getUpdates`` included; ``download`` is the download of a
    file. ``files_stay``: see ``keep_files``.
    """

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._ordered: list[Fault] = []
        self.files_stay = False

    def retry_after(
        self,
        method: str | None,
        seconds: int,
        *,
        times: int | None = 1,
        chat_id: int | None = None,
    ) -> Fault:
        """Answer 429 with ``retry_after``.

        With ``times`` None the flood wait is in force: every call is refused until ``seconds`` have
        passed on the sandbox's clock, and ``retry_after`` tells what is left.
        """
        until = None if times is not None else self._clock.now() + timedelta(seconds=seconds)
        return self._order(
            Fault("refuse", method, chat_id, times, error=too_many_requests(seconds), until=until)
        )

    def refuse(
        self,
        method: str | None,
        code: int,
        description: str,
        *,
        times: int | None = 1,
        chat_id: int | None = None,
    ) -> Fault:
        """Answer any other error, such as ``502, "Bad Gateway"``; nothing is written."""
        return self._order(
            Fault("refuse", method, chat_id, times, error=ApiError(code, description))
        )

    def forbid(
        self, method: str | None, *, times: int | None = 1, chat_id: int | None = None
    ) -> Fault:
        """Answer 403, as when the person has just blocked the bot."""
        return self.refuse(
            method, 403, "Forbidden: bot was blocked by the user", times=times, chat_id=chat_id
        )

    def server_error(
        self,
        method: str | None,
        code: int = 502,
        *,
        times: int | None = 1,
        chat_id: int | None = None,
    ) -> Fault:
        """Answer 5xx: Telegram itself has trouble, and nothing is written."""
        if code not in _SERVER_ERRORS:
            raise ValueError(f"code is one of {', '.join(map(str, _SERVER_ERRORS))}")
        return self.refuse(method, code, _SERVER_ERRORS[code], times=times, chat_id=chat_id)

    def drop_before_write(
        self, method: str | None, *, times: int | None = 1, chat_id: int | None = None
    ) -> Fault:
        """Reset the connection before anything happened."""
        return self._order(Fault("drop_before", method, chat_id, times))

    def drop_after_write(
        self, method: str | None, *, times: int | None = 1, chat_id: int | None = None
    ) -> Fault:
        """Do what was asked, then reset the connection: the client cannot know."""
        return self._order(Fault("drop_after", method, chat_id, times))

    def truncate(
        self, method: str | None, *, times: int | None = 1, chat_id: int | None = None
    ) -> Fault:
        """Do what was asked, then send half of the answer and end the connection."""
        return self._order(Fault("truncate", method, chat_id, times))

    def hang(
        self, method: str | None, *, times: int | None = 1, chat_id: int | None = None
    ) -> Fault:
        """Do nothing and never answer; on ``release`` (or ``clear``) the connection is reset."""
        return self._order(Fault("hang", method, chat_id, times))

    def hold_before_write(self, method: str | None, *, chat_id: int | None = None) -> Fault:
        """Hold a call before anything happened until ``release``; await ``reached.wait()``."""
        return self._order(Fault("hold_before", method, chat_id))

    def hold_after_write(self, method: str | None, *, chat_id: int | None = None) -> Fault:
        """Do what was asked and hold the answer until ``release``."""
        return self._order(Fault("hold_after", method, chat_id))

    def keep_files(self) -> None:
        """Refuse to send by ``file_id`` what is in a group with protected content, until ``clear``.

        Telegram refuses it to some clients and not to others; a file uploaded anew always goes.
        """
        self.files_stay = True
        self._journal.note("faults")

    def clear(self) -> None:
        """Forget every fault and release what is held."""
        self.files_stay = False
        for fault in self._ordered:
            fault.release()
        self._ordered.clear()
        self._journal.note("faults")

    def waiting(self) -> list[Fault]:
        """Give those that still strike, in order, and those that still hold a call."""
        now = self._clock.now()
        return [
            fault
            for fault in self._ordered
            if not (fault.spent or (fault.until is not None and now >= fault.until))
            or (fault.reached.is_set() and not fault.released.is_set())
        ]

    def strike(self, method: str, chat_id: int | None) -> Fault | None:
        """Give the fault for this call, counted, or None."""
        now = self._clock.now()
        for fault in self._ordered:
            if fault.is_for(method, chat_id, now):
                fault.struck += 1
                self._journal.note("faults")
                if fault.until is not None:
                    fault.error = too_many_requests(ceil((fault.until - now).total_seconds()))
                return fault
        return None

    def _order(self, fault: Fault) -> Fault:
        self._ordered.append(fault)
        self._journal.note("faults")
        return fault
