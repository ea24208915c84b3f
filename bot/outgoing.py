"""Carries out replies after their transaction has committed; works nothing out about the family.

Every chat has a lane: one reply at a time, in order, and only the newest screen waits in it, for a
screen says all there is to say. A lane that is told to wait (429) or cannot reach Telegram holds
up no other. One that is asked for more and more before it has shown anything goes slower: a flood
must not make families wait. No state outlives the work: after a crash the store says which screens
to show again.

Telegram has no idempotency key. An edit may be repeated; a message that was sent and never
answered for is sent once more at most, so a family may see a screen twice.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from telegram.error import TelegramError

from bot import logs
from bot.backoff import pause
from bot.clock import Clock
from bot.fates import Fate, judge, seconds_to_wait
from bot.intake import SORRY
from bot.noting import BUSY, noted
from bot.wire import Spot, Wire
from handlers.errors import HandlersError
from handlers.render import Rendered, render
from helpdesk.broadcasts.messages import OrganiserReply
from helpdesk.desk.messages import DeskReply
from helpdesk.messages import Part, Reply, Screen
from locales import SOURCE, Catalogue, LocalesError
from store import Database, Tx, erasures

Shown = Callable[[Tx, int, int, tuple[int, ...], datetime], object]
"""What the helpdesk notes, in a transaction, of a screen that arrived: chat, revision, messages."""

UNREACHABLE_TRIES = 120
"""Tries while nothing leaves this machine: about an hour at half a minute each."""
TROUBLE_TRIES = 20
"""Tries against a server that answers 5xx: about six minutes."""
UNKNOWN_EDITS = 4
UNKNOWN_SENDS = 2
"""Times that something may go out while nobody knows whether it arrived."""
NOTE_TRIES = 20
"""Tries to note a screen that arrived while the database is locked or the disk is full."""
DELETE_AT_ONCE = 100
"""Messages that one ``deleteMessages`` takes."""
DELETE_WITHIN = timedelta(hours=1)
"""How long an erase job is kept trying before it is closed (design: retention)."""
MOST_DELETIONS = 1000
"""Messages to delete that wait in a lane; only a flood has more, and its oldest stay."""
MOST_SENT = 100
"""Messages that a lane remembers; the session has those before them."""
UNSEEN = 5
"""Screens that may be out of date when they arrive, while a lane has no rest. No thumb is so fast:
after those it pauses before each reply."""
FLOOD_PAUSE = 1.0
"""Seconds of that pause: Telegram, too, wants no more in a chat when it goes on and on."""
ANSWERS_AT_ONCE = 256
"""Presses being answered; more are left to the screen that follows."""
ALERT_LIMIT = 200
"""Characters that ``answerCallbackQuery`` takes."""
NOT_OURS = Screen((Part("group.not_ours"),))
"""Says in a group that is not the desk that the bot leaves it, and nothing of what it is for."""


class NotNow(Exception):
    """Messages could not be deleted for the time being."""


@dataclass(slots=True)
class _Lane:
    """What waits for a chat. ``expected`` counts updates being worked on, which keep it alive."""

    expected: int = 0
    waiting: tuple[Reply, ...] = ()
    blind: bool = False
    """The waiting reply was worked out while an earlier screen was on its way."""
    working: asyncio.Task[None] | None = None
    sent: list[int] = field(default_factory=list)
    """Messages sent while the lane lived, the newest last."""
    unseen: int = 0
    """Screens that arrived when more had been asked for, since the lane came to life."""


def queued(waiting: tuple[Reply, ...], new: Reply) -> tuple[Reply, ...]:
    """Put a reply behind those that wait: the newest screen wins, every deletion stays.

    /borrar wins over all before it, and nothing after it is mixed with it. Erase jobs that are
    taken up (``erase`` without a screen) go first, once, and nothing that waits is lost for them.
    """
    if new.erase and new.screen is None:
        return waiting if any(reply.erase for reply in waiting) else (new, *waiting)
    if new.erase:
        earlier = [gone for reply in waiting for gone in reply.delete]
        return (replace(new, delete=(*earlier, *new.delete)),)
    if not waiting or waiting[-1].erase:
        return (*waiting, new)
    old = waiting[-1]
    over = old if new.screen is None else new
    gone = (*old.delete, *new.delete)[-MOST_DELETIONS:]
    return (*waiting[:-1], replace(over, delete=gone))


class Outgoing:
    """The lanes of all chats: the `bot.intake.Outbox` of the program.

    ``shown`` notes a screen that arrived, ``farewell`` ends /borrar, and ``as_new`` makes a
    screen meant as an edit fit to open a message of its own, for a locked phone shows that.
    """

    def __init__(
        self,
        wire: Wire,
        db: Database,
        catalogues: Mapping[str, Catalogue],
        clock: Clock,
        shown: Shown,
        farewell: Screen,
        as_new: Callable[[Screen], Screen],
    ) -> None:
        self._wire = wire
        self._db = db
        self._catalogues = catalogues
        self._clock = clock
        self._shown = shown
        self._farewell = farewell
        self._as_new = as_new
        self._left: set[int] = set()
        self._lanes: dict[int, _Lane] = {}
        self._loose: set[asyncio.Task[None]] = set()

    def expect(self, chat: int) -> None:
        """Keep the chat's lane while an update is worked on, and what it knows of sent messages."""
        self._lanes.setdefault(chat, _Lane()).expected += 1

    def put(self, chat: int, reply: Reply | None) -> None:
        """End what ``expect`` began and queue its reply."""
        self._lanes[chat].expected -= 1
        self.show(chat, reply)

    def show(self, chat: int, reply: Reply | None) -> None:
        """Queue a reply for a chat; it is carried out when those before it are.

        ``Reply(erase=True)``, without a screen, takes up whatever erase jobs the chat has.
        """
        lane = self._lanes.setdefault(chat, _Lane())
        if reply is not None:
            lane.waiting = queued(lane.waiting, reply)
            if reply.screen is not None:
                lane.blind = lane.working is not None
            if lane.working is None:
                lane.working = asyncio.create_task(self._work(chat, lane))
        self._forget(chat, lane)

    def answer(self, callback_id: str, reply: DeskReply | OrganiserReply | None = None) -> None:
        """Answer a press, at once and beside everything else; best effort."""
        if len(self._loose) >= ANSWERS_AT_ONCE:
            return  # Telegram is away, and answers do not help
        alert = None if reply is None else reply.alert
        if reply is None or alert is None:
            self._beside(self._wire.answer(callback_id))
            return
        try:
            words = self._words(reply.language).plain(alert.key, alert.params, alert.count)
        except LocalesError as error:
            logs.trouble("screen_not_rendered", error)
            words = ""
        self._beside(self._wire.answer(callback_id, words[:ALERT_LIMIT], reply.loud))

    def leave(self, chat: int) -> None:
        """Say one line in a group that is not the desk, and leave it; best effort."""
        if chat not in self._left:
            self._left.add(chat)  # what it wrote before it was left tells the same again
            self._beside(self._goodbye(chat))

    async def finish(self, seconds: float) -> None:
        """Let what is queued go out, at most so long; what is left is shown again at the start."""
        tasks = [lane.working for lane in self._lanes.values() if lane.working] + [*self._loose]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _beside(self, call: Awaitable[None]) -> None:
        async def quietly() -> None:
            with suppress(TelegramError):  # too old, or Telegram is away: the screen says more
                await call

        task = asyncio.create_task(quietly())
        self._loose.add(task)
        task.add_done_callback(self._loose.discard)

    async def _goodbye(self, chat: int) -> None:
        with suppress(TelegramError, HandlersError, LocalesError):  # a channel, or we may not write
            await self._wire.send(Spot(chat, silent=True), self._render(NOT_OURS, SOURCE))
        try:
            await self._wire.leave(chat)
        finally:
            self._left.discard(chat)

    def _words(self, language: str) -> Catalogue:
        return self._catalogues.get(language, self._catalogues[SOURCE])

    def _render(self, screen: Screen, language: str) -> Rendered:
        return render(screen, self._words(language))

    def _forget(self, chat: int, lane: _Lane) -> None:
        if lane.working is None and lane.expected == 0 and self._lanes.get(chat) is lane:
            del self._lanes[chat]

    async def _work(self, chat: int, lane: _Lane) -> None:
        try:
            while lane.waiting:
                if lane.unseen >= UNSEEN:
                    await asyncio.sleep(FLOOD_PAUSE)
                reply, *rest = lane.waiting
                lane.waiting = tuple(rest)
                try:
                    await self._carry_out(chat, lane, reply)
                except NotNow:
                    logs.note("delete_failed")
                except Exception as error:
                    logs.trouble("screen_not_shown", error)
        finally:
            lane.working = None
            self._forget(chat, lane)

    async def _carry_out(self, chat: int, lane: _Lane, reply: Reply) -> None:
        if reply.erase:
            await self._erase(chat, lane, reply)
            return
        if reply.delete:
            try:
                await self._delete(chat, reply.delete)
            except NotNow:
                logs.note("delete_failed")  # the screen matters more
        if reply.screen is None:
            return
        shown = await self._show(chat, lane, reply, reply.screen)
        lane.unseen += lane.expected > 0 or bool(lane.waiting)
        if shown is not None and reply.revision is not None:
            await self._note_shown(chat, reply.revision, shown)

    async def _note_shown(self, chat: int, revision: int, shown: int) -> None:
        """Note a screen that arrived: a message that nobody noted could never be deleted."""
        for failures in range(NOTE_TRIES):
            try:
                await self._db.transaction(self._shown, chat, revision, (shown,), self._clock())
                return
            except BUSY as error:
                logs.trouble("storage_failed", error, tries=failures + 1)
                await asyncio.sleep(pause(failures))

    async def _show(self, chat: int, lane: _Lane, reply: Reply, screen: Screen) -> int | None:
        """Show a screen; give the id of its message, None when it was not shown."""
        message = self._written(screen, reply.language)
        target = reply.edit
        if lane.blind and lane.sent and not screen.fresh and lane.sent[-1] not in reply.delete:
            target = lane.sent[-1]  # the screen it did not know of is the one to replace
        tries = dict.fromkeys(Fate, 0)
        while True:
            try:
                if target is not None:
                    await self._wire.edit(chat, target, message)
                    return target
                shown = await self._wire.send(Spot(chat, silent=screen.silent), message)
                lane.sent.append(shown)
                del lane.sent[:-MOST_SENT]
                return shown
            except TelegramError as error:
                fate = judge(error)
                tries[fate] += 1
                if fate is Fate.SAME:
                    return target
                if fate is Fate.GONE or (fate is Fate.REFUSED and target is not None):
                    target = None
                    message = self._written(self._as_new(screen), reply.language)
                    if tries[Fate.GONE] + tries[Fate.REFUSED] < 3:
                        continue
                if not self._worth_it(fate, tries[fate], editing=target is not None):
                    logs.trouble("blocked" if fate is Fate.BLOCKED else "screen_refused", error)
                    return None
                await self._rest(error, fate, tries[fate])
            if any(newer.screen is not None for newer in lane.waiting):
                return None  # a newer screen says all that this one would

    def _written(self, screen: Screen, language: str) -> Rendered:
        try:
            return self._render(screen, language)
        except (HandlersError, LocalesError) as error:
            logs.trouble("screen_not_rendered", error)
            assert SORRY.screen is not None  # it is a constant with one
            return self._render(SORRY.screen, language)

    @staticmethod
    def _worth_it(fate: Fate, tries: int, *, editing: bool) -> bool:
        most = {
            Fate.NEVER_LEFT: UNREACHABLE_TRIES,
            Fate.TROUBLE: TROUBLE_TRIES,
            Fate.UNKNOWN: UNKNOWN_EDITS if editing else UNKNOWN_SENDS,
        }
        return fate is Fate.WAIT or tries < most.get(fate, 0)

    @staticmethod
    async def _rest(error: TelegramError, fate: Fate, tries: int) -> None:
        if fate is Fate.WAIT:
            seconds = seconds_to_wait(error)
            logs.note("told_to_wait", seconds=seconds)
            await asyncio.sleep(seconds + random.uniform(0.05, 0.5))
        else:
            await asyncio.sleep(pause(tries - 1))

    async def _delete(self, chat: int, message_ids: Iterable[int]) -> None:
        """Delete messages; those that cannot be deleted any more stay. Raises NotNow."""
        ids = sorted(set(message_ids))
        for start in range(0, len(ids), DELETE_AT_ONCE):
            some = ids[start : start + DELETE_AT_ONCE]
            if await self._insist(partial(self._wire.delete, chat, some)):
                continue
            # One message too old makes Telegram refuse them all.
            for one in some:
                await self._insist(partial(self._wire.delete_one, chat, one))

    async def _insist(self, call: Callable[[], Awaitable[None]]) -> bool:
        """Make a call that may be repeated. False when it was refused; raises NotNow."""
        tries = 0
        while True:
            try:
                await call()
                return True
            except TelegramError as error:
                fate = judge(error)
                if fate is Fate.BLOCKED:
                    return True  # the chat is closed to us: nothing more can be deleted
                if fate in (Fate.REFUSED, Fate.GONE, Fate.SAME):
                    return False
                tries += fate is not Fate.WAIT
                if tries > 3:
                    raise NotNow from None
                await self._rest(error, fate, max(tries, 1))

    async def _erase(self, chat: int, lane: _Lane, reply: Reply) -> None:
        """Carry out the chat's erase jobs: delete, say farewell once if it is due, close the jobs.

        After /borrar itself, also what went out while it was worked on: it is in no session any
        more. Jobs that are taken up touch nothing else: she may have begun anew, or asked for
        nothing, when a message only came too late.
        """
        if reply.screen is None:
            jobs = await self._db.transaction(_jobs_of, chat)
        else:
            # Written down first: whatever cannot be deleted now must be known to who tries again.
            gone = (*reply.delete, *lane.sent)
            jobs = await noted(self._db, _jobs_with, chat, gone, self._clock())
            lane.sent.clear()
        if not jobs:
            return  # done already, and said
        late = any(self._clock() - job.requested_at > DELETE_WITHIN for job in jobs)
        try:
            await self._delete(chat, {each for job in jobs for each in job.message_ids})
        except NotNow:
            if not late:
                raise  # the jobs stay, and are taken up again
        everything = any(job.everything for job in jobs)
        if everything:
            screen = reply.screen if reply.screen is not None else self._farewell
            shown = await self._show(chat, lane, Reply(screen, language=reply.language), screen)
            lane.sent[:] = [each for each in lane.sent if each != shown]  # the farewell stays
        await self._db.transaction(_close, jobs)
        if everything:
            logs.note("erased")


def _jobs_of(tx: Tx, chat: int) -> list[erasures.Erasure]:
    return [job for job in erasures.pending(tx) if job.chat == chat]


def _jobs_with(
    tx: Tx, chat: int, message_ids: Iterable[int], now: datetime
) -> list[erasures.Erasure]:
    """Give the chat's jobs, and one more for those of these messages that are in none."""
    jobs = _jobs_of(tx, chat)
    left = set(message_ids).difference(*(job.message_ids for job in jobs))
    if left:
        # As old as the /borrar it belongs to: an hour after that nothing is kept.
        since = max((job.requested_at for job in jobs), default=now)
        jobs.append(erasures.request(tx, chat, left, since))
    return jobs


def _close(tx: Tx, jobs: list[erasures.Erasure]) -> None:
    for job in jobs:
        erasures.done(tx, job.id)
