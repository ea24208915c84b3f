"""The hours in which no family's phone is to ring, by the clocks of Caracas, and what waits then.

Editing a message rings nowhere and waits for no morning. Nothing is sent here.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from helpdesk.broadcasts.broadcast import Broadcast, Kind
from store.hours import CARACAS

BEGINS: Final = time(21)
ENDS: Final = time(7)
_NIGHT: Final = timedelta(hours=24 + ENDS.hour - BEGINS.hour)


def quiet(now: datetime) -> bool:
    """Say whether families sleep at a moment."""
    clock = now.astimezone(CARACAS).time()
    return clock >= BEGINS or clock < ENDS


def waits(broadcast: Broadcast, now: datetime) -> bool:
    """Say whether a broadcast has to wait for the morning."""
    return broadcast.kind is Kind.SEND and not broadcast.urgent and quiet(now)


def morning(now: datetime) -> datetime:
    """Return when the quiet hours end that a moment is in; the moment itself when it is in none."""
    if not quiet(now):
        return now
    here = now.astimezone(CARACAS)
    ends = here.replace(hour=ENDS.hour, minute=0, second=0, microsecond=0)
    return ends if here < ends else ends + timedelta(days=1)


def awake_for(now: datetime, how_long: timedelta) -> datetime:
    """Return when so much time has passed in which families are awake; less than a day's worth."""
    begins = morning(now)
    here = begins.astimezone(CARACAS)
    evening = here.replace(hour=BEGINS.hour, minute=0, second=0, microsecond=0)
    over = begins + how_long
    return over + _NIGHT if over > evening else over
