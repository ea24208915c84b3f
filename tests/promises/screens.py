"""Every screen that a family can come to: interviews of every kind, walked to the end and behind.

Stories by petitions by situations, each answered by what its papers say; then every page behind a
result, finer steps, and beside every question what may be typed, sent or asked there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import locales
import rules
from helpdesk import conversation
from helpdesk.context import BUTTONS, LAW, Context, day_of
from helpdesk.interview import Assessor
from helpdesk.layout import Layout
from helpdesk.messages import Unreadable
from helpdesk.screens import layout, shows_result
from helpdesk.state import State
from store import Database
from tests.helpdesk.talk import NOW, Talk

UNKNOWN = "does_not_know"
PETITIONS = (
    *("not_filed", "filed_no_answer", "denied", "granted_with_paper", "release_order_only"),
    UNKNOWN,
)
SITUATIONS = (
    *("released_with_measures", "detained", "abroad", "wanted", "whereabouts_unknown"),
    *("fully_free", "prefers_not_to_say"),
)
ASIDE = (
    *("hola", "no sé qué poner", "31/2/2024", "me piden plata", "no sé dónde lo tienen"),
    *("borra todo", "no aguanto más", "quiero hablar con una persona", "2014", "3 de mayo"),
    *("29 de julio de 2031", "3 de mayo de 1931", "2014 y 2017"),
)
COMMANDS = ("start", "ayuda", "avisos", "privacidad", "acerca", "noexiste", "cancelar")


@dataclass(frozen=True)
class Story:
    """What the papers of one case say; what they do not say is not known."""

    date: str | None = None
    event: str = UNKNOWN
    military: str = UNKNOWN
    charges: str | None = None
    jurisdiction: str = UNKNOWN
    assembly: str = UNKNOWN
    marks: tuple[str, ...] | None = None


STORIES: dict[str, Story] = {
    "nothing known": Story(),
    "july 2024": Story("29 de julio de 2024", "with_event", "civilian", "terrorismo", marks=()),
    "only the accusation is missing": Story(
        "29 de julio de 2024", "with_event", "civilian", "terrorismo"
    ),
    "no charge told": Story("2 de agosto de 2024", "with_event", "civilian", "", marks=()),
    "a disputed day": Story("julio de 2024", "with_event", "civilian", "asociacion", marks=()),
    "military rebellion, 2019": Story(
        "30 de abril de 2019", "with_event", "active", "rebelion militar", "military", marks=()
    ),
    "military rebellion, 2017": Story(
        "6 de agosto de 2017", "with_event", "active", "rebelion militar", "military", marks=()
    ),
    "military rebellion, 2020": Story(
        "3 de mayo de 2020", "other", "retired", "rebelion militar", "military", marks=()
    ),
    "november 2025": Story("noviembre de 2025", "none", "civilian", "terrorismo", marks=()),
    "after the law": Story("marzo de 2026", "none", "civilian", "terrorismo", marks=()),
    "homicide": Story(
        "29 de julio de 2024",
        "with_event",
        "civilian",
        "homicidio intencional",
        marks=("death_charged",),
    ),
    "one of two": Story(
        "29 de julio de 2024", "with_event", "police", "terrorismo y tortura", marks=()
    ),
    "with foreigners": Story(
        "29 de julio de 2024",
        "with_event",
        "civilian",
        "traición a la patria",
        marks=("foreign_armed_action_charged", "alleged_to_continue"),
    ),
    "drugs": Story("mayo de 2014", "with_event", "civilian", "agavillamiento", marks=("drugs",)),
    "corruption alone": Story(
        "mayo de 2014", "with_event", "civilian", None, marks=("corruption",)
    ),
    "a deputy": Story(
        "marzo de 2018", "with_event", "civilian", "terrorismo", assembly="yes", marks=()
    ),
    "no deputy": Story(
        "marzo de 2018", "with_event", "civilian", "terrorismo", assembly="no", marks=()
    ),
    "a child": Story(
        "29 de julio de 2024", "with_event", "active", "terrorismo", "adolescent", marks=()
    ),
    "a soldier": Story(
        "29 de julio de 2024", "with_event", "active", "deserción", "military", marks=()
    ),
    "a civilian before a military court": Story(
        "29 de julio de 2024", "with_event", "civilian", "rebelión militar", "military", marks=()
    ),
    "a police officer": Story(
        "29 de julio de 2024", "with_event", "police", "lesiones", "terrorism", marks=()
    ),
    "no event": Story("29 de julio de 2024", "other", "civilian", "terrorismo", marks=()),
    "attempted": Story("2002", "with_event", "civilian", "homicidio frustrado", marks=()),
}


@dataclass(frozen=True)
class Shown:
    """A screen on a phone, the state it follows from, and whether the result had been reached."""

    state: State
    layout: Layout
    text: str
    labels: tuple[str, ...]
    result: bool
    outcome: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its parts."""
        return tuple(part.key for part in self.layout.parts)

    @property
    def question(self) -> bool:
        """Whether it asks for a fact of the case."""
        return any(key.startswith("ask.") for key in self.keys)


