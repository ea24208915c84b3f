"""An old copy says nothing: what was erased stays erased in copies of the database that exist.

Somebody copies the data folder before a family writes /borrar: a backup, a snapshot, a disk. The
next day the copy is opened with everything that exists then: the key file, the keyring, the live
database. Nobody's words come out of it, not of the family that erased and not of the others, and
nobody's presence either: trying every id of Telegram finds no row.

Each test looks twice. With the destruction of old keys taken away, the copy must be readable, and
the same look must find all of it; otherwise it would prove nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import Database, Keys, Session, Tx, erasures, open_database, rotate, sessions
from store.cipher import open_sealed
from store.derivation import Secret
from store.envelope import row_key
from store.errors import IntegrityError
from store.keyring import FileKeyring
from store.keys import keyring_folder
from tests.store.disk import every_byte, rows

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
CHATS = range(5_550_001_000, 5_550_001_040)
GONE = 5_550_001_007
WORD = "guanábana"
IDS_TRIED = range(5_550_000_990, 5_550_001_050)

destruction = pytest.mark.parametrize(
    "destroyed", [True, False], ids=["keys destroyed", "red: destruction disabled"]
)


class House:
    """An installation: a folder of data, and a key file with its keyring elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.key = folder / "keys" / "faro.key"
        self.key.parent.mkdir()
        Keys.generate(self.key)

    async def open(self, data: Path | None = None) -> Database:
        """Open with the keys as they are on the disk now, and none from memory."""
        return await open_database(f"sqlite:///{data or self.data}/faro.db", Keys.load(self.key))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture(autouse=True)
def _destruction(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    call = getattr(request.node, "callspec", None)
    if call is not None and call.params.get("destroyed") is False:
        monkeypatch.setattr(FileKeyring, "_shred", lambda ring, path: None)


def talk(tx: Tx, chats: Iterable[int], now: datetime) -> None:
    for chat in chats:
        messages = ((7_000_000_000 + chat % 1000, now),)
        sessions.put(tx, chat, Session({"texto": WORD, "chat": chat}, 1, 0, messages), now)


async def a_day_with_an_erasure(house: House, copy: Path) -> None:
    """Families talk, somebody copies the folder, one family erases, the next day comes."""
    async with await house.open() as db:
        await rotate(db, NOW)
        await db.transaction(talk, CHATS, NOW)
        shutil.copytree(house.data, copy)  # with its write-ahead log, as a snapshot has it
        await db.transaction(erasures.erase, GONE, [], NOW)
        assert await db.checkpoint()
        await rotate(db, TOMORROW)


async def readable(db: Database) -> dict[int, Session]:
    """What a program finds, asking for every chat that there may be, and for what was not shown."""

    def look(tx: Tx) -> dict[int, Session]:
        found = dict(sessions.unshown(tx, NOW))
        for chat in IDS_TRIED:
            with suppress(IntegrityError):
                if session := sessions.get(tx, chat, NOW):
                    found[chat] = session
        return found

    return await db.transaction(look)


def opened_by_force(house: House, copy: Path) -> set[bytes]:
    """What somebody gets who tries every key that exists on every row, whatever the row says."""
    keys = Keys.load(house.key)
    secrets: list[Secret] = [keys, *keys.epochs()]
    found = set()
    for lookup, wrapped, body in rows(
        copy / "faro.db", "SELECT lookup, wrapped_key, body FROM sessions"
    ):
        for epoch in keys.epochs():
            with suppress(IntegrityError):
                key = row_key(epoch, "sessions", lookup, wrapped)
                found.add(open_sealed(key, "sessions", lookup, body))
        for secret in secrets:
            found |= {b"who" for chat in IDS_TRIED if secret.lookup("session", chat) == lookup}
    # Keys of rows that are still alive, in case one opens what it once sealed.
    live = rows(house.data / "faro.db", "SELECT lookup, wrapped_key, epoch FROM sessions")
    for at, wrapped_now, number in live:
        epoch_now = keys.epoch(number)
        assert epoch_now is not None
        key = row_key(epoch_now, "sessions", at, wrapped_now)
        for lookup, body in rows(copy / "faro.db", "SELECT lookup, body FROM sessions"):
            with suppress(IntegrityError):
                found.add(open_sealed(key, "sessions", lookup, body))
    return found


@destruction
async def test_an_old_copy_does_not_tell_what_was_erased(
    house: House, tmp_path: Path, destroyed: bool
) -> None:
    await a_day_with_an_erasure(house, tmp_path / "copy")
    async with await house.open(tmp_path / "copy") as old:
        found = await readable(old)
        assert (GONE in found) is not destroyed
        assert len(found) == (0 if destroyed else len(CHATS))
    async with await house.open() as db:
        assert set(await readable(db)) == set(CHATS) - {GONE}, "today's sessions are all there"


@destruction
async def test_nor_by_trying_every_key_and_every_id(
    house: House, tmp_path: Path, destroyed: bool
) -> None:
    await a_day_with_an_erasure(house, tmp_path / "copy")
    found = opened_by_force(house, tmp_path / "copy")
    assert bool(found) is not destroyed
    assert (b"who" in found) is not destroyed


@destruction
async def test_a_copy_taken_while_messages_are_being_deleted_does_not_tell_whose(
    house: House, tmp_path: Path, destroyed: bool
) -> None:
    async with await house.open() as db:
        await rotate(db, NOW)
        await db.transaction(talk, CHATS, NOW)
        job = await db.transaction(erasures.erase, GONE, [], NOW)
        shutil.copytree(house.data, tmp_path / "copy")
        await rotate(db, TOMORROW)
        assert await db.transaction(erasures.pending) == [job], "it is still to be done"
    async with await house.open(tmp_path / "copy") as old:
        assert await old.transaction(erasures.pending) == ([] if destroyed else [job])


@destruction
async def test_the_key_of_yesterday_is_in_no_file(house: House, destroyed: bool) -> None:
    async with await house.open() as db:
        await rotate(db, NOW)
        sealed = [each.read_bytes() for each in keyring_folder(house.key).iterdir()]
        await rotate(db, TOMORROW)
    stored = every_byte(house.key.parent)
    assert any(each[at : at + 16] in stored for each in sealed for at in (1, 17, 53)) is (
        not destroyed
    )


async def test_a_copy_with_its_own_keyring_is_readable(house: House, tmp_path: Path) -> None:
    """The limit of the promise: whoever copies the keyring too has the key of that day."""
    (tmp_path / "other").mkdir()
    other = House(tmp_path / "other")
    async with await house.open() as db:
        await rotate(db, NOW)
        await db.transaction(talk, CHATS, NOW)
        shutil.copytree(house.data, other.data)
        shutil.copytree(keyring_folder(house.key), keyring_folder(other.key))
        shutil.copy(house.key, other.key)
        await rotate(db, TOMORROW)
    async with await other.open() as old:
        assert len(await readable(old)) == len(CHATS)
