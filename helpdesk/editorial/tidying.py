"""Forgets, by the hour, what the organisers' side kept for a time and nobody looked at again.

Where each thing is read it counts as gone when its time is over; here it goes from the file too.
"""

from __future__ import annotations

from datetime import datetime

from helpdesk.broadcasts import duplicates
from helpdesk.editorial import expected, publishing
from store import Tx


def tidy(tx: Tx, now: datetime) -> int:
    """Forget hashes of old texts, a proposal and reasons whose time is over; how many.

    Nothing is written when there is nothing to forget.
    """
    return duplicates.tidy(tx, now) + publishing.tidy(tx, now) + expected.tidy(tx, now)
