"""Wires the rooms together and runs them until told to stop; only here are all of them known."""

from __future__ import annotations

import asyncio
import logging
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from telegram.error import TelegramError

import locales
import rules
from bot import logs
from bot.errors import ClockWrong, TokenRefused
from bot.intake import Clock, Intake
from bot.jobs import Job, Runner
from bot.outgoing import Outgoing
from bot.settings import Settings
from bot.version import version
from bot.wire import Wire
from helpdesk import context as helpdesk_context
from helpdesk import turn
from helpdesk.counting import Tally
from helpdesk.messages import Command, Reply
from rules.errors import RulesError
from store import Database, Keys, Tx, counters, erasures, open_database, retention, rotate
from store.errors import StoreError

GRACE = 5.0
"""Seconds that updates in flight, and then messages, get to finish when Faro is stopped."""
FIRST_ANSWER = 1.0
"""Seconds that 'ready' waits for Telegram's first answer; it comes without one, too."""
HOUR = 3600.0
MENU = ("start", "ayuda", "cancelar", "borrar", "privacidad", "acerca")
"""The commands that Telegram lists; each is described by the message ``command.<name>``."""


def utc_now() -> datetime:
    """The clock of the program, the only one."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs, once it is wired; for tests and for the start and the end of ``serve``."""

    wire: Wire
    db: Database
    catalogue: locales.Catalogue
    context: helpdesk_context.Context
    outgoing: Outgoing
    intake: Intake
    runner: Runner
    tally: Tally


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
        parts = await _wire(settings, clock, stack, keys or Keys.load(settings.key_file))
        await _show_again(parts, clock)
        parts.runner.start()
        if moved is not None:
            _task(_hasten(parts.runner, moved), stack)
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
            await asyncio.wait({poll})
            await parts.intake.finish(GRACE)
            await parts.outgoing.finish(GRACE)
            await parts.runner.stop()
            await _tidy(parts, clock)
        if not poll.cancelled():
            poll.result()  # raises what ended it
    logs.note("stopped")


def _task(work: object, stack: AsyncExitStack) -> asyncio.Task[object]:
    """Start something that ends with the program at the latest."""
    task: asyncio.Task[object] = asyncio.ensure_future(work)  # type: ignore[call-overload]
    stack.callback(task.cancel)
    return task


async def _hasten(runner: Runner, moved: asyncio.Event) -> None:
    while True:
        await moved.wait()
        moved.clear()
        runner.ask()


async def _wire(settings: Settings, clock: Clock, stack: AsyncExitStack, keys: Keys) -> Parts:
    catalogue = locales.load()
    context = helpdesk_context.build(rules.load(), catalogue, keys)
    try:
        context.look(clock())
    except LookupError as error:
        raise ClockWrong(str(error)) from None
    db = await open_database(settings.database_url, keys)
    stack.push_async_callback(db.close)
    await rotate_keys(db, clock())  # before anything is written: it goes under today's key
    wire = Wire(settings.api_url, settings.bot_token.get_secret_value())
    await stack.enter_async_context(wire)

    def answer(tx: Tx, command: Command) -> Reply:
        return turn.answer(tx, command, context)

    def sorry(tx: Tx, chat: int, now: datetime, message_id: int | None) -> Reply:
        return turn.sorry(tx, chat, context, now, message_id)

    outgoing = Outgoing(
        wire,
        db,
        catalogue,
        clock,
        turn.shown,
        turn.FAREWELL,
        turn.as_new,
        settings.desk_chat_id,
    )

    tally = Tally()

    async def erase() -> bool:
        for job in await db.transaction(erasures.pending):
            outgoing.show(job.chat, Reply(erase=True))
        return True

    async def sweep() -> bool:
        await db.transaction(retention.sweep, clock())
        return True

    async def renew_keys() -> bool:
        await rotate_keys(db, clock())
        return True

    async def scrub() -> bool:
        await db.checkpointer.run()  # never ends by itself
        return False

    async def count() -> bool:
        await write_counts(db, tally, clock())
        return True

    return Parts(
        wire,
        db,
        catalogue,
        context,
        outgoing,
        Intake(wire, db, outgoing, answer, sorry, clock, tally.add),
        Runner(
            Job("checkpoint", scrub),
            Job("erase", erase, every=60.0),
            Job("sweep", sweep, every=HOUR),
            Job("keyring", renew_keys, every=HOUR, at_start=False),
            Job("counters", count, every=HOUR, at_start=False),
        ),
        tally,
    )


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
    menu = {name: parts.catalogue.plain(f"command.{name}") for name in MENU}
    try:
        await parts.wire.announce(menu)
    except TelegramError as error:
        logs.trouble("commands_not_set", error)


async def write_counts(db: Database, tally: Tally, now: datetime) -> None:
    """Add what was counted to this week, also when that is nothing: a write then tells nothing."""
    counts = tally.take()
    try:
        await db.transaction(counters.add, counters.week_of(now), counts)
    except Exception:  # a cancelled transaction commits all the same
        tally.put_back(counts)
        raise


async def rotate_keys(db: Database, now: datetime) -> None:
    """See to it that today's key is the only one; say how many rows nobody can open any more."""
    done = await rotate(db, now)
    if done.destroyed:
        logs.note("key_destroyed", count=done.destroyed)
    if done.made and done.unreadable:
        logs.note("unreadable", logging.WARNING, count=done.unreadable)


async def _tidy(parts: Parts, clock: Clock) -> None:
    """Leave nothing in memory only, and nothing erased in the file."""
    try:
        await write_counts(parts.db, parts.tally, clock())
        await parts.db.checkpoint()
    except StoreError as error:
        logs.trouble("storage_failed", error)


def _tell(words: str) -> None:
    print(words, file=sys.stderr)
