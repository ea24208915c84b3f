"""Dates are read as people write them, in Spanish; what is none is told why."""

from __future__ import annotations

from datetime import date

import pytest

from helpdesk.typed_dates import NeedsMonth, NeedsYear, Reading, Unread, completed, read
from rules.spans import Span

TODAY = date(2026, 11, 21)


def span(text: str) -> Span:
    return Span.parse(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("29/7/24", "2024-07-29"),
        ("29/07/2024", "2024-07-29"),
        ("29-07-2024", "2024-07-29"),
        ("29.07.2024", "2024-07-29"),
        ("29 7 2024", "2024-07-29"),
        ("7/29/2024", "2024-07-29"),
        ("2024-07-29", "2024-07-29"),
        ("29 de julio de 2024", "2024-07-29"),
        ("29 de julio del 2024", "2024-07-29"),
        ("29 DE JULIO DEL 2024", "2024-07-29"),
        ("29 julio 2024", "2024-07-29"),
        ("29 de julio 24", "2024-07-29"),
        ("29 jul 2024", "2024-07-29"),
        ("29/jul/24", "2024-07-29"),
        ("29-julio-2024", "2024-07-29"),
        ("julio 29 de 2024", "2024-07-29"),
        ("29de julio de 2024", "2024-07-29"),
        ("el dia lunes 29 de julio de 2024", "2024-07-29"),
        ("veintinueve de julio de 2024", "2024-07-29"),
        ("29 de julio de dos mil veinticuatro", "2024-07-29"),
        ("primero de agosto de 2024", "2024-08-01"),
        ("1ro de agosto de 2024", "2024-08-01"),
        ("1º de agosto de 2024", "2024-08-01"),
        ("treinta y uno de julio de 2024", "2024-07-31"),
        ("el 28J", "2024-07-28"),
        ("28 j", "2024-07-28"),
        ("el 28-J", "2024-07-28"),
        (
            "buenas mi hijo cayó el 29 de julio del 2024 en una protesta, la amnistía lo saca?",
            "2024-07-29",
        ),
        ("tenia 16 años, fue el 3 de agosto del 2024", "2024-08-03"),
        ("julio 2024", "2024-07"),
        ("julio de 2024", "2024-07"),
        ("julio del 24", "2024-07"),
        ("07/2024", "2024-07"),
        ("2024-07", "2024-07"),
        ("en noviembre de 2025 sin protesta ni nada", "2025-11"),
        ("setiembre de 2009", "2009-09"),
        ("sept 2009", "2009-09"),
        ("septienbre 2009", "2009-09"),
        ("disiembre de 2002", "2002-12"),
        ("Febrero 2014", "2014-02"),
        ("a finales de julio del 2024", "2024-07-20/2024-07-31"),
        ("a fines de julio de 2024", "2024-07-20/2024-07-31"),
        ("a principios de agosto 2024", "2024-08-01/2024-08-12"),
        ("a mediados de abril de 2017", "2017-04-08/2017-04-22"),
        ("a finales de 2014", "2014-09/2014-12"),
        ("entre el 28 y el 30 de julio de 2024", "2024-07-28/2024-07-30"),
        ("del 28 al 30 de julio de 2024", "2024-07-28/2024-07-30"),
        ("28-30 de julio de 2024", "2024-07-28/2024-07-30"),
        ("28 o 29 de julio de 2024", "2024-07-28/2024-07-29"),
        ("del 28 de julio al 5 de agosto de 2024", "2024-07-28/2024-08-05"),
        ("entre abril y junio de 2017", "2017-04/2017-06"),
        ("de diciembre de 2002 a febrero de 2003", "2002-12/2003-02"),
        ("julio del año pasado", "2025-07"),
        ("enero de este año", "2026-01"),
        ("hace tres meses", "2026-08"),
        ("hace 2 dias", "2026-11-19"),
        ("ayer", "2026-11-20"),
        ("el mes pasado", "2026-10"),
        ("el domingo pasado", "2026-11-15"),
        ("11 de abril de 2002", "2002-04-11"),
        ("6/8/17", "2017-08-06"),
        ("30 de abril 2019", "2019-04-30"),
        ("12/02/99", "1999-02-12"),
        ("29 de febrero de 2024", "2024-02-29"),
        ("29 de julio del año 2024", "2024-07-29"),
        ("29 JULIO 2.024", "2024-07-29"),
        ("2024, 29 de julio", "2024-07-29"),
        ("jul/2024", "2024-07"),
        ("después del 28 de julio de 2024", "2024-07-28/2024-07-31"),
        ("12F", "2014-02-12"),
    ],
)
def test_a_date_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert read(typed, TODAY) == span(meant)


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("2014", 2014),
        ("en el 2014", 2014),
        ("fue en el año 2014", 2014),
        ("hace dos años", 2024),
        ("hace 2 años", 2024),
        ("hace como un año", 2025),
        ("el año pasado", 2025),
    ],
)
def test_a_year_alone_asks_for_its_month(typed: str, year: int) -> None:
    assert read(typed, TODAY) == NeedsMonth(year)


@pytest.mark.parametrize(
    ("typed", "month", "day"),
    [
        ("29 de julio", 7, 29),
        ("29/7", 7, 29),
        ("julio 24", 7, 24),
        ("29 jul", 7, 29),
        ("julio", 7, None),
        ("en agosto", 8, None),
        ("29 de febrero", 2, 29),
    ],
)
def test_a_date_without_a_year_asks_for_it(typed: str, month: int, day: int | None) -> None:
    assert read(typed, TODAY) == NeedsYear(month, day)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("31/2/2024", Unread.IMPOSSIBLE),
        ("31 de febrero de 2024", Unread.IMPOSSIBLE),
        ("30 de febrero", Unread.IMPOSSIBLE),
        ("32 de julio de 2024", Unread.IMPOSSIBLE),
        ("29/02/2023", Unread.IMPOSSIBLE),
        ("29 de julio de 2027", Unread.FUTURE),
        ("2031", Unread.FUTURE),
        ("22/11/2026", Unread.FUTURE),
        ("29 de julio de 1924", Unread.TOO_OLD),
        ("1949", Unread.TOO_OLD),
        ("hola", Unread.NOT_A_DATE),
        ("no recuerdo bien", Unread.NOT_A_DATE),
        ("en una protesta", Unread.NOT_A_DATE),
        ("12345678", Unread.NOT_A_DATE),
        ("V-12.345.678", Unread.NOT_A_DATE),
        ("0414-2694287", Unread.NOT_A_DATE),
        ("mi hermano mayor", Unread.NOT_A_DATE),
        ("el 15", Unread.NOT_A_DATE),
        ("fue un domingo", Unread.NOT_A_DATE),
        ("2014 y 2017", Unread.SEVERAL),
        ("tenia 16 años", Unread.NOT_A_DATE),
        ("", Unread.NOT_A_DATE),
    ],
)
def test_what_is_not_a_date_says_why(typed: str, why: Unread) -> None:
    assert read(typed, TODAY) == why


@pytest.mark.parametrize(
    ("month", "day", "year", "meant"),
    [
        (7, 29, 2024, Span.parse("2024-07-29")),
        (7, None, 2014, Span.parse("2014-07")),
        (2, 29, 2023, Unread.IMPOSSIBLE),
        (12, 1, 2026, Unread.FUTURE),
    ],
)
def test_a_year_completes_a_date(month: int, day: int | None, year: int, meant: Reading) -> None:
    assert completed(month, day, year, TODAY) == meant
