"""A canned reply that was withdrawn after it was sent does not go out by a second press either."""

from __future__ import annotations

import pytest

from helpdesk.desk import canned
from helpdesk.desk.deliveries import End
from helpdesk.desk.posts import Purpose
from store import PostState, withdrawals
from tests.helpdesk.desk.hall import MOTHER, Hall
from tests.helpdesk.desk.test_deliveries import OTHER, OWNER, answered, once, purpose


@pytest.fixture
async def topic(hall: Hall) -> int:
    await hall.member(OWNER)
    await hall.member(OTHER)
    return (await hall.claimed(OWNER))[1]


async def send(hall: Hall, topic: int, one: canned.Canned) -> None:
    """Let the owner press a canned reply through."""
    await hall.write(OWNER, "/plantillas", topic)
    await hall.drain()
    listed = hall.found("Elija una", topic)
    await hall.press(OWNER, f"canned:{one.id}", listed)
    await hall.drain()
    await hall.press(OWNER, hall.button(listed, "Enviar esta"), listed)


async def withdraw(hall: Hall, one: canned.Canned) -> None:
    await hall.do(withdrawals.put, f"answer:canned.{one.id}", "V-09", hall.now)


def got(hall: Hall, one: canned.Canned) -> int:
    return sum(hall.words.plain(one.text.key) in text for text in hall.room(MOTHER).texts)


async def test_not_once_more(hall: Hall, topic: int) -> None:
    for one in canned.every():
        hall.ends = once(End.UNKNOWN, purpose(Purpose.TO_FAMILY))
        await send(hall, topic, one)
        await hall.drain()
        if not await hall.posts(PostState.HELD):
            continue
        asked = hall.found("No sé si llegó", topic)
        await withdraw(hall, one)
        token = hall.button(asked, "Enviar otra vez")
        assert "retir" in hall.alert(await hall.press(OWNER, token, asked))
        await hall.drain()
        assert got(hall, one) == 0
        return
    pytest.fail("no canned reply got so far")


async def test_not_by_a_second_person(hall: Hall, topic: int) -> None:
    """Copied into a reply with a telephone, it waits for somebody who may not have heard of it."""
    one = canned.every()[0]
    await answered(hall, topic, f"{hall.words.plain(one.text.key)} Llame al 0414-555 12 34.")
    await hall.drain()
    held = hall.found("un número de teléfono", topic)
    await withdraw(hall, one)
    token = hall.button(held, "Confirmar y enviar")
    assert "retir" in hall.alert(await hall.press(OTHER, token, held))
    await hall.drain()
    assert got(hall, one) == 0
