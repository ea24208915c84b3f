"""Measures how long a family waits for an answer while somebody else floods the bot.

``make bench`` (``python -m bench.flood``) runs the real program against a sandbox on this machine.
Quiet and flood take turns, so that a busy machine slows both. Exits 1 when the median answer
under the flood takes more than ``MOST`` times the quiet one, or the program's memory grows.
The network of Telegram is not in it: with one, the ratio is smaller.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sandbox import Sandbox
from sandbox.people import Person
from tests.bot.program import Program

ROUNDS = 4
QUIET_ANSWERS = 15
FLOOD = 2000
"""Messages of the flooder in a round, and messages a second."""
MOST = 3.0
MOST_GROWTH = 8.0
"""MiB of resident memory after the first round."""
TICK = 0.005
SEND_RATE = "1000"
"""So that nobody waits for the governor: it is the program that is measured."""


async def answered(family: Person) -> float:
    """Give the seconds from her command until the answer is on her screen."""
    family.skip()
    clock = asyncio.get_running_loop().time
    began = clock()
    await family.send("/ayuda")
    while (await family.next_change(60)).kind == "deleted":
        pass  # the old screen goes first
    return clock() - began


async def flood(flooder: Person) -> None:
    """Send so many messages within a second, or as fast as the machine allows."""
    clock = asyncio.get_running_loop().time
    began, sent = clock(), 0
    while sent < FLOOD:
        due = min(FLOOD, int((clock() - began) * FLOOD))
        for number in range(sent, due):
            await flooder.send(f"mensaje {number}")
        sent = due
        await asyncio.sleep(TICK)


def resident(pid: int) -> float:
    """Read the resident memory of a process, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not say how much memory a process has")


async def measure(folder: Path) -> bool:
    """Run every round and print what was measured; True when all is within bounds."""
    quiet: list[float] = []
    during: list[float] = []
    memory: list[float] = []
    async with Sandbox() as box, Program(folder, box, FARO_SEND_RATE=SEND_RATE) as program:
        family, flooder = box.person("María"), box.person("Inundación")
        for person in (family, flooder):
            await person.send("/start")
            await person.next_change(60)
        for _ in range(ROUNDS):
            for _ in range(QUIET_ANSWERS):
                quiet.append(await answered(family))
                await asyncio.sleep(TICK)
            flooding = asyncio.create_task(flood(flooder))
            await asyncio.sleep(10 * TICK)
            while not flooding.done():
                during.append(await answered(family))
                await asyncio.sleep(TICK)
            await box.all_confirmed(60)
            memory.append(resident(program.pid))
    ratio = median(during) / median(quiet)
    growth = memory[-1] - memory[0]
    print(f"quiet    median {median(quiet) * 1000:6.1f} ms   worst {max(quiet) * 1000:6.1f} ms")
    print(f"flooded  median {median(during) * 1000:6.1f} ms   worst {max(during) * 1000:6.1f} ms")
    print(f"ratio    {ratio:.1f} (at most {MOST:.0f})")
    print(f"memory   {', '.join(f'{mib:.0f}' for mib in memory)} MiB after each {FLOOD} messages")
    return ratio <= MOST and growth <= MOST_GROWTH


def main() -> int:
    """Measure in a temporary folder; gives the exit code."""
    with TemporaryDirectory() as folder:
        return 0 if asyncio.run(measure(Path(folder))) else 1


if __name__ == "__main__":
    sys.exit(main())
