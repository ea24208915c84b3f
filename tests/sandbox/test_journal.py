"""A page that watches gets every entry, in order, and resumes where it left off."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.journal import Journal


async def test_entries_come_in_order_and_wake_whoever_waits() -> None:
    journal = Journal()
    journal.note("clock")
    waiting = asyncio.create_task(journal.after(1, 5))
    await asyncio.sleep(0)
    assert not waiting.done()
    journal.note("person", 7)
    assert [(one.number, one.topic, one.chat_id) for one in await waiting] == [(2, "person", 7)]
    assert [one.number for one in await journal.after(0, 5)] == [1, 2]
    with pytest.raises(TimeoutError):
        await journal.after(2, 0.01)


async def test_closing_sends_watchers_away() -> None:
    journal = Journal()
    waiting = asyncio.create_task(journal.after(0, 5))
    await asyncio.sleep(0)
    journal.close()
    assert await waiting == []
    journal.open()
    with pytest.raises(TimeoutError):
        await journal.after(0, 0.01)


async def test_resuming_needs_a_mark_of_this_life_that_is_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sandbox.journal.KEPT", 4)
    journal = Journal()
    assert journal.resume(journal.mark(0)) == 0
    for _ in range(5):  # the fifth makes it forget the first two
        journal.note("clock")
    assert [one.number for one in await journal.after(2, 5)] == [3, 4, 5]
    assert [journal.resume(journal.mark(number)) for number in range(7)] == [
        *(None, None),
        *(2, 3, 4, 5),
        None,
    ]
    assert await journal.after(1, 5) == []  # not all of them: none
    for stranger in (None, "", "5", f"{Journal().life}.5", f"{journal.life}.x"):
        assert journal.resume(stranger) is None
