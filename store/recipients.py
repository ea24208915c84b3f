"""The recipients of a broadcast and their marks; nothing in here is sealed, and nobody is named.

In clear stand mark and counters and, until her turn is over, the random id of the subscriber
(`store.subscribers`): a list of these says how many there are, not who. No time is in clear.

What is over stays over: nothing leaves SENT, REFUSED or LEFT. So the sum of all marks is the number
of recipients after every commit.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, case, insert, null, select, update

from store import lock
from store.errors import LedgerError
from store.statements import Value, statement
from store.tables import ledger
from store.transaction import Tx


class Mark(IntEnum):
    """How far a recipient is."""

    PENDING = 0
    CLAIMED = 1
    """Committed before the call is made: the call may have been made, or not."""
    SENT = 2
    REFUSED = 3
    DEFERRED = 4
    """Certainly not delivered; to be tried again."""
    UNKNOWN = 5
    """Nobody knows whether it was delivered."""
    LEFT = 6
    """She had left before her turn."""


OVER: Final = frozenset({Mark.SENT, Mark.REFUSED, Mark.LEFT})
"""Marks that a row never leaves; its subscriber is not told any more."""


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient.

    ``subscriber`` leads to `store.subscribers.of_id`, if she has not left. It is None when her turn
    is over, and before that when she had everything of her deleted. ``wave`` is the last change
    that her message has been through.
    """

    number: int
    subscriber: bytes | None
    mark: Mark
    tries: int
    wave: int


_BEYOND: Final = 1 << 62
"""More than any number."""

COLUMNS: Final = (
    ledger.c.number,
    ledger.c.subscriber_id,
    ledger.c.mark,
    ledger.c.tries,
    ledger.c.wave,
)
"""What `row` takes."""

OF: Final = ledger.c.broadcast_id == bindparam("of")
THIS: Final = sa.and_(OF, ledger.c.number == bindparam("at"))

_GET = statement(select(*COLUMNS).where(THIS))
_ANY = statement(select(ledger.c.number).where(OF).limit(1))
_INSERT = statement(insert(ledger))
# The number alone first: for that the index of the marks holds all. Asked for the whole row, SQLite
# takes the primary key, and each step of a drain passes everybody whose turn is over.
_FIRST = statement(
    select(ledger.c.number)
    .where(OF, ledger.c.mark == bindparam("mark"), ledger.c.number < bindparam("below"))
    .order_by(ledger.c.number)
    .limit(1)
)
_MOVED: Final = {
    "mark": bindparam("to"),
    "subscriber_id": case((bindparam("over") == 1, null()), else_=ledger.c.subscriber_id),
}
_MOVE = statement(
    update(ledger)
    .where(THIS, ledger.c.mark == bindparam("frm"))
    .values(**_MOVED, tries=ledger.c.tries + bindparam("tried"))
)
_MOVE_ALL = statement(update(ledger).where(OF, ledger.c.mark == bindparam("frm")).values(**_MOVED))
_TALLY = statement(select(ledger.c.mark, sa.func.count()).where(OF).group_by(ledger.c.mark))
_TALLY_BELOW = statement(
    select(ledger.c.mark, sa.func.count())
    .where(OF, ledger.c.number < bindparam("below"))
    .group_by(ledger.c.mark)
)


def fix(tx: Tx, broadcast_id: bytes, subscriber_ids: Sequence[bytes]) -> int:
    """Write the recipients of a broadcast, PENDING, in a random order; how many.

    Raises `LedgerError` when they were written already, `ValueError` when one is there twice.
    """
    lock.rows(tx, ledger, broadcast_id)
    if tx.execute(_ANY, {"of": broadcast_id}).fetchone() is not None:
        raise LedgerError("the recipients of the broadcast are fixed already")
    shuffled = list(subscriber_ids)
    if len(set(shuffled)) != len(shuffled):
        raise ValueError("a subscriber gets a broadcast once")
    # A number must not tell where she stands in any other list.
    secrets.SystemRandom().shuffle(shuffled)
    new: dict[str, Value] = {
        "broadcast_id": broadcast_id,
        "mark": int(Mark.PENDING),
        "tries": 0,
        "wave": 0,
        "lookup": None,
        "body": None,
        "epoch": None,
    }
    tx.execute_many(
        _INSERT,
        ({**new, "number": number, "subscriber_id": id} for number, id in enumerate(shuffled)),
    )
    return len(shuffled)


def get(tx: Tx, broadcast_id: bytes, number: int) -> Row | None:
    """The recipient of a number; None without one."""
    lock.rows(tx, ledger, broadcast_id)
    values = tx.execute(_GET, {"of": broadcast_id, "at": number}).fetchone()
    return None if values is None else row(values)


def first(tx: Tx, broadcast_id: bytes, mark: Mark, *, below: int | None = None) -> Row | None:
    """The lowest number in a mark, under ``below`` if that is given; None without one."""
    limit = _BEYOND if below is None else below
    asked: dict[str, Value] = {"of": broadcast_id, "mark": int(mark), "below": limit}
    found = tx.execute(_FIRST, asked).fetchone()
    return None if found is None else get(tx, broadcast_id, found[0])


def move(
    tx: Tx, broadcast_id: bytes, number: int, frm: Mark, to: Mark, *, tried: bool = False
) -> bool:
    """Give a row another mark if it has that of ``frm``; False when it has not (any more).

    ``tried`` counts a try. To SENT without keeping where the message is: `store.reached.delivered`
    keeps it. Raises `ValueError` for a move out of a mark in `OVER`.
    """
    lock.rows(tx, ledger, broadcast_id)
    asked = {**_moved(broadcast_id, frm, to), "at": number, "tried": int(tried)}
    return tx.execute(_MOVE, asked).rowcount > 0


def move_all(tx: Tx, broadcast_id: bytes, frm: Mark, to: Mark) -> int:
    """As `move`, for every row of a mark; how many."""
    lock.rows(tx, ledger, broadcast_id)
    return tx.execute(_MOVE_ALL, _moved(broadcast_id, frm, to)).rowcount


def tally(tx: Tx, broadcast_id: bytes, *, below: int | None = None) -> dict[Mark, int]:
    """How many rows have each mark, zeros too; only numbers under ``below`` if that is given."""
    if below is None:
        counted = tx.execute(_TALLY, {"of": broadcast_id}).fetchall()
    else:
        counted = tx.execute(_TALLY_BELOW, {"of": broadcast_id, "below": below}).fetchall()
    return {**dict.fromkeys(Mark, 0), **{Mark(mark): count for mark, count in counted}}


def row(values: Sequence[Any]) -> Row:
    """The recipient of `COLUMNS`."""
    number, subscriber, mark, tries, wave = values
    return Row(number, subscriber, Mark(mark), tries, wave)


def _moved(broadcast_id: bytes, frm: Mark, to: Mark) -> dict[str, Value]:
    if frm in OVER:
        raise ValueError(f"what is {frm.name} stays so")
    return {"of": broadcast_id, "frm": int(frm), "to": int(to), "over": int(to in OVER)}
