"""Every letter of Faro's is one that a frightened person can hold in her hand: what is not is told.

Each fault comes with what to write instead, and what volunteers and families say is left alone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Final

import pytest

from handlers.render import exact
from helpdesk.audience import Segment, Topic
from helpdesk.broadcasts import checks, letters
from helpdesk.broadcasts.broadcast import LEAVE, Broadcast, Step
from helpdesk.broadcasts.context import Studio
from locales import lexicon
from locales.message import without_tags
from tests.helpdesk.broadcasts.writing_room import SOURCE, TEXT, studio

NOW: Final = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
STUDIO: Final = studio()


def draft(text: str = TEXT, html: str | None = None, **more: object) -> Broadcast:
    given: dict[str, object] = {
        "number": 7,
        "author": "V-01",
        "html": escape(text, quote=False) if html is None else html,
        "plain": text if html is None else without_tags(html),
        "source": SOURCE,
        "source_date": "2026-11-20",
        "segment": Segment(topics=frozenset({Topic.ALL})),
        "answered": frozenset(Step),
    }
    return Broadcast.model_validate(given | more)


def keys(broadcast: Broadcast, using: Studio = STUDIO) -> list[str]:
    found = checks.faults(broadcast, using, NOW)
    for part in found:
        words = using.words("es").plain(part.key, part.params)
        assert words.startswith("• ")
        assert len(words) > 20
    return [part.key.removeprefix("broadcast.fault.") for part in found]


def told(broadcast: Broadcast) -> str:
    found = checks.faults(broadcast, STUDIO, NOW)
    return "\n".join(STUDIO.words("es").plain(part.key, part.params) for part in found)


# --- what passes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "La Asamblea informó que hasta marzo de 2026 se habían rechazado 24 de cada 100 "
        "solicitudes. Cada caso lo decide el juez.",
        "No pague a nadie: la solicitud, la copia y la salida son gratis.",
        "El tribunal no trabaja el lunes 23 ni el martes 24. Las presentaciones de esos días pasan "
        "al miércoles 25, a la misma hora. Lleve su boleta.",
        "Foro Penal publicó su guía: https://foropenal.com/protocolos",
        "Los derechos de su familiar en la audiencia, paso a paso: https://www.provea.org/guia.",
    ],
)
def test_what_families_need_to_hear_passes(text: str) -> None:
    assert keys(draft(text)) == []


# --- what does not ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found", "instead"),
    [
        ("Pronto van a salir todos los de julio", "word", "no hay fecha segura"),
        ("p r o n t o habrá noticias en el tribunal", "word", "no hay fecha segura"),
        ("Los presos políticos del Táchira", "word", "la persona detenida"),
        ("Los militares no entran en la amnistía", "word", "decide el juez"),
        ("Los condenados quedan\nfuera", "word", "decide el juez"),
        ("Llame al 0414-269 42 87 y pregunte", "filter.phone", "oficina"),
        ("Llame al cero cuatro uno cuatro, 269 42 87", "filter.phone", "oficina"),
        ("Escriba a ayuda@foropenal.com", "filter.email", "página"),
        ("Escriba a @foro_penal", "filter.handle", "nombre de la organización"),
        ("Cédula 12.345.678: pase por el tribunal", "filter.id_number", "una persona"),
        ("Los abogados cobran 20 dólares", "filter.money", "es gratis"),
        ("Escríbame al privado", "filter.private_contact", "oficina"),
        ("Deme su nombre y su cédula", "filter.asks", "papel"),
        ("Maduro lo dijo ayer", "filter.search_bait", "las autoridades"),
        ("Salgan del país", "filter.advice", "abogado"),
        ("Desde hоy hay un mostrador", "filter.disguise", "teclado"),
        ("", "empty", "Escriba"),
        ("a " * 500, "long", "una sola idea"),
    ],
)
def test_each_fault_says_what_to_write_instead(text: str, found: str, instead: str) -> None:
    assert found in keys(draft(text))
    assert instead in told(draft(text))


def test_a_word_behind_a_sign_that_looks_like_a_tag_is_found() -> None:
    assert keys(draft("Llega <pronto> el papel")) == ["word"]


def test_a_word_across_formatting_is_found() -> None:
    assert keys(draft(html="Pron<b>to</b> llega el papel")) == ["word"]


def test_several_faults_are_told_at_once_and_each_once() -> None:
    found = keys(draft("Pronto. Pronto. Llame al 0414-2694287 o al 0412-5568211."))
    assert sorted(found) == ["filter.phone", "word"]


# --- links --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('Aquí: <a href="https://foropenal.com/a">la guía</a>', []),
        ('Aquí: <a href="https://foropenal.com/a">foropenal.com/a</a>', []),
        (
            '<a href="https://foropenal.com/a">uno</a> <a href="https://provea.org">dos</a>',
            ["links"],
        ),
        ('<a href="https://foropenal.com/a">https://provea.org</a>', ["links"]),
        ('<a href="https://evil.org/a">la guía</a>', ["link.host"]),
        (
            '<a href="https://evil.org/a">foropenal.com/a</a>',
            ["links", "link.host", "link.not_https"],
        ),
        ("Mire foropenal.com/a", ["link.not_https"]),
        ("Mire http://foropenal.com/a", ["link.not_https"]),
        ('<a href="https://foropenal.com/a">a</a> http://foropenal.com/a', ["link.not_https"]),
        ("Mire https://foropenal.com:8443/a", ["link.odd"]),
        ("Únase en t.me/faro_ayuda", ["link.not_https"]),
    ],
)
def test_one_link_to_a_known_site_hidden_or_not(html: str, found: list[str]) -> None:
    assert sorted(keys(draft(html=html))) == sorted(found)


def test_what_only_telegram_takes_for_a_link_counts_too() -> None:
    assert keys(draft("Mire evil.zip hoy", links=("evil.zip",))) == ["link.not_https"]


def test_a_site_of_the_state_brings_its_warning() -> None:
    text = "La planilla está en https://www.asambleanacional.gob.ve/planilla"
    assert keys(draft(text)) == []
    warned = letters.letter(draft(text), STUDIO).html
    assert "lo que usted escriba allí queda allí. Usted decide" in warned
    other = letters.letter(draft("Está en https://foropenal.com/a"), STUDIO).html
    assert "queda allí" not in other


# --- source and day -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("", "no_source"),
        ("¿?", "no_source"),
        ("X 24/7", "no_source"),
        ("x" * 121, "source_long"),
        ("foropenal.com", "source_link"),
        ("@foro_penal", "filter.handle"),
        ("El régimen", "word"),
    ],
)
def test_a_source_is_a_name(source: str, found: str) -> None:
    assert found in keys(draft(source=source))


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("", ["no_date"]),
        ("2026-11-21", []),
        ("2026-11", []),
        ("2026-02-19", []),
        ("2026-11-22", ["date.future"]),
        ("2026-12", ["date.future"]),
        ("2026-02-18", ["date.before_law"]),
        ("2024-05", ["date.before_law"]),
        ("2026-03/2026-05", ["date.several"]),
    ],
)
def test_a_source_has_a_day_that_was_and_that_had_the_law(day: str, found: list[str]) -> None:
    assert keys(draft(source_date=day)) == found


# --- outcomes, while nobody signed the law ------------------------------------------------------


def test_an_outcome_is_refused_while_the_law_is_a_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Los casos de la elección de 2024 entran en la ley."
    assert STUDIO.law_is_draft(NOW)
    assert keys(draft(text)) == ["word"]
    monkeypatch.setattr(Studio, "law_is_draft", lambda self, now: False)
    assert keys(draft(text)) == []
    assert keys(draft("Pronto van a salir.")) == ["word", "word", "filter.promise"]


def test_before_any_law_everything_is_a_draft() -> None:
    before = datetime(2026, 2, 18, 12, tzinfo=UTC)
    assert STUDIO.law_is_draft(before)
    assert STUDIO.law_began(before) is None


# --- the letter ---------------------------------------------------------------------------------


def test_the_letter_is_opening_words_source_and_foot() -> None:
    letter = letters.letter(draft(html="Lleve <b>dos</b> copias &amp; una sellada."), STUDIO)
    assert letter.html == (
        "Hola. Es Faro, con un aviso de los que usted pidió. Léalo con calma, en un lugar "
        "tranquilo. Si no quiere recibir más, toque el botón de abajo.\n\n"
        "Lleve <b>dos</b> copias &amp; una sellada.\n\n"
        "<b>Fuente:</b> Circuito Judicial del Táchira, comunicado, 20 de noviembre de 2026.\n\n"
        "<i>Es gratis. Nunca le pediremos nombre, cédula, dinero ni código. Nunca le escribimos "
        "primero por otra cuenta.</i>"
    )
    shown = exact(letter)
    assert shown.text == letter.html
    assert shown.keyboard is not None
    [[button]] = shown.keyboard.inline_keyboard
    assert (button.text, button.callback_data) == ("Dejar de recibir", LEAVE)


def test_a_locked_phone_shows_no_word_of_what_was_written() -> None:
    seen = letters.lock_screen(letters.letter(draft("amnistía " * 30), STUDIO))
    assert len(seen) <= lexicon.OPENING + 1
    assert "amnistía" not in seen
    assert lexicon.opening_words(letters.letter(draft("amnistía"), STUDIO).html) == []


def test_a_source_is_no_formatting() -> None:
    assert "a &lt;b&gt; &amp; c, 20 de" in letters.letter(draft(source="a <b> & c"), STUDIO).html


def test_a_letter_is_as_long_as_a_page_may_be() -> None:
    room = letters.LIMIT - letters.length(letters.letter(draft("a"), STUDIO)) + 1
    assert "long" not in keys(draft("á" * room))
    assert "long" in keys(draft("á" * (room + 1)))
    assert "long" in keys(draft("😀" * (room // 2 + 1)))
