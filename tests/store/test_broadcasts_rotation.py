"""Subscribers, broadcasts and ledgers through a change of the key of the day, and in an old copy.

All of it passes, and an old copy is silent, of families that erased everything and of the others.
What must be unreadable is looked for twice: with the destruction of keys taken away the same look
finds everything.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import (
    Database,
    Keys,
    Mark,
    Tx,
    broadcasts,
    erasures,
    ledger,
    open_database,
    organiser_state,
    rotate,
    rotation,
    subscribers,
)
from store.cipher import open_exact, open_sealed
from store.envelope import row_key
from store.errors import IntegrityError
from store.keyring import FileKeyring
from store.keys import keyring_folder
from tests.store.disk import alter, found, rows
from tests.store.test_ledger import CHAT, send, start, told

DAY = timedelta(days=1)
FAMILIES = rotation.BATCH + 3
SENT = FAMILIES - 2
ROWS = FAMILIES + 2 + SENT + 1
"""Subscribers, two broadcasts, what was sent of one, and the organisers' state."""


class House:
    """An installation, which can be opened with the keys that are on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.file = self.data / "faro.db"
        self.key = folder / "keys" / "faro.key"
        self.key.parent.mkdir()
        Keys.generate(self.key)

    async def open(self, data: Path | None = None) -> Database:
        return await open_database(f"sqlite:///{data or self.data}/faro.db", Keys.load(self.key))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def fill(tx: Tx, now: datetime) -> list[bytes]:
    ids = [start(tx, now, FAMILIES, "guanábana"), start(tx, now, FAMILIES)]
    send(tx, ids[0], now, SENT)
    organiser_state.put(tx, {"last": 2})
    return ids


def look(tx: Tx, ids: list[bytes], now: datetime) -> tuple[int, int, int, int]:
    """How many subscribers, broadcasts and messages are found, in every way there is."""
    everybody, all_broadcasts = subscribers.every(tx), broadcasts.every(tx)
    for each in everybody:
        assert subscribers.get(tx, each.chat) == subscribers.of_id(tx, each.id) == each
    reached = {chat: ledger.message_ids(tx, chat, now) for chat in range(CHAT, CHAT + FAMILIES)}
    messages = {chat: told for chat, told in reached.items() if told}
    assert all(message == (told(chat),) for chat, message in messages.items())
    again = ledger.older(tx, ids[0], now)
    assert again == len(messages)
    unreadable = everybody.unreadable + all_broadcasts.unreadable
    return len(everybody), len(all_broadcasts), len(messages), unreadable


def everything(file: Path) -> list[bytes]:
    """Every sealed value, wrapped key and look-up that stands in the file."""
    queries = (
        "SELECT lookup, wrapped_key, body FROM subscribers",
        "SELECT wrapped_key, body FROM broadcasts",
        "SELECT lookup, body FROM ledger WHERE body IS NOT NULL",
        "SELECT wrapped_key, body FROM organiser_state",
    )
    return [value for query in queries for row in rows(file, query) for value in row]


def opened_by_force(house: House, copy: Path) -> int:
    """How many rows somebody opens or finds who tries every key that exists on each of them."""
    epochs, opened = Keys.load(house.key).epochs(), 0
    for table, at in (("subscribers", "lookup"), ("broadcasts", "id")):
        for row, wrapped, body in rows(
            copy / "faro.db", f"SELECT {at}, wrapped_key, body FROM {table}"
        ):
            for epoch in epochs:
                with suppress(IntegrityError):
                    open_sealed(row_key(epoch, table, row, wrapped), table, row, body)
                    opened += 1
    query = "SELECT broadcast_id, number, lookup, body FROM ledger WHERE body IS NOT NULL"
    for broadcast, number, lookup, body in rows(copy / "faro.db", query):
        for epoch in epochs:
            with suppress(IntegrityError):
                row = broadcast + number.to_bytes(4, "big")
                open_exact(epoch.subkey("seal:ledger"), "ledger", row, body)
                opened += 1
            purpose = f"ledger:{broadcast.hex()}"
            opened += lookup in {
                epoch.lookup(purpose, chat) for chat in range(CHAT, CHAT + FAMILIES)
            }
    known = {row[0] for row in rows(copy / "faro.db", "SELECT lookup FROM subscribers")}
    chats = range(CHAT, CHAT + FAMILIES)
    return opened + len(known & {e.lookup("subscriber", chat) for e in epochs for chat in chats})


async def test_everything_passes_to_the_next_key_in_batches(house: House, now: datetime) -> None:
    async with await house.open() as db:
        await rotate(db, now)
        ids = await db.transaction(fill, now)
        before = everything(house.file)
        assert found(before, house.data) > ROWS
        clear = "SELECT number, subscriber_id, mark, tries, wave FROM ledger ORDER BY 1, 2"
        marks, known = rows(house.file, clear), rows(house.file, "SELECT id FROM subscribers")
        assert await rotate(db, now + DAY) == rotation.Rotation(True, ROWS, 0, 1)
        assert await db.checkpoint()
        assert found(before, house.data) == 0, "nothing of yesterday's is in the file"
        assert rows(house.file, clear) == marks
        assert sorted(rows(house.file, "SELECT id FROM subscribers")) == sorted(known)
        today = db.keys.ring.current().number
        for table in ("subscribers", "broadcasts", "ledger", "organiser_state"):
            query = f"SELECT DISTINCT epoch FROM {table} WHERE epoch IS NOT NULL"
            assert rows(house.file, query) == [(today,)]
        assert await db.transaction(look, ids, now + DAY) == (FAMILIES, 2, SENT, 0)
        assert await db.transaction(organiser_state.get) == {"last": 2}
        # Who was not reached yet is still found by what stands in the ledger.
        await db.transaction(send, ids[0], now + DAY, FAMILIES - SENT)


@pytest.mark.parametrize("destroyed", [True, False], ids=["keys destroyed", "red: they are not"])
async def test_an_old_copy_does_not_tell_who_asked_for_what_or_got_what(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch, destroyed: bool
) -> None:
    if not destroyed:
        monkeypatch.setattr(FileKeyring, "_shred", lambda ring, path: None)
    copy = house.folder / "copy"
    async with await house.open() as db:
        await rotate(db, now)
        ids = await db.transaction(fill, now)
        shutil.copytree(house.data, copy)
        await db.transaction(erasures.erase, CHAT, [], now)
        await rotate(db, now + DAY)
    assert opened_by_force(house, copy) == (0 if destroyed else 2 * FAMILIES + 2 + 2 * SENT)
    async with await house.open(copy) as old:
        seen = await old.transaction(look, ids, now)
    assert seen == ((0, 0, 0, FAMILIES + 2) if destroyed else (FAMILIES, 2, SENT, 0))


@pytest.mark.parametrize("table", ["subscribers", "broadcasts", "ledger"])
async def test_a_damaged_row_keeps_no_other_from_passing(
    house: House, now: datetime, table: str
) -> None:
    async with await house.open() as db:
        await rotate(db, now)
        await db.transaction(fill, now)
        query = f"SELECT min(body) FROM {table} WHERE body IS NOT NULL"
        alter(house.file, f"UPDATE {table} SET body = zeroblob(541) WHERE body = ({query})")
        done = await rotate(db, now + DAY)
        assert (done.renewed, done.unreadable) == (ROWS - 1, 1)


async def test_what_is_written_between_two_batches_is_found(house: House, now: datetime) -> None:
    async with await house.open() as db:
        await rotate(db, now)
        ids = await db.transaction(fill, now)
        db.keys.ring.create(now + DAY)

        def go(tx: Tx) -> None:
            send(tx, ids[0], now, 2)
            ledger.renew(tx, now, b"", rotation.BATCH)
            assert look(tx, ids, now) == (FAMILIES, 2, FAMILIES, 0)
            erasures.erase(tx, CHAT, [], now)
            assert look(tx, ids, now) == (FAMILIES - 1, 2, FAMILIES - 1, 0)

        await db.transaction(go)
        assert (await rotate(db, now + DAY)).unreadable == 0
        assert await db.transaction(look, ids, now) == (FAMILIES - 1, 2, FAMILIES - 1, 0)


async def test_a_keyring_that_comes_back_brings_all_of_it_and_undoes_nothing(
    house: House, now: datetime
) -> None:
    async with await house.open() as db:
        await rotate(db, now)
        ids = await db.transaction(fill, now)
    keyring_folder(house.key).rename(house.folder / "mislaid")
    async with await house.open() as db:
        await rotate(db, now)
        assert await db.transaction(look, ids, now) == (0, 0, 0, FAMILIES + 2)
        await db.transaction(subscribers.put, CHAT, {"newer": True})
    for each in (house.folder / "mislaid").iterdir():
        each.rename(keyring_folder(house.key) / each.name)
    async with await house.open() as db:
        assert (await rotate(db, now)).unreadable == 0
        assert await db.transaction(look, ids, now) == (FAMILIES, 2, SENT, 0)
        newer = await db.transaction(subscribers.get, CHAT)
        assert newer is not None
        assert newer.body == {"newer": True}
        row = await db.transaction(ledger.first, ids[0], Mark.PENDING)
        assert row is not None
