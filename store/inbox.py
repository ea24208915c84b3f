"""Which updates were answered and which could not be; never what was in one.

Update ids are Telegram's numbering of this bot's updates and say nothing about a person; they are
kept in clear, with whole hours (`store.hours`).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from store.hours import hour
from store.statements import Value, statement
from store.tables import updates_failed, updates_seen
from store.transaction import Tx

KEPT: Final = timedelta(hours=24)
"""Telegram offers an update that was not acknowledged for 24 hours: a repeat cannot come later."""

_ERROR_CLASS: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,79}")

_SEEN = statement(
    select(updates_seen.c.update_id).where(updates_seen.c.update_id == bindparam("update_id"))
)
_MARK = statement(insert(updates_seen))
_EXPIRE_SEEN = statement(delete(updates_seen).where(updates_seen.c.hour < bindparam("limit")))

_FAILED = statement(
    select(updates_failed.c.tries, updates_failed.c.quarantined).where(
        updates_failed.c.update_id == bindparam("update_id")
    )
)
_FAIL = statement(insert(updates_failed))
_FAIL_AGAIN = statement(
    update(updates_failed)
    .where(updates_failed.c.update_id == bindparam("at"))
    .values(
        error_class=bindparam("error_class"),
        tries=bindparam("tries"),
        quarantined=bindparam("quarantined"),
        hour=bindparam("hour"),
    )
)
_UNFAIL = statement(
    delete(updates_failed).where(updates_failed.c.update_id == bindparam("update_id"))
)
_EXPIRE_FAILED = statement(delete(updates_failed).where(updates_failed.c.hour < bindparam("limit")))


def seen(tx: Tx, update_id: int) -> bool:
    """Whether the update was answered or put in quarantine, so that it must not be answered."""
    if tx.execute(_SEEN, {"update_id": update_id}).fetchone() is not None:
        return True
    failed_row = tx.execute(_FAILED, {"update_id": update_id}).fetchone()
    return failed_row is not None and bool(failed_row[1])


def mark(tx: Tx, update_id: int, now: datetime) -> None:
    """Note, in the transaction that answers it, that the update was answered."""
    if tx.execute(_SEEN, {"update_id": update_id}).fetchone() is None:
        tx.execute(_MARK, {"update_id": update_id, "hour": hour(now)})
    tx.execute(_UNFAIL, {"update_id": update_id})


def failed(tx: Tx, update_id: int, error_class: str, now: datetime) -> int:
    """Note that answering the update failed; how often it has failed by now.

    In a transaction of its own: that of the answer was rolled back. ``error_class`` is the name of
    an exception's class; its message is refused, for it may quote the update.
    """
    return _note(tx, update_id, error_class, now, quarantined=False)


def quarantine(tx: Tx, update_id: int, error_class: str, now: datetime) -> None:
    """Set the update aside for good: from now on it counts as `seen`."""
    _note(tx, update_id, error_class, now, quarantined=True)


def expire_seen(tx: Tx, now: datetime) -> int:
    """Forget answered updates older than `KEPT`; the number of rows.

    Here, unlike elsewhere, the row is kept to the end of its last hour: forgetting an hour early
    could answer an update twice.
    """
    return tx.execute(_EXPIRE_SEEN, {"limit": hour(now - KEPT)}).rowcount


def expire_failed(tx: Tx, now: datetime) -> int:
    """Forget failed and quarantined updates as `expire_seen` does; the number of rows."""
    return tx.execute(_EXPIRE_FAILED, {"limit": hour(now - KEPT)}).rowcount


def _note(tx: Tx, update_id: int, error_class: str, now: datetime, *, quarantined: bool) -> int:
    if not _ERROR_CLASS.fullmatch(error_class):
        # Not shown: it is refused because it may be a message.
        raise ValueError("an error class is the name of a class, nothing else")
    row = tx.execute(_FAILED, {"update_id": update_id}).fetchone()
    tries = 1 if row is None else int(row[0]) + (0 if quarantined else 1)
    values: dict[str, Value] = {
        "error_class": error_class,
        "tries": tries,
        "quarantined": int(quarantined or (row is not None and bool(row[1]))),
        "hour": hour(now),
    }
    if row is None:
        tx.execute(_FAIL, {"update_id": update_id, **values})
    else:
        tx.execute(_FAIL_AGAIN, {"at": update_id, **values})
    return tries
