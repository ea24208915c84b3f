"""Measures what a call costs over our transport and over the library's own, side by side.

``python -m bench.transport`` sends the same messages to a sandbox through each of the two in turns,
so that a busy machine slows both, many at a time as a broadcast does. The sandbox is another
process: only this one's CPU is counted. Exits 1 when ours is not at least ``LEAST`` times cheaper.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from telegram.request import HTTPXRequest

from bench.far_sandbox import FarSandbox
from bot.governor import Governor
from bot.transport import Transport
from bot.wire import MakeTransport, Spot, Wire
from handlers.render import Rendered

ROUNDS = 3
CALLS = 600
AT_ONCE = 16
NO_PACE = 1_000_000
"""Calls a second that nothing here reaches: the transports are measured, not the governor."""
LEAST = 2.0
"""Times the CPU of ours that the library's own takes, at least."""
WORDS = Rendered("El tribunal abrió una taquilla en <b>Táchira</b>. Es gratis.", None)


@dataclass(frozen=True, slots=True)
class Cost:
    """What some calls took: ``per_second`` of them were made, for ``cpu_ms`` each."""

    per_second: float
    cpu_ms: float


def stock(connections: int, patience: float) -> HTTPXRequest:
    """Make the library's own transport, as large and as patient as ours."""
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=patience,
        write_timeout=patience,
        connect_timeout=patience,
        pool_timeout=6 * patience,
    )


BOTH: dict[str, MakeTransport] = {"aiohttp": Transport, "stock": stock}
"""The two transports, by the names they are printed with."""


async def measure(wire: Wire, chats: Iterable[int], at_once: int = AT_ONCE) -> Cost:
    """Send a message to each chat, so many at once; raises what a call raises."""
    left = iter(chats)
    sent = 0

    async def work() -> None:
        nonlocal sent
        for chat in left:
            await wire.send(Spot(chat), WORDS)
            sent += 1

    cpu, began = time.process_time(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())
    took = time.perf_counter() - began
    return Cost(sent / took, (time.process_time() - cpu) * 1000 / sent)


async def compare(rounds: int = ROUNDS, calls: int = CALLS) -> dict[str, Cost]:
    """Give the median cost over each transport, measured in turns."""
    found: dict[str, list[Cost]] = {name: [] for name in BOTH}
    async with FarSandbox(people=50) as box:
        chats = [box.chats[number % len(box.chats)] for number in range(calls)]
        for _ in range(rounds):
            for name, make in BOTH.items():
                wire = Wire(box.url, box.token, governor=Governor(NO_PACE), transport=make)
                async with wire:
                    await measure(wire, box.chats)  # connects
                    found[name].append(await measure(wire, chats))
    return {
        name: Cost(median(c.per_second for c in costs), median(c.cpu_ms for c in costs))
        for name, costs in found.items()
    }


def main() -> int:
    """Measure and print; gives the exit code."""
    costs = asyncio.run(compare())
    for name, cost in costs.items():
        print(f"{name:8} {cost.per_second:7.0f} calls/s {cost.cpu_ms:7.2f} ms of CPU a call")
    ours, theirs = costs["aiohttp"], costs["stock"]
    ratio = theirs.cpu_ms / ours.cpu_ms
    print(f"ours is {ours.per_second / theirs.per_second:.1f} times as fast", end=" ")
    print(f"and {ratio:.1f} times cheaper (at least {LEAST:.0f})")
    return 0 if ratio >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
