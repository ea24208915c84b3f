"""Of a conversation only the answers are kept: sealed, seven idle days, and none of her words.

Names, numbers and places are typed at every step; then what the store holds is opened with its
key and read, for a search in sealed bytes alone would prove nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.render import render
from helpdesk import counting, turn
from helpdesk.context import Context
from helpdesk.messages import Command, Typed
from store import Database, Keys, Session, Tx, counters, open_database, retention, sessions, tables
from tests.helpdesk.phone import Phone
from tests.helpdesk.talk import NOW
from tests.promises import screens
from tests.promises.screens import beginnings, every_screen, look, results
from tests.store.disk import every_byte, rows

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("screens")]

TYPED = (
    "soy Guacamaya Araguaney, cédula V-17.345.678, teléfono 0414-5558899",
    "mi hijo Chaguaramo vive en la calle Guayacán, casa 99, 17345678",
    "a Chaguaramo lo acusan de terrorismo desde el 29 de julio de 2024, guacamaya@correo.com",
)
SECRETS = re.compile(
    r"guacamaya|araguaney|chaguaramo|guayac|correo|17[.]?345[.]?678|5558899|calle|casa 99|acusan"
)
SEVEN_DAYS = timedelta(days=7)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "faro.db"


@pytest.fixture
async def db(file: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{file}", Keys.ephemeral()) as db:
        yield db


@pytest.fixture
def context(db: Database) -> Context:
    return screens.context_of(db)


@pytest.fixture
async def phone(db: Database, context: Context) -> Phone:
    """A conversation that has come to its result."""
    phone = Phone(db, context)
    await phone.slash("start")
    await phone.press("Dijeron que no")
    await phone.press("Salió, con condiciones")
    await phone.type("29 de julio de 2024")
    await phone.press("Sí, esa fecha y por eso")
    await phone.press("Civil")
    await phone.type("terrorismo")
    await phone.press("Sí, está bien")
    await phone.press("Ninguna")
    assert "Parece entrar" in phone.text
    return phone


def words_in(value: object) -> list[str]:
    return SECRETS.findall(json.dumps(value, ensure_ascii=False).lower())


@pytest.mark.parametrize("typed", TYPED)
async def test_her_words_are_neither_kept_nor_said_again(
    db: Database, context: Context, file: Path, typed: str
) -> None:
    shown = beginnings()
    assert words_in(typed)

    def type_everywhere(tx: Tx) -> None:
        for chat, one in enumerate(shown, 900_000):
            sessions.put(tx, chat, Session(one.state.write(), 1, 1), NOW)
            reply = turn.answer(tx, Command(chat, NOW, Typed(typed), 77), context)
            kept = sessions.get(tx, chat, NOW)
            assert kept is not None
            assert words_in(kept.state) == [], one.keys
            assert words_in(dict(reply.counts)) == []
            if reply.screen is not None:
                said = render(reply.screen, context.catalogue)
                labels = said.keyboard.to_json() if said.keyboard else ""
                assert words_in([said.text.replace("acusan", ""), labels]) == [], one.keys

    await db.transaction(type_everywhere)
    assert SECRETS.search(every_byte(file.parent).decode("latin-1").lower()) is None


def test_red_when_a_word_is_kept() -> None:
    """Negative control: each of the messages would be seen in a state that kept it."""
    for typed in TYPED:
        assert words_in({"answers": {}, "note": typed})


async def test_what_she_marks_and_confirms_is_all_that_is_kept(phone: Phone, db: Database) -> None:
    kept = await db.transaction(sessions.get, phone.chat, phone.now)
    assert kept is not None
    assert kept.state["answers"] == {
        "petition": "denied",
        "situation": "released_with_measures",
        "fact_date": "2024-07-29",
        "event": "presidencial_2024",
        "military_status": "civilian",
        "charges": ["terrorismo"],
        "death_charged": False,
        "gravest_injury_charged": False,
        "foreign_armed_action_charged": False,
        "alleged_to_continue": False,
    }
    rest = {name for name in kept.state if name != "answers"}
    assert rest <= {
        *("format", "law_version", "law_hash", "asked", "draft", "fresh"),
        *("counted", "intents", "screen"),
    }


async def test_answers_lie_sealed_on_the_disk(phone: Phone, file: Path) -> None:
    stored = every_byte(file.parent)
    for answer in (b"denied", b"released_with", b"2024-07-29", b"presidencial_2024", b"terrorismo"):
        assert answer not in stored
    [[body]] = rows(file, "SELECT body FROM sessions")
    assert len(body) > 1024


async def test_seven_idle_days_and_they_are_gone(phone: Phone, db: Database, file: Path) -> None:
    [secret] = rows(file, "SELECT body, wrapped_key, lookup FROM sessions")
    await db.transaction(retention.sweep, phone.now + SEVEN_DAYS - timedelta(hours=2))
    assert await db.transaction(sessions.get, phone.chat, phone.now) is not None
    await db.transaction(retention.sweep, phone.now + SEVEN_DAYS)
    assert await db.transaction(sessions.get, phone.chat, phone.now) is None
    assert rows(file, "SELECT * FROM sessions") == []
    assert await db.checkpoint()
    assert not any(bytes(value)[:64] in every_byte(file.parent) for value in secret)


async def test_coming_back_within_seven_days_keeps_them(phone: Phone, db: Database) -> None:
    phone.wait(days=5)
    await phone.slash("start")
    await db.transaction(retention.sweep, phone.now + timedelta(days=3))
    assert await db.transaction(sessions.get, phone.chat, phone.now) is not None


async def test_cancelling_forgets_the_answers(phone: Phone, db: Database) -> None:
    await phone.slash("cancelar")
    kept = await db.transaction(sessions.get, phone.chat, phone.now)
    assert kept is not None
    assert not kept.state.get("answers")


CATEGORIES = {
    "outcome": r"likely_(?:covered|excluded)|needs_(?:facts|judge)|readings_differ|not_covered",
    "event": r"[a-z]+(?:_[a-z]+)*(?:_\d{4}){0,2}",
    "charge_class": r"[a-z_]+",
    "situation": r"[a-z_]+",
    "question": r"[a-z]+",
    "unanswered": r"does_not_know|prefers_not_to_say",
    "intent": r"[a-z_]+",
}
"""What is counted. A name of an event may hold its year; no day, no month in figures, no id."""


def test_counts_are_of_kinds_of_answers_and_nothing_else() -> None:
    counted = {name for one in results() for name in counting.finished(look(), one.state)}
    assert len(counted) > 20
    for name in counted | set(counting.intent("privacy")):
        dimensions = dict(part.split("=") for part in name.split("|"))
        assert len(dimensions) <= 2
        for dimension, value in dimensions.items():
            assert re.fullmatch(CATEGORIES[dimension], value), name


async def test_counts_are_by_week_and_hold_no_account(phone: Phone, db: Database) -> None:
    week = counters.week_of(phone.now)
    await db.transaction(counters.add, week, {"event=presidencial_2024|outcome=likely_covered": 1})
    assert re.fullmatch(r"\d{4}-W\d\d", week)
    for table in (tables.counters_open, tables.counters_closed, tables.weeks_closed):
        assert {column.name for column in table.columns} <= {"week", "body", "counter", "count"}
    whole = await db.transaction(counters.load, week)
    assert str(phone.chat) not in json.dumps(whole)


ASKING = (
    r"nombres?\b|cédulas?\b|teléfonos?\b|direcci[oó]n|apellidos?\b|\bcorreos?\b|contactos?\b|código"
)
NOT_ASKED_FOR = (
    r"\b(?:no|nunca|ningún|desconfíe|si (?:le|alguien))\b",
    r"nombre (?:del tribunal|exacto del cargo|del defensor|de Faro)",
    r"Cuídese de quien use este nombre|código de los juicios",
    r"^• Fotos, videos, documentos, contactos y ubicaciones los quito de este chat\.$",
    r"^Sin nombres, sin cuentas, sin días\.$",
    r"en su teléfono|revisan el teléfono|de este teléfono",
)


def test_no_screen_asks_for_a_name_a_number_or_an_address() -> None:
    met = set()
    for one in every_screen():
        for sentence in re.split(r"(?<=[.?!])\s|\n", "\n".join((one.text, *one.labels))):
            if re.search(ASKING, sentence, re.IGNORECASE):
                met.add(sentence)
                allowed = any(re.search(each, sentence, re.IGNORECASE) for each in NOT_ASKED_FOR)
                assert allowed, sentence
    assert len(met) > 5
