"""Charges are read as families write them; what could be two is asked, never picked."""

from __future__ import annotations

import pytest

from helpdesk.typed_charges import ChargeLexicon, ChargeReading
from rules import Law


@pytest.fixture(scope="module")
def lexicon(law: Law) -> ChargeLexicon:
    return ChargeLexicon(law.charges.values())


@pytest.mark.parametrize(
    ("typed", "charges"),
    [
        ("terrorismo e incitación al odio", ["terrorismo", "incitacion_al_odio"]),
        ("TERRORISMO", ["terrorismo"]),
        ("terorismo", ["terrorismo"]),
        ("le pusieron terrorismo, eso no lo perdonan verdad?", ["terrorismo"]),
        ("insitacion al odio", ["incitacion_al_odio"]),
        ("insitasion al odio", ["incitacion_al_odio"]),
        ("ley del odio", ["incitacion_al_odio"]),
        ("lo acusan de odio por un estado de wasap", ["incitacion_al_odio"]),
        ("por un tiktok", ["incitacion_al_odio"]),
        (
            "terrorismo,asociacion y trancar la calle",
            ["terrorismo", "asociacion", "obstaculizacion_de_via"],
        ),
        ("asosiacion para delinquir", ["asociacion"]),
        ("tráfico de armas", ["trafico_de_armas"]),
        ("trafico de drogas", ["trafico_de_drogas"]),
        ("le sembraron droga", ["trafico_de_drogas"]),
        ("por mandar plata", ["financiamiento_al_terrorismo"]),
        ("financiamiento al terrorismo", ["financiamiento_al_terrorismo"]),
        ("homicidio frustrado", ["homicidio_frustrado"]),
        ("intento de homicidio", ["homicidio_frustrado"]),
        ("homicidio intencional", ["homicidio_intencional"]),
        ("le achacan un muerto", ["homicidio_intencional"]),
        ("lesiones gravisimas", ["lesiones_gravisimas"]),
        ("rebelión militar", ["rebelion_militar"]),
        (
            "mi esposo es sargento y le pusieron instigacion a la rebelion",
            ["instigacion_a_la_rebelion"],
        ),
        ("rebelion civil", ["rebelion_civil"]),
        ("traición militar", ["traicion_a_la_patria_militar"]),
        ("por prestar la casa", ["encubrimiento_o_complicidad"]),
        ("por prestar el carro", ["encubrimiento_o_complicidad"]),
        ("obstruccion de justicia", ["obstruccion_a_la_justicia"]),
        ("resistensia a la autoridad", ["resistencia_a_la_autoridad"]),
        ("agabillamiento", ["agavillamiento"]),
        ("conspirasion", ["conspiracion"]),
        (
            "por ser testigo de mesa le pusieron conspiración",
            ["delitos_electorales", "conspiracion"],
        ),
        ("C4", ["explosivos"]),
        ("peculado y malversación", ["peculado", "malversacion"]),
        ("motin", ["motin"]),
        ("ultraje a la fanb", ["ultraje_a_la_fuerza_armada"]),
        ("robo de fusiles", ["sustraccion_de_efectos"]),
        ("daños al bien publico", ["danos_a_la_propiedad"]),
        ("por hablar del alcalde", ["difamacion"]),
        ("extorsión", ["secuestro_o_extorsion"]),
    ],
)
def test_charges_are_read_as_families_say_them(
    lexicon: ChargeLexicon, typed: str, charges: list[str]
) -> None:
    found = lexicon.read(typed)
    assert list(found.charges) == charges
    assert not found.asks


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("tráfico", {"trafico_de_drogas", "trafico_de_armas"}),
        ("homicidio", {"homicidio_intencional", "homicidio_frustrado", "homicidio_culposo"}),
        ("lesiones", {"lesiones", "lesiones_gravisimas"}),
        ("rebelión", {"rebelion_civil", "rebelion_militar"}),
        ("corrupción", {"peculado", "otro_cargo"}),
        ("tribunal primero en corrupción organizada", {"peculado", "otro_cargo"}),
        ("instigación al odio", {"incitacion_al_odio", "instigacion_a_desobediencia"}),
        ("traición a la patria", {"traicion_a_la_patria", "traicion_a_la_patria_militar"}),
        ("atentado", {"violencia_a_funcionario", "magnicidio_frustrado"}),
        ("obstrucción", {"obstruccion_a_la_justicia", "obstaculizacion_de_via"}),
        ("asesinato", {"homicidio_intencional", "homicidio_calificado"}),
        ("por las actas", {"delitos_informaticos", "delitos_electorales"}),
    ],
)
def test_words_that_fool_are_asked_never_picked(
    lexicon: ChargeLexicon, typed: str, among: set[str]
) -> None:
    found = lexicon.read(typed)
    assert not found.charges
    assert len(found.asks) == 1
    assert among <= set(found.asks[0])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hola",
        "no sé",
        "su nombre es Juan Pérez",
        "V-12345678",
        "0414 1234567",
        "quién lee esto",
    ],
)
def test_other_words_are_no_charge(lexicon: ChargeLexicon, typed: str) -> None:
    assert lexicon.read(typed) == ChargeReading()


def test_every_synonym_of_every_charge_suggests_that_charge(
    law: Law, lexicon: ChargeLexicon
) -> None:
    missed = []
    for charge in law.charges.values():
        for said in (charge.name, *charge.synonyms):
            for typed in (said, said.upper(), f"le pusieron {said}"):
                found = lexicon.read(typed)
                suggested = {*found.charges, *(one for ask in found.asks for one in ask)}
                if charge.id not in suggested and charge.charge_class != "unrecognised":
                    missed.append((charge.id, typed))
    assert not missed


def test_no_shared_phrase_is_ever_picked(lexicon: ChargeLexicon) -> None:
    for phrase, charges in lexicon.phrases.items():
        if len(charges) > 1:
            assert not set(lexicon.read(phrase).charges) & set(charges), phrase
