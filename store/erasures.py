"""What /borrar does to the store: everything of a chat goes, and an erase job remains.

Which tables there are and how each is reached is said once, in `store.retention.TABLES`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from store.erase_jobs import Erasure, done, pending, request
from store.retention import TABLES
from store.transaction import Tx

__all__ = ["Erasure", "done", "erase", "pending", "request"]


def erase(tx: Tx, chat: int, extra_message_ids: Iterable[int], now: datetime) -> Erasure:
    """Delete everything that is kept of a chat, and write the job that deletes its messages.

    ``extra_message_ids`` are ids that no table holds yet, such as that of the /borrar itself.
    All of it happens in the caller's transaction. The commit asks for a scrub of the file. Jobs
    still pending for the chat stay, for their messages still have to go.
    """
    ids = [*extra_message_ids]
    for table in TABLES.values():
        if table.message_ids is not None:
            ids += table.message_ids(tx, chat, now)
    erasure = request(tx, chat, ids, now, everything=True)
    for table in TABLES.values():
        if table.forget is not None:
            table.forget(tx, chat)
    return erasure
