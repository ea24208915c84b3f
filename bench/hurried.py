"""The real program for a measurement: ``haste`` times as fast as life, over either transport.

``python -m bench.hurried HASTE TRANSPORT`` is ``faro run`` with settings from the environment, but
for this: what a broadcast waits for (a 429, the next round, the next look at progress) takes HASTE
times less time, and a lane that was slowed recovers HASTE times as fast. ``FARO_SEND_RATE`` has to
be made larger by as much. With 1 nothing is changed, and with ``aiohttp`` neither.

On SIGUSR1 it prints a line of JSON after ``MARK``: ``at``, when that was (`time.monotonic`);
``allowed``, the seconds of full pace that the governor had allowed the lane of broadcasts until
then, half a second in each at half its pace; ``pauses``, from when to when 429s made it wait, one
after another; ``cpu`` seconds of this process.
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
    """The governor, told of waits that are ``haste`` times too long; the newest one is ``made``.

    It adds up its own pace: whatever slows the program is not in it, only what 429s cost.
    """

    haste = 1.0
    made: Hurried | None = None

    def __init__(self, rate: float) -> None:
        super().__init__(rate)
        self.allowed = 0.0
        self.pauses: list[tuple[float, float]] = []
        self._added_up = time.monotonic()
        Hurried.made = self

    def wait(self, lane: Lane, seconds: float) -> None:
        """Take note of a 429."""
        self.add_up()  # what it allows is another pace from now on
        super().wait(lane, seconds / self.haste)
        if lane is Lane.BROADCAST:
            over = self.pauses[-1][1] if self.pauses else 0.0
            since, until = max(over, time.monotonic()), self._paces[lane].paused_until
            if since < until:
                self.pauses.append((since, until))

    def add_up(self) -> None:
        """Add what the lane of broadcasts has been allowed since this was last done."""
        now, pace = time.monotonic(), self._paces[Lane.BROADCAST]
        since = min(now, max(self._added_up, pace.paused_until))
        ramp = min(now - since, (1.0 - pace.share_at(since)) / bot.governor.RECOVERY)
        mean = (pace.share_at(since) + pace.share_at(since + ramp)) / 2
        self.allowed += ramp * mean + (now - since - ramp)
        self._added_up = now


def _tell(number: int, frame: FrameType | None) -> None:
    governor = Hurried.made
    assert governor is not None  # nobody asks before it is ready
    governor.add_up()
    said = {
        "at": time.monotonic(),
        "allowed": governor.allowed,
        "pauses": governor.pauses,
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
        patch.object(bot.governor, "CATCH_UP", CATCH_UP / haste),
        patch.object(bot.broadcasts, "LONGEST_ROUND", LONGEST_ROUND / haste),
        patch.object(bot.wiring, "Governor", Hurried),
        patch.object(bot.wiring, "Broadcasts", drain),
        patch.object(bot.wiring, "Wire", partial(Wire, transport=BOTH[transport])),
    ):
        signal.signal(signal.SIGUSR1, _tell)
        return main(["run"])


if __name__ == "__main__":
    sys.exit(run(float(sys.argv[1]), sys.argv[2]))
