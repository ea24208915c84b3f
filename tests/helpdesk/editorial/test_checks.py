"""A file is published whole or not at all, and whoever made it reads every fault at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from helpdesk.editorial import checks, published
from helpdesk.editorial.checks import check, telephone
from tests.helpdesk.volunteers import spoken

TODAY = date(2026, 11, 21)
EXAMPLE = (Path(__file__).parents[3] / "docs" / "publicado.ejemplo.yaml").read_text("utf-8")
PHONE = "    phone: +58 212 5550100         # con el código del país\n"


def faults(text: str | bytes) -> list[tuple[int, str, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    found = check(content, spoken(), TODAY)
    assert (found.published is None) is bool(found.faults)
    for one in found.faults:
        assert spoken()["es"].plain(one.key, one.params)
    return [(one.line, one.place, one.key.removeprefix("editorial.fault.")) for one in found.faults]


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_example_may_be_published() -> None:
    found = check(EXAMPLE.encode(), spoken(), TODAY)
    assert found.faults == ()
    assert found.published is not None
    first = found.published.contacts[0]
    assert first.name == "Defensa Inventada"
    assert first.verified_on == date(2026, 11, 15)
    assert not first.state
    assert found.published == published.kept(EXAMPLE)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("    name: Defensa Inventada\n", "", "missing"),
        ("    state: false ", "    estado: false\n    state: false ", "unknown"),
        ("    state: false ", "    state: no ", "flag"),
        ("verified_on: 2026-11-15\n    source: ll", "verified_on: ayer\n    source: ll", "day"),
        (
            "verified_on: 2026-11-15\n    source: ll",
            "verified_on: 2026-11-22\n    source: ll",
            "future",
        ),
        ("phone: +58 212 5550100", "phone: 0212 12", "phone"),
        ("email: ayuda@ejemplo.org", "email: ayuda en ejemplo", "email"),
        ("id: ejemplo_defensa", "id: Ejemplo", "pattern"),
        ("id: comision ", "id: ejemplo_defensa ", "same_id"),
        ("    address: avenida Inventada, piso 0\n", "", "no_reach"),
        ("avenida Inventada, piso 0", "a" * 200, "too_long"),
        ("abogados gratis para familias", "se lo garantizo, abogados para familias", "lexicon"),
        ("free lawyers for families", "guaranteed lawyers for families", "lexicon"),
        ("name: Defensa Inventada", "name: Defensa <b>Inventada</b>", "marks"),
        ("also by telephone", "also by telephone 0412 5550100", "hidden_contact"),
        ("- id: rejected", "- id: rechazos", "no_such"),
        ("note.terrorism_2024", "note.nothing_such", "no_such"),
        ("(cifra inventada, octubre de 2026)", "(cifra inventada)", "month"),
        ("(invented figure, October 2026)", "(invented figure, March 2026)", "month"),
        (
            "as_of: 2026-10\n    source: ejemplo\n\n",
            "as_of: octubre\n    source: x y\n\n",
            "pattern",
        ),
        (
            "unas 50 (cifra",
            "unas 50, dijo la comisión de la Asamblea (cifra",
            "state",
        ),
        ("    es: De cada 100", "    es: |\n      Uno\n      dos\n    xx: De cada 100", "lines"),
        ("    source: ejemplo\n\n", "    source: ejemplo\n    source: otro\n\n", "twice"),
    ],
)
def test_a_fault_says_its_line_and_what_to_do(before: str, after: str, key: str) -> None:
    assert before in EXAMPLE
    text = EXAMPLE.replace(before, after, 1)
    found = faults(text)
    assert key in [one[2] for one in found], found
    for line, place, _ in found:
        assert 1 <= line <= text.count("\n") + 1
        assert place.split("[")[0] in ("contacts", "figures", "notes"), place


def test_the_line_is_the_one_of_the_mistake() -> None:
    text = EXAMPLE.replace("phone: +58 212 5550100", "phone: 12")
    assert faults(text) == [(line_of(text, "phone: 12"), "contacts[1].phone", "phone")]
    text = EXAMPLE.replace("- id: rejected", "- id: rechazos")
    assert faults(text) == [(line_of(text, "- id: rechazos"), "figures[1].id", "no_such")]


def test_all_faults_come_at_once() -> None:
    text = EXAMPLE.replace("phone: +58 212 5550100", "phone: 12")
    text = text.replace("octubre de 2026", "este año").replace("state: true", "state: quizás")
    text = text.replace("    name: Defensa Inventada\n", "")
    assert sorted(key for _, _, key in faults(text)) == sorted(
        ["phone", "month", "month", "flag", "missing"]
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (b"\xff\xfe", "encoding"),
        (b"x" * (published.MOST_BYTES + 1), "long"),
        ("contacts: [", "yaml"),
        ("contacts: '\x00'", "yaml"),
        ("- a\n- b", "form"),
        ("hola", "form"),
        ("", "form"),
        ("contacts: []", "empty"),
        ("contacts: &a []\nfigures: *a", "reference"),
        ("a: 1\n---\nb: 2", "documents"),
        ("[" * 60_000, "deep"),
        ("{a: " * 15_000, "deep"),
        ("? [a]\n: b", "form"),
        ("contacts: [" + "a, " * 20_000 + "]", "long"),
        ("contacts: 3", "shape"),
        ("contacts:\n  - x", "shape"),
        ("figures:\n  - id: [1]\n    es: {a: b}", "shape"),
    ],
)
def test_what_is_no_such_file_is_refused_and_breaks_nothing(text: str | bytes, key: str) -> None:
    assert key in [one[2] for one in faults(text)]


def test_a_billion_values_are_not_built() -> None:
    """References that multiply: refused at the first one."""
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for name, of in zip("bcdefgh", "abcdefg", strict=True):
        bomb += f"{name}: &{name} [{', '.join(['*' + of] * 9)}]\n"
    assert faults(bomb) == [(1, "–", "reference")]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0212-5550100", "+58 212-5550100"),
        ("+58 414 5550100", "+58 414-5550100"),
        ("+1 202 555 0143", "+1 202-555-0143"),
        ("123", None),
        ("hola", None),
    ],
)
def test_telephones_are_shown_in_one_way(typed: str, shown: str | None) -> None:
    assert telephone(typed) == shown


def test_what_was_published_is_read_again_without_the_checks() -> None:
    """A word that is forbidden since hides no contact; a form that is gone hides the file."""
    text = EXAMPLE.replace("abogados gratis", "se lo garantizo")
    assert published.kept(text).contacts[0].what.es.startswith("se lo garantizo")
    assert published.kept("contacts: 3") == published.NOTHING
    assert published.kept("contacts: [") == published.NOTHING


def test_a_contact_hides_by_itself() -> None:
    one = published.kept(EXAMPLE).contacts[0]
    assert one.shown_on(date(2027, 2, 13))
    assert not one.shown_on(date(2027, 2, 14))


def test_every_fault_has_words() -> None:
    source = Path(checks.__file__).parent
    named = {
        word.split('"')[0]
        for path in source.glob("*.py")
        for word in path.read_text("utf-8").split('"editorial.fault.')[1:]
    }
    words = spoken()["es"]
    assert {f"editorial.fault.{one}" for one in named} <= words.keys
