"""What the desk deletes is in no file: no sealed byte, no key, no nonce and no look-up of it.

What stands in the file is noted before; after the deletion and the scrub that it asks for, every
file of the folder is searched for it. The same search finds it all before: it can see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import (
    Database,
    StoredCase,
    Tx,
    cases,
    erasures,
    invitations,
    posts,
    retention,
    staff,
)
from store.cipher import NONCE_BYTES
from tests.store.disk import every_byte, found, pieces, rows

CASES = 12
CODES = "ABCDEFGHJKMN"
LONG = "guanábana " * 200


def fill(tx: Tx, now: datetime) -> list[StoredCase]:
    """Open cases with posts; with the others' rows between them, pages are split and merged."""
    made = []
    for chat in range(CASES):
        keys = (f"code:{CODES[chat]}", f"topic:-1001234567890:{chat}")
        made.append(cases.new(tx, chat, {"texto": LONG}, keys, now))
        for _ in range(3):
            posts.add(tx, made[-1].id, {"texto": LONG}, now)
        staff.put(tx, chat, {"name": f"V-{chat:02d}"})
        invitations.add(tx, CODES[chat], {}, now, now + timedelta(hours=2))
    return made


def stored(file: Path, case: StoredCase) -> list[bytes]:
    """Every random or sealed value of a case that stands in the file; the nonces among them."""
    mine = f"x'{case.id.hex()}'"
    sealed = rows(file, f"SELECT wrapped_key, body FROM cases WHERE id = {mine}")
    sealed += rows(file, f"SELECT wrapped_key, body FROM posts WHERE case_id = {mine}")
    lookups = rows(file, f"SELECT lookup FROM case_lookups WHERE case_id = {mine}")
    assert (len(sealed), len(lookups)) == (4, 3)
    return [value for row in (*sealed, *lookups) for value in row]


def all_there(values: list[bytes], folder: Path) -> bool:
    """Whether the search sees them; a value that goes over to another page lacks a piece there."""
    wanted = {piece for value in values for piece in pieces(value)}
    return found(values, folder) > 0.97 * len(wanted)


def nonces(values: list[bytes]) -> list[bytes]:
    """A nonce follows the version at the head of each sealed value; look-ups have 32 bytes."""
    return [value[1 : 1 + NONCE_BYTES] for value in values if len(value) > 32]


def delete_it(tx: Tx, case: StoredCase, now: datetime) -> None:
    cases.delete(tx, case.id)


def borrar(tx: Tx, case: StoredCase, now: datetime) -> None:
    assert case.chat is not None
    erasures.erase(tx, case.chat, [], now)


def close_and_wait(tx: Tx, case: StoredCase, now: datetime) -> None:
    cases.put(tx, case, now, purge_at=now + timedelta(days=7))
    retention.sweep(tx, now + timedelta(days=7, hours=1))


@pytest.mark.parametrize("gone", [delete_it, borrar, close_and_wait])
async def test_a_case_that_is_gone_left_nothing(
    db: Database, file: Path, now: datetime, gone: Callable[[Tx, StoredCase, datetime], None]
) -> None:
    made = await db.transaction(fill, now)
    case, values = made[5], stored(file, made[5])
    if gone is close_and_wait:
        # Closing seals the contents anew: note what stands there then, beside what stood before.
        await db.transaction(cases.put, case, now, purge_at=now + timedelta(days=7))
        values += stored(file, case)
    assert all_there(values, file.parent)
    assert all(nonce in every_byte(file.parent) for nonce in nonces(values))
    erased: list[bool] = []

    def go(tx: Tx) -> None:
        gone(tx, case, now)
        erased.append(tx.erased)

    await db.transaction(go)
    assert erased == [True], "the commit asks for a scrub"
    assert await db.checkpoint()
    assert found(values, file.parent) == 0
    assert case.id not in every_byte(file.parent)
    assert not any(nonce in every_byte(file.parent) for nonce in nonces(values))
    if gone is not close_and_wait:
        assert len(await db.transaction(cases.open_cases)) == CASES - 1


async def test_an_unlinked_case_left_no_look_up_of_its_chat(
    db: Database, file: Path, now: datetime
) -> None:
    made = await db.transaction(fill, now)
    lookup = db.keys.ring.current().lookup("case:chat", 5)
    assert lookup in every_byte(file.parent)
    await db.transaction(cases.put, replace(made[5], chat=None), now)
    assert await db.checkpoint()
    assert lookup not in every_byte(file.parent)


async def test_posts_a_person_and_an_invitation_that_are_gone_left_nothing(
    db: Database, file: Path, now: datetime
) -> None:
    await db.transaction(fill, now)
    today = db.keys.ring.current()
    person, invitation = today.lookup("staff", 5), today.lookup_text("invitation", CODES[5])
    number, *sealed = rows(file, "SELECT id, wrapped_key, body FROM posts LIMIT 1 OFFSET 9")[0]
    for table, lookup in (("staff", person), ("invitations", invitation)):
        query = f"SELECT wrapped_key, body FROM {table} WHERE lookup = x'{lookup.hex()}'"
        sealed += [lookup, *rows(file, query)[0]]
    assert all_there(sealed, file.parent)

    def go(tx: Tx) -> bool:
        posts.delete(tx, number)
        staff.delete(tx, 5)
        assert invitations.take(tx, CODES[5], now) is not None
        return tx.erased

    assert await db.transaction(go)
    assert await db.checkpoint()
    assert found(sealed, file.parent) == 0
    assert not any(nonce in every_byte(file.parent) for nonce in nonces(sealed))
