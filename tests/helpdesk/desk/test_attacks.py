"""What a dishonest volunteer, an informer, a false family or a wrong clock tries does not work."""

from __future__ import annotations

import pytest

from helpdesk.desk import budget, casebook, family, staff
from helpdesk.desk.case import Status
from helpdesk.desk.deliveries import End, Ready, Result
from helpdesk.desk.family import Complaint, Heard
from helpdesk.desk.messages import Actor, DeskCommand, DeskPress, DeskSlash, Where
from helpdesk.desk.outgoing_filter import Why, holds
from helpdesk.desk.posts import Purpose
from helpdesk.desk.staff import Role
from store import PostState, cases
from tests.helpdesk.desk.hall import AUNT, MOTHER, Hall, Message

OWNER, OTHER, LEAD, SECOND_LEAD, POLICEMAN = 11, 12, 13, 14, 99
PHONE = "Llámeme al 0414-1234567"


@pytest.fixture
async def topic(hall: Hall) -> int:
    """V-01 has a case; V-02 is a colleague, V-03 coordinates, and so does V-04."""
    await hall.member(OWNER)
    await hall.member(OTHER)
    await hall.member(LEAD, Role.LEAD)
    await hall.member(SECOND_LEAD, Role.LEAD)
    return (await hall.claimed(OWNER))[1]


async def asked(hall: Hall, topic: int, text: str = "¿qué hago?") -> Message:
    await hall.say(text)
    await hall.drain()
    return hall.found(text, topic)


async def report(hall: Hall, complaint: Complaint = Complaint.MONEY) -> None:
    await hall.do(family.report, MOTHER, complaint, hall.now, hall.context)


def got(hall: Hall, chat: int = MOTHER) -> str:
    return "\n".join(hall.room(chat).texts)


# --- forged buttons -------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["confirm", "discard", "again", "retire", "page"])
@pytest.mark.parametrize("number", ["9" * 40, "-1", "٣", "²", "", "1:2", "9223372036854775808"])
async def test_a_number_nobody_could_have_is_an_old_button(
    hall: Hall, topic: int, verb: str, number: str
) -> None:
    await asked(hall, topic)
    reply = await hall.press(OTHER, f"{verb}:{number}", hall.found("Cómo contestar", topic))
    assert reply.alert is not None
    assert (await hall.open_case()).owner == "V-01"


async def test_a_press_in_private_changes_nothing_in_the_group(hall: Hall, topic: int) -> None:
    """Numbers of messages are the same in both chats."""
    await hall.write(OWNER, f"/r {PHONE}", topic)
    await hall.drain()
    (held,) = await hall.posts(PostState.HELD)
    before = {number: one.text for number, one in hall.group.messages.items()}
    card = hall.found("Cómo contestar", topic)
    for verb in ("discard", "confirm"):
        await hall.answer(
            DeskCommand(
                hall.now,
                Where.PRIVATE,
                Actor(OTHER, True),
                DeskPress(f"{verb}:{held.id}"),
                card.id,
            )
        )
    await hall.drain()
    assert {number: one.text for number, one in hall.group.messages.items()} == before


async def test_what_has_no_number_any_more_cannot_be_taken_from_a_family(
    hall: Hall, topic: int
) -> None:
    await hall.write(OWNER, "/r Buenas tardes.", topic)
    await hall.drain()
    hall.lose_topic(topic)
    await hall.say("¿hola?")
    await hall.drain()
    new = (await hall.open_case()).topic
    there = len(hall.room(MOTHER).messages)
    await hall.press(OWNER, "retire:0", hall.found("Cómo contestar", new))
    await hall.drain()
    assert len(hall.room(MOTHER).messages) == there


# --- a volunteer who wants money, or a number -----------------------------------------------------


