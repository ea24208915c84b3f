"""A random walker answers every interview in every way, and never finds a wall.

No dead end, at most 14 questions, never a question that matters neither to the outcome nor to the
next steps; every screen is rendered within the limits of the design; nothing shown says what a
stranger should not read where a new message opens.

The gate goes 720 ways from the first question to the end, and a soak 1,680 more. A walk goes where
it has gone least: the gate's meet as many keys of the words as three times as many by chance.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from helpdesk import charge_answers, guidance, interview
from helpdesk.interview import Assessor
from helpdesk.layout import Choice
from helpdesk.questions import GROUP_FACTS, OPENS_CHARGES, QUESTIONS
from helpdesk.state import State
from locales import lexicon
from tests.helpdesk.talk import Talk

STRAIGHT = 60
WANDERING = 500
MOST_QUESTIONS = 14
QUESTION_LIMIT = 400
SCREEN_LIMIT = 900

TYPED = (
    "29 de julio de 2024",
    "2014",
    "29 de julio",
    "julio",
    "2017",
    "noviembre de 2025",
    "6/8/2017",
    "30 de abril de 2019",
    "3 de mayo de 2018",
    "marzo 2026",
    "entre 2016 y 2018",
    "a finales de julio del 2024",
    "2004",
    "31/2/2024",
    "terrorismo e incitación al odio",
    "homicidio",
    "tráfico",
    "rebelión",
    "rebelion militar",
    "peculado",
    "corrupción",
    "instigacion a la rebelion",
    "asociacion",
    "hola",
    "no sé",
    "me piden plata",
    "no sé dónde lo tienen",
    "no aguanto más",
    "x" * 5000,
)
SIDEWAYS = ("back", "keep", "reopen", "open", "close", "page", "refine", "restart", "erase")


def seeds(quick: int, gate: int, soak: int) -> list[object]:
    """The first few are quick enough for every change, the next run in the gate, all in a soak."""
    slow = [pytest.mark.slow]
    return [
        *range(quick),
        *(pytest.param(seed, marks=slow) for seed in range(quick, gate)),
        *(pytest.param(seed, marks=[*slow, pytest.mark.soak]) for seed in range(gate, soak)),
    ]


class Watch:
    """Holds every screen of a walk against the promises."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.seen: set[State] | set[str] = set()

    def look(self) -> None:
        talk = self.talk
        layout = talk.layout
        assert layout.actions, f"a dead end: {layout.parts}"
        assert len(set(layout.actions)) == len(layout.actions), layout.actions
        text = talk.text
        own = [part for part in layout.parts if part.key.startswith("ask.")]
        for part in own:
            assert len(talk.context.catalogue.plain(part.key, part.params)) <= QUESTION_LIMIT
        assert len(text) <= SCREEN_LIMIT, (len(text), [part.key for part in layout.parts])
        for label in talk.labels:
            assert 1 <= len(label) <= 64, label
        if layout.quiet:
            assert not lexicon.opening_faults(text, layout.parts[0].key), text[:120]
            assert len(text) >= 120

    def matters(self) -> None:
        """A question is shown only if an answer to it could change the outcome or the steps."""
        talk = self.talk
        asked = talk.asked
        if asked is None or talk.state.reopened or asked in ("petition", "situation"):
            return
        assert could_change(talk.look, talk.state, asked), (asked, talk.state.answers)


def could_change(look: Assessor, state: State, asked: str) -> bool:
    if asked in ("phase", "minor"):
        return len({steps(look, one) for one in told(look, state, asked)}) > 1
    missing = {one.fact for one in look.determine(state.answers).missing}
    if missing & set(QUESTIONS[asked].facts):
        return True
    return len({steps(look, one) for one in told(look, state, asked)}) > 1


def told(look: Assessor, state: State, asked: str) -> Iterator[State]:
    yield state
    for value in QUESTIONS[asked].values:
        yield interview.choose(look, state, asked, value)


def steps(look: Assessor, state: State) -> tuple[str, ...]:
    return guidance.steps(look.position(state))


