"""What the volunteers' guide says is what the desk does: commands, buttons and words, numbers."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

import locales
from helpdesk.desk import (
    answer,
    budget,
    casebook,
    claims,
    family,
    group_commands,
    private_commands,
    staff,
    tending,
    topic_commands,
)
from locales.message import without_tags

PAGE = Path(__file__).parents[1] / "docs" / "guia-voluntarios.md"
GUIDE = " ".join(PAGE.read_text(encoding="utf-8").split())
COMMANDS = {
    answer.JOIN,
    *topic_commands.COMMANDS,
    *group_commands.COMMANDS,
    *private_commands.COMMANDS,
}
HOUR = 3600

NUMBERS = (
    ("una vez, y 48 horas", timedelta(hours=48) == staff.INVITATION_VALID),
    ("no hace nada en 8 horas", timedelta(hours=8) == staff.DUTY),
    ("Puede tener 5 a la vez", claims.MOST == 5),
    ("el caso es suyo media hora", claims.LEASE == HOUR / 2),
    ("hasta 48 horas después", family.DELETABLE == 48 * HOUR),
    ("Si nadie lo lee en un día", 22 * HOUR <= tending.OLD <= 24 * HOUR),
    ("deja 20 mensajes por minuto", budget.PER_MINUTE == 20),
    ("hasta 7 días después de cerrar", timedelta(days=7) == casebook.KEPT),
)
"""What the page says, and whether it is so."""


def test_it_names_every_command_and_no_other() -> None:
    assert set(re.findall(r"`/(\w+)", GUIDE)) == COMMANDS


def test_what_it_quotes_is_what_the_desk_says() -> None:
    """In «» stands nothing but words that a volunteer reads in Telegram."""
    said = [without_tags(form) for message in locales.load() for form in message.forms]
    quoted = re.findall(r"«([^»]+)»", GUIDE)
    assert len(quoted) > 10
    assert [words for words in quoted if not any(words in one for one in said)] == []


@pytest.mark.parametrize(("words", "so"), NUMBERS)
def test_its_numbers_are_the_desks(words: str, so: bool) -> None:
    assert words in GUIDE
    assert so


def test_each_picture_is_shown_and_described() -> None:
    shown = re.findall(r"!\[([^\]]{20,})\]\(guia/([^)]+)\)", GUIDE)
    there = {one.name for one in PAGE.parent.joinpath("guia").iterdir()}
    assert {name for _, name in shown} == there
    assert 4 <= len(there) <= 6
