"""A volunteer's photo or voice reaches the family out of a group from which nothing can be copied.

The real program, over HTTP: by the file's id, or, where Telegram refuses that, downloaded into
memory and uploaded. Nothing of it stays anywhere, and the token in its address is in no log.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot import logs
from sandbox import Message, Person, Topic
from tests.bot.mesa import WORDS, Mesa, mesa, shown
from tests.bot.traces import files

pytestmark = pytest.mark.slow


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Mesa]:
    async with mesa(tmp_path) as desk, desk.running():
        yield desk


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Give all that is logged, of the libraries too."""
    root, faro = logging.getLogger(), logging.getLogger(logs.OURS)
    before = root.handlers[:], root.level, faro.level
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Allowed())
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG)
    faro.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:], level, ours = before
    root.setLevel(level)
    faro.setLevel(ours)


async def claimed(desk: Mesa) -> Topic:
    """Let María open a case and Ana take it, with something of María's in its topic."""
    await desk.escalate()
    topic = await desk.claim(desk.ana)
    await desk.until(lambda: desk.words(topic))
    await desk.maria.send("¿Cómo es la planilla?")
    await desk.until(lambda: desk.box.queue.pending == ())
    desk.forward(5)
    await desk.until(lambda: any("planilla" in one for one in desk.words(topic)))
    return topic


async def send(desk: Mesa, topic: Topic, kind: str, caption: str = "") -> Message:
    """Let Ana answer with a photo or voice, and Luis confirm it."""
    question = desk.find("planilla", topic)
    say = desk.ana.send_photo if kind == "photo" else desk.ana.send_voice
    sent = await say(caption=caption, to=desk.group, topic=topic, reply_to=question)
    label = WORDS.plain("button.desk_confirm")

    def held() -> list[Message]:
        own = reversed(desk.group.from_bot())
        return [one for one in own if any(button.text == label for button in one.buttons)]

    await desk.until(held)
    assert got(desk.maria, kind) == [], "one person alone lets nothing go"
    await desk.luis.press(held()[0], label)
    return sent


def got(person: Person, kind: str) -> list[Message]:
    return [one for one in person.from_bot() if kind in one.content]


def file_of(message: Message, kind: str) -> str:
    """Give the id of a message's file: of a photo, of its largest size."""
    content = message.content[kind]
    largest = content if isinstance(content, dict) else content[-1]
    return str(largest["file_id"])


async def delivered(desk: Mesa, topic: Topic, kind: str) -> Message:
    """Wait until it is at María's and Ana has her receipt."""
    receipt = WORDS.plain("desk.receipt")
    await desk.until(lambda: any(receipt in one for one in desk.words(topic)))
    (arrived,) = got(desk.maria, kind)
    return arrived


@pytest.mark.parametrize("kind", ["photo", "voice"])
async def test_it_goes_by_its_id_once_a_second_person_confirmed(desk: Mesa, kind: str) -> None:
    topic = await claimed(desk)
    sent = await send(desk, topic, kind, "así se llena")
    arrived = await delivered(desk, topic, kind)
    assert file_of(arrived, kind) == file_of(sent, kind)
    assert "V-01" in shown(arrived)
    assert "así se llena" in shown(arrived)
    assert not any(
        call.parameters["from_chat_id"] == desk.group.chat_id
        for call in desk.box.calls_of("copyMessage")
    ), "Telegram lets nothing be copied out of this group"
    assert desk.box.calls_of("getFile") == []


@pytest.mark.parametrize("kind", ["photo", "voice"])
async def test_where_its_id_is_refused_it_is_uploaded(
    desk: Mesa, kind: str, logged: io.StringIO, tmp_path: Path
) -> None:
    topic = await claimed(desk)
    desk.box.faults.keep_files()
    sent = await send(desk, topic, kind, "así se llena")
    arrived = await delivered(desk, topic, kind)
    file = file_of(sent, kind)
    assert file_of(arrived, kind) != file
    assert desk.box.bytes_of(file_of(arrived, kind)) == desk.box.bytes_of(file)
    assert "así se llena" in shown(arrived)
    (download,) = desk.box.calls_of("download")
    assert download.ok
    for secret in (desk.box.token, download.parameters["file_path"], file):
        assert secret not in logged.getvalue()
    assert '"telegram"' in logged.getvalue(), "the library did say something, and it was dropped"
    assert desk.box.bytes_of(file)[:200] not in files(tmp_path), "it never was on the disk"


async def test_a_download_that_fails_is_tried_again_and_nothing_goes_twice(desk: Mesa) -> None:
    topic = await claimed(desk)
    desk.box.faults.keep_files()
    desk.box.faults.server_error("getFile")
    desk.box.faults.drop_before_write("download")
    await send(desk, topic, "photo")
    for number in (1, 2):
        await desk.box.called("getFile", times=number)
        desk.forward(60)
    await delivered(desk, topic, "photo")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Bad Request: file is too big", "desk.failed.uncopyable"),
        ("Bad Request: wrong file_id or the file is temporarily unavailable", "desk.failed.gone"),
        ("Bad Request: something of next year", "desk.failed.uncopyable"),
    ],
)
async def test_a_file_that_cannot_be_had_is_told_to_who_sent_it(
    desk: Mesa, words: str, told: str
) -> None:
    topic = await claimed(desk)
    desk.box.faults.keep_files()
    desk.box.faults.refuse("getFile", 400, words)
    await send(desk, topic, "photo")
    await desk.until(lambda: WORDS.plain(told) in "\n".join(desk.words(topic)))
    assert got(desk.maria, "photo") == []


async def test_a_family_that_takes_no_voice_notes_is_sent_no_upload_either(desk: Mesa) -> None:
    """Sent by its id it is refused too: that is in test_desk_failures."""
    topic = await claimed(desk)
    desk.maria.refuse_voice()
    desk.box.faults.keep_files()
    await send(desk, topic, "voice")
    await desk.until(lambda: WORDS.plain("desk.failed.voice") in "\n".join(desk.words(topic)))
    assert got(desk.maria, "voice") == []


async def test_a_song_is_no_voice_note(desk: Mesa) -> None:
    topic = await claimed(desk)
    question = desk.find("planilla", topic)
    await desk.ana.send_audio(to=desk.group, topic=topic, reply_to=question)
    refused = WORDS.plain("desk.reply.kind", {"kind": "@desk.kind_name.other"})
    await desk.until(lambda: refused in "\n".join(desk.words(topic)))


async def test_a_photo_that_arrives_after_borrar_is_taken_back(desk: Mesa) -> None:
    topic = await claimed(desk)
    held = desk.box.faults.hold_after_write("sendPhoto")
    await send(desk, topic, "photo")
    await asyncio.wait_for(held.reached.wait(), 5)
    assert len(got(desk.maria, "photo")) == 1
    await desk.maria.send("/borrar")
    await desk.until(lambda: desk.box.queue.pending == ())
    held.release()
    await desk.until(lambda: got(desk.maria, "photo") == [])
