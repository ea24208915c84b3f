"""Whole conversations, from the first question to the answer, as families would live them."""

from __future__ import annotations

import pytest

from helpdesk import conversation, interview
from helpdesk.context import Context
from helpdesk.messages import Unreadable
from helpdesk.typed_charges import ChargeLexicon
from tests.helpdesk.talk import Talk

NOT_FILED = ["«No, todavía no»", "«Está detenido o detenida»"]
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


def test_the_mother_of_29_july_gets_her_answer_in_eight_taps(talk: Talk) -> None:
    talk.all(MAIN)
    assert talk.done
    assert talk.taps <= 8
    assert talk.state.fresh
    text = talk.text
    assert "Parece entrar." in text
    assert "elección presidencial de julio de 2024" in text
    assert "24" in text
    assert "marzo de 2026" in text
    assert "borrador" in text
    assert "Decide el juez" in text
    places = [
        text.index(words)
        for words in ("el defensor", "sello y fecha", "15 días seguidos", "presentaciones")
    ]
    assert places == sorted(places)
    talk.press("Qué hacer, paso a paso")
    assert talk.text.startswith("Pida al defensor")


def test_all_unknown_is_amber_with_the_papers_to_look_for(talk: Talk) -> None:
    while not talk.done:
        talk.press("No sé")
    assert talk.outcome == "needs_facts"
    assert "falta la fecha de los hechos" in talk.text
    assert "acta de aprehensión" in talk.text
    assert talk.taps <= 14
    talk.press("Qué papeles buscar")
    assert "Acusación" in talk.text


def test_preferring_not_to_say_is_respected_to_the_end(talk: Talk) -> None:
    while not talk.done:
        talk.press("Prefiero no decir")
    assert talk.outcome == "needs_facts"
    assert talk.state.answers["charges"] == {"unknown": "prefers_not_to_say"}


def test_military_rebellion_in_april_2019_is_red(talk: Talk) -> None:
    talk.all(
        [
            *NOT_FILED,
            "30 de abril 2019",
            "«Sí, esa fecha y por eso»",
            "«Militar activo»",
            "rebelion militar",
            "«Sí, está bien»",
        ]
    )
    assert talk.done
    assert talk.outcome == "likely_excluded"
    assert "numeral 10" in talk.text
    assert "Decide el juez" in talk.text or "decide el juez" in talk.text
    talk.press("Otros caminos")
    assert "usted decide" in talk.text


def test_military_rebellion_in_august_2017_is_amber(talk: Talk) -> None:
    talk.all(
        [
            *NOT_FILED,
            "6/8/2017",
            "«Sí, esa fecha y por eso»",
            "«Militar activo»",
            "rebelión militar",
            "«Sí, está bien»",
        ]
    )
    assert talk.done
    assert talk.outcome == "readings_differ"
    assert "el texto y la práctica no coinciden" in talk.text
    talk.press("Por qué")
    assert "agosto de 2017" in talk.text


def test_november_2025_is_red_with_the_commission_and_its_warning(talk: Talk) -> None:
    talk.all([*NOT_FILED, "noviembre de 2025", "«Sí, esa fecha»"])
    assert talk.asked == "military"  # it matters to the next steps, though not to the outcome
    talk.press("Civil")
    assert talk.done
    assert talk.outcome == "not_covered"
    text = talk.text
    assert "comisión de la Asamblea" in text
    assert "es un órgano del Estado" in text
    assert "usted decide" in text


def test_a_year_alone_asks_for_the_month_once(talk: Talk) -> None:
    talk.all([*NOT_FILED, "2014"])
    assert "mes" in talk.text
    assert "Marzo" in talk.labels
    talk.copy().press("Marzo")
    other = talk.copy()
    other.state = talk.state
    other.press("No sé el mes")
    assert other.state.draft.span == "2014"
    other.press("Sí, esa fecha y por eso")
    assert other.state.answers["fact_date"] == "2014"
    talk.press("Marzo").press("Sí, esa fecha y por eso")
    assert talk.state.answers["fact_date"] == "2014-03"


def test_a_date_without_year_asks_the_year_and_takes_it_typed(talk: Talk) -> None:
    talk.all([*NOT_FILED, "29 de julio", "2024"])
    assert talk.state.draft.span == "2024-07-29"


