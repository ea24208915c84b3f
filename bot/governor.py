"""Shares the calls that Telegram lets a bot make in a second among lanes; repeats no call.

**What counts.** Calls that write, change or delete something that people see: Telegram's limits
are about those (30 a second for bulk). What is only read (``get…``), the answer to a pressed button
(``answerCallbackQuery``: it has to come at once, and there are no more of them than presses) and
menus (``set…``) go at once and count for nothing; downloads never come here. A method that nobody
thought of counts.

**How many.** Never more than ``rate`` calls in any second. The server counts when calls arrive, and
they do not all travel equally fast, so the second is ``WINDOW`` long here: a call may be 12 ms
slower than one 25 later. One that took longer than that, and than twice what is usual, may have
arrived late: when it ends it is counted from so much later. DESK and BROADCAST go evenly, one each
``SPREAD / rate`` seconds: 98 % of ``rate`` when there is always one waiting. DESK goes evenly by
itself, BROADCAST after calls of any lane. They may catch up what a busy machine made late, within
``CATCH_UP``. The 2 % are what keeps the two promises apart: that no second has more than ``rate``,
and that 97 % of it is made use of. No place is kept free for INTERACTIVE, since one of 25 is 4 %.
Its burst room is that it need not go evenly: all that the last second left may go at once.

**Who first.** Whoever waits in the highest lane has the next place, and in a lane it goes by the
order of coming. At full pace the next place is 41 ms away at most (rate 25): so long do the other
two make an INTERACTIVE call wait, and no longer. But when two hundred families write at once, a
volunteer's answer must not wait for all of them: a post of the desk that has waited ``DESK_WAITS``
goes before them, one in ``DESK_SHARE`` places. A broadcast waits for everybody.

**429.** A lane that ``wait`` is told of pauses, then goes a tenth slower; its pace comes back by a
hundredth of ``rate`` a second. What it is told while it pauses is the same flood and slows it no
further. The other lanes do not notice. Only BROADCAST, one message to each chat, is told of its 429
here. A 429 of the other two is nearly always one chat's, and who called waits for that chat
(``bot.outgoing``, ``bot.deliveries``): all families must not wait for one.

Who took a place with ``turn`` and makes no call says so with ``give_back``: places have no names,
so while others come and go a forgotten one is never free again; else it is a second later. Times
are those of the event loop (monotonic); a test brings a loop with a clock of its own.
"""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import IntEnum
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.fates import seconds_to_wait

JSON = dict[str, Any]
Answer = bool | JSON | list[JSON]

RATE = 25.0
"""Calls a second: Telegram's 30, less what a second of its own is worth when clocks differ."""
WINDOW = 1.012
"""Seconds in which at most ``rate`` calls begin."""
SPREAD = 1.02
"""Seconds over which the even lanes spread ``rate`` calls; more than WINDOW, so that calls which
a busy machine bunched drift apart again."""
CATCH_UP = 0.02
"""Seconds that the even lanes may make up for; or one place, if that is more. What they catch up
they do at once, and pay for with a gap a second later: more of it would make families wait."""
DESK_WAITS = 1.0
"""Seconds that the desk waits for families."""
DESK_SHARE = 5
SLOWED = 0.9
"""What a 429 leaves of a lane's pace."""
SLOWEST = 0.1
RECOVERY = 0.01
"""Part of the full pace that a slowed lane wins back in a second."""

_FREE = ("get", "answer", "set")
"""How methods that do not count begin."""


class Lane(IntEnum):
    """Whose call it is; the lower number goes first."""

    INTERACTIVE = 0
    """A family's screen: somebody looks at the phone and waits."""
    DESK = 1
    """Posts of the desk and what the team reads."""
    BROADCAST = 2


@dataclass(frozen=True, slots=True)
class Paid:
    """Says of a call that its place was taken with ``Governor.turn`` before."""

    lane: Lane = Lane.BROADCAST


