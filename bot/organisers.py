"""Says to organisers what is left to be said after a commit, and has the documents they send.

One lane for each person: a note at a time, in order. All of it is best effort, for the truth is in
the tables and ``/difusiones`` shows it: a note that cannot be said is given up after a while, and
after a crash none is said again. Of the notes that show the progress of one broadcast only the
newest waits. What is said, and to whom, is worked out in `helpdesk.broadcasts`.

A button that approves is not said without what it approves: when a note is given up, those after it
that need it are not said, and their person is told so, once.

A document is downloaded only for somebody of the team whose next message is to be one: that is
asked in a short transaction of its own, before any call is made. What a family sends is never
fetched, and costs her no more than being looked up once.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from telegram.error import TelegramError

from bot import logs, picture
from bot.backoff import pause
from bot.fates import Fate, judge, seconds_to_wait
from bot.governor import Lane
from bot.intake import SORRY
from bot.noting import BUSY
from bot.wire import Spot, Wire
from handlers.errors import HandlersError
from handlers.render import Rendered, exact, render
from helpdesk.broadcasts import progress
from helpdesk.broadcasts.messages import (
    NOT_SHOWN,
    Note,
    OrganiserCommand,
    OrganiserFile,
    OrganiserReply,
    Picture,
)
from helpdesk.broadcasts.presses import SAMPLE
from helpdesk.desk import staff
from helpdesk.editorial import answer as editorial
from helpdesk.messages import Unreadable
from locales import SOURCE, Catalogue, LocalesError
from store import Database, Tx

LARGEST_FILE: Final = 64 * 2**10
"""Bytes of a document that is read, by the size that Telegram states: it is a page of YAML."""
MOST_TRIES: Final[Mapping[Fate, int]] = {
    Fate.WAIT: 10,
    Fate.NEVER_LEFT: 10,
    Fate.TROUBLE: 5,
    Fate.UNKNOWN: 2,
}
"""Calls for a note, by what became of them: a few minutes. Whatever else fails is not repeated.