def test_the_paper_in_hand_gives_the_next_steps_at_once(talk: Talk) -> None:
    talk.press("Sí, con papel de sobreseimiento")
    assert not talk.done
    assert "copia certificada" in talk.text
    talk.press("Qué hacer, paso a paso")
    assert talk.text.startswith("Pida al tribunal una copia certificada")
    talk.press("‹ Volver").press("Quiero saber si el caso entra")
    assert talk.asked == "situation"


def test_whereabouts_unknown_leaves_for_the_amparo_at_once(talk: Talk) -> None:
    talk.all(["«No, todavía no»", "«No sé dónde está»"])
    assert "amparo a la libertad" in talk.text
    talk.press("Seguir con las preguntas")
    assert talk.asked == "date"


def test_another_reason_asks_for_the_event_among_those_of_the_day(talk: Talk) -> None:
    talk.all([*NOT_FILED, "19 de abril de 2017", "«La fecha sí, por otra cosa»"])
    assert talk.asked == "event"
    assert "Asamblea Nacional 2016–2021" in talk.labels
    assert not any("2024" in label for label in talk.labels)
    assert not any("mar. a ago." in label for label in talk.labels)


def test_another_reason_on_a_day_of_one_event_needs_no_question(talk: Talk) -> None:
    talk.all([*NOT_FILED, "29/7/24", "«La fecha sí, por otra cosa»"])
    assert talk.state.answers["event"] == "none"


def test_the_event_may_be_said_first(talk: Talk) -> None:
    talk.all([*NOT_FILED, "«Elegir de una lista de hechos»", "«Protestas de 2014 (feb. a jun.)»"])
    assert talk.asked == "date"
    talk.all(["marzo de 2014", "«Sí, esa fecha y por eso»"])
    assert talk.state.answers["event"] == "protestas_2014"
    assert talk.asked == "military"


def test_an_event_that_the_date_contradicts_is_asked_again_with_a_kind_word(talk: Talk) -> None:
    talk.all([*NOT_FILED, "«Elegir de una lista de hechos»", "«Protestas de mayo de 2007»"])
    talk.all(["entre mayo de 2014 y abril de 2017", "«Sí, esa fecha»"])
    assert talk.asked == "event"
    assert "no coincide con el hecho" in talk.text
    assert not any("2007" in label for label in talk.labels)


def test_going_back_loses_nothing(talk: Talk) -> None:
    talk.all(MAIN[:5])
    before = dict(talk.state.answers)
    talk.press("‹ Atrás")
    assert talk.asked == "military"
    talk.press("‹ Atrás")
    assert talk.asked == "date"
    talk.press("Dejarlo como estaba")
    assert talk.asked == "charges"
    assert talk.state.answers == before


def test_one_answer_can_be_changed_and_the_rest_stays(talk: Talk) -> None:
    talk.all(MAIN)
    talk.press("Cambiar una respuesta").press("La fecha")
    talk.all(["noviembre de 2025", "«Sí, esa fecha»"])
    assert talk.done
    assert talk.state.fresh
    assert talk.outcome == "not_covered"
    assert talk.state.answers["charges"] == ["terrorismo", "incitacion_al_odio"]
    assert "event" not in talk.state.answers  # it stopped applying
    talk.press("Cambiar una respuesta").press("La fecha")
    talk.all(["29/7/2024", "«Sí, esa fecha y por eso»"])
    assert talk.outcome == "likely_covered"


def test_answers_that_stop_applying_are_forgotten(talk: Talk) -> None:
    talk.all(
        [
            *NOT_FILED,
            "29/7/2024",
            "«Sí, esa fecha y por eso»",
            "«Militar activo»",
            "terrorismo",
            "«Sí, está bien»",
        ]
    )
    assert talk.asked == "jurisdiction"
    talk.press("Un tribunal militar")
    talk.state = interview.reopen(talk.state, "military")
    talk.press("Civil")
    assert "jurisdiction" not in talk.state.answers


def test_why_leads_back_to_the_question(talk: Talk) -> None:
    talk.all(MAIN[:7])
    here = talk.text
    talk.press("¿Por qué me preguntan esto?")
    assert "artículos 7 y 9" in talk.text
    talk.press("‹ Volver a la pregunta")
    assert talk.text == here


