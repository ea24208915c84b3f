"""Who is of the team and who is not, end to end: by an invitation, a role, and being there now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helpdesk.desk.case import Status
from tests.bot.mesa import PATIENCE, WORDS, Mesa, mesa, shown

pytestmark = pytest.mark.slow


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Mesa]:
    async with mesa(tmp_path) as desk, desk.running():
        yield desk


async def test_an_invitation_makes_a_member_who_may_claim_at_once(desk: Mesa) -> None:
    nueva = desk.box.person("Nueva")
    await nueva.send("/start")
    desk.group.add(nueva)
    await desk.ana.send("/invitar voluntaria")
    await desk.ana.wait_until(
        lambda: any("/equipo" in shown(message) for message in desk.ana.from_bot()), PATIENCE
    )
    code = next(
        word
        for message in desk.ana.from_bot()
        for word in shown(message).split()
        if word.count("-") == 3
    )
    await nueva.send(f"/equipo {code.strip('.')}")
    await nueva.wait_until(lambda: any("V-03" in shown(one) for one in nueva.from_bot()), PATIENCE)
    await desk.escalate()
    await desk.claim(nueva)
    assert (await desk.case()).owner == "V-03"


async def test_a_command_of_the_team_from_anybody_else_is_a_familys(desk: Mesa) -> None:
    await desk.until(lambda: desk.maria.from_bot())
    answers = []
    for text in ("/turno si", "/estonoexiste"):
        desk.maria.skip()
        await desk.maria.send(text)
        answers.append(shown(await desk.maria.next_message(PATIENCE)))
    assert answers[0] == answers[1], "nothing tells her that there is a team"


async def test_who_left_the_group_may_do_nothing_more(desk: Mesa) -> None:
    await desk.escalate()
    case = await desk.case()
    desk.group.remove(desk.luis)
    desk.luis.skip()
    await desk.luis.send("/turno si")
    refused = WORDS.plain("desk.refused.outside")
    await desk.luis.wait_until(
        lambda: any(refused == shown(one) for one in desk.luis.from_bot()), PATIENCE
    )
    assert case.status is Status.WAITING


async def test_who_is_in_the_group_without_a_role_may_do_nothing(desk: Mesa) -> None:
    curiosa = desk.box.person("Curiosa")
    desk.group.add(curiosa)
    await desk.escalate()
    case = await desk.case()
    await curiosa.send(f"/tomar {case.code}", to=desk.group)
    refused = WORDS.plain("desk.refused.no_role")
    await desk.until(lambda: refused in desk.words())
    desk.forward(21)
    await desk.until(lambda: any(one.buttons for one in desk.group.from_bot()))
    queue = next(one for one in desk.group.from_bot() if one.buttons)
    press = await curiosa.press(queue, queue.buttons[0].text)
    assert await press.answer(PATIENCE) == refused
    assert press.alert
    assert (await desk.case()).status is Status.WAITING
