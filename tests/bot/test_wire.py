"""The wire's lanes: what counts goes in the lane of its view, and what is paid does not wait."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest
from telegram.error import RetryAfter, TelegramError

from bot.governor import Governor, Lane, counts
from bot.wire import Spot, Wire
from handlers.render import Rendered
from helpdesk.messages import Unreadable
from sandbox import Sandbox

HELLO = Rendered("Hola", None)
MAKE: dict[str, Callable[[Wire, int], Awaitable[object]]] = {
    "send": lambda wire, chat: wire.send(Spot(chat), HELLO),
    "copy": lambda wire, chat: wire.copy(Spot(chat), chat, 1, HELLO),
    "send_media": lambda wire, chat: wire.send_media(Spot(chat), Unreadable.PHOTO, b"x", HELLO),
    "edit": lambda wire, chat: wire.edit(chat, 1, HELLO),
    "delete": lambda wire, chat: wire.delete(chat, [1]),
    "delete_one": lambda wire, chat: wire.delete_one(chat, 1),
    "open_topic": lambda wire, chat: wire.open_topic(chat, "M-1"),
    "close_topic": lambda wire, chat: wire.close_topic(chat, 5),
    "reopen_topic": lambda wire, chat: wire.reopen_topic(chat, 5),
    "delete_topic": lambda wire, chat: wire.delete_topic(chat, 5),
    "leave": lambda wire, chat: wire.leave(chat),
    "answer": lambda wire, chat: wire.answer("7"),
    "announce": lambda wire, chat: wire.announce({"ayuda": "Ayuda"}),
    "updates": lambda wire, chat: wire.updates(None, 0),
    "who_am_i": lambda wire, chat: wire.who_am_i(),
    "download": lambda wire, chat: wire.download("x"),
    "chat": lambda wire, chat: wire.chat(chat),
    "member": lambda wire, chat: wire.member(chat, 5),
    "size": lambda wire, chat: wire.size(chat),
}
"""A call of every method that calls Telegram."""


class Watched(Governor):
    """A governor that remembers who took a place."""

    def __init__(self) -> None:
        super().__init__(1000)
        self.taken: list[Lane] = []

    async def turn(self, lane: Lane) -> None:
        self.taken.append(lane)
        await super().turn(lane)


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox() as box:
        yield box


@pytest.fixture
async def governor() -> Watched:
    return Watched()


@pytest.fixture
async def wire(box: Sandbox, governor: Watched) -> AsyncIterator[Wire]:
    async with Wire(box.url, box.token, patience=5, governor=governor) as wire:
        yield wire


def test_every_method_is_among_them() -> None:
    named = {name for name, _ in inspect.getmembers(Wire, inspect.iscoroutinefunction)}
    assert {name for name in named if not name.startswith("_")} == MAKE.keys()


@pytest.mark.parametrize("name", MAKE)
async def test_what_counts_goes_in_the_lane_of_its_view(
    box: Sandbox, governor: Watched, wire: Wire, name: str
) -> None:
    maria = box.person("María")
    views = {Lane.INTERACTIVE: wire, Lane.DESK: wire.on(Lane.DESK)}
    for lane, view in views.items():
        governor.taken.clear()
        with suppress(TelegramError):
            await MAKE[name](view, maria.chat_id)
        method = next(call.method for call in reversed(box.calls) if call.method != "download")
        assert governor.taken == ([lane] if counts(method) else [])
    governor.taken.clear()
    with suppress(TelegramError):
        await MAKE[name](wire.paid(), maria.chat_id)
    assert governor.taken == [], "its place was taken before"


async def test_the_views_are_the_same_bot(box: Sandbox, governor: Watched, wire: Wire) -> None:
    maria = box.person("María")
    await maria.send("/start")
    assert wire.on(Lane.DESK).governor is wire.paid().governor is governor
    await wire.on(Lane.BROADCAST).on(Lane.INTERACTIVE).send(Spot(maria.chat_id), HELLO)
    assert governor.taken == [Lane.INTERACTIVE]
    assert wire.paid().me == wire.me


async def test_only_a_429_of_a_broadcast_slows_broadcasts(
    box: Sandbox, governor: Watched, wire: Wire
) -> None:
    maria = box.person("María")
    await maria.send("/start")
    for view in (wire, wire.on(Lane.DESK)):
        box.faults.retry_after("sendMessage", 30)
        with pytest.raises(RetryAfter):
            await view.send(Spot(maria.chat_id), HELLO)
    assert governor.pace(Lane.BROADCAST) > 0
    await governor.turn(Lane.BROADCAST)
    box.faults.retry_after("sendMessage", 30)
    with pytest.raises(RetryAfter):
        await wire.paid().send(Spot(maria.chat_id), HELLO)
    assert governor.pace(Lane.BROADCAST) == 0
    assert governor.pace(Lane.INTERACTIVE) == governor.pace(Lane.DESK) > 900
    assert await wire.send(Spot(maria.chat_id), HELLO)


async def test_without_a_governor_it_keeps_to_what_telegram_allows(box: Sandbox) -> None:
    async with Wire(box.url, box.token) as wire:
        assert wire.governor.rate == 25