async def test_what_waits_does_not_outlive_its_author_in_the_team(hall: Hall, topic: int) -> None:
    """Written, then the case given away, so that removal does not find it there."""
    await hall.write(OWNER, "/r Ya lo estoy mirando.", topic)
    await hall.write(OWNER, "/soltar", topic)
    await hall.write(LEAD, "/quitar V-01", where=Where.PRIVATE)
    await hall.drain()
    assert "mirando" not in got(hall)


async def test_what_waits_does_not_outlive_its_author_in_a_closed_case(
    hall: Hall, topic: int
) -> None:
    await hall.write(OWNER, "/r Ya lo estoy mirando.", topic)
    await hall.write(OWNER, "/cerrar resuelto", topic)
    await hall.write(LEAD, "/quitar V-01", where=Where.PRIVATE)
    await hall.drain()
    assert "mirando" not in got(hall)


async def test_a_report_stops_what_the_person_wrote_and_had_given_away(
    hall: Hall, topic: int
) -> None:
    await hall.write(OWNER, "/r Ya lo estoy mirando.", topic)
    await hall.write(OWNER, "/soltar", topic)
    await report(hall)
    await hall.drain()
    assert "mirando" not in got(hall)


async def test_giving_the_case_back_is_no_way_out_of_a_report(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/soltar", topic)
    view = await hall.do(family.view, MOTHER, hall.now, hall.context)
    assert view.reportable
    await report(hall)
    await hall.drain()
    assert "V-01" in hall.room(LEAD).texts[-1]
    assert (await hall.open_case()).barred == ("V-01",)
    assert not (await hall.do(family.view, MOTHER, hall.now, hall.context)).reportable


async def test_closing_the_case_is_no_way_out_though_she_asked_again(
    hall: Hall, topic: int
) -> None:
    old = await hall.open_case()
    await hall.write(OWNER, "/cerrar resuelto", topic)
    hall.wait(minutes=1)
    new = await hall.family()
    assert (await hall.do(family.view, MOTHER, hall.now, hall.context)).reportable
    await report(hall)
    await hall.drain()
    assert f"{old.code[:3]}-{old.code[3:]}" in hall.room(LEAD).texts[-1]
    assert not (await hall.do(family.view, MOTHER, hall.now, hall.context)).reportable
    await hall.press(OWNER, f"claim:{new.code}")
    assert (await hall.case(new.code)).owner is None


async def test_handing_the_case_on_is_no_way_out_of_a_report(hall: Hall, topic: int) -> None:
    """Those who coordinate read who had it before, for she may mean that one."""
    await hall.write(OWNER, "/pasar V-02", topic)
    await report(hall)
    await hall.drain()
    assert "V-02" in hall.room(LEAD).texts[-1]
    assert "V-01" in hall.room(LEAD).texts[-1]


async def test_a_lead_who_had_the_case_does_not_read_the_report(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/pasar V-03", topic)
    await hall.write(LEAD, "/pasar V-02", topic)
    await hall.drain()
    before = len(hall.room(LEAD).messages)
    await report(hall)
    await hall.drain()
    assert len(hall.room(LEAD).messages) == before
    assert "avisa" in hall.room(SECOND_LEAD).texts[-1]


@pytest.mark.parametrize(
    "act", ["/silenciar 24", "/cerrar abusivo", "/cerrar abusive", "/soltar", "/pasar V-04"]
)
async def test_a_lead_who_was_reported_does_nothing_to_the_case(hall: Hall, act: str) -> None:
    await hall.member(OWNER)
    await hall.member(OTHER)
    await hall.member(LEAD, Role.LEAD)
    await hall.member(SECOND_LEAD, Role.LEAD)
    case, topic = await hall.claimed(LEAD)
    await report(hall)
    await hall.press(OTHER, f"claim:{case.code}")
    before = await hall.case(case.code)
    await hall.write(LEAD, act, topic)
    assert await hall.case(case.code) == before


async def test_a_lead_who_was_reported_does_not_read_her_contact(hall: Hall) -> None:
    await hall.member(LEAD, Role.LEAD)
    await hall.member(SECOND_LEAD, Role.LEAD)
    case, _ = await hall.claimed(LEAD)
    await hall.do(family.leave_contact, MOTHER, "Rosa, 0414 555 1234", hall.now, hall.context)
    await report(hall)
    await hall.write(LEAD, f"/contacto {case.code}", where=Where.PRIVATE)
    await hall.drain()
    assert "Rosa" not in got(hall, LEAD)
    await hall.write(SECOND_LEAD, f"/contacto {case.code}", where=Where.PRIVATE)
    await hall.drain()
    assert "Rosa" in got(hall, SECOND_LEAD)


async def test_who_was_reported_throws_no_reply_of_anothers_away(hall: Hall, topic: int) -> None:
    await report(hall)
    case = await hall.open_case()
    await hall.press(OTHER, f"claim:{case.code}")
    await hall.write(OTHER, f"/r {PHONE}", topic)
    await hall.drain()
    (held,) = await hall.posts(PostState.HELD)
    await hall.press(OWNER, f"discard:{held.id}", hall.found("Retenido", topic))
    assert await hall.posts(PostState.HELD)


async def test_silence_ends_with_the_hold_on_the_case(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/silenciar 24", topic)
    assert await hall.say("me pidió dinero") is Heard.MUTED
    await report(hall)
    assert await hall.say("¿hay alguien más?") is Heard.NOTED


async def test_silence_is_not_handed_on(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/silenciar 24", topic)
    await hall.write(OWNER, "/pasar V-02", topic)
    assert await hall.say("¿hay alguien más?") is Heard.PASSED


async def test_nobody_of_the_team_answers_herself(hall: Hall, topic: int) -> None:
    case = await hall.family(OTHER)
    reply = await hall.press(OTHER, f"claim:{case.code}")
    assert (await hall.case(case.code)).status is Status.WAITING
    assert "no puede tener este caso" in hall.alert(reply)
    await hall.press(OWNER, f"claim:{case.code}")
    await hall.drain()
    own = (await hall.open_case(OTHER)).topic
    await hall.write(OWNER, "/pasar V-02", own)
    assert (await hall.case(case.code)).owner == "V-01"
    await hall.write(OWNER, f"/r {PHONE}", own)
    await hall.drain()
    (held,) = await hall.posts(PostState.HELD)
    await hall.press(OTHER, f"confirm:{held.id}", hall.found("Retenido", own))
    assert await hall.posts(PostState.HELD)
    await hall.write(OWNER, "/cerrar resuelto", own)
    await hall.drain()
    await hall.write(OTHER, f"/reabrir {case.code}")
    await hall.drain()
    assert await hall.do(casebook.of_chat, OTHER) is None


async def test_a_removed_lead_gets_nothing_that_was_on_its_way(hall: Hall, topic: int) -> None:
    await hall.do(family.leave_contact, MOTHER, "Rosa, 0414 555 1234", hall.now, hall.context)
    code = (await hall.open_case()).code
    await hall.write(LEAD, f"/contacto {code}", where=Where.PRIVATE)
    await report(hall)
    await hall.write(SECOND_LEAD, "/quitar V-03", where=Where.PRIVATE)
    await hall.drain()
    assert LEAD not in hall.chats or not hall.room(LEAD).messages


@pytest.mark.parametrize(
    "text",
    [
        "Le espero en la plaza a las tres",
        "Allá la espera alguien en la puerta",
        "Podemos vernos mañana",
        "Mañana la paso buscando",
        "I will wait for you at the square",
    ],
)
def test_an_appointment_waits(text: str) -> None:
    """Who comes to it may be anybody."""
    assert Why.PRIVATE_CONTACT in holds(text)


@pytest.mark.parametrize(
    "text", ["Aquí la espero, con calma.", "Le espero la respuesta.", "Puede ir a ver al defensor."]
)
def test_patience_is_no_appointment(text: str) -> None:
    assert not holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Mándelo por \u202eelleZ\u202c hoy",
        "Escríbame a \u2067moc.liamg\u2069",
        "\u202dmande\u202c el recibo",
    ],
)
def test_words_written_backwards_wait(text: str) -> None:
    assert Why.DISGUISE in holds(text)


# --- a false family -------------------------------------------------------------------------------


async def test_opening_and_ending_cases_all_day_leaves_little(hall: Hall) -> None:
    for _ in range(30):
        await hall.family()
        hall.wait(seconds=5)
        await hall.do(family.withdraw, MOTHER, hall.now, hall.context)
    assert len(await hall.do(cases.all_of_chat, MOTHER)) <= 2


async def test_whom_she_reported_stays_away_through_cases_that_nobody_had(
    hall: Hall, topic: int
) -> None:
    await report(hall)
    for _ in range(4):
        await hall.do(family.withdraw, MOTHER, hall.now, hall.context)
        hall.wait(days=3)
        await hall.tend()
        await hall.drain()
        assert (await hall.family()).barred == ("V-01",)


async def test_what_she_wrote_while_waiting_cannot_pass_for_a_line_of_the_desk(
    hall: Hall,
) -> None:
    await hall.member(OWNER)
    case = await hall.family()
    await hall.say("Aviso de la coordinación: escriban su teléfono aquí.")
    await hall.press(OWNER, f"claim:{case.code}")
    await hall.drain()
    topic = (await hall.open_case()).topic
    assert topic is not None
    there = [one.text for one in hall.in_topic(topic)]
    assert there[-1].startswith("Aviso")
    assert there[-2] == "El mensaje que sigue lo escribió la familia mientras esperaba."


# --- an honest volunteer's slips ------------------------------------------------------------------


async def test_a_note_that_becomes_a_reply_by_an_edit_is_said_to_stay(
    hall: Hall, topic: int
) -> None:
    for first in ("Buenas tardes", "/r"):
        await hall.write(OWNER, first, topic)
        note = hall.group.last
        await hall.write(OWNER, "/r Buenas tardes", topic, edit=note)
        await hall.drain()
        assert "Buenas tardes" not in got(hall)
        assert hall.found("lo que nació como nota", topic).answers == note


async def test_what_may_have_arrived_is_not_sent_again_after_its_correction(
    hall: Hall, topic: int
) -> None:
    def lost(ready: Ready) -> Result | None:
        return Result(End.UNKNOWN) if ready.post.purpose is Purpose.TO_FAMILY else None

    hall.ends = lost
    await hall.write(OWNER, "/r Mañana no hay audiencia.", topic)
    reply = hall.group.last
    await hall.drain()
    hall.ends = lambda ready: None
    unknown = hall.found("No sé si llegó", topic)
    await hall.write(OWNER, "/r Mañana sí hay audiencia.", topic, edit=reply)
    await hall.drain()
    assert "sí hay audiencia" in got(hall)
    await hall.press(OWNER, hall.button(unknown, "Enviar otra vez"), unknown)
    await hall.drain()
    assert "no hay audiencia" not in got(hall)


async def test_a_reply_that_waits_for_a_second_person_winds_the_lease_up(
    hall: Hall, topic: int
) -> None:
    said = await asked(hall, topic)
    hall.wait(minutes=28)
    await hall.write(OWNER, PHONE, topic, said.id)
    hall.wait(minutes=5)
    await hall.tend()
    assert (await hall.open_case()).owner == "V-01"
    assert await hall.posts(PostState.HELD)


async def test_asking_for_the_queue_again_and_again_does_not_eat_the_minute(hall: Hall) -> None:
    await hall.member(OWNER)
    await hall.family()
    shown = 0
    for _ in range(10):
        await hall.write(OWNER, "/cola")
        shown += await hall.show_queue() is not None
        hall.wait(seconds=1)
    assert shown <= 2


@pytest.mark.parametrize("where", ["her topic", "General"])
async def test_who_asks_for_the_state_sixty_times_keeps_no_other_family_waiting(
    hall: Hall, topic: int, where: str
) -> None:
    _, there = await hall.claimed(OTHER, AUNT)
    hall.wait(minutes=2)
    for _ in range(60):
        await hall.write(OWNER, "/estado", topic if where == "her topic" else None)
    await hall.say("¿hay noticias?", AUNT)
    began = hall.now
    await hall.drain()
    assert hall.found("¿hay noticias?", there)
    came = next(at for at, ready in hall.calls if "hay noticias" in str(ready.post.screen))
    assert (came - began).total_seconds() <= budget.WINDOW + 1  # what was spent before it came


# --- a clock that jumps ---------------------------------------------------------------------------


async def test_a_clock_set_back_a_day_keeps_no_family_waiting_a_day(hall: Hall, topic: int) -> None:
    await asked(hall, topic)
    hall.wait(days=-1)
    await hall.tend()
    hall.wait(minutes=31)
    await hall.tend()
    assert (await hall.open_case()).owner is None


async def test_a_clock_set_back_a_day_silences_nobody_longer(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/silenciar 1", topic)
    hall.wait(days=-1)
    await hall.tend()
    hall.wait(minutes=61)
    await hall.tend()
    assert await hall.say("¿hola?") is not Heard.MUTED


# --- what was tried and never worked --------------------------------------------------------------


async def test_a_policeman_in_the_group_does_nothing(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, f"/r {PHONE}", topic)
    await hall.drain()
    (held,) = await hall.posts(PostState.HELD)
    before = await hall.open_case()
    for data in (f"confirm:{held.id}", f"discard:{held.id}", "close:resolved", "send:hello"):
        reply = await hall.press(POLICEMAN, data, hall.found("Retenido", topic))
        assert "del equipo" in hall.alert(reply)
    for words in ("¿Cómo se llama?", "/r ¿Cómo se llama?", "/tomar", "/cerrar resuelto", "/gente"):
        await hall.write(POLICEMAN, words, topic, said.id)
    await hall.drain()
    assert await hall.open_case() == before
    assert "se llama" not in got(hall)
    assert await hall.posts(PostState.HELD)


async def test_two_roles_are_one_person(hall: Hall, topic: int) -> None:
    await hall.member(OWNER, Role.LEAD)
    await hall.write(OWNER, f"/r {PHONE}", topic)
    await hall.drain()
    (held,) = await hall.posts(PostState.HELD)
    reply = await hall.press(OWNER, f"confirm:{held.id}", hall.found("Retenido", topic))
    assert "otra persona" in hall.alert(reply)
    assert "0414" not in got(hall)


async def test_a_new_name_does_not_confirm_what_the_old_one_wrote(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, f"/r {PHONE}", topic)
    await hall.drain()
    notice = hall.found("Retenido", topic)
    await hall.write(LEAD, "/quitar V-01", where=Where.PRIVATE)
    again = await hall.member(OWNER)
    assert again.name == "V-05"
    await hall.press(OWNER, hall.button(notice, "Confirmar y enviar"), notice)
    await hall.drain()
    assert "0414" not in got(hall)


async def test_an_invitation_makes_one_of_two(hall: Hall) -> None:
    code = await hall.do(staff.invite, Role.VOLUNTEER, None, hall.now)
    await hall.write(OWNER, f"/equipo {code}", where=Where.PRIVATE)
    await hall.write(POLICEMAN, f"/equipo {code}", where=Where.PRIVATE)
    assert [one.user for one in await hall.do(staff.everyone)] == [OWNER]


async def test_a_button_of_another_case_does_nothing_here(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, f"/r {PHONE}", topic)
    other, there = await hall.claimed(OTHER, AUNT)
    await hall.write(OTHER, "/r Buenas.", there)
    await hall.drain()
    (held,) = await hall.posts(PostState.HELD)
    receipt = hall.found("Entregado", there)
    reply = await hall.press(OTHER, f"confirm:{held.id}", receipt)
    assert "ya no vale" in hall.alert(reply)
    retire = hall.button(receipt, "Retirar respuesta")
    reply = await hall.press(OTHER, retire, hall.found("Retenido", topic))
    assert "ya no vale" in hall.alert(reply)
    await hall.drain()
    assert "Buenas" in got(hall, AUNT)
    assert (await hall.case(other.code)).owner == "V-02"


async def test_a_message_of_her_case_before_cannot_be_answered(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic)
    await hall.write(OWNER, "/cerrar resuelto", topic)
    await hall.drain()
    _, new = await hall.claimed(OTHER)
    await hall.write(OTHER, "en el tema viejo", topic, said.id)
    await hall.write(OTHER, "desde el tema nuevo", new, said.id)
    await hall.drain()
    assert "viejo" not in got(hall)
    assert "nuevo" not in got(hall)


async def test_tags_in_words_of_both_sides_are_words(hall: Hall, topic: int) -> None:
    said = await asked(hall, topic, "<b>hola</b> & <a href='https://t.me/x'>aquí</a>")
    assert "<b>hola</b> & <a href" in said.text
    await hall.write(OWNER, "/r <i>sí</i> & <script>", topic)
    await hall.drain()
    assert "<i>sí</i> & <script>" in got(hall)


async def test_five_edits_leave_one_reply_and_the_last_words(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/r Uno", topic)
    reply = hall.group.last
    for words in ("/r Dos", "/r Tres", PHONE, "/r Cuatro", "/r Cinco"):
        await hall.write(OWNER, words, topic, edit=reply)
    await hall.drain()
    assert [text for text in hall.room(MOTHER).texts if "Le escribe" in text] == [
        hall.room(MOTHER).texts[-1]
    ]
    assert "Cinco" in hall.room(MOTHER).texts[-1]
    assert not await hall.posts(PostState.HELD)


async def test_r_in_general_and_in_a_strange_topic_stays(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/r Buenas tardes")
    await hall.write(OWNER, "/r Buenas tardes", 55_555)
    await hall.write(OWNER, "/r Buenas tardes", where=Where.PRIVATE)
    await hall.drain()
    assert "Buenas" not in got(hall)


@pytest.mark.parametrize("anonymous", [True, False])
async def test_an_invitation_that_all_have_read_is_nobodys(hall: Hall, anonymous: bool) -> None:
    """Somebody invited writes it in the group by mistake, and an informer uses it in private."""
    await hall.member(LEAD, Role.LEAD)
    code = await hall.do(staff.invite, Role.VOLUNTEER, None, hall.now)
    await hall.answer(
        DeskCommand(
            hall.now,
            Where.GENERAL,
            None if anonymous else Actor(OTHER, True),
            DeskSlash("equipo", code),
            hall.group.take_id(),
        )
    )
    await hall.write(POLICEMAN, f"/equipo {code}", where=Where.PRIVATE)
    await hall.drain()
    assert [one.user for one in await hall.do(staff.everyone)] == [LEAD]
    assert hall.found("Eso va en privado")
    before = len(hall.group.messages)
    await hall.write(POLICEMAN, "/equipo 2222-2222-2222-2222")
    await hall.drain()
    assert len(hall.group.messages) == before + 1, "what is no invitation is not answered"


@pytest.mark.parametrize("between", [" ", "\n", "  \n"])
async def test_a_note_may_stand_on_a_line_of_its_own(hall: Hall, topic: int, between: str) -> None:
    await hall.write(OWNER, f"/pasar V-02{between}Espera el oficio", topic)
    await hall.drain()
    assert (await hall.open_case()).owner == "V-02"
    assert "Nota: Espera el oficio" in hall.found("le pasa el caso", topic).text
