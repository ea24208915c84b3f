"""How long to wait before trying again; who waits, and for what, is not known here."""

from __future__ import annotations

import random

LONGEST_PAUSE = 30.0
"""Seconds."""


def pause(failures: int) -> float:
    """Seconds to wait after so many failures in a row: doubled each time, with jitter."""
    return random.uniform(0.5, 1.0) * min(LONGEST_PAUSE, 0.5 * 2.0 ** min(failures, 10))
