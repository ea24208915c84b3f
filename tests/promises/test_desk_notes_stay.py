"""A note stays: out goes only what whoever has the case answers to what the family wrote, once.

Two cases live through random days. The team and others in the group write notes, edit them, and
answer notes, cards, receipts, our own lines, each other and the families; an anonymous
administrator and somebody without a role do so too, and forge presses. A model that knows nothing
of the code says of every word whether it may arrive; all others arrive nowhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sandbox import Button, Message, Person, Topic
from tests.promises.busy_desk import (
    WORDS,
    BusyDesk,
    Markers,
    arrived,
    busy_desk,
    code_of,
    ever,
    has,
    said,
)

pytestmark = pytest.mark.slow

TEAM = ("lead", "one", "two")
PEOPLE = (*TEAM, "nobody", "anonymous")
MARKERS = Markers(2026)
ONE_DESK = settings(
    deadline=None,
    # One desk for all; an example takes seconds, and looking for a smaller one would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Step:
    """Somebody does something in one of the two topics; ``on`` chooses what it is done to."""

    topic: int
    who: str
    deed: str
    on: int
    settles: bool


DEEDS = ("note", "/nota", "/r", "answer", "answer", "answer", "edit", "edit", "photo",
         "confirm", "press", "press", "queue", "give", "drop", "take", "family", "corrects",
         "shows")  # fmt: skip
STEPS = st.builds(
    Step,
    topic=st.integers(0, 1),
    who=st.one_of(st.just("owner"), st.sampled_from(PEOPLE)),
    deed=st.sampled_from(DEEDS),
    on=st.integers(0, 10**6),
    settles=st.booleans(),
)


@dataclass
class Life:
    """A case: its topic, its family, who has it, and what of all that was said may arrive."""

    family: Person
    topic: Topic
    owner: str | None
    hers: list[str] = field(default_factory=list)
    """What the family wrote."""
    last: Message | None = None
    out: dict[int, str] = field(default_factory=dict)
    """By message of the topic: the newest words of it that went to the family."""
    must: set[str] = field(default_factory=set)
    """Words that arrive once."""
    might: set[str] = field(default_factory=set)
    """Words that may have been replaced before they went."""
    held: dict[str, str] = field(default_factory=dict)
    """Words under photos that wait for a second person, and who sent them."""


class Day:
    """Carries out steps, and says for each what may come of it."""

    def __init__(self, desk: BusyDesk, people: dict[str, Person], lives: list[Life]) -> None:
        self.desk = desk
        self.people = people
        self.lives = lives
        self.names = dict(zip(TEAM, ("V-01", "V-02", "V-03"), strict=True))
        self.words: set[str] = set()
        """Everything that was written in the group."""
        self.story: dict[str, str] = {}
        """Where each word was written, for whoever reads why this failed."""

    def word(self) -> str:
        word = MARKERS.word()
        self.words.add(word)
        return word

    async def do(self, step: Step) -> None:
        life = self.lives[step.topic]
        who = life.owner if step.who == "owner" else step.who
        if who is None:
            who = "one"
        person, word, place = self.people[who], self.word(), life.topic
        self.story[word] = f"{step.deed} by {who} in {step.topic}, whose owner is {life.owner}"
        match step.deed:
            case "note" | "/nota":
                text = word if step.deed == "note" else f"/nota {word}"
                await person.send(text, to=self.desk.group, topic=place)
            case "/r":
                message = await person.send(f"/r {word}", to=self.desk.group, topic=place)
                self._goes(life, who, message, word)
            case "answer":
                target = self._any(life, step.on)
                self.story[word] += f" to {said(target)!r}"
                message = await person.send(word, to=self.desk.group, topic=place, reply_to=target)
                if self._from_family(life, target):
                    self._goes(life, who, message, word)
            case "edit":
                await self._edit(life, step.on, word)
            case "photo":
                await self._photo(life, who, step.on, word)
            case "confirm":
                await self._confirm(life, who, step.on)
            case "press":
                await self._forge(life, who, step.on)
            case "queue":
                queue = next(one for one in self.desk.group.screen(1) if one.buttons or one.mine)
                await person.send(word, to=self.desk.group, reply_to=queue)
            case "give" | "drop" | "take":
                await self._hand(life, who, step.deed, word)
            case _:
                await self._family(life, step.deed, word)
        await self.desk.box.all_confirmed(30)
        if step.settles:
            await self.desk.settle()

    def _any(self, life: Life, on: int) -> Message:
        """Choose a message of the topic, whatever it is; the one that made it is among them."""
        there = self.desk.group.screen(life.topic)
        return there[on % len(there)]

    def _from_family(self, life: Life, message: Message) -> bool:
        """Tell whether a message of the topic brought something of the family's."""
        text = said(message)
        shown = any(text == WORDS.plain(f"desk.kind.{kind}") for kind in ("video", "sticker"))
        own = any(word in text for word in life.hers)
        return message.mine and not message.service and (own or shown)

    def _goes(self, life: Life, who: str, message: Message, word: str) -> None:
        if who == life.owner:
            life.must.add(word)
            life.out[message.message_id] = word

    async def _edit(self, life: Life, on: int, word: str) -> None:
        """Let somebody edit one of her messages of the topic: a note, an answer, a command."""
        editors = {person.chat_id: name for name, person in self.people.items()}
        mine = [
            one
            for one in self.desk.group.screen(life.topic)
            if not one.mine and one.text and one.author in editors and not one.service
        ]
        if not mine:
            return
        message = mine[on % len(mine)]
        who = editors[message.author or 0]
        command = message.text.split()[0] if message.text.startswith("/") else ""
        if command not in ("", "/r", "/nota"):
            return
        self.story[word] += f", by {who}: {message.text!r}"
        await self.people[who].edit(message, f"{command} {word}")
        before = life.out.get(message.message_id)
        if before is None or who != life.owner:
            return
        # What it was before may not have gone yet: then it is replaced.
        life.must.discard(before)
        life.might.add(before)
        life.must.add(word)
        life.out[message.message_id] = word

    async def _photo(self, life: Life, who: str, on: int, word: str) -> None:
        target = self._any(life, on)
        await self.people[who].send_photo(
            word, to=self.desk.group, topic=life.topic, reply_to=target
        )
        if who == life.owner and self._from_family(life, target):
            life.held[word] = who
        await self.desk.settle()

    async def _confirm(self, life: Life, who: str, on: int) -> None:
        """Press «Confirmar» wherever one stands, old ones too."""
        label = WORDS.plain("button.desk_confirm")
        there = [
            one
            for one in self.desk.group.screen(life.topic)
            if one.mine and any(b.text == label for b in buttons_of(one))
        ]
        if not there:
            return
        notice = there[on % len(there)]
        photo = self.desk.group.chat.messages.get(notice.reply_to or 0)
        await self.people[who].press(notice, label)
        await self.desk.settle()
        word = "" if photo is None else said(photo)
        if word in life.held and who in TEAM and who != life.held[word]:
            del life.held[word]
            life.must.add(word)

    async def _forge(self, life: Life, who: str, on: int) -> None:
        """Press what no button says to somebody who may not."""
        there = [one for one in self.desk.group.screen(life.topic) if one.mine and not one.service]
        under = there[on % len(there)]
        numbers = [*life.out, on % 200]
        number = numbers[on % len(numbers)]
        forged = ["send:rights", f"again:{number}", "templates:-", "x", "canned:../x", "confirm:x"]
        if who not in TEAM:
            code = life.topic.name.split(" ")[0]
            forged += [f"confirm:{on % 200}", f"retire:{number}", "close:resolved", f"claim:{code}",
                       f"discard:{on % 200}"]  # fmt: skip
        elif who != life.owner and who != "lead":
            forged += ["close:resolved", f"retire:{number}"]
        data = forged[on % len(forged)]
        self.people[who]._press(under, Button("x", data=data))

    async def _hand(self, life: Life, who: str, deed: str, word: str) -> None:
        person, topic = self.people[who], life.topic
        await self.desk.settle()
        if deed == "take":
            await person.send("/tomar", to=self.desk.group, topic=topic)
            if life.owner is None and who in TEAM:
                life.owner = who
        elif deed == "drop":
            await person.send(f"/soltar {word}", to=self.desk.group, topic=topic)
            if life.owner is not None and who in (life.owner, "lead"):
                life.owner = None
                life.held.clear()
        else:
            to = next(name for name in TEAM if name != life.owner)
            text = f"/pasar {self.names[to]} {word}"
            await person.send(text, to=self.desk.group, topic=topic)
            if life.owner is not None and who in (life.owner, "lead"):
                life.owner = to
                life.held.clear()
        await self.desk.settle()

    async def _family(self, life: Life, deed: str, word: str) -> None:
        self.words.discard(word)
        if deed == "shows":
            await life.family.send_video()
        elif deed == "corrects" and life.last is not None:
            life.hers.append(word)
            await life.family.edit(life.last, word)
        else:
            life.hers.append(word)
            life.last = await life.family.send(word)


