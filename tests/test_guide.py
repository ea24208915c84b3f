"""What the guides say is what Faro does: commands, buttons and words, numbers, what is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

import locales
from helpdesk.broadcasts import answer as broadcasts
from helpdesk.broadcasts import approval, checks, duplicates, letters, quiet, readiness, sending
from helpdesk.broadcasts.broadcast import Broadcast
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
from helpdesk.editorial import answer as editorial
from helpdesk.editorial import published
from locales.message import without_tags
from store import broadcasts as kept
from tests.helpdesk.broadcasts.writing_room import studio

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = {one.name for one in DOCS.joinpath("guia").iterdir()}
PAGES = {
    name: " ".join((DOCS / f"guia-{name}.md").read_text(encoding="utf-8").split())
    for name in ("voluntarios", "organizadores")
}
VOLUNTEERS, ORGANISERS = PAGES.values()
OF_THE_DESK = {
    answer.JOIN,
    *topic_commands.COMMANDS,
    *group_commands.COMMANDS,
    *private_commands.COMMANDS,
}
OF_ORGANISERS = broadcasts.COMMANDS | editorial.COMMANDS
HOUR = 3600
NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
ROOM = letters.LIMIT - letters.length(letters.framed("", studio()))
"""UTF-16 units of a broadcast that are not fixed words; the source and its date are among them."""

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
"""What the volunteers' page says, and whether it is so."""

NUMBERS_OF_ORGANISERS = (
    ("Caben unas 500 letras", ROOM > 500),
    ("Con menos de 10 familias", readiness.SMALLEST == 10),
    ("tiene una hora", timedelta(hours=1) == approval.VALID),
    ("Si son 200 o más", sending.CANARY_FROM == 200),
    ("Si nadie la toca en 7 días", timedelta(days=7) == kept.IDLE),
    ("En 48 horas nadie lo recibe dos veces", timedelta(hours=48) == duplicates.NEVER_AGAIN),
    ("De 21:00 a 7:00 de Caracas", time(21) == quiet.BEGINS and time(7) == quiet.ENDS),
    ("Durante 48 horas se puede cambiar", timedelta(hours=48) == kept.KEPT),
    ("a los 90 días de comprobado", timedelta(days=90) == published.VERIFIED_FOR),
)
"""The same of the organisers' page."""


def test_the_volunteers_page_names_every_command_and_no_other() -> None:
    assert set(re.findall(r"`/(\w+)", VOLUNTEERS)) == OF_THE_DESK


def test_the_organisers_page_names_every_command_of_theirs_and_none_that_is_not() -> None:
    named = set(re.findall(r"`/(\w+)", ORGANISERS))
    assert named >= OF_ORGANISERS
    assert named <= OF_ORGANISERS | OF_THE_DESK | {"avisos"}


@pytest.mark.parametrize("page", PAGES)
def test_what_it_quotes_is_what_faro_says(page: str) -> None:
    """In «» stands nothing but words that somebody of the team reads in Telegram."""
    said = [without_tags(form) for message in locales.load() for form in message.forms]
    quoted = re.findall(r"«([^»]+)»", PAGES[page])
    assert len(quoted) > 10
    assert [words for words in quoted if not any(words in one for one in said)] == []


@pytest.mark.parametrize(("words", "so"), NUMBERS)
def test_its_numbers_are_the_desks(words: str, so: bool) -> None:
    assert words in VOLUNTEERS
    assert so


@pytest.mark.parametrize(("words", "so"), NUMBERS_OF_ORGANISERS)
def test_its_numbers_are_those_of_broadcasts(words: str, so: bool) -> None:
    assert words in ORGANISERS
    assert so


def test_what_it_says_is_refused_is_refused_and_what_to_say_instead_is_not() -> None:
    begins, ends = ORGANISERS.index("## Qué se rechaza"), ORGANISERS.index("## De noche")
    table = ORGANISERS[begins:ends]
    rows = re.findall(r"\| ([^|]+) \| [^|]+ \| ([^|]+) \|", table)
    examples = [one for written, _ in rows for one in re.findall(r"\*([^*]+)\*", written)]
    assert len(examples) > 4
    assert [one for one in examples if not _refused(one)] == []
    assert [said for _, said in rows if _refused(said)] == []


def _refused(words: str) -> bool:
    draft = Broadcast(number=1, author="V-04", html=words, plain=words)
    return bool(checks.of_text(draft, studio(), NOW))


@pytest.mark.parametrize(("page", "named"), [("voluntarios", r"\d"), ("organizadores", r"o\d")])
def test_each_picture_is_shown_and_described(page: str, named: str) -> None:
    shown = re.findall(r"!\[([^\]]{20,})\]\(guia/([^)]+)\)", PAGES[page])
    there = {one for one in PICTURES if re.match(f"{named}-", one)}
    assert {name for _, name in shown} == there
    assert 4 <= len(there) <= 6
