"""What the team withdraws no family reads any more: from the next command on, in both languages.

No outcome is said that a withdrawn rule has a hand in; a withdrawn text leaves a line that says so,
never a hole, a screen that is too long, or a family without first aid.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from helpdesk.editorial import things
from helpdesk.editorial.editorial import Editorial
from helpdesk.editorial.published import Published
from helpdesk.layout import Layout
from helpdesk.screens import layout
from helpdesk.state import State
from locales import lexicon
from store import Keys, open_database
from tests.helpdesk.editorial.newsroom import ANA, BEA, Newsroom
from tests.helpdesk.volunteers import spoken
from tests.promises import screens
from tests.promises.screens import Shown, kinds, results

LONGEST = 900
OUTCOMES = {
    "es": ("parece entrar", "parece quedar fuera", "no está claro", "falta un dato"),
    "en": ("seems to be covered", "seems to be left out", "is not clear", "a fact is missing"),
}
FIRST_AID = {"es": ("defensor", "abogado"), "en": ("defender", "lawyer")}
PAGES = ("", "reasons", "change_it", "routes", "disagree", "steps")
ON_A_SCREEN = [pytest.mark.slow, pytest.mark.xdist_group("screens")]


def shown(state: State, withdrawn: frozenset[str], language: str = "es") -> Layout:
    """The screen of a state while something is withdrawn."""
    told = Editorial(withdrawn).told_in(language)
    look = screens.look().under(told)
    made = layout(look, state.but(language=language), spoken()[language])
    return replace(made, parts=told.edit(made.parts))


def text(made: Layout, language: str = "es") -> str:
    plain = spoken()[language].plain
    return "\n\n".join(plain(one.key, one.params, one.count) for one in made.parts)


@cache
def determined() -> tuple[Shown, ...]:
    """One result for each set of answers."""
    return tuple({repr(one.state.answers): one for one in results()}.values())


def weighing(one: Shown) -> Iterator[str]:
    """The rules that have a hand in an answer, by the determination itself."""
    law, answers = screens.look().law, one.state.answers
    for ground in screens.look().determine(answers).grounds:
        own = law.rules[ground.rule].event
        if ground.decisive or ground.truth != "no" or (own and own == answers.get("event")):
            yield ground.rule


class TestRules:
    """Of a rule that is withdrawn."""

    pytestmark = ON_A_SCREEN

    def test_no_outcome_is_said_that_it_has_a_hand_in(self) -> None:
        met: set[str] = set()
        for one in determined():
            for rule in weighing(one):
                view = PAGES[len(met) % len(PAGES)]
                self.silent(one.state.but(view=view), frozenset({f"rule:{rule}"}), "es")
                met.add(rule)
        assert met == set(screens.look().law.rules), "every rule was tried"

    @pytest.mark.parametrize("language", ["es", "en"])
    def test_on_no_page_in_neither_language(self, language: str) -> None:
        every = frozenset({things.EVERY_RULE})
        for one in {one.outcome: one for one in determined()}.values():
            for view in PAGES:
                self.silent(one.state.but(view=view), every, language)

    def silent(self, state: State, withdrawn: frozenset[str], language: str) -> None:
        made = shown(state, withdrawn, language)
        words = text(made, language)
        keys = {part.key for part in made.parts}
        assert not any(said in words.lower() for said in OUTCOMES[language]), words
        assert not any(
            key.startswith(("outcome.", "rule.", "result.why", "reading.")) for key in keys
        )
        assert len(words) <= LONGEST
        if state.view != "steps":
            assert "review.outcome" in keys
        assert any(aid in words.lower() for aid in FIRST_AID[language]), words
        actions = made.actions
        assert not {"open:reasons", "open:change_it", "open:routes", "open:disagree"} & set(actions)

    def test_and_what_it_has_no_hand_in_is_said_as_before(self) -> None:
        untouched: set[str] = set()
        for one in determined():
            for rule in screens.look().law.rules:
                look = screens.look().under(Editorial(frozenset({f"rule:{rule}"})))
                if not look.reviews(one.state.answers):
                    untouched.add(rule)
                    assert rule not in set(weighing(one))
        assert len(untouched) >= len(screens.look().law.rules) - 2

    def test_a_green_answer_survives_what_is_not_about_it(self) -> None:
        green = next(one for one in determined() if one.outcome == "likely_covered")
        others = {f"rule:{rule}" for rule in screens.look().law.rules} - {
            f"rule:{rule}" for rule in weighing(green)
        }
        one = sorted(others)[0]
        assert text(shown(green.state, frozenset({one}))) == green.text


def named(made: Layout) -> set[str]:
    """Every key that a screen says, also within its parameters."""
    found = {part.key for part in made.parts}
    for part in made.parts:
        for value in part.params.values():
            words = str(value).removeprefix("list:").split("|")
            found |= {word[1:] for word in words if word.startswith("@")}
    return found


class TestTexts:
    """Of a text or a figure that is withdrawn."""

    pytestmark = ON_A_SCREEN

    @pytest.mark.parametrize("language", ["es", "en"])
    def test_its_screens_say_so_and_stay_whole(self, language: str) -> None:
        met: set[str] = set()
        for one in kinds():
            for key in sorted(named(one.layout)):
                thing = things.of_key(key)
                if thing is None or thing.startswith("rule:") or thing in met:
                    continue
                met.add(thing)
                self.whole(one, key, thing, language)
        every = things.every(screens.context().catalogue, screens.look().law)
        steps_and_figures = {*every[things.Kind.STEP], *every[things.Kind.FIGURE]}
        assert steps_and_figures <= met, steps_and_figures - met

    def whole(self, one: Shown, key: str, thing: str, language: str) -> None:
        words, withdrawn = spoken()[language], frozenset({thing})
        made = shown(one.state, withdrawn, language)
        said = text(made, language)
        assert said.strip()
        assert made.actions
        assert len(said) <= LONGEST, (thing, len(said))
        for part in made.parts:
            whole = words.plain(part.key, part.params, part.count)
            assert lexicon.faults(whole, part.key, language) == [], whole
        for gone in things.keys(thing, words):
            assert gone not in named(made), thing
            if not words.placeholders(gone) and gone.startswith(("step.", "figure.", "page.")):
                assert words.plain(gone) not in said

    def test_everything_at_once_still_leaves_first_aid(self) -> None:
        every = things.every(screens.context().catalogue, screens.look().law)
        names = frozenset(name for listed in every.values() for name in listed)
        texts = frozenset(name for name in names if not name.startswith("rule:"))
        for one in kinds():
            made = shown(one.state, texts)
            said = text(made)
            assert said.strip()
            assert len(said) <= LONGEST, one.keys
            if one.result and one.state.view in ("", "steps", "routes") and not one.state.notice:
                assert any(aid in said.lower() for aid in FIRST_AID["es"]), said
            if one.outcome in ("not_covered", "likely_excluded") and not one.state.view:
                assert "ecide el juez" in said or not one.result
        for one in determined():
            made = shown(one.state, names)
            assert len(text(made)) <= LONGEST

    def test_what_stands_instead_is_shorter_than_a_page_and_says_nothing_of_the_case(self) -> None:
        for language, words in spoken().items():
            instead = [message for message in words if message.key.startswith("review.")]
            assert instead, language
            for message in instead:
                assert len(message.forms[0]) <= LONGEST


class TestLongFigures:
    """Of a published figure: as long as it may be, the result is still one message."""

    pytestmark = ON_A_SCREEN

    @pytest.mark.parametrize("language", ["es", "en"])
    def test_the_result_stays_one_message(self, language: str) -> None:
        said = "De cada 100, unas 30 (octubre de 2026). " + "x" * 160
        file = Published.model_validate(
            {
                "figures": [
                    {"id": name, "es": said, "en": said, "as_of": "2026-10", "source": "boletín"}
                    for name in ("rejected", "channels")
                ]
            }
        )
        told = Editorial(file=file).told_in(language)
        look = screens.look().under(told)
        for one in determined():
            made = layout(look, one.state.but(language=language), spoken()[language])
            words = text(replace(made, parts=told.edit(made.parts)), language)
            assert len(words) <= LONGEST, len(words)
            assert (said in words) is (one.outcome == "likely_covered")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """The team and a family over a database of their own."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'faro.db'}"
    async with await open_database(url, Keys.ephemeral()) as database:
        made = Newsroom(database)
        await made.open()
        yield made


