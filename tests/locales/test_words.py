"""Our own words: every part of the law has them, they are plain, and they keep their promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import textstat  # type: ignore[import-untyped]  # it ships no types
import yaml

from locales import Catalogue
from locales.message import without_tags

LAWS = Path(__file__).parents[2] / "rules" / "laws" / "amnistia"
MONTH = re.compile(
    r"(enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
    r"( y \w+)? de 20\d\d"
)
STATE_WARNING = "es un órgano del Estado: sus datos quedan allí; usted decide"
OUTCOMES = {
    "likely_covered": "Parece entrar.",
    "needs_facts": "No está claro: falta un dato.",
    "needs_judge": "No está claro: lo decide el juez.",
    "readings_differ": "No está claro: el texto y la práctica no coinciden.",
    "not_covered": "Parece quedar fuera: no está entre los hechos de la ley.",
    "likely_excluded": "Parece quedar fuera: la ley lo excluye.",
}
NEVER_COACHED = ("death_charged", "gravest_injury_charged", "foreign_armed_action_charged")


def _data(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((LAWS / name).read_text(encoding="utf-8"))
    return data


def _versions() -> list[dict[str, Any]]:
    return [_data(path.name) for path in sorted(LAWS.glob("20??-??-??.yaml"))]


def _ids(entries: list[dict[str, Any]]) -> list[str]:
    return [str(entry["id"]) for entry in entries]


def _needed() -> Iterator[str]:
    for law in _versions():
        for event in _ids(law["events"]):
            yield from (f"event.{event}", f"event.{event}.short")
            yield from (f"rule.evento_{event}.{truth}" for truth in ("yes", "no", "unknown"))
        for rule in _ids(law["rules"]):
            yield from (f"rule.{rule}.{truth}" for truth in ("yes", "no", "unknown"))
    yield from ("event.none", "event.none.short", "reading.literal")
    yield from (f"charge.{charge}" for charge in _ids(_data("charges.yaml")["charges"]))
    for fact in _ids(_data("facts.yaml")["facts"]):
        yield from (f"fact.{fact}", f"paper.{fact}", f"change.{fact}")
    readings = _data("readings.yaml")
    yield from (f"reading.practice.{denial}" for denial in _ids(readings["denials"]))
    yield from (f"note.{note}" for note in _ids(readings["notes"]))
    for outcome in OUTCOMES:
        yield from (f"outcome.{outcome}", f"outcome.{outcome}.limit")


def test_every_part_of_the_law_has_words(catalogue: Catalogue) -> None:
    assert sorted(set(_needed()) - catalogue.keys) == []


@pytest.mark.parametrize("family", ["event", "charge", "rule", "fact", "paper", "change", "note"])
def test_no_words_are_left_over_from_a_law_that_changed(catalogue: Catalogue, family: str) -> None:
    ours = {key for key in catalogue.keys if key.startswith(f"{family}.")}
    assert sorted(ours - set(_needed())) == []


@pytest.mark.parametrize(("outcome", "words"), OUTCOMES.items())
def test_outcomes_read_as_the_design_says(catalogue: Catalogue, outcome: str, words: str) -> None:
    assert catalogue.text(f"outcome.{outcome}") == f"<b>{words}</b>"
    assert "ecide el juez" in catalogue.plain(f"outcome.{outcome}.limit")


@pytest.mark.parametrize("outcome", ["not_covered", "likely_excluded"])
def test_red_is_never_a_bare_no(catalogue: Catalogue, outcome: str) -> None:
    limit = catalogue.plain(f"outcome.{outcome}.limit")
    assert all(way in limit for way in ("comisión", "apelar", "salud", "defensor"))


def test_charges_and_events_fit_a_button(catalogue: Catalogue) -> None:
    names = [catalogue.plain(key) for key in catalogue.keys if key.startswith("charge.")]
    shorts = [
        catalogue.plain(key) for key in catalogue.keys if re.fullmatch(r"event\..+\.short", key)
    ]
    assert [name for name in names if len(name) > 40] == []
    assert [name for name in shorts if len(name) > 34] == []
    assert len(set(names)) == len(names)
    assert len(set(shorts)) == len(shorts)


def test_the_commission_never_comes_without_its_warning(catalogue: Catalogue) -> None:
    for message in catalogue:
        for form in message.forms:
            if "comisión de la Asamblea" in form:
                assert STATE_WARNING in without_tags(form), message.key
    assert STATE_WARNING in catalogue.plain("step.commission").split(". ")[0]


def test_what_would_change_it_never_coaches(catalogue: Catalogue) -> None:
    for fact in NEVER_COACHED:
        words = catalogue.plain(f"change.{fact}")
        assert "acusación" in words
        assert "abogado" in words
        assert not re.search(r"muerte|muerto|mató|herid|arma|extranjer|droga", words)


def test_silence_is_never_a_yes(catalogue: Catalogue) -> None:
    assert "no queda concedida" in catalogue.plain("step.fifteen_days")
    assert "no es un «sí»" in catalogue.plain("step.silence_after_15")
    assert "pueden ser sólo 5 días hábiles: confírmelo hoy" in (
        catalogue.plain("step.appeal_now").lower()
    )


def test_figures_carry_their_month(catalogue: Catalogue) -> None:
    for message in catalogue:
        for form in message.forms:
            figure = re.search(r"\d+\.\d{3}|\b\d+ (?:organizaciones|personas|militares)\b", form)
            if figure or message.key.startswith("figure."):
                assert MONTH.search(form) or "27 de febrero" in form, message.key


def test_steps_say_first_what_to_do(catalogue: Catalogue) -> None:
    """The first sentence of a step is bold: the one thing to do today."""
    steps = [message for message in catalogue if message.key.startswith("step.")]
    assert steps
    for message in steps:
        assert message.forms[0].startswith("<b>"), message.key


def _readable(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for message in catalogue:
        for form in message.forms:
            text = re.sub(r"\{\w+\}", "dato", without_tags(form)).replace("\n", ". ")
            sentences = len(re.findall(r"[.!?…](?:\s|$)", text))
            if sentences >= 3 or len(text.split()) >= 25:
                yield message.key, text


def test_words_are_plain(catalogue: Catalogue) -> None:
    """INFLESZ (Szigriszt-Pazos): 55 is an ordinary newspaper, 65 is easy to read."""
    textstat.set_lang("es")
    scores = {key: textstat.szigriszt_pazos(text) for key, text in _readable(catalogue)}
    assert {key: score for key, score in scores.items() if score < 55} == {}
    assert sum(scores.values()) / len(scores) >= 65
