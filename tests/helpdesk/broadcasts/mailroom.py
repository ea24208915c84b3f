"""A broadcast that two organisers let out, over a real database; calls are ended by hand.

What would be on phones stands in `Mailroom.phones`. Chats of families and ids of messages are small
numbers that do not collide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

import locales
import rules
from helpdesk import subscriptions
from helpdesk.audience import Segment, Topic
from helpdesk.broadcasts import amending, answer, presses, sending, shelf
from helpdesk.broadcasts.broadcast import Broadcast, Kind, Letter, Stage, sealed_by
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.ends import Aftermath, End, Hold, Ready, Result
from helpdesk.broadcasts.messages import (
    Note,
    OrganiserCommand,
    OrganiserPress,
    OrganiserReply,
)
from helpdesk.broadcasts.shelf import Entry
from helpdesk.context import Context
from helpdesk.desk import staff
from store import Database, Tx, ledger
from store.ledger import Mark

P = ParamSpec("P")
R = TypeVar("R")

ANA, BEA = 900_001, 900_002
"""Organisers: one writes, the other approves."""
FAMILY = 700_000
LETTER = Letter(html="Hola. <b>Abrió un mostrador.</b>", button="Dejar de recibir")
OTHER = Letter(html="Hola. <b>El mostrador no abrió.</b>", button="Dejar de recibir")

Ends = Callable[[Ready], Result | End]


@cache
def studio() -> Studio:
    """Return the laws and the words, loaded once."""
    return Studio(Context(rules.load(), locales.load(), b"k" * 32))


@dataclass
class Mailroom:
    """Everything of it; ``now`` is moved by the tests."""

    db: Database
    now: datetime
    notes: list[Note] = field(default_factory=list)
    phones: dict[int, dict[int, Letter]] = field(default_factory=dict)
    erased: list[int] = field(default_factory=list)
    last: int = 100
    studio: Studio = field(default_factory=studio)

    async def do(self, work: Callable[Concatenate[Tx, P], R], *args: P.args, **more: P.kwargs) -> R:
        return await self.db.transaction(work, *args, **more)

    def wait(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)

    # --- what there is -------------------------------------------------------------------------

    async def open(self, families: int = 0, *, chats: Iterable[int] = ()) -> None:
        """Let there be two organisers, and families who asked for everything."""
        for user in (ANA, BEA):
            await self.do(staff.ensure, user, staff.Role.ORGANISER)

        def ask(tx: Tx) -> None:
            for chat in (*range(FAMILY, FAMILY + families), *chats):
                subscriptions.toggle_topic(tx, chat, Topic.ALL, self.now)

        await self.do(ask)

    async def member(self, user: int = ANA) -> staff.Member:
        found = await self.do(staff.of, user)
        assert found is not None
        return found

    async def approved(self, **given: Any) -> Entry:
        """Let a broadcast be sent to everybody, or a change of one be made."""
        return await self.do(self._approved, given)

    def _approved(self, tx: Tx, given: dict[str, Any]) -> Entry:
        author, approver = staff.of(tx, ANA), staff.of(tx, BEA)
        assert author is not None
        assert approver is not None
        made: dict[str, Any] = {
            "kind": Kind.SEND,
            "stage": Stage.ASKED,
            "segment": Segment(topics=frozenset({Topic.ALL})),
            "letter": LETTER,
            "target": "",
            "urgent": False,
            **given,
        }
        names = ("letter", "segment", "kind", "target", "urgent")
        seal = sealed_by(*(made[name] for name in names))
        made = {"number": 0, "author": author.name, "seal": seal, **made}
        entry = shelf.add(tx, Broadcast(**made), self.now)
        if entry.broadcast.kind is not Kind.SEND:
            return amending.start(tx, entry, approver.name, self.now)
        recipients = subscriptions.members(tx, entry.broadcast.segment, self.now)
        return sending.start(tx, entry, recipients, approver.name, self.now)

    async def entry(self, entry: Entry) -> Entry:
        found = await self.do(shelf.get, entry.id)
        assert found is not None
        return found

    async def change(self, entry: Entry, **changes: Any) -> Entry:
        return await self.do(lambda tx: shelf.change(tx, entry, self.now, **changes))

    async def stage(self, entry: Entry) -> Stage:
        return (await self.entry(entry)).broadcast.stage

    async def tally(self, entry: Entry) -> dict[str, int]:
        """Give the marks that somebody has, and see that they add up."""
        found = await self.do(ledger.tally, entry.id)
        assert sum(found.values()) == (await self.entry(entry)).broadcast.recipients
        return {mark.name: count for mark, count in found.items() if count}

    async def press(self, verb: str, entry: Entry, message_id: int = 7) -> OrganiserReply:
        """Press a button about a broadcast, as Ana."""
        return await self.pressed(presses.data(verb, entry.id), message_id)

    async def pressed(self, data: str, message_id: int = 7) -> OrganiserReply:
        body = OrganiserPress(data, message_id)
        command = OrganiserCommand(self.now, ANA, body, message_id)
        return await self.do(answer.answer, command, self.studio)

    # --- what is sent --------------------------------------------------------------------------

    async def claim(self) -> Ready | Hold | None:
        return await self.do(sending.claim, self.now)

    async def ready(self) -> Ready:
        found = await self.claim()
        assert isinstance(found, Ready), found
        return found

    async def end(self, ready: Ready, end: Result | End = End.SENT, **more: Any) -> Aftermath:
        result = end if isinstance(end, Result) else Result(end)
        if result.end is End.SENT:
            result = self._deliver(ready)
        after = await self.do(sending.ended, ready, result, self.now, **more)
        self._take(after)
        return after

    async def drain(self, ends: Ends = lambda ready: End.SENT, most: int = 10_000) -> list[Ready]:
        """Claim, call and end one after the other until nobody is to be claimed."""
        made: list[Ready] = []
        while len(made) < most:
            found = await self.claim()
            if isinstance(found, Hold) and found.seconds == 0:
                continue
            if not isinstance(found, Ready):
                break
            made.append(found)
            await self.end(found, ends(found))
        return made

    async def settle(self) -> None:
        self._take(await self.do(sending.settle, self.now))

    async def recover(self) -> None:
        """Start anew, as after a power cut."""
        self._take(await self.do(sending.recover, self.now))

    def texts(self, user: int) -> list[str]:
        """Give the keys of the heads of what somebody was told, the oldest first."""
        return [
            str(note.screen.parts[0].params["state"]).removeprefix("@sending.state.")
            for note in self.notes
            if note.user == user and note.screen is not None and note.edit is None
        ]

    def got(self, letter: Letter = LETTER) -> int:
        """Count the phones on which a letter stands."""
        return sum(list(phone.values()).count(letter) for phone in self.phones.values())

    def _deliver(self, ready: Ready) -> Result:
        phone = self.phones.setdefault(ready.chat, {})
        if ready.edit is not None:
            assert ready.edit in phone, "there is no such message"
            phone[ready.edit] = ready.letter
            return Result(End.SENT, ready.edit)
        self.last += 1
        phone[self.last] = ready.letter
        return Result(End.SENT, self.last)

    def _take(self, after: Aftermath) -> None:
        self.notes += after.notes
        self.erased += [] if after.erase is None else [after.erase]


def by_turns(ends: Iterable[End]) -> Ends:
    """Give one end after the other, and the last one from then on."""
    left = list(ends)
    return lambda ready: left.pop(0) if len(left) > 1 else left[0]


def marks(**counts: int) -> dict[str, int]:
    return {Mark[name].name: count for name, count in counts.items()}
