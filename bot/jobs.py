"""Runs the few jobs that go on by themselves; what they do is in the rooms they call.

A job is an idempotent drain: its state is in tables, it runs at the start, at intervals and when
asked, and one that fails is tried again. Only its name reaches the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot import logs
from bot.backoff import pause


@dataclass(slots=True)
class Job:
    """Something to do now and then.

    ``every`` is the seconds between runs, None for only when asked. ``run`` gives False when it has
    to be run again soon.
    """

    name: str
    run: Callable[[], Awaitable[bool]]
    every: float | None = None
    at_start: bool = True
    wanted: asyncio.Event = field(default_factory=asyncio.Event)

    def ask(self) -> None:
        """Ask for a run; requests that come before it begins are one."""
        self.wanted.set()


class Runner:
    """Runs jobs side by side until it is stopped."""

    def __init__(self, *jobs: Job) -> None:
        self._jobs = jobs
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start every job's loop."""
        self._tasks = [asyncio.create_task(self._repeat(job)) for job in self._jobs]

    def ask(self) -> None:
        """Ask every job to run: the clock was moved, and something may be due."""
        for job in self._jobs:
            job.ask()

    async def stop(self) -> None:
        """Stop every loop; a transaction that has begun ends by itself (it is shielded)."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repeat(self, job: Job) -> None:
        failures = 0
        if job.at_start:
            job.ask()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(job.every):
                    await job.wanted.wait()
            job.wanted.clear()
            try:
                again = not await job.run()
                failures = 0
            except Exception as error:
                failures += 1
                again = True
                logs.trouble("job_failed", error, job=job.name, tries=failures)
            if again:
                job.ask()
            await asyncio.sleep(pause(failures) if again else 0)