@cache
def context() -> Context:
    """Return the laws and the words that families read."""
    return Context(rules.load(), locales.load(), b"k" * 32)


class Remembering(Context):
    """The context of a program in which the rules of a day are worked out once for all commands.

    The program forgets them after each. Where hundreds of conversations are answered in one test,
    most of its time would go into determining the same few cases again.
    """

    def look(self, at: datetime) -> Assessor:
        """Return the rules of the day, with all that was ever asked of them."""
        law = self.laws.get(LAW, as_of=day_of(at))
        key = (law.law_hash, self.wording, day_of(at))
        if key not in _looks:
            _looks[key] = super().look(at)
        return _looks[key]


_looks: dict[tuple[str, str, date], Assessor] = {}


def context_of(db: Database) -> Remembering:
    """Return the context of a program whose database this is."""
    return Remembering(context().laws, context().catalogue, db.keys.subkey(BUTTONS))


@cache
def look() -> Assessor:
    """Return the rules of the day, with a memory that all walks share."""
    return context().look(NOW)


def talk() -> Talk:
    """Return a conversation in which nothing has been said."""
    return Talk(context(), look(), conversation.begin(look().law))


def shown(state: State) -> Shown:
    """Return the screen of a state."""
    made = layout(look(), state, context().catalogue)
    plain = context().catalogue.plain
    return Shown(
        state,
        made,
        "\n\n".join(plain(one.key, one.params, one.count) for one in made.parts),
        tuple(plain(one.key, one.params) for row in made.rows for one in row),
        shows_result(look(), state),
        str(look().determine(state.answers).outcome),
    )


@cache
def every_screen() -> tuple[Shown, ...]:
    """Return every screen met, each (by its words, its buttons and its outcome) once."""
    found: dict[tuple[object, ...], Shown] = {}
    # Walks share their beginnings: every fifth state is met again.
    for state in {state.model_dump_json(): state for state in _states()}.values():
        one = shown(state)
        told = state.answers
        whose = one.result or any(key.startswith("card.") for key in one.keys)
        who = (told.get("petition"), told.get("situation")) if whose else ()
        found.setdefault((one.text, one.labels, one.result, one.outcome, str(who)), one)
    return tuple(found.values())


@cache
def kinds() -> tuple[Shown, ...]:
    """Return one screen of every kind: of the same parts in the same order."""
    found: dict[tuple[bool, str], Shown] = {}
    for one in every_screen():
        found.setdefault((one.result, one.layout.name), one)
    return tuple(found.values())


@cache
def beginnings() -> tuple[Shown, ...]:
    """Return one screen for each first paragraph, before and after the result."""
    return tuple({(one.result, one.keys[0]): one for one in kinds()}.values())


def results() -> tuple[Shown, ...]:
    """Return the results themselves, without the pages behind them."""
    return tuple(one for one in every_screen() if "result.opening" in one.keys)


def _states() -> Iterator[State]:
    begun: set[str] = set()
    for number, story in enumerate(STORIES.values()):
        for petition in PETITIONS:
            for place, situation in enumerate(SITUATIONS):
                # The first stories meet every situation, the others one or two each in turn.
                if number > 2 and (place + number) % 6:
                    continue
                yield from _walk(story, petition, situation, begun)


