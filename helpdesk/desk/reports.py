"""What a family says of a volunteer, and the contact she leaves: for those who coordinate only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from helpdesk.desk import casebook, claims, codes, notices, outbox, staff
from helpdesk.desk.case import Case, Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.posts import Priority
from helpdesk.desk.staff import Member
from helpdesk.messages import Part
from store import Tx

LONGEST_CONTACT = 300
"""Characters."""


class Complaint(StrEnum):
    """What she reports of a volunteer."""

    MONEY = "money"
    DATA = "data"
    RUDE = "rude"
    OTHER = "other"


def about(case: Case) -> str | None:
    """Return whom a report is about: who has her case, or had it last."""
    return case.held_by[-1] if case.held_by else None


def latest(known: Sequence[Entry]) -> Entry:
    """Return which of a family's cases, the newest first, a report is about.

    The last that somebody had: a new one that nobody has yet does not hide who had that.
    """
    return next((one for one in known if one.case.held_by), known[0])


def readers(leads: Iterable[Member], case: Case) -> tuple[Member, ...]:
    """Return who of those who coordinate reads a report: nobody who had her case in hand."""
    return tuple(one for one in leads if one.name not in case.held_by)


def report(tx: Tx, entry: Entry, complaint: Complaint, now: datetime) -> dict[str, int]:
    """Tell those who coordinate, take the case from whoever had it last, and bar her from it.

    Whoever it is about is not told, not even when she coordinates, nor whoever had the case before
    her: the family may mean that one. A second report about somebody who is barred already says
    nothing new, and nobody is told again.
    """
    case = entry.case
    name = about(case)
    if name is not None and name in case.barred:
        return {}
    said = {
        "what": f"@desk.report.{complaint}",
        "code": codes.shown(case.code),
        "who": name or "@desk.nobody",
    }
    parts = [Part("desk.report" if case.open else "desk.report_over", said)]
    before = [one for one in dict.fromkeys(case.held_by) if one != name]
    if before:
        parts.append(Part("desk.report_before", {"names": "list:" + "|".join(before)}))
    _tell(tx, now, readers(staff.leads(tx), case), *parts)
    if name is None:
        return {}
    own = outbox.to_family(outbox.of_case(tx, entry.id), name)
    outbox.delete(tx, *(one for one in own if one.waits))
    entry = casebook.save(tx, entry, case.but(barred=(*case.barred, name)), now)
    new = None if entry.chat is None else casebook.of_chat(tx, entry.chat)
    if new is not None and new.id != entry.id:
        casebook.save(tx, new, new.case.but(barred=(*new.case.barred, name)), now)
    if case.status is not Status.CLAIMED:
        return {}
    line = Part("desk.lease.back", {"code": codes.shown(case.code)})
    return claims.take_back(tx, entry, now, line)[1]


def leave_contact(tx: Tx, entry: Entry, text: str, now: datetime) -> None:
    """Keep a way to reach her, in her case and nowhere else; those who coordinate hear of it."""
    contact = text.strip()[:LONGEST_CONTACT]
    casebook.save(tx, entry, entry.case.but(contact=contact), now)
    told = Part("desk.contact.left", {"code": codes.shown(entry.case.code)})
    _tell(tx, now, (one for one in staff.leads(tx) if not claims.kept_away(entry, one)), told)


def take_back_contact(tx: Tx, entry: Entry, now: datetime) -> None:
    """Forget it."""
    if entry.case.contact is not None:
        casebook.save(tx, entry, entry.case.but(contact=None), now)


def _tell(tx: Tx, now: datetime, leads: Iterable[Member], *parts: Part) -> None:
    for lead in leads:
        # URGENT is tried until it arrives: a lead may not have begun a chat with the bot.
        notices.to_person(tx, lead, now, parts, priority=Priority.URGENT)
