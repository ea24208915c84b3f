"""Rendering: parameters, escaping, references, lists, plurals and capitals."""

from __future__ import annotations

import pytest

import locales
from locales import Catalogue, MissingMessage, WrongParameters
from tests.locales.conftest import Write

ENTRIES = """
msgid "charge.riot"
msgstr "incitación al odio"

msgid "charge.terror"
msgstr "resistencia <i>a la autoridad</i>"

msgid "say.it"
msgstr "<b>{what}</b> & más"

msgid "say.days"
msgid_plural "say.days"
msgstr[0] "queda {count} día, {who}"
msgstr[1] "quedan {count} días, {who}"

msgid "say.plain"
msgstr "¿qué dice?"
""".replace("&", "&amp;")


@pytest.fixture
def words(write: Write) -> Catalogue:
    return write(ENTRIES)


def test_values_are_escaped(words: Catalogue) -> None:
    assert words.text("say.it", {"what": "A <b>&"}) == "<b>A &lt;b&gt;&amp;</b> &amp; más"
    assert words.plain("say.it", {"what": "A <b>&"}) == "A <b>& & más"


def test_a_key_is_rendered_in_place(words: Catalogue) -> None:
    assert words.text("say.it", {"what": "@charge.terror"}) == (
        "<b>Resistencia <i>a la autoridad</i></b> &amp; más"
    )
    with pytest.raises(MissingMessage):
        words.text("say.it", {"what": "@charge.nobody"})


def test_text_is_never_taken_for_a_key(words: Catalogue) -> None:
    assert words.plain("say.it", {"what": "text:@charge.riot"}) == "@charge.riot & más"


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ("list:uno", "Uno"),
        ("list:uno|dos", "Uno y dos"),
        ("list:uno|dos|tres", "Uno, dos y tres"),
        ("list:@charge.terror|@charge.riot", "Resistencia a la autoridad e incitación al odio"),
        ("list:date:2024-07|hierro", "Julio de 2024 y hierro"),
        ("list:padres|hijos", "Padres e hijos"),
    ],
)
def test_lists_are_joined_as_people_say_them(words: Catalogue, value: str, spoken: str) -> None:
    assert words.plain("say.it", {"what": value}) == f"{spoken} & más"


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ("2024-07-29", "29 de julio de 2024"),
        ("2024-07", "Julio de 2024"),
        ("2024", "2024"),
        ("2024-07-28/2024-08-31", "Del 28 de julio al 31 de agosto de 2024"),
        ("2024-07-03/2024-07-08", "Del 3 al 8 de julio de 2024"),
        ("2023-12-28/2024-01-03", "Del 28 de diciembre de 2023 al 3 de enero de 2024"),
        ("2024-07-01/2024-07-31", "Julio de 2024"),
        ("2024-01-01/2024-12-31", "2024"),
        ("2024-02/2024-06", "De febrero a junio de 2024"),
        ("2002-12/2003-02", "De diciembre de 2002 a febrero de 2003"),
        ("2016/2021", "De 2016 a 2021"),
        ("2024-02-29", "29 de febrero de 2024"),
    ],
)
def test_dates_are_written_as_families_read_them(words: Catalogue, value: str, spoken: str) -> None:
    assert words.plain("say.it", {"what": f"date:{value}"}) == f"{spoken} & más"


@pytest.mark.parametrize(
    "value",
    ["date:", "date:ayer", "date:2024-13", "date:2023-02-29", "date:2024-02/2024-01", "list:"],
)
def test_what_cannot_be_read_is_refused(words: Catalogue, value: str) -> None:
    with pytest.raises(WrongParameters):
        words.text("say.it", {"what": value})


def test_plurals_and_numbers(words: Catalogue) -> None:
    assert words.text("say.days", {"who": "Ana"}, count=1) == "Queda 1 día, Ana"
    assert words.text("say.days", {"who": "Ana"}, count=0) == "Quedan 0 días, Ana"
    assert words.text("say.days", {"who": "Ana"}, count=12345) == "Quedan 12.345 días, Ana"


@pytest.mark.parametrize(
    ("key", "params", "count"),
    [
        ("say.it", {}, None),
        ("say.it", {"what": "a", "more": "b"}, None),
        ("say.it", {"what": "a"}, 2),
        ("say.days", {"who": "Ana"}, None),
        ("say.days", {}, 2),
    ],
)
def test_parameters_must_fit(
    words: Catalogue, key: str, params: dict[str, str], count: int | None
) -> None:
    with pytest.raises(WrongParameters):
        words.text(key, params, count)


def test_an_error_names_no_value(words: Catalogue) -> None:
    with pytest.raises(WrongParameters) as caught:
        words.text("say.it", {"what": "date:12.345.678"})
    assert "345" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ("list:uno", "Uno"),
        ("list:uno|dos", "Uno and dos"),
        ("list:uno|dos|tres", "Uno, dos, and tres"),
        ("list:padres|hijos", "Padres and hijos"),
        ("list:date:2024-07|date:2024-08", "July 2024 and August 2024"),
        ("date:2024-07-29", "29 July 2024"),
        ("date:2024-07", "July 2024"),
        ("date:2024", "2024"),
        ("date:2024-07-28/2024-08-31", "28 July to 31 August 2024"),
        ("date:2024-07-03/2024-07-08", "3 to 8 July 2024"),
        ("date:2023-12-28/2024-01-03", "28 December 2023 to 3 January 2024"),
        ("date:2024-07-01/2024-07-31", "July 2024"),
        ("date:2024-02/2024-06", "February to June 2024"),
        ("date:2002-12/2003-02", "December 2002 to February 2003"),
        ("date:2016/2021", "2016 to 2021"),
    ],
)
def test_dates_and_lists_in_english(write: Write, value: str, spoken: str) -> None:
    assert write(ENTRIES, "en").plain("say.it", {"what": value}) == f"{spoken} & más"


def test_plurals_and_numbers_in_english(write: Write) -> None:
    english = write(ENTRIES, "en")
    assert english.text("say.days", {"who": "Ana"}, count=1) == "Queda 1 día, Ana"
    assert english.text("say.days", {"who": "Ana"}, count=0) == "Quedan 0 días, Ana"
    assert english.text("say.days", {"who": "Ana"}, count=12345) == "Quedan 12,345 días, Ana"


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_every_language_reads_and_writes_dates(language: str) -> None:
    receipt = {"version": "date:2026-02-19", "status": "@receipt.status.draft"}
    assert "2026" in locales.load(language).text("receipt.line", receipt)


def test_a_bare_key_never_lands_on_a_phone(words: Catalogue) -> None:
    with pytest.raises(MissingMessage):
        words.text("say.nothing")


def test_the_first_letter_is_a_capital(words: Catalogue) -> None:
    assert words.text("charge.riot") == "Incitación al odio"
    assert words.text("say.plain") == "¿Qué dice?"


def test_an_english_quotation_begins_with_a_capital(write: Write) -> None:
    assert write('msgid "a.b"\nmsgstr "“no” is not it"\n', "en").text("a.b") == "“No” is not it"


def test_what_a_catalogue_tells_about_itself(words: Catalogue) -> None:
    assert "say.it" in words
    assert "say.nothing" not in words
    assert "charge.riot" in words.keys
    assert words.placeholders("say.days") == {"count", "who"}
