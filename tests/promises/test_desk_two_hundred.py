"""Two hundred cases in one minute: every family is answered at once, every case is on the queue.

The group gets at most 20 calls in any 60 seconds meanwhile, although older cases alone would fill
them. Time is the sandbox's: a minute of it is as long as the machine needs. And a program that is
killed with -9 in the middle of such a rush loses no case, no press and no word, and goes on with
what is left of the minute's calls, not with twenty new ones.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
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
            tick(desk, STEP)


def tick(desk: BusyDesk, seconds: float) -> None:
    """Let time pass as it does by itself: nobody is told but those who look at a clock."""
    desk.box.clock.forward(timedelta(seconds=seconds))
    desk.wake()


def list_of_waiting(desk: BusyDesk) -> Message:
    """Give the message in General that says who waits."""
    head = WORDS.plain("desk.queue.head", {"waiting": 0, "on_duty": 0}).split(":")[0]
    (shown,) = (one for one in desk.group.screen(1) if one.mine and one.text.startswith(head))
    return shown


def on_page(message: Message) -> list[str]:
    """Give the codes that can be claimed from the list as it stands."""
    datas = (button.data or "" for button in message.buttons)
    return [codes.shown(data[len("claim:") :]) for data in datas if data.startswith("claim:")]


async def on_the_queue(desk: BusyDesk, waiting: int) -> list[str]:
    """Turn every page of the list, as a volunteer does; gives the codes in their order."""
    found: list[str] = []
    on_duty = len(desk.volunteers) + 1
    pages = max(1, -(-waiting // queue.PAGE))
    for page in range(1, pages + 1):
        if page > 1:
            await desk.lead.press(list_of_waiting(desk), WORDS.plain("button.desk_later"))
            await desk.box.all_confirmed(PATIENCE)
        head = WORDS.plain("desk.queue.head", {"waiting": waiting, "on_duty": on_duty})
        foot = WORDS.plain("desk.queue.page", {"page": page, "pages": pages})
        await shows(desk, head, foot if pages > 1 else "")
        found += on_page(list_of_waiting(desk))
    assert not any(
        button.text == WORDS.plain("button.desk_later") for button in list_of_waiting(desk).buttons
    )
    return found


async def shows(desk: BusyDesk, *words: str) -> None:
    """Let time go on until the list says all this: a few rounds, each with the room that it has."""
    for _ in range(12):
        if all(one in list_of_waiting(desk).text for one in words):
            return
        await drain(desk, queue.EVERY)
    raise AssertionError(f"{words} is not what it says: {list_of_waiting(desk).text}")


def in_its_topic(desk: BusyDesk, code: str) -> str:
    """Give all that the bot wrote in the topic of a case; there is one, or none that was left."""
    topics = [one for one in desk.group.topics if one.name.startswith(code)]
    return "\n".join(text for one in topics for text in desk.in_topic(one))


def cut(desk: BusyDesk) -> None:
    """Say of each call that a killed program made that nobody waits for its answer any more.

    One that was held is never answered: without this, `BusyDesk.quiet` would wait for it for ever.
    """
    for call in desk.box.calls:
        call.dropped = call.dropped or call.answer is None


class Escalating:
    """A family that asks for a person, a step at a time; each step is answered before the next."""

    def __init__(self, desk: BusyDesk, urgency: str) -> None:
        self.who: Person = desk.family()
        self.urgency = urgency
        self._labels = [
            WORDS.plain(key)
            for key in ("case.category.option.court", urgency, "button.consent_yes")
        ]
        self._done = 0

    async def act(self) -> None:
        if self._done == 0:
            await self.who.send("quiero hablar con una persona")
        else:
            await self.who.press(self._labels[self._done - 1])
        self._done += 1

    async def sees(self) -> None:
        """Wait for what she is shown next: a choice, or, in the end, that her case waits."""
        if self._done <= len(self._labels):
            label = self._labels[self._done - 1]
            await self.who.wait_until(lambda: has(self.who, label), PATIENCE)
        else:
            await self.who.wait_until(lambda: code_of(self.who) is not None, PATIENCE)

    @property
    def waits(self) -> bool:
        return self._done > len(self._labels)

    @property
    def code(self) -> str:
        code = code_of(self.who)
        assert code is not None
        return code


async def rush(
    desk: BusyDesk, families: Sequence[Escalating], older: Sequence[Person], words: Markers
) -> dict[str, int]:
    """Let families ask for a person, four more each second, while older ones write without end.

    Time stands still until everybody who did something has her answer: nothing that takes time,
    such as room in the group, can be what it waited for. Gives the words, and whose they are.
    """
    said: dict[str, int] = {}
    for second in count():
        active = [one for one in families[: 4 * (second + 1)] if not one.waits]
        if not active:
            return said
        for one in active:
            await one.act()
        word = words.word()
        said[word] = second % len(older)
        await older[second % len(older)].send(word)
        for one in active:
            await one.sees()
        await still(desk)
        tick(desk, 1)
    raise AssertionError


async def test_two_hundred_cases_in_a_minute(tmp_path: Path) -> None:
    words = Markers(200)
    async with busy_desk(tmp_path, volunteers=5) as desk, desk.running():
        desk.box.limits.per_group = PER_MINUTE
        older = []
        for volunteer in desk.volunteers:
            family = desk.family()
            await desk.escalate(family)
            older.append((family, code_of(family) or ""))
            await volunteer.send(f"/tomar {older[-1][1]}", to=desk.group)
        await desk.box.all_confirmed(PATIENCE)
        await drain(desk, 2 * MINUTE)

        families = [Escalating(desk, URGENCIES[number % 3]) for number in range(200)]
        began = desk.box.clock.now()
        said = await rush(desk, families, [one for one, _ in older], words)
        assert (desk.box.clock.now() - began).total_seconds() <= MINUTE
        during = [call for call in into_group(desk) if call.at >= began]
        assert len(during) == PER_MINUTE, "the desk had to do all that it may, and did"
        expected = [one.code for key in SOONEST_FIRST for one in families if one.urgency == key]
        assert len(set(expected)) == 200

        await drain(desk, queue.PATIENCE)
        for word, whose in said.items():
            assert word in in_its_topic(desk, older[whose][1])
        listed = await on_the_queue(desk, 200)
        assert sorted(listed) == sorted(expected)
        urgency = {one.code: one.urgency for one in families}
        assert [urgency[code] for code in listed] == [urgency[code] for code in expected]
        assert most_in_a_minute(into_group(desk)) == PER_MINUTE
        assert desk.box.limits.refused == 0


@pytest.mark.parametrize("many", [40, pytest.param(200, marks=pytest.mark.soak)])
async def test_a_kill_in_the_rush_loses_nothing_and_gives_no_new_minute(
    tmp_path: Path, many: int
) -> None:
    """The program lives on the machine's clock until it is killed twice; then time is moved.

    Of the cases of the first half twelve are claimed, and their families write: more than the
    minute's calls. One call is on its way at the first kill.
    """
    words = Markers(9)
    async with busy_desk(tmp_path, volunteers=4, clock=Clock()) as desk:
        box, group = desk.box, desk.group
        box.limits.per_group = PER_MINUTE
        (tmp_path / "child").mkdir()
        program = Program(
            tmp_path / "child",
            box,
            FARO_DATABASE_URL=desk.settings.database_url,
            FARO_KEY_FILE=str(desk.settings.key_file),
            FARO_DESK_CHAT_ID=str(group.chat_id),
        )
        families = [desk.family() for _ in range(many)]
        early, late = families[: many // 2], families[many // 2 :]
        said: dict[str, str] = {}
        async with program:
            await asyncio.gather(*(desk.escalate(one) for one in early))
            taken = {code_of(one) or "": one for one in early[:12]}
            for number, (code, family) in enumerate(taken.items()):
                said[words.word()] = code
                await family.send([*said][-1])
                await box.all_confirmed(PATIENCE)
                if number == 2:
                    on_its_way = box.faults.hold_before_write("createForumTopic")
                await desk.volunteers[number % 4].send(f"/tomar {code}", to=group)
            await asyncio.wait_for(on_its_way.reached.wait(), PATIENCE)
            rest = asyncio.gather(*(desk.escalate(one) for one in late))
            await desk.until(lambda: sum(code_of(one) is not None for one in late) >= 2)
            await program.kill()
            cut(desk)
            before = len(into_group(desk))
            assert not rest.done()
            assert 0 < before < PER_MINUTE, "some of the minute is left, and some is gone"
            on_its_way.lift()

            await program.start()
            await rest
            for code, family in taken.items():
                said[words.word()] = code
                await family.send([*said][-1])
            await box.all_confirmed(PATIENCE)
            await desk.until(lambda: len(into_group(desk)) >= PER_MINUTE)
            await desk.quiet(20)
            assert await desk.db.transaction(waits), "there was more to send"
            await program.kill()
            cut(desk)
        assert most_in_a_minute(into_group(desk)) <= PER_MINUTE
        assert b"update_quarantined" not in program.log

        async with desk.running():
            await drain(desk, queue.PATIENCE)
            for word, code in said.items():
                assert word in in_its_topic(desk, code)
            waiting = [code_of(one) or "" for one in families if one not in taken.values()]
            assert sorted(await on_the_queue(desk, len(waiting))) == sorted(waiting)
            assert sorted(codes.shown(case.code) for case in await desk.cases()) == sorted(
                [*waiting, *taken]
            )
        assert most_in_a_minute(into_group(desk)) <= PER_MINUTE
        assert box.limits.refused == 0
