"""Where the recipients of a broadcast are, counted; how that is said is in `progress`.

The numbers are exact: they are what was done, and say nothing of any one family.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.broadcasts import amending, steering
from helpdesk.broadcasts.broadcast import Broadcast, Kind
from helpdesk.broadcasts.shelf import Entry
from store import Tx, ledger
from store.ledger import Mark


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many recipients, or messages to change, are where; they add up to ``of``.

    ``refused``: Telegram did not take the message itself. ``late``: it can be changed no more.
    ``waiting`` have not had their turn, ``under_way`` are having it.
    """

    of: int
    good: int = 0
    gone: int = 0
    left: int = 0
    refused: int = 0
    late: int = 0
    deferred: int = 0
    unknown: int = 0
    waiting: int = 0
    under_way: int = 0

    @property
    def open(self) -> int:
        """How many may still get it."""
        return self.waiting + self.under_way + self.deferred


def numbers(tx: Tx, entry: Entry) -> Numbers | None:
    """Count where everybody is; None for a change whose target is not kept any more."""
    broadcast = entry.broadcast
    if broadcast.kind is not Kind.SEND:
        return _of_change(tx, broadcast)
    tally = ledger.tally(tx, entry.id)
    refused = min(broadcast.failed.get(steering.CONTENT, 0), tally[Mark.REFUSED])
    return Numbers(
        of=sum(tally.values()),
        good=tally[Mark.SENT],
        gone=tally[Mark.REFUSED] - refused,
        left=tally[Mark.LEFT],
        refused=refused,
        deferred=tally[Mark.DEFERRED],
        unknown=tally[Mark.UNKNOWN],
        waiting=tally[Mark.PENDING],
        under_way=tally[Mark.CLAIMED],
    )


def _of_change(tx: Tx, broadcast: Broadcast) -> Numbers | None:
    done, left = ledger.wave_tally(tx, bytes.fromhex(broadcast.target), broadcast.wave)
    if not done and not left and broadcast.recipients:
        return None
    failed = broadcast.failed
    late, gone = failed.get(amending.LATE, 0), failed.get(amending.GONE, 0)
    unknown = failed.get(amending.UNKNOWN, 0)
    return Numbers(
        of=done + left,
        # Who erased everything meanwhile is in none of them any more.
        good=max(0, done - late - gone - unknown),
        gone=gone,
        late=late,
        unknown=unknown,
        waiting=left,
    )