@pytest.mark.parametrize("language", ["es", "en"])
async def test_it_holds_from_the_very_next_command(room: Newsroom, language: str) -> None:
    """Through the real turn: the transaction after the press that withdraws."""
    phone = room.phone
    await phone.slash("start")
    if language == "en":
        await phone.slash("idioma")
        await room.act("language:en")
    await room.answer_all("set:not_filed", "set:detained")
    await phone.type("29 de julio de 2024")
    await room.answer_all("date:with_event", "set:civilian", "charges:none", "group:none")
    green = spoken()[language].plain("outcome.likely_covered")
    assert green in phone.text
    waiting = phone.screen.rows[0][0].token
    await room.press_data(ANA, "ed.off:rule:evento_presidencial_2024")
    await phone.press_token(waiting)
    reviewing = spoken()[language].plain("review.outcome")
    assert reviewing in phone.text
    assert green not in phone.text
    await phone.slash("start")
    await room.act("close")
    assert reviewing in phone.text
    await room.press_data(BEA, "ed.off:answer:step.defender_files")
    await room.act("open:steps")
    assert spoken()[language].plain("review.reviewing") in phone.text
    assert spoken()[language].plain("step.defender_files") not in phone.text
    await room.press_data(BEA, "ed.on:rule:evento_presidencial_2024")
    await phone.slash("start")
    await room.act("close")
    assert green in phone.text
    assert spoken()[language].plain("review.in_a_list") in phone.text
