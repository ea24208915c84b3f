"""What a family can do to her case: ask, be heard, end it, report, leave a contact, erase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from helpdesk.desk import casebook, family
from helpdesk.desk.case import Category, Reason, Status, Urgency
from helpdesk.desk.family import NO_DESK, Complaint, Heard
from helpdesk.desk.messages import Where
from helpdesk.desk.posture import GroupFacts
from helpdesk.desk.staff import Role
from store import PostState, cases, erasures
from tests.helpdesk.desk.hall import AUNT, MOTHER, Hall, shared

OWNER, OTHER, LEAD, SECOND_LEAD = 11, 12, 13, 14


@pytest.fixture
async def topic(hall: Hall) -> int:
    await hall.member(OWNER)
    await hall.member(OTHER)
    await hall.member(LEAD, Role.LEAD)
    return (await hall.claimed(OWNER))[1]


async def report(hall: Hall, complaint: Complaint = Complaint.MONEY) -> None:
    counts = await hall.do(family.report, MOTHER, complaint, hall.now, hall.context)
    hall._count(counts)
    await hall.drain()


async def test_what_she_may_know(hall: Hall) -> None:
    async def view() -> family.View:
        return await hall.do(family.view, MOTHER, hall.now, hall.context)

    alone = replace(hall.context, group=None)
    assert await hall.do(family.view, MOTHER, hall.now, alone) == NO_DESK
    assert await view() == family.View(True, True, False, None)
    await hall.member(OWNER)
    await hall.write(OWNER, "/turno sí")
    case = await hall.family()
    assert await view() == family.View(
        True, True, True, case, reportable=False, led=False, report_is_read=False
    )
    await hall.member(LEAD, Role.LEAD)
    assert await view() == family.View(True, True, True, case)
    await hall.safe(GroupFacts())
    assert not (await view()).safe
    await hall.do(family.withdraw, MOTHER, hall.now, hall.context)
    assert (await view()).case is None


async def test_one_open_case_for_each_family(hall: Hall) -> None:
    first = await hall.family(category=Category.COURT, urgency=Urgency.NOW, shared=shared())
    hall.wait(minutes=1)
    again = await hall.family(category=Category.MONEY)
    other = await hall.family(AUNT)
    assert again == first
    assert other.code != first.code
    assert (first.waiting_since, first.status) == (first.opened_at, Status.WAITING)
    assert len(await hall.do(casebook.every_open)) == 2


async def test_she_ends_it_herself(hall: Hall, topic: int) -> None:
    code = (await hall.open_case()).code
    before = len(hall.room(MOTHER).messages)
    await hall.do(family.withdraw, MOTHER, hall.now, hall.context)
    assert await hall.say("adiós") is Heard.NOT_PASSED
    await hall.drain()
    assert (await hall.case(code)).reason is Reason.BY_FAMILY
    assert hall.found("Cerrado: Lo terminó la familia", topic)
    assert len(hall.room(MOTHER).messages) == before + 1  # what she wrote: her screen says the rest
    assert (await hall.family()).code != code


@pytest.mark.parametrize("complaint", Complaint)
async def test_a_report_goes_to_those_who_coordinate_only(
    hall: Hall, topic: int, complaint: Complaint
) -> None:
    await report(hall, complaint)
    words = hall.words.plain(f"desk.report.{complaint}")
    assert words.lower() in hall.room(LEAD).texts[-1].lower()
    assert "lo tenía V-01" in hall.room(LEAD).texts[-1]
    seen = [text.lower() for text in hall.group.texts]
    assert not any("avisa" in text or words.lower() in text for text in seen)
    assert OWNER not in hall.chats
    assert OTHER not in hall.chats


async def test_a_report_takes_the_case_from_her_for_good(hall: Hall, topic: int) -> None:
    await hall.say("hola")
    await hall.drain()
    said = hall.found("hola", topic)
    await hall.write(OWNER, "Páguele a mi primo.", topic, said.id)
    await hall.write(OWNER, "Ya le cuento.", topic, said.id)
    await report(hall)
    case = await hall.open_case()
    assert (case.owner, case.barred, case.status) == (None, ("V-01",), Status.WAITING)
    assert not await hall.posts(PostState.HELD)
    assert not any("primo" in one or "cuento" in one for one in hall.room(MOTHER).texts)
    assert "pidió otra persona" in hall.alert(await hall.press(OWNER, f"claim:{case.code}"))
    await hall.press(OTHER, f"claim:{case.code}")
    await hall.write(OTHER, "/pasar V-01", topic)
    assert (await hall.open_case()).owner == "V-02"
    assert hall.counts["lease=taken_away"] == 1
    before = len(hall.room(LEAD).messages)
    await hall.do(family.withdraw, MOTHER, hall.now, hall.context)
    assert (await hall.family()).barred == ("V-01",)
    assert len(hall.room(LEAD).messages) == before


async def test_a_lead_who_is_reported_does_not_read_it(hall: Hall) -> None:
    await hall.member(LEAD, Role.LEAD)
    await hall.member(SECOND_LEAD, Role.LEAD)
    await hall.claimed(LEAD)
    await report(hall)
    await report(hall)  # twice says nothing new
    assert LEAD not in hall.chats
    assert len(hall.room(SECOND_LEAD).messages) == 1


async def test_she_may_know_whether_anybody_would_read_a_report(hall: Hall) -> None:
    """A report about the only one who coordinates is read by nobody, and a contact is."""
    await hall.member(OWNER)
    await hall.member(LEAD, Role.LEAD)

    async def view() -> tuple[bool, bool, bool]:
        found = await hall.do(family.view, MOTHER, hall.now, hall.context)
        return found.reportable, found.led, found.report_is_read

    _, topic = await hall.claimed(OWNER)
    assert await view() == (True, True, True)
    await hall.write(OWNER, "/pasar V-02", topic)
    assert await view() == (True, True, False)
    await hall.member(SECOND_LEAD, Role.LEAD)
    assert await view() == (True, True, True)
    await report(hall)
    assert await view() == (False, True, True)
    assert "Antes lo tuvo V-01" in hall.room(SECOND_LEAD).texts[-1]


async def test_a_report_that_nobody_reads_bars_all_the_same(hall: Hall) -> None:
    await hall.member(OWNER)
    case, _ = await hall.claimed(OWNER)
    await report(hall)
    assert (await hall.case(case.code)).barred == ("V-01",)
    assert (await hall.case(case.code)).status is Status.WAITING


async def test_after_the_end_it_is_about_whoever_had_it(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/cerrar abusivo", topic)
    await hall.write(OWNER, "/cerrar abusive", topic)
    await report(hall)
    told = hall.room(LEAD).texts[-1]
    assert "ya cerrado: lo tenía V-01" in told
    assert "El caso está en la lista" not in told
    assert (await hall.family()).barred == ("V-01",)


async def test_a_contact_is_for_those_who_coordinate(hall: Hall, topic: int) -> None:
    await hall.do(family.leave_contact, MOTHER, " Rosa, 0414 555 1234 ", hall.now, hall.context)
    await hall.drain()
    code = (await hall.open_case()).code
    assert "dejó un contacto" in hall.room(LEAD).texts[-1]
    assert not any("Rosa" in text for room in all_rooms(hall) for text in room)
    await hall.write(OTHER, f"/contacto {code}", where=Where.PRIVATE)
    await hall.write(LEAD, f"/contacto {code}", where=Where.PRIVATE)
    await hall.drain()
    assert "Rosa, 0414 555 1234" in hall.room(LEAD).texts[-1]
    assert "otra persona del equipo" in hall.room(OTHER).texts[-1]
    await hall.do(family.take_back_contact, MOTHER, hall.now, hall.context)
    await hall.write(LEAD, f"/contacto {code}", where=Where.PRIVATE)
    await hall.drain()
    assert "no tiene contacto" in hall.room(LEAD).texts[-1]


def all_rooms(hall: Hall) -> Iterable[list[str]]:
    return [hall.group.texts, *(room.texts for room in hall.chats.values())]


async def test_erased_leaves_nothing_but_the_topics_end(hall: Hall, topic: int) -> None:
    old = (await hall.open_case()).code
    await hall.write(OWNER, "/r Buenas.", topic)
    await hall.drain()
    got = hall.room(MOTHER).last
    await hall.write(OWNER, "/cerrar resuelto", topic)
    await hall.drain()
    new, second = await hall.claimed(OTHER)
    await hall.say("todavía no leído")
    await hall.do(family.erased, MOTHER, hall.now, hall.context)
    assert await hall.do(cases.forget, MOTHER) is False
    assert await hall.do(casebook.of_code, old) is None
    left = await hall.posts()
    assert {kept.case for kept in left} == {None}
    jobs = await hall.do(erasures.pending)
    assert got in {number for job in jobs for number in job.message_ids}
    await hall.drain()
    assert not {topic, second} & hall.topics.keys()
    shown = f"{new.code[:3]}-{new.code[3:]}"
    assert hall.found(f"La familia borró todo: caso {shown} cerrado")
    assert not await hall.posts()
    assert await hall.say("¿hola?") is Heard.NOT_PASSED


async def test_a_case_that_cannot_be_read_does_not_keep_her_from_another(hall: Hall) -> None:
    case = await hall.family()
    stored = await hall.do(cases.of_chat, MOTHER)
    assert stored is not None
    await hall.do(cases.put, replace(stored, body={"format": 0}), hall.now)
    assert (await hall.do(family.view, MOTHER, hall.now, hall.context)).case is None
    assert (await hall.family()).code != case.code
