"""Prints the anonymised query log: counts of closed weeks, rounded as they are kept, nothing else.

An open week is never shown, not even its total: from small numbers a single family can be told.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.settings import Settings
from helpdesk.desk.figures import WAITS
from store import Keys, Tx, counters, open_database
from store.errors import StoreError

UNDER_TEN = "–"
NO_DATABASE = "Empty, because there is no database at {path} yet."
NOTHING_COUNTED = (
    "Empty, because nothing has been counted yet: a conversation counts once it has a result, "
    "and counts are written every hour."
)
STILL_OPEN = (
    "Empty, because no week is closed yet. The week {week} can be shown from {day} on, a day "
    "after its end; open weeks are never shown."
)
HEAD = (
    "Conversations with a result, and cases at the desk, by closed week. Every cell is rounded "
    "down to tens; under ten it is {mark}. Cells may not be added up: there are no totals on "
    "purpose."
)
TITLES = {
    "case_opened": "cases opened",
    "case_closed": "cases closed, reason",
    "claim_wait": "wait until somebody took the case",
    "first_answer": "wait until the first answer",
    "reply_held": "replies held by the filter",
    "then": "what became of them",
    "lease": "cases given back before their end",
}
"""Names of dimensions that do not say what they are; the others are their own title."""
NOTHING_REACHED_TEN = "{mark}  (no cell reached ten)"

Weeks = Mapping[str, Mapping[str, int]]


async def show(settings: Settings, now: datetime, *, as_csv: bool = False) -> int:
    """Print the log as a table or as CSV, or why it is empty; gives the exit code."""
    if not settings.database_path.exists():
        print(NO_DATABASE.format(path=settings.database_path))
        return 0
    try:
        async with await open_database(settings.database_url, Keys.load(settings.key_file)) as db:
            weeks = await db.transaction(counters.closed)
            counting = await db.transaction(_counting, now)
    except StoreError as error:
        print(f"The counters cannot be read: {error}")
        return 1
    if as_csv:
        print(written_as_csv(weeks), end="")
    else:
        print("\n".join(table(weeks) if weeks else [why_empty(counting)]))
    return 0


def _counting(tx: Tx, now: datetime) -> str | None:
    """Return the oldest week that may be open and has counts: last week's, or this one's."""
    weeks = (counters.week_of(now - timedelta(days=7)), counters.week_of(now))
    return next((week for week in weeks if counters.load(tx, week)), None)


def why_empty(counting: str | None) -> str:
    """Say why there is nothing to show: nothing was counted, or the week counting is open."""
    if counting is None:
        return NOTHING_COUNTED
    return STILL_OPEN.format(week=counting, day=closes_on(counting).isoformat())


def closes_on(week: str) -> date:
    """Return the day from which a week such as 2026-W47 is closed."""
    year, number = week.split("-W")
    monday_after = date.fromisocalendar(int(year), int(number), 1) + timedelta(days=7)
    return monday_after + counters.GRACE


def table(weeks: Weeks) -> list[str]:
    """Write closed weeks as lines: for each pair of dimensions, one against the other."""
    lines = [HEAD.format(mark=UNDER_TEN)]
    for week, cells in weeks.items():
        lines += ["", week]
        if not cells:
            lines.append("  " + NOTHING_REACHED_TEN.format(mark=UNDER_TEN))
        for dimensions, found in _by_dimensions(cells).items():
            lines += ["", *_grid(dimensions, found)]
    return lines


def written_as_csv(weeks: Weeks) -> str:
    """Write closed weeks as CSV: a row per cell that reached ten, under a row of names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["week", "dimension", "value", "by_dimension", "by_value", "at_least"])
    for week, cells in weeks.items():
        for cell, count in cells.items():
            pairs = [part.split("=") for part in cell.split("|")]
            first, second = pairs[0], pairs[1] if len(pairs) == 2 else ["", ""]
            writer.writerow([week, *first, *second, count])
    return out.getvalue()


def _by_dimensions(
    cells: Mapping[str, int],
) -> dict[tuple[str, ...], dict[tuple[str, ...], int]]:
    groups: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}
    for cell, count in cells.items():
        pairs = [part.split("=") for part in cell.split("|")]
        names = tuple(name for name, _ in pairs)
        groups.setdefault(names, {})[tuple(value for _, value in pairs)] = count
    return groups


def _grid(dimensions: tuple[str, ...], found: Mapping[tuple[str, ...], int]) -> Iterable[str]:
    if len(dimensions) == 1:
        title = TITLES.get(dimensions[0], dimensions[0])
        return _aligned(
            [(title, "at least"), *((values[0], str(n)) for values, n in found.items())]
        )
    downs = sorted({down for down, _ in found}, key=_in_order)
    acrosses = sorted({across for _, across in found}, key=_in_order)
    head = (" by ".join(TITLES.get(name, name) for name in dimensions), *acrosses)
    body = (
        (down, *(str(found.get((down, across), UNDER_TEN)) for across in acrosses))
        for down in downs
    )
    return _aligned([head, *body])


def _in_order(value: str) -> tuple[int, str]:
    """Sort waits from short to long, everything else by its name."""
    return (WAITS.index(value) if value in WAITS else 0, value)


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for first, *rest in rows:
        cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        yield "  " + "  ".join((first.ljust(widths[0]), *cells))
