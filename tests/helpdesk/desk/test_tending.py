"""By the clock: held replies, shifts, posts that nobody could deliver, the digest of the day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.desk import family, tending
from helpdesk.desk.family import Complaint, Heard
from helpdesk.desk.figures import HeldEnd, held
from helpdesk.desk.outgoing_filter import Why
from helpdesk.desk.posture import GroupFacts
from helpdesk.desk.staff import Role
from helpdesk.messages import Unreadable
from store import PostState, posts
from tests.helpdesk.desk.hall import MOTHER, Hall

OWNER, OTHER, LEAD = 11, 12, 13


@pytest.fixture
async def topic(hall: Hall) -> int:
    await hall.member(OWNER)
    await hall.member(OTHER)
    return (await hall.claimed(OWNER))[1]


async def unsafe_day(hall: Hall, hours: float = 22.5) -> None:
    """Let most of a day pass with a group that nothing may go into."""
    await hall.safe(GroupFacts())
    hall.wait(hours=hours)
    await hall.do(tending.tend, hall.now, hall.context)


async def test_a_held_reply_goes_after_a_day_with_a_line(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/r Llame al 0414-1234567", topic)
    await hall.drain()
    for _ in range(4):
        hall.wait(hours=5, minutes=38)
        await hall.write(OWNER, "sigo aquí", topic)
        await hall.tend()
    assert not await hall.posts(PostState.HELD)
    await hall.drain()
    assert hall.found("Nadie lo confirmó en un día", topic)
    assert not any("0414" in text for text in hall.room(MOTHER).texts)
    assert all(hall.counts[key] == 1 for key in held([Why.PHONE], HeldEnd.EXPIRED))


async def test_texts_that_nobody_got_are_copied_later_and_kept_by_number_meanwhile(
    hall: Hall, topic: int
) -> None:
    await hall.say("uno")
    await hall.say(Unreadable.PHOTO, caption="dos")
    await hall.say(Unreadable.DOCUMENT)
    await unsafe_day(hall)
    await hall.do(posts.expire, hall.now + timedelta(hours=2))
    case = await hall.open_case()
    assert [one.passed_as for one in case.unheard] == ["copy", "copy", "document"]
    assert "uno" not in case.model_dump_json()
    await hall.press(OTHER, f"claim:{case.code}")  # the lease ran out meanwhile
    await hall.safe()
    await hall.press(OTHER, f"claim:{case.code}")
    await hall.drain()
    *_, text, photo, document = hall.in_topic(topic)
    assert (text.text, photo.own_caption) == ("uno", True)
    assert document.text.startswith("Mandó un documento")


async def test_whoever_still_has_the_case_gets_them_without_asking(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/silenciar 24", topic)  # so that the lease does not run out
    await hall.drain()
    await hall.write(OWNER, "/silenciar 0", topic)
    await hall.say("uno")
    await hall.write(OWNER, "/silenciar 24", topic)
    await unsafe_day(hall)
    await hall.tend()
    await hall.drain()
    assert hall.in_topic(topic)[-1].copied is not None


async def test_a_topic_that_could_not_be_made_for_a_day_is_still_made(hall: Hall) -> None:
    await hall.member(OWNER)
    case = await hall.family()
    await hall.press(OWNER, f"claim:{case.code}")
    await unsafe_day(hall)
    await hall.do(posts.expire, hall.now + timedelta(hours=2))
    await hall.drain()
    assert len(hall.topics) == 1
    assert hall.found("Cómo contestar")


async def test_a_reply_that_could_not_leave_is_told(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/r Buenas.", topic)
    hall.wait(hours=22, minutes=30)
    await hall.do(tending.tend, hall.now, hall.context)
    await hall.drain()
    assert hall.found("No llegó", topic)
    assert not any("Buenas." in text for text in hall.room(MOTHER).texts)


async def test_a_report_that_no_lead_could_be_told_waits_on(hall: Hall, topic: int) -> None:
    await hall.member(LEAD, Role.LEAD)
    await hall.do(family.report, MOTHER, Complaint.MONEY, hall.now, hall.context)
    for _ in range(2):
        hall.wait(hours=22, minutes=30)
        await hall.do(tending.tend, hall.now, hall.context)
        await hall.do(posts.expire, hall.now)
    await hall.drain()
    assert "le pidió dinero" in hall.room(LEAD).texts[-1]
    assert hall.found("Hay un aviso para quien coordina")


async def test_a_shift_that_ran_out_is_told_once(hall: Hall) -> None:
    await hall.member(OWNER)
    await hall.write(OWNER, "/turno sí")
    hall.wait(hours=9)
    await hall.tend()
    await hall.tend()
    await hall.drain()
    assert sum("Su turno terminó" in text for text in hall.room(OWNER).texts) == 1
    assert not (await hall.do(family.view, MOTHER, hall.now, hall.context)).on_duty


async def test_the_digest_comes_once_a_day_at_eight(hall: Hall) -> None:
    await hall.tend()
    hall.wait(hours=21)  # 07:30 in Caracas
    await hall.tend()
    await hall.drain()
    assert not any("Resumen" in text for text in hall.group.texts)
    hall.wait(minutes=31)
    await hall.tend()
    await hall.tend()
    await hall.drain()
    assert sum("Resumen" in text for text in hall.group.texts) == 1


async def test_tending_twice_changes_nothing(hall: Hall, topic: int) -> None:
    await hall.say("hola")
    hall.wait(minutes=31)
    await hall.tend()
    before = [(kept.id, kept.state) for kept in await hall.posts()]
    await hall.tend()
    assert [(kept.id, kept.state) for kept in await hall.posts()] == before
    assert await hall.say("¿y?") is Heard.NOTED
