"""Spans of days: what is read, what is refused, and how they compare."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Span, Truth
from rules.conditions import Within, after, before, compare_span

EXACT = settings(derandomize=True, database=None, deadline=None, max_examples=120)
FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
DAYS = st.dates(FIRST, LAST)
NEAR = st.dates(date(2019, 1, 1), date(2019, 3, 31))


@st.composite
def spans(draw: st.DrawFn, days: st.SearchStrategy[date] = DAYS) -> Span:
    return Span(*sorted((draw(days), draw(days))))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-07-29", date(2024, 7, 29), date(2024, 7, 29)),
        ("2024-07", date(2024, 7, 1), date(2024, 7, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-07-28/2024-08-05", date(2024, 7, 28), date(2024, 8, 5)),
        ("2024-07/2024-08", date(2024, 7, 1), date(2024, 8, 31)),
        ("2013/2014-02-12", date(2013, 1, 1), date(2014, 2, 12)),
    ],
)
def test_the_four_forms_are_read(text: str, first: date, last: date) -> None:
    assert Span.parse(text) == Span(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "2024/",
        "/2024",
        "24",
        "2024-7-1",
        "2024-13",
        "2024-00",
        "2024-02-30",
        "2023-02-29",
        "2024-W30-1",
        "20240729",
        "2024-07-29T00:00",
        " 2024",
        "2024-07-29/2024-07-28",
        "2024/2023",
        "2024/2025/2026",
        "1899-12-31",
        "2100",
        "٢٠٢٤",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reason varies; that it is refused is the point
        Span.parse(text)


@EXACT
@given(span=spans())
def test_what_is_written_is_read_back(span: Span) -> None:
    assert Span.parse(str(span)) == span


@pytest.mark.parametrize("text", ["2024", "2024-07", "2024-07-29", "2024-07-28/2024-08-05"])
def test_the_shortest_form_is_written(text: str) -> None:
    assert str(Span.parse(text)) == text


@EXACT
@given(one=spans(NEAR), other=spans(NEAR))
def test_spans_compare_as_their_sets_of_days(one: Span, other: Span) -> None:
    mine, theirs = _days(one), _days(other)
    assert one.contains(other) is (theirs <= mine)
    assert one.overlaps(other) is bool(mine & theirs)
    common = one.intersection(other)
    assert (_days(common) if common else set()) == mine & theirs
    assert one.is_followed_by(other) is (max(mine) + timedelta(days=1) == min(theirs))


@EXACT
@given(known=spans(NEAR), window=spans(NEAR))
def test_a_comparison_is_what_all_the_days_agree_on(known: Span, window: Span) -> None:
    found = compare_span(Within("fact_date", window), known)
    each = {window.contains(Span.day(day)) for day in _days(known)}
    expected = {frozenset({True}): Truth.YES, frozenset({False}): Truth.NO}
    assert found is expected.get(frozenset(each), Truth.UNKNOWN)


def test_before_and_after_leave_the_day_itself_out() -> None:
    day = date(2026, 2, 19)
    assert before(day, FIRST).last == date(2026, 2, 18)
    assert after(day, LAST).first == date(2026, 2, 20)


def test_the_last_day_of_all_is_followed_by_nothing() -> None:
    assert not Span.day(LAST).is_followed_by(Span.day(LAST))


def _days(span: Span) -> set[date]:
    length = (span.last - span.first).days
    return {span.first + timedelta(days=i) for i in range(length + 1)}
