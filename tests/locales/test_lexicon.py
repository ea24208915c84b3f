"""Words that a family must never read are found, and ordinary ones are left alone."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from locales import lexicon


@pytest.mark.parametrize(
    "text",
    [
        "Saldrá PRONTO",
        "Ya casi lo sueltan",
        "Está garantizado",
        "Seguro que entra",
        "En dos semanas sale",
        "Eso tarda unos 15 días",
        "Ya puede volver al país",
        "Su hijo puede regresar",
        "Preséntese mañana",
        "No lo pueden detener",
        "Usted no corre riesgo",
        "Los terroristas",
        "Lo acusan de terrorismo",
        "la guarimba",
        "el régimen",
        "Los presos políticos",
        "Su caso califica",
        "No es elegible",
        "La ley no aplica",
        "la clemencia",
        "El perdón",
        "una medida de gracia",
        "Los beneficiarios",
        "Si no responden, queda concedida",
        "Se da por aprobada",
        "Si dijera que fue en julio, entraría",
        "Conteste que no",
        "¿Qué hizo su familiar?",
        "¿Él o ella mató a alguien?",
        "Mándeme su cédula",
        "<b>Guari</b>mba",
    ],
)
def test_forbidden_words_are_found(text: str) -> None:
    assert lexicon.faults(text, "broadcast.body")


@pytest.mark.parametrize(
    "text",
    [
        "Gracias. No hay fecha segura.",
        "Si no responde, la solicitud no queda concedida sola.",
        "Cuando quiera puede volver a escribir /start.",
        "Que siga yendo a sus presentaciones.",
        "Se las pidieron en enero.",
        "Decide el juez.",
        "Homicidio calificado",
        "¿En los papeles dice que él o ella mató a alguien?",
        "No le pediremos nombre, cédula, dinero ni códigos.",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert lexicon.faults(text, "broadcast.body") == []


def test_a_charge_may_be_named_only_as_a_charge() -> None:
    assert lexicon.faults("terrorismo", "charge.terrorismo") == []
    assert lexicon.faults("terrorismo", "page.papers")


def test_every_word_found_is_told_with_what_to_say() -> None:
    told = [fault.hint for fault in lexicon.faults("Pronto. Ya casi. Guarimba.", "a.b")]
    assert len(told) == 3
    assert all("diga: " in hint for hint in told)


def test_openings_show_a_stranger_nothing() -> None:
    assert lexicon.opening_faults("<b>Elección</b> y amnistía", "a.b")
    kind = "Ya tengo una respuesta para usted. Léala con calma, en un lugar tranquilo."
    assert lexicon.opening_faults(kind, "a.b") == []
    assert lexicon.opening_faults("x " * (lexicon.OPENING // 2) + "amnistía", "a.b") == []


def test_every_entry_says_why_and_what_instead() -> None:
    source = files("locales").joinpath("es", "lexicon.yaml").read_text(encoding="utf-8")
    for entry in yaml.safe_load(source)["prohibidas"]:
        assert entry["razon"], entry
        assert entry["diga"], entry
        assert all(reason for reason in entry.get("salvo", {}).values()), entry
