"""Takes updates from Telegram, one transaction each, and acknowledges only what has committed.

Telegram is the durable inbox. A poll acknowledges the *watermark*: the highest update up to which
everything received has committed. What a crash or a poll from the watermark brings again is
known here (in flight) or in the store (committed). Updates of a chat go one after another,
those of different chats side by side. Sending is not here: see ``bot.outgoing``.

Telegram gives 100 updates at most from the watermark on, so a chat that sends hundreds stands
before everybody else. Beyond ``CAP`` waiting updates of a chat only the newest of each kind waits
(/borrar, /start, a press, anything else): one that a newer displaces is not read. It rides with
the update after it, in whose transaction it is marked as seen and its message is noted, so that
/borrar finds it and a photo is still taken out of the chat. A chat that was over the cap has no
places beside those four until a poll brings one of its updates at most. So nobody's /borrar is
lost, and after a flood the newest message is answered, which shows the current screen.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from telegram.error import Conflict, InvalidToken, TelegramError

from bot import logs
from bot.backoff import pause
from bot.errors import TokenRefused
from bot.raw_updates import kind_of, message_of, whose
from bot.wire import JSON, Wire, seconds_to_wait
from handlers import family
from helpdesk.messages import Command, Part, Reply, Screen, Unread, Unreadable
from store import Database, Tx, inbox, sessions
from store.errors import IntegrityError, StoreBusyError

Clock = Callable[[], datetime]
Answer = Callable[[Tx, Command], Reply]
"""What the helpdesk does with a command, in a transaction."""
Sorry = Callable[[Tx, int, datetime, int | None], Reply]
"""What a family is told when its update had to be put aside, in a transaction."""

LONG_POLL = 25
"""Seconds that Telegram holds a poll open when there is nothing."""
PATIENCE = 0.2
"""Seconds to wait for what is in flight before polling again from the same watermark."""
CAP = 5
"""Updates of a chat that wait to be read one by one: more than one types before an answer."""
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

    def answer(self, callback_id: str) -> None:
        """A button was pressed."""

    def leave(self, chat: int) -> None:
        """The bot is where nobody invited it."""


@dataclass(slots=True)
class _Waiting:
    """An update that waits, and those before it that it displaced: they are not read."""

    update_id: int
    raw: JSON
    kind: str
    passed: list[tuple[int, JSON]] = field(default_factory=list)

    @property
    def update_ids(self) -> tuple[int, ...]:
        return (*(update_id for update_id, _ in self.passed), self.update_id)


@dataclass(slots=True)
class _Line:
    """The updates of a chat, in order, while there are any; without a chat, one update."""

    chat: int | None
    waiting: deque[_Waiting] = field(default_factory=deque)
    hasty: bool = False
    """One of them was put aside: the others are tried without pauses, for everybody waits."""


class Intake:
    """The polling loop and the line of updates of every chat."""

    def __init__(
        self,
        wire: Wire,
        db: Database,
        outbox: Outbox,
        answer: Answer,
        sorry: Sorry,
        clock: Clock,
        count: Callable[[Mapping[str, int]], None] = lambda counts: None,
    ) -> None:
        self._wire = wire
        self._db = db
        self._outbox = outbox
        self._answer = answer
        self._sorry = sorry
        self._clock = clock
        self._count = count
        self.watermark: int | None = None
        self.connected = asyncio.Event()
        self._order: deque[int] = deque()  # received and not yet passed by the watermark
        self._in_flight: set[int] = set()  # the same ids
        self._committed: set[int] = set()  # those of them whose transaction is done
        self._all_committed = asyncio.Event()
        self._all_committed.set()
        self._lines: dict[int, _Line] = {}
        # Chats over the cap, until a poll brings one of theirs at most.
        self._crowded: set[int] = set()
        self._over: set[int] = set()  # chats that went over it since the last poll
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
        chats = Counter(
            origin[0] for raw in batch if isinstance(raw, dict) and (origin := whose(raw))
        )
        self._crowded = {chat for chat in self._crowded | self._over if chats[chat] > 1}
        self._over.clear()
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
        origin = whose(raw)
        chat = origin[0] if origin is not None else None
        line = None if chat is None else self._lines.get(chat)
        if line is None:
            line = _Line(chat)
            task = asyncio.create_task(self._work(line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if chat is not None:
            self._lines[chat] = line
            self._outbox.expect(chat)
        line.waiting.append(_Waiting(update_id, raw, kind_of(raw)))
        self._bound(line)

    def _bound(self, line: _Line) -> None:
        """Let the newest update displace the one of its kind that waits beyond the cap."""
        places = 0 if line.chat in self._crowded else CAP
        newest = line.waiting[-1]
        for index in range(places, len(line.waiting) - 1):
            displaced = line.waiting[index]
            if displaced.kind == newest.kind:
                del line.waiting[index]
                carrier = line.waiting[index]
                gone = (displaced.update_id, displaced.raw)
                carrier.passed = [*displaced.passed, gone, *carrier.passed]
                assert line.chat is not None  # the line of no chat holds one update
                self._over.add(line.chat)
                return

    async def _work(self, line: _Line) -> None:
        try:
            while line.waiting:
                one = line.waiting.popleft()
                reply: Reply | None = None
                try:
                    reply = await self._handle(one, line)
                    self._settle(*one.update_ids)
                    if reply is not None:
                        self._count(reply.counts)
                finally:
                    if line.chat is not None:
                        for _ in one.passed:
                            self._outbox.put(line.chat, None)
                        self._outbox.put(line.chat, reply)
        finally:
            if line.chat is not None:
                del self._lines[line.chat]

    def _settle(self, *update_ids: int) -> None:
        self._committed.update(update_ids)
        while self._order and self._order[0] in self._committed:
            self.watermark = self._order.popleft()
            self._committed.remove(self.watermark)
            self._in_flight.remove(self.watermark)
        if not self._order:
            self._all_committed.set()

    async def _handle(self, one: _Waiting, line: _Line) -> Reply | None:
        """Work on an update until it is committed or put aside."""
        answered, failures = False, 0
        while True:
            try:
                command = self._read(one.raw, answer=not answered)
                answered = True
                earlier = [*one.passed]
                while command is None and earlier:
                    # Nothing to answer in the newest: then in the newest before it.
                    command = self._read(earlier.pop()[1], answer=False)
                if isinstance(command, family.Uninvited):
                    self._outbox.leave(command.chat)
                    return None
                if command is None:
                    return None
                command = replace(command, unread=self._unread(earlier))
                return await self._db.transaction(self._once, one.update_ids, command)
            except (StoreBusyError, sqlite3.OperationalError) as error:
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
                    return await self._put_aside(one, kind)
                if not line.hasty:
                    await asyncio.sleep(PAUSES[min(tries, len(PAUSES)) - 1])
            except Exception as error:
                # A try counts only if it could be written down: a full disk must not make
                # Faro put aside what families say.
                failures += 1
                logs.trouble("storage_failed", error, tries=failures)
                await asyncio.sleep(pause(failures))

    def _read(self, raw: JSON, *, answer: bool) -> Command | family.Uninvited | None:
        update = self._wire.parse(raw)
        if update.callback_query is not None and answer:
            self._outbox.answer(update.callback_query.id)
        return family.read(update, self._clock())

    def _unread(self, passed: Sequence[tuple[int, JSON]]) -> tuple[Unread, ...]:
        """Find the messages of updates that are not read, and what they were."""
        unread: list[Unread] = []
        for _, raw in passed:
            message = raw.get("message")
            if isinstance(message, dict) and isinstance(message.get("text"), str):
                if type(message.get("message_id")) is int:  # a flood of texts is not worth parsing
                    unread.append(Unread(message["message_id"], text=message["text"]))
                continue
            try:
                command = self._read(raw, answer=False)
            except Exception as error:  # whatever the library raises: that of the update says more
                logs.trouble("update_failed", error)
                continue
            if isinstance(command, Command) and command.message_id is not None:
                body = command.body
                kind = body if isinstance(body, Unreadable) else None
                unread.append(Unread(command.message_id, kind, command.caption))
        return tuple(unread)

    def _once(self, tx: Tx, update_ids: tuple[int, ...], command: Command) -> Reply | None:
        if inbox.seen(tx, update_ids[-1]):
            return None
        reply = self._answer(tx, command)
        for update_id in update_ids:
            inbox.mark(tx, update_id, command.at)
        return reply

    async def _put_aside(self, one: _Waiting, kind: str) -> Reply | None:
        """Quarantine an update without its content, and say so kindly to its family."""
        origin = whose(one.raw)
        chat = origin[0] if origin is not None and origin[1] else None
        own = message_of(one.raw)
        try:
            reply = await self._db.transaction(self._aside, one.update_id, kind, chat, own)
        except Exception as error:
            # The session itself may be what cannot be read: then say it outside of it.
            logs.trouble("update_failed", error)
            lost = chat if isinstance(error, IntegrityError) else None
            await self._db.transaction(self._aside, one.update_id, kind, None, None, lost)
            reply = SORRY if chat is not None else None
        logs.note("update_quarantined", error=kind)
        return reply

    def _aside(
        self,
        tx: Tx,
        update_id: int,
        kind: str,
        chat: int | None,
        own: int | None,
        lost: int | None = None,
    ) -> Reply | None:
        now = self._clock()
        inbox.quarantine(tx, update_id, kind, now)
        inbox.mark(tx, update_id, now)
        if lost is not None:
            # Nothing can ever open it again, and it would fail her at every word she writes.
            sessions.delete(tx, lost)
        return None if chat is None else self._sorry(tx, chat, now, own)
