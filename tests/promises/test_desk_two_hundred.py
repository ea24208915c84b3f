"""Two hundred cases in one minute: every family is answered at once, and every case is on the queue.

The group gets at most 20 calls in any 60 seconds meanwhile, although older cases alone would fill
them. Time is the sandbox's: a minute of it is as long as the machine needs. And a program that is
killed with -9 in the middle of such a rush loses no case, no press and no word, and goes on with
what is left of the minute's calls, not with twenty new ones.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from helpdesk.desk import codes, outbox, queue
from sandbox import Call, Clock, Message, Person
from store import PostState, Tx
from tests.bot.program import Program
from tests.promises.busy_desk import (
    PATIENCE,
    WORDS,
    BusyDesk,
    Markers,
    busy_desk,
    code_of,
    has,
)

pytestmark = pytest.mark.slow

PER_MINUTE = 20
MINUTE = 60.0
URGENCIES = ("case.urgency.option.can_wait", "case.urgency.option.now", "case.urgency.option.days")
SOONEST_FIRST = (URGENCIES[1], URGENCIES[2], URGENCIES[0])
READS = re.compile("get|setMyCommands")
STEP = 5.0
"""Seconds by which time goes on while nobody does anything."""


def into_group(desk: BusyDesk) -> list[Call]:
    """Give every call into the group that Telegram could count: all but reading what it is like."""
    return [
        call
        for call in desk.box.calls
        if call.parameters.get("chat_id") == desk.group.chat_id and not READS.match(call.method)
    ]


def most_in_a_minute(calls: Sequence[Call]) -> int:
    """Give how many calls fell into the fullest 60 seconds, wherever these begin."""
    times = sorted(call.at.timestamp() for call in calls)
    return max(sum(start <= one < start + MINUTE for one in times) for start in times)


def test_the_count_sees_a_minute_that_no_clock_face_shows() -> None:
    """What all rests on: eleven at the end of a minute and ten at the start of the next are 21."""
    moments = [50.0 + number / 2 for number in range(11)] + [70.0 + number for number in range(10)]
    calls = [Call("sendMessage", {}, datetime.fromtimestamp(at, UTC)) for at in moments]
    assert most_in_a_minute(calls) == 21
    assert most_in_a_minute(calls[:11]) == 11


def being_called(tx: Tx) -> int:
    return len(outbox.every(tx, PostState.CALLING))


def waits(tx: Tx) -> int:
    return len(outbox.every(tx, PostState.WAITING))


async def still(desk: BusyDesk) -> None:
    """Wait until no call is being made: one that arrives after the clock was moved on would count
    for a minute that the program did not put it in."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await desk.quiet()
            if not await desk.db.transaction(being_called):
                break
    # The commit of a call that no post asked for came before that look; by now it is made.
    await desk.quiet(2)


async def drain(desk: BusyDesk, seconds: float = 0) -> None:
    """Let time go on until everything went out, and so many seconds more."""
    for step in count():
        await still(desk)
        if seconds <= 0 and not await desk.db.transaction(waits):
            return
        assert step < 200, "the outbox does not get empty"
        seconds -= STEP
        if step % 12 == 0:
            desk.forward(STEP)  # the jobs too
        else:
            desk.box.clock.forward_seconds(STEP)
            desk.wake()
