"""A case has one owner: of two who take it at once one has it, and the other is told who."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from helpdesk.desk import casebook, claims, codes, posture, staff
from helpdesk.desk.case import Case, Category, Line, Status, Urgency
from helpdesk.desk.claims import Verdict
from helpdesk.desk.context import DeskContext
from helpdesk.desk.messages import DeskCommand, DeskPress, Where
from helpdesk.desk.posture import GroupFacts
from helpdesk.desk.staff import Member, Role
from store import Database, Tx, cases, open_database
from tests.helpdesk.desk.hall import AUNT, GROUP, MOTHER, SAFE, WORDS, Hall, shared

ANA, BEA, EVA, LEAD = 11, 12, 13, 14

RACES = 1000


def _open(tx: Tx, now: datetime) -> tuple[Member, Member]:
    posture.note(tx, SAFE, now)
    found = []
    for user in (ANA, BEA):
        member = staff.accept(tx, user, staff.invite(tx, Role.VOLUNTEER, None, now), now)
        assert member is not None
        found.append(member)
    return found[0], found[1]


def _next(tx: Tx, before: str | None, now: datetime) -> tuple[str | None, str]:
    """Forget a case, and begin another: who had the first, the code of the second."""
    entry = None if before is None else casebook.of_code(tx, before)
    owner = None if entry is None else entry.case.owner
    if entry is not None:
        cases.delete(tx, entry.id)
    case = Case(
        code=casebook.new_code(tx), category=Category.PAPERS, urgency=Urgency.DAYS, opened_at=1
    )
    return owner, casebook.begin(tx, MOTHER, case, now).case.code


def _take(tx: Tx, code: str, member: Member, now: datetime) -> Verdict:
    entry = casebook.of_code(tx, code)
    assert entry is not None
    return claims.claim(tx, entry, member, now, DeskContext(GROUP, WORDS))


@pytest.mark.slow
async def test_two_who_press_at_once_a_thousand_times(db: Database, now: datetime) -> None:
    """Each over a connection of its own, as two programs on one file would be."""
    ana, bea = await db.transaction(_open, now)
    wins = {ana.name: 0, bea.name: 0}
    url = f"sqlite+aiosqlite:///{db.path}"
    async with await open_database(url, db.keys) as other:
        _, code = await db.transaction(_next, None, now)
        for race in range(RACES):
            order = [(db, ana), (other, bea)]
            answers = await asyncio.gather(
                *(
                    one.transaction(_take, code, who, now)
                    for one, who in (order if race % 2 else reversed(order))
                )
            )
            owner, code = await db.transaction(_next, code, now)
            assert owner is not None
            wins[owner] += 1
            assert sorted(one.done for one in answers) == [False, True]
            loser = next(one for one in answers if not one.done)
            assert loser.answer.key == "desk.claim.taken"
            assert loser.answer.params["who"] == owner
    assert sum(wins.values()) == RACES
    assert min(wins.values()) > 0


async def test_the_second_is_told_who_has_it(hall: Hall) -> None:
    await hall.member(ANA)
    await hall.member(BEA)
    case = await hall.family()
    first = await hall.press(ANA, f"claim:{case.code}")
    second = await hall.press(BEA, f"claim:{case.code}")
    again = await hall.press(ANA, f"claim:{case.code}")
    assert "es suyo" in hall.alert(first)
    assert hall.alert(second).endswith("ya lo tiene V-01.")
    assert second.loud
    assert hall.alert(again).endswith("ya es suyo.")
    assert (await hall.case(case.code)).owner == "V-01"


async def test_somebody_tired_reads_the_light_first_then_who_waits_then_the_facts(
    hall: Hall,
) -> None:
    await hall.member(ANA)
    fact = Line(key="shared.line", params={"what": "@shared.what.month", "answer": "date:2024-07"})
    told = shared(facts=(fact,))
    case, topic = await hall.claimed(ANA, shared=told, urgency=Urgency.NOW)
    first, second, third, *_ = hall.in_topic(topic)[0].text.split("\n\n")
    assert first == "🟡 Ámbar. La familia leyó: No está claro: lo decide el juez."
    assert second.startswith(f"Caso {codes.shown(case.code)} · papeles · URGENTE\n")
    assert third.endswith("julio de 2024")


async def test_a_card_of_despair_names_the_card_for_it(hall: Hall) -> None:
    await hall.member(ANA)
    for chat, category in ((MOTHER, Category.DISTRESS), (AUNT, Category.COURT)):
        _, topic = await hall.claimed(ANA, chat, category=category)
        assert ("/riesgo" in hall.in_topic(topic)[0].text) is (category is Category.DISTRESS)


async def test_the_topic_begins_with_the_card_then_what_she_wrote(hall: Hall) -> None:
    await hall.member(ANA)
    await hall.family()
    await hall.say("primero")
    await hall.say("segundo")
    case = await hall.open_case()
    await hall.press(ANA, f"claim:{case.code}")
    await hall.drain()
    case = await hall.open_case()
    assert case.topic is not None
    assert list(hall.topics.values()) == [f"{case.code[:3]}-{case.code[3:]} · Papeles"]
    card, head, *copies = hall.in_topic(case.topic)
    assert "Cómo contestar" in card.text
    assert "Los 2 mensajes que siguen los escribió la familia" in head.text
    assert [one.copied for one in copies] == [101, 102]
    assert "V-01" in hall.room(MOTHER).texts[-1]


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.TECHNICIAN, "otra persona del equipo"), (Role.ORGANISER, "otra persona del equipo")],
)
async def test_who_does_not_answer_families_cannot_take_one(
    hall: Hall, role: Role, words: str
) -> None:
    await hall.member(ANA, role)
    case = await hall.family()
    assert words in hall.alert(await hall.press(ANA, f"claim:{case.code}"))
    assert (await hall.case(case.code)).owner is None


async def test_nobody_without_a_role_and_nobody_from_outside(hall: Hall) -> None:
    await hall.member(ANA)
    case = await hall.family()
    for user, inside, words in [
        (BEA, True, "del equipo de Faro"),
        (ANA, False, "estar en el grupo"),
        (ANA, None, "Inténtelo otra vez"),
    ]:
        reply = await hall.press(user, f"claim:{case.code}", inside=inside)
        assert words in hall.alert(reply)
    forged = DeskCommand(
        hall.now, Where.GENERAL, None, DeskPress(f"claim:{case.code}"), message_id=5
    )
    assert "Escriba con su cuenta" in hall.alert(await hall.answer(forged))
    assert (await hall.case(case.code)).status is Status.WAITING


async def test_at_most_five_at_once(hall: Hall) -> None:
    await hall.member(ANA)
    codes = [(await hall.family(chat)).code for chat in range(900, 906)]
    replies = [await hall.press(ANA, f"claim:{code}") for code in codes]
    assert "ya tiene 5 casos" in hall.alert(replies[-1])
    assert (await hall.case(codes[-1])).owner is None
    await hall.drain()
    first = await hall.case(codes[0])
    await hall.write(ANA, "/cerrar resuelto", first.topic)
    assert "es suyo" in hall.alert(await hall.press(ANA, f"claim:{codes[-1]}"))


async def test_nothing_is_taken_while_the_group_is_unsafe(hall: Hall) -> None:
    await hall.member(ANA)
    case = await hall.family()
    await hall.safe(GroupFacts())
    assert "no está seguro" in hall.alert(await hall.press(ANA, f"claim:{case.code}"))


async def test_the_lease_runs_only_while_the_family_waits(hall: Hall) -> None:
    await hall.member(ANA)
    case, topic = await hall.claimed(ANA)
    await hall.say("¿están ahí?")
    await hall.drain()
    said = hall.found("¿están ahí?", topic)
    await hall.write(ANA, "Sí, dígame.", topic, said.id)
    await hall.drain()
    hall.wait(hours=5)  # she looks for her papers: nobody is kept waiting
    await hall.tend()
    assert (await hall.case(case.code)).owner == "V-01"
    await hall.say("ya los tengo")
    hall.wait(minutes=29)
    await hall.tend()
    assert (await hall.case(case.code)).owner == "V-01"
    hall.wait(minutes=2)
    await hall.tend()
    late = await hall.case(case.code)
    assert (late.status, late.owner) == (Status.WAITING, None)
    await hall.drain()
    assert "sin noticias de V-01, y la familia espera" in hall.found("Media hora", topic).text
    assert hall.counts["lease=expired"] == 1


@pytest.mark.parametrize("act", ["nota para mí", "/estado", "/nota espera"])
async def test_every_act_of_the_owner_winds_the_lease_up(hall: Hall, act: str) -> None:
    await hall.member(ANA)
    await hall.member(BEA)
    case, topic = await hall.claimed(ANA)
    hall.wait(minutes=25)
    await hall.write(BEA, act, topic)  # hers does not
    hall.wait(minutes=1)
    await hall.write(ANA, act, topic)
    hall.wait(minutes=25)
    await hall.tend()
    assert (await hall.case(case.code)).owner == "V-01"
    hall.wait(minutes=10)
    await hall.tend()
    assert (await hall.case(case.code)).owner is None


async def test_given_back_and_taken_by_another(hall: Hall) -> None:
    await hall.member(ANA)
    await hall.member(BEA)
    case, topic = await hall.claimed(ANA)
    await hall.write(BEA, "/soltar", topic)
    await hall.drain()
    assert "lo tiene V-01" in hall.found("lo tiene", topic).text
    await hall.write(ANA, "/soltar", topic)
    await hall.say("sigo aquí")
    await hall.press(BEA, f"claim:{case.code}")
    await hall.drain()
    case = await hall.case(case.code)
    assert (case.owner, case.topic) == ("V-02", topic)
    texts = [one.text for one in hall.in_topic(topic)]
    assert texts.index("V-02 tomó el caso.") < texts.index("sigo aquí")
    assert "Ahora sigue con usted otra persona: V-02" in hall.room(MOTHER).texts[-1]
    assert len(hall.topics) == 1


async def test_handed_on_with_a_note(hall: Hall) -> None:
    await hall.member(ANA)
    bea = await hall.member(BEA)
    case, topic = await hall.claimed(ANA)
    await hall.write(ANA, "/pasar v2 pregunta por la copia", topic)
    await hall.drain()
    assert (await hall.case(case.code)).owner == "V-02"
    line = hall.found("V-01 le pasa el caso a V-02", topic)
    assert "Nota: pregunta por la copia" in line.text
    assert "le pasó el caso" in hall.room(bea.user).texts[-1]
    assert not any("copia" in text for text in hall.room(MOTHER).texts)
    assert "otra persona: V-02" in hall.room(MOTHER).texts[-1]


@pytest.mark.parametrize("to", ["", "V-09", "V-01"])
async def test_handed_to_nobody_it_stays(hall: Hall, to: str) -> None:
    await hall.member(ANA)
    case, topic = await hall.claimed(ANA)
    await hall.write(ANA, f"/pasar {to} nota", topic)
    assert (await hall.case(case.code)).owner == "V-01"


async def test_a_lead_acts_for_another(hall: Hall) -> None:
    await hall.member(ANA)
    await hall.member(BEA)
    await hall.member(LEAD, Role.LEAD)
    case, topic = await hall.claimed(ANA)
    await hall.write(LEAD, "/pasar V-02", topic)
    assert (await hall.case(case.code)).owner == "V-02"


async def test_who_is_removed_loses_everything_at_once(hall: Hall) -> None:
    await hall.member(ANA)
    await hall.member(LEAD, Role.LEAD)
    case, topic = await hall.claimed(ANA)
    other, _ = await hall.claimed(ANA, AUNT)
    await hall.say("hola")
    await hall.drain()
    said = hall.found("hola", topic)
    await hall.write(ANA, "deme su correo: x@y.com", topic, said.id)  # held
    await hall.write(ANA, "ya le digo", topic, said.id)  # about to go
    await hall.write(LEAD, "/quitar v1", where=Where.PRIVATE)
    await hall.drain()
    for code in (case.code, other.code):
        now = await hall.case(code)
        assert (now.status, now.owner) == (Status.WAITING, None)
    assert not any("ya le digo" in text for text in hall.room(MOTHER).texts)
    assert not await hall.posts()
    reply = await hall.press(ANA, f"claim:{case.code}")
    assert "del equipo" in hall.alert(reply)
    assert hall.counts["lease=taken_away"] == 2
