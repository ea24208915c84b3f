"""The family's side of the desk: what her turn asks of it; her screens and words are elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from helpdesk.desk import (
    casebook,
    claims,
    closing,
    codes,
    figures,
    notices,
    posture,
    relay,
    reports,
    staff,
)
from helpdesk.desk.case import Case, Category, Pair, Reason, Shared, Urgency
from helpdesk.desk.context import DeskContext
from helpdesk.desk.posts import Priority
from helpdesk.desk.relay import Heard
from helpdesk.desk.reports import Complaint
from helpdesk.messages import Command, Part
from store import Tx, erasures
from store.hours import seconds


@dataclass(frozen=True, slots=True)
class View:
    """What she may know of the desk, and her open case.

    ``exists``: a group is configured. ``safe``: something can be passed on at this minute; while it
    is not, no new case is opened. ``on_duty``: somebody is there. ``reportable``: somebody has, or
    had, her case, or her last one that is still kept, and was not reported. ``led``: somebody
    coordinates, who would read a contact; ``report_is_read``: and had not the case in hand.
    """

    exists: bool
    safe: bool
    on_duty: bool
    case: Case | None
    reportable: bool = False
    led: bool = True
    report_is_read: bool = True


DELETABLE = 48 * 3600
"""Seconds in which a bot can delete a message from a private chat (Bot API ``deleteMessage``)."""

NO_DESK = View(False, False, False, None)
__all__ = [
    "NO_DESK",
    "Complaint",
    "Heard",
    "View",
    "end_pause",
    "erased",
    "hear",
    "leave_contact",
    "make_urgent",
    "open_case",
    "report",
    "speak",
    "take_back_contact",
    "view",
    "withdraw",
]


def view(tx: Tx, chat: int, now: datetime, context: DeskContext) -> View:
    """Return what her screens need; a closed case does not show."""
    if context.group is None:
        return NO_DESK
    entry = casebook.of_chat(tx, chat)
    on_duty, safe = bool(staff.on_duty(tx, now)), posture.safe(tx, now)
    known = casebook.all_of_chat(tx, chat)
    if not known:
        return View(True, safe, on_duty, None)
    had, leads = reports.latest(known).case, staff.leads(tx)
    return View(
        True,
        safe,
        on_duty,
        case=None if entry is None else entry.case,
        reportable=reports.about(had) not in (None, *had.barred),
        led=any(claims.kept_away(known[0], one) is None for one in leads),
        report_is_read=bool(reports.readers(leads, had)),
    )


def open_case(
    tx: Tx,
    chat: int,
    category: Category,
    urgency: Urgency,
    language: str,
    shared: Shared | None,
    now: datetime,
    context: DeskContext,
) -> Case:
    """Open her case and put it on the queue; the open one is given back when there is one.

    Whoever calls it counts `figures.opened` when the case is new (``case.opened_at`` is ``now``).
    """
    entry = casebook.of_chat(tx, chat)
    if entry is not None:
        return entry.case
    # Whom she reported stays away from her, also in a case that she opens later.
    before = casebook.all_of_chat(tx, chat)
    barred = dict.fromkeys(name for one in before for name in one.case.barred)
    had = [one.case.code for one in before if one.case.held_by]
    for one in before:
        if not one.case.held_by and not one.case.pairs:
            # Nobody ever had it: kept, a hundred of them a day would be all that the desk reads.
            closing.remove(tx, one, now)
    case = Case(
        code=casebook.new_code(tx),
        category=category,
        urgency=urgency,
        language="en" if language == "en" else "es",
        opened_at=seconds(now),
        waiting_since=seconds(now),
        shared=shared,
        barred=tuple(barred),
        reopened_from=had[0] if had else None,
    )
    return casebook.begin(tx, chat, case, now).case


def hear(tx: Tx, command: Command, context: DeskContext) -> Heard:
    """Pass on, or note, what she sent: a text, a photo, a voice note, an edit, anything else.

    What is unread before it goes first. Only for a chat with an open case (`View.case`). What it
    returns is about the command itself.
    """
    entry = casebook.of_chat(tx, command.chat)
    return Heard.NOT_PASSED if entry is None else relay.hear(tx, entry, command)


def make_urgent(tx: Tx, chat: int, now: datetime, context: DeskContext) -> None:
    """Put her open case among the urgent ones, for what she wrote cannot wait."""
    entry = casebook.of_chat(tx, chat)
    if entry is not None and entry.case.urgency is not Urgency.NOW:
        casebook.save(tx, entry, entry.case.but(urgency=Urgency.NOW), now)


def end_pause(tx: Tx, chat: int, now: datetime, context: DeskContext) -> View:
    """Let her be heard again although the case was silenced: a cry for help goes through."""
    entry = casebook.of_chat(tx, chat)
    if entry is not None and entry.case.muted_until is not None:
        notices.in_topic(
            tx, entry, now, (Part("desk.mute.cry"),), priority=Priority.URGENT, silent=False
        )
        heard = entry.case.but(muted_until=None, muted_count=0, lease_from=seconds(now))
        casebook.save(tx, entry, heard, now)
    return view(tx, chat, now, context)


def speak(tx: Tx, chat: int, language: str, now: datetime, context: DeskContext) -> None:
    """Tell her in another language what comes from the desk from here on."""
    entry = casebook.of_chat(tx, chat)
    if entry is not None:
        spoken: Literal["es", "en"] = "en" if language == "en" else "es"
        casebook.save(tx, entry, entry.case.but(language=spoken), now)


def withdraw(tx: Tx, chat: int, now: datetime, context: DeskContext) -> Mapping[str, int]:
    """End her case because she wishes it; returns counters."""
    entry = casebook.of_chat(tx, chat)
    return {} if entry is None else closing.close(tx, entry, Reason.BY_FAMILY, now)[1]


def report(
    tx: Tx, chat: int, complaint: Complaint, now: datetime, context: DeskContext
) -> Mapping[str, int]:
    """Tell those who coordinate, in private, and take the case from the volunteer; counters.

    It is about the last case that somebody had, for as long as that is kept.
    """
    known = casebook.all_of_chat(tx, chat)
    return reports.report(tx, reports.latest(known), complaint, now) if known else {}


def leave_contact(tx: Tx, chat: int, text: str, now: datetime, context: DeskContext) -> None:
    """Keep a way to reach her, sealed in her case, which only those who coordinate can read."""
    entry = casebook.of_chat(tx, chat)
    if entry is not None and text.strip():
        reports.leave_contact(tx, entry, text, now)


def take_back_contact(tx: Tx, chat: int, now: datetime, context: DeskContext) -> None:
    """Forget it, in every case of hers that is still kept."""
    for entry in casebook.all_of_chat(tx, chat):
        reports.take_back_contact(tx, entry, now)


def erased(tx: Tx, chat: int, now: datetime, context: DeskContext) -> Mapping[str, int]:
    """Leave nothing of her at the desk: /borrar. Called before `store.erasures.erase`; counters.

    Every case of hers goes with its topic, also those that are over. What a volunteer sees is one
    line in General, for a case that somebody had or waited for.
    """
    counts: dict[str, int] = {}
    for entry in casebook.all_of_chat(tx, chat):
        case = entry.case
        if case.open:
            counts = claims.added(counts, figures.closed(case.category, Reason.BY_FAMILY))
            said = Part("desk.erased", {"code": codes.shown(case.code)})
            notices.in_general(tx, now, (said,))
        # Her session knows these numbers too, unless it was lost.
        recent = [pair.family for pair in case.pairs if pair.out and _deletable(pair, now)]
        if recent:
            erasures.request(tx, chat, recent, now)
        closing.remove(tx, entry, now)
    return counts


def _deletable(pair: Pair, now: datetime) -> bool:
    return not pair.retired and casebook.since(pair.at, now) < DELETABLE
