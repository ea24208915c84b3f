"""Dates as families say and read them, through Babel; no typed text is parsed here."""

from __future__ import annotations

import calendar
import re
from datetime import date

from babel import Locale
from babel.dates import format_date

_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def spoken(iso: str, locale: Locale) -> str:
    """Write an ISO day, month, year or ``first/last`` span in words.

    Examples: ``29 de julio de 2024``, ``julio de 2024``, ``2024``,
    ``del 28 de julio al 31 de agosto de 2024``. A span that is exactly a month or a year is
    written as that month or year. Raises ValueError for anything that is not such a date.
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
    def write(day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=locale)

    full, month, day_month = "d 'de' MMMM 'de' y", "MMMM 'de' y", "d 'de' MMMM"
    same_year = first.year == last.year
    if first == last:
        return write(first, full)
    if _opens_year(first) and _closes_year(last):
        return str(first.year) if same_year else f"de {first.year} a {last.year}"
    if first.day == 1 and _closes_month(last):
        if same_year and first.month == last.month:
            return write(first, month)
        opening = write(first, "MMMM" if same_year else month)
        return f"de {opening} a {write(last, month)}"
    if same_year and first.month == last.month:
        return f"del {first.day} al {write(last, full)}"
    return f"del {write(first, day_month if same_year else full)} al {write(last, full)}"


def _opens_year(day: date) -> bool:
    return (day.month, day.day) == (1, 1)


def _closes_year(day: date) -> bool:
    return (day.month, day.day) == (12, 31)


def _closes_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
