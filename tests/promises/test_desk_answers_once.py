"""kill -9 and a bad network answer no family twice, lose nothing of hers, and let no note out.

Two volunteers answer two families, who write back, while the program is killed again and again: at
any moment, with a reply on its way, with one that arrived and nobody noted it, and while all write.
A reply reaches her once, or its author reads "no sé si llegó" and decides. What she writes stands
in the topic at least once.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.promises.busy_desk import PATIENCE, arrived
from tests.promises.desk_program import Desk, Reply, desk_program, strikes

pytestmark = pytest.mark.slow

LONGEST = 0.4
"""Seconds from the writing to a kill: most of what is written is committed and sent within them."""


async def talk(desk: Desk) -> None:
    """Let somebody of everybody do something, in any order."""
    acts = [desk.write, desk.answer, desk.write, desk.answer, desk.note]
    desk.random.shuffle(acts)
    for act in acts:
        await act(desk.random.randrange(2))  # type: ignore[operator]  # all take the number of a case


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
            await desk.rest()
            await desk.program.start()
        await desk.settle()
        assert desk.unkept([]) == []
        again = await desk.send_again()
        assert again, "no reply was on its way when the program was killed"
        await desk.settle()
        assert desk.unkept(again) == []
        assert await desk.program.stop() == 0
        assert b"update_quarantined" not in desk.program.log
