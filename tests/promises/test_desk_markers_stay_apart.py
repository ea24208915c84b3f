"""Nothing of one family reaches another: fifty at a time, with delays in storage and on the wire.

Fifty families and five volunteers talk at once. Every transaction waits a little before and after,
at random; calls are held, refused for a while, and those into the group are cut off in the middle.
Every word, photo and answer is somebody's own: it stands in her chat or her topic and in no other,
and whatever was sent has arrived. Of none of it is there a trace in the files or the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sandbox import Message, Person, Topic
from store import Database
from tests.bot.traces import files, found
from tests.promises.busy_desk import (
    BusyDesk,
    Markers,
    arrived,
    busy_desk,
    code_of,
    ever,
    said,
)

pytestmark = pytest.mark.slow

VOLUNTEERS = 5
EACH = 5
"""Cases that a volunteer may have in hand."""
DISTURBANCES = 60
"""Faults while so many cases are talked about: without an end a slow machine would have more."""

AHEAD = 3
"""Faults that wait for a call to strike, at most."""


@dataclass
class Talk:
    """One family and what was said in her case."""

    family: Person
    volunteer: Person
    hers: list[str] = field(default_factory=list)
    photo: str = ""
    answers: list[str] = field(default_factory=list)
    topic: Topic | None = None


def slow_storage(patch: pytest.MonkeyPatch, random: Random) -> None:
    """Let half of all transactions wait for milliseconds before they begin and after their end."""
    transaction = Database.transaction

    async def slow(self: Database, function: Callable[..., Any], *args: Any, **more: Any) -> Any:
        if random.random() < 0.5:
            await asyncio.sleep(random.uniform(0, 0.01))
        result = await transaction(self, function, *args, **more)
        if random.random() < 0.5:
            await asyncio.sleep(random.uniform(0, 0.01))
        return result

    patch.setattr(Database, "transaction", slow)


@asynccontextmanager
async def bad_line(desk: BusyDesk, random: Random) -> AsyncIterator[None]:
    """Hold, delay and refuse calls; those into the group are also cut off before or after."""
    faults, group = desk.box.faults, desk.group.chat_id

    async def disturb() -> None:
        for _ in range(DISTURBANCES):
            # Ordered ahead, they would all strike the last family that still waits: ten 5xx in a
            # row are a minute and a half of patience for her.
            while len(faults.waiting()) >= AHEAD:  # noqa: ASYNC110 - there is no bell for a fault
                await asyncio.sleep(0.02)
            method = random.choice(("sendMessage", "copyMessage", "editMessageText"))
            match random.randrange(6):
                case 0:
                    faults.retry_after(method, 1)
                case 1:
                    faults.server_error(method)
                case 2:
                    faults.drop_after_write(method, chat_id=group)
                case 3:
                    faults.drop_before_write(method, chat_id=group)
                case _:
                    hold = random.choice((faults.hold_before_write, faults.hold_after_write))
                    held = hold(method)
                    await asyncio.sleep(random.uniform(0.02, 0.1))
                    held.release()
            await asyncio.sleep(random.uniform(0.05, 0.3))

    disturbing = asyncio.create_task(disturb())
    try:
        yield
    finally:
        disturbing.cancel()
        with suppress(asyncio.CancelledError):
            await disturbing
        faults.clear()


@pytest.mark.parametrize(
    ("families", "seed"),
    [(50, 1), *(pytest.param(50, seed, marks=pytest.mark.soak) for seed in (2, 3))],
)
async def test_what_is_said_in_a_case_stays_in_it(tmp_path: Path, families: int, seed: int) -> None:
    random, markers = Random(seed), Markers(seed)
    async with busy_desk(tmp_path, VOLUNTEERS) as desk:
        with pytest.MonkeyPatch.context() as patch:
            slow_storage(patch, random)
            patch.setattr("bot.outgoing.FLOOD_PAUSE", 0.02)  # these write faster than any thumb
            async with desk.running():
                talks = [
                    Talk(desk.family(), desk.volunteers[number % VOLUNTEERS])
                    for number in range(families)
                ]
                together = VOLUNTEERS * EACH
                for first in range(0, families, together):
                    async with bad_line(desk, random):
                        await all_talk(desk, talks[first : first + together], random, markers)
                    await desk.settle()
                    nothing_strayed(desk, talks)
                    for talk in talks[first : first + together]:
                        nothing_lost(desk, talk)
                        await talk.volunteer.send(
                            "/cerrar resuelto", to=desk.group, topic=talk.topic
                        )
                    await desk.settle()
                words = [word for talk in talks for word in (*talk.hers, *talk.answers)]
                ids = [person.chat_id for person in (*desk.families, *desk.volunteers)]
                assert len(set(words)) >= 5 * families
                assert found(files(desk.data) + desk.log, ids, words) == []


async def all_talk(desk: BusyDesk, talks: list[Talk], random: Random, markers: Markers) -> None:
    """Let every family and whoever has her case talk, all at the same time."""

    async def wait() -> None:
        await asyncio.sleep(random.uniform(0, 0.3))

    async def begins(talk: Talk) -> None:
        await wait()
        await desk.escalate(talk.family)
        talk.hers.append(markers.word())
        await talk.family.send(talk.hers[-1])

    await asyncio.gather(*map(begins, talks))
    await desk.settle()
    for talk in talks:
        code = code_of(talk.family) or ""
        await talk.volunteer.send(f"/tomar {code}", to=desk.group)
    await desk.settle()
    for talk in talks:
        talk.topic = desk.topic_of(code_of(talk.family) or "")

    async def goes_on(talk: Talk) -> None:
        for number in range(2):
            await wait()
            talk.hers.append(markers.word())
            await talk.family.send(talk.hers[-1])
            if number:
                photo = await talk.family.send_photo()
                talk.photo = photo.content["photo"][0]["file_id"]

    async def answers(talk: Talk) -> None:
        # Of a line that came twice the second: of the first nobody told the program the number.
        first = [m for m in desk.group.screen(talk.topic) if talk.hers[0] in said(m)][-1]
        for reply_to in (first, None):
            await wait()
            talk.answers.append(markers.word())
            text = talk.answers[-1] if reply_to else f"/r {talk.answers[-1]}"
            await talk.volunteer.send(text, to=desk.group, topic=talk.topic, reply_to=reply_to)

    await asyncio.gather(*map(goes_on, talks), *map(answers, talks))
    await desk.settle()


def nothing_lost(desk: BusyDesk, talk: Talk) -> None:
    """Whatever was sent has arrived; an answer once, however bad the line was."""
    there = [message for message in desk.group.screen(talk.topic) if message.mine]
    assert [w for w in talk.hers if not any(w in said(message) for message in there)] == []
    assert any(photo_of(message) == talk.photo for message in there)
    assert [arrived(talk.family, word) for word in talk.answers] == [1, 1]


def nothing_strayed(desk: BusyDesk, talks: list[Talk]) -> None:
    """No word, photo or answer stands in a chat or topic that is not its own."""
    begun = [talk for talk in talks if talk.topic is not None]
    in_group = [
        (message.thread_id, f"{said(message)} {message.history} {photo_of(message)}")
        for message in desk.group.chat.messages.values()
        if message.mine
    ]
    for talk in begun:
        assert talk.topic is not None
        own = {talk.topic.thread_id}
        for word in (*talk.hers, talk.photo):
            assert {thread for thread, text in in_group if word in text} == own
        for other in talks:
            if other is not talk:
                shown = "\n".join(ever(other.family))
                assert [w for w in (*talk.hers, *talk.answers) if w in shown] == []
                assert not any(photo_of(m) == talk.photo for m in other.family.from_bot())
    for person in (desk.lead, *desk.volunteers):
        shown = "\n".join(ever(person))
        assert [word for talk in begun for word in talk.hers if word in shown] == []


def photo_of(message: Message) -> str:
    """Give the file that a message shows."""
    sizes = message.content.get("photo") or [{"file_id": ""}]
    return str(sizes[0]["file_id"])
