"""What one person might slip into a published file so that a family pays, calls or trusts wrongly.

Each of these once passed, with nobody but a second person's eyes behind it.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from helpdesk.editorial import checks
from locales.catalogue import load

TODAY: Final = date(2026, 11, 21)
WORDS: Final = {language: load(language) for language in ("es", "en")}


def faults(what: str = "Ayuda gratuita a familias", **entry: str) -> set[str]:
    given = {
        "id": "foro_penal",
        "name": "Foro Penal",
        "phone": "+58 212 5550100",
        "state": "false",
        "verified_on": "2026-11-20",
        "source": "visto en su sede",
        **entry,
    }
    lines = "\n    ".join(f"{name}: {value}" for name, value in given.items())
    text = f"contacts:\n  - {lines}\n    what: {{es: '{what}', en: Free help for families}}\n"
    return {one.key for one in checks.check(text.encode(), WORDS, TODAY).faults}


def test_such_a_contact_is_published() -> None:
    assert faults() == set()


@pytest.mark.parametrize("day", ["4102444800", "1799971200", "2100-01-01T00:00:00"])
def test_no_day_to_come_keeps_a_contact_for_ever(day: str) -> None:
    """A row of digits was read as seconds since 1970: a check in the year 2100."""
    assert faults(verified_on=day) == {"editorial.fault.day"}


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("Llame al cero cuatro catorce 555 doce 34", "editorial.fault.hidden_contact"),
        ("Escriba a foro_ayuda en Telegram", "editorial.fault.hidden_contact"),
        ("Vea citas.gg para su turno", "editorial.fault.hidden_contact"),
        ("Deposite en Zelle al llegar", "broadcast.fault.filter.money"),
        ("Ayuda \u202eatiucsarg", "broadcast.fault.filter.disguise"),
    ],
)
def test_no_published_word_asks_for_money_or_leads_elsewhere(what: str, found: str) -> None:
    assert found in faults(what)


def test_no_number_that_costs_who_calls_it() -> None:
    assert faults(phone="+1 900 555 0100") == {"editorial.fault.phone"}
