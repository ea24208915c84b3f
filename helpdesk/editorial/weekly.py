"""The picture of a week: what was asked and answered, and how the desk did; of closed weeks only.

Of an open week nothing is shown, from small numbers a family could be told. A closed one has tens,
nothing under ten, and no totals: what was rounded down may not be added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, get_args

from helpdesk.broadcasts.messages import Note, Picture
from helpdesk.broadcasts.visit import Visit
from helpdesk.counting import REVIEWING, UNANSWERED, AlertChange
from helpdesk.desk.figures import WAITS
from helpdesk.messages import Part, Screen
from locales import Catalogue
from rules import Outcome
from store import Tx, counters

UNDER_TEN: Final = "–"
_MOST: Final = 6
"""Lines of a section, the greatest first: what is less is left to ``faro stats``."""

_ALERTS: Final = frozenset(get_args(AlertChange))

Cells = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Bar:
    """One count: its words, the number of the week, and of the one before; None under ten."""

    label: str
    number: int | None
    before: int | None

    @property
    def size(self) -> tuple[int, int]:
        """By which it is sorted."""
        return self.number or 0, self.before or 0


@dataclass(frozen=True, slots=True)
class Section:
    """Counts that belong together, under their words."""

    title: str
    bars: tuple[Bar, ...]


def say(visit: Visit, _: str) -> None:
    """Show the last closed week, as text and as a picture."""
    words = visit.studio.words(visit.member.language)
    found = picture(visit.tx, visit.now, words)
    if found is None:
        visit.say(Screen((Part("editorial.week.none"),)))
        return
    parts, drawn = found
    visit.say(Screen(parts))
    if drawn.bars:
        visit.notes.append(
            Note(visit.member.user, picture=drawn, language=words.language, silent=True)
        )


def picture(tx: Tx, now: datetime, catalogue: Catalogue) -> tuple[tuple[Part, ...], Picture] | None:
    """Return the last closed week beside the one before it; None when none is closed.

    The text is one for each section. A week in which nothing reached ten has a picture without
    bars.
    """
    weeks = counters.closed(tx)
    known = sorted(week for week in weeks if week <= counters.week_of(now))
    if not known:
        return None
    last = known[-1]
    compared = _week_before(last)
    sections = _sections(weeks[last], weeks.get(compared, {}), catalogue)
    days = f"date:{_monday(last).isoformat()}/{(_monday(last) + timedelta(days=6)).isoformat()}"
    parts = [Part("editorial.week.head", {"days": days})]
    if not sections:
        parts.append(Part("editorial.week.nothing"))
    beside = compared in weeks
    for section in sections:
        lines = "\n".join(f"• {_line(one, beside, catalogue)}" for one in section.bars)
        told = {"title": f"text:{section.title}", "lines": f"text:{lines}"}
        parts.append(Part("editorial.week.section", told))
    parts.append(Part("editorial.week.foot"))
    drawn = Picture(
        title=catalogue.plain("editorial.week.head", {"days": days}),
        bars=tuple(_drawn(weeks[last], catalogue)),
        foot=catalogue.plain("editorial.week.foot"),
    )
    return tuple(parts), drawn


def _drawn(cells: Cells, words: Catalogue) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
    """Give what the picture shows: fewer bars than the text has lines, for it has to stay short."""
    for title, name, most in _PICTURED:
        bars = [(one.label, one.number) for one in _bars(name, cells, {}, words) if one.number]
        if bars:
            yield words.plain(f"editorial.week.{title}"), tuple(bars[:most])


def _line(bar: Bar, beside: bool, words: Catalogue) -> str:
    number = UNDER_TEN if bar.number is None else bar.number
    told: dict[str, str | int] = {"label": f"text:{bar.label}", "number": number}
    if not beside:
        return words.plain("editorial.week.line", told)
    before = UNDER_TEN if bar.before is None else bar.before
    return words.plain("editorial.week.line_before", {**told, "before": before})


def _sections(cells: Cells, before: Cells, words: Catalogue) -> tuple[Section, ...]:
    found = [
        *_outcomes(cells, before, words),
        *_one("intents", _intents, cells, before, words),
        *_one("unanswered", _unanswered, cells, before, words),
        *_one("opened", _opened, cells, before, words),
        *_one("waits", _waits, cells, before, words),
        *_one("held", _held, cells, before, words),
        *_one("alerts", _alerts, cells, before, words),
    ]
    return tuple(one for one in found if one.bars)


Name = Callable[[Mapping[str, str], Catalogue], str | None]
"""Gives the words of a counter by its dimensions, None for one that is of another section."""


def _one(
    title: str, name: Name, cells: Cells, before: Cells, words: Catalogue
) -> Iterator[Section]:
    bars = _bars(name, cells, before, words)
    yield Section(words.plain(f"editorial.week.{title}"), bars)


def _outcomes(cells: Cells, before: Cells, words: Catalogue) -> Iterator[Section]:
    """Give a section to each outcome: by situation, for the two together are what is counted."""
    for outcome in (*Outcome, REVIEWING):

        def situation(told: Mapping[str, str], words: Catalogue, own: str = outcome) -> str | None:
            if set(told) != {"outcome", "situation"} or told["outcome"] != own:
                return None
            return _word(words, "ask.situation.option.", told["situation"])

        title = words.plain(
            "editorial.week.outcome", {"outcome": f"text:{_outcome(outcome, words)}"}
        )
        yield Section(title, _bars(situation, cells, before, words))


def _outcome(outcome: str, words: Catalogue) -> str:
    if outcome == REVIEWING:
        return words.plain("editorial.week.reviewing")
    return _word(words, "outcome.", outcome).rstrip(".")


def _answered(told: Mapping[str, str], words: Catalogue) -> str | None:
    if set(told) != {"outcome", "situation"}:
        return None
    said = _outcome(told["outcome"], words)
    return f"{said} · {_word(words, 'ask.situation.option.', told['situation'])}"


def _intents(told: Mapping[str, str], words: Catalogue) -> str | None:
    if set(told) != {"intent"}:
        return None
    return _word(words, "editorial.intent.", told["intent"])


def _unanswered(told: Mapping[str, str], words: Catalogue) -> str | None:
    if set(told) != {"question", "unanswered"}:
        return None
    question = _word(words, "button.change.", told["question"])
    return f"{question}: {_word(words, 'button.', told['unanswered'])}"


def _opened(told: Mapping[str, str], words: Catalogue) -> str | None:
    if set(told) != {"case_opened", "urgency"}:
        return None
    about = _word(words, "desk.category.", told["case_opened"])
    return f"{about}: {_word(words, 'desk.urgency.', told['urgency'])}"


def _waits(told: Mapping[str, str], words: Catalogue) -> str | None:
    if set(told) != {"first_answer", "urgency"} or told["first_answer"] not in WAITS:
        return None
    waited = _word(words, "editorial.wait.", told["first_answer"])
    return f"{waited} ({_word(words, 'desk.urgency.', told['urgency'])})"


def _held(told: Mapping[str, str], words: Catalogue) -> str | None:
    if set(told) != {"reply_held", "then"} or told["then"] != "held":
        return None
    return _word(words, "desk.held.", told["reply_held"])


def _alerts(told: Mapping[str, str], words: Catalogue) -> str | None:
    if set(told) != {"alerts"} or told["alerts"] not in _ALERTS:
        return None
    return _word(words, "editorial.alerts.", told["alerts"])


def _word(words: Catalogue, opening: str, value: str) -> str:
    """Return the words of a value; those of "something else" for one that has none."""
    if value == UNANSWERED:
        return words.plain("editorial.week.not_said")
    key = f"{opening}{value}"
    return words.plain(key if key in words else "editorial.week.other")


def _bars(name: Name, cells: Cells, before: Cells, words: Catalogue) -> tuple[Bar, ...]:
    """Return the greatest counts of a section; what is under ten now and then is not there."""
    found = []
    for cell in dict.fromkeys((*cells, *before)):
        label = name(_dimensions(cell), words)
        if label is not None:
            found.append(Bar(label, cells.get(cell), before.get(cell)))
    return tuple(sorted(_apart(found), key=lambda bar: bar.size, reverse=True)[:_MOST])


def _apart(bars: Iterable[Bar]) -> Iterator[Bar]:
    """Keep one of those with the same words: two counts are never added up."""
    seen: dict[str, Bar] = {}
    for bar in bars:
        if bar.label not in seen or bar.size > seen[bar.label].size:
            seen[bar.label] = bar
    yield from seen.values()


_PICTURED: Final[tuple[tuple[str, Name, int], ...]] = (
    ("outcomes", _answered, 5),
    ("intents", _intents, 4),
    ("unanswered", _unanswered, 2),
    ("opened", _opened, 2),
    ("alerts", _alerts, 2),
)
"""The words of a group, what is in it, and how many bars."""


def _dimensions(cell: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition("=") for part in cell.split("|"))}


def _monday(week: str) -> date:
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _week_before(week: str) -> str:
    year, number, _ = (_monday(week) - timedelta(days=7)).isocalendar()
    return f"{year:04d}-W{number:02d}"
