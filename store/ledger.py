"""The ledger of a broadcast: every recipient, how far each is, and where her message is.

A row is found by its broadcast and a number that is given in a random order. `store.recipients`
holds the marks, which are in clear, and how a row passes from one to the next; `store.reached` what
is sealed once a message was delivered. Both offer everything here, under one name.
"""

from __future__ import annotations

from store.reached import (
    REACHABLE,
    Delivered,
    delivered,
    edited,
    forget,
    message_ids,
    newest_epoch,
    next_to_edit,
    older,
    renew,
    wave_tally,
)
from store.recipients import OVER, Mark, Row, first, fix, move, move_all, tally

__all__ = [
    "OVER",
    "REACHABLE",
    "Delivered",
    "Mark",
    "Row",
    "delivered",
    "edited",
    "first",
    "fix",
    "forget",
    "message_ids",
    "move",
    "move_all",
    "newest_epoch",
    "next_to_edit",
    "older",
    "renew",
    "tally",
    "wave_tally",
]
