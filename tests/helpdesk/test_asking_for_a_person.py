"""A family and a person who answers her: whole conversations over a real database.

From the first press to the end: what she agrees to, what is passed, what stays, what is said.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helpdesk import turn
from helpdesk.desk import family, staff
from helpdesk.desk.case import Category, Status, Urgency
from helpdesk.desk.messages import DeskPress, DeskSlash, Where
from helpdesk.desk.posts import Call, Place
from helpdesk.messages import Press, Reply, Typed, Unread, Unreadable
from store import Keys, open_database, posts, sessions
from store.posts import PostState
from tests.helpdesk.phone import Phone
from tests.helpdesk.test_turn import MAIN, session_of, walk
from tests.helpdesk.volunteers import Desk, two_languages

PERSON = "Hablar con una persona"
MINE = "Mi consulta con una persona"
ASK = (PERSON, "Los papeles o la solicitud", "En estos días")
CONTACT = "Ana, 0414 555 12 34"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    keys = Keys.ephemeral()
    context = two_languages(keys)
    async with await open_database(f"sqlite:///{tmp_path}/faro.db", keys) as db:
        desk = Desk(db, context, Phone(db, context))
        await desk.open()
        yield desk


@pytest.fixture
def phone(desk: Desk) -> Phone:
    return desk.phone


async def ask(phone: Phone, *steps: str) -> None:
    """Go to the help page and press on from there."""
    await phone.slash("ayuda")
    for step in steps:
        await phone.press(step)


async def talk(desk: Desk) -> Phone:
    """A family without answers, whose case V-01 has just claimed."""
    await desk.phone.slash("start")
    await ask(desk.phone, *ASK, "Sí")
    await desk.claim()
    return desk.phone


def labels(phone: Phone) -> list[str]:
    plain = phone.context.catalogue.plain
    return [plain(one.key, one.params) for row in phone.screen.rows for one in row]


def keys(reply: Reply) -> list[str]:
    assert reply.screen is not None
    return [part.key for part in reply.screen.parts]


# Asking.


async def test_from_the_result_in_four_presses(desk: Desk, phone: Phone) -> None:
    await walk(phone, MAIN)
    for step in (*ASK, "Sí, con mis respuestas"):
        await phone.press(step)
    case = await desk.case()
    assert case is not None
    assert (case.category, case.urgency, case.status) == (
        Category.PAPERS,
        Urgency.DAYS,
        Status.WAITING,
    )
    assert case.shared is not None
    assert case.shared.outcome == "likely_covered"
    assert "su consulta quedó en espera" in phone.text
    copies = [one for row in phone.screen.rows for one in row if one.copy is not None]
    (code,) = (one.copy for one in copies)
    assert code == f"{case.code[:3]}-{case.code[3:]}"
    assert code in phone.text


async def test_who_does_not_know_can_say_so(desk: Desk, phone: Phone) -> None:
    await phone.slash("start")
    await ask(phone, PERSON)
    assert "La respuesta que me dio Faro" not in labels(phone)  # she has none yet
    for step in ("No sé", "No sé", "Sí"):
        await phone.press(step)
    case = await desk.case()
    assert case is not None
    assert (case.category, case.urgency) == (Category.OTHER, Urgency.DAYS)


async def test_in_despair_nobody_is_sent_to_a_closed_door(desk: Desk, phone: Phone) -> None:
    await desk.safe(False)
    await phone.type("ya no puedo más")
    assert PERSON not in labels(phone)
    assert "Su consulta" not in phone.text
    assert "soy un programa" in phone.text


@pytest.mark.parametrize(
    "where", ["«/ayuda»", "quiero hablar con alguien", "me piden plata", "no aguanto más"]
)
async def test_a_person_can_be_asked_for_from_any_point(phone: Phone, where: str) -> None:
    for steps in ([], MAIN[:2], MAIN):
        await walk(phone, steps)
        await (phone.slash("ayuda") if where == "«/ayuda»" else phone.type(where))
        assert PERSON in labels(phone) or "¿De qué quiere hablar?" in phone.text
        await phone.slash("borrar")


async def test_from_despair_it_takes_one_press_to_the_consent(desk: Desk, phone: Phone) -> None:
    await phone.type("ya no puedo más")
    assert "prefiere hablar con una persona" in phone.text
    await phone.press(PERSON)
    assert "lea qué vería" in phone.text
    await phone.press("Sí")
    case = await desk.case()
    assert case is not None
    assert (case.category, case.urgency) == (Category.DISTRESS, Urgency.NOW)
    assert "Si hay peligro ahora, no espere aquí" in phone.text


async def test_nothing_is_opened_before_she_says_yes(desk: Desk, phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    await ask(phone, *ASK)
    assert "lea qué vería" in phone.text
    assert "no tiene que" not in phone.text
    await phone.press("Ver qué respuestas vería")
    assert "Si ya la pidieron: Sí, y no responden" in phone.text
    await phone.press("‹ Atrás")
    await phone.press("No, volver")
    assert await desk.case() is None
    assert await desk.send() == []
    assert "En los papeles" in phone.text


async def test_what_she_keeps_back_is_not_shown(desk: Desk, phone: Phone) -> None:
    await walk(phone, MAIN)
    for step in (*ASK, "Sí, sin mis respuestas"):
        await phone.press(step)
    await desk.claim()
    assert "presidencial" not in desk.topic()
    assert "errorismo" not in desk.topic()


async def test_what_the_team_sees_is_what_she_was_told(desk: Desk, phone: Phone) -> None:
    """Every line of the preview, and no day, no account and no number of hers."""
    await walk(phone, MAIN)
    for step in (*ASK, "Ver qué respuestas vería"):
        await phone.press(step)
    preview = phone.text.split("\n\n")[1:]
    await phone.press("‹ Atrás")
    await phone.press("Sí, con mis respuestas")
    await phone.type("mi hijo sigue adentro")
    await phone.send(Unreadable.PHOTO)
    await desk.claim()
    assert len(preview) == 7
    for line in preview:
        assert line in desk.topic()
    assert "Parece entrar" in desk.topic()
    assert "29 de julio" not in desk.topic()
    sent = repr([one.ready.post for one in desk.calls if one.place is not Place.FAMILY])
    assert str(phone.chat) not in sent
    assert "2024-07-29" not in sent


async def test_one_open_case_per_family(desk: Desk, phone: Phone) -> None:
    await phone.slash("start")
    await ask(phone, *ASK, "Sí")
    first = await desk.case()
    await ask(phone, MINE)
    assert "su consulta quedó en espera" in phone.text
    await phone.type("quiero hablar con una persona")
    assert PERSON not in labels(phone)
    assert await desk.case() is not None
    assert (await desk.case()).code == first.code  # type: ignore[union-attr] # both are there


async def test_a_double_press_on_yes_opens_one(desk: Desk, phone: Phone) -> None:
    await phone.slash("start")
    await ask(phone, *ASK)
    token = phone.button("Sí").token
    await phone.press_token(token)
    first = await desk.case()
    reply = await phone.press_token(token)
    assert await desk.case() == first
    assert keys(reply)[0] == "case.waiting"


async def test_off_duty_nobody_is_promised(tmp_path: Path) -> None:
    keys_ = Keys.ephemeral()
    context = two_languages(keys_)
    async with await open_database(f"sqlite:///{tmp_path}/faro.db", keys_) as db:
        desk = Desk(db, context, Phone(db, context))
        await desk.open(on_duty=False)
        await desk.phone.slash("start")
        await ask(desk.phone, *ASK)
        assert "Ahora no hay nadie" in desk.phone.text
        await desk.phone.press("Sí")
        assert "Ahora no hay nadie: su consulta queda en la lista" in desk.phone.text


async def test_a_group_that_is_not_safe_gets_no_new_case(desk: Desk, phone: Phone) -> None:
    await phone.slash("start")
    await ask(phone, *ASK)
    token = phone.button("Sí").token
    await desk.safe(False)
    reply = await phone.press_token(token)
    assert keys(reply)[0] == "case.unreachable"
    assert "Quién ayuda" in labels(phone)
    assert await desk.case() is None


# While she waits.


async def test_what_she_writes_while_waiting_is_noted_and_kept_nowhere(
    desk: Desk, phone: Phone
) -> None:
    await phone.slash("start")
    await ask(phone, *ASK, "Sí")
    reply = await phone.type("se llevaron los papeles Guacamaya")
    assert keys(reply) == ["case.noted"]
    case = await desk.case()
    assert case is not None
    assert "Guacamaya" not in repr(case)
    assert "Guacamaya" not in repr(await session_of(phone))
    assert [one.message_id for one in case.unheard] == [phone.next_id]
    waiting = await desk.db.transaction(posts.every, PostState.WAITING)
    assert "Guacamaya" not in repr(waiting)
    await desk.claim()
    assert desk.copied() == [case.unheard[0].message_id]


async def test_a_photo_and_a_voice_note_for_a_person_stay_in_her_chat(
    desk: Desk, phone: Phone
) -> None:
    await phone.slash("start")
    await ask(phone, *ASK, "Sí")
    for kind in (Unreadable.PHOTO, Unreadable.VOICE):
        assert phone.next_id not in (await phone.send(kind)).delete
    await desk.claim()
    assert len(desk.copied()) == 2
    for kind in (Unreadable.PHOTO, Unreadable.VOICE):
        sent = phone.next_id + 1
        reply = await phone.send(kind)
        assert keys(reply)[-1] == "case.passed"
        assert sent not in reply.delete
    await desk.send()
    assert len(desk.copied()) == 4


@pytest.mark.parametrize("kind", [Unreadable.PHOTO, Unreadable.VOICE])
async def test_words_under_a_photo_that_she_writes_again_are_a_correction(
    desk: Desk, phone: Phone, kind: Unreadable
) -> None:
    await talk(desk)
    photo = phone.take_id()
    await phone.do(kind, photo, caption="la boleta del 3")
    await desk.send()
    reply = await phone.do(kind, photo, edited=True, caption="la boleta del 5")
    assert keys(reply)[-1] == "case.passed"
    assert photo not in reply.delete
    phone.wait(seconds=4)
    await desk.send()
    assert "La familia corrigió" in desk.topic()
    assert "la boleta del 5" in desk.topic()
    assert desk.copied() == [photo], "the photo itself went once"


@pytest.mark.parametrize("kind", list(Unreadable))
@pytest.mark.parametrize("waits", [False, True])
async def test_words_under_a_photo_written_again_are_nothing_to_faro(
    desk: Desk, phone: Phone, kind: Unreadable, waits: bool
) -> None:
    """Nor to a person who has not taken the case: the copy will bring the new ones."""
    await phone.slash("start")
    if waits:
        await ask(phone, *ASK, "Sí")
    before = await session_of(phone)
    noted = await desk.case()
    assert await phone.do(kind, 901, edited=True, caption="Guacamaya") == Reply()
    assert await session_of(phone) == before
    assert await desk.case() == noted


async def test_an_edit_that_says_nothing_hides_nothing_before_it(desk: Desk, phone: Phone) -> None:
    await phone.slash("start")
    unread = (Unread(902, Unreadable.PHOTO), Unread(903, None, "hola"))
    reply = await phone.do(Unreadable.PHOTO, 901, edited=True, caption="x", unread=unread)
    assert keys(reply)
    assert reply.delete == (902,)
    session = await session_of(phone)
    assert session is not None
    assert {902, 903} <= {one for one, _ in session.messages}


async def test_a_kind_that_is_not_passed_is_not_passed_written_again(
    desk: Desk, phone: Phone
) -> None:
    await talk(desk)
    await phone.do(Unreadable.DOCUMENT, 901, caption="Guacamaya")
    assert await phone.do(Unreadable.DOCUMENT, 901, edited=True, caption="Turpial") == Reply()
    phone.wait(seconds=4)
    await desk.send()
    assert "Turpial" not in desk.topic()


@pytest.mark.parametrize("kind", list(Unreadable))
async def test_without_a_case_nothing_she_sends_is_kept_for_anybody(
    desk: Desk, phone: Phone, kind: Unreadable
) -> None:
    await walk(phone, MAIN[:2])
    await phone.do(kind, phone.take_id(), caption="Guacamaya")
    await phone.do(Typed("Guacamaya"), phone.take_id())
    assert "Guacamaya" not in repr(await session_of(phone))
    assert await desk.db.transaction(posts.every, PostState.WAITING) == []


async def test_she_goes_on_with_her_questions_and_nobody_reads_that(
    desk: Desk, phone: Phone
) -> None:
    await walk(phone, MAIN[:2])
    await ask(phone, *ASK, "Sí, sin mis respuestas", "Seguir con mis preguntas")
    await phone.type("29 de julio de 2024")
    assert "¿Fue por esto" in phone.text
    await phone.press("Sí, esa fecha y por eso")
    await phone.type("mi hijo no hizo nada")
    assert phone.screen.parts[-2].key == "case.write_there"
    case = await desk.case()
    assert case is not None
    assert case.unheard == ()
    await phone.press(MINE)
    await phone.type("mi hijo no hizo nada")
    case = await desk.case()
    assert case is not None
    assert len(case.unheard) == 1


@pytest.mark.parametrize("route", ["me piden plata", "no sé dónde lo tienen", "no aguanto más"])
async def test_a_cry_for_help_is_answered_at_once_and_also_noted(
    desk: Desk, phone: Phone, route: str
) -> None:
    await phone.slash("start")
    await ask(phone, *ASK, "Sí")
    reply = await phone.type(route)
    assert any(key.startswith(("route.", "case.distress")) for key in keys(reply))
    despair = "aguanto" in route
    assert keys(reply)[-1] == ("case.urgent_too" if despair else "case.noted_too")
    case = await desk.case()
    assert case is not None
    assert len(case.unheard) == 1
    # While nobody reads her words, the queue is all that can say how bad it is.
    assert case.urgency is (Urgency.NOW if despair else Urgency.DAYS)


async def test_she_needs_it_no_more(desk: Desk, phone: Phone) -> None:
    await phone.slash("start")
    await ask(phone, *ASK, "Sí")
    await phone.press("Ya no hace falta")
    assert await desk.case() is not None
    await phone.press("‹ Volver")
    await phone.press("Ya no hace falta")
    reply = await phone.press("Sí, quitarla de la lista")
    assert reply.counts == {"case_closed=by_family|category=papers": 1}
    assert reply.posted
    assert await desk.case() is None
    assert "terminamos esa consulta" in phone.text
    await phone.press("No, todavía no")
    assert "¿Cómo está hoy" in phone.text


# While a person has it.


async def test_what_she_writes_is_passed_and_the_bot_only_says_so(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    reply = await phone.type("buenas, soy la mamá")
    assert keys(reply)[-1] == "case.passed"
    assert reply.posted
    assert reply.screen is not None
    assert reply.screen.silent
    phone.wait(seconds=4)
    await desk.send()
    assert "buenas, soy la mamá" in desk.topic()
    assert "Terminar" in labels(phone)


async def test_she_is_acknowledged_in_one_place_and_without_a_sound(
    desk: Desk, phone: Phone
) -> None:
    """Ten messages in a row leave one line of ours in the chat."""
    await talk(desk)
    for number in range(10):
        await phone.type(f"y otra cosa {number}")
    ours = [one for one in phone.messages.values() if not isinstance(one, str)]
    assert len(ours) == 1
    assert ours[0].silent


async def test_an_answer_arrives_and_hers_goes_back(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await phone.type("¿qué hago?")
    phone.wait(seconds=4)
    await desk.send()
    await desk.say("Pida la copia sellada.")
    told = [one for one in phone.messages.values() if isinstance(one, str)]
    assert any("Pida la copia sellada." in one for one in told)
    reply = await phone.type("y si no me la dan?")
    assert reply.edit is None  # below the answer that she has just read
    phone.wait(seconds=4)
    await desk.send()
    assert "y si no me la dan?" in desk.topic()


async def test_an_edit_is_a_correction(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await phone.type("fue en mayo")
    own = phone.next_id
    phone.wait(seconds=4)
    await desk.send()
    reply = await phone.correct(own, "fue en junio")
    assert keys(reply)[-1] == "case.passed"
    phone.wait(seconds=4)
    await desk.send()
    assert "fue en junio" in desk.topic()


@pytest.mark.parametrize(
    "kind",
    [Unreadable.DOCUMENT, Unreadable.CONTACT, Unreadable.LOCATION, Unreadable.VIDEO],
)
async def test_what_tells_who_she_is_is_not_passed_and_leaves_the_chat(
    desk: Desk, phone: Phone, kind: Unreadable
) -> None:
    await talk(desk)
    sent = phone.next_id + 1
    reply = await phone.send(kind)
    assert sent in reply.delete
    assert keys(reply)[-1] == f"case.not_passed.{kind}"
    await desk.send()
    assert desk.copied() == []


async def test_a_text_that_leads_to_an_account_is_to_be_written_again(
    desk: Desk, phone: Phone
) -> None:
    await talk(desk)
    reply = await phone.do(Typed("pregúntele a Juana"), phone.take_id(), names_account=True)
    assert keys(reply)[-1] == "case.not_passed.account"
    phone.wait(seconds=4)
    await desk.send()
    assert "Juana" not in desk.topic()


async def test_what_was_not_read_in_a_flood_goes_to_the_person(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    unread = (Unread(501, None, "primero"), Unread(502, Unreadable.PHOTO), Unread(503, None, "dos"))
    reply = await phone.do(Typed("tercero"), 504, unread=unread)
    assert 502 not in reply.delete
    phone.wait(seconds=4)
    await desk.send()
    for word in ("primero", "dos", "tercero"):
        assert word in desk.topic()
    assert 502 in desk.copied()


async def test_what_was_not_read_before_a_press_goes_too(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await phone.slash("start")
    token = phone.button("Terminar").token
    press = Press(token, phone.last)
    await phone.do(
        press, unread=(Unread(601, None, "antes de irme"), Unread(602, Unreadable.PHOTO))
    )
    assert "¿Terminamos" in phone.text
    phone.wait(seconds=4)
    await desk.send()
    assert "antes de irme" in desk.topic()
    assert 602 in desk.copied()


async def test_who_writes_of_money_is_shown_how_to_report_whoever_reads_it(
    desk: Desk, phone: Phone
) -> None:
    await talk(desk)
    reply = await phone.type("usted me está pidiendo plata")
    assert keys(reply) == ["case.passed_money"]
    assert "Si es V-01 quien le pide dinero, no lo dé" in phone.text
    await phone.press("Avisar de un problema")


@pytest.mark.parametrize("words", ["ya no puedo más", "borra todo lo que te escribí"])
async def test_a_cry_for_help_is_answered_also_where_nobody_reads_it(
    desk: Desk, phone: Phone, words: str
) -> None:
    await talk(desk)
    await desk.do(41, DeskSlash("silenciar", "1"))
    await phone.type(words)
    if "borra" in words:
        assert "Sí, borrar todo" in labels(phone)
        return
    assert "busque ahora mismo a alguien de confianza" in phone.text
    assert "puede escribirle cómo se siente" in phone.text
    phone.wait(seconds=4)
    await desk.send()
    assert words in desk.topic()
    assert "Se acabó el silencio: la familia escribió que no puede más" in desk.topic()
    assert (await desk.case()).urgency is Urgency.NOW  # type: ignore[union-attr] # it is there


async def test_a_muted_family_is_told_kindly(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await desk.do(41, DeskSlash("silenciar", "1"))
    reply = await phone.type("contésteme ya")
    assert keys(reply)[-1] == "case.muted"
    sent = phone.next_id + 1
    reply = await phone.send(Unreadable.PHOTO)
    assert sent in reply.delete


async def test_while_the_group_is_not_safe_she_is_told_and_nothing_is_lost(
    desk: Desk, phone: Phone
) -> None:
    await talk(desk)
    before = len(desk.calls)
    await desk.safe(False)
    await phone.slash("start")
    assert "no le puedo pasar nada a V-01" in phone.text
    await phone.type("¿sigue ahí?")
    phone.wait(seconds=4)
    await desk.send()
    assert len(desk.calls) == before
    await desk.safe()
    await desk.send()
    assert "¿sigue ahí?" in desk.topic()


async def test_start_help_and_privacy_still_work(desk: Desk, phone: Phone) -> None:
    await walk(phone, MAIN)
    await ask(phone, *ASK, "Sí, sin mis respuestas")
    await desk.claim()
    await phone.slash("privacidad")
    await phone.press("Si habla con una persona")
    assert "Quien le contesta y su equipo" in phone.text
    await phone.slash("ayuda")
    await phone.press("No reciben el papel")
    await phone.press("‹ Volver")
    await phone.slash("start")
    assert "Está con usted V-01" in phone.text
    await phone.press("Ver mi respuesta")
    assert "Parece entrar" in phone.text
    await phone.press("Por qué")
    await phone.press("‹ Volver")
    await phone.press(MINE)
    assert "Está con usted V-01" in phone.text


async def test_a_date_under_its_question_is_read_and_passed_too(desk: Desk, phone: Phone) -> None:
    """Nothing she writes is lost to the person, and her questions do not come to a stop."""
    await walk(phone, MAIN[:2])
    await ask(phone, *ASK, "Sí, sin mis respuestas")
    await desk.claim()
    await phone.slash("start")
    await phone.press("Seguir con mis preguntas")
    reply = await phone.type("29 de julio de 2024")
    assert {"case.passed", "ask.date_event"} <= {*keys(reply)}
    phone.wait(seconds=4)
    await desk.send()
    assert "29 de julio de 2024" in desk.topic()
    await phone.press("Sí, esa fecha y por eso")
    await phone.type("gracias")
    assert "Terminar" in labels(phone)


async def test_the_words_for_erasing_still_lead_there(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await phone.type("borra todo lo que te escribí")
    assert "Sí, borrar todo" in labels(phone)


async def test_her_case_outlives_her_questions(desk: Desk, phone: Phone) -> None:
    """Nine days later her answers are forgotten; what she writes still goes to the person."""
    await talk(desk)
    await desk.say("¿Cómo va?")
    await desk.tend(days=9)
    if (await desk.case()).status is Status.WAITING:  # type: ignore[union-attr] # it is there
        await desk.claim()
    assert await session_of(phone) is None
    reply = await phone.type("sigue igual")
    assert keys(reply)[-1] == "case.passed"


# Ending, reporting, a contact.


async def test_she_ends_it(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await phone.slash("start")
    await phone.press("Terminar")
    reply = await phone.press("Sí, terminar")
    assert reply.posted
    assert await desk.case() is None
    await desk.send()
    await phone.type("hola")
    assert not any(key.startswith("case.") for key in [part.key for part in phone.screen.parts])


async def test_a_report_goes_to_those_who_coordinate_and_to_nobody_else(
    desk: Desk, phone: Phone
) -> None:
    await talk(desk)
    await phone.slash("start")
    for step in ("Avisar de un problema", "Me pidió dinero"):
        await phone.press(step)
    assert "Lo ve quien coordina, y nadie más" in phone.text
    calls = await desk.send()
    told = [one for one in calls if one.place is Place.PERSON]
    assert {one.chat for one in told} == {43}
    for one in calls:
        if one.place is not Place.PERSON:
            assert "dinero" not in one.text
    case = await desk.case()
    assert case is not None
    assert case.status is Status.WAITING
    alert = await desk.do(41, DeskPress(f"claim:{case.code}"), Where.GENERAL)
    assert alert is not None
    assert (await desk.case()).status is Status.WAITING  # type: ignore[union-attr] # it is there
    await phone.press("‹ Volver")
    assert "Su consulta está otra vez en la lista" in phone.text
    assert "Avisar de un problema" not in labels(phone)
    await desk.claim(42)


@pytest.mark.parametrize("over", [False, True])
async def test_where_nobody_would_read_a_report_she_is_told_so(
    desk: Desk, phone: Phone, over: bool
) -> None:
    """What is true is said before she presses and after, and where she can tell it instead."""
    await talk(desk)
    await desk.db.transaction(staff.remove, "V-03", operator=True)
    if over:
        await desk.do(41, DeskSlash("cerrar", "resuelto"))
        await phone.slash("ayuda")
    else:
        await phone.slash("start")
        assert "Dejar un contacto para un abogado" not in labels(phone)
    await phone.press("Avisar de un problema")
    assert "no hay quien coordine el equipo" in phone.text
    await phone.press("Me pidió dinero")
    assert "su aviso no lo leyó nadie" in phone.text
    assert "Lo ve quien coordina" not in phone.text
    assert "Quién ayuda" in labels(phone)
    assert not [one for one in await desk.send() if one.place is Place.PERSON]
    if not over:
        case = await desk.case()
        assert case is not None
        assert case.barred == ("V-01",)


async def test_giving_a_case_back_is_no_way_out_of_a_report(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await desk.do(41, DeskSlash("soltar"))
    await phone.slash("start")
    assert "otra vez en la lista" in phone.text
    for step in ("Avisar de un problema", "Me pidió datos"):
        await phone.press(step)
    assert "Lo ve quien coordina" in phone.text
    assert (await desk.case()).barred == ("V-01",)  # type: ignore[union-attr] # it is there


async def test_closing_a_case_is_no_way_out_of_a_report(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await desk.do(41, DeskSlash("cerrar", "resuelto"))
    await desk.send()
    if await desk.case() is not None:
        await desk.do(41, DeskPress("close:resolved"))
        await desk.send()
    assert await desk.case() is None
    await phone.type("me pidieron plata")
    await phone.press("Avisar de un problema")
    await phone.press("Me pidió dinero")
    assert "Lo ve quien coordina" in phone.text
    assert {one.chat for one in await desk.send() if one.place is Place.PERSON} == {43}
    await ask(phone, *ASK, "Sí")
    case = await desk.case()
    assert case is not None
    assert case.barred == ("V-01",)


async def test_a_contact_is_left_shown_and_taken_back(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await phone.slash("start")
    await phone.press("Dejar un contacto para un abogado")
    assert "dice quién es usted" in phone.text
    await phone.press("Escribirlo ahora")
    sent = phone.next_id + 1
    reply = await phone.type(CONTACT)
    assert CONTACT in phone.text
    assert sent in reply.delete
    assert (await desk.case()).contact is None  # type: ignore[union-attr] # it is there
    await phone.press("Sí, dejarlo")
    assert (await desk.case()).contact == CONTACT  # type: ignore[union-attr] # it is there
    kept = await session_of(phone)
    assert "0414" not in repr(kept)
    phone.wait(seconds=4)
    await desk.send()
    assert "0414" not in "".join(one.text for one in desk.calls)
    assert "Dejar un contacto para un abogado" not in labels(phone)
    await phone.press("Quitar el contacto que dejé")
    assert (await desk.case()).contact is None  # type: ignore[union-attr] # it is there


@pytest.mark.parametrize("instead", ["No dejar nada", "Escribirlo otra vez", "/ayuda", "foto"])
async def test_a_contact_that_is_not_confirmed_is_forgotten(
    desk: Desk, phone: Phone, instead: str
) -> None:
    await talk(desk)
    await phone.slash("start")
    for step in ("Dejar un contacto para un abogado", "Escribirlo ahora"):
        await phone.press(step)
    await phone.type(CONTACT)
    key = await row_key(phone)
    if instead == "/ayuda":
        await phone.slash("ayuda")
    elif instead == "foto":
        await phone.send(Unreadable.PHOTO)
    else:
        await phone.press(instead)
    assert "0414" not in repr(await session_of(phone))
    assert await row_key(phone) != key
    assert (await desk.case()).contact is None  # type: ignore[union-attr] # it is there


async def row_key(phone: Phone) -> bytes:
    def read(tx: object) -> bytes:
        row = sessions._find(tx, phone.chat)  # type: ignore[arg-type] # a transaction
        assert row is not None
        return sessions._row_key(tx, row)  # type: ignore[arg-type] # a transaction

    return await phone.db.transaction(read)


async def test_an_answer_to_the_person_is_never_taken_for_the_contact(
    desk: Desk, phone: Phone
) -> None:
    """She was about to write it, and then the person asked something."""
    await talk(desk)
    await phone.slash("start")
    for step in ("Dejar un contacto para un abogado", "Escribirlo ahora"):
        await phone.press(step)
    await desk.say("¿Ya habló con el defensor?")
    sent = phone.next_id + 1
    reply = await phone.type("no contesta")
    assert keys(reply)[-1] == "case.passed"
    assert sent not in reply.delete
    phone.wait(seconds=4)
    await desk.send()
    assert "no contesta" in desk.topic()


@pytest.mark.parametrize("number", [CONTACT, "0414-555.12.34", "soy @rosa_p", "rosa@correo.com"])
async def test_no_volunteer_gets_the_contact_by_writing_just_then(
    desk: Desk, phone: Phone, number: str
) -> None:
    """He may not ask for a number, and sends her to the button: then he writes while she types."""
    await talk(desk)
    await phone.slash("start")
    for step in ("Dejar un contacto para un abogado", "Escribirlo ahora"):
        await phone.press(step)
    await desk.say("¿Lo está escribiendo?")
    await phone.type(number)
    phone.wait(seconds=4)
    await desk.send()
    assert number not in desk.topic()
    assert number in phone.text


async def test_no_volunteer_gets_the_contact_by_giving_the_case_back_just_then(
    desk: Desk, phone: Phone
) -> None:
    """While nobody has her case what she writes is kept for whoever takes it: not a number."""
    await talk(desk)
    await phone.slash("start")
    for step in ("Dejar un contacto para un abogado", "Escribirlo ahora"):
        await phone.press(step)
    await desk.do(41, DeskSlash("soltar"), Where.TOPIC)
    await phone.type(CONTACT)
    assert CONTACT in phone.text
    await phone.press("Sí, dejarlo")
    case = await desk.case()
    assert case is not None
    assert (case.contact, case.unheard) == (CONTACT, ())


async def test_what_was_not_read_before_a_contact_goes_to_the_person(
    desk: Desk, phone: Phone
) -> None:
    await talk(desk)
    await phone.slash("start")
    for step in ("Dejar un contacto para un abogado", "Escribirlo ahora"):
        await phone.press(step)
    unread = (Unread(phone.take_id(), None, "un momento"),)
    await phone.do(Typed(CONTACT), phone.take_id(), unread=unread)
    assert CONTACT in phone.text
    phone.wait(seconds=4)
    await desk.send()
    assert "un momento" in desk.topic()
    assert "0414" not in desk.topic()


async def test_a_contact_as_long_as_a_story_is_not_taken(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    await phone.slash("start")
    for step in ("Dejar un contacto para un abogado", "Escribirlo ahora"):
        await phone.press(step)
    await phone.type("todo empezó " * 40)
    assert "Es muy largo para un contacto" in phone.text
    await phone.type(CONTACT)
    assert CONTACT in phone.text


async def test_cancelling_forgets_the_answers_and_not_the_case(desk: Desk, phone: Phone) -> None:
    await walk(phone, MAIN[:2])
    await ask(phone, *ASK, "Sí, con mis respuestas")
    await phone.slash("cancelar")
    kept = await session_of(phone)
    assert kept is not None
    assert "answers" not in kept.state
    assert "sigue abierta" in phone.text
    case = await desk.case()
    assert case is not None
    assert case.shared is not None
    await phone.press(MINE)
    assert "Ya no hace falta" in labels(phone)


# Erasing.


@pytest.mark.parametrize("claimed", [False, True])
async def test_erasing_takes_the_case_and_its_topic(
    desk: Desk, phone: Phone, claimed: bool
) -> None:
    await phone.slash("start")
    await ask(phone, *ASK, "Sí")
    await phone.type("Guacamaya")
    topic = None
    if claimed:
        topic = (await desk.claim()).topic
        await phone.type("Chaguaramo")
    reply = await phone.slash("borrar")
    assert reply.erase
    assert reply.posted
    assert reply.screen == turn.FAREWELL
    view = await desk.db.transaction(family.view, phone.chat, desk.now, desk.words)
    assert (view.case, view.reportable) == (None, False)
    phone.wait(seconds=4)
    gone = await desk.send()
    deleted = [one for one in gone if one.call is Call.DELETE_TOPIC]
    assert [one.topic for one in deleted] == ([topic] if claimed else [])
    assert "Chaguaramo" not in "".join(one.text for one in gone)


async def test_a_restart_shows_the_screen_of_her_case_again(desk: Desk, phone: Phone) -> None:
    await talk(desk)
    phone.deaf = True
    await phone.type("¿me leen?")
    again = await desk.db.transaction(turn.after_restart, phone.context, phone.now)
    assert [keys(reply)[-1] for _, reply in again] == ["case.passed"]


async def test_her_language_goes_with_the_case(desk: Desk, phone: Phone) -> None:
    """The screens, the words of the program in between, and the frame of what a person writes."""
    await phone.slash("start")
    await phone.slash("idioma")
    await phone.press("English")
    words = phone.context.words("en").plain
    await phone.slash("ayuda")
    for key in ("button.person", "case.category.option.other", "case.urgency.option.days"):
        await phone.press(words(key))
    await phone.press(words("button.consent_yes"))
    case = await desk.claim()
    assert case.language == "en"
    await desk.say("Come mañana")
    told = [one for one in phone.messages.values() if isinstance(one, str)]
    framed = words("case.reply", {"who": "V-01", "text": "text:Come mañana"})
    assert framed in told
    assert words("case.claimed", {"who": "V-01"}) in told
    await phone.slash("idioma")
    await phone.press("Español")
    assert (await desk.case()).language == "es"  # type: ignore[union-attr] # it is there


async def test_who_begins_with_a_person_is_told_first_who_this_is(phone: Phone) -> None:
    reply = await phone.type("hola, quiero hablar con una persona")
    assert keys(reply) == ["notice.first_opening", "case.ask_category"]
