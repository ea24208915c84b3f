"""What the desk does by the clock: leases, mutes, held replies, shifts, old topics, the digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from helpdesk.desk import (
    casebook,
    claims,
    closing,
    failures,
    figures,
    notices,
    outbox,
    posture,
    replies,
    staff,
    topic_commands,
    topics,
    unheard,
)
from helpdesk.desk.case import Reason, Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import DeskContext, group_of
from helpdesk.desk.ends import End
from helpdesk.desk.figures import HeldEnd, LeaseEnd
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Place, Priority, Purpose
from helpdesk.desk.staff import Deed
from helpdesk.messages import Part
from store import PostState, Tx
from store.hours import seconds

EVERY: Final = 20
"""Seconds between two rounds."""

_LONGEST_MUTE: Final = topic_commands.LONGEST_MUTE * topic_commands.HOUR
"""Seconds. Whatever seems to last longer was begun before the clock was set back."""

OLD: Final = 22 * 3600
"""Seconds after which a post is about to be deleted: the store keeps it for 24 hours, by the hour,
so 23 are certain."""


def tend(tx: Tx, now: datetime, context: DeskContext) -> Mapping[str, int]:
    """Do whatever has come due; idempotent. Returns counters."""
    counts: dict[str, int] = {}
    for entry in casebook.every_open(tx):
        counts = claims.added(counts, _tend_case(tx, entry, now))
    for entry in casebook.every_closed(tx):
        if closing.topic_is_over(entry.case, now):
            topics.forget(tx, entry, now)
    for entry in casebook.due(tx, now):
        if entry.case.open:  # nobody has done anything in it for a month
            counts = claims.added(counts, closing.close(tx, entry, Reason.NO_ANSWER, now)[1])
        else:
            closing.remove(tx, entry, now)
    for state in PostState:
        for kept in outbox.every(tx, state):
            if seconds(now) - kept.post.at >= OLD:
                counts = claims.added(counts, _put_away(tx, kept, now))
    for member in staff.end_shifts(tx, now):
        notices.to_person(tx, member, now, (Part("desk.duty.over"),))
    if group_of(tx, context) is not None and posture.safe(tx, now):
        digest = figures.digest(tx, now)
        if digest:
            notices.in_general(tx, now, digest)
    return counts


def _tend_case(tx: Tx, entry: Entry, now: datetime) -> dict[str, int]:
    case = entry.case
    if case.lease_from is not None and case.lease_from > seconds(now):
        # The clock was set back: she would wait until it has come round again.
        entry = casebook.save(tx, entry, case.but(lease_from=seconds(now)), now)
    if case.muted_until is not None and not 0 < case.muted_until - seconds(now) <= _LONGEST_MUTE:
        entry = _unmute(tx, entry, now)
    if claims.expired(entry.case, now):
        line = Part("desk.lease.expired", {"who": entry.case.owner or ""})
        return claims.release(tx, entry, now, line, LeaseEnd.EXPIRED)[1]
    if entry.case.status is Status.CLAIMED and (case.unheard or case.unheard_more):
        # They were put back when they could not go out for a day.
        unheard.pass_on(tx, entry, now)
    return {}


def _unmute(tx: Tx, entry: Entry, now: datetime) -> Entry:
    case = entry.case
    part = Part("desk.mute.over")
    if case.muted_count:
        part = Part("desk.mute.over_with", count=case.muted_count)
    notices.in_topic(tx, entry, now, (part,))
    case = case.but(muted_until=None, muted_count=0, lease_from=seconds(now))
    return casebook.save(tx, entry, case, now)


def _put_away(tx: Tx, kept: Kept, now: datetime) -> dict[str, int]:
    """See to a post that could not go out for most of a day, before the store deletes it."""
    post, entry = kept.post, None if kept.case is None else casebook.of_id(tx, kept.case)
    if kept.state is PostState.CALLING:
        return {}  # its end is not known: the next start says so
    if kept.state is PostState.HELD and entry is not None:
        counts = replies.discard(tx, kept, HeldEnd.EXPIRED)
        notices.in_topic(tx, entry, now, (Part("desk.held.expired"),), answers=post.origin)
        return counts
    report = post.place is Place.PERSON and post.priority is Priority.URGENT
    if report and post.user is not None:
        # A report must reach somebody: it waits on, and General hears that there is one.
        report = staff.may(staff.of(tx, post.user), Deed.GET_REPORTS)
        if report:
            notices.in_general(tx, now, (Part("desk.report.unread"),))
    if report or post.purpose in (Purpose.TOPIC, Purpose.CARD):
        outbox.delete(tx, kept)
        outbox.add(tx, kept.case, post.but(at=seconds(now)), now)
    elif post.purpose is Purpose.FROM_FAMILY and entry is not None and entry.case.open:
        unheard.put_back(tx, entry, [kept], now)
    else:
        outbox.delete(tx, kept)
        if post.purpose is Purpose.TO_FAMILY and entry is not None:
            failures.tell_author(tx, post, entry, End.LATER, now)
    return {}
