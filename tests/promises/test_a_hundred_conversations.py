"""After a hundred conversations neither the data folder nor the log says who they were with.

No chat, user or message id (decimal or hexadecimal text, 4 to 8 bytes in either order, the varints
of SQLite), no name and no typed word; with the bot still running, write-ahead log and all, and
after it was stopped. A soak lets them talk for longer.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from sandbox import Sandbox
from tests.bot.crowd import crowd
from tests.bot.program import Program
from tests.bot.traces import SMALLEST, files, found

pytestmark = pytest.mark.slow

CONVERSATIONS = 100
NAMES = 3
"""Words that each is called by, beside those that she types."""


@pytest.mark.parametrize("acts", [5, pytest.param(9, marks=pytest.mark.soak)])
async def test_nothing_of_a_hundred_conversations_stays(tmp_path: Path, acts: int) -> None:
    random = Random(20260219)
    first = SMALLEST + random.getrandbits(40)
    async with Sandbox("987654321:AAFtokentokentoken", first_message_id=first) as box:
        program = Program(tmp_path, box)
        async with program:
            relatives = await crowd(box, CONVERSATIONS, acts, seed=random.getrandbits(32))
            await box.all_confirmed(30)
            ids = [number for relative in relatives for number in relative.ids]
            words = [word for relative in relatives for word in relative.words]
            assert len(ids) > 3 * CONVERSATIONS
            assert len(words) > (NAMES + acts / 10) * CONVERSATIONS
            running = files(program.data) + program.log
            assert len(running) > 100_000, "the conversations are kept while they last"
            assert found(running, ids, words) == []
            assert await program.stop() == 0
        stopped = files(program.data) + program.log
        assert found(stopped, ids, words) == []
        told = program.log
        assert box.token.encode() not in told
        assert box.url.encode() not in told
        assert b"unhandled" not in told
        assert b"update_quarantined" not in told, "a conversation went wrong"
