"""What a family says of a volunteer, and the contact she leaves: for those who coordinate only."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from helpdesk.desk import casebook, claims, codes, notices, staff
from helpdesk.desk.case import Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.posts import Priority
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


def report(tx: Tx, entry: Entry, complaint: Complaint, now: datetime) -> dict[str, int]:
    """Tell those who coordinate, take the case from whoever had it last, and bar her from it.

    Whoever it is about is not told, not even when she coordinates. A second report about somebody
    who is barred already says nothing new, and nobody is told again.
    """
    case = entry.case
    name = case.held_by[-1] if case.held_by else None
    if name is not None and name in case.barred:
        return {}
    said = {
        "what": f"@desk.report.{complaint}",
        "code": codes.shown(case.code),
        "who": name or "@desk.nobody",
    }
    _tell_leads(tx, now, Part("desk.report", said), but=name)
    if name is None:
        return {}
    entry = casebook.save(tx, entry, case.but(barred=(*case.barred, name)), now)
    if case.status is not Status.CLAIMED:
        return {}
    line = Part("desk.lease.back", {"code": codes.shown(case.code)})
    return claims.take_back(tx, entry, now, line)[1]


def leave_contact(tx: Tx, entry: Entry, text: str, now: datetime) -> None:
    """Keep a way to reach her, in her case and nowhere else; those who coordinate hear of it."""
    contact = text.strip()[:LONGEST_CONTACT]
    casebook.save(tx, entry, entry.case.but(contact=contact), now)
    told = Part("desk.contact.left", {"code": codes.shown(entry.case.code)})
    _tell_leads(tx, now, told)


def take_back_contact(tx: Tx, entry: Entry, now: datetime) -> None:
    """Forget it."""
    if entry.case.contact is not None:
        casebook.save(tx, entry, entry.case.but(contact=None), now)


def _tell_leads(tx: Tx, now: datetime, part: Part, but: str | None = None) -> None:
    for lead in staff.leads(tx):
        if lead.name != but:
            # URGENT is tried until it arrives: a lead may not have begun a chat with the bot.
            notices.to_person(tx, lead, now, (part,), priority=Priority.URGENT)
