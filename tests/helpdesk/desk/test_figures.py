"""Figures say how long families wait and how cases end, and nothing from which one can be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.desk import casebook, figures, staff
from helpdesk.desk.case import Case, Category, Reason, Status, Urgency
from helpdesk.desk.figures import HeldEnd, LeaseEnd
from helpdesk.desk.outgoing_filter import Why
from helpdesk.desk.staff import Role
from helpdesk.messages import Part
from locales import load
from store import Database, Tx, counters
from store.hours import seconds

EIGHT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""08:00 in Caracas."""


def case(opened: datetime, **more: Any) -> Case:
    return Case(
        code=more.pop("code", "K7M4P2"),
        category=Category.COURT,
        urgency=Urgency.DAYS,
        opened_at=seconds(opened),
        **more,
    )


@pytest.mark.parametrize(
    ("after", "bucket"),
    [
        (timedelta(0), "under_15_minutes"),
        (timedelta(minutes=15), "under_1_hour"),
        (timedelta(hours=1), "under_4_hours"),
        (timedelta(hours=23), "under_1_day"),
        (timedelta(days=2), "under_3_days"),
        (timedelta(days=3), "longer"),
    ],
)
def test_waiting_is_counted_in_steps(after: timedelta, bucket: str) -> None:
    now = EIGHT + after
    assert figures.waited(case(EIGHT), now) == {f"claim_wait={bucket}|urgency=days": 1}
    assert figures.first_answer(case(EIGHT), now) == {f"first_answer={bucket}|urgency=days": 1}
    assert bucket in figures.WAITS


def test_every_counter_is_one_that_the_store_takes() -> None:
    found = [
        figures.waited(case(EIGHT), EIGHT),
        figures.first_answer(case(EIGHT), EIGHT),
        *(figures.opened(category, urgency) for category in Category for urgency in Urgency),
        *(figures.closed(category, reason) for category in Category for reason in Reason),
        *(figures.held(tuple(Why), end) for end in HeldEnd),
        *(figures.lease(end) for end in LeaseEnd),
    ]
    for counts in found:
        for counter in counts:
            assert counters.canonical(counter) == counter


def _written(tx: Tx) -> None:
    day = timedelta(days=1)
    waiting = case(EIGHT - 2 * day, code="222222", waiting_since=seconds(EIGHT) - 5 * 3600 - 60)
    casebook.begin(tx, 1, waiting, EIGHT)
    claimed = case(EIGHT - timedelta(hours=9), code="333333", status=Status.CLAIMED, owner="V-01")
    casebook.begin(tx, 2, claimed, EIGHT)
    ended = {"status": Status.CLOSED, "reason": Reason.RESOLVED}
    for chat, (code, ago) in enumerate([("444444", 0.25), ("555555", 0.5), ("777777", 2)], 3):
        entry = casebook.begin(tx, chat, case(EIGHT - 3 * day, code=code), EIGHT)
        closed = entry.case.but(closed_at=seconds(EIGHT - ago * day), **ended)
        casebook.save(tx, entry, closed, EIGHT)
    member = staff.accept(tx, 6_660_001, staff.invite(tx, Role.VOLUNTEER, None, EIGHT), EIGHT)
    assert member is not None
    staff.set_duty(tx, member, True, EIGHT)


async def test_the_digest_of_the_day(db: Database) -> None:
    words = load()
    assert await db.transaction(figures.digest, EIGHT - timedelta(days=1)) == ()  # no yesterday yet
    await db.transaction(_written)
    assert await db.transaction(figures.digest, EIGHT - timedelta(minutes=1)) == ()
    told = await db.transaction(figures.digest, EIGHT)
    assert told == (
        Part("digest.head", {"day": "date:2026-11-21"}),
        Part("digest.figures", {"waiting": 1, "in_hand": 1, "opened": 1, "closed": 1}),
        Part("digest.oldest", {"hours": 5}),
        Part("digest.duty", {"names": "list:V-01"}),
    )
    assert "21 de noviembre de 2026" in words.plain(told[0].key, told[0].params)
    assert all(words.plain(part.key, part.params) for part in told)
    assert await db.transaction(figures.digest, EIGHT + timedelta(hours=15)) == ()
    following = await db.transaction(figures.digest, EIGHT + timedelta(days=1, hours=3))
    assert following[-1] == Part("digest.nobody")
