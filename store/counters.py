"""Anonymous counts by week: the only record of what is asked; no event, no time, no id.

An open week is one sealed value, so that the disk does not show the small numbers from which a
single family can be told. A week that is closed is rounded down to tens, loses every cell under
ten and is written in clear; from then on nobody, the organisers included, can see more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from store import cipher, lock
from store.errors import CounterKeyError, WeekClosedError
from store.hours import CARACAS
from store.statements import statement
from store.tables import counters_closed, counters_open, weeks_closed
from store.transaction import Tx

STEP: Final = 10
"""Closed cells are rounded down to a multiple of this; a cell under it is not kept at all."""

KEPT_MONTHS: Final = 24

GRACE: Final = timedelta(days=1)
"""How long after its end a week stays open, for counts that were still in memory."""

_TABLE: Final = "counters_open"
_PURPOSE: Final = "seal:counters"

_WEEK: Final = re.compile(r"\d{4}-W\d{2}")
_PART: Final = re.compile(r"([a-z][a-z0-9_]{0,39})=([a-z0-9_]{1,39})")
_LONG_NUMBER: Final = re.compile(r"\d{5}")

_GET = statement(select(counters_open.c.body).where(counters_open.c.week == bindparam("week")))
_INSERT = statement(insert(counters_open))
_UPDATE = statement(
    update(counters_open)
    .where(counters_open.c.week == bindparam("at"))
    .values(body=bindparam("body"))
)
_DELETE = statement(delete(counters_open).where(counters_open.c.week == bindparam("week")))
_OPEN_BEFORE = statement(
    select(counters_open.c.week)
    .where(counters_open.c.week < bindparam("week"))
    .order_by(counters_open.c.week)
)
_WAS_CLOSED = statement(select(weeks_closed.c.week).where(weeks_closed.c.week == bindparam("week")))
_CLOSE = statement(insert(weeks_closed))
_WRITE_CELL = statement(insert(counters_closed))
_CLOSED = statement(
    select(counters_closed.c.week, counters_closed.c.counter, counters_closed.c.count).order_by(
        counters_closed.c.week, counters_closed.c.counter
    )
)
_CLOSED_WEEKS = statement(select(weeks_closed.c.week).order_by(weeks_closed.c.week))
_EXPIRE_CELLS = statement(delete(counters_closed).where(counters_closed.c.week < bindparam("week")))
_EXPIRE_WEEKS = statement(delete(weeks_closed).where(weeks_closed.c.week < bindparam("week")))


def week_of(now: datetime) -> str:
    """The ISO week of a moment on the clocks of Caracas (UTC−4 all year), such as 2026-W47."""
    year, week, _ = now.astimezone(CARACAS).isocalendar()
    return f"{year:04d}-W{week:02d}"


def canonical(counter: str) -> str:
    """A counter's one spelling: its one or two ``dimension=value``, in alphabetical order.

    Raises `CounterKeyError` for a third dimension, a dimension given twice, anything but small
    letters, digits and underscores, or five digits in a row (an id is not a category).
    """
    parts = counter.split("|")
    found = [_PART.fullmatch(part) for part in parts]
    names = {match[1] for match in found if match}
    if not all(found) or len(parts) > 2 or len(names) != len(parts) or _LONG_NUMBER.search(counter):
        # The counter is not shown: it may be refused because it holds what must not be counted.
        raise CounterKeyError("a counter is dimension=value, or two of them with | between")
    return "|".join(sorted(parts))


def add(tx: Tx, week: str, counts: Mapping[str, int]) -> None:
    """Add counts to an open week, opening it if need be.

    Raises `CounterKeyError`, `WeekClosedError`, and `ValueError` for a negative count or a week
    that is not written like 2026-W47.
    """
    _check(week)
    lock.rows(tx, counters_open, week)
    if tx.execute(_WAS_CLOSED, {"week": week}).fetchone() is not None:
        raise WeekClosedError(f"the week {week} was closed and rounded")
    row = tx.execute(_GET, {"week": week}).fetchone()
    total = {} if row is None else _unseal(tx, week, row[0])
    for counter, count in counts.items():
        if count < 0:
            raise ValueError("a count is not negative")
        name = canonical(counter)
        total[name] = total.get(name, 0) + count
    sealed = _seal(tx, week, total)
    if row is None:
        tx.execute(_INSERT, {"week": week, "body": sealed})
    else:
        tx.execute(_UPDATE, {"at": week, "body": sealed})


def load(tx: Tx, week: str) -> dict[str, int]:
    """The exact counts of an open week; empty when nothing was counted or it was closed.

    Only for adding up and for tests: what is shown or exported comes from `closed`.
    """
    _check(week)
    row = tx.execute(_GET, {"week": week}).fetchone()
    return {} if row is None else _unseal(tx, week, row[0])


def close_week(tx: Tx, week: str) -> dict[str, int]:
    """Round an open week down, write it in clear, and delete what was exact; what was written.

    Cells under `STEP` are dropped. A week already closed stays as it is and answers nothing.
    """
    _check(week)
    lock.rows(tx, counters_open, week)
    if tx.execute(_WAS_CLOSED, {"week": week}).fetchone() is not None:
        return {}
    exact = load(tx, week)
    rounded = {name: count // STEP * STEP for name, count in sorted(exact.items()) if count >= STEP}
    tx.execute(_CLOSE, {"week": week})
    for name, count in rounded.items():
        tx.execute(_WRITE_CELL, {"week": week, "counter": name, "count": count})
    tx.execute(_DELETE, {"week": week})
    return rounded


def close_before(tx: Tx, now: datetime) -> int:
    """Close every open week that ended at least `GRACE` ago; how many."""
    weeks = [row[0] for row in tx.execute(_OPEN_BEFORE, {"week": week_of(now - GRACE)}).fetchall()]
    for week in weeks:
        close_week(tx, week)
    return len(weeks)


def closed(tx: Tx) -> dict[str, dict[str, int]]:
    """Every closed week, oldest first, with its rounded cells; a missing cell is under ten."""
    weeks: dict[str, dict[str, int]] = {row[0]: {} for row in tx.execute(_CLOSED_WEEKS).fetchall()}
    for week, counter, count in tx.execute(_CLOSED).fetchall():
        weeks.setdefault(week, {})[counter] = count
    return weeks


def expire_cells(tx: Tx, now: datetime) -> int:
    """Delete the cells of closed weeks that began more than `KEPT_MONTHS` ago."""
    return tx.execute(_EXPIRE_CELLS, {"week": _oldest_kept(now)}).rowcount


def expire_weeks(tx: Tx, now: datetime) -> int:
    """Delete the notes that a week was closed, as old as the cells that `expire_cells` deletes."""
    return tx.execute(_EXPIRE_WEEKS, {"week": _oldest_kept(now)}).rowcount


def _oldest_kept(now: datetime) -> str:
    today = now.astimezone(CARACAS).date()
    # The first of the month: 24 months ago always exists, and 29 February needs no rule.
    limit = date(today.year - KEPT_MONTHS // 12, today.month, 1)
    year, week, _ = limit.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _check(week: str) -> None:
    if not _WEEK.fullmatch(week):
        raise ValueError("a week is written like 2026-W47")


def _seal(tx: Tx, week: str, counts: Mapping[str, int]) -> bytes:
    plaintext = json.dumps(counts, sort_keys=True, separators=(",", ":")).encode("ascii")
    return cipher.seal(tx.keys.subkey(_PURPOSE), _TABLE, week.encode("ascii"), plaintext)


def _unseal(tx: Tx, week: str, sealed: bytes) -> dict[str, int]:
    opened = cipher.open_sealed(tx.keys.subkey(_PURPOSE), _TABLE, week.encode("ascii"), sealed)
    counts: dict[str, int] = json.loads(opened)
    return counts
