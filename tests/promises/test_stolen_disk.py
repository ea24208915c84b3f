"""A stolen disk says nothing: the data folder without the key shows no id, no text, no answer.

A hundred families talk to the store; then every byte of every file is searched for their chat ids
and message ids, in decimal and in every way a program writes a number, and for their words. The
same search in a table that keeps such things in clear finds them all: it can see.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import (
    Database,
    Keys,
    Session,
    Tx,
    broadcasts,
    counters,
    erasures,
    inbox,
    ledger,
    open_database,
    retention,
    rotate,
    sessions,
    subscribers,
)
from store.keyring import FileKeyring
from store.keys import keyring_folder
from tests.store.disk import every_byte, rows, varint

NOW = datetime(2026, 11, 21, 14, 37, 41, tzinfo=UTC)
FAMILIES = 100

# Big and spread, so that none is a piece of another or of a time; over 32 bits, as chat ids are.
CHATS = [6_000_000_000 + 7_919_777 * n for n in range(FAMILIES)]
MESSAGES = [1_900_000_011 + 1_299_709 * n for n in range(FAMILIES)]
WORDS = [f"guanábana{n:03d}" for n in range(FAMILIES)]
ANSWERS = [f"respuesta_{n:03d}" for n in range(FAMILIES)]
PAUSED = CHATS[10]

Encoding = Callable[[int], bytes]

LONG: dict[str, Encoding] = {
    "decimal": lambda value: str(value).encode(),
    "decimal, UTF-16": lambda value: str(value).encode("utf-16-le"),
    "hexadecimal": lambda value: f"{value:x}".encode(),
    "8 bytes, big endian": lambda value: struct.pack(">q", value),
    "8 bytes, little endian": lambda value: struct.pack("<q", value),
    "6 bytes, as SQLite stores integers": lambda value: value.to_bytes(6, "big"),
}
SHORT: dict[str, Encoding] = {
    "varint, as SQLite stores row numbers": varint,
    "4 bytes, big endian": lambda value: (value & 0xFFFFFFFF).to_bytes(4, "big"),
    "4 bytes, little endian": lambda value: (value & 0xFFFFFFFF).to_bytes(4, "little"),
}
BY_CHANCE = 5
"""Four given bytes stand somewhere in a megabyte of random ones once in 4,000 times: of a hundred
ids one may be seen by chance, and all of them when they are there."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "faro.db"


