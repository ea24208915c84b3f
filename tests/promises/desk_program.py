"""The real program with a desk, as a child process: two volunteers, each with a family's case.

Nothing is proven here. The program's clock is the machine's, and the group takes 20 calls a minute:
`Desk.rest` writes into its database, between its own transactions, that the minute has passed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from helpdesk.desk import outbox, posture, staff
from helpdesk.desk.staff import Role
from sandbox import Group, Message, Person, Sandbox, Topic
from store import Database, PostState, Tx, desk_state, open_database, rotate
from tests.bot.program import Program
from tests.bot.traces import SMALLEST
from tests.promises.busy_desk import (
    ESCALATION,
    PATIENCE,
    RIGHTS,
    WORDS,
    Markers,
    arrived,
    code_of,
    has,
    on_their_way,
    said,
)

UNKNOWN = "No sé si llegó"
STAYED = "No salió"
AGAIN = WORDS.plain("button.desk_again")
_LOOK = 0.1


@dataclass(frozen=True)
class Reply:
    """What a volunteer wrote to a family, as a message of the topic."""

    of: int
    word: str
    message: Message


@dataclass
class Said:
    """Everything that was written, by the marker in it; families and their volunteers by number."""

    replies: list[Reply] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hers: list[tuple[int, str]] = field(default_factory=list)


class Desk:
    """Two volunteers and two families; volunteer n has the case of family n, in topic n."""

    def __init__(
        self, box: Sandbox, group: Group, program: Program, db: Database, random: Random
    ) -> None:
        self.box = box
        self.group = group
        self.program = program
        self.db = db
        self.random = random
        self.markers = Markers(random.getrandbits(32))
        self.names: list[str] = []
        self.volunteers = [self._person(), self._person()]
        self.families = [self._person(), self._person()]
        self.topics: list[Topic] = []
        self.said = Said()

    @property
    def ids(self) -> set[int]:
        """Everybody's, the team's too, and of every message in a private chat."""
        people = (*self.volunteers, *self.families)
        return {one.chat_id for one in people} | {
            number for one in people for number in one.chat.messages
        }

    @property
    def words(self) -> set[str]:
        """Every marker: names, usernames, and what was written by anybody."""
        told = self.said
        replies = {reply.word for reply in told.replies}
        return {*self.names, *told.notes, *replies, *(word for _, word in told.hers)}

    def _person(self) -> Person:
        names = self.markers.words(3)
        self.names += names
        first, last, username = names
        return self.box.person(
            first.capitalize(),
            chat_id=SMALLEST + self.random.getrandbits(40),
            last_name=last.capitalize(),
            username=username,
        )

    # --- time ----------------------------------------------------------------------------------

    async def rest(self) -> None:
        """Let the minute pass that the group's budget, and pauses between tries, last."""
        await self.db.transaction(_rest)

    async def start(self) -> None:
        """Start the program again after a minute: what waits for room waits in its memory."""
        await self.rest()
        await self.program.start()

    async def settle(self, within: float = PATIENCE) -> None:
        """Wait until every update is taken and no post is left to send."""
        async with asyncio.timeout(within):
            await self.box.all_confirmed(within)
            while True:
                await self.rest()
                if not await self.db.transaction(on_their_way) and not self.box.queue.pending:
                    return
                await asyncio.sleep(_LOOK)

    async def until(self, look: Callable[[], object], within: float = PATIENCE) -> None:
        """Wait for something that rings no bell of its own, while minutes pass."""
        async with asyncio.timeout(within):
            while not look():
                await self.rest()
                await asyncio.sleep(_LOOK)

    # --- what people do ------------------------------------------------------------------------

    async def open_cases(self) -> None:
        """Let both families ask for a person, and each volunteer take a case."""
        async with asyncio.timeout(PATIENCE):
            # Before the group was read there is nobody to ask for.
            while not await self.db.transaction(posture.safe, datetime.now(UTC)):  # noqa: ASYNC110 - no bell for a table
                await asyncio.sleep(_LOOK)
        for volunteer, family in zip(self.volunteers, self.families, strict=True):
            await family.send("quiero hablar con una persona")
            for key in ESCALATION:
                label = WORDS.plain(key)
                await family.wait_until(lambda who=family, label=label: has(who, label), PATIENCE)  # type: ignore[misc]  # bound now
                await family.press(label)
            await family.wait_until(lambda who=family: code_of(who) is not None, PATIENCE)  # type: ignore[misc]  # as above
            code = code_of(family) or ""
            await volunteer.send(f"/tomar {code}", to=self.group)
            await self.settle()
            (topic,) = [one for one in self.group.topics if one.name.startswith(code)]
            self.topics.append(topic)

    async def write(self, of: int) -> str:
        """Let a family write; gives the marker in it."""
        word = self._word()
        self.said.hers.append((of, word))
        await self.families[of].send(f"mi hijo {word}")
        return word

    async def show(self, of: int) -> str:
        """Let a family send a photo; gives the marker under it."""
        word = self._word()
        self.said.hers.append((of, word))
        await self.families[of].send_photo(caption=f"mire {word}")
        return word

    async def answer(self, of: int, to: Message | None = None) -> Reply:
        """Let a volunteer answer: what the family wrote last, as far as she sees it, or with /r.

        ``to`` is the message that she answers instead.
        """
        word, there = self._word(), self.from_family(of)
        volunteer, topic = self.volunteers[of], self.topics[of]
        if to is None and there and self.random.random() < 0.6:
            to = there[-1]
        if to is not None:
            message = await volunteer.send(
                f"le cuento {word}", to=self.group, topic=topic, reply_to=to
            )
        else:
            message = await volunteer.send(f"/r le cuento {word}", to=self.group, topic=topic)
        self.said.replies.append(Reply(of, word, message))
        return self.said.replies[-1]

    async def note(self, of: int) -> None:
        """Let a volunteer write something that is for the desk only."""
        word = self._word()
        self.said.notes.append(word)
        text = self.random.choice((word, f"/nota {word}"))
        await self.volunteers[of].send(text, to=self.group, topic=self.topics[of])

    async def send_again(self) -> list[Reply]:
        """Press «Enviar otra vez» wherever nobody knows; gives the replies that it was for."""
        pressed = []
        for reply in self.said.replies:
            if (notice := self.told_unknown(reply)) is not None:
                await self.volunteers[reply.of].press(notice, AGAIN)
                pressed.append(reply)
        return pressed

    def _word(self) -> str:
        return self.markers.word()

    # --- looking -------------------------------------------------------------------------------

    def from_family(self, of: int) -> list[Message]:
        """Give what stands in a topic of what the family wrote."""
        hers = [word for whose, word in self.said.hers if whose == of]
        return [
            message
            for message in self.group.screen(self.topics[of])
            if message.mine and any(word in said(message) for word in hers)
        ]

    def told_unknown(self, reply: Reply) -> Message | None:
        """Give the notice that nobody knows whether a reply arrived."""
        return next((one for one in self.told(reply, UNKNOWN) if one.buttons), None)

    def told(self, reply: Reply, words: str) -> list[Message]:
        """Give what the bot answered to a reply with these words."""
        there = (one for one in self.group.screen(self.topics[reply.of]) if one.mine)
        return [
            one for one in there if one.reply_to == reply.message.message_id and words in one.text
        ]

    def unkept(self, again: list[Reply]) -> list[str]:
        """Name every promise that is broken; ``again`` are the replies sent twice by a person."""
        broken = []
        for reply in self.said.replies:
            count = arrived(self.families[reply.of], reply.word)
            if count > 1 + (reply in again):
                broken.append(f"{reply.word} arrived {count} times")
            stayed = bool(self.told(reply, STAYED))
            if stayed and (count or not self._answers_a_first_copy(reply)):
                broken.append(f"{reply.word} was said to stay")
            if count == 0 and not stayed and (reply in again or not self.told_unknown(reply)):
                broken.append(f"{reply.word} did not arrive and nobody was told")
            if arrived(self.families[1 - reply.of], reply.word):
                broken.append(f"{reply.word} reached another family")
        for of, word in self.said.hers:
            seen = [self._in_topic(topic, word) for topic in self.topics]
            if not seen[of]:
                broken.append(f"{word} of the family is not in her topic")
            if seen[1 - of]:
                broken.append(f"{word} of the family is in another's topic")
        for word in self.said.notes:
            if any(arrived(family, word) for family in self.families):
                broken.append(f"the note {word} went out")
        return broken

    def _answers_a_first_copy(self, reply: Reply) -> bool:
        """Tell whether it answers words that stand again further down: a crash left them."""
        there = self.from_family(reply.of)
        answered = [one for one in there if one.message_id == reply.message.reply_to]
        return any(
            word in said(first) and word in said(later)
            for first in answered
            for later in there
            for _, word in self.said.hers
            if later.message_id > first.message_id
        )

    def _in_topic(self, topic: Topic, word: str) -> bool:
        return any(one.mine and word in said(one) for one in self.group.screen(topic))


