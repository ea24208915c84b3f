"""The desk through a change of the key of the day: all of it passes, and an old copy is silent.

What must be unreadable is looked for twice, as in the promise about old copies: with the
destruction of keys taken away the same look finds everything.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from store import (
    Database,
    Keys,
    PostState,
    StoredCase,
    StoredMember,
    StoredPost,
    Tx,
    cases,
    desk_state,
    invitations,
    open_database,
    posts,
    rotate,
    rotation,
    staff,
)
from store.cipher import open_sealed
from store.envelope import row_key
from store.errors import IntegrityError
from store.keyring import FileKeyring
from store.keys import keyring_folder
from tests.store.disk import alter, found, pieces, rows

DAY = timedelta(days=1)
CASES = rotation.BATCH + 3
SEALED = {
    "cases": "id",
    "posts": "id",
    "staff": "lookup",
    "invitations": "lookup",
    "desk_state": "id",
}
"""The tables with sealed rows, and the primary key of each."""


@dataclass
class House:
    """An installation, which can be opened with the keys that are on the disk."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def key(self) -> Path:
        return self.folder / "keys" / "faro.key"

    async def open(self, data: Path | None = None) -> Database:
        return await open_database(f"sqlite:///{data or self.data}/faro.db", Keys.load(self.key))


@dataclass
class Desk:
    """What a program finds there."""

    cases: list[StoredCase]
    posts: list[StoredPost]
    staff: list[StoredMember]
    granted: list[dict[str, Any]]
    state: dict[str, Any]
    unreadable: int


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.key.parent.mkdir()
    Keys.generate(house.key)
    return house


def code(number: int) -> str:
    return f"code:{number:03d}"


def fill(tx: Tx, now: datetime) -> None:
    for number in range(CASES):
        case = cases.new(tx, number, {"n": number}, (code(number), f"topic:1:{number}"), now)
        posts.add(tx, case.id, {"n": number}, now, PostState.HELD)
        if number % 2:
            cases.put(tx, case, now, purge_at=now + timedelta(days=7))
    posts.add(tx, None, {"n": CASES}, now, PostState.HELD)
    for user in range(3):
        staff.put(tx, user, {"user": user})
        invitations.add(tx, str(user), {"user": user}, now, now + 3 * DAY)
    desk_state.put(tx, {"queue": 9})


def look(tx: Tx, now: datetime) -> Desk:
    """Ask for everything in every way there is; takes the invitations."""
    opened, closed, people = cases.open_cases(tx), cases.closed_cases(tx), staff.every(tx)
    held = posts.every(tx, PostState.HELD)
    both = sorted((*opened, *closed), key=lambda case: int(case.body["n"]))
    for case in both:
        assert case.chat is not None
        assert cases.of_chat(tx, case.chat) == (case if case in opened else None)
        assert [cases.find(tx, key) for key in case.keys] == [case, case]
    if not both:
        for number in range(CASES):
            assert cases.of_chat(tx, number) is None
            assert cases.find(tx, code(number)) is None
            assert staff.get(tx, number) is None
    granted = [invitations.take(tx, str(user), now) for user in range(3)]
    return Desk(
        both,
        list(held),
        sorted(people, key=lambda each: each.user),
        [each for each in granted if each is not None],
        desk_state.get(tx),
        opened.unreadable + closed.unreadable + held.unreadable + people.unreadable,
    )


def everything(data: Path) -> list[bytes]:
    """Every sealed value, wrapped key and look-up that stands in the file."""
    file = data / "faro.db"
    values: list[bytes] = []
    for table in SEALED:
        values += [
            each for row in rows(file, f"SELECT wrapped_key, body FROM {table}") for each in row
        ]
    for table in ("case_lookups", "staff", "invitations"):
        values += [row[0] for row in rows(file, f"SELECT lookup FROM {table}")]
    return values


def opened_by_force(house: House, copy: Path) -> int:
    """How many rows somebody opens who tries every key that exists, whatever the row says."""
    keys, opened = Keys.load(house.key), 0
    for table, name in SEALED.items():
        query = f"SELECT {name}, wrapped_key, body FROM {table}"
        for at, wrapped, body in rows(copy / "faro.db", query):
            at = at.to_bytes(8 if table == "posts" else 1, "big") if isinstance(at, int) else at
            for epoch in keys.epochs():
                with suppress(IntegrityError):
                    open_sealed(row_key(epoch, table, at, wrapped), table, at, body)
                    opened += 1
    chats = {e.lookup("case:chat", chat) for e in keys.epochs() for chat in range(CASES)}
    people = {e.lookup("staff", user) for e in keys.epochs() for user in range(3)}
    known = {row[0] for row in rows(copy / "faro.db", "SELECT lookup FROM case_lookups")}
    members = {row[0] for row in rows(copy / "faro.db", "SELECT lookup FROM staff")}
    return opened + len(chats & known) + len(people & members)


