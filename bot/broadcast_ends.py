"""Says what a failed call means for the recipient of a broadcast that it was for, by its cause.

Telegram tells causes apart in English words and nowhere else. A 400 about the person takes her off
the list; any other is about the message, and the same would be said of everybody's. Nothing is
called here; what a failed call means for the desk is in ``bot.ends``.
"""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.fates import Fate, judge
from helpdesk.broadcasts.ends import End, Result

_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "user_deactivated",
    "user is blocked",
    "user_is_blocked",
    "bot was blocked",
    "bot was kicked",
    "user_is_bot",
    "peer_id_invalid",
    "chat_id_invalid",
    "chat_write_forbidden",
    "have no rights to send a message",
    "can't initiate conversation",
)
"""Words of a 400 that are about who is written to. Telegram writes some in capitals, and the
library makes the first letter one: all are compared in lower case."""
_TOO_MANY = "too many requests"
"""A 429 that does not say how long to wait: to the library it is any error of the server."""


def result_of(error: TelegramError, *, editing: bool) -> Result:
    """Say how a call ended that raised; ``editing``: it was to change a message, not to send one.

    5xx is unknown, as is anything that got no whole answer: a gateway may answer after the work was
    done.
    """
    if isinstance(error, RetryAfter) or _TOO_MANY in error.message.lower():
        return Result(End.WAIT)
    if isinstance(error.__cause__, TelegramError):
        # No answer of the Bot API, but a page of something in between: its status says nothing
        # of her, nor of the message. The library goes by the status all the same.
        return Result(End.UNKNOWN)
    if isinstance(error, Forbidden | ChatMigrated):
        return Result(End.GONE)  # what became another chat is no person's
    if refuses_bot(error):
        return Result(End.NEVER_LEFT)  # it left, and nothing was done
    if isinstance(error, BadRequest):
        return Result(_cause(error, editing=editing))
    if judge(error) is Fate.NEVER_LEFT:
        return Result(End.NEVER_LEFT)
    return Result(End.UNKNOWN)


def refuses_bot(error: TelegramError) -> bool:
    """Say whether the whole bot was refused: with any other recipient it would be the same."""
    page = isinstance(error.__cause__, TelegramError)  # of something in between
    return isinstance(error, InvalidToken | Conflict) and not page


def _cause(error: BadRequest, *, editing: bool) -> End:
    fate = judge(error)
    if editing and fate is Fate.SAME:
        return End.SENT
    if editing and fate is Fate.GONE:
        return End.TOO_LATE
    words = error.message.lower()
    return End.GONE if any(phrase in words for phrase in _GONE) else End.CONTENT
