"""Says what a failed call of the Bot API means for the message it was to bring; calls nothing.

What it means for a post of the desk is in ``bot.ends``.
"""

from __future__ import annotations

from enum import Enum, auto

import aiohttp
import httpx
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError


class Fate(Enum):
    """What became of a call that failed."""

    WAIT = auto()
    """Refused for now (429): obey ``retry_after``, for this chat."""
    SAME = auto()
    """The message reads so already ("message is not modified"): that is success."""
    GONE = auto()
    """The message to edit is not there or cannot be edited any more."""
    BLOCKED = auto()
    """The person blocked the bot or deleted the account (403)."""
    NEVER_LEFT = auto()
    """Nothing reached the server: repeating is safe."""
    TROUBLE = auto()
    """The server answered 5xx: as a rule nothing was done."""
    UNKNOWN = auto()
    """Sent, and no answer: it may have been done."""
    REFUSED = auto()
    """Refused for good."""


_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")

_NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # refused, unreachable, no such name, no TLS
    aiohttp.ConnectionTimeoutError,  # also of the wait for a free connection
    aiohttp.InvalidURL,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
)
"""Causes that come before the first byte of a request is written."""


def judge(error: TelegramError) -> Fate:
    """Say what a failed call means. ``BadRequest`` is a ``NetworkError`` in the library: first."""
    if isinstance(error, RetryAfter):
        return Fate.WAIT
    if isinstance(error, Forbidden):
        return Fate.BLOCKED
    if isinstance(error, BadRequest):
        words = error.message.lower()
        if "message is not modified" in words:
            return Fate.SAME
        return Fate.GONE if any(phrase in words for phrase in _GONE) else Fate.REFUSED
    if isinstance(error, NetworkError):  # TimedOut is one too
        cause = error.__cause__
        if isinstance(cause, _NEVER_LEFT):
            return Fate.NEVER_LEFT
        # An answer without a cause, or one whose body the library could not read: 5xx.
        return Fate.TROUBLE if isinstance(cause, TelegramError | None) else Fate.UNKNOWN
    # A 200 that is not JSON is a bare TelegramError; 401, 404 and the like are its children.
    return Fate.UNKNOWN if type(error) is TelegramError else Fate.REFUSED


def seconds_to_wait(error: TelegramError) -> float:
    """Seconds that a 429 asks for; 0 for any other error."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
