"""What a family reads of it, over the real turn; what comes after a restart, and at the desk."""

from __future__ import annotations

import pytest

from helpdesk import turn
from helpdesk.desk.messages import DeskPress, DeskSlash, Where
from helpdesk.messages import Typed
from tests.helpdesk.editorial.newsroom import Newsroom
from tests.helpdesk.volunteers import Desk

RULE = "rule:evento_presidencial_2024"
REVIEWING = "Esta parte la estamos revisando."


async def to_the_result(room: Newsroom, *, petition: str = "not_filed") -> None:
    """July 2024, which comes out green."""
    phone = room.phone
    await phone.slash("start")
    await room.answer_all(f"set:{petition}", "set:released_with_measures")
    await phone.type("29 de julio de 2024")
    await room.answer_all("date:with_event", "set:civilian")
    await phone.type("terrorismo")
    await room.answer_all("charges:done", "group:none")
    assert "Parece entrar." in phone.text


async def back(room: Newsroom) -> str:
    """Look at the answer again, as she would another day."""
    await room.phone.slash("start")
    await room.act("close")
    return room.phone.text


async def test_an_outcome_that_rests_on_a_withdrawn_rule_is_not_said_again(room: Newsroom) -> None:
    await to_the_result(room)
    before = room.phone.screen.rows
    await room.withdraw(RULE)
    await room.phone.press_token(before[0][0].token)
    assert REVIEWING in room.phone.text, "an old button shows the screen as it is now"
    text = await back(room)
    assert REVIEWING in text
    assert "arece entrar" not in text
    assert "defensor" in text
    await room.act("open:steps")
    assert "defensor" in room.phone.text
    await room.act("close")
    await room.act("open:who_helps")
    assert "Quién ayuda" in room.phone.text
    await room.press_data(51, f"ed.on:{RULE}")
    assert "Parece entrar." in await back(room)


async def test_a_page_of_the_outcome_that_lay_open_is_gone_too(room: Newsroom) -> None:
    await to_the_result(room)
    await room.act("open:reasons")
    assert "artículo 8" in room.phone.text
    await room.withdraw(RULE)
    await room.phone.type("hola")
    await room.phone.slash("idioma")
    await room.act("close")
    assert REVIEWING in room.phone.text


async def test_another_rule_changes_nothing_for_her(room: Newsroom) -> None:
    await to_the_result(room)
    text = room.phone.text
    await room.withdraw("rule:homicidio", "rule:evento_protestas_2014")
    assert await back(room) == text


async def test_what_comes_after_a_restart_is_what_is_said_now(room: Newsroom) -> None:
    await to_the_result(room)
    room.phone.deaf = True
    await room.act("open:reasons")
    room.phone.deaf = False
    await room.withdraw(RULE)
    ((chat, reply),) = await room.db.transaction(turn.after_restart, room.context, room.now)
    assert chat == room.phone.chat
    await room.phone.carry_out(reply)
    assert REVIEWING in room.phone.text


async def test_it_is_counted_as_an_answer_that_was_not_said(room: Newsroom) -> None:
    await room.withdraw(RULE)
    phone = room.phone
    await phone.slash("start")
    await room.answer_all("set:not_filed", "set:detained")
    await phone.type("29 de julio de 2024")
    await room.answer_all("date:with_event", "set:civilian", "charges:none")
    reply = await phone.press("Ninguna")
    assert REVIEWING in phone.text
    assert phone.screen.silent
    assert reply.counts["outcome=reviewing|situation=detained"] == 1
    assert not any("likely" in one for one in reply.counts)


async def test_a_withdrawn_step_leaves_its_line_and_its_page(room: Newsroom) -> None:
    await to_the_result(room)
    await room.withdraw("answer:step.defender_files", "answer:step.proof_of_filing")
    text = await back(room)
    assert text.count("Esto lo estamos revisando: pregunte antes al defensor.") == 1
    assert "Pida copia de la solicitud" not in text
    await room.act("open:steps")
    assert "Lo que decíamos aquí puede haber cambiado" in room.phone.text
    assert "Pida al defensor, o a la fiscalía" not in room.phone.text


