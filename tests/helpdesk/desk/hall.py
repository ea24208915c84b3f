"""The desk with its group and its families over a real database: posts are carried out by hand.

What Telegram would hold stands in `Hall.group` and `Hall.chats`. Numbers of messages begin at the
same in the group and in every chat, so that they collide all the time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar

from helpdesk.desk import casebook, deliveries, family, outbox, posture, queue, staff, tending
from helpdesk.desk.answer import answer
from helpdesk.desk.case import Case, Category, Shared, Urgency
from helpdesk.desk.context import DeskContext
from helpdesk.desk.deliveries import Aftermath, End, Ready, Result
from helpdesk.desk.family import Heard
from helpdesk.desk.messages import (
    Actor,
    DeskCommand,
    DeskMedia,
    DeskPress,
    DeskReply,
    DeskSlash,
    DeskTyped,
    Where,
)
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Call, Place
from helpdesk.desk.posture import GroupFacts
from helpdesk.messages import Button, Command, Screen, Slash, Typed, Unreadable
from locales import Catalogue, load
from store import Database, PostState, Session, Tx, sessions

P = ParamSpec("P")
R = TypeVar("R")

GROUP = -1_001_234
FIRST = 100
MOTHER, AUNT = 700_001, 700_002
SAFE = GroupFacts(
    inside=True,
    kind="supergroup",
    is_forum=True,
    history_visible=False,
    members_hidden=True,
    content_protected=True,
    join_by_request=True,
    members_may_invite=False,
    members=12,
    bot_is_admin=True,
    bot_rights=frozenset({"can_delete_messages", "can_manage_topics"}),
)
WORDS = {"es": load("es")}


@dataclass
class Message:
    """One message as it stands in a chat. ``copied`` is the message that it is a copy of."""

    id: int
    text: str
    topic: int | None = None
    answers: int | None = None
    rows: tuple[tuple[Button, ...], ...] = ()
    copied: int | None = None
    own_caption: bool = False
    silent: bool = False


@dataclass
class Room:
    """A chat: its messages by id."""

    messages: dict[int, Message] = field(default_factory=dict)
    last: int = FIRST

    def take_id(self) -> int:
        self.last += 1
        return self.last

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.messages.values()]


@dataclass
class Hall:
    """Everything of a desk; ``now`` is moved by the tests, and by `drain` while it waits."""

    db: Database
    now: datetime
    group: Room = field(default_factory=Room)
    chats: dict[int, Room] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    erase: list[int] = field(default_factory=list)
    calls: list[tuple[datetime, Ready]] = field(default_factory=list)
    ends: Callable[[Ready], Result | None] = lambda ready: None
    """Makes a call end otherwise than well."""
    context: DeskContext = field(default_factory=lambda: DeskContext(GROUP, WORDS))

    @cached_property
    def words(self) -> Catalogue:
        return self.context.words("es")

    async def do(self, work: Callable[Concatenate[Tx, P], R], *args: P.args, **more: P.kwargs) -> R:
        return await self.db.transaction(work, *args, **more)

    def wait(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)

    async def safe(self, facts: GroupFacts = SAFE) -> None:
        await self.do(posture.note, facts, self.now)

    # --- people --------------------------------------------------------------------------------

    async def member(self, user: int, *roles: staff.Role) -> staff.Member:
        found: staff.Member | None = None
        for role in roles or (staff.Role.VOLUNTEER,):
            code = await self.do(staff.invite, role, None, self.now)
            found = await self.do(staff.accept, user, code, self.now)
        assert found is not None
        return found

    def room(self, chat: int) -> Room:
        return self.chats.setdefault(chat, Room())

    async def family(self, chat: int = MOTHER, **more: Any) -> Case:
        """Let a family ask for a person."""
        self.room(chat)
        await self.do(sessions.put, chat, Session({}), self.now)
        given: dict[str, Any] = {
            "category": Category.PAPERS,
            "urgency": Urgency.DAYS,
            "language": "es",
            "shared": None,
        } | more
        return await self.do(
            family.open_case,
            chat,
            given["category"],
            given["urgency"],
            given["language"],
            given["shared"],
            self.now,
            self.context,
        )

    async def say(
        self, text: str | Unreadable, chat: int = MOTHER, *, edit: int | None = None, **more: Any
    ) -> Heard:
        """Let a family write; the number of her message is ``room(chat).last``."""
        room = self.room(chat)
        message_id = room.take_id() if edit is None else edit
        room.messages[message_id] = Message(message_id, str(text))
        body = Typed(text) if not isinstance(text, Unreadable) else text
        command = Command(chat, self.now, body, message_id, edit is not None, **more)
        return await self.do(family.hear, command, self.context)

    async def write(
        self,
        user: int,
        body: str | DeskMedia,
        topic: int | None = None,
        answers: int | None = None,
        *,
        edit: int | None = None,
        inside: bool | None = True,
        where: Where | None = None,
    ) -> DeskReply:
        """Let somebody write in the group, in a topic, or in private; ``/`` begins a command."""
        message_id = self.group.take_id() if edit is None else edit
        said: DeskSlash | DeskTyped | DeskMedia
        if isinstance(body, DeskMedia):
            said, text = body, f"<{body.kind}> {body.caption}"
        elif body.startswith("/"):
            name, _, rest = body[1:].partition(" ")
            said, text = DeskSlash(name, rest), body
        else:
            said, text = DeskTyped(body), body
        where = where or (Where.GENERAL if topic is None else Where.TOPIC)
        if where is not Where.PRIVATE:
            self.group.messages[message_id] = Message(message_id, text, topic, answers)
        return await self.answer(
            DeskCommand(
                self.now,
                where,
                Actor(user, inside),
                said,
                message_id,
                topic,
                answers,
                edit is not None,
            )
        )

    async def answer(self, command: DeskCommand) -> DeskReply:
        reply = await self.do(answer, command, self.context)
        self._count(reply.counts)
        return reply

    async def press(
        self, user: int, data: str, under: Message | None = None, *, inside: bool | None = True
    ) -> DeskReply:
        topic = None if under is None else under.topic
        return await self.answer(
            DeskCommand(
                self.now,
                Where.GENERAL if topic is None else Where.TOPIC,
                Actor(user, inside),
                DeskPress(data),
                0 if under is None else under.id,
                topic,
            )
        )

    def alert(self, reply: DeskReply) -> str:
        assert reply.alert is not None
        part = reply.alert
        text = self.words.plain(part.key, part.params, part.count)
        assert len(text) <= 200, text
        return text

    # --- the drain -----------------------------------------------------------------------------

    async def drain(self, *, most: int = 500) -> None:
        """Carry out posts until none is left that may go; time passes when the group is full."""
        for _ in range(most):
            await self.safe()
            queued = await self.do(deliveries.waiting, self.now, self.context)
            if not queued:
                return
            due = [one for one in queued if (one.not_before or 0) <= self.now.timestamp()]
            if not due:
                soonest = min(one.not_before or 0 for one in queued)
                self.wait(seconds=soonest - self.now.timestamp())
                continue
            await self.deliver(due[0].id)
        raise AssertionError("the outbox does not get empty")

    async def deliver(self, post_id: int) -> None:
        ready = await self.do(deliveries.claim, post_id, self.now, self.context)
        if isinstance(ready, float):
            self.wait(seconds=ready)
        elif ready is not None:
            self.calls.append((self.now, ready))
            result = self.ends(ready) or self.carry_out(ready)
            await self.end(ready, result)

    async def end(self, ready: Ready, result: Result) -> Aftermath:
        after = await self.do(deliveries.ended, ready, result, self.now, self.context)
        self._count(after.counts)
        if after.erase is not None:
            self.erase.append(after.erase)
        return after

    def carry_out(self, ready: Ready) -> Result:
        """Do what Telegram would do."""
        post = ready.post
        in_group = post.place in (Place.TOPIC, Place.GENERAL)
        room = self.group if in_group else self.room(ready.chat)
        match post.call:
            case Call.OPEN_TOPIC:
                assert post.title is not None
                topic = room.take_id()
                self.topics[topic] = post.title
                return Result(End.SENT, topic=topic)
            case Call.CLOSE_TOPIC | Call.REOPEN_TOPIC | Call.DELETE_TOPIC:
                return self._change_topic(ready)
            case Call.DELETE:
                assert post.target is not None
                gone = room.messages.pop(post.target, None)
                return Result(End.SENT if gone else End.TARGET_GONE)
            case Call.EDIT:
                assert post.target is not None
                if post.target not in room.messages:
                    return Result(End.TARGET_GONE)
                told = self.rendered(ready)
                room.messages[post.target].text, room.messages[post.target].rows = told
                return Result(End.SENT, post.target)
        if ready.topic is not None and ready.topic not in self.topics:
            return Result(End.TOPIC_GONE)
        if ready.topic in self.closed:
            return Result(End.TOPIC_CLOSED)
        if post.answers is not None and post.answers not in room.messages:
            return Result(End.TARGET_GONE)
        if post.call is Call.COPY and post.source not in self._source(ready).messages:
            return Result(End.SOURCE_GONE)
        text, rows = self.rendered(ready)
        if post.own_caption and post.source is not None:
            text = self._source(ready).messages[post.source].text
        new = Message(room.take_id(), text, ready.topic, post.answers, rows)
        new.copied = {Call.COPY: post.source, Call.MEDIA: post.origin}.get(post.call)
        new.silent, new.own_caption = post.silent, post.own_caption
        room.messages[new.id] = new
        return Result(End.SENT, new.id)

    def _source(self, ready: Ready) -> Room:
        assert ready.source_chat is not None
        return self.group if ready.source_chat < 0 else self.room(ready.source_chat)

    def _change_topic(self, ready: Ready) -> Result:
        post = ready.post
        assert post.target is not None
        if post.target not in self.topics:
            return Result(End.TOPIC_GONE)
        if post.call is Call.CLOSE_TOPIC:
            self.closed.add(post.target)
        elif post.call is Call.REOPEN_TOPIC:
            self.closed.discard(post.target)
        else:
            self.lose_topic(post.target)
        return Result(End.SENT)

    def lose_topic(self, topic: int) -> None:
        del self.topics[topic]
        left = {k: v for k, v in self.group.messages.items() if v.topic != topic}
        self.group.messages = left

    def rendered(self, ready: Ready) -> tuple[str, tuple[tuple[Button, ...], ...]]:
        screen = ready.post.shows
        if screen is None:
            return "", ()
        words = self.context.words(ready.post.language)
        text = "\n\n".join(words.plain(p.key, p.params, p.count) for p in screen.parts)
        assert len(text.encode("utf-16-le")) // 2 <= 4096
        for row in screen.rows:
            for button in row:
                assert len(words.plain(button.key, button.params)) <= 34
                assert len(button.token.encode()) <= 64
        return text, screen.rows

    def _count(self, counts: Any) -> None:
        for key, value in counts.items():
            self.counts[key] = self.counts.get(key, 0) + value

    # --- looking -------------------------------------------------------------------------------

    async def case(self, code: str) -> Case:
        entry = await self.do(casebook.of_code, code)
        assert entry is not None
        return entry.case

    async def open_case(self, chat: int = MOTHER) -> Case:
        entry = await self.do(casebook.of_chat, chat)
        assert entry is not None
        return entry.case

    async def posts(self, state: PostState = PostState.WAITING) -> list[Kept]:
        return await self.do(outbox.every, state)

    async def tend(self) -> None:
        await self.safe()
        self._count(await self.do(tending.tend, self.now, self.context))

    async def show_queue(self) -> Screen | None:
        """Show the queue if it is due."""
        edit = await self.do(queue.due, self.now, self.context)
        if edit is None:
            return None
        target = edit.message_id if edit.message_id is not None else self.group.take_id()
        text = "\n\n".join(self.words.plain(p.key, p.params, p.count) for p in edit.screen.parts)
        self.group.messages[target] = Message(target, text, rows=edit.screen.rows)
        await self.do(queue.shown, self.now, target, edit.digest)
        return edit.screen

    def in_topic(self, topic: int) -> list[Message]:
        return [one for one in self.group.messages.values() if one.topic == topic]

    def found(self, words: str, topic: int | None = None) -> Message:
        """Return the newest message of the group that has these words."""
        for one in reversed(self.group.messages.values()):
            if words in one.text and topic in (None, one.topic):
                return one
        raise AssertionError(f"{words!r} is in none of {self.group.texts}")

    def button(self, message: Message, words: str) -> str:
        for row in message.rows:
            for button in row:
                if self.words.plain(button.key, button.params) == words:
                    return button.token
        raise AssertionError(words)

    async def claimed(self, user: int, chat: int = MOTHER, **more: Any) -> tuple[Case, int]:
        """Open a case, let somebody take it, and carry out all that follows."""
        case = await self.family(chat, **more)
        await self.safe()
        await self.press(user, f"claim:{case.code}")
        await self.drain()
        case = await self.open_case(chat)
        assert case.topic is not None
        return case, case.topic


def shared(**more: Any) -> Shared:
    """Return what a family may agree to show."""
    given: dict[str, Any] = {
        "outcome": "needs_judge",
        "light": "amber",
        "law_version": "2026-02-19",
        "reviewed": False,
    }
    return Shared(**(given | more))


__all__ = ["AUNT", "FIRST", "GROUP", "MOTHER", "SAFE", "Hall", "Message", "Slash", "shared"]
