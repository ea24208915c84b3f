"""Forty invented interviews that the demo counts into last week, so that its query log shows.

They go through the same rules and counters as a family's; nobody's answers are among them.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import rules
from bot import stats
from helpdesk import counting
from helpdesk.context import LAW, day_of
from helpdesk.interview import Assessor
from helpdesk.state import DOES_NOT_KNOW, Answers, State
from store import Database, Tx, counters

_NOTHING = {
    "death_charged": False,
    "gravest_injury_charged": False,
    "foreign_armed_action_charged": False,
    "alleged_to_continue": False,
}
AFTER_THE_ELECTION: Answers = {
    "petition": "filed_no_answer",
    "situation": "released_with_measures",
    "fact_date": "2024-07-29",
    "event": "presidencial_2024",
    "military_status": "civilian",
    "charges": ["terrorismo", "incitacion_al_odio"],
    **_NOTHING,
}
_WITHOUT_THE_CHARGE: Answers = {
    **AFTER_THE_ELECTION,
    "situation": "detained",
    "charges": DOES_NOT_KNOW,
}
NO_EVENT: Answers = {
    "petition": "not_filed",
    "situation": "detained",
    "fact_date": "2025-11",
}
INVENTED: tuple[tuple[int, Answers], ...] = (
    (17, AFTER_THE_ELECTION),
    (12, _WITHOUT_THE_CHARGE),
    (11, NO_EVENT),
)
"""How many families of each pattern: forty in all."""


async def count_last_week(db: Database, now: datetime) -> list[str]:
    """Count the forty into last week, close it, and return the log as ``faro stats`` prints it."""
    look = Assessor(rules.load().get(LAW, as_of=day_of(now)), day_of(now))
    counts: Counter[str] = Counter()
    for families, answers in INVENTED:
        state = State(law_version=look.law.version, law_hash=look.law.law_hash, answers=answers)
        for cell in counting.finished(look, state):
            counts[cell] += families
    return stats.table(
        await db.transaction(_close, counters.week_of(now - timedelta(days=7)), counts)
    )


def _close(tx: Tx, week: str, counts: Counter[str]) -> dict[str, dict[str, int]]:
    counters.add(tx, week, counts)
    counters.close_week(tx, week)
    return counters.closed(tx)
