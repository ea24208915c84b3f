"""The real program, ``python -m bot run``, as a child process against a sandbox."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from sandbox import Sandbox
from store import Keys, database_path

STARTS_WITHIN = 30.0


class Process(Protocol):
    """What is needed of a child process, as `asyncio.subprocess.Process` has it."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    @property
    def stdout(self) -> asyncio.StreamReader | None: ...

    def send_signal(self, signal: int, /) -> None: ...

    async def wait(self) -> int: ...


class Program:
    """Starts, stops and kills the bot; ``log`` is all that it ever said, over every life."""

    def __init__(self, folder: Path, box: Sandbox, **settings: str) -> None:
        self.data = folder / "data"
        self.log_file = folder / "log" / "faro.log"
        self.log_file.parent.mkdir()
        key = folder / "keys" / "faro.key"
        key.parent.mkdir()
        self.keys = Keys.generate(key)
        self.url = f"sqlite+aiosqlite:///{self.data}/faro.db"
        assert database_path(self.url).parent == self.data
        self._environment = {
            "PATH": os.environ["PATH"],
            "FARO_BOT_TOKEN": box.token,
            "FARO_API_URL": box.url,
            "FARO_DATABASE_URL": self.url,
            "FARO_KEY_FILE": str(key),
            **settings,
        }
        self._process: Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    @property
    def log(self) -> bytes:
        """Everything the program wrote, stdout and stderr."""
        return self.log_file.read_bytes()

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        self._ready.clear()
        self._process = await self._spawn(self._environment)
        self._listening = asyncio.create_task(self._listen(self._process))
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait(
            {ready, self._listening},
            timeout=STARTS_WITHIN,
            return_when=asyncio.FIRST_COMPLETED,
        )
        ready.cancel()
        assert self._ready.is_set(), f"the bot did not start:\n{self.log.decode()}"

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to stop, and give its exit code."""
        return await self._end(signal.SIGTERM)

    async def _spawn(self, environment: dict[str, str]) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run",
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        assert self._listening is not None
        if self._process.returncode is None:
            self._process.send_signal(how)
        await asyncio.wait_for(self._listening, STARTS_WITHIN)
        return await self._process.wait()

    async def _listen(self, process: Process) -> None:
        assert process.stdout is not None
        with self.log_file.open("ab", buffering=0) as log:
            async for line in process.stdout:
                log.write(line)
                if line == b"ready\n":
                    self._ready.set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._end(signal.SIGKILL)
