"""The picture of a week shows closed weeks only: tens, nothing under ten, and no totals."""

from __future__ import annotations

import pytest

from helpdesk.broadcasts.messages import OrganiserSlash
from helpdesk.conversation import COMMAND_VIEWS
from helpdesk.desk.figures import WAITS
from helpdesk.editorial import weekly
from helpdesk.routes import Route
from store import Tx, counters
from tests.helpdesk.editorial.newsroom import ANA, LEAD, Newsroom
from tests.helpdesk.volunteers import spoken

LAST, BEFORE, OPEN = "2026-W46", "2026-W45", "2026-W47"
WEEK = {
    "outcome=likely_covered|situation=detained": 43,
    "outcome=likely_covered|situation=abroad": 9,
    "outcome=readings_differ|situation=released_with_measures": 28,
    "outcome=reviewing|situation=unanswered": 12,
    "event=presidencial_2024|outcome=likely_covered": 51,
    "intent=money": 31,
    "intent=distress": 12,
    "question=date|unanswered=does_not_know": 22,
    "case_opened=papers|urgency=now": 14,
    "first_answer=under_1_hour|urgency=now": 12,
    "first_answer=longer|urgency=can_wait": 19,
    "reply_held=phone|then=held": 11,
    "reply_held=phone|then=confirmed": 10,
    "alerts=joined": 120,
    "alerts=left": 7,
    "something_else=new": 90,
}


def fill(tx: Tx, weeks: dict[str, dict[str, int]]) -> None:
    for week, counts in weeks.items():
        counters.add(tx, week, counts)
        if week != OPEN:
            counters.close_week(tx, week)


async def test_without_a_closed_week_it_says_kindly_why(room: Newsroom) -> None:
    await room.db.transaction(fill, {OPEN: WEEK})
    assert "Todavía no hay una semana cerrada" in await room.slash(ANA, "estadisticas")
    assert await room.db.transaction(weekly.picture, room.now, spoken()["es"]) is None


async def test_the_last_closed_week_beside_the_one_before(room: Newsroom) -> None:
    before = {"intent=money": 59, "intent=about": 14, "alerts=left": 33}
    await room.db.transaction(fill, {BEFORE: before, LAST: WEEK, OPEN: {"intent=help": 500}})
    text = await room.slash(LEAD, "estadisticas")
    assert text.startswith("Semana del 9 al 15 de noviembre de 2026")
    for line in (
        "Respuesta: Parece entrar\n• Está detenido o detenida: 40 (antes –)",
        "Respuesta: No está claro: el texto y la práctica no coinciden\n• ",
        "Respuesta: No se dijo, por una regla retirada\n• No lo dijo: 10 (antes –)",
        "• Les piden dinero: 30 (antes 50)",
        "• Quiénes somos: – (antes 10)",
        "• La fecha: No sé: 20 (antes –)",
        "• Papeles: URGENTE: 10 (antes –)",
        "• De 15 minutos a 1 hora (URGENTE): 10 (antes –)",
        "• Un número de teléfono: 10 (antes –)",
        "• Empezaron a recibir: 120 (antes –)",
        "• Dejaron de recibir: – (antes 30)",
    ):
        assert line in text, (line, text)
    assert "No se pueden sumar." in text


async def test_nothing_exact_nothing_small_and_no_total(room: Newsroom) -> None:
    await room.db.transaction(fill, {LAST: WEEK, OPEN: {"intent=help": 500}})
    text = await room.slash(ANA, "estadisticas")
    (drawn,) = [one.picture for one in room.said[ANA] if one.picture]
    numbers = [number for _, bars in drawn.bars for _, number in bars]
    assert numbers
    assert all(number >= 10 and number % 10 == 0 for number in numbers)
    for exact in ("43", "51", "28", "500", "9:"):
        assert exact not in text.replace("2026", "")
    assert "antes" not in text, "there is no week before"
    assert "50" not in text, "cells of other dimensions are not shown, nor added up"


async def test_the_picture_is_short_and_in_her_words(room: Newsroom) -> None:
    many = {f"intent={name}": 20 for name in ("help", "money", "erase", "person", "about", "paper")}
    await room.db.transaction(fill, {LAST: {**WEEK, **many}})
    reply = await room.do(ANA, OrganiserSlash("estadisticas"))
    picture = reply.notes[-1].picture
    assert picture is not None
    assert sum(len(bars) for _, bars in picture.bars) <= 15
    labels = [label for _, bars in picture.bars for label, _ in bars]
    assert "Parece entrar · Está detenido o detenida" in labels
    assert all(not one.startswith("text:") for one in (*labels, picture.title, picture.foot))


async def test_a_week_in_which_nothing_reached_ten(room: Newsroom) -> None:
    await room.db.transaction(fill, {LAST: {"intent=money": 3}})
    assert "Ningún número llegó a 10" in await room.slash(ANA, "estadisticas")
    assert [one.picture for one in room.said[ANA]] == [None]


@pytest.mark.parametrize(
    ("week", "before"), [("2026-W01", "2025-W52"), ("2027-W01", "2026-W53"), (LAST, BEFORE)]
)
def test_the_week_before_knows_how_long_years_are(week: str, before: str) -> None:
    assert weekly._week_before(week) == before


def test_what_is_counted_anywhere_has_words() -> None:
    """Names that the counters use, and that this room has to say."""
    words = spoken()["es"]
    for name in (*COMMAND_VIEWS.values(), *Route, "paper"):
        assert f"editorial.intent.{name}" in words
    for name in WAITS:
        assert f"editorial.wait.{name}" in words
