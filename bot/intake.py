"""Takes updates from Telegram, one transaction each, and acknowledges only what has committed.

Telegram is the durable inbox. A poll acknowledges the *watermark*: the highest update up to which
everything received has committed. What a crash or a poll from the watermark brings again is
known here (in flight) or in the store (committed). Updates of a line go one after another, lines
side by side: which there are is in ``bot.lines``, what an update asks in ``bot.reading``. Sending
is not here: see ``bot.outgoing``, ``bot.deliveries`` and ``bot.organisers``.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from telegram.error import Conflict, InvalidToken, TelegramError

from bot import logs
from bot.backoff import pause
from bot.clock import Clock
from bot.errors import TokenRefused
from bot.fates import seconds_to_wait
from bot.lines import Line, Lines, Waiting
from bot.noting import BUSY
from bot.raw_updates import message_of, press_of, whose
from bot.reading import Asked, Door, Fetcher, Reader
from bot.wire import JSON, Wire
from handlers.desk import MembersChanged, Moved, PostureChanged, Uninvited
from helpdesk.broadcasts.messages import OrganiserReply
from helpdesk.desk.messages import DeskReply
from helpdesk.messages import Command, Part, Reply, Screen
from store import Database, Tx, inbox, sessions
from store.errors import IntegrityError

Answered = Reply | DeskReply | OrganiserReply
Answer = Callable[[Tx, Asked], Answered]
"""What the helpdesk does with a command, in a transaction."""
Sorry = Callable[[Tx, int, datetime, int | None], Reply]
"""What a family is told when its update had to be put aside, in a transaction."""

LONG_POLL = 25
"""Seconds that Telegram holds a poll open when there is nothing."""
PATIENCE = 0.2
"""Seconds to wait for what is in flight before polling again from the same watermark."""
LARGEST_ID = 2**63 - 1
"""Of an update; the store can note no larger."""
TRIES = 3
PAUSES = (0.1, 0.5)
"""Seconds between the tries of an update."""
QUIET_WEEK = 6 * 24 * 3600.0
"""Seconds without updates after which the next id may be lower: Telegram says that after a week
it starts from a random one. The offset is dropped before; everything older was acknowledged."""

SORRY = Reply(Screen((Part("notice.something_failed"),), fresh=True))


class Outbox(Protocol):
    """Where replies go after their transaction has committed; none of these waits."""

    def expect(self, chat: int) -> None:
        """An update of the chat is being worked on."""

    def put(self, chat: int, reply: Reply | None) -> None:
        """That update is done; None when there is nothing to show."""

    def answer(self, callback_id: str, reply: DeskReply | OrganiserReply | None = None) -> None:
        """A button was pressed; by somebody of the team, with what it is to be told."""

    def leave(self, chat: int) -> None:
        """The bot is where nobody invited it."""


class DeskSide(Door, Protocol):
    """What the intake hands over of the desk beside its commands."""

    def learn(self, raw: JSON) -> None:
        """Look at an update before it waits: it may say that the group has another id."""

    async def happened(self, happening: Moved | MembersChanged | PostureChanged) -> None:
        """Something about the group itself changed; what must be kept of it has committed."""

    def sorry(self, tx: Tx, topic: int | None, message_id: int | None, now: datetime) -> DeskReply:
        """Write down that a message of the group could not be read."""

    def wake(self) -> None:
        """Posts may have been written."""


class OrganiserSide(Fetcher, Protocol):
    """What the intake hands over of organisers beside their commands."""

    def carry_out(self, reply: OrganiserReply) -> None:
        """A command of an organiser has committed."""


class Intake:
    """The polling loop and the lines of updates.

    Without a ``desk`` every group is left; without ``organisers`` there are none.
    """

    def __init__(
        self,
        wire: Wire,
        db: Database,
        outbox: Outbox,
        answer: Answer,
        sorry: Sorry,
        clock: Clock,
        count: Callable[[Mapping[str, int]], None] = lambda counts: None,
        desk: DeskSide | None = None,
        organisers: OrganiserSide | None = None,
    ) -> None:
        self._wire = wire
        self._db = db
        self._outbox = outbox
        self._answer = answer
        self._sorry = sorry
        self._clock = clock
        self._count = count
        self._desk = desk
        self._organisers = organisers
        self._reader = Reader(wire, clock, desk, organisers)
        self.watermark: int | None = None
        self.connected = asyncio.Event()
        self._order: deque[int] = deque()  # received and not yet passed by the watermark
        self._in_flight: set[int] = set()  # the same ids
        self._committed: set[int] = set()  # those of them whose transaction is done
        self._all_committed = asyncio.Event()
        self._all_committed.set()
        self._lines = Lines(frozenset[int]() if desk is None else desk.groups)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll until cancelled. Raises TokenRefused when the server does not know the token."""
        failures, heard = 0, self._clock().timestamp()
        while True:
            await self._let_them_commit()
            # Not the loop's time: that stands still in a suspended machine.
            now = self._clock().timestamp()
            if self.watermark is not None and not self._order and now - heard > QUIET_WEEK:
                self.watermark = None
            waits = 0 if self._order or not self.connected.is_set() else LONG_POLL
            try:
                batch = await self._wire.updates(self._offset, waits)
            except InvalidToken as error:
                logs.trouble("token_refused", error)
                raise TokenRefused from None
            except TelegramError as error:
                failures += 1
                conflict = isinstance(error, Conflict)
                logs.trouble("poll_conflict" if conflict else "poll_failed", error, tries=failures)
                await asyncio.sleep(max(pause(failures), seconds_to_wait(error)))
                continue
            if failures or not self.connected.is_set():
                logs.note("connected")
            failures = 0
            self.connected.set()
            if batch:
                heard = now
            self._take(batch)
            if batch and not self._order:
                await asyncio.sleep(PATIENCE)  # nothing in it can be acknowledged: it comes again

    async def finish(self, seconds: float) -> None:
        """Let what is in flight commit, at most so long, and acknowledge it; ``run`` has ended."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.watermark is not None:
            try:
                async with asyncio.timeout(seconds):
                    # One update may come back: it stays Telegram's, for no poll passes it.
                    await self._wire.updates(self._offset, 0, limit=1)
            except (TelegramError, TimeoutError) as error:
                logs.trouble("poll_failed", error)

    @property
    def _offset(self) -> int | None:
        return None if self.watermark is None else self.watermark + 1

    async def _let_them_commit(self) -> None:
        # Polling now would only bring the same updates again; one that is slow holds no other
        # chat for longer than this.
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._all_committed.wait()

    def _take(self, batch: Sequence[object]) -> None:
        origins = [whose(raw) for raw in batch if isinstance(raw, dict)]
        self._lines.polled(origin for origin in origins if origin is not None)
        for raw in batch:
            self._accept(raw)

    def _accept(self, raw: object) -> None:
        update_id = raw.get("update_id") if isinstance(raw, dict) else None
        if (
            not isinstance(raw, dict)
            or type(update_id) is not int
            or not 0 <= update_id <= LARGEST_ID
        ):
            logs.note("update_unreadable")  # nothing to acknowledge it by
            return
        passed = self.watermark is not None and update_id <= self.watermark
        if passed or update_id in self._in_flight:
            return
        self._order.append(update_id)
        self._in_flight.add(update_id)
        self._all_committed.clear()
        if self._desk is not None:
            self._desk.learn(raw)
        origin = whose(raw)
        if origin is not None and origin.private:
            self._outbox.expect(origin.chat)
        line = self._lines.join(origin, Waiting(update_id, raw))
        if line is not None:
            task = asyncio.create_task(self._work(line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self, line: Line) -> None:
        try:
            while line.waiting:
                one = line.waiting.popleft()
                reply: Answered | None = None
                try:
                    reply = await self._handle(one, line)
                    self._settle(*one.update_ids)
                    if reply is not None:
                        self._count(reply.counts)
                finally:
                    self._carry_out(reply, one, line)
        finally:
            self._lines.empty(line)

    def _carry_out(self, reply: Answered | None, one: Waiting, line: Line) -> None:
        if line.family is not None:
            for _ in one.passed:
                self._outbox.put(line.family, None)
            self._outbox.put(line.family, reply if isinstance(reply, Reply) else None)
        if isinstance(reply, DeskReply | OrganiserReply) and (press := press_of(one.raw)):
            self._outbox.answer(press, reply)
        if isinstance(reply, OrganiserReply) and self._organisers is not None:
            self._organisers.carry_out(reply)
        posted = isinstance(reply, DeskReply) or (reply is not None and reply.posted)
        if self._desk is not None and posted:
            self._desk.wake()

    def _settle(self, *update_ids: int) -> None:
        self._committed.update(update_ids)
        while self._order and self._order[0] in self._committed:
            self.watermark = self._order.popleft()
            self._committed.remove(self.watermark)
            self._in_flight.remove(self.watermark)
        if not self._order:
            self._all_committed.set()

    async def _handle(self, one: Waiting, line: Line) -> Answered | None:
        """Work on an update until it is committed or put aside."""
        answered, failures = False, 0
        while True:
            try:
                asked = await self._reader.read(one, line)
                if not answered and (asked is None or isinstance(asked, Command)):
                    # A family's little clock stops at once. The team's says what came of it.
                    answered = True
                    self._stop_the_clock(one)
                match asked:
                    case None:
                        return None
                    case Uninvited(chat):
                        self._outbox.leave(chat)
                        return None
                    case Moved() | MembersChanged() | PostureChanged():
                        assert self._desk is not None  # only its group is read for these
                        await self._desk.happened(asked)
                        return None
                reply = await self._db.transaction(self._once, one.update_ids, asked)
                if not answered and not isinstance(reply, DeskReply | OrganiserReply):
                    self._stop_the_clock(one)
                return reply
            except BUSY as error:
                # Nothing is wrong with the update: the database is locked, or the disk is full.
                # It must not be put aside for that, however small a note would still fit.
                failures += 1
                logs.trouble("storage_failed", error, tries=failures)
                await asyncio.sleep(pause(failures))
                continue
            except Exception as error:
                logs.trouble("update_failed", error)
                kind = logs.class_name(error)
            try:
                tries = await self._db.transaction(inbox.failed, one.update_id, kind, self._clock())
                if tries >= TRIES:
                    line.hasty = True
                    return await self._put_aside(one, line, kind)
                if not line.hasty:
                    await asyncio.sleep(PAUSES[min(tries, len(PAUSES)) - 1])
            except Exception as error:
                # A try counts only if it could be written down: a full disk must not make
                # Faro put aside what families say.
                failures += 1
                logs.trouble("storage_failed", error, tries=failures)
                await asyncio.sleep(pause(failures))

    def _stop_the_clock(self, one: Waiting) -> None:
        if (press := press_of(one.raw)) is not None:
            self._outbox.answer(press)

    def _once(self, tx: Tx, update_ids: tuple[int, ...], asked: Asked) -> Answered | None:
        if inbox.seen(tx, update_ids[-1]):
            return None
        reply = self._answer(tx, asked)
        now = self._clock()
        for update_id in update_ids:
            inbox.mark(tx, update_id, now)
        return reply

    async def _put_aside(self, one: Waiting, line: Line, kind: str) -> Reply | DeskReply | None:
        """Quarantine an update without its content, and say so kindly to who sent it."""
        reply: Reply | DeskReply | None
        try:
            reply = await self._db.transaction(self._aside, one, line, kind)
        except Exception as error:
            # The session itself may be what cannot be read: then say it outside of it.
            logs.trouble("update_failed", error)
            lost = line.family if isinstance(error, IntegrityError) else None
            await self._db.transaction(self._aside_in_silence, one, kind, lost)
            reply = None if line.family is None else SORRY
            if line.desk:
                self._stop_the_clock(one)
        logs.note("update_quarantined", error=kind)
        return reply

    def _aside(self, tx: Tx, one: Waiting, line: Line, kind: str) -> Reply | DeskReply | None:
        self._aside_in_silence(tx, one, kind, None)
        now, own = self._clock(), message_of(one.raw)
        if line.family is not None:
            return self._sorry(tx, line.family, now, own)
        if line.desk and self._desk is not None and line.origin is not None:
            return self._desk.sorry(tx, line.origin.topic, own, now)
        return None

    def _aside_in_silence(self, tx: Tx, one: Waiting, kind: str, lost: int | None) -> None:
        now = self._clock()
        inbox.quarantine(tx, one.update_id, kind, now)
        inbox.mark(tx, one.update_id, now)
        if lost is not None:
            # Nothing can ever open it again, and it would fail her at every word she writes.
            sessions.delete(tx, lost)
