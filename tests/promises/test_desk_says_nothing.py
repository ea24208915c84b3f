"""Of a busy desk neither the log nor a file says who anybody is, or what anybody wrote.

Families and volunteers write, replies are held and sent again, calls fail, and the program
is killed on the way. The whole log, at DEBUG, and every byte beside the database are then searched
for their ids and names, the ids of their messages, the group's id, and every word that was written.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.traces import files, forms_of_id, found
from tests.promises.desk_program import Desk, desk_program
from tests.promises.test_desk_answers_once import into_the_group, on_the_way, talk

pytestmark = pytest.mark.slow

PHONE = "0414 5550147"


def forms_of_group(group: int) -> Iterator[bytes]:
    """Write the id of a group, negative, in every form; and the number that its links carry."""
    yield str(group).removeprefix("-100").encode()
    yield f"{-group:x}".encode()
    for positive in (True, False):
        big = (-group if positive else group).to_bytes(6, "big", signed=True).lstrip(b"\0")
        yield from (big, big[::-1])


def told(desk: Desk, data: bytes) -> list[str]:
    """Name all that is found of anybody, and of the group."""
    group = any(form in data for form in forms_of_group(desk.group.chat_id))
    return found(data, desk.ids, desk.words) + ["the group"] * group


async def disk(desk: Desk) -> bytes:
    """Give every byte beside the database, as they lie there now.

    Another process copies them: when this one, which has the database open too, closes a file of
    it, the operating system drops SQLite's locks, and what is then read may be old.
    """
    copied = desk.program.data.with_name("stolen")
    shutil.rmtree(copied, ignore_errors=True)
    copying = await asyncio.create_subprocess_exec("cp", "-r", str(desk.program.data), str(copied))
    assert await copying.wait() == 0
    return files(copied)


async def live(desk: Desk) -> None:
    """Let everything happen that writes something down."""
    await desk.open_cases()
    faults = desk.box.faults
    for family in desk.families:
        for method in ("sendMessage", "editMessageText"):
            faults.drop_after_write(method, chat_id=family.chat_id)
            faults.refuse(method, 400, f"Bad Request: {desk.names[0]}", chat_id=family.chat_id)
    faults.server_error("sendMessage", chat_id=desk.group.chat_id)
    faults.refuse("sendMessage", 400, f"no {desk.names[1]}", chat_id=desk.group.chat_id)
    for of in (0, 1):
        await desk.show(of)
    await talk(desk)
    await desk.settle()
    faults.drop_after_write("sendMessage", chat_id=desk.families[1].chat_id)
    await desk.answer(1)
    await desk.settle()
    for kill in (on_the_way, into_the_group):
        await kill(desk)
        assert told(desk, await disk(desk)) == []
        await desk.start()
    await desk.send_again()
    # Held for a second person: it lies in the database until somebody decides.
    word = desk.markers.word()
    desk.said.notes.append(word)
    text = f"/r {word} {PHONE}"
    await desk.volunteers[0].send(text, to=desk.group, topic=desk.topics[0])
    await desk.settle()
    await desk.write(1)  # and this one as it waits for the next
    await desk.box.all_confirmed()


async def test_neither_log_nor_files_say_anything_of_anybody(tmp_path: Path) -> None:
    async with desk_program(tmp_path, 21, FARO_LOG_LEVEL="DEBUG") as desk:
        await live(desk)
        data = desk.program.data
        assert (data / "faro.db-wal").stat().st_size > 0
        assert told(desk, await disk(desk)) == []
        assert PHONE.encode() not in await disk(desk)
        await desk.settle()
        await desk.program.kill()
        assert told(desk, await disk(desk)) == []
        await desk.start()
        assert await desk.program.stop() == 0
        assert told(desk, await disk(desk)) == []
        log = desk.program.log
        assert told(desk, log) == []
        assert PHONE.encode() not in log
        for expected in (b"post_not_sent", b'"unknown"', b'"later"'):
            assert expected in log, f"nothing made the bot say {expected.decode()}"
        for line in log.splitlines():
            assert line == b"ready" or json.loads(line)
        seen = "".join(str(call.parameters) for call in desk.box.calls)
        hers = [word for _, word in desk.said.hers]
        assert all(word in seen for word in hers), "what was never sent proves nothing"


async def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """A search that cannot find proves nothing."""
    async with desk_program(tmp_path, 22) as desk:
        for number in (desk.volunteers[0].chat_id, desk.families[1].chat_id):
            for form in forms_of_id(number):
                assert told(desk, b"x" + form + b"x")
        for form in forms_of_group(desk.group.chat_id):
            assert told(desk, b"x" + form + b"x") == ["the group"]
        assert told(desk, desk.names[0].upper().encode()) == [desk.names[0]]