Way = Lane | Paid
PAID = Paid()


def counts(method: str) -> bool:
    """Tell whether a call of this method needs a place."""
    return not method.startswith(_FREE)


@dataclass(slots=True)
class _Pace:
    """How fast a lane may go. ``lost`` are the seconds that 429s have cost it."""

    paused_until: float = 0.0
    share: float = 1.0
    """Its part of the full pace when the pause ends; from then on it recovers."""
    next: float = 0.0
    """When its own calls let it go on: it goes evenly, or is slowed."""
    lost: float = 0.0

    def share_at(self, now: float) -> float:
        """Give its part of the full pace."""
        return min(1.0, self.share + RECOVERY * max(0.0, now - self.paused_until))


class _Waiting(NamedTuple):
    """Somebody who waits for a place, and since when."""

    since: float
    place: asyncio.Future[None]


class Governor(BaseRateLimiter[Way]):
    """Gives out places to calls; the library's rate limiter.

    ``rate`` calls a second, of which only whole ones count; raises ValueError below 1.
    """

    def __init__(self, rate: float = RATE) -> None:
        if rate < 1:
            raise ValueError("less than one call a second is no pace")
        self._places = int(rate)
        self._step = SPREAD / self._places
        self._slack = max(CATCH_UP, self._step)
        self._begun: deque[float] = deque()  # calls of the last WINDOW: when they began, in order
        self._given: deque[float] = deque()  # places that were given and not used yet
        self._next = 0.0  # when the calls of all lanes let BROADCAST go on
        self._passed = 0  # INTERACTIVE calls since the last of DESK
        self._usual = 0.0  # seconds from the begin of a call to its end: half take longer
        self._paces = {lane: _Pace() for lane in Lane}
        self._queues: dict[Lane, deque[_Waiting]] = {lane: deque() for lane in Lane}
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def rate(self) -> int:
        """Calls that may begin in a second."""
        return self._places

    def pace(self, lane: Lane) -> float:
        """Give the calls a second that a lane may make now if it is alone; 0 while it pauses."""
        now, pace = _now(), self._paces[lane]
        if now < pace.paused_until:
            return 0.0
        return pace.share_at(now) / self._step

    def lost(self, lane: Lane) -> float:
        """Give the seconds of full pace that 429s have cost a lane so far, pauses to come too."""
        return self._paces[lane].lost

    # --- places --------------------------------------------------------------------------------

    async def turn(self, lane: Lane) -> None:
        """Wait for a place, for a call that is then made with ``Paid``, or for ``give_back``.

        A cancelled wait leaves no trace, whenever it is cancelled.
        """
        place = _loop().create_future()
        self._queues[lane].append(_Waiting(_now(), place))
        self._serve()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._return(lane)
            self._serve()
            raise

    def give_back(self, lane: Lane) -> None:
        """Take back a place that ``turn`` gave: there is no call to make."""
        self._return(lane)
        self._serve()

    def wait(self, lane: Lane, seconds: float) -> None:
        """Take note that Telegram told a lane to wait (429), so many seconds from now."""
        now, pace = _now(), self._paces[lane]
        if now >= pace.paused_until:
            pace.share = max(SLOWEST, SLOWED * pace.share_at(now))
        until = max(now + seconds, pace.paused_until)
        pace.lost += until - max(now, pace.paused_until)
        pace.paused_until = until
        self._serve()

    def _serve(self) -> None:
        """Give every place that is free to who is first, and look again when the next one is."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        now = _now()
        while (lane := self._first(now)) is not None:
            waiting = self._queues[lane].popleft()
            waiting.place.set_result(None)
            self._give(lane, now, waiting.since)
        later = [self._free_at(lane, now) for lane, queue in self._queues.items() if queue]
        if later:
            self._alarm = _loop().call_at(min(later), self._serve)

    def _first(self, now: float) -> Lane | None:
        """Give the lane whose turn it is, if there is a place now; drop those who left."""
        for queue in self._queues.values():
            while queue and queue[0].place.done():  # cancelled
                queue.popleft()
        overdue = self._is_overdue(Lane.DESK, now)
        for lane in (Lane.DESK, *Lane) if overdue else Lane:
            if self._queues[lane] and self._free_at(lane, now) <= now:
                return lane
        return None

    def _is_overdue(self, lane: Lane, now: float) -> bool:
        """Tell whether it is the desk, and has waited for families long enough."""
        if lane is not Lane.DESK or self._passed < DESK_SHARE - 1:
            return False
        queue = self._queues[lane]
        return bool(queue) and now - queue[0].since >= DESK_WAITS

    def _free_at(self, lane: Lane, now: float) -> float:
        """Give when a lane may have its next place, if no other takes it; now or earlier is now."""
        for times in (self._begun, self._given):
            while times and times[0] + WINDOW <= now:
                times.popleft()
        pace = self._paces[lane]
        at = pace.paused_until
        if not self._is_overdue(lane, now):
            at = max(at, pace.next)
        if lane is Lane.BROADCAST:
            at = max(at, self._next)
        over = len(self._begun) + len(self._given) - self._places
        if over >= 0:
            # Over by more than none when somebody called long after the place was given.
            at = max(at, next(islice(merge(self._begun, self._given), over, None)) + WINDOW)
        return at

    def _give(self, lane: Lane, now: float, since: float) -> None:
        self._given.append(now)
        if lane is not Lane.BROADCAST:
            self._passed = 0 if lane is Lane.DESK else self._passed + 1
        # Only who waited already is late: idle time is not saved up.
        late = max(since, now - self._slack)
        self._next = max(self._next, late) + self._step
        pace = self._paces[lane]
        share = pace.share_at(now)
        if lane is not Lane.INTERACTIVE or share < 1.0:
            pace.next = max(pace.next, late) + self._step / share
            pace.lost += self._step / share - self._step

    def _return(self, lane: Lane) -> None:
        """Take back the last place that was given: it will not be used."""
        if self._given:
            self._given.pop()
            self._next -= self._step
            if lane is not Lane.INTERACTIVE:
                self._paces[lane].next -= self._step

    def _begin(self) -> float:
        """Count a place that was given from now on: its call begins only now. Gives the time."""
        if self._given:
            self._given.popleft()
        self._begun.append(began := _now())
        return began

    def _end(self, began: float) -> None:
        """Count a call that took long from when it may have arrived."""
        took = _now() - began
        late = took - max(WINDOW - 1.0, 2 * self._usual)
        self._usual = _towards(took, self._usual or took)
        if late > 0:
            if began in self._begun:
                self._begun.remove(began)
            insort(self._begun, began + late)

    # --- for the library -----------------------------------------------------------------------

    async def initialize(self) -> None:
        """Do nothing; the library asks for it."""

    async def shutdown(self) -> None:
        """Stop looking at who waits."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: JSON,
        endpoint: str,
        data: JSON,
        rate_limit_args: Way | None,
    ) -> Answer:
        """Make a call when there is a place for it; whatever it raises is raised.

        Without a lane it is INTERACTIVE: the library passes on no argument that is 0.
        """
        if not counts(endpoint):
            return await callback(*args, **kwargs)
        way = Lane.INTERACTIVE if rate_limit_args is None else rate_limit_args
        lane = way.lane if isinstance(way, Paid) else way
        if not isinstance(way, Paid):
            await self.turn(lane)
        began = self._begin()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            if lane is Lane.BROADCAST:
                self.wait(lane, seconds_to_wait(error))
            raise
        finally:
            self._end(began)


def _towards(seen: float, usual: float) -> float:
    """Move an estimate of the median by a step; no single one, however far off, moves it more."""
    return usual * 1.05 if seen > usual else usual / 1.05


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _now() -> float:
    return _loop().time()
