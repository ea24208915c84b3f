"""What stands first in a topic: the light, who waits, coarse facts, the reasons, how to answer.

In the order in which somebody tired needs it, at a glance. Everything in it she agreed to show
(`helpdesk.desk.case.Shared`); nothing is added here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from helpdesk.desk import casebook, codes, lengths, notices
from helpdesk.desk.case import Case, Category, Line, Shared
from helpdesk.editorial.editorial import NOTHING, Editorial
from helpdesk.messages import Part
from locales import Catalogue, LocalesError

PAGE: Final = 3800
"""UTF-16 units of a message of the card, markup included; Telegram takes 4096."""


def pages(
    case: Case, catalogue: Catalogue, now: datetime, editorial: Editorial = NOTHING
) -> tuple[tuple[Part, ...], ...]:
    """Return the card in as many messages as hold it, how to answer at its end.

    Where a rule that the answer rests on is withdrawn (``editorial``), neither outcome nor reasons.
    """
    shared = None if case.shared is None else _still_said(case.shared, editorial)
    parts = [] if shared is None else [_outcome(shared)]
    parts.append(_head(case, now))
    if case.category is Category.DISTRESS:
        parts.append(Part("desk.card.risk"))
    if case.reopened_from is not None:
        parts.append(Part("desk.card.reopened", {"code": codes.shown(case.reopened_from)}))
    if shared is None:
        parts.append(Part("desk.card.nothing_shared"))
    else:
        parts += _shared(shared, catalogue)
    parts.append(Part("desk.card.how"))
    return _paged(parts, catalogue)


def title(case: Case, catalogue: Catalogue) -> str:
    """Return the name of a case's topic: its code and what it is about in a word."""
    return f"{codes.shown(case.code)} · {catalogue.plain(f'desk.category.{case.category}')}"


def _head(case: Case, now: datetime) -> Part:
    return Part(
        "desk.card.head",
        {
            "code": codes.shown(case.code),
            "category": f"@desk.category.{case.category}",
            "urgency": f"@desk.urgency.{case.urgency}",
            "waited": notices.waited(casebook.since(case.opened_at, now)),
            "language": f"@desk.language.{case.language}",
        },
    )


def _still_said(shared: Shared, editorial: Editorial) -> Shared:
    if not any(editorial.reviews_line(line.key) for line in shared.reasons):
        return shared
    return shared.model_copy(
        update={"outcome": "", "light": "", "reasons": (), "missing": ()},
    )


def _outcome(shared: Shared) -> Part:
    if not shared.outcome:
        return Part("editorial.card")
    return Part(
        "desk.card.outcome",
        {"light": f"@desk.light.{shared.light}", "outcome": f"@outcome.{shared.outcome}"},
    )


def _shared(shared: Shared, catalogue: Catalogue) -> list[Part]:
    parts = []
    facts = [said for line in shared.facts if (said := _plain(line, catalogue))]
    if facts:
        parts.append(Part("desk.card.facts", {"lines": notices.text("\n".join(facts))}))
    if shared.missing:
        names = "list:" + "|".join(f"@{line.key}" for line in shared.missing)
        parts.append(Part("desk.card.missing", {"facts": names}))
    status = "reviewed" if shared.reviewed else "draft"
    law = {"version": f"date:{shared.law_version}", "status": f"@desk.card.{status}"}
    parts.append(Part("desk.card.law", law))
    if shared.reasons:
        parts.append(Part("desk.card.reasons"))
    return [*parts, *(Part(line.key, dict(line.params)) for line in shared.reasons)]


def _plain(line: Line, catalogue: Catalogue) -> str:
    """Return a fact as it is read; nothing for one whose words are gone since."""
    try:
        return catalogue.plain(line.key, line.params)
    except LocalesError:
        return ""


def _paged(parts: Iterable[Part], catalogue: Catalogue) -> tuple[tuple[Part, ...], ...]:
    filled: list[list[Part]] = [[]]
    room = PAGE
    for part in parts:
        length = _length(part, catalogue)
        if length == 0:
            continue
        length += len("\n\n")
        if length > room and filled[-1]:
            filled.append([])
            room = PAGE
        filled[-1].append(part)
        room -= length
    return tuple(tuple(page) for page in filled)


def _length(part: Part, catalogue: Catalogue) -> int:
    """Return the units of a part; 0 for one whose words are gone since the case was opened.

    A card without one of its reasons is worth more than no card.
    """
    try:
        return lengths.units(catalogue.text(part.key, part.params, part.count))
    except LocalesError:
        return 0
