"""A program that is killed at each step of a rotation: ``python -m tests.store.rotator FOLDER``.

The folder holds ``base``, an installation with yesterday's key and live sessions. For each step of
the next day's rotation it makes a copy, named after the step's number, in which the rotation was
killed right before that step, and prints the number and what the step was. A step is a call that
changes a file of the keyring, or a transaction. The last copy is one that nobody killed.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from store import Database, Keys, Session, Tx, erasures, open_database, rotate, rotation, sessions

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
CHATS = tuple(range(5_550_001_000, 5_550_001_010))
ERASED = 5_550_002_000
BATCH = 4
"""Small, so that a rotation has several transactions, and kills between them."""


class House:
    """A folder with a database and, elsewhere, a key file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder / "keys" / "faro.key"

    async def open(self) -> Database:
        """Open it with the keys that are on the disk."""
        return await open_database(f"sqlite:///{self.folder}/data/faro.db", Keys.load(self.key))


def talk(tx: Tx) -> None:
    for chat in CHATS:
        sessions.put(tx, chat, Session({"chat": chat}, 3, 2), NOW)
    erasures.request(tx, ERASED, [7, 8], NOW)


async def prepare(folder: Path) -> House:
    """Make an installation in which yesterday's key is in use."""
    house = House(folder)
    house.key.parent.mkdir(parents=True)
    Keys.generate(house.key)
    async with await house.open() as db:
        await rotate(db, NOW)
        await db.transaction(talk)
    return house


class Killer:
    """Ends the program, as kill -9 does, right before the step of a number."""

    def __init__(self, at: int) -> None:
        self._left = at

    def step(self, name: str) -> None:
        self._left -= 1
        if self._left == 0:
            os.write(1, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Count every change of a file that Python makes, and every transaction."""
        for name in ("mkdir", "open", "write", "fsync", "rename", "unlink"):
            setattr(os, name, self._counted(name, getattr(os, name)))
        transaction = Database.transaction

        async def counted(db: Database, function: Any, *args: Any) -> Any:
            self.step("transaction")
            result = await transaction(db, function, *args)
            self.step("commit")
            return result

        setattr(Database, "transaction", counted)  # noqa: B010  # mypy refuses the assignment

    def _counted(self, name: str, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.step(name)
            return real(*args, **kwargs)

        return call


async def turn_the_day(house: House, killer: Killer) -> None:
    db = await house.open()
    rotation.BATCH = BATCH  # type: ignore[misc]  # this program only
    killer.watch()
    await rotate(db, TOMORROW)
    os._exit(0)  # without the tidying of a close: the end that a kill would have


def main(folder: Path) -> None:
    """Fork a life for each step, until one ends by itself."""
    for number in range(1, 500):
        copy = folder / f"{number:03d}"
        shutil.copytree(folder / "base", copy)
        print(number, end=" ", flush=True)
        child = os.fork()
        if child == 0:
            asyncio.run(turn_the_day(House(copy), Killer(number)))
        _, status = os.waitpid(child, 0)
        print(flush=True)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
