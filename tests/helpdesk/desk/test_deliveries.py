"""Whatever becomes of a call, nothing is lost, said twice to a family, or left where it was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.desk import budget, casebook, deliveries, family, outbox, posture, topics
from helpdesk.desk.case import Line, Reason, Status, Urgency
from helpdesk.desk.deliveries import End, Ready, Result
from helpdesk.desk.family import Complaint
from helpdesk.desk.messages import DeskMedia
from helpdesk.desk.posts import Call, Place, Purpose
from helpdesk.desk.staff import Role
from helpdesk.messages import Unreadable
from store import PostState, Tx, erasures, sessions
from tests.helpdesk.desk.hall import AUNT, GROUP, MOTHER, Hall, shared

OWNER, OTHER = 11, 12


@pytest.fixture
async def topic(hall: Hall) -> int:
    await hall.member(OWNER)
    await hall.member(OTHER)
    return (await hall.claimed(OWNER))[1]


def once(
    end: End, when: Callable[[Ready], bool], **more: object
) -> Callable[[Ready], Result | None]:
    """End the first such call so, and every other well."""
    left = [Result(end, **more)]  # type: ignore[arg-type]  # the fields of a Result

    def ends(ready: Ready) -> Result | None:
        return left.pop() if left and when(ready) else None

    return ends


def always(end: End, when: Callable[[Ready], bool]) -> Callable[[Ready], Result | None]:
    return lambda ready: Result(end) if when(ready) else None


def purpose(*purposes: Purpose) -> Callable[[Ready], bool]:
    return lambda ready: ready.post.purpose in purposes


async def answered(hall: Hall, topic: int, text: str = "Buenas tardes.") -> None:
    await hall.say("hola")
    await hall.drain()
    said = hall.found("Familia:\nhola", topic)
    await hall.write(OWNER, text, topic, said.id)


async def test_a_reply_is_noted_and_its_author_gets_a_receipt(hall: Hall, topic: int) -> None:
    await answered(hall, topic)
    await hall.drain()
    got = hall.room(MOTHER).last
    written = hall.found("Buenas tardes.", topic)
    receipt = hall.found("Entregado", topic)
    assert receipt.answers == written.id
    pair = (await hall.open_case()).pairs[-1]
    assert (pair.family, pair.desk, pair.out) == (got, written.id, True)
    assert got in await hall.do(sessions.message_ids, MOTHER, hall.now)
    assert sum(key.startswith("first_answer=") for key in hall.counts) == 1


async def test_without_a_session_the_case_remembers_what_to_erase(hall: Hall, topic: int) -> None:
    await hall.do(sessions.delete, MOTHER)
    await answered(hall, topic)
    await hall.drain()
    got = hall.room(MOTHER).last
    await hall.do(family.erased, MOTHER, hall.now, hall.context)
    jobs = await hall.do(erasures.pending)
    assert [job.chat for job in jobs] == [MOTHER]
    assert got in jobs[0].message_ids


async def test_before_the_topic_nothing_of_a_case_goes(hall: Hall) -> None:
    await hall.member(OWNER)
    case = await hall.family(
        shared=shared(reasons=tuple(Line(key="outcome.needs_judge") for _ in range(200)))
    )
    await hall.say("uno")
    await hall.press(OWNER, f"claim:{case.code}")
    await hall.say("dos")
    hall.ends = once(End.LATER, lambda ready: ready.post.call is Call.OPEN_TOPIC, seconds=30)
    await hall.drain()
    calls = [ready.post for _, ready in hall.calls if ready.post.place is Place.TOPIC]
    assert [one.call for one in calls[:2]] == [Call.OPEN_TOPIC, Call.OPEN_TOPIC]
    kinds = [one.purpose for one in calls[2:]]
    cards = kinds.count(Purpose.CARD)
    assert cards > 1
    # A line that says whose words follow, her copied ones, and those of after the claim.
    assert kinds == [Purpose.CARD] * cards + [Purpose.FROM_FAMILY] * 3


async def test_an_unknown_end_to_a_family_is_never_repeated_by_itself(
    hall: Hall, topic: int
) -> None:
    hall.ends = once(End.UNKNOWN, purpose(Purpose.TO_FAMILY))
    await answered(hall, topic)
    await hall.drain()
    asked = hall.found("No sé si llegó", topic)
    assert not any("Buenas tardes" in text for text in hall.room(MOTHER).texts)
    token = hall.button(asked, "Enviar otra vez")
    assert "lo tiene V-01" in hall.alert(await hall.press(OTHER, token, asked))
    await hall.press(OWNER, token, asked)
    assert "ya no vale" in hall.alert(await hall.press(OWNER, token, asked))
    await hall.drain()
    assert sum("Buenas tardes" in text for text in hall.room(MOTHER).texts) == 1
    assert hall.found("Entregado", topic)


@pytest.mark.parametrize("which", [Purpose.FROM_FAMILY, Purpose.RECEIPT, Purpose.CARD])
async def test_an_unknown_end_into_the_group_goes_again(hall: Hall, which: Purpose) -> None:
    await hall.member(OWNER)
    hall.ends = once(End.UNKNOWN, purpose(which))
    _, topic = await hall.claimed(OWNER)
    await answered(hall, topic)
    await hall.drain()
    purposes = [ready.post.purpose for _, ready in hall.calls]
    assert purposes.count(which) == 2
    assert hall.found("Entregado", topic)


async def test_what_was_called_when_the_program_died_is_unknown(hall: Hall, topic: int) -> None:
    await answered(hall, topic)
    await hall.say("¿sigue ahí?")
    hall.wait(seconds=5)
    for queued in await hall.do(deliveries.waiting, hall.now, hall.context):
        await hall.do(deliveries.claim, queued.id, hall.now, hall.context)
    assert len(await hall.posts(PostState.CALLING)) == 2
    await hall.do(deliveries.recover, hall.now, hall.context)
    assert not await hall.posts(PostState.CALLING)
    await hall.drain()
    assert hall.found("No sé si llegó", topic)
    assert hall.found("¿sigue ahí?", topic)


async def test_a_family_that_is_gone_ends_her_case(hall: Hall, topic: int) -> None:
    hall.ends = always(End.FAMILY_GONE, lambda ready: ready.post.place is Place.FAMILY)
    await answered(hall, topic)
    await hall.drain()
    closed = [one.case for one in await hall.do(casebook.every_closed)]
    assert [one.reason for one in closed] == [Reason.UNREACHABLE]
    assert hall.found("No le llegan los mensajes", topic)
    assert topic in hall.closed
    assert not await hall.posts()


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (End.VOICE_FORBIDDEN, "no recibe notas de voz"),
        (End.SOURCE_GONE, "ya no está aquí"),
        (End.UNCOPYABLE, "no deja copiar"),
        (End.REFUSED, "no lo aceptó"),
    ],
)
async def test_what_cannot_reach_her_is_told_to_its_author(
    hall: Hall, topic: int, end: End, words: str
) -> None:
    await hall.say("hola")
    await hall.drain()
    said = hall.found("hola", topic)
    await hall.write(OWNER, DeskMedia(Unreadable.VOICE, file="AwAC"), topic, said.id)
    written = hall.group.last
    await hall.drain()
    held = hall.found("Retenido", topic)
    await hall.press(OTHER, hall.button(held, "Confirmar y enviar"), held)
    hall.ends = always(end, purpose(Purpose.TO_FAMILY))
    await hall.drain()
    assert hall.found(words, topic).answers == written
    assert (await hall.open_case()).waiting_since is not None


async def test_a_message_she_deleted_leaves_a_line(hall: Hall) -> None:
    await hall.member(OWNER)
    case = await hall.family()
    await hall.say("me arrepentí")
    del hall.room(MOTHER).messages[hall.room(MOTHER).last]
    await hall.press(OWNER, f"claim:{case.code}")
    await hall.drain()
    assert hall.found("ya borró")


async def test_a_kind_that_cannot_be_copied_leaves_a_line(hall: Hall, topic: int) -> None:
    hall.ends = once(End.UNCOPYABLE, lambda ready: ready.post.call is Call.COPY)
    await hall.say(Unreadable.PHOTO)
    await hall.drain()
    line = hall.found("Mandó una foto que no se pudo copiar", topic)
    await hall.write(OWNER, "No la pude ver.", topic, line.id)
    await hall.drain()
    assert "No la pude ver." in hall.room(MOTHER).texts[-1]


async def test_a_text_that_is_refused_is_told_to_both(hall: Hall, topic: int) -> None:
    hall.ends = once(End.REFUSED, purpose(Purpose.FROM_FAMILY))
    await hall.say("raro")
    await hall.drain()
    assert hall.found("Telegram no dejó mostrar", topic)
    assert "no le llegó a nadie" in hall.room(MOTHER).texts[-1]


async def test_a_reply_to_what_is_gone_goes_without_it(hall: Hall, topic: int) -> None:
    await answered(hall, topic)
    hall.room(MOTHER).messages.clear()  # she emptied the chat meanwhile
    await hall.drain()
    assert "Buenas tardes." in hall.room(MOTHER).texts[-1]


@pytest.mark.parametrize("from_her", [True, False])
async def test_what_is_too_long_is_cut(hall: Hall, topic: int, from_her: bool) -> None:
    text = " ".join(f"trozo{number}" for number in range(200))
    which = Purpose.FROM_FAMILY if from_her else Purpose.TO_FAMILY
    if not from_her:
        await hall.say("hola")
        await hall.drain()
    hall.ends = once(End.TOO_LONG, purpose(which))
    if from_her:
        await hall.say(text)
    else:
        await hall.write(OWNER, f"/r {text}", topic)
    await hall.drain()
    room = hall.group if from_her else hall.room(MOTHER)
    said = [one.text for one in room.messages.values() if "trozo" in one.text]
    said = [one for one in said if not one.startswith("/r")]
    assert len(said) > 1
    assert [
        word for one in said for word in one.split() if word.startswith("trozo")
    ] == text.split()


async def test_a_caption_that_is_too_long_follows_as_a_text(hall: Hall, topic: int) -> None:
    hall.ends = once(End.TOO_LONG, lambda ready: ready.post.call is Call.COPY)
    await hall.say(Unreadable.PHOTO, caption="la boleta de ayer")
    await hall.drain()
    copied, said = hall.in_topic(topic)[1:]
    assert (copied.text, said.text) == ("", "Familia:\nla boleta de ayer")


@pytest.mark.parametrize("urgency", [Urgency.NOW, Urgency.CAN_WAIT])
async def test_a_deleted_topic_comes_again_with_its_card(hall: Hall, urgency: Urgency) -> None:
    await hall.member(OWNER)
    _, topic = await hall.claimed(OWNER, urgency=urgency)
    await hall.say("antes")
    await hall.drain()
    hall.lose_topic(topic)
    await hall.say("uno")
    await hall.say(Unreadable.PHOTO)
    await hall.drain()
    case = await hall.open_case()
    assert case.topic is not None
    assert case.topic != topic
    card, *rest = [one.text for one in hall.in_topic(case.topic)]
    assert "Cómo contestar" in card
    assert "Familia:\nuno" in rest
    assert any("El tema anterior se borró" in one for one in rest)
    said = hall.found("Familia:\nuno", case.topic)
    await hall.write(OWNER, "aquí sigo", case.topic, said.id)
    await hall.drain()
    assert "aquí sigo" in hall.room(MOTHER).texts[-1]


async def test_a_deleted_topic_of_a_waiting_case_comes_at_the_next_claim(
    hall: Hall, topic: int
) -> None:
    await hall.say("uno")
    hall.lose_topic(topic)
    await hall.write(OWNER, "/soltar", topic)
    await hall.drain()
    case = await hall.open_case()
    assert case.topic is None
    assert len(case.unheard) == 1
    await hall.press(OTHER, f"claim:{case.code}")
    await hall.drain()
    case = await hall.open_case()
    assert case.topic is not None
    assert "Cómo contestar" in hall.in_topic(case.topic)[0].text
    assert hall.in_topic(case.topic)[-1].copied is not None


async def test_a_closed_topic_is_opened_again(hall: Hall, topic: int) -> None:
    hall.closed.add(topic)
    await hall.say("hola")
    await hall.drain()
    assert topic not in hall.closed
    assert hall.found("hola", topic)


@pytest.mark.parametrize("end", [End.NO_RIGHTS, End.OUT])
async def test_a_group_that_refuses_the_bot_is_unsafe_and_nothing_is_lost(
    hall: Hall, topic: int, end: End
) -> None:
    await hall.say("hola")
    hall.wait(seconds=5)
    hall.ends = once(end, purpose(Purpose.FROM_FAMILY))
    (queued,) = await hall.do(deliveries.waiting, hall.now, hall.context)
    await hall.deliver(queued.id)
    assert not await hall.do(posture.safe, hall.now)
    assert await hall.do(deliveries.waiting, hall.now, hall.context) == []
    view = await hall.do(family.view, MOTHER, hall.now, hall.context)
    assert not view.safe
    await hall.drain()  # the next reading finds it mended
    assert hall.found("hola", topic)


async def test_into_an_unsafe_group_nothing_goes_but_replies_do(hall: Hall, topic: int) -> None:
    await answered(hall, topic)
    await hall.say("más")
    hall.wait(seconds=5)
    await hall.safe(posture.GroupFacts())
    queued = await hall.do(deliveries.waiting, hall.now, hall.context)
    assert [one.is_group for one in queued] == [False]
    for kept in await hall.posts():
        if kept.post.place is Place.TOPIC:
            assert await hall.do(deliveries.claim, kept.id, hall.now, hall.context) is None


async def test_a_group_that_moved_is_followed(hall: Hall, topic: int) -> None:
    await hall.say("antes")
    await hall.drain()
    old = hall.found("antes", topic)
    await hall.say("hola")
    await hall.write(OWNER, DeskMedia(Unreadable.PHOTO, file="AgAC"), topic, old.id)
    hall.ends = once(End.MOVED, purpose(Purpose.FROM_FAMILY), moved_to=GROUP - 1)
    await hall.drain()
    assert {one.chat for _, one in hall.calls[-2:]} <= {GROUP - 1}
    assert hall.found("Familia:\nhola", topic)
    assert hall.found("El grupo cambió de número", topic)
    entry = await hall.do(casebook.of_topic, GROUP - 1, topic)
    assert entry is not None
    assert await hall.do(casebook.of_topic, GROUP, topic) is None
    # What stood in the old group is nobody's any more: the number may be that of a note.
    assert not await hall.posts(PostState.HELD)
    await hall.write(OWNER, "para ustedes", topic, old.id)
    await hall.drain()
    assert not any("para ustedes" in text for text in hall.room(MOTHER).texts)
    new = hall.found("Familia:\nhola", topic)
    await hall.write(OWNER, "para ella", topic, new.id)
    await hall.drain()
    assert "para ella" in hall.room(MOTHER).texts[-1]


async def test_told_of_the_move_twice_it_moves_once(hall: Hall, topic: int) -> None:
    await hall.do(topics.moved, GROUP - 1, hall.now, hall.context)
    await hall.do(topics.moved, GROUP - 1, hall.now, hall.context)
    assert len(await hall.posts()) == 1


async def test_another_group_set_up_gets_new_topics(hall: Hall, topic: int) -> None:
    await hall.do(deliveries.recover, hall.now, hall.context)
    await hall.say("hola")
    hall.context = replace(hall.context, group=GROUP - 7)
    await hall.do(deliveries.recover, hall.now, hall.context)
    await hall.drain()
    case = await hall.open_case()
    assert case.topic not in (None, topic)
    assert hall.found("Familia:\nhola", case.topic)


async def test_told_to_wait_the_whole_group_waits(hall: Hall, topic: int) -> None:
    await hall.claimed(OWNER, AUNT)
    hall.wait(minutes=2)
    hall.ends = once(End.LATER, purpose(Purpose.FROM_FAMILY), seconds=17)
    await hall.say("hola")
    await hall.say("hola", AUNT)
    begun = len(hall.calls)
    await hall.drain()
    first, *rest = [at for at, ready in hall.calls[begun:] if ready.chat < 0]
    assert all((at - first).total_seconds() >= 17 for at in rest)
    assert len(rest) == 2


async def test_what_arrives_after_borrar_is_deleted(hall: Hall, topic: int) -> None:
    await answered(hall, topic)
    await hall.say("más")
    hall.wait(seconds=5)
    ready = []
    for queued in await hall.do(deliveries.waiting, hall.now, hall.context):
        one = await hall.do(deliveries.claim, queued.id, hall.now, hall.context)
        assert isinstance(one, Ready)
        ready.append(one)
    await hall.do(family.erased, MOTHER, hall.now, hall.context)
    await hall.do(erasures.erase, MOTHER, (), hall.now)
    for one in ready:
        await hall.end(one, hall.carry_out(one))
    assert hall.erase == [MOTHER]
    jobs = await hall.do(erasures.pending)
    assert hall.room(MOTHER).last in {number for job in jobs for number in job.message_ids}
    await hall.drain()
    assert topic not in hall.topics


async def test_a_topic_made_after_borrar_is_deleted(hall: Hall) -> None:
    await hall.member(OWNER)
    case = await hall.family()
    await hall.press(OWNER, f"claim:{case.code}")
    queued = await hall.do(deliveries.waiting, hall.now, hall.context)
    ready = [await hall.do(deliveries.claim, q.id, hall.now, hall.context) for q in queued]
    opening = next(
        one for one in ready if isinstance(one, Ready) and one.post.call is Call.OPEN_TOPIC
    )
    await hall.do(family.erased, MOTHER, hall.now, hall.context)
    await hall.end(opening, hall.carry_out(opening))
    assert len(hall.topics) == 1
    await hall.drain()
    assert not hall.topics


async def test_a_topic_made_after_the_end_is_deleted(hall: Hall) -> None:
    await hall.member(OWNER)
    case = await hall.family()
    await hall.press(OWNER, f"claim:{case.code}")
    (queued, *_) = [
        one for one in await hall.do(deliveries.waiting, hall.now, hall.context) if one.is_group
    ]
    ready = await hall.do(deliveries.claim, queued.id, hall.now, hall.context)
    assert isinstance(ready, Ready)
    await hall.do(family.withdraw, MOTHER, hall.now, hall.context)
    await hall.end(ready, hall.carry_out(ready))
    await hall.drain()
    assert not hall.topics
    assert (await hall.case(case.code)).status is Status.CLOSED


async def test_somebody_of_the_team_who_never_wrote_to_the_bot(hall: Hall, topic: int) -> None:
    """A report is tried again until it arrives; anything else is let go."""
    await hall.member(13, Role.LEAD)
    await hall.do(family.report, MOTHER, Complaint.MONEY, hall.now, hall.context)
    hall.ends = once(End.FAMILY_GONE, lambda ready: ready.post.place is Place.PERSON)
    begun = hall.now
    await hall.drain()
    assert "le pidió dinero" in hall.room(13).texts[-1]
    assert (hall.now - begun).total_seconds() >= 600


async def test_priority_across_cases(hall: Hall) -> None:
    await hall.member(OWNER)
    _, calm = await hall.claimed(OWNER)
    hall.wait(minutes=2)
    urgent = await hall.family(AUNT, urgency=Urgency.NOW)
    await hall.say("hola")
    hall.wait(seconds=4)
    await hall.press(OWNER, f"claim:{urgent.code}")
    begun = len(hall.calls)
    await hall.drain()
    first = next(ready for _, ready in hall.calls[begun:] if ready.chat < 0)
    assert first.post.call is Call.OPEN_TOPIC
    assert hall.found("hola", calm)


async def test_a_clock_set_back_blocks_for_a_minute_at_most(hall: Hall) -> None:
    for _ in range(budget.PER_MINUTE):
        assert await hall.do(budget.spend, hall.now) == 0
    await hall.do(budget.hold, hall.now, 30.0)
    hall.wait(hours=-3)
    wait = await hall.do(budget.spend, hall.now)
    assert 0 < wait <= budget.WINDOW
    hall.wait(seconds=wait)
    assert await hall.do(budget.spend, hall.now) == 0


async def test_a_text_waits_no_longer_for_a_clock_set_back(hall: Hall, topic: int) -> None:
    await hall.say("hola")
    hall.wait(hours=-3)
    await hall.safe()
    (queued,) = await hall.do(deliveries.waiting, hall.now, hall.context)
    assert queued.not_before is None


async def test_nothing_waits_without_a_desk(hall: Hall, topic: int) -> None:
    await hall.say("hola")
    hall.wait(seconds=5)
    alone = replace(hall.context, group=None)
    assert await hall.do(deliveries.waiting, hall.now, alone) == []
    (kept,) = await hall.posts()
    assert await hall.do(deliveries.claim, kept.id, hall.now, alone) is None
    assert await hall.do(outbox.get, kept.id) is not None


async def test_a_call_counts_from_its_end(hall: Hall, topic: int) -> None:
    """A call that was six seconds on its way leaves the minute six seconds later, not earlier."""

    def calls(tx: Tx) -> tuple[float, int]:
        began = datetime(2026, 12, 1, 12, tzinfo=UTC)
        assert budget.spend(tx, began) == 0
        budget.landed(tx, began + timedelta(seconds=6))
        for _ in range(budget.PER_MINUTE - 1):
            assert budget.spend(tx, began + timedelta(seconds=7)) == 0
        late = began + timedelta(seconds=budget.WINDOW)
        return budget.spend(tx, late), budget.free(tx, late + timedelta(seconds=6))

    wait, free = await hall.db.transaction(calls)
    assert wait == pytest.approx(6)
    assert free == 1
