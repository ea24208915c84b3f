"""A case ends with a reason, can begin again under a new code, and leaves nothing after a week."""

from __future__ import annotations

import pytest

from helpdesk.desk import casebook, closing, family
from helpdesk.desk.case import Reason, Status
from helpdesk.desk.staff import Role
from store import PostState, cases, posts
from tests.helpdesk.desk.hall import MOTHER, Hall, shared

OWNER, OTHER, LEAD = 11, 12, 13


@pytest.fixture
async def topic(hall: Hall) -> int:
    await hall.member(OWNER)
    await hall.member(OTHER)
    await hall.member(LEAD, Role.LEAD)
    return (await hall.claimed(OWNER, shared=shared()))[1]


async def closed(hall: Hall, topic: int, words: str = "resuelto") -> str:
    code = (await hall.open_case()).code
    await hall.write(OWNER, f"/cerrar {words}", topic)
    await hall.drain()
    return code


@pytest.mark.parametrize("reason", closing.CHOOSABLE)
async def test_each_reason_by_its_button(hall: Hall, topic: int, reason: Reason) -> None:
    case = await hall.open_case()
    await hall.write(OWNER, "/cerrar", topic)
    await hall.drain()
    asked = hall.found("¿Por qué se cierra?", topic)
    words = hall.words.plain(f"desk.reason.{reason}")
    token = hall.button(asked, words)
    assert "lo tiene V-01" in hall.alert(await hall.press(OTHER, token, asked))
    # At once, for the edit may have to wait until the group takes another call.
    assert words in hall.alert(await hall.press(OWNER, token, asked))
    await hall.drain()
    now = await hall.case(case.code)
    assert (now.status, now.reason) == (Status.CLOSED, reason)
    told = hall.words.plain(f"case.closed.{reason}", {"code": f"{case.code[:3]}-{case.code[3:]}"})
    assert hall.room(MOTHER).texts[-1] == told
    assert f"Cerrado por V-01: {words}" in hall.found("Cerrado por", topic).text
    assert topic in hall.closed
    assert hall.counts[f"case_closed={reason}|category=papers"] == 1
    assert "está cerrado" in hall.alert(await hall.press(OWNER, token, asked))


@pytest.mark.parametrize("words", ["resuelto", "Resuelto.", "resolved", "RESUELTO"])
async def test_a_reason_can_be_typed(hall: Hall, topic: int, words: str) -> None:
    code = await closed(hall, topic, words)
    assert (await hall.case(code)).reason is Reason.RESOLVED


async def test_what_only_others_decide_cannot_be_chosen(hall: Hall, topic: int) -> None:
    for reason in ("by_family", "unreachable", "Lo terminó la familia"):
        await hall.write(OWNER, f"/cerrar {reason}", topic)
    assert (await hall.open_case()).open


