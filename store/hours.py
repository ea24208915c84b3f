"""Times as the store writes them in clear: whole hours, never finer.

Retention needs a time that can be read without a key. The hour is enough for that, and it is all
that a stolen disk should tell: a minute, put beside what a telephone company logs, singles out who
was writing to the bot.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

CARACAS: Final = timezone(timedelta(hours=-4))
"""The clocks of Caracas: UTC−4 all year."""

_FIRST_DAY: Final = datetime(1970, 1, 1, tzinfo=UTC).toordinal()


def hour(now: datetime) -> int:
    """The hour that has begun, as hours since 1970 in UTC. ``now`` must be aware."""
    return int(_aware(now).timestamp() // 3600)


def seconds(now: datetime) -> int:
    """Seconds since 1970; only ever written inside a sealed value."""
    return int(_aware(now).timestamp())


def moment(value: int) -> datetime:
    """The aware UTC time of seconds since 1970."""
    return datetime.fromtimestamp(value, UTC)


def day_number(now: datetime) -> int:
    """The day on the calendars of Caracas, as days since 1970. ``now`` must be aware."""
    return _aware(now).astimezone(CARACAS).toordinal() - _FIRST_DAY


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("times in the store are aware")
    return now
