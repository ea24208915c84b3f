"""What can stop the program; how it is told to the operator lives in ``bot.commands``.

BotError
├── BadSettings      settings are missing or cannot be used; carries every fault
├── TokenRefused     the Bot API server does not know the token
└── ClockWrong       this machine's clock says a day before the law; every answer would be wrong
"""

from __future__ import annotations

from collections.abc import Iterable


class BotError(Exception):
    """Root of everything that this room raises."""


class BadSettings(BotError):
    """Raised when settings cannot be used; ``faults`` says, one by one, what to do."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class TokenRefused(BotError):
    """Raised when the server answers 401 or 404: no amount of waiting mends that."""


class ClockWrong(BotError):
    """Raised at the start when no law is in force yet on the day that the clock says."""
