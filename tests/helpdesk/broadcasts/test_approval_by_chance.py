"""However people type and press, only what the second organiser saw, byte for byte, goes out.

Two write, three may approve, everybody presses whatever button was ever shown to anybody, an hour
passes here and there, people come and go. Whenever something begins to go out, the screen that
whoever pressed had seen is held against what is being sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk import subscriptions
from helpdesk.audience import Topic
from helpdesk.broadcasts import screens, shelf
from helpdesk.broadcasts.broadcast import Letter, Stage, Step
from helpdesk.broadcasts.messages import OrganiserReply
from helpdesk.broadcasts.presses import data, read
from helpdesk.broadcasts.shelf import Entry
from helpdesk.desk import staff
from helpdesk.messages import Part
from store import Database, Tx, ledger, organiser_state
from tests.helpdesk.broadcasts.writing_room import ANA, BEA, EVA, SOURCE, Room

PEOPLE: Final = (ANA, BEA, EVA)
TEXTS: Final = (
    "Desde el lunes hay un mostrador nuevo para entregar papeles.",
    "La oficina del centro abre también los sábados, de 8 a 12.",
    "El juez responde por escrito. Pida una copia con sello.",
)
TOPICS: Final = tuple(Topic)
Act = tuple[str, int, int, int]
"""What happens, by whom, and two numbers that choose among what there is."""
SUBSCRIBED: Final = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """A question as it stood on somebody's screen, under the letter above it."""

    user: int
    at: datetime
    letter: Letter
    parts: tuple[Part, ...]


