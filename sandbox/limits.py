"""Telegram's pacing, enforced on request: off by default, and then a test sees no 429 of ours.

The numbers of Telegram's FAQ: 30 messages a second over all, one a second in a chat (bursts are
allowed). Measured on the sandbox's clock.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import ceil

from sandbox.errors import too_many_requests

PACED = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup"})
_SECOND = timedelta(seconds=1)


class Limits:
    """Sliding windows over all chats and per chat; None means no limit.

    Attributes:
        overall: messages in any second, over all chats.
        per_chat: messages in any ``per_chat_window`` in one chat.
        refused: how many calls were refused for it.
    """

    def __init__(self) -> None:
        self.overall: int | None = None
        self.per_chat: int | None = None
        self.per_chat_window = _SECOND
        self.refused = 0
        self._all: deque[datetime] = deque()
        self._chats: dict[int, deque[datetime]] = {}

    def like_telegram(self) -> None:
        """Enforce 30 a second over all and, bursts included, three in three seconds in a chat."""
        self.overall, self.per_chat, self.per_chat_window = 30, 3, 3 * _SECOND

    def spend(self, method: str, chat_id: int | None, now: datetime) -> None:
        """Count a call; raises ApiError 429 when it is one too many, which then does not count."""
        if method not in PACED or chat_id is None:
            return
        chat = self._chats.setdefault(chat_id, deque())
        waits = [
            self._wait(self._all, self.overall, _SECOND, now),
            self._wait(chat, self.per_chat, self.per_chat_window, now),
        ]
        if any(waits):
            self.refused += 1
            raise too_many_requests(max(waits))
        if self.overall is not None:
            self._all.append(now)
        if self.per_chat is not None:
            chat.append(now)

    @staticmethod
    def _wait(spent: deque[datetime], most: int | None, window: timedelta, now: datetime) -> int:
        """Give the whole seconds to wait until one more fits, 0 when it fits now."""
        if most is None:
            return 0
        while spent and now - spent[0] >= window:
            spent.popleft()
        if len(spent) < most:
            return 0
        return max(1, ceil((spent[0] + window - now).total_seconds()))
