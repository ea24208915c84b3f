"""What Faro never does: the twelve lines, held against every screen that a family can come to.

What a locked phone shows of a new message (the seventh line) is in test_a_locked_phone.py.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

from bot.app import MENU
from helpdesk.guidance import ON_THE_MOVE, RED
from sandbox import Sandbox
from store import Keys
from tests.helpdesk.talk import Talk
from tests.promises import screens
from tests.promises.screens import Shown, context, every_screen, kinds, look, results

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("screens")]

STATE_WARNING = "es un órgano del Estado: sus datos quedan allí; usted decide"
OUTCOMES = {
    "likely_covered": "parece entrar",
    "needs_facts": "no está claro: falta un dato",
    "needs_judge": "no está claro: lo decide el juez",
    "readings_differ": "no está claro: el texto y la práctica no coinciden",
    "not_covered": "parece quedar fuera",
    "likely_excluded": "parece quedar fuera",
}
SCREENS = (
    *("ask.", "why_ask.", "route.", "card.", "page.", "command.", "notice.unreadable."),
    *("notice.date.", "step.", "outcome."),
)
SAYS_AN_OUTCOME = (
    *("outcome.", "rule.", "reading.", "note."),
    *("result.", "figure.rejected", "change."),
)


def plain(key: str) -> str:
    return context().catalogue.plain(key)


def all_words(one: Shown) -> str:
    return "\n".join((one.text, *one.labels))


def parts(one: Shown) -> list[tuple[str, str]]:
    words = context().catalogue.plain
    return [(part.key, words(part.key, part.params, part.count)) for part in one.layout.parts]


def told(one: Shown, fact: str) -> object:
    return one.state.answers.get(fact)


def test_every_question_and_every_outcome_is_among_the_screens() -> None:
    """What follows is worth as much as what it is held against."""
    keys = {key for one in every_screen() for key in one.keys}
    assert {one.outcome for one in results()} == set(OUTCOMES)
    ours = {message.key for message in context().catalogue if message.key.startswith(SCREENS)}
    menu = {f"command.{name}" for name in MENU}
    no_screens = {key for key in ours if ".option." in key} | menu | {"command.erased"}
    assert ours - no_screens - keys == set()


# 1. Ask what happened.

NOT_OF_THE_PERSON = (
    r"Ya pidieron la amnistía para su familiar",
    r"Cómo está hoy su familiar",
    r"Y la fecha",
    r"Es ésa la fecha de los hechos",
    r"Fue por esto: .+",
    r"Está bien",
    r"Qué respuesta quiere cambiar",
    r"Quiere borrar todo",
    r"Quiere seguir donde iba, o prefiere empezar de nuevo desde la primera pregunta",
    r"Quiere verla de nuevo, o prefiere empezar otra",
    r"Me lo escribe, o lo contesta con los botones",
    r"De qué estado quiere avisos",
)
"""Questions about her own side, or about a petition, a date or an event; none has the detained
person as the subject of an act."""


def test_1_it_asks_what_the_papers_say_and_never_what_happened() -> None:
    questions = {
        asked.replace("\n", " ")
        for one in every_screen()
        for asked in re.findall(r"¿([^?]*)\?", one.text)
    }
    assert sum(asked.startswith("En los papeles dice") for asked in questions) >= 9
    for asked in questions:
        if not asked.startswith("En los papeles dice"):
            assert any(re.fullmatch(each, asked) for each in NOT_OF_THE_PERSON), asked


def test_1_an_act_stands_only_on_a_button_under_the_papers() -> None:
    for one in every_screen():
        if any(re.search(r"\b(?:mató|causó|hizo|participó|atacó)\b", each) for each in one.labels):
            assert "¿En los papeles dice" in one.text


# 2. Coach.


def test_2_no_outcome_is_seen_before_the_result() -> None:
    before = [one for one in every_screen() if not one.result]
    assert len(before) > 200
    for one in before:
        assert not any(phrase in all_words(one).lower() for phrase in OUTCOMES.values()), one.text
        for key in one.keys:
            # A card before any determination says steps; it says them in the result's short lines.
            assert not key.startswith(SAYS_AN_OUTCOME) or key.startswith("result.lines"), key


def test_2_what_would_change_it_names_papers_only() -> None:
    pages = [one for one in every_screen() if one.state.view == "change_it" and one.result]
    assert len(pages) > 10
    never = {"change.death_charged", "change.gravest_injury_charged"}
    never |= {"change.foreign_armed_action_charged"}
    lever = r"muert|mat[óa]|homicidi|herid|lesion|extranjer|arma|drog|corrupci|\bentra"
    for one in pages:
        assert not never & set(one.keys)
        assert not re.search(lever, one.text.lower()), one.text
        for key, words in parts(one):
            if key.startswith("change."):
                assert words.startswith("Un papel "), words


def test_2_no_screen_says_what_to_say() -> None:
    coaching = (
        r"\bsi (?:usted )?(?:dijera|dice|contesta|contestara|respondiera|marca|marcara|pone)\b"
        r"[^.]*\b(?:entra|entraría|quedaría|queda)\b|\ble conviene\b|"
        r"\b(?:diga|conteste|marque|ponga) que (?:no|sí)\b"
    )
    for one in every_screen():
        assert not re.search(coaching, all_words(one), re.IGNORECASE), one.text


# 3. Promise.

TIME = r"\b\S+ (?:segundos|minutos|horas|días|semanas|meses|años)\b"
TIMES = {
    "15 días": "what the law gives the court",
    "5 días": "to appeal, hedged",
    "96 horas": "what an amparo may take",
    "7 días": "kept at most",
    "sin días": "what is counted",
    "10 segundos": "to erase",
    "47 horas": "messages that can be deleted",
    "48 horas": "where an alert went is kept so long after it was sent",
    "180 días": "until she is asked whether she still wants alerts",
    "30 días": "to answer that",
    "18 años": "an age",
    "varios días": "the days of the facts",
    "otros días": "the days of the facts",
    "esos días": "the days of the facts",
    "los días": "the days of an event, and working days",
    "cuántos días": "not established",
    "demasiados años": "a date too old",
}


def test_3_it_promises_nothing() -> None:
    promise = (
        r"\b(?:pronto|garantiz\w*|segur[oa] que|sin duda|saldr[áa]n?|va a salir|lo sueltan|"
        r"quedará libre|tiene derecho a salir|le corresponde|sí entra|está cubiert[oa]|"
        r"no se preocupe|todo va a)\b"
    )
    for one in every_screen():
        words = all_words(one)
        assert not re.search(promise, words, re.IGNORECASE), one.text
        for time in re.findall(TIME, words):
            assert time.lower() in TIMES, time


HEDGED = (
    r"parece entrar|si el caso entra|quién entra|"
    r"puede entrar o quedar fuera: no lo sé|no sé si entra o queda fuera"
)


def test_3_it_never_says_more_than_the_determination() -> None:
    for one in every_screen():
        bare = re.sub(HEDGED, "", all_words(one).lower())
        assert not re.search(r"\bentra(?:n|r|rá|ría)?\b", bare), one.text
        said = {phrase for phrase in OUTCOMES.values() if phrase in all_words(one).lower()}
        assert said <= {OUTCOMES[one.outcome]}, (said, one.outcome)
    for one in results():
        assert f"outcome.{one.outcome}" in one.keys
        assert "ecide el juez" in one.text
        assert ("result.why.likely_covered" in one.keys) is (one.outcome == "likely_covered")
        if one.outcome == "likely_covered":
            assert "Esto no es una decisión." in one.text
            assert "puede decir que no" in one.text or "Ya dijeron que no" in one.text
            assert "unas 24 (dato de la Asamblea, marzo de 2026)" in one.text


# 4. Advise travel or surrender.


def test_4_it_never_advises_to_travel_or_to_surrender() -> None:
    advice = (
        r"\b(?:preséntese|entréguese|que se (?:presente|entregue)|póngase a derecho|"
        r"puede (?:volver|regresar|viajar|entrar al país)|(?:vuelva|regrese|viaje) (?:al|a) \w+|"
        r"no (?:lo|la) (?:pueden|podrán|van a) (?:detener|arrestar)|no corre (?:ningún )?riesgo)\b"
    )
    for one in every_screen():
        assert not re.search(advice, all_words(one), re.IGNORECASE), one.text


def first_step(one: Shown) -> str | None:
    """The first thing that a screen says to do; None on a screen without steps."""
    if one.keys[0].startswith("step.") and one.state.view == "steps" and not one.state.page:
        return parts(one)[0][1].split(".")[0]
    found = re.search(r"^1\. ([^.]*)\.", one.text, re.MULTILINE)
    return found.group(1) if found else None


BEFORE_MOVING = "Antes de moverse, hable con un abogado"


@pytest.mark.parametrize("situation", sorted(ON_THE_MOVE))
def test_4_who_is_away_or_wanted_hears_of_a_lawyer_first(situation: str) -> None:
    there = [one for one in every_screen() if told(one, "situation") == situation]
    first = [step for one in there if one.keys[0] != "card.paper" and (step := first_step(one))]
    assert len(first) > 20
    assert set(first) == {BEFORE_MOVING}


@pytest.mark.parametrize("situation", sorted(ON_THE_MOVE))
def test_4_also_who_has_the_paper_that_closes_the_case(situation: str) -> None:
    """She said where he is, and changed "¿Ya la pidieron?" afterwards."""
    cards = [one for one in every_screen() if one.keys[0] == "card.paper"]
    first = [first_step(one) for one in cards if told(one, "situation") == situation]
    assert first
    assert set(first) == {BEFORE_MOVING}


def test_4_only_who_is_out_with_conditions_is_told_to_keep_going_to_court() -> None:
    kept = [
        one
        for one in every_screen()
        if "step.keep_presentations" in one.keys and not one.state.view.startswith("topic_")
    ]
    assert kept
    assert {told(one, "situation") for one in kept} == {"released_with_measures"}


# 5. Send people to the State unawares.

ONLY_REPORTED = {"step.still_in_force", "step.who_may_file"}
"""Where the commission or a form stands as news, and nobody is sent there."""


def test_5_the_commission_and_any_census_come_with_the_warning() -> None:
    met = set()
    for one in every_screen():
        for key, words in parts(one):
            if re.search(r"comisión de la Asamblea|\bcensos?\b|\bplanillas?\b|la comisión", words):
                met.add(key)
                assert STATE_WARNING in words or key in ONLY_REPORTED, words
        if "button.commission" in {choice.key for row in one.layout.rows for choice in row}:
            assert plain("page.commission_warning").split("\n")[0].count(STATE_WARNING) == 1
    assert {"step.commission", "page.commission_warning", "step.silence_after_15"} <= met


# 6. Say a bare no.


def test_6_red_is_never_a_bare_no() -> None:
    red = [one for one in results() if one.outcome in RED]
    assert len(red) > 40
    for one in red:
        for way in ("comisión de la Asamblea", "se puede apelar", "medidas por salud", "defensor"):
            assert way in one.text, one.text
        assert "decide el juez" in one.text
        assert STATE_WARNING in one.text
        assert {"Otros caminos", "Si no está de acuerdo"} <= set(one.labels)


def test_6_the_other_ways_are_there_behind_every_red_result() -> None:
    pages = [one for one in every_screen() if one.state.view == "routes" and one.result]
    for petition in screens.PETITIONS:
        keys = {
            key
            for one in pages
            if told(one, "petition") in (petition, {"unknown": petition})
            for key in one.keys
        }
        assert {"step.commission", "step.health_route"} <= keys
        assert any(key.startswith("step.defender_") for key in keys)
        assert ("step.appeal_now" in keys) is (petition == "denied")


# 8. Look like a scam.

SCAM_LINES = (
    "Es gratis. Nunca le pediremos nombre, cédula, dinero ni código. "
    "Nunca le escribimos primero por otra cuenta."
)


def test_8_the_first_screen_of_a_conversation_says_what_it_never_asks() -> None:
    begin = screens.talk()
    again = begin.copy().slash("cancelar").slash("start")
    for first in (begin, begin.copy().slash("start"), again):
        assert SCAM_LINES in first.text
    begun_again = [
        one
        for one in every_screen()
        if one.keys[-1] == "ask.petition" and not one.state.asked and not one.state.notice
    ]
    assert begun_again
    assert all(SCAM_LINES in one.text for one in begun_again)


# 9. Hide a draft.


def test_9_every_result_says_that_it_is_a_draft() -> None:
    for one in results():
        assert look().determine(one.state.answers).status == "draft"
        assert "borrador, sin firma de abogado" in one.text
        assert re.search(r"Ley del \d+ de \w+ de \d{4}", one.text)
        assert "octubre de 2026" in one.text


async def test_9_the_doctor_is_red_while_it_is_a_draft(tmp_path: Path) -> None:
    key = tmp_path / "keys" / "faro.key"
    key.parent.mkdir()
    Keys.generate(key)
    async with Sandbox() as box:
        doctor = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "doctor"),
            env={
                "FARO_BOT_TOKEN": box.token,
                "FARO_API_URL": box.url,
                "FARO_KEY_FILE": str(key),
                "FARO_DATABASE_URL": f"sqlite:///{tmp_path}/data/faro.db",
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        words, _ = await asyncio.wait_for(doctor.communicate(), 60)
    assert doctor.returncode == 1
    assert b"until a lawyer has signed both hashes" in words


# 10. Echo a slur.

SLURS = {
    "lo acusan de guarimbero y terrorista": r"guarimb|terrorista",
    "es un golpista, un traidor": r"golpist|traidor",
    "dicen que es narcoterrorista apátrida": r"narco|terrorista|apátrida",
    "ese delincuente del hampa": r"delincuente|hampa",
    "los chavistas escuálidos": r"chavist|escuálid|escualid",
    "por fascista, incitar al odio y la guarimba": r"fascist|guarimb",
}

KINDLY = ("notice.not_understood", "notice.charge_not_found", "notice.date.")


@pytest.mark.parametrize("typed", SLURS)
def test_10_a_slur_is_never_said_again_wherever_it_is_typed(typed: str) -> None:
    for one in kinds():
        here = Talk(context(), look(), one.state).type(typed)
        words = "\n".join((here.text, *here.labels)).lower()
        assert not re.search(SLURS[typed], words), words
        state = here.state
        understood = state.draft.picks or state.draft.asks or state.view.startswith("route_")
        assert understood or state.notice.startswith(KINDLY), (one.keys, state.notice)


def test_10_what_a_slur_means_is_understood() -> None:
    here = screens.talk()
    while here.asked != "charges":
        screens.step(here, screens.STORIES["july 2024"], "denied", "detained")
    here.type("lo acusan de terrorista")
    assert here.state.draft.picks == ("terrorismo",)


# 11. Turn silence into consent.


def test_11_silence_is_never_a_yes() -> None:
    granted = r"\b(?:concedid|otorgad|aprobad|aceptad)[oa]s?\b"
    for one in every_screen():
        for sentence in re.split(r"(?<=[.!?])\s", all_words(one)):
            if re.search(granted, sentence):
                assert "no queda concedida" in sentence, sentence
            if re.search(r"silencio", sentence, re.IGNORECASE):
                pytest.fail(sentence)
        if "step.fifteen_days" in one.keys:
            assert "Si no responde, la solicitud no queda concedida sola." in one.text
        if "step.silence_after_15" in one.keys:
            assert "Que no respondan no es un «sí»." in one.text


def test_11_after_a_denial_the_short_term_is_said_at_once() -> None:
    denied = [one for one in results() if told(one, "petition") == "denied"]
    assert len(denied) > 20
    for one in denied:
        assert "pueden ser sólo 5 días hábiles: confírmelo hoy" in one.text, one.text


# 12. Show an unverified phone or e-mail.

ADDRESSES = re.compile(
    r"@|https?:|\bwww\.|\bt\.me\b|\.(?:com|org|net|gob|ve|info)\b|"
    r"\b0?4\d\d[-. ]?\d{3}|\+\d|\b0800|\d(?:[-. ]?\d){6,}"
)
FIGURES = re.compile(r"de 6\.487 solicitudes, 6\.336|\b\d{1,2}/\d{1,2}/\d{2,4}|\d{4}–\d{4}", re.I)


def test_12_no_phone_no_mail_and_no_link_stands_anywhere() -> None:
    for one in every_screen():
        found = ADDRESSES.search(FIGURES.sub("", all_words(one)))
        assert not found, (found, one.text)


def test_12_who_can_help_is_named_with_the_month_and_without_a_contact() -> None:
    helping = [one for one in every_screen() if "Provea" in one.text]
    assert helping
    for one in helping:
        assert "según lo publicado en julio de 2025" in one.text.lower()
        assert "No tenemos un contacto comprobado" in one.text


def test_red_when_the_search_cannot_see() -> None:
    """Negative control: the expression finds what it is meant to find."""
    for address in ("0412-5551234", "ayuda@faro.org", "t.me/faro", "+58 212 555 12 34", "0800FARO"):
        assert ADDRESSES.search(address)
