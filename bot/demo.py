"""The demo: the sandbox, its page and the bot in one process, that leave nothing behind.

One process and one event loop, so that there is one clock: moving it forward on the page moves it
for the bot too. The key is in memory and the database in a temporary folder. Nothing of this is
for families: the page has no password. Who is there beside María is in ``bot.invented_desk`` and
``bot.invented_organisers``.

Its day begins at ten in the morning in Caracas whatever the time is here, for broadcasts wait while
families sleep: whoever tries one at night would see nothing go out.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

import locales
from bot import app, invented_desk, invented_organisers, logs
from bot.invented import count_last_week
from bot.invented_desk import Mesa
from bot.invented_organisers import SUBSCRIBERS, Organisation
from bot.settings import Settings
from bot.wiring import build_context
from helpdesk.desk.case import Case
from locales import LocalesError
from rules.errors import RulesError
from sandbox import Clock, Sandbox
from store import Keys, open_database
from store.errors import StoreError
from store.hours import CARACAS

FIRST_PORT = 8777
PORTS = 100
NAME = "María"
"""Who is there when the page opens: an invented name, as common as can be."""
WHO_IS_WHO = (
    "María is a mother. At the desk Ana (V-01) and Luis (V-02) answer, Carmen (V-03) coordinates, "
    "Rosa has no role yet.",
    f"Julia (V-04) and Teresa (V-05) organise: {SUBSCRIBERS} invented families asked for alerts.",
    "Try: María writes «quiero hablar con una persona»; Ana presses «Tomar» in General, and "
    "replies in the new topic.",
    "Or: María writes /avisos and chooses; Julia writes /difusion; Teresa approves it, and it goes "
    "out.",
)
MORNING = 10
"""The hour in Caracas at which the demo's day begins."""


def run(host: str, port: int) -> int:
    """Run the demo until SIGINT, SIGTERM or SIGHUP; gives the exit code."""
    logs.install(logging.WARNING)
    code = 0
    try:
        asyncio.run(_until_signalled(host, port))
    except* OSError as errors:
        _tell(f"The demo cannot listen on {host}: {errors.exceptions[0]}")
        code = 1
    except* (StoreError, RulesError, LocalesError) as errors:
        _tell(f"The demo cannot go on: {errors.exceptions[0]}")
        code = 1
    return code


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs: the sandbox, the query log of forty invented interviews, who is there."""

    box: Sandbox
    log: tuple[str, ...]
    mesa: Mesa | None
    organisation: Organisation | None


@asynccontextmanager
async def demo(
    host: str = "127.0.0.1",
    port: int = FIRST_PORT,
    clock: Clock | None = None,
    *,
    desk: bool = True,
) -> AsyncIterator[Demo]:
    """Run the sandbox with María, desk, organisers and the bot, for as long as the block lasts.

    ``port`` is the first to try (0: any). Without ``desk`` it is Faro without FARO_DESK_CHAT_ID and
    FARO_ORGANISERS, and María is alone. The block is cancelled when the bot cannot go on; what
    ended it comes out in an ExceptionGroup. Raises OSError when no port can be had.
    """
    box = await _listen(host, port, clock or _clock(invented_desk.LASTS if desk else timedelta()))
    try:
        box.person(NAME)
        mesa = invented_desk.seat(box) if desk else None
        organisation = invented_organisers.seat(box) if desk else None
        moved = asyncio.Event()
        box.clock.on_move(moved.set)
        with TemporaryDirectory(prefix="faro-demo-") as folder:
            settings = _settings(box, Path(folder), mesa, organisation)
            keys = Keys.ephemeral()
            cases: dict[str, Case] = {}
            async with await open_database(settings.database_url, keys) as db:
                log = await count_last_week(db, box.clock.now())
                if mesa is not None:
                    context = build_context(settings, {"es": locales.load()}, keys)
                    cases = await invented_desk.prepare(db, mesa, context)
                    await invented_desk.write(mesa)
                if organisation is not None:
                    await invented_organisers.prepare(db, organisation, box.clock.now())
                    await invented_organisers.write(organisation)
            stop, ready = asyncio.Event(), asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(
                    app.serve(
                        settings,
                        stop,
                        ready.set,
                        box.clock.now,
                        keys=keys,
                        moved=moved,
                    )
                )
                await ready.wait()
                try:
                    if mesa is not None:
                        await invented_desk.played(mesa, cases)
                    yield Demo(box, tuple(log), mesa, organisation)
                finally:
                    box.faults.clear()  # a call that hangs would keep the bot from ending
                    stop.set()
    finally:
        await box.stop()


async def _until_signalled(host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    logs.watch(loop)
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(each, stop.set)
    print("Faro: starting the demo...", flush=True)
    async with demo(host, port) as running:
        print("The query log of forty invented interviews, as `faro stats` prints it:\n")
        print(*running.log, sep="\n")
        print(_welcome(running.box), flush=True)
        await stop.wait()
        print("\nFaro: the demo is over; nothing of it is kept.", flush=True)


def _welcome(box: Sandbox) -> str:
    port = box.url.rpartition(":")[2]
    lines = [
        "",
        f"    Open this page:  {_local(box.url)}/",
        "",
        *WHO_IS_WHO,
        f"On the demo's clock it is {MORNING}:00 in Caracas, and nobody sleeps.",
        "",
    ]
    if _local(box.url) == box.url:
        lines += [
            "From another machine:  "
            f"ssh -N -L {port}:127.0.0.1:{port} {socket.gethostname()}   and open the same page,",
            "or start it with  faro demo --host 0.0.0.0  on a network you trust.",
        ]
    else:
        lines += [
            f"From another machine:  http://{socket.gethostname()}:{port}/",
            "WARNING: the page has no password. Whoever reaches this machine can read and write in "
            "it.",
        ]
    return "\n".join([*lines, "Ctrl-C ends it and leaves nothing behind."])


def _clock(played: timedelta) -> Clock:
    """Make a clock that says it is morning in Caracas when so much has been played."""
    now = datetime.now(UTC)
    morning = now.astimezone(CARACAS).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return Clock(late=now - morning + played)


async def _listen(host: str, port: int, clock: Clock) -> Sandbox:
    """Start a sandbox on the first free port from ``port`` on."""
    for candidate in range(port, port + PORTS) if port else (0,):
        box = Sandbox(host=host, port=candidate, clock=clock)
        try:
            await box.start()
        except OSError as error:
            await box.stop()
            if error.errno != errno.EADDRINUSE or candidate == port + PORTS - 1:
                raise
        else:
            return box
    raise AssertionError("the last port either listens or raises")


def _local(url: str) -> str:
    """Give the address by which this machine reaches a server that listens on every one."""
    return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _settings(
    box: Sandbox, folder: Path, mesa: Mesa | None, organisation: Organisation | None
) -> Settings:
    """Settings that take nothing from the environment, where those of a real bot may be."""
    return Settings(
        bot_token=SecretStr(box.token),
        api_url=_local(box.url),
        database_url=f"sqlite+aiosqlite:///{folder}/data/faro.db",
        key_file=folder / "no-key-is-written",
        desk_chat_id=None if mesa is None else mesa.group.chat_id,
        organisers=()
        if organisation is None
        else tuple(person.chat_id for person in organisation.both),
        log_level="WARNING",
    )


def _tell(words: str) -> None:
    print(words, file=sys.stderr)
