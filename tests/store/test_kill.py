"""kill -9 at any moment: a committed transaction is never lost and half of one is never seen.

The moments are random: a soak tries more of them.
"""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from store import Keys, open_database
from tests.store.crasher import read

ROOT = Path(__file__).parents[2]
SOAK = pytest.mark.soak

pytestmark = pytest.mark.slow


def start(file: Path, key: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.crasher", str(file), str(key)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def kill(process: subprocess.Popen[str], stream: IO[str], after: float) -> list[str]:
    """Kill after so many seconds, and answer what the program still managed to say."""
    time.sleep(after)  # a random moment is what is under test: no event marks it
    process.send_signal(signal.SIGKILL)
    rest = stream.read().splitlines(keepends=True)
    stream.close()
    assert process.wait(30) == -signal.SIGKILL
    return [line.strip() for line in rest if line.endswith("\n")]


def look(file: Path, keys: Keys) -> tuple[int, int, int, int]:
    async def visit() -> tuple[int, int, int, int]:
        async with await open_database(f"sqlite:///{file}", keys) as db:
            return await db.transaction(read)

    return asyncio.run(visit())


@pytest.mark.parametrize("rounds", [12, pytest.param(60, marks=SOAK)])
def test_nothing_committed_is_lost_and_nothing_half_done_is_seen(
    tmp_path: Path, rounds: int
) -> None:
    keys = Keys.generate(tmp_path / "faro.key")
    file = tmp_path / "data" / "faro.db"
    chance = random.Random()
    for _ in range(rounds):
        process = start(file, tmp_path / "faro.key")
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        told = [process.stdout.readline().strip() for _ in range(chance.randint(1, 8))]
        told += kill(process, process.stdout, chance.uniform(0, 0.02))
        last = int(told[-1])
        one, two, count, marked = look(file, keys)
        assert one == two == count == marked
        assert one in (last, last + 1), "committed, but killed before it could say so"


@pytest.mark.parametrize("starts", [5, pytest.param(25, marks=SOAK)])
def test_a_kill_during_the_first_start_leaves_a_database_that_opens(
    tmp_path: Path, starts: int
) -> None:
    keys = Keys.generate(tmp_path / "faro.key")
    chance = random.Random()
    for each in range(starts):
        file = tmp_path / str(each) / "faro.db"
        process = start(file, tmp_path / "faro.key")
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        told = kill(process, process.stdout, chance.uniform(0, 0.2))
        one, two, count, marked = look(file, keys)
        assert one == two == count == marked
        assert one >= int(told[-1] if told else 0)
