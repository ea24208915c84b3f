"""The log never says who wrote, what was written, or with which token, not even at DEBUG.

Everything that can go wrong is made to go wrong: updates that cannot be read, a server that
refuses, drops and answers nonsense, sessions that cannot be opened, a database that is locked.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

from sandbox import Sandbox
from tests.bot.crowd import Relative, crowd
from tests.bot.program import Program
from tests.bot.traces import SMALLEST, found

TOKEN = "987654321:AAFguanabanatokentoken"
ALLOWED = {"at", "level", "event", "logger", "error", "count", "tries", "seconds", "ms",
           "version", "job"}  # fmt: skip


def corrupt(program: Program) -> None:
    """Damage every session, so that working on it raises."""
    with closing(sqlite3.connect(program.data / "faro.db", timeout=10)) as connection, connection:
        damaged = connection.execute("UPDATE sessions SET body = zeroblob(1100)").rowcount
    assert damaged > 0


def poison(box: Sandbox, relative: Relative) -> None:
    """Send what no library can read, with everything about her in it."""
    chat = {**relative.person.chat.to_json(), "id": relative.person.chat_id}
    words = " ".join(relative.words)
    for broken in (
        {"message_id": words, "chat": chat, "date": words, "text": words},
        {"message_id": 1, "chat": words, "date": 0, "text": words},
        {"message_id": 1, "chat": chat, "date": 10**30, "text": words},
        {"message_id": 1, "chat": chat, "date": 0, "text": "\ud800" + words},
        {"message_id": 1, "chat": chat, "date": 0, "photo": words},
    ):
        box.queue.put("message", broken)
    box.queue.put("callback_query", {"id": words, "from": words, "data": words})
    box.queue.put("my_chat_member", {"chat": chat, "from": words})


def break_everything(box: Sandbox, relative: Relative) -> None:
    """Order every kind of fault, each with words of hers in what the server says."""
    words = " ".join(relative.words)
    for method in ("sendMessage", "editMessageText", "answerCallbackQuery", "deleteMessages"):
        box.faults.refuse(method, 502, f"Bad Gateway {words}")
        box.faults.drop_after_write(method)
        box.faults.drop_before_write(method)
        box.faults.retry_after(method, 1)
        box.faults.refuse(method, 400, f"Bad Request: {words}")
        box.faults.refuse(method, 403, f"Forbidden: bot was blocked by the user {words}")
        box.faults.refuse(method, 404, f"Not Found {words}")
    box.faults.refuse("getUpdates", 409, f"Conflict {words}")
    box.faults.refuse("getUpdates", 500, f"Internal {words}")
    box.faults.drop_after_write("getUpdates")


async def test_the_log_says_nothing_of_anybody(tmp_path: Path) -> None:
    random = Random(64)
    first = SMALLEST + random.getrandbits(40)
    async with Sandbox(TOKEN, first_message_id=first, first_update_id=first * 2) as box:
        program = Program(tmp_path, box, FARO_LOG_LEVEL="DEBUG")
        async with program:
            relatives = await crowd(box, 3, 5, seed=1)
            break_everything(box, relatives[0])
            relatives += await crowd(box, 6, 4, seed=2)
            for relative in relatives[:2]:
                poison(box, relative)
            await box.all_confirmed(60)
            corrupt(program)
            for relative in relatives[:3]:
                await relative.person.send(f"sigo aquí {relative.words[0]}")
            await box.all_confirmed(60)
            await program.kill()
            await program.start()
            await relatives[-1].person.send("/start")
            await box.all_confirmed(60)
            await asyncio.gather(*(relative.talk(1) for relative in relatives[4:6]))
            assert await program.stop() == 0
        told = program.log
    for expected in (b"update_failed", b"update_quarantined", b"poll_failed", b"poll_conflict",
                     b"told_to_wait", b"screen_refused", b"blocked", b'"telegram"'):  # fmt: skip
        assert expected in told, f"nothing made the bot say {expected.decode()}"
    ids = {number for relative in relatives for number in relative.ids}
    ids |= {int(update["update_id"]) for update in box.queue.pending}
    ids |= {first * 2 + number for number in range(400)}
    words = {word for relative in relatives for word in relative.words}
    assert found(told, ids, words | {"aafguanabanatokentoken", "botaaf9876", "getupdates"}) == []
    assert b"987654321" not in told
    assert box.url.removeprefix("http://").encode() not in told
    for line in told.splitlines():
        if line != b"ready":
            assert json.loads(line).keys() <= ALLOWED
