"""The queue of updates and long polling, with Telegram's rules for offsets.

An update stays until a later ``offset`` confirms it, however often it has been given out.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from sandbox.bell import Bell
from sandbox.errors import ApiError, bad_request
from sandbox.messages import JSON
from sandbox.methods import NOT_BY_DEFAULT, UPDATE_KINDS

LIMIT = 100
LONGEST_POLL = 50
"""Seconds; Telegram holds no request longer."""

_CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


class UpdateQueue:
    """Updates that the bot has not confirmed yet, oldest first."""

    def __init__(self, first_id: int) -> None:
        self._ids = count(first_id)
        self._waiting: list[JSON] = []
        self._bell = Bell()
        self._poll = 0
        self._closing = False
        self._polling = 0
        self.allowed: frozenset[str] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def pending(self) -> tuple[JSON, ...]:
        """The updates not confirmed yet, oldest first."""
        return tuple(self._waiting)

    def put(self, kind: str, content: JSON) -> JSON | None:
        """Add an update and give it; None when the bot has not asked for that kind."""
        allowed = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not allowed:
            return None
        update = {"update_id": next(self._ids), kind: content}
        self._waiting.append(update)
        self._bell.ring()
        return update

    def repeat(self, update: JSON) -> None:
        """Give out once more an update that was confirmed already, as Telegram may do."""
        if update not in self._waiting:
            self._waiting.append(update)
            self._waiting.sort(key=lambda one: int(one["update_id"]))
            self._bell.ring()

    def clear(self) -> None:
        """Forget everything (``drop_pending_updates``)."""
        self._waiting.clear()
        self._bell.ring()

    def allow(self, kinds: Iterable[str]) -> None:
        """Set which kinds are kept from now on (``allowed_updates``); none named means default."""
        names = frozenset(kinds)
        if unknown := sorted(names - UPDATE_KINDS):
            raise bad_request(f'parameter "allowed_updates" has an unknown kind "{unknown[0]}"')
        self.allowed = names or None

    async def poll(self, offset: int, limit: int, timeout: int) -> list[JSON]:  # noqa: ASYNC109 - Telegram's name for it
        """Answer one ``getUpdates``; waits up to ``timeout`` real seconds for the first update.

        A second request ends a waiting one with 409, as in Telegram: the newer goes on.
        """
        if not 1 <= limit <= LIMIT:
            raise bad_request(f'parameter "limit" must be between 1 and {LIMIT}')
        if timeout < 0:
            raise bad_request('parameter "timeout" must not be negative')
        self._poll += 1
        turn = self._poll
        self._bell.ring()
        self._confirm(offset)

        def look() -> list[JSON] | None:
            if self._poll != turn:
                raise ApiError(409, _CONFLICT)
            return self._waiting[:limit] or ([] if self._closing else None)

        if timeout == 0:
            return self._waiting[:limit]
        self._polling += 1
        try:
            return await self._bell.until(look, min(timeout, LONGEST_POLL))
        except TimeoutError:
            return []
        finally:
            self._polling -= 1

    async def confirmed(self, within: float) -> None:
        """Wait until the bot has confirmed every update; raises TimeoutError."""
        await self._bell.until(lambda: None if self._waiting else True, within)

    async def polled(self, within: float) -> None:
        """Wait until the bot waits in a long poll with nothing to give; raises TimeoutError."""
        await self._bell.until(
            lambda: True if self._polling and not self._waiting else None, within
        )

    def open(self) -> None:
        """Let polls wait."""
        self._closing = False

    def close(self) -> None:
        """Answer whoever still polls, with nothing: the sandbox is closing."""
        self._closing = True
        self._bell.ring()

    def _confirm(self, offset: int) -> None:
        """Forget what an offset confirms: all before it, or all but the last ``-offset``."""
        before = len(self._waiting)
        if offset < 0:
            self._waiting = self._waiting[offset:]
        else:
            self._waiting = [one for one in self._waiting if one["update_id"] >= offset]
        if len(self._waiting) != before:
            self._bell.ring()
