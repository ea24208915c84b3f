"""The file of contacts, figures and notes that the team published last: public, and so in clear.

One row. What may stand in the file is not known here; its revision grows by one each time, so that
whoever keeps a copy of it sees when there is another.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from store import lock
from store.hours import hour
from store.statements import Value, statement
from store.tables import published
from store.transaction import Tx

_ONLY: Final = 1

_GET = statement(
    select(published.c.revision, published.c.text).where(published.c.id == bindparam("id"))
)
_REVISION = statement(select(published.c.revision).where(published.c.id == bindparam("id")))
_WHO = statement(select(published.c.by, published.c.hour).where(published.c.id == bindparam("id")))
_INSERT = statement(insert(published))
_UPDATE = statement(
    update(published)
    .where(published.c.id == bindparam("at"))
    .values(
        revision=bindparam("revision"),
        text=bindparam("text"),
        by=bindparam("by"),
        hour=bindparam("hour"),
    )
)


def get(tx: Tx) -> tuple[int, str] | None:
    """The revision and the text of what was published last; None when nothing ever was."""
    row = tx.execute(_GET, {"id": _ONLY}).fetchone()
    return None if row is None else (row[0], row[1])


def revision(tx: Tx) -> int:
    """The revision alone; 0 when nothing was ever published."""
    row = tx.execute(_REVISION, {"id": _ONLY}).fetchone()
    return 0 if row is None else int(row[0])


def who(tx: Tx) -> tuple[str, int] | None:
    """Who published it (a pseudonym), and in which hour since 1970."""
    row = tx.execute(_WHO, {"id": _ONLY}).fetchone()
    return None if row is None else (row[0], row[1])


def put(tx: Tx, text: str, by: str, now: datetime) -> int:
    """Publish a text in the place of the one before; its revision. ``by`` is a pseudonym."""
    lock.rows(tx, published, _ONLY)
    last = revision(tx)
    values: dict[str, Value] = {
        "revision": last + 1,
        "text": text,
        "by": by,
        "hour": hour(now),
    }
    if last:
        tx.execute(_UPDATE, {"at": _ONLY, **values})
    else:
        tx.execute(_INSERT, {"id": _ONLY, **values})
    return last + 1
