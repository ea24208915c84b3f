"""Every screen on which a family asks for a person, waits for one or talks to one.

Each has a way on and a way home, fits a small phone, and opens with nothing that a stranger
should read. Without a desk none of them is ever seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from helpdesk import case_screens, conversation, placement, presses
from helpdesk.desk.case import Case, Category, Reason, Status, Urgency
from helpdesk.desk.family import NO_DESK, View
from helpdesk.layout import Choice, Layout
from helpdesk.messages import Screen, Unreadable
from helpdesk.screens import layout
from helpdesk.state import State
from locales import lexicon
from tests.helpdesk.talk import Talk
from tests.promises import screens

pytestmark = pytest.mark.xdist_group("case screens")

SCREEN_LIMIT = 900
LABEL_LIMIT = 34
WAITING = Case(
    code="K7M4P2", category=Category.PAPERS, urgency=Urgency.NOW, opened_at=1_795_000_000
)
CLAIMED = WAITING.but(status=Status.CLAIMED, owner="V-07")
AGAIN = WAITING.but(held_by=("V-07",))
CONTACT = "la señora de la bodega, 555 <b>"
VIEWS = {
    "somebody there": View(True, True, True, None),
    "nobody there": View(True, True, False, None),
    "after a case": View(True, True, True, None, reportable=True),
    "nobody can be reached": View(True, False, False, None),
    "after a case, nobody coordinates": View(
        True, True, True, None, reportable=True, led=False, report_is_read=False
    ),
    "waiting": View(True, True, False, WAITING),
    "waiting again": View(True, True, False, AGAIN, reportable=True),
    "waiting, not urgent": View(True, True, True, WAITING.but(urgency=Urgency.CAN_WAIT)),
    "waiting, unreachable": View(True, False, False, WAITING),
    "waiting, reported": View(True, True, True, WAITING.but(contact=CONTACT)),
    "claimed": View(True, True, True, CLAIMED),
    "claimed, unreachable": View(True, False, False, CLAIMED),
    "claimed, nobody coordinates": View(
        True, True, True, CLAIMED, reportable=True, led=False, report_is_read=False
    ),
    "claimed, muted": View(True, True, True, CLAIMED.but(muted_until=1_795_003_600)),
    "claimed, with a contact": View(True, True, True, CLAIMED.but(contact=CONTACT)),
}
FOLLOWED = {
    *("open", "close", "case", "questions", "ask_person", "end_case", "report"),
    *("leave_contact", "take_back", "language"),
}
"""Verbs of the buttons that these walks press: the interview has its own walker."""
NOTICES = (
    *("case.noted", "case.passed", "case.passed_money", "case.muted", "case.too_much"),
    "case.ended",
    *("case.contact_left", "case.contact_taken_back", "case.contact_too_long", "case.write_there"),
    *(f"case.not_passed.{one}" for one in Unreadable if one not in ("voice", "photo")),
    "case.not_passed.account",
    *("notice.something_failed", "notice.law_changed"),
)
ARRIVE = (
    *("case.reply", "case.reply_more", "case.correction", "case.retired", "case.media"),
    *("case.media_text", "case.claimed", "case.handed", "case.reopened", "case.reopened_by"),
    *("case.lost", "case.closed.unanswered"),
    *(f"case.closed.{reason}" for reason in Reason),
)
SCAM_LINE = "Es gratis. Nunca le pediremos nombre, cédula, dinero ni código."


@dataclass(frozen=True)
class Seen:
    """A screen on a phone: what it follows from, and how it reads."""

    desk: str
    state: State
    layout: Layout
    text: str
    labels: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.layout.parts[0].key


_met: dict[tuple[str, str], Seen] = {}


def seen(name: str, state: State) -> Seen:
    """Return the screen of a state with one view of the desk; each is worked out once."""
    key = (name, state.model_dump_json())
    if key not in _met:
        _met[key] = _see(name, state)
    return _met[key]


def _see(name: str, state: State) -> Seen:
    words = screens.context().catalogue.plain
    shown = layout(screens.look(), state, screens.context().catalogue, VIEWS.get(name, NO_DESK))
    text = "\n\n".join(words(part.key, part.params, part.count) for part in shown.parts)
    labels = (words(one.key, one.params) for row in shown.rows for one in row)
    return Seen(name, state, shown, text, tuple(labels))


@cache
def beginnings() -> tuple[State, ...]:
    """Nothing said, in the middle, at both cards, and at results of every light."""
    start = conversation.begin(screens.look().law)
    found = [start]
    for petition, situation, charges in (
        ("not_filed", "detained", "terrorismo"),
        ("denied", "released_with_measures", "homicidio intencional"),
        ("granted_with_paper", "", ""),
        ("not_filed", "whereabouts_unknown", ""),
    ):
        talk = Talk(screens.context(), screens.look(), start)
        talk.act(f"set:{petition}")
        found.append(talk.state)
        if not situation:
            continue
        talk.act(f"set:{situation}")
        found.append(talk.state)
        if not charges:
            continue
        talk.type("29 de julio de 2024").act("date:with_event").act("set:civilian")
        talk.type(charges).act("charges:done")
        while not talk.done:
            talk.act("group:none" if talk.asked == "group" else "set:does_not_know")
        found.append(talk.state)
    return tuple(found)


@cache
def walked(name: str) -> tuple[Seen, ...]:
    """Every screen that buttons lead to with one view of the desk, from every beginning."""
    found: dict[str, Seen] = {}
    left = [one.but(aside=aside) for one in beginnings() for aside in (False, True)]
    left += [left[0].but(view=f"route_{route}") for route in ("money", "whereabouts", "distress")]
    left += [left[0].but(view=view) for view in ("help", "privacy", "about", "language")]
    left += [left[0].but(view="contact_write", contact=CONTACT), left[0].but(view="cancelled")]
    while left:
        state = left.pop()
        key = json.dumps(state.but(intents=()).write(), sort_keys=True)
        if key in found:
            continue
        found[key] = seen(name, state)
        for action in found[key].layout.actions:
            if action.split(":")[0] in FOLLOWED:
                left.append(presses.press(screens.look(), state, action))
    return tuple(found.values())


def everything() -> Iterator[Seen]:
    for name in VIEWS:
        yield from walked(name)


def ours(one: Choice) -> bool:
    return one.key.startswith(("button.case", "button.co", "button.my", "button.person", "case."))


def test_the_walk_sees_every_screen_and_button_of_ours() -> None:
    """What follows is worth as much as what it is held against."""
    keys = {part.key for one in everything() for part in one.layout.parts}
    keys |= {choice.key for one in everything() for row in one.layout.rows for choice in row}
    told = {
        value for one in everything() for part in one.layout.parts for value in part.params.values()
    }
    family = {one for one in screens.context().catalogue.keys if one.startswith("case.")}
    said = {one for one in family if one.startswith("case.duty.") and f"@{one}" in told}
    beside = {"case.noted_too", "case.passed_too", "case.urgent_too"}
    assert family - keys - said - {*NOTICES, *ARRIVE, *beside} == set()


def test_every_screen_has_a_way_on_and_fits_a_small_phone() -> None:
    for one in everything():
        actions = one.layout.actions
        assert actions, one.text
        assert len(set(actions)) == len(actions), actions
        assert len(one.text) <= SCREEN_LIMIT, (len(one.text), one.key, one.desk)
        for row in one.layout.rows:
            for choice in row:
                words = screens.context().catalogue.plain(choice.key, choice.params)
                assert len(words) <= LABEL_LIMIT or not ours(choice), words


def test_every_screen_leads_home() -> None:
    """By the button that leads back: to a question, to a card, to the result or to her case."""
    for one in everything():
        state = one.state
        for _ in range(4):
            shown = seen(one.desk, state).layout
            if shown == seen(one.desk, state.but(view="", contact="")).layout:
                break
            back = ("close", "questions", "restart", "open:person", "open:route")
            ways = [each for way in back for each in shown.actions if each.startswith(way)]
            state = presses.press(screens.look(), state, ways[0])
        else:
            pytest.fail(one.text)


def test_what_opens_quietly_is_quiet() -> None:
    quiet = [one for one in everything() if one.layout.quiet]
    assert len({one.key for one in quiet} & case_screens.QUIET) >= 8
    for one in quiet:
        assert len(one.text) >= lexicon.OPENING
        assert not lexicon.opening_faults(one.text, one.key), one.text


def test_a_new_message_of_any_of_them_says_nothing_to_a_stranger() -> None:
    """After a crash, or when the message to edit has gone."""
    words = screens.context().catalogue.plain
    for one in everything():
        parts = placement.as_new(Screen(one.layout.parts)).parts
        text = "\n\n".join(words(part.key, part.params, part.count) for part in parts)
        assert len(text) >= lexicon.OPENING
        assert not lexicon.opening_faults(text, one.key), text


def test_no_hour_is_promised() -> None:
    for key in screens.context().catalogue.keys:
        if key.startswith("case.") and not key.startswith("case.privacy"):
            (text,) = screens.context().catalogue._find(key).forms
            assert not re.search(r"\b(?:minutos?|horas|mañana|hoy mismo|enseguida le)\b", text), key


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("name", ["waiting", "claimed", "claimed, unreachable"])
def test_what_is_said_of_her_last_message_leaves_her_where_she_was(name: str, notice: str) -> None:
    for aside in (False, True):
        for begun in beginnings():
            state = begun.but(aside=aside)
            one = seen(name, state.but(notice=notice))
            assert one.layout.actions
            assert notice in [part.key for part in one.layout.parts]
            assert len(one.text) <= SCREEN_LIMIT
            if one.layout.quiet:
                assert not lexicon.opening_faults(one.text, notice)
            if not aside:
                assert one.layout.rows == seen(name, state).layout.rows
                assert one.layout.silent


@pytest.mark.parametrize("key", ARRIVE)
def test_what_arrives_by_itself_hides_what_it_is_about(key: str) -> None:
    """Before the words of a person, who may name anything, stand 120 characters of ours."""
    catalogue = screens.context().catalogue
    params = {"who": "V-1", "code": "K7M-4P2", "text": "text:¿Sigue preso en el penal?"}
    text = catalogue.plain(key, {name: params[name] for name in catalogue.placeholders(key)})
    opening = text[: lexicon.OPENING]
    assert len(text) >= lexicon.OPENING
    assert not lexicon.opening_faults(text, key)
    assert "preso" not in opening
    assert "\n" not in opening


@pytest.mark.parametrize(
    "key", [key for key in ARRIVE if key.startswith(("case.re", "case.co", "case.me", "case.cla"))]
)
def test_what_a_person_sends_never_looks_like_a_scam(key: str) -> None:
    """Design 9.8."""
    text = screens.context().catalogue.plain(
        key,
        {
            name: {"who": "V-07", "code": "K7M-4P2", "text": "text:…"}[name]
            for name in screens.context().catalogue.placeholders(key)
        },
    )
    assert text.endswith(SCAM_LINE)


def test_without_a_desk_nothing_of_it_appears() -> None:
    for begun in beginnings():
        for view in (
            "",
            "help",
            "privacy",
            "privacy_more",
            "about",
            "who_helps",
            "route_person",
            "route_distress",
            "route_money",
            "person",
            "person:other:now",
            "case_end",
            "report",
            "contact",
            "contact_write",
            "sees:other:now",
            "privacy_person",
        ):
            one = seen("", begun.but(view=view, aside=True, contact=CONTACT))
            keys = [part.key for part in one.layout.parts]
            keys += [choice.key for row in one.layout.rows for choice in row]
            assert not [key for key in keys if key.startswith(("case.", "button.case"))]
            assert not {"button.person", "button.my_case", "button.privacy_person"} & {*keys}
            assert "Hablar con una persona" not in one.labels