@dataclass
class Watch:
    """Plays, and holds every beginning against what had been shown."""

    room: Room
    shown: dict[tuple[int, str], list[Shown]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    gone_out: dict[bytes, Entry] = field(default_factory=dict)

    async def see(self, reply: OrganiserReply) -> None:
        above: dict[int, Letter] = {}
        for note in reply.notes:
            if note.letter is not None:
                above[note.user] = note.letter
            if note.screen is None:
                continue
            for row in note.screen.rows:
                for button in row:
                    pressed = read(button.token)
                    if pressed is None or pressed.verb != "ok":
                        continue
                    self.buttons.append(button.token)
                    seen = Shown(note.user, self.room.now, above[note.user], note.screen.parts)
                    self.shown.setdefault((note.user, button.token), []).append(seen)

    async def check(self, user: int, pressed: str) -> None:
        for entry in await self.room.all():
            broadcast = entry.broadcast
            if broadcast.stage is not Stage.SENDING or entry.id in self.gone_out:
                continue
            self.gone_out[entry.id] = entry
            member = await self.room.do(staff.of, user)
            author = await self.room.do(staff.named, broadcast.author)
            assert member is not None
            assert staff.may(member, staff.Deed.BROADCAST)
            assert staff.may(author, staff.Deed.BROADCAST)
            assert broadcast.approved_by == member.name != broadcast.author
            found = [
                one
                for one in self.shown[user, pressed]
                if self.room.now - one.at < timedelta(hours=1)
                and one.letter == broadcast.letter
                and screens.whom(broadcast.segment) in one.parts
                and screens.goes_out(broadcast, one.at) in one.parts
            ]
            assert found, "what goes out is not what was seen"
            tally = await self.room.do(ledger.tally, entry.id)
            assert broadcast.recipients == sum(tally.values()) >= 10


async def _write(watch: Watch, user: int, step: Step, choice: int) -> OrganiserReply | None:
    """Let somebody answer a step of her newest broadcast."""
    member = await watch.room.do(staff.of, user)
    own = [e for e in await watch.room.all() if member and e.broadcast.author == member.name]
    if not own:
        return await watch.room.type(user, "/difusion")
    await watch.see(await watch.room.send(user, data("change", own[0].id, step)))
    match step:
        case Step.TEXT:
            return await watch.room.type(user, TEXTS[choice % len(TEXTS)])
        case Step.SOURCE:
            return await watch.room.type(user, SOURCE if choice % 2 else "Foro Penal")
        case Step.DATE:
            return await watch.room.send(user, data("day", own[0].id, str(choice % 2)))
        case Step.SEGMENT:
            verb, topic = ("add", "take")[choice % 2], TOPICS[choice % len(TOPICS)]
            await watch.see(await watch.room.send(user, data(verb, own[0].id, topic)))
            return await watch.room.send(user, data("done", own[0].id))
        case _:
            urgent = "yes" if choice % 2 else "no"
            return await watch.room.send(user, data("urgent", own[0].id, urgent))


async def _whole(watch: Watch, user: int, choice: int) -> OrganiserReply:
    """Let somebody write a whole broadcast, and ask for its approval."""
    for typed in ("/difusion", TEXTS[choice % len(TEXTS)], SOURCE, "20 de noviembre de 2026"):
        await watch.see(await watch.room.type(user, typed))
    entries = await watch.room.all()
    if not entries:
        return OrganiserReply()
    id = entries[0].id
    for verb, more in [("add", TOPICS[choice % 2]), ("done", ""), ("urgent", "no"), ("same", "")]:
        await watch.see(await watch.room.send(user, data(verb, id, more)))
    return await watch.room.send(user, data("ask", id))


async def _act(watch: Watch, act: Act) -> None:
    kind, who, one, two = act
    user, room = PEOPLE[who], watch.room
    pressed = ""
    reply: OrganiserReply | None = None
    entries = await room.all()
    entry = entries[one % len(entries)] if entries else None
    if entry is not None and two % 2:
        author = await room.do(staff.named, entry.broadcast.author)
        if kind in ("ask", "write", "edit") and author is not None:
            user = author.user
    match kind:
        case "whole":
            reply = await _whole(watch, user, one)
        case "write":
            reply = await _write(watch, user, list(Step)[one % 5], two)
        case "press" if watch.buttons:
            pressed = watch.buttons[-1 - one % len(watch.buttons)]
            reply = await room.send(user, pressed)
        case "no" if watch.buttons:
            shown = watch.buttons[-1 - one % len(watch.buttons)]
            reply = await room.send(user, shown.replace("bc.ok:", "bc.no:"))
        case "edit" if entry is not None and entry.broadcast.said_in:
            said_in = sorted(entry.broadcast.said_in.values())
            reply = await room.type(user, TEXTS[two % 3], edit=said_in[one % len(said_in)])
        case "ask" | "open" | "discarded" | "test" if entry is not None:
            reply = await room.send(user, data(kind, entry.id))
        case "wait":
            room.wait(minutes=(5, 35, 61, 61)[one % 4])
        case "leave":
            member = await room.do(staff.of, user)
            if member is not None:
                await room.do(staff.remove, member.name, operator=True)
        case "join":
            await room.do(staff.ensure, user, staff.Role.ORGANISER)
    if reply is not None:
        await watch.see(reply)
    await watch.check(user, pressed)


def scenes() -> st.SearchStrategy[list[list[Act]]]:
    """Ask for something, let this and that happen, and press a button: again and again."""

    def act(*kinds: str) -> st.SearchStrategy[Act]:
        numbers = st.integers(0, 7)
        return st.tuples(st.sampled_from(kinds), st.integers(0, 2), numbers, numbers)

    between = act(
        *("write", "edit", "wait", "wait", "ask", "leave", "join", "join"),
        *("whole", "open", "no", "discarded", "test", "press"),
    )
    scene = st.tuples(act("ask"), st.lists(between, max_size=3), act("press"))
    return st.lists(scene.map(lambda one: [one[0], *one[1], one[2]]), min_size=1, max_size=5)


def _begin_anew(tx: Tx) -> None:
    for entry in shelf.every(tx):
        shelf.delete(tx, entry)
    organiser_state.put(tx, {})
    for member in staff.everyone(tx):
        staff.remove(tx, member.name, operator=True)
    for user in PEOPLE:
        staff.ensure(tx, user, staff.Role.ORGANISER)
    for chat in range(800_000, 800_024):
        if subscriptions.wishes(tx, chat) is None:
            topic = Topic.ALL if chat % 2 else Topic.MEASURES
            subscriptions.toggle_topic(tx, chat, topic, SUBSCRIBED)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(scenes())
async def test_only_what_was_seen_goes_out(
    db: Database, now: datetime, chance: list[list[Act]]
) -> None:
    room = Room(db, now)
    await room.do(_begin_anew)
    watch = Watch(room)
    await watch.see(await _whole(watch, ANA, 0))
    for act in chain.from_iterable(chance):
        await _act(watch, act)


async def test_the_watch_sees_what_goes_out(db: Database, now: datetime) -> None:
    room = Room(db, now)
    await room.do(_begin_anew)
    watch = Watch(room)
    await watch.see(await _whole(watch, ANA, 0))
    await _act(watch, ("press", 1, 0, 0))
    assert len(watch.gone_out) == 1
