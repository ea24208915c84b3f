"""The end of a case, its beginning again under a new code, and what goes with it in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from helpdesk.desk import casebook, claims, codes, figures, notices, outbox, replies, topics
from helpdesk.desk.case import Case, Reason, Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import DeskContext
from helpdesk.desk.posts import Call, Place
from helpdesk.desk.staff import Member
from helpdesk.messages import Button, Part
from store import PostState, Tx, cases
from store.hours import moment, seconds

CHOOSABLE: Final = (
    Reason.RESOLVED,
    Reason.REFERRED,
    Reason.NO_ANSWER,
    Reason.NOT_FOR_US,
    Reason.DUPLICATE,
    Reason.ABUSIVE,
)
"""What a volunteer may close a case with; the others say what somebody else did."""

TOPIC_GOES: Final = casebook.KEPT - timedelta(hours=2)
"""After the end of a case its topic is deleted; a little before the case itself is."""

_SILENT: Final = frozenset({Reason.BY_FAMILY, Reason.UNREACHABLE})
"""She knows, or cannot be told."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """What became of an attempt to open a case again: the new one, what to answer, counters."""

    entry: Entry | None
    answer: Part
    counts: Mapping[str, int] = field(default_factory=dict)


def close(
    tx: Tx, entry: Entry, reason: Reason, now: datetime, by: str | None = None
) -> tuple[Entry, dict[str, int]]:
    """End a case: tell the family, say so in the topic and close it; returns counters too.

    What she wrote before still goes into the topic, and what was let out still goes to her; what a
    second person has not confirmed does not.
    """
    case = entry.case
    counts = figures.closed(case.category, reason)
    for kept in outbox.of_case(tx, entry.id):
        if kept.state is PostState.HELD:
            counts = claims.added(counts, replies.discard(tx, kept, figures.HeldEnd.DISCARDED))
        elif reason is Reason.UNREACHABLE and kept.waits and kept.post.place is Place.FAMILY:
            outbox.delete(tx, kept)
    case = case.but(
        status=Status.CLOSED,
        closed_at=seconds(now),
        reason=reason,
        waiting_since=None,
        lease_from=None,
        muted_until=None,
        unheard=(),
    )
    if reason not in _SILENT:
        params = {"code": codes.shown(case.code)}
        notices.told_family(tx, entry, now, f"case.closed.{_why(entry.case, reason, by)}", params)
    if case.topic is None:
        case = topics.never(tx, entry, case)
    else:
        said = {"reason": f"@desk.reason.{reason}"}
        line = Part("desk.close.by_itself", said)
        if by is not None:
            line = Part("desk.close.line", said | {"who": by})
        notices.in_topic(tx, entry, now, (line,))
        topics.add_call(tx, entry, Call.CLOSE_TOPIC, now)
    return casebook.save(tx, entry, case, now), counts


def _why(case: Case, reason: Reason, by: str | None) -> str:
    """Return what the family is told: not that she gave no answer when it was she who waited."""
    if by is None and reason is Reason.NO_ANSWER and case.waiting_since is not None:
        return "unanswered"
    return reason.value


def reopen(tx: Tx, entry: Entry, member: Member, now: datetime, context: DeskContext) -> Reopened:
    """Begin a closed case again under a new code, in the hands of whoever does it if she may."""
    old = entry.case
    code = codes.shown(old.code)
    if old.open:
        return Reopened(None, Part("desk.reopen.is_open", {"code": code}))
    if (away := claims.kept_away(entry, member)) is not None:
        return Reopened(None, away)
    if entry.chat is None or old.reason is Reason.UNREACHABLE:
        return Reopened(None, Part("desk.reopen.unreachable", {"code": code}))
    if old.reason is Reason.BY_FAMILY:
        # She said that she needs it no more: only she can wish it back.
        return Reopened(None, Part("desk.reopen.by_family", {"code": code}))
    another = casebook.of_chat(tx, entry.chat)
    if another is not None:
        shown = codes.shown(another.case.code)
        return Reopened(None, Part("desk.reopen.another", {"code": shown}))
    case = Case(
        code=casebook.new_code(tx),
        category=old.category,
        urgency=old.urgency,
        language=old.language,
        opened_at=seconds(now),
        waiting_since=seconds(now),
        shared=old.shared,
        barred=old.barred,
        contact=old.contact,
        reopened_from=old.code,
    )
    new = casebook.begin(tx, entry.chat, case, now)
    shown = codes.shown(case.code)
    verdict = claims.claim(tx, new, member, now, context, told=False)
    told, said, answer = "case.reopened", {"code": shown}, "desk.reopen.queued"
    if verdict.done:
        # One message for both: two in a row would say that she waits, and that she does not.
        told, said, answer = "case.reopened_by", said | {"who": member.name}, "desk.reopen.yours"
    copy = Button("button.copy_code", "", {"code": shown}, copy=shown)
    notices.told_family(tx, verdict.entry, now, told, said, rows=((copy,),))
    counts = claims.added(figures.opened(case.category, case.urgency), verdict.counts)
    return Reopened(verdict.entry, Part(answer, {"code": shown}), counts)


def topic_is_over(case: Case, now: datetime) -> bool:
    """Say whether the topic of a closed case has stood long enough."""
    if case.closed_at is None or not (case.topic is not None or case.topic_wanted):
        return False
    return now >= moment(case.closed_at) + TOPIC_GOES


def remove(tx: Tx, entry: Entry, now: datetime) -> None:
    """Leave nothing of a case: its topic goes, its posts, its look-ups and the case itself."""
    if entry.case.topic is not None:
        topics.delete(tx, entry.case.topic, now)
    cases.delete(tx, entry.id)
