"""When scrubs happen: together, not in a rush, and again until they succeed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import pytest

from store import Database, Session, Tx, checkpointer, erasures, sessions
from store.checkpointer import Checkpointer


class Scrub:
    """A scrub that notes when it ran, and answers as it was told."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.times: list[float] = []

    async def __call__(self) -> bool:
        self.times.append(asyncio.get_running_loop().time())
        return self.answers.pop(0) if self.answers else True


@asynccontextmanager
async def running(job: Checkpointer) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(job.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_requests_are_answered_together() -> None:
    scrub = Scrub()
    job = Checkpointer(scrub, gap=0.05)
    for _ in range(10):
        job.request()
    async with running(job):
        await asyncio.wait_for(job.settled(), 5)
        assert len(scrub.times) == 1
        for _ in range(10):
            job.request()
        await asyncio.wait_for(job.settled(), 5)
    assert len(scrub.times) == 2
    assert scrub.times[1] - scrub.times[0] >= 0.05


async def test_a_busy_file_is_tried_again() -> None:
    scrub = Scrub(False, False, True)
    job = Checkpointer(scrub, gap=0.01)
    job.request()
    async with running(job):
        await asyncio.wait_for(job.settled(), 5)
    assert len(scrub.times) == 3


async def test_nothing_asked_nothing_done() -> None:
    scrub = Scrub()
    job = Checkpointer(scrub, gap=0.0)
    async with running(job):
        await asyncio.wait_for(job.settled(), 5)
    assert scrub.times == []


async def test_a_request_during_a_scrub_gets_one_of_its_own() -> None:
    """What is erased while the file is being scrubbed may have come too late for that scrub."""
    times = 0

    async def scrub() -> bool:
        nonlocal times
        times += 1
        if times == 1:
            job.request()
        return True

    job = Checkpointer(scrub, gap=0.0)
    job.request()
    async with running(job):
        await asyncio.wait_for(job.settled(), 5)
    assert times == 2


async def test_a_slow_scrub_is_followed_by_a_long_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpointer, "SHARE", 5)
    began: list[float] = []
    ended: list[float] = []

    async def scrub() -> bool:
        clock = asyncio.get_running_loop().time
        began.append(clock())
        await asyncio.sleep(0.02)  # the slowness is the thing under test
        ended.append(clock())
        return True

    job = Checkpointer(scrub, gap=0.0)
    job.request()
    async with running(job):
        await job.settled()
        job.request()
        await asyncio.wait_for(job.settled(), 5)
    assert began[1] - ended[0] >= 5 * 0.02 * 0.9


async def test_a_patient_request_waits_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    scrub = Scrub()
    job = Checkpointer(scrub, gap=0.0)
    async with running(job):
        job.request(patient=True)
        await asyncio.wait_for(job.settled(), 5)
        assert scrub.times == []
        job.request()
        await asyncio.wait_for(job.settled(), 5)
        assert len(scrub.times) == 1, "one for both"
        monkeypatch.setattr(checkpointer, "PATIENCE_SECONDS", 0.02)
        job.request(patient=True)
        job.request(patient=True)
        async with asyncio.timeout(5):
            while len(scrub.times) < 2:  # noqa: ASYNC110 - nothing rings when a timer begins it
                await asyncio.sleep(0.01)
        await asyncio.wait_for(job.settled(), 5)
    assert len(scrub.times) == 2


async def test_an_error_is_raised_and_the_request_stays_open() -> None:
    async def scrub() -> bool:
        raise RuntimeError("disk gone")

    job = Checkpointer(scrub, gap=0.0)
    job.request()
    with pytest.raises(RuntimeError):
        await job.run()
    calm = Scrub()
    job._scrub = calm
    async with running(job):
        await asyncio.wait_for(job.settled(), 5)
    assert len(calm.times) == 1


async def test_whoever_erases_has_asked(db: Database, now: datetime) -> None:
    """The promise of ten seconds does not hang on a caller that remembers."""
    job = db.checkpointer
    async with running(job):
        await asyncio.wait_for(job.settled(), 5)
        await db.transaction(sessions.put, 1, Session({}), now)
        await db.transaction(erasures.done, b"no such job")
        assert job._idle.is_set(), "nothing was erased, nothing is to scrub"
        await db.transaction(erasures.erase, 1, [], now)
        assert not job._idle.is_set()


async def test_an_erasure_without_a_promise_waits(db: Database) -> None:
    job = db.checkpointer

    def erase(tx: Tx, patient: bool) -> None:
        tx.erased, tx.patient = True, patient

    async with running(job):
        await asyncio.wait_for(job.settled(), 5)
        await db.transaction(erase, True)
        assert job._idle.is_set()
        await db.transaction(erase, False)
        assert not job._idle.is_set()


async def test_a_database_just_opened_asks_for_a_scrub(db: Database) -> None:
    """A crash between an erasure and its scrub must not leave the bytes until the next one."""
    assert not db.checkpointer._idle.is_set()


def test_the_promise_of_ten_seconds_fits() -> None:
    assert checkpointer.GAP_SECONDS == 5
