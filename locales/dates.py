"""Dates as families say and read them, through Babel; no typed text is parsed here."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date


@dataclass(frozen=True, slots=True)
class _Saying:
    """How a language says a day, a month, and from one to another (CLDR patterns, ``format``)."""

    full: str
    month: str
    day_month: str
    months: str
    days: str


# The day stands first in English too, as on the papers: "3/4/2024" is read wrong abroad, and
# whoever compares must not have to turn it round.
_SAYINGS = {
    "es": _Saying("d 'de' MMMM 'de' y", "MMMM 'de' y", "d 'de' MMMM", "de {} a {}", "del {} al {}"),
    "en": _Saying("d MMMM y", "MMMM y", "d MMMM", "{} to {}", "{} to {}"),
}
_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def spoken(iso: str, locale: Locale) -> str:
    """Write an ISO day, month, year or ``first/last`` span in words.

    Examples: ``29 de julio de 2024``, ``julio de 2024``, ``2024``,
    ``del 28 de julio al 31 de agosto de 2024``; in English ``29 July 2024``,
    ``28 July to 31 August 2024``. A span that is exactly a month or a year is written as that
    month or year. Raises ValueError for anything that is not such a date.
    """
    first_text, slash, last_text = iso.partition("/")
    first = _bounds(first_text)[0]
    last = _bounds(last_text if slash else first_text)[1]
    if last < first:
        raise ValueError("a span ends before it begins")
    return _span(first, last, locale)


def _bounds(text: str) -> tuple[date, date]:
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError("not an ISO day, month or year")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # the pattern always has a year
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def _span(first: date, last: date, locale: Locale) -> str:
    say = _SAYINGS[locale.language]

    def write(day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=locale)

    same_year = first.year == last.year
    if first == last:
        return write(first, say.full)
    if _opens_year(first) and _closes_year(last):
        return str(first.year) if same_year else say.months.format(first.year, last.year)
    if first.day == 1 and _closes_month(last):
        if same_year and first.month == last.month:
            return write(first, say.month)
        opening = write(first, "MMMM" if same_year else say.month)
        return say.months.format(opening, write(last, say.month))
    if same_year and first.month == last.month:
        return say.days.format(first.day, write(last, say.full))
    opening = write(first, say.day_month if same_year else say.full)
    return say.days.format(opening, write(last, say.full))


def _opens_year(day: date) -> bool:
    return (day.month, day.day) == (1, 1)


def _closes_year(day: date) -> bool:
    return (day.month, day.day) == (12, 31)


def _closes_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