@pytest.fixture
async def db(file: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{file}", Keys.ephemeral()) as database:
        yield database


def talk(tx: Tx, number: int) -> None:
    """One family's conversation, as far as the store sees it."""
    chat, message = CHATS[number], MESSAGES[number]
    state = {"hechos": {"charges": [ANSWERS[number]]}, "texto": WORDS[number]}
    for revision in range(3):
        session = Session({**state, "paso": revision}, revision, 0, ((message, NOW),))
        sessions.put(tx, chat, session, NOW)
        inbox.mark(tx, 800_000 + 3 * number + revision, NOW)
        sessions.mark_shown(tx, chat, revision, NOW, [message])
    counters.add(tx, "2026-W47", {f"outcome=needs_facts|event={ANSWERS[number]}": 1})
    if number % 5 == 0:
        inbox.failed(tx, 900_000 + number, "KeyError", NOW)
    if number % 3 == 0:
        erasures.erase(tx, chat, [message], NOW)


def everybody_gets_a_broadcast(tx: Tx) -> None:
    """All of them asked for it, and it was sent to all but ten, who are still to get it."""
    numbers = {}
    for number, chat in enumerate(CHATS):
        subscribers.put(tx, chat, {"topics": [ANSWERS[number]]})
    for each in subscribers.every(tx):
        numbers[each.id] = CHATS.index(each.chat)
    broadcast = broadcasts.add(tx, {"texto": WORDS[0]}, NOW)
    ledger.fix(tx, broadcast, list(numbers))
    for _ in range(FAMILIES - 10):
        row = ledger.first(tx, broadcast, ledger.Mark.PENDING)
        assert row is not None
        assert row.subscriber is not None
        family = numbers[row.subscriber]
        ledger.delivered(tx, broadcast, row.number, CHATS[family], MESSAGES[family], NOW)


async def everybody_talks(db: Database) -> None:
    """Ten families to a transaction: the log stays small enough to be searched quickly."""
    await db.transaction(everybody_gets_a_broadcast)

    def some(tx: Tx, first: int) -> None:
        for number in range(first, first + 10):
            talk(tx, number)

    for first in range(0, FAMILIES, 10):
        await db.transaction(some, first)


def seen(values: list[int], encoding: Encoding, stored: bytes) -> int:
    return sum(encoding(value) in stored for value in values)


@pytest.mark.parametrize("moment", ["while it runs", "after a checkpoint", "after a sweep"])
async def test_a_stolen_disk_says_nothing(db: Database, file: Path, moment: str) -> None:
    await everybody_talks(db)
    if moment == "after a sweep":
        await db.transaction(retention.sweep, NOW + timedelta(days=2))
    if moment != "while it runs":
        assert await db.checkpoint()
    stored = every_byte(file.parent)
    for name, encoding in LONG.items():
        assert seen(CHATS, encoding, stored) == 0, f"chat ids, {name}"
        assert seen(MESSAGES, encoding, stored) == 0, f"message ids, {name}"
    for name, encoding in SHORT.items():
        assert seen(CHATS, encoding, stored) < BY_CHANCE, f"chat ids, {name}"
        assert seen(MESSAGES, encoding, stored) < BY_CHANCE, f"message ids, {name}"
    for word in (*WORDS, *ANSWERS, "guanábana", "respuesta_", "needs_facts", "paso", "hechos"):
        for form in ("utf-8", "utf-16-le", "latin-1"):
            assert word.encode(form) not in stored
    exact = str(int(NOW.timestamp())).encode()
    assert exact not in stored
    assert struct.pack(">q", int(NOW.timestamp())) not in stored


async def test_nothing_is_lost_by_being_hidden(db: Database) -> None:
    """The other half of the promise: with the key, all of it is there."""
    await everybody_talks(db)
    for number, chat in enumerate(CHATS):
        session = await db.transaction(sessions.get, chat, NOW)
        if number % 3 == 0:
            assert session is None
        else:
            assert session is not None
            assert session.state["texto"] == WORDS[number]
    jobs = await db.transaction(erasures.pending)
    assert {job.chat for job in jobs} == set(CHATS[::3])


async def test_every_conversation_has_the_same_size(db: Database, file: Path) -> None:
    await everybody_talks(db)
    sizes = "SELECT DISTINCT length(lookup), length(wrapped_key), length(body) FROM sessions"
    assert len(rows(file, sizes)) == 1
    assert len(rows(file, "SELECT DISTINCT length(id), length(body) FROM erasures")) == 1


async def test_rows_do_not_lie_in_the_order_of_arrival(db: Database, file: Path) -> None:
    await everybody_talks(db)
    stored = [row[0] for row in rows(file, "SELECT lookup FROM sessions")]
    today = db.keys.ring.current()
    arrived = [today.lookup("session", chat) for n, chat in enumerate(CHATS) if n % 3]
    assert stored == sorted(arrived)
    assert stored != arrived


async def test_two_installations_do_not_show_the_same_chat(db: Database) -> None:
    here, there = db.keys.ring.current(), Keys.ephemeral().ring.current()
    assert here.lookup("session", PAUSED) != there.lookup("session", PAUSED)


async def test_a_stolen_keyring_says_only_which_days_it_is_for(tmp_path: Path) -> None:
    """The keyring without the key file: its files open with nothing else, and repeat nothing."""
    keys = Keys.generate(tmp_path / "faro.key")
    async with await open_database(f"sqlite:///{tmp_path}/data/faro.db", keys) as db:
        await rotate(db, NOW)
        await everybody_talks(db)
        stolen = every_byte(keyring_folder(tmp_path / "faro.key"))
        today = keys.ring.current()
        for secret in (today._secret, keys._secret):
            for piece in (secret[:16], secret[16:]):
                assert piece not in stolen
                assert piece in stolen + secret, "the search must see what is there"
        assert len(stolen) == 69
        assert FileKeyring(keyring_folder(tmp_path / "faro.key"), bytes(32)).epochs() == ()
        assert len(Keys.load(tmp_path / "faro.key").ring.epochs()) == 1


def test_red_when_ids_and_words_are_kept_in_clear(file: Path) -> None:
    """Negative control: a table such as somebody may one day add without thinking."""
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE t (chat INTEGER PRIMARY KEY, message INTEGER, text TEXT)")
        connection.executemany(
            "INSERT INTO t VALUES (?, ?, ?)", zip(CHATS, MESSAGES, WORDS, strict=True)
        )
        connection.commit()
    stored = every_byte(file.parent)
    assert seen(CHATS, varint, stored) == FAMILIES
    assert seen(MESSAGES, SHORT["4 bytes, big endian"], stored) == FAMILIES
    assert all(word.encode() in stored for word in WORDS)


@pytest.mark.parametrize("name", [*LONG, *SHORT])
def test_red_in_every_way_of_writing_a_number(tmp_path: Path, name: str) -> None:
    """Negative control: each of the encodings searched for is found when it is there."""
    encoding = {**LONG, **SHORT}[name]
    (tmp_path / "leak").write_bytes(b"--".join(encoding(chat) for chat in CHATS))
    assert seen(CHATS, encoding, every_byte(tmp_path)) == FAMILIES