def forward(choices: list[Choice]) -> list[Choice]:
    """Leave out the buttons that lead aside or back."""
    return [one for one in choices if one.action.split(":")[0] not in SIDEWAYS]


@pytest.mark.parametrize("seed", seeds(quick=3, gate=12, soak=40))
def test_every_straight_walk_comes_to_its_end(talk: Talk, seed: int) -> None:
    dice = random.Random(seed)
    begin = talk.state
    tried: Counter[tuple[str, str]] = Counter()
    for _ in range(STRAIGHT):
        talk.state, talk.taps = begin, 0
        watch = Watch(talk)
        asked: list[str] = []
        for _ in range(80):
            watch.look()
            if talk.done:
                break
            here = talk.asked
            if here is not None and (not asked or asked[-1] != here):
                asked.append(here)
                watch.matters()
            typing = here in ("date", "charges") and dice.random() < 0.5
            if typing:
                talk.type(rarest(dice, tried, str(here), TYPED))
                if talk.state.view:
                    talk.act("close")
                continue
            choices = forward(talk.choices) or talk.choices
            talk.act(rarest(dice, tried, talk.layout.name, [one.action for one in choices]))
        assert talk.done, f"no end: {asked}"
        assert len(asked) <= MOST_QUESTIONS, asked
        end(talk, dice)


def rarest(
    dice: random.Random, tried: Counter[tuple[str, str]], here: str, ways: Sequence[str]
) -> str:
    """Choose among the ways least often gone from here: fewer walks then see as many screens."""
    least = min(tried[here, way] for way in ways)
    way = dice.choice([one for one in ways if tried[here, one] == least])
    tried[here, way] += 1
    return way


def end(talk: Talk, dice: random.Random) -> None:
    """Look behind every button of the result, then ask for finer steps."""
    watch = Watch(talk)
    questions = len(talk.state.asked)
    result = talk.state
    for action in talk.layout.actions:
        talk.state = result
        if action == "erase":
            continue
        talk.act(action)
        watch.look()
        while any(one.startswith("page:") for one in talk.layout.actions):
            further = f"page:{talk.state.page + 1}"
            if further not in talk.layout.actions:
                break
            talk.act(further)
            watch.look()
    talk.state = result
    talk.act("open:steps")
    if "refine" in talk.layout.actions:
        talk.act("refine")
        while talk.asked in ("phase", "minor"):
            questions += 1
            watch.look()
            watch.matters()
            talk.act(dice.choice(forward(talk.choices)).action)
    assert questions <= MOST_QUESTIONS
    assert talk.outcome == str(talk.look.determine(result.answers).outcome)


@pytest.mark.parametrize("seed", seeds(quick=3, gate=20, soak=40))
def test_a_wandering_walk_never_finds_a_wall(talk: Talk, seed: int) -> None:
    """Back, change, why, pages, commands and stray words, at any moment and in any order."""
    dice = random.Random(1000 + seed)
    watch = Watch(talk)
    for _ in range(WANDERING):
        watch.look()
        chance = dice.random()
        if chance < 0.12:
            talk.type(dice.choice(TYPED))
        elif chance < 0.15:
            names = ("start", "ayuda", "avisos", "privacidad", "acerca", "otra", "cancelar")
            talk.slash(dice.choice(names))
        else:
            choices = [one for one in talk.choices if one.action != "erase"]
            talk.act(dice.choice(choices).action)
        assert State.read(talk.state.write()) == talk.state
    # From wherever it stands, answering straight on comes to the end.
    for _ in range(200):
        if talk.done and not talk.state.view:
            break
        ways = [one for one in talk.layout.actions if one in ("close", "restart")]
        talk.act(ways[0] if ways else dice.choice(forward(talk.choices)).action)
    assert talk.done


def test_the_group_never_leaves_a_fact_open(talk: Talk) -> None:
    assert set(GROUP_FACTS) | set(OPENS_CHARGES) == set(charge_answers.marks_to_offer(talk.state))
