"""Prints the counters of closed weeks, rounded as they are kept; never an open week."""

from __future__ import annotations

from bot.settings import Settings
from store import Keys, counters, open_database
from store.errors import StoreError


async def show(settings: Settings) -> int:
    """Print a plain table, or why there is none; gives the exit code."""
    if not settings.database_path.exists():
        print(f"Empty, because there is no database at {settings.database_path} yet.")
        return 0
    try:
        async with await open_database(settings.database_url, Keys.load(settings.key_file)) as db:
            weeks = await db.transaction(counters.closed)
    except StoreError as error:
        print(f"The counters cannot be read: {error}")
        return 1
    print("\n".join(table(weeks)))
    return 0


def table(weeks: dict[str, dict[str, int]]) -> list[str]:
    """Write closed weeks as lines: week, counter, count. Cells under ten were never kept."""
    if not weeks:
        return [
            "Empty, because no week is closed yet: a week is closed a day after its end, "
            "and open weeks are never shown."
        ]
    lines = ["Counts are rounded down to tens; what is under ten is not kept, and shows as –."]
    for week, cells in weeks.items():
        lines += ["", week]
        wide = max(map(len, cells), default=0)
        lines += [f"  {name:<{wide}}  {count:>7}" for name, count in cells.items()]
        if not cells:
            lines.append("  –  (nothing reached ten)")
    return lines