Of an unknown one nobody can tell whether it arrived: rather twice than never, for an organiser.
"""
MOST_WAITING: Final = 100
"""Notes that wait for a person; beyond them the oldest is given up."""
NOTE_TRIES: Final = 10
"""Tries to write down which message shows a progress, while the database is locked."""
_NO_CAPTION: Final = Rendered("", None)


@dataclass(frozen=True, slots=True)
class _Waiting:
    note: Note
    blind: bool
    """It was worked out while a new message about the same progress was on its way."""


@dataclass(slots=True)
class _Lane:
    """What waits for a person, and the messages that show a progress, sent while it lived."""

    waiting: deque[_Waiting] = field(default_factory=deque)
    sending: str = ""
    """The progress that a new message on its way shows: nobody knows its id yet."""
    became: dict[str, int] = field(default_factory=dict)
    working: asyncio.Task[None] | None = None


class Organisers:
    """The lanes of all organisers: the `bot.intake.OrganiserSide` of the program.

    ``stirred`` is told that a broadcast may have something to send.
    """

    def __init__(
        self,
        wire: Wire,
        db: Database,
        catalogues: Mapping[str, Catalogue],
        stirred: Callable[[], None] = lambda: None,
    ) -> None:
        self._wire = wire.on(Lane.DESK)
        self._db = db
        self._catalogues = catalogues
        self.stirred = stirred
        self._lanes: dict[int, _Lane] = {}
        self._kept: dict[tuple[int, str], int] = {}

    # --- for the intake ------------------------------------------------------------------------

    async def with_content(self, command: OrganiserCommand) -> OrganiserCommand | None:
        """Fill in what is in a document that is waited for; None for one of nobody of the team."""
        body = command.body
        assert isinstance(body, OrganiserFile)  # nothing else has content
        awaited = await self._db.transaction(_awaits, command.user)
        if awaited is None:
            return None
        if not awaited or not 0 < body.size <= LARGEST_FILE:
            return command
        try:
            content = await self._wire.download(body.file)
        except TelegramError as error:
            logs.trouble("file_not_read", error)  # she is told so, and sends it again
            return command
        return replace(command, body=replace(body, content=content))

    def carry_out(self, reply: OrganiserReply) -> None:
        """Say what a command left to be said, and have a broadcast looked at that it stirred."""
        for note in reply.notes:
            self.say(note)
        if reply.stirred:
            self.stirred()

    # --- saying --------------------------------------------------------------------------------

    def say(self, note: Note) -> None:
        """Queue a note for its person; it is said when those before it are."""
        lane = self._lanes.setdefault(note.user, _Lane())
        if note.keep_as:
            for one in [one for one in lane.waiting if one.note.keep_as == note.keep_as]:
                lane.waiting.remove(one)
                if one.note.edit is None:
                    note = replace(note, edit=None)  # it was to be seen at the end of the chat
        lane.waiting.append(_Waiting(note, bool(note.keep_as) and lane.sending == note.keep_as))
        if len(lane.waiting) > MOST_WAITING:
            lane.waiting.popleft()
            _hold_back(lane)
        if lane.working is None:
            lane.working = asyncio.create_task(self._work(note.user, lane))

    async def finish(self, seconds: float) -> None:
        """Let what waits be said, at most so long; what is left is not said."""
        tasks = [lane.working for lane in self._lanes.values() if lane.working]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, user: int, lane: _Lane) -> None:
        try:
            while lane.waiting:
                one = lane.waiting.popleft()
                lane.sending = one.note.keep_as if one.note.edit is None else ""
                said = False
                try:
                    said = await self._carry_out(one, lane)
                except Exception as error:
                    logs.trouble("note_not_said", error)
                finally:
                    lane.sending = ""
                if not said:
                    _hold_back(lane)
        finally:
            del self._lanes[user]

    async def _carry_out(self, one: _Waiting, lane: _Lane) -> bool:
        """Say a note; False when it was given up, or something else stands in its place."""
        note = one.note
        target = lane.became.get(note.keep_as, note.edit) if one.blind else note.edit
        message, whole = self._written(note)
        if note.picture is not None:
            return await self._show_picture(note, note.picture, message or _NO_CAPTION) and whole
        if message is None:
            return False
        shown = await self._show(note, message, target)
        if shown is not None and note.keep_as:
            lane.became[note.keep_as] = shown
            await self._keep(note, shown)
        return shown is not None and whole

    def _written(self, note: Note) -> tuple[Rendered | None, bool]:
        """Return the words of a note, and whether they are its own and no apology for them."""
        if note.letter is not None:
            return exact(note.letter, SAMPLE), True
        if note.screen is None:
            return None, True
        words = self._catalogues.get(note.language, self._catalogues[SOURCE])
        try:
            return render(note.screen, words), True
        except (HandlersError, LocalesError) as error:
            logs.trouble("screen_not_rendered", error)
            assert SORRY.screen is not None  # it is a constant with one
            return render(SORRY.screen, words), False

    async def _show(self, note: Note, message: Rendered, target: int | None) -> int | None:
        """Edit a message or send a new one; gives its id, None when it was not said."""
        if target is not None:
            edited = await self._insist(_editing(self._wire, note.user, target, message))
            if not isinstance(edited, Fate) or edited is Fate.SAME:
                return target
            if edited not in (Fate.GONE, Fate.REFUSED):
                return None
        spot = Spot(note.user, silent=note.silent)
        sent = await self._insist(lambda: self._wire.send(spot, message))
        return sent if isinstance(sent, int) else None

    async def _show_picture(self, note: Note, drawn: Picture, caption: Rendered) -> bool:
        """Draw a picture and send it, with the words of its note under it."""
        content = await picture.draw(drawn)
        spot = Spot(note.user, silent=note.silent)
        sent = await self._insist(
            lambda: self._wire.send_media(spot, Unreadable.PHOTO, content, caption)
        )
        return isinstance(sent, int)

    async def _insist(self, call: Callable[[], Awaitable[int]]) -> int | Fate:
        """Make a call, and again as `MOST_TRIES` says; gives the message's id, or what became."""
        tries = dict.fromkeys(Fate, 0)
        while True:
            try:
                return await call()
            except TelegramError as error:
                fate = judge(error)
                tries[fate] += 1
                if tries[fate] >= MOST_TRIES.get(fate, 0):
                    if fate not in (Fate.SAME, Fate.GONE):
                        logs.trouble("note_not_said", error)
                    return fate
                if fate is Fate.WAIT:
                    logs.note("told_to_wait", seconds=seconds_to_wait(error))
                    await asyncio.sleep(seconds_to_wait(error) + random.uniform(0.05, 0.5))
                else:
                    await asyncio.sleep(pause(tries[fate] - 1))

    async def _keep(self, note: Note, message_id: int) -> None:
        """Tell which message shows a progress now, so that it is that one which is edited."""
        if self._kept.get((note.user, note.keep_as)) == message_id:
            return
        for failures in range(NOTE_TRIES):
            try:
                await self._db.transaction(
                    progress.shown, bytes.fromhex(note.keep_as), note.user, message_id
                )
                self._kept[note.user, note.keep_as] = message_id
                return
            except BUSY as error:
                logs.trouble("storage_failed", error, tries=failures + 1)
                await asyncio.sleep(pause(failures))


def _hold_back(lane: _Lane) -> None:
    """After a note was given up: put one word in place of all that come next and need it.

    They wait already, for what a command leaves to be said to a person is queued at once.
    """
    held = None
    while lane.waiting and lane.waiting[0].note.needs_the_one_before:
        held = lane.waiting.popleft().note
    if held is not None:
        instead = Note(held.user, NOT_SHOWN, language=held.language)
        lane.waiting.appendleft(_Waiting(instead, blind=False))


def _editing(
    wire: Wire, chat: int, message_id: int, message: Rendered
) -> Callable[[], Awaitable[int]]:
    async def edit() -> int:
        await wire.edit(chat, message_id, message)
        return message_id

    return edit


def _awaits(tx: Tx, user: int) -> bool | None:
    """Say whether somebody's next message is to be a document; None for nobody of the team."""
    return None if staff.of(tx, user) is None else editorial.awaits_file(tx, user)
