"""A case that is over leaves nothing: no ciphertext, key, nonce or look-up in any file, no topic.

A case is opened, claimed and talked in, both ways, with photos, with a reply that was held, and
with a contact. Every row that was ever committed for it is noted as it stood in the file, on the
thread that wrote it, so that none is missed. Seven days after its end, or at once after /borrar,
none of those bytes is in the database, its log or its shared memory, its topic is deleted, and no
old button brings anything back. The same search finds the rows while they are there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from helpdesk.desk import codes
from sandbox import Button, Message, Person, Topic
from store import transaction
from store.cipher import NONCE_BYTES
from tests.promises.busy_desk import (
    PATIENCE,
    WORDS,
    BusyDesk,
    Markers,
    busy_desk,
    code_of,
    ever,
    said,
    written,
)
from tests.store.disk import every_byte, found, pieces, rows

pytestmark = pytest.mark.slow

HOUR = 3600.0
DAY = 24 * HOUR
NUMBER = "0412 5550199"
PLAIN = (
    "SELECT lookup FROM case_lookups",
    "SELECT case_id FROM case_lookups",
    "SELECT id FROM cases",
    "SELECT case_id FROM posts WHERE case_id IS NOT NULL",
)
"""What is not sealed, and yet says which case it is."""


@dataclass
class Noted:
    """What stood in the file: ``every`` row that was ever committed of any case or post."""

    file: Path
    every: set[bytes] = field(default_factory=set)
    posts: int = 0
    """Bodies of posts among them."""

    def look(self) -> None:
        """Note what there is now."""
        new = {body for _, body in sealed(self.file, "posts")} - self.every
        self.posts += len(new)
        self.every |= self.standing()

    def standing(self) -> set[bytes]:
        """Give the bytes of every case, post and look-up that are in the file at this moment."""
        both = [*sealed(self.file, "cases"), *sealed(self.file, "posts")]
        plain = (row[0] for query in PLAIN for row in rows(self.file, query))
        return {*plain, *(value for row in both for value in row)}


def sealed(file: Path, table: str) -> list[tuple[bytes, bytes]]:
    return rows(file, f"SELECT wrapped_key, body FROM {table}")


def left(values: set[bytes], folder: Path) -> int:
    """Count what is left of these in the folder: pieces, and the nonce of each sealed one."""
    stored = every_byte(folder)
    nonces = {value[1 : 1 + NONCE_BYTES] for value in values if len(value) > 32}
    return found([*values], folder) + sum(nonce in stored for nonce in nonces)


def all_there(values: set[bytes], folder: Path) -> bool:
    """Tell whether the search sees them; one that goes on on another page lacks a piece there."""
    wanted = {piece for value in values for piece in pieces(value)}
    return bool(wanted) and found([*values], folder) > 0.9 * len(wanted)


@dataclass
class Story:
    """A case in which all of that happened."""

    desk: BusyDesk
    noted: Noted
    family: Person
    owner: Person
    code: str
    topic: Topic
    words: list[str]
    """What was said in it, by anybody."""

    @property
    def folder(self) -> Path:
        return self.desk.data

    @property
    def closed(self) -> bool:
        """Whether the family was told that it is over."""
        return any(
            WORDS.plain("case.closed.resolved", {"code": self.code}) in text
            for text in ever(self.family)
        )

    async def gone(self) -> None:
        """Wait until no file has any of it, without anybody asking for that."""
        await self.desk.until(lambda: self.noted.standing() == set())
        async with asyncio.timeout(PATIENCE):
            while left(self.noted.every, self.folder):  # noqa: ASYNC110 - no bell for a file
                await asyncio.sleep(0.5)

    def buttons(self) -> list[tuple[Message, Button]]:
        """Give every button of the desk's that there ever was, wherever it stood."""
        there = (one for one in self.desk.group.chat.messages.values() if one.mine)
        return [(one, button) for one in there for button in buttons_of(one) if button.data]


def buttons_of(message: Message) -> list[Button]:
    return [button for keyboard in message.keyboards for row in keyboard for button in row]


@pytest.fixture
async def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Noted:
    """Note every row after every commit, on the thread that wrote it."""
    noted, run = Noted(tmp_path / "data" / "faro.db"), transaction.run

    def watched(*args: Any, **kwargs: Any) -> Any:
        result = run(*args, **kwargs)
        noted.look()
        return result

    monkeypatch.setattr(transaction, "run", watched)
    return noted


@pytest.fixture
async def desk(tmp_path: Path, noted: Noted) -> AsyncIterator[BusyDesk]:
    async with busy_desk(tmp_path, volunteers=1) as desk, desk.running():
        yield desk