def test_charges_are_marked_searched_and_typed_together(talk: Talk) -> None:
    talk.all(MAIN[:5])
    talk.press("Terrorismo").press("Ver más cargos").press("Siguiente ›")
    talk.press(talk.labels[0])
    talk.type("resistencia")
    assert "terrorismo" in talk.text
    assert "resistencia a la autoridad" in talk.text
    talk.press("Falta otro cargo").type("homicidio").press("Homicidio frustrado o tentativa")
    talk.press("Sí, está bien")
    charges = talk.state.answers["charges"]
    assert {"terrorismo", "resistencia_a_la_autoridad", "homicidio_frustrado"} <= set(charges)
    assert len(charges) == 4


def test_a_vague_word_that_stays_vague_goes_to_a_person(talk: Talk) -> None:
    talk.all([*MAIN[:5], "homicidio", "«No sé cuál de ellos»", "«Sí, está bien»"])
    assert talk.state.answers["charges"] == ["otro_cargo"]
    assert talk.outcome == "needs_judge"


def test_no_charge_told_is_an_empty_list(talk: Talk) -> None:
    talk.all([*MAIN[:5], "«Le dijeron que no hay cargos»"])
    assert talk.state.answers["charges"] == []


def test_drugs_on_the_group_screen_open_the_charge(talk: Talk) -> None:
    talk.all([*MAIN[:7], "«Drogas»", "«Listo»", "«Tráfico de drogas»", "«Listo»"])
    assert talk.done
    assert talk.outcome == "needs_judge"
    assert "trafico_de_drogas" in talk.state.answers["charges"]
    talk.press("Cambiar una respuesta").press("Lo de la acusación")
    talk.press("Drogas").press("Ninguna")
    assert talk.outcome == "likely_covered"
    assert talk.state.answers["charges"] == ["terrorismo", "incitacion_al_odio"]


def test_a_charge_from_the_group_screen_never_stands_for_the_whole_accusation(talk: Talk) -> None:
    talk.all([*MAIN[:5], "«No sé»", "«Corrupción»", "«Listo»", "«Peculado»", "«Listo»"])
    assert talk.state.answers["charges"] == ["otro_cargo", "peculado"]
    assert talk.outcome != "likely_excluded"
    talk.press("Cambiar una respuesta").press("Lo de la acusación")
    talk.press("Corrupción").press("Ninguna")
    assert talk.state.answers["charges"] == {"unknown": "does_not_know"}


def test_finer_steps_are_asked_after_the_result_and_change_only_steps(talk: Talk) -> None:
    talk.all(MAIN)
    outcome = talk.outcome
    talk.press("Qué hacer, paso a paso").press("Afinar estos pasos")
    talk.press("Ya hay sentencia (ejecución)").press("Sí, menos de 18")
    assert talk.state.view == "steps"
    assert talk.outcome == outcome
    assert "adolescentes" in talk.text


def test_typed_words_never_fill_a_choice(talk: Talk) -> None:
    for typed in ("no", "si", "Dijeron que no", "civil"):
        talk.type(typed)
        assert not talk.state.answers
        assert "no quiero adivinar" in talk.text
        assert "¿Ya pidieron" in talk.text


def test_not_knowing_may_be_typed_where_typing_is_asked(talk: Talk) -> None:
    talk.all([*NOT_FILED, "no sé"])
    assert talk.state.answers["fact_date"] == {"unknown": "does_not_know"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("31/2/2024", "no existe"),
        ("29 de julio de 2030", "todavía no ha llegado"),
        ("1911", "demasiados años"),
        ("no recuerdo bien", "No encontré una fecha"),
        ("2014 y 2017", "más de una fecha"),
    ],
)
def test_a_date_that_cannot_be_is_said_kindly(talk: Talk, typed: str, words: str) -> None:
    talk.all([*NOT_FILED, typed])
    assert words in talk.text
    assert talk.asked == "date"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("me piden 2 resmas pa darme la copia", "No pague."),
        ("no se donde lo tienen", "amparo a la libertad"),
        ("borra todo lo que te escribí", "¿Quiere borrar todo?"),
        ("ya no puedo más", "no se quede a solas"),
        ("quiero hablar con una persona", "no hay personas atendiendo"),
    ],
)
def test_a_route_answers_and_the_question_is_still_there(
    talk: Talk, typed: str, words: str
) -> None:
    for begun in ([], MAIN[:2], MAIN[:5], MAIN):
        again = talk.copy()
        again.all(begun)
        before = again.state.answers
        asked = again.asked
        again.type(typed)
        assert words in again.text
        again.press("No, seguir" if "borra" in typed else "‹ Volver")
        assert (again.asked, again.state.answers) == (asked, before)


