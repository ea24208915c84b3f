"""What can go wrong between a Screen and a phone; no handling lives here.

HandlersError
└── ScreenTooLong     a screen that Telegram would refuse: text or a button over its limit
"""

from __future__ import annotations


class HandlersError(Exception):
    """Root of everything that this room raises."""


class ScreenTooLong(HandlersError):
    """Raised when a rendered screen breaks a limit of Telegram; names keys, never words."""
