"""Telegram's pacing, enforced on request: off by default, and then a test sees no 429 of ours.

The numbers of Telegram's FAQ: 30 messages a second over all, one a second in a chat (bursts are
allowed), 20 a minute in a group, which messages, edits and new topics share. Measured on the
sandbox's clock.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import ceil

from sandbox.errors import too_many_requests

PACED = frozenset(
    {
        "sendMessage",
        "sendPhoto",
        "sendVoice",
        "copyMessage",
        "copyMessages",
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
        "createForumTopic",
    }
)
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)


class Limits:
    """Sliding windows over all chats and per chat; None means no limit.

    Attributes:
        overall: messages in any second, over all chats.
        per_chat: messages in any ``per_chat_window`` in one chat.
        per_group: messages, edits and new topics in any minute in one group.
        edit_window: how long a message can be edited.
        refused: how many calls were refused for it.
    """

    def __init__(self) -> None:
        self.overall: int | None = None
        self.per_chat: int | None = None
        self.per_chat_window = _SECOND
        self.per_group: int | None = None
        self.edit_window: timedelta | None = None
        self.refused = 0
        self._all: deque[datetime] = deque()
        self._chats: dict[int, deque[datetime]] = {}
        self._groups: dict[int, deque[datetime]] = {}

    def like_telegram(self) -> None:
        """Enforce 30 a second over all, 20 a minute in a group, bursts of three in a chat.

        In a chat that is three in three seconds, which is one a second with bursts.
        """
        self.per_group = 20
        self.overall, self.per_chat, self.per_chat_window = 30, 3, 3 * _SECOND

    def spend(self, method: str, chat_id: int | None, now: datetime, *, messages: int = 1) -> None:
        """Count a call; raises ApiError 429 when it is one too many, which then does not count.

        ``messages`` is how many it writes: ``copyMessages`` may write several.
        """
        if method not in PACED or chat_id is None:
            return
        if self.overall is self.per_chat is self.per_group is None:
            return
        chat = self._chats.setdefault(chat_id, deque())
        group = self._groups.setdefault(chat_id, deque()) if chat_id < 0 else deque()
        waits = [
            self._wait(self._all, self.overall, _SECOND, now, messages),
            self._wait(chat, self.per_chat, self.per_chat_window, now, messages),
            self._wait(group, self.per_group, _MINUTE, now, messages),
        ]
        if any(waits):
            self.refused += 1
            raise too_many_requests(max(waits))
        for most, spent in (
            (self.overall, self._all),
            (self.per_chat, chat),
            (self.per_group, group),
        ):
            if most is not None:
                spent.extend([now] * messages)

    @staticmethod
    def _wait(
        spent: deque[datetime], most: int | None, window: timedelta, now: datetime, messages: int
    ) -> int:
        """Give the whole seconds to wait until so many more fit, 0 when they fit now.

        More than fit at all count as a full window.
        """
        if most is None:
            return 0
        while spent and now - spent[0] >= window:
            spent.popleft()
        too_many = len(spent) + min(messages, most) - most
        if too_many <= 0:
            return 0
        return max(1, ceil((spent[too_many - 1] + window - now).total_seconds()))