async def test_first_aid_stays(room: Newsroom) -> None:
    await room.withdraw(
        *("answer:route.distress", "answer:route.money", "answer:step.keep_presentations"),
        *("answer:page.who_helps", "answer:step.amparo_whereabouts"),
    )
    await to_the_result(room)
    assert "Mientras tanto, que siga yendo a sus presentaciones." in room.phone.text
    await room.phone.type("no aguanto más")
    assert "no se quede a solas" in room.phone.text or "Siento mucho" in room.phone.text
    await room.phone.type("me piden plata")
    assert "No pague" in room.phone.text
    await room.phone.slash("ayuda")
    await room.act("open:who_helps")
    assert "defensor público" in room.phone.text
    await room.phone.type("no sé dónde lo tienen")
    assert "un juez diga dónde está" in room.phone.text


async def test_a_withdrawn_figure_goes_from_wherever_it_stands(room: Newsroom) -> None:
    await room.withdraw("figure:rejected", "figure:channels")
    await to_the_result(room)
    assert "24" not in room.phone.text.replace("2024", "")
    assert "La estamos revisando" in room.phone.text
    await room.act("open:steps")
    assert "6.336" not in room.phone.text
    assert "Es el camino que más se ha usado." in room.phone.text


@pytest.fixture
async def desk(room: Newsroom) -> Desk:
    made = Desk(room.db, room.context, room.phone)
    await made.open()
    return made


async def ask_for_a_person(room: Newsroom) -> None:
    await room.phone.slash("ayuda")
    await room.act("open:route_person")
    await room.answer_all("open:person:result", "open:person:result:days")
    await room.act("ask_person:result:days:with")


async def test_the_desk_is_not_told_an_outcome_either(room: Newsroom, desk: Desk) -> None:
    await to_the_result(room)
    await room.withdraw(RULE)
    await ask_for_a_person(room)
    await desk.claim()
    card = desk.topic()
    assert "Una regla de esta respuesta se está revisando" in card
    assert "Los cargos" in card
    assert "arece entrar" not in card


async def test_nor_what_she_shared_before_the_rule_was_withdrawn(
    room: Newsroom, desk: Desk
) -> None:
    await to_the_result(room)
    await ask_for_a_person(room)
    await room.withdraw(RULE)
    await desk.claim()
    assert "Una regla de esta respuesta se está revisando" in desk.topic()
    assert "arece entrar" not in desk.topic()


async def test_a_withdrawn_reply_is_not_offered_nor_sent(room: Newsroom, desk: Desk) -> None:
    await to_the_result(room)
    await ask_for_a_person(room)
    await desk.claim()
    await desk.do(41, DeskSlash("plantillas"), Where.TOPIC)
    await desk.send()
    assert "canned:money" in str(desk.calls[-1].ready.post.screen)
    await room.withdraw("answer:canned.money")
    await desk.do(41, DeskSlash("plantillas"), Where.TOPIC)
    await desk.send()
    assert "canned:money" not in str(desk.calls[-1].ready.post.screen)
    for forged in ("canned:money", "send:money"):
        alert = await desk.do(41, DeskPress(forged), Where.TOPIC)
        assert alert is not None
        assert alert.key == "editorial.canned_withdrawn"
    await desk.send()
    assert not any("No pague" in str(one) for one in room.phone.messages.values())


async def test_a_press_of_hers_says_what_is_true_at_that_moment(room: Newsroom) -> None:
    """The screen of a help topic that was withdrawn while she read the one before."""
    await room.phone.slash("ayuda")
    await room.withdraw("answer:step.refused_reception", "answer:step.who_may_file")
    await room.act("open:topic_refused")
    assert room.phone.text.count("Esto lo estamos revisando.") == 1
    await room.phone.do(Typed("gracias"), room.phone.take_id())
    assert room.phone.text
