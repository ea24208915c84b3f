"""The desk never learns who: of an update nothing reaches it but the words, photo or voice itself.

A marker stands in every field that an update of a family can carry: her names, what she forwards,
quotes, answers and shares, every entity, every file. The whole program relays what she sends, at
random, and none of the markers is in any call into the group or to anybody of the team, nor in
what stands in the group. Her id is only ever the chat that a message is copied from.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sandbox import Call, Entity, Message, Person
from sandbox.media import Where
from tests.promises.busy_desk import BusyDesk, Markers, busy_desk, code_of
from tests.promises.planting import CAPTIONED, KINDS, Planter

pytestmark = pytest.mark.slow

_TOKEN = re.compile(r"(?=(zu[a-z]{12}))|(\d{11,})")
LEFT_OUT = ("entities", "caption_entities", "forward_origin", "external_reply", "quote", "via_bot",
            "sender_chat", "reply_markup", "media_group_id")  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """Something that a family sends. ``how`` is new, an edit of her last, an answer or an album.

    ``mentions``: its words name an account; ``linked``: they lead to one. ``bare`` are the fields
    that it does not carry.
    """

    of: int
    kind: str
    how: str
    captioned: bool
    mentions: bool
    linked: bool
    bare: frozenset[str]

    @property
    def passes(self) -> bool:
        """Whether its words are for the desk to read."""
        return not (self.mentions or self.linked)


SENT = st.builds(
    Sent,
    of=st.integers(0, 1),
    kind=st.one_of(st.just("text"), st.sampled_from(KINDS)),
    how=st.sampled_from(("new", "new", "edit", "answer", "album")),
    captioned=st.booleans(),
    mentions=st.sampled_from((False, False, False, True)),
    linked=st.sampled_from((False, False, False, True)),
    bare=st.frozensets(st.sampled_from(LEFT_OUT), max_size=4),
)


class Families:
    """Two families whose every update is planted; what they say besides is in ``words``."""

    def __init__(self, desk: BusyDesk, seed: int) -> None:
        self._desk = desk
        self.planter = Planter(seed)
        self._markers = Markers(seed + 1)
        names = [self._markers.words(3) for _ in range(2)]
        self.names = {name for each in names for name in each}
        self.people = [
            desk.family(first, last_name=last, username=user) for first, last, user in names
        ]
        self.passed: list[tuple[int, str]] = []
        """What has to stand in whose topic in the end."""
        self.linked: set[str] = set()
        """What the links under words lead to: somebody's account."""
        self._next: tuple[str, bool, frozenset[str]] | None = None
        self._last: dict[int, tuple[Message, str]] = {}

    def plant(self, put: Any) -> Any:
        """Plant whatever of theirs is put into the queue by ``put``."""
        ids = {person.chat_id for person in self.people}

        def planted(kind: str, content: dict[str, Any]) -> Any:
            user = content.get("from", {})
            if user.get("id") not in ids or kind not in (
                "message",
                "edited_message",
                "callback_query",
            ):
                return put(kind, content)
            what, mentions, bare = self._next or (None, False, frozenset[str]())
            return put(kind, self.planter.update(content, what, mentions, bare))

        return planted

    async def send(self, sent: Sent) -> None:
        """Let a family send something."""
        who = self.people[sent.of]
        self._next = (sent.kind, sent.mentions, sent.bare)
        try:
            if sent.how == "edit":
                await self._edit(who, sent)
            else:
                await self._say(who, sent)
        finally:
            self._next = None

    async def _say(self, who: Person, sent: Sent) -> None:
        word = self._markers.word()
        caption = f"mire {word}" if sent.captioned and sent.kind in CAPTIONED else ""
        last = self._last.get(sent.of)
        answers = Where(reply_to=last[0]) if sent.how == "answer" and last is not None else Where()
        if sent.kind == "text":
            message = await who.send(f"mi hijo {word}", **answers)
            if sent.linked:
                self._link(message)
            if sent.passes:
                self.passed.append((sent.of, word))
                self._last[sent.of] = (message, word)
            return
        sent = replace(sent, linked=False)
        if sent.kind == "photo" and sent.how == "album":
            await who.send_album(2, caption)
        elif sent.kind in ("photo", "voice"):
            if sent.kind == "photo":
                await who.send_photo(caption, **answers)
            else:
                await who.send_voice(caption=caption, **answers)
        else:
            words = {"caption": caption} if caption else {}
            await who.send_other(**{sent.kind: {"x": 1}}, **words, **answers)
            return
        if caption and sent.passes:
            self.passed.append((sent.of, word))

    async def _edit(self, who: Person, sent: Sent) -> None:
        if sent.of not in self._last:
            return
        message, before = self._last.pop(sent.of)
        word = self._markers.word()
        self._next = ("text", sent.mentions, sent.bare)
        await who.edit(message, f"quise decir {word}")
        # What she wrote before may be there or not: it goes once it was on its way.
        self.passed = [one for one in self.passed if one[1] != before]
        if not sent.mentions:
            self.passed.append((sent.of, word))

    def _link(self, message: Message) -> None:
        """Let words carry a link to an account, as a text that was copied from elsewhere may."""
        user = self._markers.word()
        self.linked.add(user)
        link = Entity("text_link", 0, 2, url=f"https://t.me/{user}")
        message.entities = (*message.entities, link)
        pending = self._desk.box.queue.pending[-1]["message"]
        pending["entities"] = [*pending.get("entities", []), link.to_json()]


