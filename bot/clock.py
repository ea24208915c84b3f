"""The clock of the program: nothing else asks the machine what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present, aware UTC."""


def utc_now() -> datetime:
    """Give the present of this machine."""
    return datetime.now(UTC)
