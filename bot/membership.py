"""Knows who is in the desk's group now: asks Telegram, and remembers for a minute, nothing else.

No role is known here. An answer that could not be had is None, never a yes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import ChatMember
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, TelegramError

from bot import logs
from bot.clock import Clock
from bot.wire import Wire

REMEMBERED = timedelta(seconds=60)
NOT_AGAIN = timedelta(seconds=3)
"""How long a question that got no answer is not asked again: everybody's would wait for it."""
PATIENCE = 3.0
"""Seconds that an answer may take: the update of somebody waits for it, and all after it."""

_INSIDE = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER)
_NEVER_THERE = ("user not found", "participant_id_invalid", "user_id_invalid", "member not found")


@dataclass(frozen=True, slots=True)
class _Known:
    inside: bool | None
    since: datetime
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Tell whether it is remembered still: not when the clock was set back behind it."""
        return self.since <= now < self.until


class Membership:
    """What is known of who is in a group."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        self._wire = wire
        self._clock = clock
        self._known: dict[tuple[int, int], _Known] = {}
        self._asking: dict[tuple[int, int], asyncio.Task[bool | None]] = {}

    async def inside(self, group: int, user: int) -> bool | None:
        """Tell whether an account is in a group (``getChatMember``); None: it cannot be told.

        Who asks while the same is being asked waits for that one answer.
        """
        place = (group, user)
        known = self._known.get(place)
        if known is not None and known.holds(self._clock()):
            return known.inside
        task = self._asking.get(place)
        if task is None:
            task = self._asking[place] = asyncio.create_task(self._ask(*place))
            task.add_done_callback(lambda done: self._answered(place, done))
        return await asyncio.shield(task)

    def forget(self, group: int, *users: int) -> None:
        """Ask again about these, or about everybody of the group: something changed.

        An answer that is under way may be of before: it is not remembered.
        """
        for place in [*self._known, *self._asking]:
            if place[0] == group and (not users or place[1] in users):
                self._known.pop(place, None)
                self._asking.pop(place, None)

    def _answered(self, place: tuple[int, int], task: asyncio.Task[bool | None]) -> None:
        if self._asking.get(place) is not task:
            return  # forgotten meanwhile
        del self._asking[place]
        if task.cancelled() or task.exception() is not None:
            return
        inside, now = task.result(), self._clock()
        until = now + (NOT_AGAIN if inside is None else REMEMBERED)
        # Nobody's id stays longer than it is of use.
        self._known = {one: known for one, known in self._known.items() if known.holds(now)}
        self._known[place] = _Known(inside, now, until)

    async def _ask(self, group: int, user: int) -> bool | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return _is_inside(await self._wire.member(group, user))
        except BadRequest as error:
            if any(phrase in error.message.lower() for phrase in _NEVER_THERE):
                return False
            logs.trouble("member_unknown", error)
        except (TelegramError, TimeoutError) as error:
            logs.trouble("member_unknown", error)
        return None


def _is_inside(member: ChatMember) -> bool:
    if member.status == ChatMemberStatus.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status in _INSIDE