def tokens(text: str) -> set[str]:
    """Give everything in a text that may be a marker."""
    return {word or number for word, number in _TOKEN.findall(text)}


def leaks(families: Families, calls: Iterable[Call]) -> set[str]:
    """Give the markers that calls carry, and her id where it does not belong."""
    ids = {str(person.chat_id) for person in families.people}
    forbidden = families.planter.planted | families.names | families.linked | ids
    found: set[str] = set()
    for call in calls:
        given = dict(call.parameters)
        if call.method == "copyMessage":
            given.pop("from_chat_id")
        found |= tokens(str(given)) & forbidden
    return found


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[BusyDesk]:
    async with busy_desk(tmp_path, volunteers=1) as desk, desk.running():
        yield desk


SEEDS = iter(range(10**6))
ONE_DESK = settings(
    deadline=None,
    # One desk for all; an example takes seconds, and looking for a smaller one would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(ONE_DESK, max_examples=5, derandomize=True)
@given(sent=st.lists(SENT, min_size=16, max_size=28))
async def test_of_an_update_nothing_reaches_the_desk_but_what_she_says(
    desk: BusyDesk, sent: list[Sent]
) -> None:
    await relay(desk, sent)


@pytest.mark.soak
@settings(ONE_DESK, max_examples=15)
@given(sent=st.lists(SENT, min_size=12, max_size=60))
async def test_of_very_many_updates_nothing_reaches_the_desk(
    desk: BusyDesk, sent: list[Sent]
) -> None:
    await relay(desk, sent)


async def relay(desk: BusyDesk, sent: list[Sent]) -> None:
    """Let two families send all this, one with her case in hand and one waiting, and look."""
    families = Families(desk, next(SEEDS) * 2)
    before, volunteer = len(desk.box.calls), desk.volunteers[0]
    shown = len(desk.group.screen())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.box.queue, "put", families.plant(desk.box.queue.put))
        codes = []
        for person in families.people:
            await desk.escalate(person)
            codes.append(code_of(person) or "")
        first = await desk.claim(volunteer, codes[0])
        await volunteer.send("/r Buenas tardes, le leo", to=desk.group, topic=first)
        await desk.settle()
        for one in sent:
            await families.send(one)
            await desk.box.all_confirmed(30)
        await desk.settle()
        second = await desk.claim(volunteer, codes[1])
    try:
        calls = [call for call in desk.into_desk() if call in desk.box.calls[before:]]
        assert leaks(families, calls) == set()
        assert all(
            call.parameters["from_chat_id"] in {person.chat_id for person in families.people}
            for call in calls
            if call.method == "copyMessage"
        )
        there = [message.to_json() for message in desk.group.screen()[shown:] if message.mine]
        forbidden = families.planter.planted | families.linked
        assert tokens(str(there)) & forbidden == set()
        for of, word in families.passed:
            assert any(word in text for text in desk.in_topic((first, second)[of])), sent
    finally:
        for topic in (first, second):
            await volunteer.send("/cerrar resuelto", to=desk.group, topic=topic)
        await desk.settle()


async def test_the_search_finds_what_is_there(desk: BusyDesk) -> None:
    """A search that cannot find proves nothing: here every sort of marker does go to the group."""
    families = Families(desk, 5)
    (person, _) = families.people
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.box.queue, "put", families.plant(desk.box.queue.put))
        await person.send("hola")
        update = desk.box.queue.pending[-1]["message"]
    for field in ("forward_origin", "quote", "via_bot", "external_reply", "from", "chat"):
        call = Call("sendMessage", {"chat_id": 1, "text": str(update[field])}, desk.box.clock.now())
        assert leaks(families, [call]), field
    copy = {"chat_id": desk.group.chat_id, "from_chat_id": person.chat_id, "message_id": 5}
    assert leaks(families, [Call("copyMessage", copy, desk.box.clock.now())]) == set()
    assert leaks(families, [Call("sendMessage", copy, desk.box.clock.now())])
