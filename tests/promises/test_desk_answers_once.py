"""kill -9 and a bad network answer no family twice, lose nothing of hers, and let no note out.

Two volunteers answer two families, who write back, while the program is killed again and again: at
any moment, with a reply on its way, with one that arrived and nobody noted it, and while all write.
A reply reaches her once, or its author reads "no sé si llegó" and decides. What she writes stands
in the topic at least once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from sandbox.faults import Fault
from tests.promises.busy_desk import PATIENCE, arrived
from tests.promises.desk_program import STAYED, Desk, Reply, desk_program

pytestmark = pytest.mark.slow

LONGEST = 0.4
"""Seconds from the writing to a kill: most of what is written is committed and sent within them."""


async def talk(desk: Desk) -> None:
    """Let somebody of everybody do something, in any order."""
    acts: list[Callable[[int], Awaitable[object]]]
    acts = [desk.write, desk.answer, desk.write, desk.answer, desk.note]
    desk.random.shuffle(acts)
    for act in acts:
        await act(desk.random.randrange(2))


def ever_at(desk: Desk, reply: Reply) -> int:
    """Give the number of the message that brought a reply to the family."""
    chat = desk.families[reply.of].chat
    return next(one.message_id for one in chat.messages.values() if reply.word in one.text)


async def any_moment(desk: Desk) -> None:
    """Kill it at any moment after something was written."""
    await talk(desk)
    await asyncio.sleep(desk.random.uniform(0, LONGEST))
    await desk.program.kill()


async def while_it_is_down(desk: Desk) -> None:
    """Kill it before anything is written: all comes at once when it is back."""
    await desk.program.kill()
    await talk(desk)


async def on_the_way(desk: Desk) -> None:
    """Kill it while the call of a reply has not been made, or was made and not answered."""
    of = desk.random.randrange(2)
    faults, chat = desk.box.faults, desk.families[of].chat_id
    # Nothing else is on its way to her: what is held is the reply.
    await desk.settle()
    hold = desk.random.choice((faults.hold_before_write, faults.hold_after_write))
    fault = hold("sendMessage", chat_id=chat)
    await desk.answer(of)
    await desk.answer(1 - of)
    await asyncio.wait_for(fault.reached.wait(), PATIENCE)
    await desk.program.kill()
    fault.lift()  # what is held stays held: a request of a dead program does nothing


async def into_the_group(desk: Desk) -> None:
    """Kill it while what a family wrote is on its way into the topic, or just arrived there."""
    await desk.settle()
    faults = desk.box.faults
    hold = desk.random.choice((faults.hold_before_write, faults.hold_after_write))
    fault = hold("sendMessage", chat_id=desk.group.chat_id)
    of = desk.random.randrange(2)
    await desk.write(of)
    await desk.until(fault.reached.is_set)
    await desk.answer(of)
    await desk.program.kill()
    fault.lift()


KILLS = (any_moment, on_the_way, into_the_group, while_it_is_down)


@pytest.mark.parametrize(
    ("seed", "kills"),
    [(4, 6), *(pytest.param(seed, 20, marks=pytest.mark.soak) for seed in (1, 2, 3))],
)
async def test_a_desk_survives_every_kill(tmp_path: Path, seed: int, kills: int) -> None:
    async with desk_program(tmp_path, seed, FARO_LOG_LEVEL="WARNING") as desk:
        await desk.open_cases()
        for number in range(kills):
            kill = KILLS[number] if number < len(KILLS) else desk.random.choice(KILLS)
            await kill(desk)
            await desk.start()
        await desk.settle()
        assert desk.unkept([]) == []
        again = await desk.send_again()
        assert again, "no reply was on its way when the program was killed"
        await desk.settle()
        assert desk.unkept(again) == []
        assert await desk.program.stop() == 0
        assert b"update_quarantined" not in desk.program.log


async def test_a_bad_network_answers_nobody_twice_and_loses_nothing(tmp_path: Path) -> None:
    async with desk_program(tmp_path, 11, FARO_LOG_LEVEL="WARNING") as desk:
        await desk.open_cases()
        faults, group = desk.box.faults, desk.group.chat_id
        # How to order it, and whether Telegram says that nothing was written.
        kinds: dict[str, tuple[Callable[[int], Fault], bool]] = {
            "429": (lambda chat: faults.retry_after("sendMessage", 1, chat_id=chat), True),
            "5xx": (lambda chat: faults.server_error("sendMessage", chat_id=chat), True),
            "before": (lambda chat: faults.drop_before_write("sendMessage", chat_id=chat), False),
            "after": (lambda chat: faults.drop_after_write("sendMessage", chat_id=chat), False),
        }
        unknown: list[Reply] = []
        for order, certain in kinds.values():
            struck = [order(family.chat_id) for family in desk.families]
            replies = [await desk.answer(of) for of in (0, 1, 0, 1)]
            await desk.settle()
            assert [fault.struck for fault in struck] == [1, 1]
            # It strikes the first to each; of those nobody knows whether they arrived.
            asked = [reply for reply in replies if desk.told_unknown(reply)]
            assert asked == ([] if certain else replies[:2])
            unknown += asked
            assert desk.unkept([]) == []
        for order, _ in kinds.values():
            fault = order(group)
            for of in (0, 1):
                await desk.write(of)
                await desk.note(of)
            await desk.settle()
            assert fault.struck == 1
        held = faults.hold_before_write("sendMessage", chat_id=desk.families[0].chat_id)
        first = await desk.answer(0)
        await asyncio.wait_for(held.reached.wait(), PATIENCE)
        await desk.answer(0)
        await desk.answer(1)
        await desk.until(lambda: arrived(desk.families[1], desk.said.replies[-1].word))
        assert not arrived(desk.families[0], first.word)
        held.release()
        await desk.settle()
        assert desk.unkept([]) == []
        for of in (0, 1):
            certain_ones = [one for one in desk.said.replies if one not in unknown]
            seen = [ever_at(desk, one) for one in certain_ones if one.of == of]
            assert seen == sorted(seen), "a reply overtook another"
        assert await desk.send_again() == unknown
        await desk.settle()
        assert desk.unkept(unknown) == []


async def test_an_answer_to_words_that_stand_twice_is_never_lost_in_silence(tmp_path: Path) -> None:
    """Of the first copy nobody knows the number: an answer to it looks like a note."""
    async with desk_program(tmp_path, 13, FARO_LOG_LEVEL="WARNING") as desk:
        await desk.open_cases()
        desk.box.faults.drop_after_write("sendMessage", chat_id=desk.group.chat_id)
        await desk.write(0)
        await desk.settle()
        first, second = desk.from_family(0)
        lost, fine = await desk.answer(0, first), await desk.answer(0, second)
        await desk.note(0)
        await desk.settle()
        assert [len(desk.told(one, STAYED)) for one in (lost, fine)] == [1, 0]
        assert [arrived(desk.families[0], one.word) for one in (lost, fine)] == [0, 1]
        assert desk.unkept([]) == []


async def test_a_group_that_is_told_to_wait_loses_nothing(tmp_path: Path) -> None:
    """429 to every kind of call into the group, again and again, while all write."""
    async with desk_program(tmp_path, 12, FARO_LOG_LEVEL="WARNING") as desk:
        faults, group = desk.box.faults, desk.group.chat_id
        created = faults.retry_after("createForumTopic", 1, chat_id=group)
        await desk.open_cases()
        said = faults.retry_after("sendMessage", 1, times=3, chat_id=group)
        copied = faults.retry_after("copyMessage", 1, times=2, chat_id=group)
        for of in (0, 1, 0):
            await desk.write(of)
            await desk.show(of)
            await desk.answer(of)
            await desk.note(of)
        await desk.settle()
        assert [fault.struck for fault in (created, said, copied)] == [1, 3, 2]
        assert desk.unkept([]) == []
        assert all(arrived(desk.families[one.of], one.word) == 1 for one in desk.said.replies)
        seen = [message.text for message in desk.group.screen() if message.mine]
        assert sum("Entregado" in text for text in seen) == len(desk.said.replies)
        assert b"desk_failed" not in desk.program.log
