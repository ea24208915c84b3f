"""The governor: never over its rate, who is first, and whom a 429 concerns; time is not real here.

What is timed is when a call begins, in a loop whose clock moves only from timer to timer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.governor import (
    DESK_SHARE,
    DESK_WAITS,
    PAID,
    RECOVERY,
    SLOWED,
    SPREAD,
    WINDOW,
    Governor,
    Lane,
    Way,
    counts,
)
from tests.bot.virtual import run

STEP = SPREAD / 25


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Calls:
    """Makes calls through a governor and notes when each began; ``errors`` go to the next ones."""

    governor: Governor
    begun: list[tuple[float, Lane, int]] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    slow: Iterator[float] = field(default_factory=lambda: repeat(0.0))
    errors: list[TelegramError] = field(default_factory=list)
    asked: int = 0

    async def make(self, lane: Lane, way: Way | None = None, method: str = "sendMessage") -> None:
        self.asked += 1
        number = self.asked

        async def call() -> bool:
            self.begun.append((now(), lane, number))
            await asyncio.sleep(0.003 + next(self.slow, 0.0))
            self.ended.append(now())
            if self.errors:
                raise self.errors.pop()
            return True

        way = lane if way is None else way
        await self.governor.process_request(call, (), {}, method, {}, way or None)

    async def pay(self, delay: float = 0.0) -> None:
        """Take a place, work for a while, and call: as the drain of broadcasts does."""
        await self.governor.turn(Lane.BROADCAST)
        await asyncio.sleep(delay)
        await self.make(Lane.BROADCAST, PAID)

    def times(self, *lanes: Lane) -> list[float]:
        return [at for at, lane, _ in self.begun if lane in (lanes or Lane)]


def most_in_a_second(times: Sequence[float]) -> int:
    """Give the most of some moments that lie in any half-open second."""
    times, first, most = sorted(times), 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


lanes = st.sampled_from(Lane)
arrivals = st.lists(st.tuples(st.floats(0, 3), lanes, st.floats(0, 0.4)), max_size=120)
lateness = st.lists(st.floats(0, 0.08), max_size=200)


@given(st.integers(1, 40), arrivals, lateness)
@settings(max_examples=120, deadline=None)
def test_never_more_than_the_rate_begin_in_any_second(
    rate: int, arrivals: list[tuple[float, Lane, float]], late: list[float]
) -> None:
    """However they come, however late the machine is, however long a claim takes."""
    calls = Calls(Governor(rate))

    async def arrive(after: float, lane: Lane, delay: float) -> None:
        await asyncio.sleep(after)
        await (calls.pay(delay) if lane is Lane.BROADCAST else calls.make(lane))

    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            for one in arrivals:
                group.create_task(arrive(*one))

    run(play(), late)
    assert len(calls.begun) == len(arrivals)
    assert most_in_a_second(calls.times()) <= rate


@given(st.integers(1, 40), st.lists(st.floats(0, 0.9), max_size=12), st.integers(8, 30))
@settings(max_examples=60, deadline=None)
def test_what_travels_slowly_counts_from_when_it_may_have_arrived(
    rate: int, hiccups: list[float], every: int
) -> None:
    """The server may see a call at its very end: with a slow one now and then, it is not over."""
    slow = chain.from_iterable(chain(repeat(0.0, every), [hiccup]) for hiccup in hiccups)
    calls = Calls(Governor(rate), slow=slow)

    async def drain() -> None:
        while len(calls.begun) < every * (len(hiccups) + 1):
            await calls.pay(0.002)

    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(16):
                group.create_task(drain())

    run(play())
    assert most_in_a_second(calls.ended) <= rate


@given(arrivals)
@settings(max_examples=60, deadline=None)
def test_in_a_lane_it_goes_by_the_order_of_coming(
    arrivals: list[tuple[float, Lane, float]],
) -> None:
    calls = Calls(Governor(10))

    async def arrive(after: float, lane: Lane, _: float) -> None:
        await asyncio.sleep(after)
        await calls.make(lane)

    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            for one in arrivals:
                group.create_task(arrive(*one))

    run(play())
    for lane in Lane:
        numbers = [number for _, of, number in calls.begun if of is lane]
        assert numbers == sorted(numbers)


@given(st.floats(1.5, 4), st.integers(1, 60), st.sampled_from([Lane.DESK, Lane.BROADCAST]))
@settings(max_examples=40, deadline=None)
def test_who_looks_at_the_phone_has_the_next_place(at: float, most: int, below: Lane) -> None:
    """While the lane below goes at full pace: nothing of it begins before them, and soon."""
    calls = Calls(Governor(25))

    async def play() -> float:
        flood = [asyncio.create_task(calls.make(below)) for _ in range(220)]
        await asyncio.sleep(at)
        came = now()
        await asyncio.gather(*(calls.make(Lane.INTERACTIVE) for _ in range(most)))
        for task in flood:
            task.cancel()
        return came

    came = run(play())
    since = [(at, lane) for at, lane, _ in calls.begun if at >= came]
    first = most if below is Lane.BROADCAST else min(most, DESK_SHARE - 1)
    assert [lane for _, lane in since[:first]] == [Lane.INTERACTIVE] * first
    assert since[0][0] - came <= STEP, "one place, and no more"
    last = max(at for at, lane in since if lane is Lane.INTERACTIVE)
    among = sum(lane is below and at < last for at, lane in since)
    assert among <= (0 if below is Lane.BROADCAST else most // (DESK_SHARE - 1))
    assert last - came <= (most + among) * STEP + 1e-6


def test_the_desk_goes_before_a_broadcast() -> None:
    calls = Calls(Governor(25))

    async def play() -> None:
        flood = [asyncio.create_task(calls.pay()) for _ in range(100)]
        await asyncio.sleep(1.5)
        calls.begun.clear()
        await asyncio.gather(*(calls.make(Lane.DESK) for _ in range(5)))
        for task in flood:
            task.cancel()

    run(play())
    assert [lane for _, lane, _ in calls.begun][:5] == [Lane.DESK] * 5


def test_a_post_of_the_desk_does_not_wait_when_there_is_room() -> None:
    calls = Calls(Governor(25))

    async def play() -> float:
        flood = [asyncio.create_task(calls.pay()) for _ in range(3)]
        await asyncio.gather(*(calls.make(Lane.INTERACTIVE) for _ in range(10)))
        began = now()
        await calls.make(Lane.DESK)
        await asyncio.gather(*flood)
        return began

    began = run(play())
    assert calls.times(Lane.DESK) == [began]
    assert calls.times(Lane.BROADCAST)[1] >= began + 8 * STEP, "a broadcast lets the bursts pass"


def test_a_crowd_of_families_does_not_silence_the_desk() -> None:
    """It gets one place in five when it has waited for a second; a broadcast gets none."""
    calls = Calls(Governor(25))

    async def play() -> float:
        began = now()
        crowd = [asyncio.create_task(calls.make(Lane.INTERACTIVE)) for _ in range(500)]
        await asyncio.sleep(0.01)
        others = [asyncio.create_task(calls.make(Lane.DESK)) for _ in range(40)]
        others += [asyncio.create_task(calls.pay())]
        await asyncio.sleep(6)
        for task in (*crowd, *others):
            task.cancel()
        return began

    began = run(play())
    before = [lane for at, lane, _ in calls.begun if at < began + DESK_WAITS]
    after = [lane for at, lane, _ in calls.begun if at >= began + WINDOW]
    assert before == [Lane.INTERACTIVE] * 25
    assert [after.index(Lane.DESK), after[:100].count(Lane.DESK)] == [0, 20]
    assert all(after[place : place + 5].count(Lane.DESK) == 1 for place in range(90))
    assert Lane.BROADCAST not in after


def test_families_need_not_go_evenly() -> None:
    """All that the second leaves goes at once: 25 screens do not wait for each other."""
    calls = Calls(Governor(25))

    async def play() -> float:
        await asyncio.gather(*(calls.make(Lane.INTERACTIVE) for _ in range(26)))
        return now()

    run(play())
    *burst, last = calls.times()
    assert len(set(burst)) == 1
    assert last - burst[0] == pytest.approx(WINDOW)


@pytest.mark.parametrize("rate", [1, 10, 25, 28, 300])
@pytest.mark.parametrize(("late", "claim"), [(0.0, 0.0), (0.002, 0.004), (0.001, 0.008)])
def test_the_rate_is_made_use_of(rate: int, late: float, claim: float) -> None:
    """97 % of it, with timers that are late and the time that a claim takes."""
    calls = Calls(Governor(rate))

    async def drain() -> None:
        while len(calls.begun) < 8 * rate:
            await calls.pay(claim)

    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(16):
                group.create_task(drain())

    run(play(), repeat(late))
    times = calls.times()
    assert most_in_a_second(times) <= rate
    assert (len(times) - 1) / (times[-1] - times[0]) >= 0.97 * rate


def test_a_hiccup_of_the_machine_is_smoothed_out_again() -> None:
    calls = Calls(Governor(25))

    async def play() -> None:
        await asyncio.gather(*(calls.pay() for _ in range(600)))

    run(play(), chain(repeat(0.0, 100), [0.3]))
    times = calls.times()
    gaps = [after - before for before, after in pairwise(times[400:])]
    assert max(gaps) < 1.5 * STEP
    assert most_in_a_second(times) <= 25


def test_idle_time_is_not_saved_up() -> None:
    """After a quiet hour a broadcast begins as evenly as it goes on."""
    calls = Calls(Governor(25))

    async def play() -> None:
        await calls.pay()
        await asyncio.sleep(3600)
        await asyncio.gather(*(calls.pay() for _ in range(30)))

    run(play())
    gaps = [after - before for before, after in pairwise(calls.times()[1:])]
    assert gaps == pytest.approx([STEP] * 29)


# Cancelled waits


@given(
    st.lists(st.tuples(lanes, st.one_of(st.none(), st.floats(0, 2))), min_size=30, max_size=90),
    lateness,
)
@settings(max_examples=50, deadline=None)
def test_a_cancelled_wait_leaves_no_trace(
    waits: list[tuple[Lane, float | None]], late: list[float]
) -> None:
    """Whenever: everybody else has a turn, and afterwards every place is there."""
    governor = Governor(10)

    async def one(lane: Lane) -> bool:
        await governor.turn(lane)
        return True

    async def play() -> tuple[int, float]:
        loop = asyncio.get_running_loop()
        tasks = []
        for lane, cancelled in waits:
            task = asyncio.create_task(one(lane))
            if cancelled is not None:
                loop.call_later(cancelled, task.cancel)
            tasks.append(task)
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(2)
        began = now()
        await asyncio.gather(*(governor.turn(Lane.INTERACTIVE) for _ in range(10)))
        return sum(end is True for end in ends), now() - began

    stayed = sum(cancelled is None for _, cancelled in waits)
    done, took = run(play(), late)
    assert done >= stayed
    assert took == 0


def test_a_place_given_to_somebody_who_just_left_goes_to_the_next() -> None:
    governor = Governor(1)

    async def play() -> float:
        await governor.turn(Lane.INTERACTIVE)
        began = now()
        leaves = asyncio.create_task(governor.turn(Lane.INTERACTIVE))
        stays = asyncio.create_task(governor.turn(Lane.INTERACTIVE))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_at(began + WINDOW, leaves.cancel)
        await asyncio.wait({leaves, stays})
        assert leaves.cancelled()
        return now() - began

    assert run(play()) == pytest.approx(WINDOW, abs=0.001)


def test_a_place_that_is_not_used_is_free_again_a_second_later() -> None:
    governor = Governor(2)

    async def play() -> float:
        began = now()
        for _ in range(2):
            await governor.turn(Lane.BROADCAST)
        await governor.turn(Lane.INTERACTIVE)
        return now() - began

    assert run(play()) == pytest.approx(WINDOW)


def test_a_place_that_is_given_back_is_free_at_once() -> None:
    """While others go on, too: one that was forgotten would be missing until they stop."""
    calls = Calls(Governor(25))

    async def drain() -> None:
        for number in range(400):
            if number % 8 == 0:
                await calls.governor.turn(Lane.BROADCAST)
                await asyncio.sleep(0.002)
                calls.governor.give_back(Lane.BROADCAST)
            await calls.pay(0.002)

    run(drain())
    times = calls.times()
    assert most_in_a_second(times) <= 25
    assert (len(times) - 1) / (times[-1] - times[0]) >= 0.97 * 25


# 429


def test_a_429_pauses_broadcasts_and_slows_them_and_nobody_else() -> None:
    calls = Calls(Governor(25))

    async def play() -> float:
        flood = [asyncio.create_task(calls.pay()) for _ in range(2000)]
        await asyncio.sleep(2)
        calls.errors.append(RetryAfter(5))
        await asyncio.sleep(0.1)
        told = now()
        for _ in range(40):  # somebody presses four times a second, and the desk says something
            began = now()
            await asyncio.gather(calls.make(Lane.INTERACTIVE), calls.make(Lane.DESK))
            assert now() - began < 3 * STEP
            await asyncio.sleep(0.25)
        await asyncio.sleep(5)
        for task in flood:
            task.cancel()
        assert sum(isinstance(end, RetryAfter) for end in await ends(flood)) == 1
        return told

    told = run(play())
    broadcast = [at - told for at in calls.times(Lane.BROADCAST)]
    assert not [at for at in broadcast if 0 <= at < 4.85], "it pauses"
    after = [at for at in broadcast if 11.5 <= at < 14.5]
    assert SLOWED * 25 - 1 <= len(after) / 3 < 0.98 * 25, "and is slower then"
    assert len(calls.times(Lane.INTERACTIVE)) == len(calls.times(Lane.DESK)) == 40


async def ends(tasks: Sequence[asyncio.Task[None]]) -> list[BaseException | None]:
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_a_slowed_lane_gets_its_pace_back_gradually() -> None:
    governor = Governor(25)

    async def play() -> None:
        full = governor.pace(Lane.BROADCAST)
        assert full >= 0.97 * 25
        governor.wait(Lane.BROADCAST, 3)
        assert governor.pace(Lane.BROADCAST) == 0
        governor.wait(Lane.BROADCAST, 5)  # sixteen were on their way: one flood
        await asyncio.sleep(4)
        assert governor.pace(Lane.BROADCAST) == 0, "the longest of them"
        assert governor.lost(Lane.BROADCAST) == pytest.approx(5)
        await asyncio.sleep(1)
        assert governor.pace(Lane.BROADCAST) == pytest.approx(SLOWED * full)
        await asyncio.sleep(5)
        assert governor.pace(Lane.BROADCAST) == pytest.approx((SLOWED + 5 * RECOVERY) * full)
        governor.wait(Lane.BROADCAST, 1)
        await asyncio.sleep(1)
        assert governor.pace(Lane.BROADCAST) == pytest.approx(SLOWED * (SLOWED + 0.05) * full)
        await asyncio.sleep(60)
        assert governor.pace(Lane.BROADCAST) == governor.pace(Lane.DESK) == full

    run(play())


def test_what_429s_cost_is_counted() -> None:
    """Whoever measures can tell what was possible: the time that passed, less what was lost."""
    calls = Calls(Governor(50))

    async def play() -> float:
        began = now()
        for number in range(40):
            calls.errors.extend([RetryAfter(2)] if number % 10 == 9 else [])
            await asyncio.gather(*(calls.pay() for _ in range(25)), return_exceptions=True)
        return now() - began

    took = run(play())
    lost = calls.governor.lost(Lane.BROADCAST)
    assert lost >= 8
    assert 1000 / (took - lost) >= 0.97 * 50


@pytest.mark.parametrize("lane", [Lane.INTERACTIVE, Lane.DESK])
def test_the_429_of_one_chat_is_for_who_called(lane: Lane) -> None:
    """It is raised once, nothing is repeated, and the lane does not wait."""
    calls = Calls(Governor(25))

    async def play() -> None:
        calls.errors.append(RetryAfter(30))
        with pytest.raises(RetryAfter):
            await calls.make(lane)
        began = now()
        await calls.make(lane)
        assert now() - began < 0.1

    run(play())
    assert len(calls.begun) == 2


@pytest.mark.parametrize("error", [BadRequest("no"), NetworkError("no"), RetryAfter(1)])
def test_what_a_call_raises_is_raised_and_nothing_is_repeated(error: TelegramError) -> None:
    calls = Calls(Governor(25), errors=[error])

    async def play() -> None:
        with pytest.raises(type(error)) as caught:
            await calls.pay()
        assert caught.value is error

    run(play())
    assert len(calls.begun) == 1


# What counts


@pytest.mark.parametrize(
    "method", ["getUpdates", "getMe", "getFile", "getChatMember", "answerCallbackQuery"]
)
def test_what_only_reads_or_answers_a_press_goes_at_once(method: str) -> None:
    calls = Calls(Governor(1))

    async def play() -> float:
        await calls.governor.turn(Lane.INTERACTIVE)
        began = now()
        for _ in range(30):
            await calls.make(Lane.BROADCAST, method=method)
        return now() - began

    assert run(play()) == pytest.approx(30 * 0.003)


@pytest.mark.parametrize(
    "method",
    [
        *("sendMessage", "sendPhoto", "copyMessage", "editMessageText", "deleteMessages"),
        *("createForumTopic", "closeForumTopic", "deleteForumTopic", "leaveChat", "somethingNew"),
    ],
)
def test_what_people_see_counts(method: str) -> None:
    assert counts(method)


def test_less_than_one_a_second_is_refused() -> None:
    with pytest.raises(ValueError, match="no pace"):
        Governor(0.5)
    assert Governor(12.9).rate == 12