def test_under_the_charges_a_charge_is_a_charge_and_a_demand_for_money_a_route(talk: Talk) -> None:
    talk.all(MAIN[:5])
    one = talk.copy().type("por mandar plata")
    assert one.state.draft.picks == ("financiamiento_al_terrorismo",)
    two = talk.copy().type("le sembraron droga")
    assert two.state.draft.picks == ("trafico_de_drogas",)
    three = talk.copy()
    three.type("me llamó uno del cicpc que mi hijo está en una lista y que mande plata")
    assert three.state.view == "route_money"


@pytest.mark.parametrize("kind", list(Unreadable))
def test_what_is_not_read_gets_a_kind_answer_and_the_question_stays(
    talk: Talk, kind: Unreadable
) -> None:
    talk.all(MAIN[:3]).send(kind)
    assert talk.asked == "date"
    assert "Entendí" in talk.text or "elección" in talk.text
    talk.press("Sí, esa fecha y por eso")
    assert talk.asked == "military"


def test_a_corrected_message_is_read_again_while_it_waits(talk: Talk) -> None:
    talk.all([*NOT_FILED, "29 de julio de 2023"])
    talk.edit("29 de julio de 2024")
    assert talk.state.draft.span == "2024-07-29"
    talk.press("Sí, esa fecha y por eso").edit("30 de julio de 2024")
    assert talk.state.answers["fact_date"] == "2024-07-29"
    assert "corrigió" in talk.text


def test_start_in_the_middle_offers_to_go_on(talk: Talk) -> None:
    talk.all(MAIN[:4])
    asked = talk.asked
    talk.slash("start")
    assert talk.labels == ["Seguir donde iba", "Empezar de nuevo"]
    talk.copy().press("Seguir donde iba")
    other = talk.copy().press("Empezar de nuevo")
    assert not other.state.answers
    talk.press("Seguir donde iba")
    assert talk.asked == asked


def test_start_after_the_end_offers_the_last_result(talk: Talk) -> None:
    talk.all(MAIN).slash("start")
    assert talk.labels == ["Ver la última respuesta", "Empezar otra"]
    talk.press("Ver la última respuesta")
    assert "Parece entrar" in talk.text


def test_cancel_forgets(talk: Talk) -> None:
    talk.all(MAIN[:6]).slash("cancelar")
    assert not talk.state.answers
    assert talk.state.draft.picks == ()
    talk.press("Empezar de nuevo")
    assert talk.asked == "petition"


@pytest.mark.parametrize("name", ["ayuda", "privacidad", "acerca", "inventada"])
def test_a_command_answers_and_leads_back(talk: Talk, name: str) -> None:
    talk.all(MAIN[:4])
    asked = talk.asked
    talk.slash(name)
    if name == "inventada":
        assert "/ayuda" in talk.text
    else:
        talk.press("‹ Volver")
    assert talk.asked == asked


def test_a_name_typed_is_neither_said_again_nor_kept(talk: Talk) -> None:
    for begun in ([], MAIN[:2], MAIN[:5], MAIN):
        again = talk.copy().all(begun)
        again.type("se llama Juan Pérez, cédula 12.345.678, guarimbero")
        seen = again.text + repr(again.state.write())
        for word in ("Juan", "Pérez", "12.345.678", "12345678", "guarimber"):
            assert word not in seen


def test_a_slur_is_understood_and_never_said(talk: Talk) -> None:
    talk.all([*MAIN[:5], "lo acusan de terrorista y guarimba"])
    assert set(talk.state.draft.picks) == {"terrorismo", "obstaculizacion_de_via"}
    assert "guarimba" not in talk.text.lower()
    assert "terrorista" not in talk.text.lower()


def test_a_law_that_changes_is_announced_and_answers_stay(talk: Talk) -> None:
    talk.all(MAIN[:4])
    answers = talk.state.answers
    talk.state = conversation.law_changed(talk.look, talk.state.but(law_hash="another"))
    assert "cambió" in talk.text
    assert talk.state.answers == answers
    assert talk.state.law_hash == talk.look.law.law_hash


def test_lexicons_are_built_once(context: Context, talk: Talk) -> None:
    first = context.lexicon(talk.look.law)
    assert isinstance(first, ChargeLexicon)
    assert context.lexicon(talk.look.law) is first
