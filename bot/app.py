"""Starts what ``bot.wiring`` put together, runs it until told to stop, and ends it in order."""

from __future__ import annotations

import asyncio
import logging
import resource
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import TypeVar

from telegram.error import TelegramError

import locales
from bot import chores, logs
from bot.clock import Clock, utc_now
from bot.errors import ClockWrong, TokenRefused
from bot.settings import Settings
from bot.version import version
from bot.wiring import Parts, wire_up
from helpdesk import turn
from rules.errors import RulesError
from store import Keys
from store.errors import StoreError

T = TypeVar("T")

GRACE = 5.0
"""Seconds that updates in flight, and then messages, get to finish when Faro is stopped."""
FIRST_ANSWER = 1.0
"""Seconds that 'ready' waits for Telegram's first answer; it comes without one, too."""
MENU = ("start", "ayuda", "avisos", "cancelar", "borrar", "privacidad", "acerca", "idioma")
"""The commands that Telegram lists; each is described by the message ``command.<name>``.

There is no menu for organisers, who would have it in private: whoever searched the telephone of one
would see what she is before reading a word. ``/organizar`` shows her the buttons instead.
"""


def run(settings: Settings) -> int:
    """Run the bot until SIGINT or SIGTERM; gives the exit code."""
    logs.install(logging.getLevelNamesMapping()[settings.log_level])
    forbid_core_files()
    try:
        asyncio.run(_until_signalled(settings))
    except TokenRefused:
        _tell(
            f"The server at {settings.api_host} does not know FARO_BOT_TOKEN (or is not a Bot API "
            "server). Get the token from @BotFather and check FARO_API_URL."
        )
        return 1
    except ClockWrong as error:
        _tell(f"The clock of this machine cannot be right: {error}. Set it and start again.")
        return 1
    except StoreError as error:
        _tell(f"The key or the database cannot be used: {error}")
        return 1
    except (RulesError, locales.LocalesError) as error:
        _tell(f"The law or the words that come with Faro have faults:\n{error}")
        return 1
    return 0


def forbid_core_files() -> None:
    """Keep a crash from writing memory, keys and all, to a disk."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


async def _until_signalled(settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    logs.watch(loop)
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    await serve(settings, stop, ready=lambda: print("ready", flush=True))


async def serve(
    settings: Settings,
    stop: asyncio.Event,
    ready: Callable[[], None],
    clock: Clock = utc_now,
    *,
    keys: Keys | None = None,
    moved: asyncio.Event | None = None,
) -> None:
    """Run the bot until ``stop`` is set. Calls ``ready`` once, when updates are being taken.

    With ``keys`` no key file is read. Setting ``moved`` says that ``clock`` jumped: what is due
    is done at once.

    Raises TokenRefused, StoreError, RulesError or LocalesError when it cannot go on.
    """
    began = time.monotonic()
    logs.note("starting", version=version())
    async with AsyncExitStack() as stack:
        parts = await wire_up(settings, clock, stack, keys or Keys.load(settings.key_file))
        await _show_again(parts, clock)
        parts.runner.start()
        desk = None if parts.desk is None else _task(parts.desk.run(), stack)
        sending = _task(parts.broadcasts.run(), stack)
        asking = _task(parts.reconsent.run(), stack)
        if moved is not None:
            _task(_hasten(parts, moved), stack)
        poll = asyncio.create_task(parts.intake.run())
        try:
            waiting = {poll, _task(parts.intake.connected.wait(), stack)}
            await asyncio.wait(waiting, timeout=FIRST_ANSWER, return_when=asyncio.FIRST_COMPLETED)
            if not poll.done():
                logs.note("ready", ms=round((time.monotonic() - began) * 1000, 1))
                ready()
                _task(_announce(parts), stack)
            await asyncio.wait(
                {poll, _task(stop.wait(), stack)}, return_when=asyncio.FIRST_COMPLETED
            )
            logs.note("stopping")
        finally:
            poll.cancel()
            sending.cancel()  # nobody is claimed any more; calls that are being made end in order
            asking.cancel()
            await asyncio.wait({poll})
            await parts.intake.finish(GRACE)
            await parts.broadcasts.finish(GRACE)
            await parts.reconsent.finish(GRACE)
            await parts.outgoing.finish(GRACE)
            if parts.desk is not None and desk is not None:
                desk.cancel()
                await parts.desk.deliveries.finish(GRACE)
            await parts.organisers.finish(GRACE)
            await parts.runner.stop()
            await _tidy(parts, clock)
        if not poll.cancelled():
            poll.result()  # raises what ended it
    logs.note("stopped")


def _task(work: Coroutine[object, object, T], stack: AsyncExitStack) -> asyncio.Task[T]:
    """Start something that ends with the program at the latest."""
    task = asyncio.create_task(work)
    stack.callback(task.cancel)
    return task


async def _hasten(parts: Parts, moved: asyncio.Event) -> None:
    while True:
        await moved.wait()
        moved.clear()
        parts.runner.ask()
        parts.broadcasts.wake()
        parts.reconsent.wake()
        if parts.desk is not None:
            parts.desk.wake()


async def _show_again(parts: Parts, clock: Clock) -> None:
    """Queue the screens that a crash may have kept from their phones."""
    try:
        again = await parts.db.transaction(turn.after_restart, parts.context, clock())
    except Exception as error:
        # One session that cannot be read must not keep the bot from starting.
        logs.trouble("screen_not_shown", error)
        return
    for chat, reply in again:
        parts.outgoing.show(chat, reply)


async def _announce(parts: Parts) -> None:
    try:
        for words in (parts.catalogue, *parts.context.others.values()):
            menu = {name: words.plain(f"command.{name}") for name in MENU}
            await parts.wire.announce(menu, "" if words is parts.catalogue else words.language)
    except (TelegramError, locales.LocalesError) as error:
        logs.trouble("commands_not_set", error)


async def _tidy(parts: Parts, clock: Clock) -> None:
    """Leave nothing in memory only, and nothing erased in the file."""
    try:
        await chores.write_counts(parts.db, parts.tally, clock())
        await parts.db.checkpoint()
    except StoreError as error:
        logs.trouble("storage_failed", error)


def _tell(words: str) -> None:
    print(words, file=sys.stderr)
