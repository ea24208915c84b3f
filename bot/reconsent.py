"""Asks families whether they still want alerts, in the lane of broadcasts; whom, and when, is in
`helpdesk.broadcasts.reconsent`.

Each counts as asked from before her call, for nobody is to be asked twice: a program that is killed
leaves out the one whom it was asking, and no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from telegram.error import TelegramError

from bot import logs
from bot.backoff import pause
from bot.broadcast_ends import result_of
from bot.clock import Clock
from bot.governor import Lane
from bot.noting import noted
from bot.wire import Spot, Wire
from handlers.render import Rendered, render
from helpdesk.broadcasts import reconsent
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.ends import End, Result
from store import Database

EVERY: Final = 600.0
"""Seconds between two looks whether somebody has to be asked: each opens every subscription."""
SOON: Final = 60.0
"""The same, when more are waiting to be asked than go at once."""
LONGEST: Final = 6 * 3600.0
"""Seconds between two looks at most, while nobody can tell whether a question arrived."""
_STOPS: Final = frozenset({End.NEVER_LEFT, End.UNKNOWN})
"""Ends after which the next would end likewise."""


class Reconsent:
    """Asks; ``count`` adds counters. ``every`` as EVERY, for tests at another pace."""

    def __init__(
        self,
        wire: Wire,
        db: Database,
        studio: Studio,
        clock: Clock,
        count: Callable[[Mapping[str, int]], None],
        every: float = EVERY,
    ) -> None:
        self._wire = wire.paid()
        self._governor = wire.governor
        self._db = db
        self._studio = studio
        self._clock = clock
        self._count = count
        self._every = every
        self._woken = asyncio.Event()
        self._working: asyncio.Task[float] | None = None
        self._stopping = False
        self._unsure = 0  # questions in a row of which nobody knows whether they arrived
        self._refused: set[int] = set()  # refused since the start: they hold up no other

    def wake(self) -> None:
        """Look whether somebody has to be asked: the clock was moved."""
        self._woken.set()

    async def run(self) -> None:
        """Ask until cancelled; its own errors are logged and outlasted."""
        failures = 0
        try:
            while True:
                self._woken.clear()
                try:
                    self._working = asyncio.create_task(self._some())
                    nap = await asyncio.shield(self._working)
                    failures = 0
                except Exception as error:
                    failures += 1
                    logs.trouble("broadcast_failed", error, tries=failures)
                    nap = pause(failures)
                with suppress(TimeoutError):
                    async with asyncio.timeout(nap):
                        await self._woken.wait()
        finally:
            self._stopping = True

    async def finish(self, seconds: float) -> None:
        """Let the one question that is being asked end, at most so long; ``run`` was cancelled."""
        if self._working is not None and not self._working.done():
            await asyncio.wait({self._working}, timeout=seconds)
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _some(self) -> float:
        """Ask as many as go at once; seconds until the next look."""
        question = render(reconsent.QUESTION, self._studio.letters)
        chats = await self._db.transaction(reconsent.due, self._clock(), self._refused)
        asked = False
        for chat in chats:
            await self._governor.turn(Lane.BROADCAST)
            claimed = False
            try:
                if self._stopping:
                    return self._every
                claimed = await self._db.transaction(reconsent.claim, chat, self._clock())
            finally:
                if not claimed:
                    self._governor.give_back(Lane.BROADCAST)
            if not claimed:
                continue
            end = (await self._ask(chat, question)).end
            if end is End.CONTENT:
                self._refused.add(chat)
            elif end is End.UNKNOWN:
                self._unsure += 1
            elif end is not End.NEVER_LEFT:
                self._unsure, asked = 0, True
            if end in _STOPS:
                # Who may have been asked counts as asked: an outage must not use up everybody.
                return min(LONGEST, self._every * 2.0 ** min(self._unsure, 10))
        return SOON if asked and len(chats) == reconsent.AT_ONCE else self._every

    async def _ask(self, chat: int, question: Rendered) -> Result:
        try:
            result = Result(End.SENT, await self._wire.send(Spot(chat), question))
        except TelegramError as error:
            result = result_of(error, editing=False)
            logs.trouble("letter_not_sent", error, end=result.end.name.lower())
        self._count((await noted(self._db, reconsent.ended, chat, result)).counts)
        return result
