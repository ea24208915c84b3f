"""A person's hand on a broadcast that is being sent: pause, go on, cancel, send the unknown again.

All of it takes effect with its commit, before the next recipient is claimed; a call under way ends
as it ends. None of these gives back a broadcast that did not change: the answer is None then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from helpdesk.broadcasts import shelf
from helpdesk.broadcasts.broadcast import LIVE, Broadcast, Kind, Stage, Why
from helpdesk.broadcasts.shelf import Entry
from helpdesk.desk.staff import Member
from store import Tx, ledger
from store.hours import moment, seconds
from store.ledger import Mark

CONTENT: Final = "content"
"""Where `Broadcast.failed` counts refusals of the message itself, which is nobody's leaving."""


def pause(tx: Tx, entry: Entry, member: Member, now: datetime) -> Entry | None:
    """Let nobody else be written to until somebody says so."""
    if entry.broadcast.stage is not Stage.SENDING:
        return None
    return stop_for(tx, entry, Why.BY_HAND, now, by=member.name)


def resume(tx: Tx, entry: Entry, now: datetime) -> Entry | None:
    """Go on with one that is paused; where too few of the first arrived, with all the others."""
    broadcast = entry.broadcast
    if broadcast.stage is not Stage.PAUSED:
        return None
    return shelf.change(
        tx,
        entry,
        now,
        stage=Stage.SENDING,
        why=None,
        paused_by="",
        give_up_at=None,
        passed=broadcast.passed or broadcast.why is Why.CANARY,
    )


def cancel(tx: Tx, entry: Entry, now: datetime) -> Entry | None:
    """End one for good: whoever has not been written to is not."""
    if entry.broadcast.stage not in LIVE:
        return None
    return shelf.change(
        tx, entry, now, stage=Stage.CANCELLED, ended_at=seconds(now), why=None, paused_by=""
    )


def stop_for(tx: Tx, entry: Entry, why: Why, now: datetime, *, by: str = "") -> Entry:
    """Pause one that is being sent, for a reason."""
    return shelf.change(tx, entry, now, stage=Stage.PAUSED, why=why, paused_by=by)


def refused(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """Note that Telegram refused what the message is: nobody else gets it."""
    failed = entry.broadcast.failed
    failed = {**failed, CONTENT: failed.get(CONTENT, 0) + 1}
    if entry.broadcast.stage not in LIVE:
        return shelf.change(tx, entry, now, failed=failed)
    return shelf.change(
        tx,
        entry,
        now,
        stage=Stage.STOPPED,
        why=Why.CONTENT,
        ended_at=seconds(now),
        failed=failed,
    )


def refused_one(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """Note that Telegram refused a message for one recipient, of a cause that it does not name.

    While none has arrived that stops everything: it will be the words. After that a person has to
    say whether the others get it.
    """
    if ledger.tally(tx, entry.id).get(Mark.SENT, 0) == 0:
        return refused(tx, entry, now)
    failed = entry.broadcast.failed
    entry = shelf.change(tx, entry, now, failed={**failed, CONTENT: failed.get(CONTENT, 0) + 1})
    going = entry.broadcast.stage is Stage.SENDING
    return stop_for(tx, entry, Why.REFUSED, now) if going else entry


def may_send_again(broadcast: Broadcast, now: datetime) -> bool:
    """Say whether those of whom nothing is known may be written to once more.

    Only when it went through: a cancelled one stays so. And not after its words were changed, for
    these would be the old ones.
    """
    return (
        broadcast.kind is Kind.SEND
        and broadcast.stage is Stage.DONE
        and broadcast.wave == 0
        and broadcast.ended_at is not None
        and now < moment(broadcast.ended_at) + shelf.KEPT
    )


def send_again(tx: Tx, entry: Entry, now: datetime) -> Entry | None:
    """Write once more to those of whom nobody knows whether it arrived: some may get it twice.

    A person has said so, knowing that. Nothing else in Faro sends to them again.
    """
    if not may_send_again(entry.broadcast, now):
        return None
    if not ledger.move_all(tx, entry.id, Mark.UNKNOWN, Mark.PENDING):
        return None
    return shelf.change(
        tx,
        entry,
        now,
        stage=Stage.SENDING,
        ended_at=None,
        reported=False,
        give_up_at=None,
        passed=True,
    )
