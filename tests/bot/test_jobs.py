"""Jobs run at the start, when asked, again when they fail; requests that wait are one."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs import Job, Runner

pytestmark = pytest.mark.usefixtures("quick")


class Work:
    def __init__(self, *outcomes: bool | Exception) -> None:
        self.outcomes = list(outcomes)
        self.times: list[float] = []
        self.ran = asyncio.Event()

    async def __call__(self) -> bool:
        self.times.append(asyncio.get_running_loop().time())
        self.ran.set()
        outcome = self.outcomes.pop(0) if self.outcomes else True
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def runs(self, number: int) -> None:
        async with asyncio.timeout(5):
            while len(self.times) < number:
                self.ran.clear()
                await self.ran.wait()


async def test_a_job_runs_at_the_start_and_when_asked() -> None:
    work = Work()
    job = Job("sweep", work)
    runner = Runner(job)
    runner.start()
    await work.runs(1)
    job.ask()
    await work.runs(2)
    await runner.stop()


async def test_a_job_runs_at_intervals() -> None:
    work = Work()
    runner = Runner(Job("sweep", work, every=0.01, at_start=False))
    runner.start()
    await work.runs(3)
    await runner.stop()


async def test_a_job_that_fails_or_is_not_done_runs_again(events: list[str]) -> None:
    work = Work(ValueError("x"), False, True)
    runner = Runner(Job("sweep", work))
    runner.start()
    await work.runs(3)
    await runner.stop()
    assert events == ["job_failed"]


async def test_requests_that_come_before_a_run_begins_are_one() -> None:
    work = Work()
    job = Job("sweep", work)
    runner = Runner(job)
    runner.start()
    await work.runs(1)
    for _ in range(5):
        job.ask()
    await work.runs(2)
    for _ in range(10):
        await asyncio.sleep(0)
    await runner.stop()
    assert len(work.times) == 2
