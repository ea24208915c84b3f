"""Who has a case: claiming it, giving it back, handing it on, and the lease that takes it back.

A claim is a compare-and-set in a transaction: of two who press at once, one has it and the other is
told who. The lease runs only while the family waits for an answer, and every act winds it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from helpdesk.desk import (
    casebook,
    codes,
    figures,
    notices,
    outbox,
    posture,
    staff,
    topics,
    unheard,
)
from helpdesk.desk.case import Case, Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import DeskContext
from helpdesk.desk.figures import HeldEnd, LeaseEnd
from helpdesk.desk.outgoing_filter import Why
from helpdesk.desk.staff import Deed, Member
from helpdesk.messages import Part
from store import PostState, Tx
from store.hours import seconds

LEASE: Final = 30 * 60
"""Seconds that a family waits for whoever has her case, before it goes back to the queue."""
MOST: Final = 5
"""Cases that a volunteer may have in hand."""
_WOUND_UP: Final = 60
"""Seconds of a lease that must have passed before an act is worth a writing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an attempt: the case as it is now, what to answer, counters.

    ``done`` says that the case is the volunteer's.
    """

    entry: Entry
    answer: Part
    done: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)


def claim(
    tx: Tx,
    entry: Entry,
    member: Member,
    now: datetime,
    context: DeskContext,
    *,
    told: bool = True,
) -> Verdict:
    """Give a waiting case to a volunteer, unless somebody has it; ``told`` tells the family."""
    case = entry.case
    code = codes.shown(case.code)
    if case.status is Status.CLOSED:
        return Verdict(entry, Part("desk.claim.closed", {"code": code}))
    if case.owner == member.name:
        return Verdict(entry, Part("desk.claim.yours", {"code": code}))
    if case.owner is not None:
        return Verdict(entry, Part("desk.claim.taken", {"code": code, "who": case.owner}))
    refused = _refused(tx, entry, member)
    if refused is not None:
        return Verdict(entry, refused)
    if not posture.safe(tx, now):
        return Verdict(entry, Part("desk.claim.unsafe"))
    first = case.claimed_at is None
    counts = figures.waited(case, now) if first else {}
    # The lease of whoever takes it begins now, however long she has waited before.
    case = _given(case, member, now).but(
        claimed_at=seconds(now) if first else case.claimed_at,
        waiting_since=case.waiting_since or seconds(now),
    )
    entry = _introduce(tx, entry, case, member, now, context)
    if not told:
        pass
    elif first:
        notices.told_family(tx, entry, now, "case.claimed", {"who": member.name})
    elif entry.case.held_by[-2:-1] != (member.name,):
        notices.told_family(tx, entry, now, "case.handed", {"who": member.name})
    return Verdict(entry, Part("desk.claim.done", {"code": code}), True, counts)


def release(
    tx: Tx, entry: Entry, now: datetime, line: Part, end: LeaseEnd
) -> tuple[Entry, dict[str, int]]:
    """Put a case back on the queue, with one line in its topic; returns counters too."""
    counts = figures.lease(end) | _drop_held(tx, entry, entry.case.owner)
    case, heard_again = _heard_again(entry.case)
    notices.in_topic(tx, entry, now, (line, *heard_again))
    case = case.but(
        status=Status.WAITING,
        owner=None,
        lease_from=None,
        waiting_since=case.waiting_since or seconds(now),
    )
    return casebook.save(tx, entry, case, now), counts


def hand_off(tx: Tx, entry: Entry, to: Member, note: str, now: datetime) -> Verdict:
    """Give a case that somebody has to another, with a note for her."""
    case = entry.case
    before = case.owner or ""
    refused = _refused(tx, entry, to)
    if to.name == before:
        refused = Part("desk.pass.same", {"who": to.name})
    if refused is not None:
        return Verdict(entry, refused)
    counts = figures.lease(LeaseEnd.HANDED_OFF) | _drop_held(tx, entry, case.owner)
    case, heard_again = _heard_again(case)
    entry = casebook.save(tx, entry, _given(case, to, now), now)
    parts = [Part("desk.pass.line", {"before": before, "after": to.name}), *heard_again]
    if note:
        parts.append(Part("desk.note", {"text": notices.text(note)}))
    notices.in_topic(tx, entry, now, tuple(parts), silent=False)
    told = Part("desk.pass.to_you", {"before": before, "code": codes.shown(case.code)})
    notices.to_person(tx, to, now, (told,))
    notices.told_family(tx, entry, now, "case.handed", {"who": to.name})
    done = Part("desk.pass.done", {"who": to.name})
    return Verdict(entry, done, True, counts)


def take_away(tx: Tx, name: str, now: datetime) -> dict[str, int]:
    """Put everything that somebody has in hand back on the queue: she is of the team no more.

    What she wrote and has not gone out yet does not go out, also of cases that she gave away.
    """
    counts: dict[str, int] = {}
    for entry in casebook.held_by(tx, name):
        line = Part("desk.lease.taken_away", {"who": name})
        counts = added(counts, take_back(tx, entry, now, line)[1])
    unsent = (*outbox.every(tx, PostState.WAITING), *outbox.every(tx, PostState.HELD))
    outbox.delete(tx, *outbox.to_family(unsent, name))
    return counts


def take_back(tx: Tx, entry: Entry, now: datetime, line: Part) -> tuple[Entry, dict[str, int]]:
    """Put a case back on the queue against the will of whoever has it, with all she wrote."""
    own = outbox.to_family(outbox.of_case(tx, entry.id), entry.case.owner)
    outbox.delete(tx, *(one for one in own if one.waits))
    return release(tx, entry, now, line, LeaseEnd.TAKEN_AWAY)


def expired(case: Case, now: datetime) -> bool:
    """Say whether the family has waited too long for whoever has her case."""
    if case.status is not Status.CLAIMED or case.waiting_since is None:
        return False
    if case.muted_until is not None:
        return False  # whoever has it asked for a pause, which has its own end
    return casebook.since(case.lease_from, now) >= LEASE


def renew(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """Let the lease run anew: whoever has the case did something in it."""
    case = entry.case
    if case.status is not Status.CLAIMED:
        return entry
    if case.lease_from is not None and 0 <= seconds(now) - case.lease_from < _WOUND_UP:
        return entry
    return casebook.save(tx, entry, case.but(lease_from=seconds(now)), now)


def added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Add counters up."""
    return {key: counts.get(key, 0) + more.get(key, 0) for key in (*counts, *more)}


