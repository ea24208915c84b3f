"""Words that a family must never read are found, and ordinary ones are left alone."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from locales import LANGUAGES, lexicon


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


@pytest.mark.parametrize(
    "text",
    [
        "It will happen SOON",
        "He will be released",
        "She’ll be free next week",
        "Your relative is going to be let out",
        "Within two weeks your relative is home, released",
        "It takes about 15 days",
        "It is guaranteed",
        "Don’t worry",
        "Your relative is covered",
        "You can now return to Venezuela",
        "It is safe to travel",
        "They can’t arrest you",
        "You cannot be detained",
        "There is no risk",
        "Turn yourself in",
        "Report to the court tomorrow",
        "The terrorists",
        "charged with terrorism",
        "a criminal",
        "the inmates",
        "the regime",
        "the dictatorship",
        "the coup",
        "political prisoners",
        "Your case qualifies",
        "She is not eligible",
        "The law does not apply",
        "a pardon",
        "an act of mercy",
        "the beneficiaries",
        "Clemency",
        "If they do not answer, it is granted",
        "Silence means yes",
        "If you said it was in July, it would be covered",
        "Better say no",
        "Answer that it was in July",
        "What did your relative do?",
        "Did he or she kill anyone?",
        "Tell me what happened",
        "Send me your ID",
        "Write your full name",
        "<b>Guari</b>mba",
    ],
)
def test_forbidden_english_words_are_found(text: str) -> None:
    assert lexicon.faults(text, "broadcast.body", "en")


@pytest.mark.parametrize(
    "text",
    [
        "Thank you. There is no certain date.",
        "If it does not answer, the request is not granted by itself.",
        "You can come back to /start whenever you like.",
        "Your relative should keep signing in at court.",
        "The judge decides.",
        "criminal association (asociación); an ordinary criminal court",
        "Do the papers say that he or she killed someone?",
        "We will never ask you for a name, ID number (cédula), money or a code.",
        "Do not write names or ID numbers.",
        "That they do not answer is not a “yes”.",
        "This answer does not change whether the case is covered or not.",
        "I’d rather not say",
        "It closes the criminal case.",
        "Make sure to keep a copy. People already convicted.",
    ],
)
def test_ordinary_english_words_are_left_alone(text: str) -> None:
    assert lexicon.faults(text, "broadcast.body", "en") == []


@pytest.mark.parametrize("opening", ["Your relative’s court", "The amnesty", "Detained"])
def test_english_openings_show_a_stranger_nothing(opening: str) -> None:
    assert lexicon.opening_faults(opening, "a.b", "en")
    kind = "I have an answer for you now. Read it calmly, in a quiet place. It is free."
    assert lexicon.opening_faults(kind, "a.b", "en") == []


@pytest.mark.parametrize(("word", "language"), [("terrorismo", "es"), ("terrorism", "en")])
def test_a_charge_may_be_named_only_as_a_charge(word: str, language: str) -> None:
    assert lexicon.faults(word, "charge.terrorismo", language) == []
    assert lexicon.faults(word, "page.papers", language)


def test_every_word_found_is_told_with_what_to_say() -> None:
    told = [fault.hint for fault in lexicon.faults("Pronto. Ya casi. Guarimba.", "a.b")]
    assert len(told) == 3
    assert all("diga: " in hint for hint in told)


def test_openings_show_a_stranger_nothing() -> None:
    assert lexicon.opening_faults("<b>Elección</b> y amnistía", "a.b")
    kind = "Ya tengo una respuesta para usted. Léala con calma, en un lugar tranquilo."
    assert lexicon.opening_faults(kind, "a.b") == []
    assert lexicon.opening_faults("x " * (lexicon.OPENING // 2) + "amnistía", "a.b") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_says_why_and_what_instead(language: str) -> None:
    source = files("locales").joinpath(language, "lexicon.yaml").read_text(encoding="utf-8")
    for entry in yaml.safe_load(source)["prohibidas"]:
        assert entry["razon"], entry
        assert entry["diga"], entry
        assert all(reason for reason in entry.get("salvo", {}).values()), entry
