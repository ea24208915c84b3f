"""What is deleted of subscribers and broadcasts is in no file: no sealed byte, key or look-up.

What stands in the file is noted before; after the deletion and the scrub that it asks for, every
file of the folder is searched for it. The same search finds it all before: it can see.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import Database, Tx, broadcasts, erasures, ledger, retention, subscribers
from store.cipher import NONCE_BYTES
from tests.store.disk import every_byte, found, pieces, rows
from tests.store.test_ledger import CHAT, send, start

FAMILIES = 40
HERS = CHAT + 7


def fill(tx: Tx, now: datetime) -> bytes:
    broadcast = start(tx, now, FAMILIES, "guanábana " * 100)
    send(tx, broadcast, now, FAMILIES)
    return broadcast


def hers(db: Database, file: Path, broadcast: bytes) -> list[bytes]:
    """Every random or sealed value of hers that stands in the file."""
    today = db.keys.ring.current()
    subscriber = today.lookup("subscriber", HERS)
    sent = today.lookup(f"ledger:{broadcast.hex()}", HERS)
    query = f"SELECT wrapped_key, body FROM subscribers WHERE lookup = x'{subscriber.hex()}'"
    [(wrapped, body)] = rows(file, query)
    [(message,)] = rows(file, f"SELECT body FROM ledger WHERE lookup = x'{sent.hex()}'")
    return [subscriber, wrapped, body, sent, message]


def the_broadcasts(file: Path) -> list[bytes]:
    values = [
        each for row in rows(file, "SELECT wrapped_key, body FROM broadcasts") for each in row
    ]
    sent = rows(file, "SELECT lookup, body FROM ledger")
    return values + [each for row in sent for each in row]


def nonces(values: list[bytes]) -> list[bytes]:
    return [value[1 : 1 + NONCE_BYTES] for value in values if len(value) > 32]


def seen(values: list[bytes], folder: Path) -> bool:
    """Whether the search sees them; what goes over to another page lacks a piece there."""
    return found(values, folder) > 0.97 * len({piece for each in values for piece in pieces(each)})


async def go(db: Database, function: Callable[[Tx], object]) -> None:
    def ask(tx: Tx) -> bool:
        function(tx)
        return tx.erased

    assert await db.transaction(ask), "the commit asks for a scrub"
    assert await db.checkpoint()


async def test_who_erases_everything_left_nothing(db: Database, file: Path, now: datetime) -> None:
    broadcast = await db.transaction(fill, now)
    values = hers(db, file, broadcast)
    assert seen(values, file.parent)
    await go(db, lambda tx: erasures.done(tx, erasures.erase(tx, HERS, [], now).id))
    assert found(values, file.parent) == 0
    assert not any(nonce in every_byte(file.parent) for nonce in nonces(values))
    assert len(await db.transaction(subscribers.every)) == FAMILIES - 1


def delete_it(tx: Tx, broadcast: bytes, now: datetime) -> None:
    broadcasts.delete(tx, broadcast)


def wait(tx: Tx, broadcast: bytes, now: datetime) -> None:
    retention.sweep(tx, now + timedelta(days=7, hours=1))


@pytest.mark.parametrize("end", [delete_it, wait])
async def test_a_broadcast_that_is_gone_left_nothing_of_whom_it_reached(
    db: Database, file: Path, now: datetime, end: Callable[[Tx, bytes, datetime], None]
) -> None:
    broadcast = await db.transaction(fill, now)
    values = the_broadcasts(file)
    assert seen(values, file.parent)
    await go(db, lambda tx: end(tx, broadcast, now))
    assert found(values, file.parent) == 0
    assert broadcast not in every_byte(file.parent)
    assert not any(nonce in every_byte(file.parent) for nonce in nonces(values))


async def test_a_row_that_was_blanked_left_nothing(db: Database, file: Path, now: datetime) -> None:
    broadcast = await db.transaction(fill, now)
    values = hers(db, file, broadcast)[3:]
    assert seen(values, file.parent)
    await go(db, lambda tx: ledger.forget(tx, HERS))
    assert found(values, file.parent) == 0
