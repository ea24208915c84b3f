"""Of a busy desk neither the log nor a file says who anybody is, or what anybody wrote.

Families and volunteers write, replies are held, retired and sent again, calls fail, and the program
is killed on the way. The whole log, at DEBUG, and every byte beside the database are then searched
for their ids and names, the ids of their messages, the group's id, and every word that was written.
"""

from __future__ import annotations

import json
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
    for order in ("big", "little"):
        yield (-group).to_bytes(5, order)  # type: ignore[arg-type]  # one of both
        yield group.to_bytes(6, order, signed=True)  # type: ignore[arg-type]  # as above


def told(desk: Desk, data: bytes) -> list[str]:
    """Name all that is found of anybody, and of the group."""
    group = any(form in data for form in forms_of_group(desk.group.chat_id))
    return found(data, desk.ids, desk.words) + ["the group"] * group


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
    for kill in (on_the_way, into_the_group):
        await kill(desk)
        assert told(desk, files(desk.program.data)) == []
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
        assert told(desk, files(data)) == []
        assert PHONE.encode() not in files(data)
        await desk.settle()
        await desk.program.kill()
        assert told(desk, files(data)) == []
        await desk.start()
        assert await desk.program.stop() == 0
        assert told(desk, files(data)) == []
        log = desk.program.log
        assert told(desk, log) == []
        assert PHONE.encode() not in log
        for expected in (b"post_not_sent", b'"unknown"', b'"later"'):
            assert expected in log, f"nothing made the bot say {expected.decode()}"
        for line in log.splitlines():
            assert line == b"ready" or json.loads(line)
        seen = "".join(str(call.parameters) for call in desk.box.calls)
        unseen = [word for word in desk.words - set(desk.names) if word not in seen]
        assert set(unseen) <= set(desk.said.notes), "what was never sent proves nothing"


async def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """A search that cannot find proves nothing."""
    async with desk_program(tmp_path, 22) as desk:
        for number in (desk.volunteers[0].chat_id, desk.families[1].chat_id):
            for form in forms_of_id(number):
                assert told(desk, b"x" + form + b"x")
        for form in forms_of_group(desk.group.chat_id):
            assert told(desk, b"x" + form + b"x") == ["the group"]
        assert told(desk, desk.names[0].upper().encode()) == [desk.names[0]]