def kept_away(entry: Entry, member: Member) -> Part | None:
    """Return why somebody may do nothing in a case: the family reported her, or it is her own.

    Both are said in the same words, for neither is anybody else's to know.
    """
    if member.name in entry.case.barred or member.user == entry.chat:
        return Part("desk.claim.barred", {"who": member.name})
    return None


def _refused(tx: Tx, entry: Entry, member: Member) -> Part | None:
    """Return why somebody may not have a case; None when she may."""
    if not staff.may(member, Deed.CLAIM):
        return Part("desk.claim.no_role", {"who": member.name})
    if (away := kept_away(entry, member)) is not None:
        return away
    if len(casebook.held_by(tx, member.name)) >= MOST:
        return Part("desk.claim.too_many", {"who": member.name, "most": MOST})
    return None


def _heard_again(case: Case) -> tuple[Case, tuple[Part, ...]]:
    """Return a case whose family is heard again, and how that is said: who silenced her let go."""
    if case.muted_until is None:
        return case, ()
    part = Part("desk.mute.over")
    if case.muted_count:
        part = Part("desk.mute.over_with", count=case.muted_count)
    return case.but(muted_until=None, muted_count=0), (part,)


def _given(case: Case, member: Member, now: datetime) -> Case:
    return case.but(
        status=Status.CLAIMED,
        owner=member.name,
        lease_from=seconds(now),
        held_by=(*case.held_by, member.name),
    )


def _introduce(
    tx: Tx, entry: Entry, case: Case, member: Member, now: datetime, context: DeskContext
) -> Entry:
    """Write down a topic with its card, or a line where there is one; then what she wrote."""
    has_topic = case.topic is not None or case.topic_wanted
    entry = casebook.save(tx, entry, case.but(topic_wanted=True), now)
    if has_topic:
        line = Part("desk.claim.line", {"who": member.name})
        notices.in_topic(tx, entry, now, (line,))
    else:
        topics.start(tx, entry, now, context)
    return unheard.pass_on(tx, entry, now)


def _drop_held(tx: Tx, entry: Entry, author: str | None) -> dict[str, int]:
    """Discard the replies of a volunteer that nobody has confirmed: she has the case no more."""
    counts: dict[str, int] = {}
    for one in outbox.to_family(outbox.of_case(tx, entry.id), author):
        if one.state is PostState.HELD:
            outbox.delete(tx, one)
            known = [Why(why) for why in one.post.held_for if why in set(Why)]
            counts = added(counts, figures.held(known, HeldEnd.DISCARDED))
    return counts
