"""What is not to be said until somebody restores it: clear ids, who and in which hour; no text."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select

from store import lock
from store.hours import hour
from store.statements import statement
from store.tables import withdrawals
from store.transaction import Tx

_THING: Final = re.compile(r"[a-z]{1,20}:[A-Za-z0-9_./:-]{1,139}")
_BY: Final = re.compile(r"[A-Z]-[0-9]{1,6}")

_INSERT = statement(insert(withdrawals))
_DELETE = statement(sa.delete(withdrawals).where(withdrawals.c.thing == bindparam("thing")))
_ALL = statement(
    select(withdrawals.c.thing, withdrawals.c.by, withdrawals.c.hour).order_by(withdrawals.c.thing)
)


class Withdrawal(NamedTuple):
    """Who withdrew something (a pseudonym), and in which hour since 1970."""

    by: str
    hour: int


def put(tx: Tx, thing: str, by: str, now: datetime) -> None:
    """Withdraw something, such as ``rule:art8-n12``; again says who did so last.

    ``by`` is a pseudonym, such as V-03. Raises `ValueError` for what is no id: these columns are
    in clear, and nothing else may get into them.
    """
    if not _THING.fullmatch(thing) or not _BY.fullmatch(by):
        raise ValueError("a withdrawal holds the id of a thing and a pseudonym, nothing else")
    lock.rows(tx, withdrawals, thing)
    tx.execute(_DELETE, {"thing": thing})
    tx.execute(_INSERT, {"thing": thing, "by": by, "hour": hour(now)})


def every(tx: Tx) -> dict[str, Withdrawal]:
    """Everything that is withdrawn, by its id, in the order of the ids."""
    return {thing: Withdrawal(by, at) for thing, by, at in tx.execute(_ALL).fetchall()}


def delete(tx: Tx, thing: str) -> bool:
    """Restore something; False when it was not withdrawn."""
    lock.rows(tx, withdrawals, thing)
    return tx.execute(_DELETE, {"thing": thing}).rowcount > 0