def _walk(story: Story, petition: str, situation: str, begun: set[str]) -> Iterator[State]:
    here = talk()
    for _ in range(60):
        yield here.state
        name = here.layout.name
        if name not in begun:
            begun.add(name)
            yield from _beside(here)
        if here.done:
            yield from _behind(here)
            return
        step(here, story, petition, situation)
    raise AssertionError(f"no end: {here.state}")


def step(here: Talk, story: Story, petition: str, situation: str) -> None:
    """Answer what is asked as the story would."""
    asked, actions, draft = here.asked, here.layout.actions, here.state.draft
    if asked is None:
        here.act("go_on")
    elif asked in ("petition", "situation"):
        here.act(f"set:{petition if asked == 'petition' else situation}")
    elif asked == "date":
        if draft.span is not None:
            said = (f"date:{story.event}", "date:plain", "date:other")
            here.act(next(one for one in said if one in actions))
        elif draft.year is not None:
            here.act("month:unknown")
        elif story.date is None:
            here.act(f"set:{UNKNOWN}")
        else:
            here.type(story.date)
    elif asked == "event":
        named = next(one for one in actions if one.startswith("set:"))
        here.act({"with_event": named, UNKNOWN: f"set:{UNKNOWN}"}.get(story.event, "set:none"))
    elif asked == "charges":
        if draft.asks:
            here.act(actions[0])
        elif draft.confirming:
            here.act("charges:done")
        elif not story.charges:
            here.act("charges:none" if story.charges == "" else f"set:{UNKNOWN}")
        else:
            here.type(story.charges)
    elif asked == "group":
        _group(here, story.marks)
    else:
        here.act(f"set:{getattr(story, asked)}")


def _group(here: Talk, marks: tuple[str, ...] | None) -> None:
    if marks is None:
        here.act(f"set:{UNKNOWN}")
    elif here.state.draft.confirming:
        here.act(next(one for one in here.layout.actions if one.startswith("pick:")))
        here.act("group:done")
    elif unmarked := [
        one
        for one in marks
        if one not in here.state.draft.marks and f"mark:{one}" in here.layout.actions
    ]:
        here.act(f"mark:{unmarked[0]}")
    else:
        here.act("group:done" if here.state.draft.marks else "group:none")


def _beside(here: Talk) -> Iterator[State]:
    """What may be typed, sent, asked or opened at this step, without going on."""
    for typed in ASIDE:
        yield from _opened(here.copy().type(typed))
    for kind in Unreadable:
        yield here.copy().send(kind).state
    for command in COMMANDS:
        yield from _opened(here.copy().slash(command))
    for action in here.layout.actions:
        if action != "erase":
            yield here.copy().act(action).state
    if "date:list" in here.layout.actions:
        yield here.copy().act("date:list").act("set:protestas_2014").state
    yield here.copy().edit("otra cosa", 999).state


def _opened(page: Talk) -> Iterator[State]:
    """A page, and those that it opens."""
    yield page.state
    for action in page.layout.actions:
        if action.startswith("open:"):
            yield page.copy().act(action).state


def _behind(here: Talk) -> Iterator[State]:
    """Every page behind a result, then the finer steps in every way."""
    for action in here.layout.actions:
        if not action.startswith("open:"):
            continue
        page = here.copy().act(action)
        yield from _opened(page)
        while f"page:{page.state.page + 1}" in page.layout.actions:
            yield page.act(f"page:{page.state.page + 1}").state
        if action == "open:change":
            for reopen in page.layout.actions:
                again = page.copy().act(reopen)
                yield again.state
                for answer in ("set:granted_with_paper", "set:whereabouts_unknown"):
                    if answer in again.layout.actions:
                        yield again.copy().act(answer).state
    finer = here.copy().act("open:steps")
    if "refine" in finer.layout.actions:
        finer.act("refine")
        while finer.asked is not None and not finer.done:
            yield finer.state
            yield finer.copy().act("open:why").state
            for action in finer.layout.actions:
                if action.startswith("set:"):
                    yield finer.copy().act(action).state
            finer.act(f"set:{UNKNOWN}")
