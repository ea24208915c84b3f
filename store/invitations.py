"""Invitations to the team: found by their code, sealed, taken once; what they grant is not known.

The code stands nowhere in clear: a row is found by its keyed hash (`store.sealed_rows`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam

from store.errors import IntegrityError
from store.hours import hour, seconds
from store.keyring import Epoch
from store.sealed_rows import SealedRows
from store.statements import statement
from store.tables import invitations
from store.transaction import Tx


def _lookup(epoch: Epoch, code: str) -> bytes:
    return epoch.lookup_text("invitation", code)


_ROWS: Final = SealedRows(invitations, "code", _lookup)
_EXPIRE = statement(sa.delete(invitations).where(invitations.c.until_hour < bindparam("limit")))

renew = _ROWS.renew
newest_epoch = _ROWS.newest_epoch


def add(tx: Tx, code: str, body: dict[str, Any], now: datetime, until: datetime) -> None:
    """Write an invitation that can be taken once, before ``until``.

    ``code`` in its one spelling, and random: an invitation that has it already is replaced. Raises
    `ValueError` when ``until`` is past, `TypeError` or `ValueError` when the body is not JSON.
    """
    if until <= now:
        raise ValueError("an invitation ends after it is made")
    _ROWS.delete(tx, code)
    content = {"code": code, "until": seconds(until), "body": body}
    _ROWS.add(tx, content, {"until_hour": hour(until)})


def take(tx: Tx, code: str, now: datetime) -> dict[str, Any] | None:
    """What an invitation holds, which is gone with this; None when there is none to be taken.

    There is none: never made, taken, over, altered, or its key gone.
    """
    row = _ROWS.find(tx, code)
    if row is None:
        return None
    _ROWS.remove(tx, row)
    try:
        found = _ROWS.opened(tx, row)
    except IntegrityError:
        return None
    if found["until"] <= seconds(now):
        return None
    body: dict[str, Any] = found["body"]
    return body


def expire(tx: Tx, now: datetime) -> int:
    """Delete invitations that nobody took, at the end of the hour in which they end; how many."""
    return tx.execute(_EXPIRE, {"limit": hour(now)}).rowcount
