"""What organisers leave unfinished is gone from its row within the hour, with nobody there."""

from __future__ import annotations

import pytest

from helpdesk.editorial import expected, publishing, tidying
from store import organiser_state
from tests.helpdesk.editorial.newsroom import ANA, Newsroom
from tests.helpdesk.editorial.test_publishing import EXAMPLE


async def state(room: Newsroom) -> str:
    return str(await room.db.transaction(organiser_state.get))


async def tidy(room: Newsroom) -> int:
    return await room.db.transaction(tidying.tidy, room.now)


async def test_a_reason_that_nobody_pressed_for(room: Newsroom) -> None:
    await room.slash(ANA, "retirar", "apelar hábiles")
    await room.press(ANA, "Llame hoy al defensor y dígale que quiere apelar")
    await room.type(ANA, "porque sí")
    room.phone.wait(seconds=expected.VALID - 60)
    assert await tidy(room) == 0
    assert "porque sí" in await state(room)
    room.phone.wait(seconds=60)
    assert await tidy(room) == 1
    assert "porque sí" not in await state(room)


async def test_a_proposal_that_nobody_let_out(room: Newsroom) -> None:
    await room.slash(ANA, "publicar")
    await room.send(ANA, EXAMPLE)
    room.phone.wait(seconds=publishing.VALID - 60)
    await tidy(room)
    assert "editorial_proposal" in await state(room)
    room.phone.wait(seconds=60)
    assert await tidy(room) == 1
    assert "editorial_proposal" not in await state(room)


async def test_with_nothing_to_forget_nothing_is_written(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.slash(ANA, "retirar", "apelar hábiles")
    written: list[object] = []
    monkeypatch.setattr(organiser_state, "put", lambda *args: written.append(args))
    assert await tidy(room) == 0
    assert written == []
