"""Works off the desk's posts: one lane for the group, one for each person; decides nothing.

A post is claimed, called and ended: the claim is committed before the call is made, so that after
a crash it is known which calls may have been made. Which may go, in what order and when, and what
an end means, is in `helpdesk.desk.deliveries`; how a call is made in ``bot.calls``.

A lane that is told to wait (429) or cannot reach Telegram holds up no other. The group's takes one
post at a time and then looks again, for a more urgent one may have come; the message that lists who
waits takes its turn in it when `helpdesk.desk.queue` says so. Time is the program's clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from bot import logs
from bot.backoff import pause
from bot.calls import Caller
from bot.clock import Clock
from bot.noting import noted
from helpdesk.desk import deliveries, queue
from helpdesk.desk.context import DeskContext
from helpdesk.desk.ends import Aftermath, End, Queued, Ready, Result
from store import Database

AT_ONCE = 32
"""People who are written to at the same time; the group has its own place."""
LONGEST_NAP = timedelta(seconds=1)
"""Until what has to wait is looked at again, at the latest: the clock may have been moved."""
QUEUE_TICK = timedelta(seconds=5)
"""How often it is looked whether the message that lists who waits is due, without being woken."""
FAILURES = 3
SET_ASIDE = timedelta(minutes=10)
"""How long a post is passed over that failed so often for no fault of Telegram's."""
NOT_NOW = timedelta(seconds=0.2)
"""How long a post is passed over that was not to go after all."""

_GROUP = 0
"""The lane of the group, whatever its id is now."""


class _Pause(NamedTuple):
    """Something that has to wait: since when, and until when."""

    since: datetime
    until: datetime

    def lasts(self, now: datetime) -> bool:
        """Tell whether it is not over; it is, too, when the clock was set back behind it."""
        return self.since <= now < self.until


