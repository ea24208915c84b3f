"""Spans of days: how a date is said when the day, or even the month, is not known.

A span is ignorance of the day, not a duration: "mayo de 2014" is one day among 31.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2099, 12, 31)

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days from ``first`` to ``last``, both included.

    Raises ValueError when ``last`` comes before ``first`` or a day lies outside 1900–2099.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the span ends before it begins")
        if self.first < FIRST_DAY or self.last > LAST_DAY:
            raise ValueError("the day lies outside 1900-01-01 … 2099-12-31")

    @classmethod
    def day(cls, when: date) -> Span:
        """Return the span of one day."""
        return cls(when, when)

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read ``2024-07-29``, ``2024-07``, ``2024`` or ``2024-07-28/2024-08-05``.

        Raises ValueError for any other form and for days that do not exist.
        """
        first, slash, last = text.partition("/")
        begin, end = _one(first), _one(last) if slash else _one(first)
        return cls(begin.first, end.last)

    def contains(self, other: Span) -> bool:
        """Tell whether every day of the other span is a day of this one."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share a day."""
        return self.first <= other.last and other.first <= self.last

    def intersection(self, other: Span) -> Span | None:
        """Return the days common to both, or None."""
        if not self.overlaps(other):
            return None
        return Span(max(self.first, other.first), min(self.last, other.last))

    def is_followed_by(self, other: Span) -> bool:
        """Tell whether the other span begins on the day after this one ends."""
        return self.last < LAST_DAY and other.first == self.last + timedelta(days=1)

    def __str__(self) -> str:
        """Return the shortest text that `parse` reads back as this span."""
        if self.first == self.last:
            return self.first.isoformat()
        year, month = self.first.year, self.first.month
        if self == Span(date(year, 1, 1), date(year, 12, 31)):
            return f"{year:04d}"
        if self == _month(year, month):
            return f"{year:04d}-{month:02d}"
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


def _month(year: int, month: int) -> Span:
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _one(text: str) -> Span:
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError("not a date")
    year, month, day = (int(part) if part else None for part in form.groups())
    assert year is not None  # the pattern requires it
    if month is None:
        return Span(date(year, 1, 1), date(year, 12, 31))
    if not 1 <= month <= 12:
        raise ValueError("there is no such month")
    return _month(year, month) if day is None else Span.day(date(year, month, day))
