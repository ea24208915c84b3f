"""The real program for a measurement: ``haste`` times as fast as life, over either transport.

``python -m bench.hurried HASTE TRANSPORT`` is ``faro run`` with settings from the environment, but
for this: what a broadcast waits for (a 429, the next round, the next look at progress) takes HASTE
times less time, and a lane that was slowed recovers HASTE times as fast. ``FARO_SEND_RATE`` has to
be made larger by as much. With 1 nothing is changed, and with ``aiohttp`` neither.

On SIGUSR1 it prints a line of JSON after ``MARK``: ``at``, when that was; ``waits``, from when to
when 429s made the lane of broadcasts wait, so far, and ``CATCH_UP`` longer, while it may make up
for a part of that; ``slowed``, the seconds that it lost outside of those because the governor went
slower after a 429, and not because others had their turn; ``cpu`` seconds of this process. Times
are `time.monotonic`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from functools import partial
from types import FrameType
from unittest.mock import patch

import bot.broadcasts
import bot.governor
import bot.wiring
from bench.transport import BOTH
from bot.__main__ import main
from bot.broadcasts import FIRST_ROUND, LONGEST_ROUND, TICK, Broadcasts
from bot.governor import CATCH_UP, RECOVERY, Governor, Lane
from bot.wire import Wire

MARK = b"measured "


class Hurried(Governor):
    """The governor, told of waits that are ``haste`` times too long; the newest one is ``made``."""

    haste = 1.0
    made: Hurried | None = None

    def __init__(self, rate: float) -> None:
        super().__init__(rate)
        self.waits: list[tuple[float, float]] = []
        self.slowed = 0.0
        self._full = 0.0  # when the next place would come at full pace, whoever had the last one
        Hurried.made = self

    def wait(self, lane: Lane, seconds: float) -> None:
        """Take note of a 429."""
        seconds /= self.haste
        if lane is Lane.BROADCAST:
            since = time.monotonic()
            until = since + seconds + CATCH_UP
            if self.waits and since < self.waits[-1][1]:
                since, before = self.waits.pop()
                until = max(until, before)
            self.waits.append((since, until))
            self._full = max(self._full, until - CATCH_UP)
        super().wait(lane, seconds)

    def _give(self, lane: Lane, now: float, since: float) -> None:
        # As the governor reckons: late timers are made up for, idle time is not.
        at = max(self._full, since, now - self._slack)
        if lane is Lane.BROADCAST:
            slow = max(0.0, self._paces[lane].next - at)
            at += slow
            if not self.waits or now > self.waits[-1][1]:
                self.slowed += slow
        self._full = at + self._step
        super()._give(lane, now, since)


def _tell(number: int, frame: FrameType | None) -> None:
    governor = Hurried.made
    assert governor is not None  # nobody asks before it is ready
    said = {
        "at": time.monotonic(),
        "waits": governor.waits,
        "slowed": governor.slowed,
        "cpu": time.process_time(),
    }
    # Past the buffer of stdout, which this may have interrupted.
    os.write(1, MARK + json.dumps(said).encode() + b"\n")


def run(haste: float, transport: str) -> int:
    """Be the program until SIGTERM; gives the exit code."""
    Hurried.haste = haste
    drain = partial(Broadcasts, tick=TICK / haste, first_round=FIRST_ROUND / haste)
    with (
        patch.object(bot.governor, "RECOVERY", RECOVERY * haste),
        patch.object(bot.broadcasts, "LONGEST_ROUND", LONGEST_ROUND / haste),
        patch.object(bot.wiring, "Governor", Hurried),
        patch.object(bot.wiring, "Broadcasts", drain),
        patch.object(bot.wiring, "Wire", partial(Wire, transport=BOTH[transport])),
    ):
        signal.signal(signal.SIGUSR1, _tell)
        return main(["run"])


if __name__ == "__main__":
    sys.exit(run(float(sys.argv[1]), sys.argv[2]))
