"""Figures of the service: how long families wait and how cases end, and nobody in them.

Counters are as in `helpdesk.counting`: at most two dimensions, added up by week. The digest of the
day is worked out from the cases that there are, and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.context import day_of
from helpdesk.desk import casebook, staff
from helpdesk.desk.case import Case, Category, Reason, Status, Urgency
from helpdesk.desk.outgoing_filter import Why
from helpdesk.messages import Part
from store import Tx, desk_state
from store.hours import CARACAS, moment, seconds

DIGEST_AT: Final = 8
"""The hour of Caracas."""

_WAITS: Final = (
    (timedelta(minutes=15), "under_15_minutes"),
    (timedelta(hours=1), "under_1_hour"),
    (timedelta(hours=4), "under_4_hours"),
    (timedelta(hours=24), "under_1_day"),
    (timedelta(days=3), "under_3_days"),
)
_LONGER: Final = "longer"
WAITS: Final = (*(name for _, name in _WAITS), _LONGER)
"""Names of how long somebody waited, the shortest first."""

_STATE: Final = "digest_day"


class LeaseEnd(StrEnum):
    """How a volunteer's hold on a case ended, other than by closing it."""

    RELEASED = "released"
    EXPIRED = "expired"
    HANDED_OFF = "handed_off"
    TAKEN_AWAY = "taken_away"


class HeldEnd(StrEnum):
    """What became of a reply that the outgoing filter found something in."""

    HELD = "held"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"
    EXPIRED = "expired"


def opened(category: Category, urgency: Urgency) -> dict[str, int]:
    """Return the counter of a new case."""
    return {f"case_opened={category}|urgency={urgency}": 1}


def waited(case: Case, now: datetime) -> dict[str, int]:
    """Return the counter of how long a case waited to be claimed for the first time."""
    return {f"claim_wait={_bucket(case.opened_at, now)}|urgency={case.urgency}": 1}


def first_answer(case: Case, now: datetime) -> dict[str, int]:
    """Return the counter of how long a family waited for the first answer of a person."""
    return {f"first_answer={_bucket(case.opened_at, now)}|urgency={case.urgency}": 1}


def closed(category: Category, reason: Reason) -> dict[str, int]:
    """Return the counter of a case that ended."""
    return {f"case_closed={reason}|category={category}": 1}


def held(whys: Iterable[Why], end: HeldEnd = HeldEnd.HELD) -> dict[str, int]:
    """Return the counters of a held reply, one for each reason."""
    return {f"reply_held={why}|then={end}": 1 for why in whys}


def lease(end: LeaseEnd) -> dict[str, int]:
    """Return the counter of a case that left a volunteer's hands unfinished."""
    return {f"lease={end}": 1}


def digest(tx: Tx, now: datetime) -> tuple[Part, ...]:
    """Return the digest of the day, once, from `DIGEST_AT` on in Caracas; nothing at other times.

    A desk that has just been set up has no yesterday: its first digest comes the next day.
    """
    today = day_of(now)
    state = desk_state.get(tx)
    last = state.get(_STATE)
    if now.astimezone(CARACAS).hour < DIGEST_AT or last == today.isoformat():
        return ()
    desk_state.put(tx, state | {_STATE: today.isoformat()})
    if last is None:
        return ()
    known = [one.case for one in (*casebook.every_open(tx), *casebook.every_closed(tx))]
    waiting = [one for one in known if one.status is Status.WAITING]
    yesterday = today - timedelta(days=1)
    parts = [
        Part("digest.head", {"day": f"date:{today.isoformat()}"}),
        Part(
            "digest.figures",
            {
                "waiting": len(waiting),
                "in_hand": sum(one.status is Status.CLAIMED for one in known),
                "opened": sum(day_of(moment(one.opened_at)) == yesterday for one in known),
                "closed": sum(_closed_on(one) == yesterday for one in known),
            },
        ),
    ]
    if waiting:
        oldest = min(one.waiting_since or one.opened_at for one in waiting)
        parts.append(Part("digest.oldest", {"hours": (seconds(now) - oldest) // 3600}))
    names = [one.name for one in staff.on_duty(tx, now)]
    on_duty = Part("digest.duty", {"names": "list:" + "|".join(names)})
    return (*parts, on_duty if names else Part("digest.nobody"))


def _closed_on(case: Case) -> date | None:
    return None if case.closed_at is None else day_of(moment(case.closed_at))


def _bucket(since: int, now: datetime) -> str:
    passed = timedelta(seconds=seconds(now) - since)
    return next((name for limit, name in _WAITS if passed < limit), _LONGER)
