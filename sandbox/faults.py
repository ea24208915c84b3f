"""Faults to order: 429, 403, 5xx, dropped and cut connections, and answers that wait.

A fault strikes the calls of one method (and of one chat, or of a share of all chats) a number of
times. What it does to the connection is in server.py.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil
from typing import Literal, TypedDict, Unpack
from zlib import crc32

from sandbox.clock import Clock
from sandbox.errors import ApiError, too_many_requests
from sandbox.journal import Journal

Kind = Literal[
    "refuse",
    "gateway",
    "drop_before",
    "drop_after",
    "truncate",
    "hang",
    "hold_before",
    "hold_after",
]

_SERVER_ERRORS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Aim(TypedDict, total=False):
    """Whom a fault strikes: by default the next call of the method, whatever the chat.

    ``times`` None: every time. ``chat_id``: in one chat only. ``share`` (0 to 1): in that part of
    all chats, which the id of a chat and the number of the fault decide (`Fault.picks`): the same
    in every run; then ``times`` counts in each chat for itself.
    """

    times: int | None
    chat_id: int | None
    share: float | None


@dataclass(eq=False, slots=True)
class Fault:
    """A fault that waits for its call, then a note of how often it struck.

    ``times`` None means every time, until ``lift``. A held call sets ``reached`` and goes on when
    ``release`` is called. ``written`` says that what was asked is done all the same.
    """

    kind: Kind
    method: str | None
    chat_id: int | None = None
    times: int | None = 1
    share: float | None = None
    error: ApiError | None = None
    until: datetime | None = None
    written: bool = False
    seed: int = 0
    lifted: bool = False
    struck: int = 0
    struck_in: Counter[int] = field(default_factory=Counter)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def spent(self) -> bool:
        """Whether it strikes no more; one for a share of all chats never ends by itself."""
        return self.lifted or (
            self.times is not None and self.share is None and self.struck >= self.times
        )

    def release(self) -> None:
        """Let held calls go on, and do not hold again."""
        self.lift()
        self.released.set()

    def lift(self) -> None:
        """Strike no more."""
        self.lifted = True

    def picks(self, chat_id: int | None) -> bool:
        """Whether a chat is one of those it strikes, if ever."""
        if self.share is None:
            return self.chat_id in (None, chat_id)
        return chat_id is not None and crc32(b"%d:%d" % (self.seed, chat_id)) < self.share * 2**32

    def is_for(self, method: str, chat_id: int | None, now: datetime) -> bool:
        """Whether it strikes this call."""
        return (
            self.method in (None, method)
            and not self.spent
            and self.picks(chat_id)
            and (self.until is None or now < self.until)
            and (self._each is None or self.struck_in[chat_id or 0] < self._each)
        )

    def strike(self, chat_id: int | None) -> None:
        """Count that it struck."""
        self.struck += 1
        if self._each is not None:
            self.struck_in[chat_id or 0] += 1

    @property
    def _each(self) -> int | None:
        return None if self.share is None else self.times


class Faults:
    """The faults ordered so far; the first one that fits a call strikes it.

    ``method`` None means any method, ``getUpdates`` included; ``download`` is the download of a
    file. ``files_stay``: see ``keep_files``. ``latency``: see ``slow``.
    """

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._ordered: list[Fault] = []
        self.files_stay = False
        self.latency = (0.0, 0.0)

    def retry_after(self, method: str | None, seconds: int, **aim: Unpack[Aim]) -> Fault:
        """Answer 429 with ``retry_after``.

        With ``times`` None the flood wait is in force: every call is refused until ``seconds`` have
        passed on the sandbox's clock, and ``retry_after`` tells what is left.
        """
        held = aim.get("times", 1) is None
        until = self._clock.now() + timedelta(seconds=seconds) if held else None
        return self._order(
            Fault("refuse", method, error=too_many_requests(seconds), until=until), aim
        )

    def refuse(self, method: str | None, code: int, description: str, **aim: Unpack[Aim]) -> Fault:
        """Answer any other error, such as ``502, "Bad Gateway"``; nothing is written."""
        return self._order(Fault("refuse", method, error=ApiError(code, description)), aim)

    def forbid(self, method: str | None, **aim: Unpack[Aim]) -> Fault:
        """Answer 403, as when the person has just blocked the bot."""
        return self.refuse(method, 403, "Forbidden: bot was blocked by the user", **aim)

    def server_error(self, method: str | None, code: int = 502, **aim: Unpack[Aim]) -> Fault:
        """Answer 5xx: Telegram itself has trouble, and nothing is written."""
        return self.refuse(method, *_server_error(code), **aim)

    def gateway_error(
        self, method: str | None, code: int = 502, *, written: bool = False, **aim: Unpack[Aim]
    ) -> Fault:
        """Answer as a proxy in front of Telegram does: with a page in HTML, of any status.

        With ``written`` what was asked is done all the same: the proxy only lost the answer.
        """
        error = ApiError(code, HTTPStatus(code).phrase)
        return self._order(Fault("gateway", method, error=error, written=written), aim)

    def drop_before_write(self, method: str | None, **aim: Unpack[Aim]) -> Fault:
        """Reset the connection before anything happened."""
        return self._order(Fault("drop_before", method), aim)

    def drop_after_write(self, method: str | None, **aim: Unpack[Aim]) -> Fault:
        """Do what was asked, then reset the connection: the client cannot know."""
        return self._order(Fault("drop_after", method), aim)

    def truncate(self, method: str | None, **aim: Unpack[Aim]) -> Fault:
        """Do what was asked, then send half of the answer and end the connection."""
        return self._order(Fault("truncate", method), aim)

    def hang(self, method: str | None, *, written: bool = False, **aim: Unpack[Aim]) -> Fault:
        """Never answer; on ``release`` (or ``clear``) the connection is reset.

        Nothing is done of what was asked, or with ``written`` all of it.
        """
        return self._order(Fault("hang", method, written=written), aim)

    def hold_before_write(self, method: str | None, *, chat_id: int | None = None) -> Fault:
        """Hold a call before anything happened until ``release``; await ``reached.wait()``."""
        return self._order(Fault("hold_before", method), {"chat_id": chat_id})

    def hold_after_write(self, method: str | None, *, chat_id: int | None = None) -> Fault:
        """Do what was asked and hold the answer until ``release``."""
        return self._order(Fault("hold_after", method), {"chat_id": chat_id})

    def slow(self, before: float = 0.0, after: float = 0.0) -> None:
        """Take so many real seconds before and after the write of every call, until ``clear``.

        As a far server does; polls are answered as fast as ever, and faults strike all the same.
        """
        self.latency = (before, after)
        self._journal.note("faults")

    def keep_files(self) -> None:
        """Refuse to send by ``file_id`` what is in a group with protected content, until ``clear``.

        Telegram refuses it to some clients and not to others; a file uploaded anew always goes.
        """
        self.files_stay = True
        self._journal.note("faults")

    def clear(self) -> None:
        """Forget every fault and release what is held."""
        self.files_stay = False
        self.latency = (0.0, 0.0)
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
        if not self._ordered:
            return None
        now = self._clock.now()
        for fault in self._ordered:
            if fault.is_for(method, chat_id, now):
                fault.strike(chat_id)
                self._journal.note("faults")
                if fault.until is not None:
                    fault.error = too_many_requests(ceil((fault.until - now).total_seconds()))
                return fault
        return None

    def _order(self, fault: Fault, aim: Aim) -> Fault:
        fault.times = aim.get("times", 1)
        fault.chat_id, fault.share = aim.get("chat_id"), aim.get("share")
        if fault.share is not None and not (0 <= fault.share <= 1 and fault.chat_id is None):
            raise ValueError("a share is of all chats, from 0 to 1")
        if unknown := sorted(aim.keys() - Aim.__annotations__.keys()):
            raise TypeError(f"unexpected {unknown[0]}")  # the control API passes on what it gets
        fault.seed = len(self._ordered)
        self._ordered.append(fault)
        self._journal.note("faults")
        return fault


def _server_error(code: int) -> tuple[int, str]:
    if code not in _SERVER_ERRORS:
        raise ValueError(f"code is one of {', '.join(map(str, _SERVER_ERRORS))}")
    return code, _SERVER_ERRORS[code]
