"""What hurt when the bot was used as the people it is for use it, each kept from coming back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from helpdesk import result
from helpdesk.interview import Assessor
from helpdesk.messages import Unreadable
from helpdesk.routes import Route, route_of
from tests.helpdesk.talk import Talk

MAIN = [
    "«Sí, y no responden»",
    "«Salió, con condiciones»",
    "29 de julio de 2024",
    "«Sí, esa fecha y por eso»",
    "«Civil»",
    "terrorismo e incitación al odio",
    "«Sí, está bien»",
    "«Ninguna»",
]
DETAINED = ["«No, todavía no»", "«Está detenido o detenida»"]
PARAMACAY = [
    *DETAINED,
    "6 de agosto de 2017",
    "«Sí, esa fecha y por eso»",
    "«Militar activo»",
    "rebelión militar",
    "«Sí, está bien»",
]


def test_what_was_filed_is_not_to_be_filed_again(talk: Talk) -> None:
    talk.all(MAIN)
    assert "qué día la metió" in talk.text
    assert "que la meta" not in talk.text


def test_a_denial_does_not_sound_like_a_yes(talk: Talk) -> None:
    talk.all(["«Dijeron que no»", *MAIN[1:]])
    assert "Parece entrar" in talk.text
    assert "Ya dijeron que no, y otro tribunal puede revisarlo" in talk.text
    assert "que la meta" not in talk.text
    talk.press("Qué hacer, paso a paso")
    assert "no está establecido si se puede pedir otra vez" in talk.text


def test_the_reasons_of_somebody_who_knows_nothing_do_not_list_crimes(talk: Talk) -> None:
    while not talk.done:
        talk.press("No sé")
    talk.press("Por qué")
    assert "Siguiente ›" not in talk.labels
    assert "La mayoría de los cargos no estorba por sí sola" in talk.text
    for crime in ("homicidio", "drogas", "gravísimas", "armadas", "derechos humanos"):
        assert crime not in talk.text
    assert talk.text.count("Falta precisar la fecha") == 1


def test_a_charge_that_is_in_doubt_is_not_said_to_be_outside_the_list(talk: Talk) -> None:
    talk.all([*DETAINED, "12 de febrero de 2014", "«Sí, esa fecha y por eso»", "«Civil»"])
    talk.type("homicidio y terrorismo").press("No sé cuál de ellos")
    assert "otro cargo, por precisar" in talk.text
    talk.press("Sí, está bien")
    assert talk.outcome == "needs_judge"
    assert "no lo sé" in talk.text
    assert "no quiere decir que quede fuera" not in talk.text


def test_what_she_answered_is_not_told_her_with_an_if(talk: Talk) -> None:
    talk.all([*DETAINED, "12 de febrero de 2014", "«Sí, esa fecha y por eso»", "«Civil»"])
    talk.type("homicidio y terrorismo").press("Homicidio intencional").press("Sí, está bien")
    assert "Hay varios cargos, y la ley deja fuera uno de ellos" in talk.text


def test_an_if_stays_where_nobody_has_answered(talk: Talk) -> None:
    talk.all([*DETAINED, "septiembre de 2024", "«Sí, esa fecha y por eso»", "«Civil»"])
    talk.type("espionaje y terrorismo").press("Sí, está bien")
    assert "no dice con claridad qué días abarca" in talk.text
    talk.press("Por qué")
    assert "Hay varios cargos, y la ley deja fuera uno de ellos" not in talk.text


def test_acts_said_to_go_on_are_told_without_an_if(talk: Talk) -> None:
    talk.all(MAIN[:-1]).press("Que los hechos siguen hoy").press("Listo")
    assert "La acusación dice que los hechos siguen hoy" in talk.text


@pytest.mark.parametrize("petition", ["Sólo dieron una boleta", "No, todavía no", "No sé"])
@pytest.mark.parametrize("charge", ["terrorismo", "rebelión militar", "drogas", "no sé"])
def test_whoever_signs_is_told_to_go_on_signing(talk: Talk, petition: str, charge: str) -> None:
    talk.press(petition).press("Salió, con condiciones").all([*MAIN[2:5], charge])
    while not talk.done:
        talk.act(next(one for one in talk.layout.actions if one.startswith(("cha", "set", "whi"))))
    assert "presentaciones" in talk.text


def test_not_having_been_told_a_charge_is_not_having_none(talk: Talk) -> None:
    """The button for nobody charged must not be pressed by those who were never told."""
    talk.all(MAIN[:5])
    assert "Le dijeron que no hay cargos" in talk.labels
    assert "nunca se los dijeron, pulse «No sé»" in talk.press("¿Por qué me preguntan esto?").text


def test_corruption_offers_both_its_charges(talk: Talk) -> None:
    talk.all([*DETAINED, "marzo de 2023", "«Sí, esa fecha y por eso»", "«Civil»"])
    talk.type("trabajaba en pdvsa y lo acusan de corrupción")
    assert {"Peculado", "Malversación"} <= set(talk.labels)


def test_the_assembly_is_the_second_thing_to_press(talk: Talk) -> None:
    talk.all([*DETAINED, "marzo de 2018"])
    assert talk.labels[:2] == ["La fecha sí, por otra cosa", "Sí, esa fecha y por eso"]


def test_a_deputy_is_asked_whether_she_was_one(talk: Talk) -> None:
    talk.all([*DETAINED, "marzo de 2016", "«Sí, esa fecha y por eso»"])
    assert talk.asked == "assembly"


def test_a_marked_charge_keeps_its_capital(talk: Talk) -> None:
    talk.all(MAIN[:5]).press("Terrorismo")
    assert "✓ Terrorismo" in talk.labels


def test_a_denial_is_told_with_its_date(talk: Talk) -> None:
    talk.all(PARAMACAY)
    assert talk.outcome == "readings_differ"
    assert "en febrero de 2026 un juez negó la amnistía en un caso de agosto de 2017" in talk.text


def test_of_several_denials_the_latest_is_told(talk: Talk, look: Assessor) -> None:
    talk.all(PARAMACAY)
    law = look.law
    known = law.denials[0]
    older = known.model_copy(update={"id": "older", "decided_on": date(2026, 2, 21)})
    two = Assessor(replace(law, denials=(older, known)), look.as_of)
    parts = result.result(two, talk.state, talk.context.catalogue)
    told = [part.key for part in parts if part.key.startswith("reading.")]
    assert told == [f"reading.practice.{known.id}"]


@pytest.mark.parametrize("kind", [Unreadable.VOICE, Unreadable.PHOTO, Unreadable.STICKER])
def test_who_begins_without_words_is_greeted(talk: Talk, kind: Unreadable) -> None:
    talk.send(kind)
    assert talk.text.startswith("Hola. Soy Faro.")
    assert talk.context.catalogue.plain(f"notice.unreadable.{kind}") in talk.text
    assert talk.layout.quiet


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Dios lo bendiga, muchas gracias", "notice.thanks"),
        ("😭😭", "notice.unreadable.sticker"),
        ("V-12345678 Juan Pérez González", "notice.no_names"),
        ("0412 555 12 34", "notice.no_names"),
        ("como le borran los antecedentes", "notice.not_understood_here"),
    ],
)
def test_words_that_answer_nothing_get_an_answer_that_fits(
    talk: Talk, words: str, answer: str
) -> None:
    talk.all(MAIN).type(words)
    assert talk.state.notice == answer
    assert "abajo" not in talk.text  # there is nothing below the result's pages to press
    talk.press("‹ Volver")
    assert "Parece entrar" in talk.text


def test_what_is_asked_most_stands_behind_help(talk: Talk) -> None:
    talk.all(MAIN).type("como le borran los antecedentes").press("Ayuda")
    topics = {
        "No reciben el papel": "no discuta",
        "Pasaron los 15 días": "no es un «sí»",
        "Dijeron que no": "confírmelo hoy",
        "Firmar y viajar": "presentaciones",
        "No sé dónde está": "amparo a la libertad",
        "Me piden dinero": "No pague",
        "Borrar antecedentes": "copia certificada",
        "Está enfermo": "médico",
        "Es de otro país": "consulado",
        "Casa, pasaporte, trabajo": "Pasaporte",
    }
    for label, said in topics.items():
        there = talk.copy().press(label)
        assert said in there.text
        assert there.press("‹ Volver").state.view == ""


def test_help_may_be_typed(talk: Talk) -> None:
    assert talk.type("Ayuda").state.view == "help"


@pytest.mark.parametrize(
    ("typed", "route"),
    [
        ("me dan ganas de morirme", Route.DISTRESS),
        ("preferiría estar muerta", Route.DISTRESS),
        ("no vale la pena vivir asi", Route.DISTRESS),
        ("mi hijo esta preso y no se nada de el ay dios mio", Route.WHEREABOUTS),
        ("no sabemos nada de mi hermano", Route.WHEREABOUTS),
        ("no se nada de el caso", None),
        ("no sé nada de leyes", None),
        ("mi hijo esta pagando condena en tocoron", None),
        ("tengo que ir pagando en el tribunal", Route.MONEY),
    ],
)
def test_words_that_must_not_be_missed(typed: str, route: Route | None) -> None:
    assert route_of(typed) is route