def _rest(tx: Tx) -> None:
    state = desk_state.get(tx)
    if state.get("spent"):
        desk_state.put(tx, state | {"spent": [], "spent_for": []})
    for kept in outbox.every(tx, PostState.WAITING):
        if kept.post.not_before is not None:
            outbox.put(tx, kept, kept.post.but(not_before=None))


def _join(tx: Tx, user: int, now: datetime) -> None:
    member = staff.accept(tx, user, staff.invite(tx, Role.VOLUNTEER, None, now), now)
    assert member is not None
    staff.set_duty(tx, member, True, now)


@asynccontextmanager
async def desk_program(folder: Path, seed: int, **settings: str) -> AsyncIterator[Desk]:
    """Make a desk with its team and start the program."""
    random = Random(seed)
    first = SMALLEST + random.getrandbits(40)
    async with Sandbox(first_message_id=first, first_update_id=first * 2) as box:
        group = box.group("Mesa", forum=True)
        group.promote_bot(RIGHTS)
        group.set(
            has_hidden_members=True,
            has_protected_content=True,
            join_by_request=True,
            permissions={"can_invite_users": False},
        )
        program = Program(folder, box, FARO_DESK_CHAT_ID=str(group.chat_id), **settings)
        async with await open_database(program.url, program.keys) as db:
            await rotate(db, datetime.now(UTC))
            desk = Desk(box, group, program, db, random)
            for person in desk.volunteers:
                group.add(person)
                await db.transaction(_join, person.chat_id, datetime.now(UTC))
            async with program:
                yield desk
                with suppress(ProcessLookupError):
                    box.faults.clear()