def buttons_of(message: Message) -> list[Button]:
    """Give every button that a message ever had: a finger may be slow."""
    return [button for rows in message.keyboards for row in rows for button in row]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[BusyDesk]:
    async with busy_desk(tmp_path, volunteers=2) as desk, desk.running():
        yield desk


@settings(ONE_DESK, max_examples=5, derandomize=True)
@given(steps=st.lists(STEPS, min_size=20, max_size=40))
async def test_only_what_the_owner_answers_goes_out_and_once(
    desk: BusyDesk, steps: list[Step]
) -> None:
    await live(desk, steps)


@pytest.mark.soak
@settings(ONE_DESK, max_examples=15)
@given(steps=st.lists(STEPS, min_size=20, max_size=80))
async def test_of_long_days_only_what_the_owner_answers_goes_out(
    desk: BusyDesk, steps: list[Step]
) -> None:
    await live(desk, steps)


async def live(desk: BusyDesk, steps: list[Step]) -> None:
    """Begin two cases, let all this happen in them, and look at what the families got."""
    one, two = desk.volunteers
    nobody, anonymous = (desk.box.person(name) for name in ("Mirona", "Jefa"))
    desk.group.add(nobody)
    desk.group.add(anonymous, admin=True, anonymous=True)
    people = dict(zip(PEOPLE, (desk.lead, one, two, nobody, anonymous), strict=True))
    lives = [await begin(desk, owner, people[owner]) for owner in ("one", "two")]
    day = Day(desk, people, lives)
    try:
        for step in steps:
            await day.do(step)
        await desk.settle()
        await desk.quiet(10)
        for life in lives:
            counted = {word: arrived(life.family, word) for word in day.words}
            rest = day.words - life.must - life.might
            assert [day.story[word] for word in life.must if counted[word] != 1] == []
            assert [day.story[word] for word in life.might if counted[word] > 1] == []
            assert [day.story[word] for word in rest if counted[word]] == []
            kept = [m for m in life.family.chat.messages.values() if m.mine and m.deleted]
            assert not any(word in said(m) for m in kept for word in life.must | life.might)
    finally:
        for life in lives:
            await desk.lead.send("/cerrar resuelto", to=desk.group, topic=life.topic)
        desk.group.remove(nobody)
        desk.group.remove(anonymous)
        await desk.settle()


async def begin(desk: BusyDesk, owner: str, person: Person) -> Life:
    """Let a family write, before and after somebody takes her case."""
    family = desk.family()
    await desk.escalate(family)
    words = MARKERS.words(2)
    await family.send(words[0])
    topic = await desk.claim(person, code_of(family) or "")
    last = await family.send(words[1])
    await desk.settle()
    return Life(family, topic, owner, words, last)


async def test_the_model_knows_what_goes(desk: BusyDesk) -> None:
    """What is promised is not kept by sending nothing: the owner's answers do arrive."""
    (one, _) = desk.volunteers
    life = await begin(desk, "one", one)
    day = Day(desk, {"one": one}, [life])
    for text in ("zubuenas", "zutardes"):
        target = next(m for m in desk.group.screen(life.topic) if day._from_family(life, m))
        await one.send(text, to=desk.group, topic=life.topic, reply_to=target)
    await desk.settle()
    assert [arrived(life.family, text) for text in ("zubuenas", "zutardes", "zunada")] == [1, 1, 0]
    assert has(life.family, "x") is False
    assert any("zubuenas" in text for text in ever(life.family))
