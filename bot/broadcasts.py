"""Sends what was approved, a call at a time in up to WIDTH places; decides nothing.

For every recipient: a place from the governor, a claim that is committed, the call, its end. Who is
next and what an end means is in `helpdesk.broadcasts.sending`; so is whether anything may go out at
all, asked anew before each claim: who pauses or cancels is obeyed before the next one. Each call is
a task of its own, begun before the claim, so that a program that is stopped ends what it claimed.

When nothing leaves this machine one call at a time probes whether it does again, with growing
pauses. When nobody can tell how calls end, ``MOST_UNKNOWN`` in a row, a person is asked. A 429
slows this lane only: that is the governor's. Who could not be reached is tried again in rounds.

Progress is told every ``TICK`` seconds, to those who watch and only when it changed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from telegram.error import TelegramError

from bot import logs
from bot.backoff import pause
from bot.broadcast_ends import refuses_bot, result_of
from bot.clock import Clock
from bot.governor import Lane
from bot.noting import noted
from bot.wire import Spot, Wire
from handlers.render import exact
from helpdesk.broadcasts import approving, progress, sending
from helpdesk.broadcasts.ends import Aftermath, End, Hold, Ready, Result
from helpdesk.broadcasts.messages import Note
from helpdesk.messages import Screen
from store import Database

TICK: Final = 5.0
"""Seconds between two looks at what those who watch should see."""
MOST_UNKNOWN: Final = 5
"""Calls in a row of which nobody knows how they ended, until a person is asked."""
CHANGE_TRIES: Final = 5
"""Times that a message is changed, while others are, of which nobody knows whether it was."""
CHANGE_TRIES_ALONE: Final = 30
"""The same while no call gets an answer: what is wrong with it may not be this message."""
LONGEST_NAP: Final = 60.0
"""Seconds until it is looked again, at the latest: the clock may have been moved."""
FIRST_ROUND: Final = 10.0
LONGEST_ROUND: Final = 300.0
"""Seconds until those are tried again who could not be reached: doubled from round to round."""
MOST_PARKED: Final = 200
"""Changes that may wait to be made again: they are looked past every time."""
RATE_OVER: Final = 20.0
"""Seconds over which the rate is counted that those who watch are told."""

Claimed = Ready | Hold | None


class Broadcasts:
    """The drain. ``say`` tells an organiser something, ``count`` adds counters.

    ``erase`` is told of a chat with an erase job to do. ``width`` is how many calls may be under
    way, ``tick`` as TICK and ``first_round`` as FIRST_ROUND, for tests at another pace.
    """

    def __init__(
        self,
        wire: Wire,
        db: Database,
        clock: Clock,
        say: Callable[[Note], None],
        count: Callable[[Mapping[str, int]], None],
        erase: Callable[[int], None] = lambda chat: None,
        *,
        width: int = sending.WIDTH,
        tick: float = TICK,
        first_round: float = FIRST_ROUND,
    ) -> None:
        self._wire = wire.paid()
        self._governor = wire.governor
        self._db = db
        self._clock = clock
        self._say = say
        self._count = count
        self._erase = erase
        self._width = width
        self._tick = tick
        self._first_round = first_round
        self._woken = asyncio.Event()
        self._working: set[asyncio.Task[None]] = set()
        self._found = False  # the last claim found somebody: probably the next one does, too
        self._unknown = 0  # calls in a row
        self._failures = 0  # probes in a row that never left
        self._probe = 0  # which probe it is: what began before it says nothing of it
        self._rounds = 0
        self._round_at: float | None = None
        self._changing: dict[bytes, set[int]] = {}  # changes under way, and those parked
        self._parked: dict[tuple[bytes, int], float] = {}  # until when
        self._change_tries: dict[tuple[bytes, int], int] = {}
        self._ends: dict[bytes, deque[float]] = {}  # when calls ended of late
        self._shown: dict[tuple[str, int, int], Screen] = {}  # broadcast, user, message

    def wake(self) -> None:
        """Look whether there is something to send: something was committed, or the clock moved."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; its own errors are logged and outlasted."""
        await self._recover()
        telling = asyncio.create_task(self._keep_telling())
        failures = 0
        try:
            while True:
                self._woken.clear()
                try:
                    nap = await self._step()
                    failures = 0
                except Exception as error:
                    failures += 1
                    logs.trouble("broadcast_failed", error, tries=failures)
                    nap = pause(failures)
                if nap > 0:
                    await self._rest(nap)
        finally:
            telling.cancel()

    async def finish(self, seconds: float) -> None:
        """Let the calls that are being made end, at most so long; ``run`` was cancelled."""
        if self._working:
            _, late = await asyncio.wait(self._working, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # --- what is next --------------------------------------------------------------------------

    async def _recover(self) -> None:
        failures = 0
        while True:
            try:
                self._carry_out(await self._db.transaction(sending.recover, self._clock()))
                return
            except Exception as error:
                failures += 1
                logs.trouble("broadcast_failed", error, tries=failures)
                await asyncio.sleep(pause(failures))

    async def _step(self) -> float:
        """Begin one call if there is one to make; seconds until there may be one."""
        await self._room()
        if self._failures:
            await asyncio.sleep(pause(self._failures))
        self._unpark()
        if not self._found:
            due = await self._db.transaction(sending.due, self._clock(), self._changing)
            if due is not True:
                return await self._idle(due or None)
        await self._governor.turn(Lane.BROADCAST)
        claimed: asyncio.Future[Claimed] = asyncio.get_running_loop().create_future()
        self._begin(claimed)
        found = await claimed
        self._found = isinstance(found, Ready)
        return 0.0

    async def _room(self) -> None:
        """Wait until another call may be under way: one alone while nothing leaves."""
        while len(self._working) >= (1 if self._failures else self._width):
            await asyncio.wait(self._working, return_when=asyncio.FIRST_COMPLETED)

    async def _idle(self, hold: Hold | None) -> float:
        """Do what is left when nobody is to be claimed now; seconds to rest."""
        if self._working:
            return LONGEST_NAP  # the first that ends wakes it
        now = self._clock()
        self._carry_out(await self._db.transaction(sending.settle, now))
        if await self._db.transaction(sending.due, now, self._changing) is True:
            return 0.0  # the first ones have arrived, and the others may go
        if not await self._db.transaction(sending.left, now):
            self._rounds, self._round_at, self._failures = 0, None, 0
            return LONGEST_NAP if hold is None else min(hold.seconds, LONGEST_NAP) or LONGEST_NAP
        return await self._next_round()

    async def _next_round(self) -> float:
        """Try those again who could not be reached, when their time has come."""
        now = _time()
        if self._round_at is None:
            wait = min(LONGEST_ROUND, self._first_round * 2.0 ** min(self._rounds, 10))
            self._rounds += 1
            self._round_at = now + wait
        if now < self._round_at:
            return max(0.0, min([self._round_at, *self._parked.values()]) - now)
        self._round_at = None
        await self._db.transaction(sending.again, self._clock())
        return 0.0

    def _unpark(self) -> None:
        """Let changes be taken up again whose time has come."""
        now = _time()
        for which in [which for which, at in self._parked.items() if at <= now]:
            del self._parked[which]
            self._changing[which[0]].discard(which[1])

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    # --- one call ------------------------------------------------------------------------------

    def _begin(self, claimed: asyncio.Future[Claimed]) -> None:
        task = asyncio.create_task(self._one(claimed))
        self._working.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        self._woken.set()

    async def _one(self, claimed: asyncio.Future[Claimed]) -> None:
        """Claim whoever is next, make the call and note its end; tell first who it is."""
        try:
            ready = await self._db.transaction(sending.claim, self._clock(), self._changing)
        except Exception as error:
            self._governor.give_back(Lane.BROADCAST)
            if not claimed.done():
                claimed.set_exception(error)
            return
        if not isinstance(ready, Ready):
            self._governor.give_back(Lane.BROADCAST)
        if isinstance(ready, Ready) and ready.edit is not None:
            self._changing.setdefault(ready.broadcast, set()).add(ready.number)
        if not claimed.done():
            claimed.set_result(ready)
        if isinstance(ready, Ready):
            try:
                await self._make(ready)
            except Exception as error:
                # Noted at the next start, as one of which nobody knows.
                logs.trouble("broadcast_failed", error)

    async def _make(self, ready: Ready) -> None:
        probe, refused = self._probe, False
        try:
            result = await self._call(ready)
        except TelegramError as error:
            refused = refuses_bot(error)
            result = result_of(error, editing=ready.edit is not None)
            logs.trouble("letter_not_sent", error, end=result.end.name.lower())
        except Exception as error:
            result = Result(End.UNKNOWN)
            logs.trouble("broadcast_failed", error)
        trouble = self._judge(ready, result, probe) or refused
        self._ends.setdefault(ready.broadcast, deque()).append(_time())
        last = self._tried_enough(ready, result)
        after = await noted(
            self._db, sending.ended, ready, result, self._clock(), trouble=trouble, last=last
        )
        if ready.edit is not None:
            self._changed(ready, result, last=last)
        if trouble:
            logs.note("broadcast_paused")
        self._carry_out(after)

    async def _call(self, ready: Ready) -> Result:
        message = exact(ready.letter)
        if ready.edit is None:
            return Result(End.SENT, await self._wire.send(Spot(ready.chat), message))
        await self._wire.edit(ready.chat, ready.edit, message)
        return Result(End.SENT, ready.edit)

    # --- what ends say together ----------------------------------------------------------------

    def _judge(self, ready: Ready, result: Result, probe: int) -> bool:
        """Take an end into account; whether a person has to be asked before it goes on."""
        end = result.end
        stuck = end is End.NEVER_LEFT or (end is End.UNKNOWN and ready.edit is not None)
        if stuck:
            if probe == self._probe:
                self._failures += 1
                self._probe += 1
        elif end is not End.UNKNOWN:
            self._failures = 0
        if ready.edit is not None or end is End.NEVER_LEFT:
            return False
        self._unknown = self._unknown + 1 if end is End.UNKNOWN else 0
        if self._unknown < MOST_UNKNOWN:
            return False
        self._unknown = 0
        return True

    def _tried_enough(self, ready: Ready, result: Result) -> bool:
        """Count the tries to change a message of which nobody knows whether it changed."""
        if ready.edit is None or result.end is not End.UNKNOWN:
            return False
        which = (ready.broadcast, ready.number)
        self._change_tries[which] = self._change_tries.get(which, 0) + 1
        alone = self._failures > 1
        return self._change_tries[which] >= (CHANGE_TRIES_ALONE if alone else CHANGE_TRIES)

    def _changed(self, ready: Ready, result: Result, *, last: bool) -> None:
        """Let a message be taken up again that was not changed, after a while."""
        which = (ready.broadcast, ready.number)
        done = last or result.end in (End.SENT, End.GONE, End.TOO_LATE, End.CONTENT)
        if done:
            self._change_tries.pop(which, None)
        if done or len(self._parked) >= MOST_PARKED:
            self._changing[ready.broadcast].discard(ready.number)
        else:
            self._parked[which] = _time() + self._first_round

    def _carry_out(self, after: Aftermath) -> None:
        for note in after.notes:
            self._tell(note)
        if after.counts:
            self._count(after.counts)
        if after.erase is not None:
            self._erase(after.erase)

    # --- those who watch -----------------------------------------------------------------------

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(self._tick)
            try:
                now = self._clock()
                self._carry_out(await self._db.transaction(sending.settle, now))
                for note in await self._db.transaction(approving.lapse, now):
                    self._tell(note)
                notes = await self._db.transaction(progress.updates, now, self._rates())
            except Exception as error:
                logs.trouble("broadcast_failed", error)
                continue
            watched = {(note.keep_as, note.user, note.edit) for note in notes}
            self._shown = {key: one for key, one in self._shown.items() if key in watched}
            for note in notes:
                self._tell(note)

    def _tell(self, note: Note) -> None:
        """Say something to an organiser; an edit that would change nothing is none."""
        if note.keep_as and note.edit is not None and note.screen is not None:
            key = (note.keep_as, note.user, note.edit)
            if self._shown.get(key) == note.screen:
                return
            self._shown[key] = note.screen
        self._say(note)

    def _rates(self) -> dict[bytes, float]:
        """Give the calls a second that were made for each broadcast of late."""
        now, rates = _time(), {}
        for id, times in [*self._ends.items()]:
            while times and times[0] < now - RATE_OVER:
                times.popleft()
            if not times:
                del self._ends[id]
            elif now > times[0]:
                rates[id] = len(times) / (now - times[0])
        return rates


def _time() -> float:
    return asyncio.get_running_loop().time()