@pytest.fixture
async def story(desk: BusyDesk, noted: Noted) -> Story:
    """Let a case be lived through, until it could be closed."""
    words = Markers(11).words(7)
    before, after, shown, answer, photo, held, contact = words
    (owner,) = desk.volunteers
    family = desk.family()
    await desk.escalate(family)
    code = code_of(family) or ""
    await family.send(before)
    await desk.settle()
    desk.forward(30)
    await desk.settle()
    await desk.until(lambda: any(code in said(one) for one in desk.group.screen(1) if one.buttons))
    topic = await desk.claim(owner, code)
    await family.send(after)
    await family.send_photo(shown)
    await desk.settle()

    def hers() -> Message:
        return next(one for one in desk.group.screen(topic) if after in said(one))

    await owner.send(answer, to=desk.group, topic=topic, reply_to=hers())
    await desk.settle()
    assert any(answer in text for text in ever(family))
    await owner.send_photo(photo, to=desk.group, topic=topic, reply_to=hers())
    await desk.settle()
    label = WORDS.plain("button.desk_confirm")
    (notice,) = (one for one in desk.group.screen(topic) if label in str(one.reply_markup))
    await desk.lead.press(notice, label)
    await desk.settle()
    assert any(photo in text for text in ever(family))
    await owner.send(f"{held}: {NUMBER}", to=desk.group, topic=topic, reply_to=hers())
    await desk.settle()
    assert not any(held in text for text in ever(family))
    for key in ("button.case_contact", "button.contact_write"):
        await desk.press(family, WORDS.plain(key))
    await desk.box.all_confirmed(PATIENCE)
    await family.send(f"{contact} {NUMBER}")
    await desk.press(family, WORDS.plain("button.contact_yes"))
    await desk.settle()
    await desk.lead.send(f"/contacto {code}")
    await desk.settle()
    assert any(contact in text for text in ever(desk.lead)), "it is kept, for those who lead"
    return Story(desk, noted, family, owner, code, topic, words)


async def nothing_comes_back(story: Story) -> None:
    """Press every button that there was, and ask for the case in every way that there is."""
    desk, family = story.desk, story.family
    calls, lines = len(desk.box.calls), len(family.chat.messages)
    buttons = story.buttons()
    no = [WORDS.plain(key) for key in ("desk.press.old", "desk.no_case")]
    verbs = {(button.data or "").split(":")[0] for _, button in buttons}
    assert verbs >= {"claim", "confirm", "discard", "retire"}
    for message, button in buttons:
        press = story.owner._press(message, button)
        assert await press.answer(PATIENCE) in no, button.data
    for who, deed in ((story.owner, "tomar"), (desk.lead, "tomar"), (desk.lead, "reabrir")):
        await who.send(f"/{deed} {story.code}", to=desk.group)
    await desk.lead.send(f"/contacto {story.code}")
    await desk.settle()
    assert len(family.chat.messages) == lines
    hers = [(one, b) for one in family.chat.messages.values() for b in buttons_of(one) if b.data]
    assert hers
    for message, button in hers:
        family._press(message, button)
        await desk.box.all_confirmed(PATIENCE)
    await desk.settle()
    told = written(desk.box.calls[calls:])
    assert [word for word in (*story.words, NUMBER) if word in told] == []
    assert await desk.cases() == []
    assert desk.group.topics == ()


async def test_seven_days_after_its_end_nothing_is_left(desk: BusyDesk, story: Story) -> None:
    noted = story.noted
    await story.owner.send("/cerrar resuelto", to=desk.group, topic=story.topic)
    await desk.settle()
    assert story.closed
    desk.forward(7 * DAY - 3 * HOUR)
    await desk.settle()
    assert desk.group.topics == (story.topic,)
    (kept,) = await desk.cases()
    assert codes.shown(kept.code) == story.code
    assert all_there(noted.standing(), story.folder), "the search must see what is there"

    desk.forward(2 * HOUR)
    await desk.until(lambda: desk.group.topics == ())
    await desk.settle()
    assert all_there(noted.standing(), story.folder)

    desk.forward(2 * HOUR)
    await story.gone()
    assert noted.posts > 15, "every post was seen, however soon it was delivered"
    assert left(noted.every, story.folder) == 0
    await nothing_comes_back(story)


async def test_borrar_leaves_nothing_of_a_case_in_hand(desk: BusyDesk, story: Story) -> None:
    noted, began = story.noted, desk.box.clock.now()
    assert all_there(noted.standing(), story.folder), "the search must see what is there"
    calls = len(desk.into_desk())
    await story.family.send("/borrar")
    farewell = WORDS.plain("command.erased")
    await story.family.wait_until(
        lambda: [one.text for one in story.family.from_bot()] == [farewell], PATIENCE
    )
    await desk.until(lambda: desk.group.topics == ())
    await story.gone()
    assert left(noted.every, story.folder) == 0
    assert desk.box.clock.now() == began, "it waited for no job and for no hour"
    said_in_group = desk.into_desk()[calls:]
    assert [call.parameters["text"] for call in said_in_group if call.method == "sendMessage"] == [
        WORDS.plain("desk.erased", {"code": story.code})
    ]
    told = written(said_in_group)
    assert [word for word in (*story.words, NUMBER) if word in told] == []
    await nothing_comes_back(story)
