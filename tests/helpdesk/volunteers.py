"""The other side of a conversation, for tests: a desk whose posts are carried out on paper.

No Telegram: what the bot would send is noted with its rendered words, and is told to have arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

import locales
import rules
from handlers.render import render
from helpdesk import context as contexts
from helpdesk.context import Context
from helpdesk.desk import answer, deliveries, family, posture, staff, tending
from helpdesk.desk.case import Case
from helpdesk.desk.context import DeskContext
from helpdesk.desk.ends import End, Ready, Result
from helpdesk.desk.messages import Actor, DeskCommand, DeskPress, DeskSlash, DeskTyped, Where
from helpdesk.desk.posts import WRITES, Call, Place
from helpdesk.desk.staff import Member, Role
from helpdesk.messages import Part
from locales import Catalogue
from locales.message import without_tags
from rules import Laws
from store import Database, Keys, Tx
from tests.helpdesk.phone import Phone

GROUP = -1_001_234_567_890
GOOD = posture.GroupFacts(
    inside=True,
    kind="supergroup",
    is_forum=True,
    history_visible=False,
    content_protected=True,
    members_hidden=True,
    members_may_invite=False,
    join_by_request=True,
    bot_is_admin=True,
    bot_rights=frozenset({"can_delete_messages", "can_manage_topics"}),
)


@dataclass(frozen=True)
class Gone:
    """One call that was made: where to, which, and the words it showed."""

    place: Place
    call: Call
    chat: int
    topic: int | None
    text: str
    ready: Ready


@dataclass
class Desk:
    """The volunteers over the same database as the family's phone, on its clock."""

    db: Database
    context: Context
    phone: Phone
    calls: list[Gone] = field(default_factory=list)
    next_id: int = 500
    refused: str | None = None
    """Telegram refuses whatever holds this word."""

    @property
    def now(self) -> datetime:
        return self.phone.now

    @property
    def words(self) -> DeskContext:
        assert self.context.desk is not None
        return self.context.desk

    async def open(self, *, on_duty: bool = True) -> None:
        """Let the group be safe, with two volunteers and one who coordinates."""

        def begin(tx: Tx) -> None:
            posture.note(tx, GOOD, self.now)
            for user, role in ((41, Role.VOLUNTEER), (42, Role.VOLUNTEER), (43, Role.LEAD)):
                member = staff.accept(tx, user, staff.invite(tx, role, None, self.now), self.now)
                assert member is not None
                staff.set_duty(tx, member, on_duty, self.now)

        await self.db.transaction(begin)

    async def safe(self, safe: bool = True) -> None:
        facts = GOOD if safe else posture.GroupFacts()
        await self.db.transaction(posture.note, facts, self.now)

    async def member(self, user: int) -> Member:
        found = await self.db.transaction(staff.of, user)
        assert found is not None
        return found

    async def case(self) -> Case | None:
        view = await self.db.transaction(family.view, self.phone.chat, self.now, self.words)
        return view.case

    async def claim(self, user: int = 41) -> Case:
        """Claim the family's case and let all of it go out."""
        case = await self.case()
        assert case is not None
        await self.do(user, DeskPress(f"claim:{case.code}"), Where.GENERAL)
        await self.send()
        claimed = await self.case()
        assert claimed is not None
        assert claimed.topic is not None
        return claimed

    async def say(self, text: str, user: int = 41) -> None:
        """Say something to the family with /r, and let it go out."""
        await self.do(user, DeskSlash("r", text), Where.TOPIC)
        await self.send()

    async def do(
        self,
        user: int,
        body: DeskPress | DeskSlash | DeskTyped,
        where: Where = Where.TOPIC,
        answers: int | None = None,
    ) -> Part | None:
        case = await self.case()
        topic = case.topic if case is not None and where is Where.TOPIC else None
        actor = Actor(user, inside=True)
        command = DeskCommand(self.now, where, actor, body, self._take_id(), topic, answers)
        reply = await self.db.transaction(answer.answer, command, self.words)
        return reply.alert

    def _take_id(self) -> int:
        self.next_id += 1
        return self.next_id

    async def send(self) -> list[Gone]:
        """Make every call that waits, minute after minute, as the bot would; gives them."""
        before = len(self.calls)
        for _ in range(400):
            queued = await self.db.transaction(deliveries.waiting, self.now, self.words)
            ready = None
            for one in queued:
                found = await self.db.transaction(deliveries.claim, one.id, self.now, self.words)
                if isinstance(found, Ready):
                    ready = found
                    break
            if ready is not None:
                await self._make(ready)
            elif queued:
                self.phone.wait(seconds=5)
            else:
                return self.calls[before:]
        raise AssertionError("the posts never end")

    async def _make(self, ready: Ready) -> None:
        post = ready.post
        shown = post.shows
        text = ""
        if shown is not None:
            text = without_tags(render(shown, self.words.words(post.language)).text)
        gone = Gone(post.place, post.call, ready.chat, ready.topic, text, ready)
        self.calls.append(gone)
        number = self.phone.take_id() if post.place is Place.FAMILY else self._take_id()
        if post.place is Place.FAMILY and shown is not None and post.call is Call.SAY:
            self.phone.messages[number] = text
        made = post.call in WRITES
        result = Result(
            End.REFUSED if self.refused is not None and self.refused in text else End.SENT,
            message_id=number if made else None,
            topic=self._take_id() if post.call is Call.OPEN_TOPIC else None,
        )
        await self.db.transaction(deliveries.ended, ready, result, self.now, self.words)

    async def tend(self, **later: float) -> None:
        """Let time pass and the desk's clock work run, then send what it wrote."""
        self.phone.now += timedelta(**later)
        await self.safe()
        await self.db.transaction(tending.tend, self.now, self.words)
        await self.send()

    def topic(self) -> str:
        """All that was ever said in a topic, as the team read it."""
        return "\n\n".join(one.text for one in self.calls if one.place is Place.TOPIC)

    def copied(self) -> list[int]:
        """The family's messages that were copied into the group."""
        return [
            one.ready.post.source
            for one in self.calls
            if one.place is Place.TOPIC and one.call is Call.COPY and one.ready.post.source
        ]


@cache
def laws() -> Laws:
    return rules.load()


@cache
def spoken() -> dict[str, Catalogue]:
    return {one: locales.load(one) for one in locales.LANGUAGES}


def two_languages(keys: Keys) -> Context:
    """Return a context with a desk, in Spanish and English."""
    words = spoken()
    desk = DeskContext(GROUP, words)
    return contexts.build(laws(), words["es"], keys, desk=desk, others=[words["en"]])