class Deliveries:
    """The lanes. ``count`` adds counters; ``erase`` is told of a chat with an erase job to do.

    ``troubled`` is told of ends that say something about the group: that it moved, that the bot is
    out of it or may not do what it must.
    """

    def __init__(
        self,
        caller: Caller,
        db: Database,
        context: DeskContext,
        clock: Clock,
        count: Callable[[Mapping[str, int]], None],
        erase: Callable[[int], None],
        troubled: Callable[[Result], None],
    ) -> None:
        self._caller = caller
        self._db = db
        self._context = context
        self._clock = clock
        self._count = count
        self._erase = erase
        self._troubled = troubled
        self._woken = asyncio.Event()
        self._queue_at = datetime.min.replace(tzinfo=UTC)  # when to look whether it is due
        self._held: dict[int, _Pause] = {}  # lanes that have to wait
        self._failed: dict[int, int] = {}
        self._aside: dict[int, _Pause] = {}  # posts that are passed over
        self._working: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Look at what waits: something was committed, or the clock was moved."""
        self._queue_at = datetime.min.replace(tzinfo=UTC)
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; its own errors are logged and outlasted."""
        await self._recover()
        failures = 0
        while True:
            self._woken.clear()
            try:
                nap = await self._round()
                failures = 0
            except Exception as error:
                failures += 1
                logs.trouble("desk_failed", error, tries=failures)
                nap = pause(failures)
            with suppress(TimeoutError):
                async with asyncio.timeout(nap):
                    await self._woken.wait()

    async def finish(self, seconds: float) -> None:
        """Let the calls that are being made end, at most so long; ``run`` was cancelled."""
        if self._working:
            _, late = await asyncio.wait(self._working.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _recover(self) -> None:
        failures = 0
        while True:
            try:
                self._count(
                    await self._db.transaction(deliveries.recover, self._clock(), self._context)
                )
                return
            except Exception as error:
                failures += 1
                logs.trouble("desk_failed", error, tries=failures)
                await asyncio.sleep(pause(failures))

    async def _round(self) -> float:
        """Start every lane that may go on; seconds until the next look at what waits."""
        now = self._clock()
        plan = await self._db.transaction(deliveries.waiting, now, self._context)
        self._held = {lane: one for lane, one in self._held.items() if one.lasts(now)}
        self._aside = {post: one for post, one in self._aside.items() if one.lasts(now)}
        plan = [one for one in plan if one.id not in self._aside]
        later = [one.until for one in self._aside.values()]
        lanes = [(lane, [*posts]) for lane, posts in groupby(sorted(plan, key=_lane), key=_lane)]
        if now >= self._queue_at and _GROUP not in self._working and _GROUP not in self._held:
            # Before the posts: it knows itself when to let them go first.
            self._queue_at = now + QUEUE_TICK
            self._start(_GROUP, self._show_queue())
        for lane, posts in lanes:
            due = self._due(lane, posts, now)
            if isinstance(due, datetime):
                later.append(due)
            elif due and self._room(lane):
                self._start(lane, self._deliver(lane, due))
        later += [self._held[_GROUP].until] if _GROUP in self._held else []
        naps = [QUEUE_TICK]
        if later:
            naps += [LONGEST_NAP, min(later) - now]
        return max(0.0, min(naps).total_seconds())

    def _due(self, lane: int, posts: list[Queued], now: datetime) -> list[Queued] | datetime:
        """Give what a lane delivers now, in order, or when it is to be looked at again."""
        if lane in self._held:
            return self._held[lane].until
        times = [_time(one) for one in posts]
        if lane == _GROUP:
            # One post at a time, and the first that may go: the next look may find another.
            ready = [one for one, at in zip(posts, times, strict=True) if at <= now]
            return ready[:1] or min(times)
        if times[0] > now:
            return times[0]  # in a person's chat nothing overtakes
        ready = []
        for one, at in zip(posts, times, strict=True):
            if at > now:
                break
            ready.append(one)
        return ready

    def _room(self, lane: int) -> bool:
        if lane in self._working:
            return False
        return lane == _GROUP or len(self._working.keys() - {_GROUP}) < AT_ONCE

    def _start(self, lane: int, work: Coroutine[object, object, None]) -> None:
        task = self._working[lane] = asyncio.create_task(work)

        def over(_: asyncio.Task[None]) -> None:
            del self._working[lane]
            self._woken.set()

        task.add_done_callback(over)

    async def _deliver(self, lane: int, posts: list[Queued]) -> None:
        for one in posts:
            try:
                seconds = await self._deliver_one(one)
            except Exception as error:
                self._fail(one, error)
                return
            if seconds > 0:
                self._hold(lane, seconds)
                return

    async def _deliver_one(self, one: Queued) -> float:
        """Claim, call and end a post; seconds that its lane has to wait."""
        ready = await self._db.transaction(deliveries.claim, one.id, self._clock(), self._context)
        if ready is None:
            self._pass_over(one, NOT_NOW)
            return 0.0
        if not isinstance(ready, Ready):
            return ready
        result = await self._caller.make(ready)
        aftermath = await self._note(ready, result)
        self._failed.pop(one.id, None)
        self._count(aftermath.counts)
        if aftermath.erase is not None:
            self._erase(aftermath.erase)
        if one.is_group:
            self._troubled(result)
        return result.seconds if result.end is End.LATER else 0.0

    async def _note(self, ready: Ready, result: Result) -> Aftermath:
        """Write down an end.

        A call that nobody noted would count as one that may have arrived, and until the next start
        nothing would go after it.
        """
        return await noted(self._db, deliveries.ended, ready, result, self._clock(), self._context)

    async def _show_queue(self) -> None:
        try:
            edit = await self._db.transaction(queue.due, self._clock(), self._context)
            if edit is None:
                return
            result = await self._caller.show_queue(edit)
            now = self._clock()
            await self._db.transaction(queue.landed, now)
            if result.end is End.SENT and result.message_id is not None:
                await self._db.transaction(queue.shown, now, result.message_id, edit.digest)
            elif result.end is End.TARGET_GONE:
                await self._db.transaction(queue.lost)
            elif result.end is End.MOVED and result.moved_to is not None:
                await self._db.transaction(deliveries.moved, result.moved_to, now, self._context)
            elif result.end is End.LATER:
                self._hold(_GROUP, result.seconds)
            self._troubled(result)
        except Exception as error:
            logs.trouble("desk_failed", error)

    def _hold(self, lane: int, seconds: float) -> None:
        now = self._clock()
        self._held[lane] = _Pause(now, now + timedelta(seconds=seconds))
        if lane == _GROUP:
            logs.note("desk_waits", seconds=float(seconds))

    def _pass_over(self, one: Queued, how_long: timedelta) -> None:
        now = self._clock()
        self._aside[one.id] = _Pause(now, now + how_long)

    def _fail(self, one: Queued, error: Exception) -> None:
        """Outlast a post that fails here, not there: the others of its lane must go on."""
        failures = self._failed[one.id] = self._failed.get(one.id, 0) + 1
        logs.trouble("desk_failed", error, tries=failures)
        if failures >= FAILURES:
            self._pass_over(one, SET_ASIDE)
            del self._failed[one.id]
        self._hold(_lane(one), pause(failures))


def _lane(one: Queued) -> int:
    return _GROUP if one.is_group else one.lane


def _time(one: Queued) -> datetime:
    return datetime.fromtimestamp(one.not_before or 0, UTC)
