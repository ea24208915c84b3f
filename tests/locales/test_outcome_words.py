"""Who is in the law and who is not is found in a text, and what families may read of it is not."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from locales import lexicon


@pytest.mark.parametrize(
    "text",
    [
        "Los militares no entran en la amnistía",
        "Su familiar ENTRA en la ley",
        "Las personas condenadas también entran",
        "Los cargos de rebelión quedan fuera",
        "Dejaron por fuera a los policías",
        "Quienes tienen medidas están cubiertos",
        "Los casos excluidos son tres",
        "Ya pueden salir los de julio",
        "Le toca la amnistía a quien firmó",
        "La ley cubre los casos de 2024",
        "La amnistía también incluye a policías",
        "La ley no excluye a nadie",
        "Los condenados ya tienen derecho a la amnistía",
        "Esta semana reciben la amnistía",
        "Quedan libres",
        "Ya no tiene que presentarse",
        "Los exiliados pueden acogerse",
        "Los casos de 2017 sí entran",
        "Parece entrar",
        "Son amnistiados",
        "Los jueces tienen que soltarlos",
        "<b>Los mili</b>tares no entran en la <i>amnistía</i>",
    ],
)
def test_who_is_in_and_who_is_out_is_found(text: str) -> None:
    found = lexicon.outcome_faults(text, "broadcast.body")
    assert found
    assert all("diga: " in fault.hint for fault in found)


@pytest.mark.parametrize(
    "text",
    [
        "El tribunal de San Cristóbal abrió un mostrador para recibir solicitudes.",
        "La ley entra en vigor el lunes.",
        "Cada caso lo decide el juez.",
        "Hasta marzo se habían rechazado 24 de cada 100 solicitudes, dijo la Asamblea.",
        "La amnistía se puede pedir con el defensor público, que es gratis.",
        "Lleve dos copias y quédese con una sellada.",
        "Las familias entran por la puerta norte del edificio.",
        "Las personas que entran al tribunal dejan el teléfono afuera.",
        "El mostrador queda en el piso 2, al lado de la escalera.",
        "Está abierto de lunes a viernes, de 8 a 12.",
        "La planilla incluye una casilla para la fecha de los hechos.",
        "Que siga yendo a sus presentaciones hasta tener la decisión en la mano.",
    ],
)
def test_news_is_left_alone(text: str) -> None:
    assert lexicon.outcome_faults(text, "broadcast.body") == []


def test_every_entry_says_why_and_what_instead() -> None:
    source = files("locales").joinpath("es", "lexicon.yaml").read_text(encoding="utf-8")
    for entry in yaml.safe_load(source)["difusion"]:
        assert entry["razon"], entry
        assert entry["diga"], entry
        assert all(name in ("patrones", "palabras", "razon", "diga") for name in entry), entry


def test_a_language_without_the_list_has_nothing_to_find() -> None:
    assert lexicon.outcome_faults("Soldiers are covered by the law", "broadcast.body", "en") == []


def test_the_words_of_an_opening_are_named() -> None:
    assert lexicon.opening_words("El <b>tribunal</b> y el juez, el tribunal") == [
        "juez",
        "tribunal",
    ]