async def test_everything_passes_to_the_next_key_in_batches(house: House, now: datetime) -> None:
    async with await house.open() as db:
        await rotate(db, now)
        await db.transaction(fill, now)
        before = everything(house.data)
        assert found(before, house.data) > 2 * CASES * len(pieces(bytes(1024)))
        hours = rows(house.data / "faro.db", "SELECT id, touched_hour, purge_hour FROM cases")
        numbers = rows(house.data / "faro.db", "SELECT id, case_id, made_hour FROM posts")
        done = await rotate(db, now + DAY)
        assert done == rotation.Rotation(True, 2 * CASES + 1 + 3 + 3 + 1, 0, 1)
        assert await db.checkpoint()
        assert found(before, house.data) == 0, "nothing of yesterday's is in the file"
        file = house.data / "faro.db"
        assert rows(file, "SELECT id, touched_hour, purge_hour FROM cases") == hours
        assert rows(file, "SELECT id, case_id, made_hour FROM posts") == numbers
        for table in (*SEALED, "case_lookups"):
            today = [(db.keys.ring.current().number,)]
            assert rows(file, f"SELECT DISTINCT epoch FROM {table}") == today
        desk = await db.transaction(look, now + DAY)
    assert [case.body["n"] for case in desk.cases] == list(range(CASES))
    assert [post.body["n"] for post in desk.posts] == list(range(CASES + 1))
    assert [post.id for post in desk.posts] == [row[0] for row in numbers]
    assert [member.user for member in desk.staff] == [0, 1, 2]
    assert desk.granted == [{"user": user} for user in range(3)]
    assert (desk.state, desk.unreadable) == ({"queue": 9}, 0)


@pytest.mark.parametrize("destroyed", [True, False], ids=["keys destroyed", "red: they are not"])
async def test_an_old_copy_of_the_desk_says_nothing(
    house: House, now: datetime, monkeypatch: pytest.MonkeyPatch, destroyed: bool
) -> None:
    if not destroyed:
        monkeypatch.setattr(FileKeyring, "_shred", lambda ring, path: None)
    copy = house.folder / "copy"
    async with await house.open() as db:
        await rotate(db, now)
        await db.transaction(fill, now)
        shutil.copytree(house.data, copy)
        await rotate(db, now + DAY)
    every_row = 2 * CASES + 1 + 3 + 3 + 1
    assert opened_by_force(house, copy) == (0 if destroyed else every_row + CASES + 3)
    async with await house.open(copy) as old:
        desk = await old.transaction(look, now)
    if destroyed:
        assert desk == Desk([], [], [], [], {}, 2 * CASES + 1 + 3)
    else:
        assert (len(desk.cases), len(desk.posts), desk.unreadable) == (CASES, CASES + 1, 0)


async def test_what_is_written_between_two_batches_is_found(house: House, now: datetime) -> None:
    """A case that has not passed yet keeps its old key and look-ups until its turn comes."""
    async with await house.open() as db:
        await rotate(db, now)
        case = await db.transaction(cases.new, 7, {}, ("code:A",), now)
        number = await db.transaction(posts.add, case.id, {}, now)
        before = db.keys.ring.current().number
        db.keys.ring.create(now + DAY)

        def write(tx: Tx) -> None:
            changed = StoredCase(case.id, 7, {"b": 2}, ("code:A", "code:B"))
            cases.put(tx, changed, now)
            posts.put(tx, StoredPost(number, case.id, PostState.CALLING, {"b": 2}))
            assert cases.of_chat(tx, 7) == cases.find(tx, "code:B") == changed

        await db.transaction(write)
        for table in ("cases", "case_lookups", "posts"):
            query = f"SELECT DISTINCT epoch FROM {table}"
            assert rows(house.data / "faro.db", query) == [(before,)]
        assert (await rotate(db, now + DAY)).renewed == 2
        found_by_b = await db.transaction(cases.find, "code:B")
        assert found_by_b is not None
        assert found_by_b.body == {"b": 2}


async def test_a_keyring_that_comes_back_does_not_undo_what_came_after(
    house: House, now: datetime
) -> None:
    async with await house.open() as db:
        await rotate(db, now)
        await db.transaction(fill, now)
    keyring_folder(house.key).rename(house.folder / "mislaid")
    async with await house.open() as db:
        await rotate(db, now)
        newer = await db.transaction(cases.new, 0, {"n": "newer"}, ("code:NEW",), now)
        await db.transaction(staff.put, 1, {"user": "newer"})
        await db.transaction(cases.expire, now)
        assert (await db.transaction(cases.open_cases)).unreadable == (CASES + 1) // 2
    for each in (house.folder / "mislaid").iterdir():
        each.rename(keyring_folder(house.key) / each.name)
    async with await house.open() as db:
        assert (await rotate(db, now)).unreadable == 0
        assert await db.transaction(cases.of_chat, 0) == newer
        assert await db.transaction(cases.find, code(0)) is None, "its place is taken"
        other = await db.transaction(cases.of_chat, 2)
        assert other is not None
        assert other.body == {"n": 2}
        member = await db.transaction(staff.get, 1)
        assert member == StoredMember(1, {"user": "newer"})
        assert len(await db.transaction(staff.every)) == 3


@pytest.mark.parametrize("table", SEALED)
async def test_a_damaged_row_keeps_no_other_from_passing(
    house: House, now: datetime, table: str
) -> None:
    async with await house.open() as db:
        await rotate(db, now)
        await db.transaction(fill, now)
        name = SEALED[table]
        first = f"{name} = (SELECT min({name}) FROM {table})"
        alter(house.data / "faro.db", f"UPDATE {table} SET body = zeroblob(1053) WHERE {first}")
        done = await rotate(db, now + DAY)
        assert (done.renewed, done.unreadable) == (2 * CASES + 1 + 3 + 3 + 1 - 1, 1)