async def test_what_was_let_out_still_goes_what_was_held_does_not(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/r Vaya el lunes.", topic)
    await hall.write(OWNER, "/r Llame al 0414-1234567", topic)
    await hall.say("gracias")
    await closed(hall, topic)
    got = hall.room(MOTHER).texts
    assert "Vaya el lunes." in got[-2]
    assert not any("0414" in text for text in got)
    assert hall.found("gracias", topic)
    assert not await hall.posts()
    assert not await hall.posts(PostState.HELD)


async def test_a_reply_after_the_end_does_not_go(hall: Hall, topic: int) -> None:
    await hall.say("gracias")
    await hall.drain()
    said = hall.found("gracias", topic)
    await closed(hall, topic)
    hall.closed.clear()  # somebody opened it by hand
    before = len(hall.room(MOTHER).messages)
    await hall.write(OWNER, "de nada", topic, said.id)
    await hall.write(OWNER, "/soltar", topic)
    await hall.drain()
    assert len(hall.room(MOTHER).messages) == before
    assert hall.found("No salió: el caso está cerrado", topic)


async def test_a_case_begins_again_under_a_new_code(hall: Hall, topic: int) -> None:
    code = await closed(hall, topic)
    await hall.write(OTHER, f"/reabrir {code.lower()}")
    await hall.drain()
    new = await hall.open_case()
    assert new.code != code
    assert (new.owner, new.reopened_from, new.shared) == ("V-02", code, shared())
    told = hall.room(MOTHER).texts[-1]
    assert "V-02, una persona voluntaria de Faro, volvió a abrir su consulta" in told
    assert sum("V-02" in text for text in hall.room(MOTHER).texts) == 1
    assert f"{new.code[:3]}-{new.code[3:]}" in told
    reopened = next(m for m in hall.room(MOTHER).messages.values() if m.text == told)
    assert reopened.rows[0][0].copy == f"{new.code[:3]}-{new.code[3:]}"
    assert new.topic not in (None, topic)
    assert f"Ya tuvo otro caso: {code[:3]}-{code[3:]}" in hall.in_topic(new.topic or 0)[0].text
    await hall.write(LEAD, f"/reabrir {code}")
    await hall.write(LEAD, f"/reabrir {new.code}")
    await hall.drain()
    assert hall.found("ya tiene otro caso abierto")
    assert hall.found("está abierto.")


async def test_who_is_barred_does_not_open_it_again(hall: Hall, topic: int) -> None:
    await hall.do(family.report, MOTHER, family.Complaint.DATA, hall.now, hall.context)
    case = await hall.open_case()
    await hall.write(LEAD, f"/tomar {case.code}")
    await hall.write(LEAD, "/cerrar resuelto", topic)
    await hall.write(OWNER, f"/reabrir {case.code}")
    await hall.drain()
    assert (await hall.case(case.code)).status is Status.CLOSED
    assert hall.found("la familia pidió otra persona")
    await hall.write(OTHER, f"/reabrir {case.code}")
    assert (await hall.open_case()).barred == ("V-01",)


async def test_what_the_family_ended_only_she_brings_back(hall: Hall, topic: int) -> None:
    code = (await hall.open_case()).code
    await hall.do(family.withdraw, MOTHER, hall.now, hall.context)
    before = len(hall.room(MOTHER).messages)
    await hall.write(LEAD, f"/reabrir {code}")
    await hall.drain()
    assert hall.found("lo terminó la familia. Si quiere volver, lo pide ella")
    assert (await hall.case(code)).status is Status.CLOSED
    assert len(hall.room(MOTHER).messages) == before


async def test_a_family_that_is_gone_cannot_be_reached_again(hall: Hall, topic: int) -> None:
    entry = await hall.do(casebook.of_chat, MOTHER)
    assert entry is not None
    await hall.do(closing.close, entry, Reason.UNREACHABLE, hall.now)
    await hall.write(OTHER, f"/reabrir {entry.case.code}")
    await hall.drain()
    assert hall.found("no se puede abrir")


async def test_after_a_week_the_topic_goes_and_then_the_case(hall: Hall, topic: int) -> None:
    code = await closed(hall, topic)
    hall.wait(days=6, hours=21)
    await hall.tend()
    await hall.drain()
    assert topic in hall.topics
    hall.wait(hours=1, minutes=30)
    await hall.tend()
    await hall.drain()
    assert topic not in hall.topics
    assert (await hall.case(code)).topic is None
    hall.wait(hours=3)
    await hall.tend()
    assert await hall.do(cases.closed_cases) == []
    assert await hall.do(cases.expire, hall.now) == 0


async def test_a_case_whose_last_hour_begins_is_seen_to(hall: Hall, topic: int) -> None:
    """After a stop of days the topic goes too, although its own time was missed."""
    code = await closed(hall, topic)
    hall.wait(days=9)
    await hall.tend()
    assert await hall.do(casebook.of_code, code) is None
    await hall.drain()
    assert topic not in hall.topics


async def test_a_topic_that_cannot_be_deleted_today_is_deleted_later(
    hall: Hall, topic: int
) -> None:
    await closed(hall, topic)
    hall.wait(days=9)
    await hall.tend()
    for _ in range(3):
        hall.wait(hours=22, minutes=5)
        await hall.tend()
        await hall.do(posts.expire, hall.now)
    await hall.drain()
    assert topic not in hall.topics


async def test_a_case_without_a_topic_ends_without_one(hall: Hall) -> None:
    await hall.member(OWNER)
    case = await hall.family()
    await hall.press(OWNER, f"claim:{case.code}")
    await hall.do(family.withdraw, MOTHER, hall.now, hall.context)
    await hall.drain()
    assert not hall.topics
    assert not await hall.posts()


async def test_a_month_without_anything_ends_a_case(hall: Hall) -> None:
    """She who waited for us is not told that it was she who gave no answer."""
    case = await hall.family()
    hall.wait(days=30, hours=1)
    await hall.tend()
    now = await hall.case(case.code)
    assert now.reason is Reason.NO_ANSWER
    await hall.drain()
    assert "nadie le pudo contestar" in hall.room(MOTHER).texts[-1]


async def test_a_month_without_an_answer_of_hers_ends_a_case(hall: Hall, topic: int) -> None:
    case = await hall.open_case()
    await hall.write(OWNER, "/r ¿Cómo va?", topic)
    await hall.drain()
    hall.wait(days=30, hours=1)
    await hall.tend()
    assert (await hall.case(case.code)).reason is Reason.NO_ANSWER
    await hall.drain()
    assert "hace un tiempo que no llega nada" in hall.room(MOTHER).texts[-1]
    assert "Cerrado: La familia no contesta" in hall.found("Cerrado", topic).text
