"""Measures a broadcast of the real program: its pace, families meanwhile, CPU, memory, the books.

``python -m bench.broadcast``, after the flood in ``make bench``: eight and a half minutes, and two
cores. Wait until nothing else runs: it is a pace that is measured, and a busy machine does not keep
it. Four runs (`bench.measured`), over our transport and over the library's own side by side:

- at the pace of life, 25 calls a second, with 2 % of 403. Every call takes ``FAR`` seconds on its
  way and as long back, as to Telegram: a family waits for that, too, not for a place alone;
- to 20,000, with 2 % of 403 and 1 % of 429. In life that takes 23 minutes, ten of them because of
  those 429s; so all goes ``HASTE`` times as fast (`bench.hurried`): calls a second, the waits that
  a 429 asks for, and the recovery from them. The library's own transport sends to fewer.

**Pace.** In stretches of the broadcast in full flow, from one moment to another: calls that count
and arrived, of those that the rate allows. Three times: of all that time; but for the seconds in
which Telegram had told the lane to wait; and of what the governor allowed. That is the lane's own
pace added up, nothing while it is told to wait and less while it wins back its pace, where it left
room for all others; without a 429 it is the whole rate, for families take places of the broadcast.
The last is held against ``LEAST``. Before the stretches are the first ones, who go ahead; after
them those who are tried again: ``in all`` is the time from the first message to the last, with
everything but the pauses that are made here, and in life's minutes.

**Never over.** The most calls that arrived at the sandbox in any second of a whole run. On a busy
machine the sandbox itself is late now and then, and sees too many at once: counted are those of
which it is certain that they arrived within a second, give or take 4 ms when it is not late.

**Families.** One asks /ayuda again and again, in the stretches and, in turns with those, while an
organiser has the broadcast paused. At 25 a second the next place is 41 ms away at most, about what
a call takes to Telegram and back; so nobody should wait ``MOST_SLOWER`` times as long.

**Memory.** A scrub rebuilds the file in memory, 16 MiB for 20,000, and that stays with the process;
the first two come early. What grows in the second half grows with every message: ``MOST_CREEP``.
From the start to the end it may be ``MOST_GROWTH``.

Exits 1 when ours breaks a bound, or when the books of any run do not add up: marks to recipients;
one message on every phone that is SENT and none on any other; REFUSED are those whom 403 struck;
their subscriptions are gone and nobody else's.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measured import Figures, Plan, measure, p95

HASTE = 4
FAR = 0.025
LEAST = 0.97
MOST_SLOWER = 3.0
MOST_GROWTH, MOST_CREEP = 48.0, 8.0
"""MiB of resident memory."""
REFUSED, FLOODED = 0.02, 0.01


def plans(transport: str, life: int, fast: int) -> tuple[Plan, Plan]:
    """Give what is run over a transport: at life's pace to so many, and fast to so many."""
    slow = Plan(transport, 1, life, 3, 15, 0.3, refused=REFUSED, far=FAR)
    return slow, Plan(transport, HASTE, fast, 4, 25, 0.4, refused=REFUSED, flooded=FLOODED)


Row = tuple[str, Callable[[Figures], str]]

ROWS: tuple[Row, ...] = (
    ("transport", lambda one: one.plan.transport),
    ("recipients", lambda one: f"{one.plan.families:,}"),
    ("times as fast as life", lambda one: f"{one.plan.haste}"),
    ("calls a second allowed", lambda one: f"{one.plan.rate}"),
    ("  most in any second", lambda one: f"{one.certain}"),
    ("  as the sandbox saw it", lambda one: f"{one.most}"),
    ("  used, of all the time", lambda one: f"{one.flow.used(one.plan.rate):.1%}"),
    ("  used, but for 429s' waits", lambda one: f"{one.flow.used_unpaused(one.plan.rate):.1%}"),
    ("  used, of what was allowed", lambda one: f"{one.flow.kept_up(one.plan.rate):.1%}"),
    ("in all, minutes of life", lambda one: f"{one.in_all * one.plan.haste / 60:.1f}"),
    ("CPU s for 1,000 messages", lambda one: f"{one.cpu_ms:.2f}"),
    ("answer, paused: p95 ms", lambda one: f"{1000 * p95(one.quiet):.0f}"),
    ("answer, during: p95 ms", lambda one: f"{1000 * p95(one.during):.0f}"),
    ("  ratio", lambda one: f"{one.slower:.1f}"),
    ("answers, paused/during", lambda one: f"{len(one.quiet)}/{len(one.during)}"),
    ("memory MiB, start", lambda one: f"{one.memory[0]:.0f}"),
    ("  end", lambda one: f"{one.memory[-1]:.0f}"),
    ("  of that in the second half", lambda one: f"{one.creep:+.0f}"),
    ("sent", lambda one: f"{one.marks['SENT']:,}"),
    ("refused", lambda one: f"{one.marks['REFUSED']:,}"),
    ("unknown", lambda one: f"{one.marks['UNKNOWN']:,}"),
)


def broken(one: Figures) -> list[str]:
    """Name every bound that a run of ours breaks."""
    found = []
    if one.flow.kept_up(one.plan.rate) < LEAST:
        found.append(f"less than {LEAST:.0%} of the rate was used")
    if one.certain > one.plan.rate:
        found.append("more calls arrived in a second than the rate allows")
    if one.slower > MOST_SLOWER:
        found.append(f"a family waits more than {MOST_SLOWER:g} times as long")
    if one.memory[-1] - one.memory[0] > MOST_GROWTH or one.creep > MOST_CREEP:
        found.append(
            f"the program grew by more than {MOST_GROWTH:g} MiB, or late by {MOST_CREEP:g}"
        )
    return found


def load() -> str:
    """Say how busy this machine is."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


async def run() -> int:
    """Run everything and print it; gives the exit code."""
    began = time.monotonic()
    print(f"broadcast: {load()}", flush=True)
    every = []
    for both in zip(plans("aiohttp", 750, 20_000), plans("stock", 500, 2_000), strict=True):
        for plan in both:
            with TemporaryDirectory() as folder:
                every.append(await measure(plan, Path(folder)))
    for name, show in ROWS:
        print(f"{name:30}" + "".join(f"{show(one):>10}" for one in every))
    wrong = [
        f"{one.plan.transport}, {one.plan.families}: {what}"
        for one in every
        for what in (*(broken(one) if one.plan.transport == "aiohttp" else ()), *one.wrong)
    ]
    for line in wrong:
        print(f"BROKEN   {line}")
    print(f"{time.monotonic() - began:.0f} s, {load()}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run()))
