"""Other words in the messages of a broadcast that was sent: a correction, or that it is taken back.

Both are broadcasts of their own whose messages are the kept ones of their ``target``; they never
write a new one. Editing is idempotent: what was not noted is done again. It rings on no phone, so
it waits for no morning. Whom a message reached of whom nobody knows, or one that is too old, cannot
be changed: that is told before (`told`), never after.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.broadcasts import letters, shelf, steering
from helpdesk.broadcasts.broadcast import LIVE, OVER, Broadcast, Kind, Stage, Step
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.ends import End, Hold, Ready, Result
from helpdesk.broadcasts.shelf import Entry
from helpdesk.desk.staff import Member
from helpdesk.messages import Part
from store import Tx, ledger
from store.hours import moment, seconds
from store.ledger import Mark

AT_ONCE: Final = 500
"""Messages that are too old, passed over in one transaction."""
RETRACTED: Final = "letter.retracted"
"""The words that stand where a message was that is taken back: always the same."""
LATE: Final = "late"
GONE: Final = "gone"
UNKNOWN: Final = "unknown"
"""Where `Broadcast.failed` counts messages that were not changed: too old or deleted, of somebody
who left, and those of which nobody knows."""

_MAY_HAVE_CHANGED: Final = frozenset({End.SENT, End.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a change could reach: messages that can be edited, and those that cannot.

    ``late`` are too old, ``unknown`` may have arrived without our knowing which message it is.
    ``live``: some have not been written to yet, and then never are.
    """

    reachable: int
    late: int
    unknown: int
    live: bool


def original(tx: Tx, entry: Entry) -> Entry | None:
    """Return the broadcast whose messages an entry is about: itself, or its target."""
    if entry.broadcast.kind is Kind.SEND:
        return entry
    return shelf.get(tx, bytes.fromhex(entry.broadcast.target))


def closed(target: Entry, now: datetime) -> str | None:
    """Return why no message of a broadcast can be changed (a key of words); None when some may be.

    Past 48 hours, and where nothing was sent, only a new message is left.
    """
    broadcast = target.broadcast
    if broadcast.kind is not Kind.SEND or broadcast.stage not in LIVE | OVER:
        return "sending.amend.never_sent"
    if broadcast.ended_at is not None and now >= moment(broadcast.ended_at) + shelf.KEPT:
        return "sending.amend.too_late"
    return None


def may(tx: Tx, target: Entry, now: datetime) -> str | None:
    """Return why no message of a broadcast can be changed (a key of words); None when some can."""
    refusal = closed(target, now)
    if refusal is not None:
        return refusal
    found = outlook(tx, target, now)
    if found.reachable == 0:
        return "sending.amend.too_late" if found.late else "sending.amend.nobody"
    return None


def outlook(tx: Tx, target: Entry, now: datetime) -> Outlook:
    """Count what a change would reach now."""
    tally = ledger.tally(tx, target.id)
    wave = target.broadcast.wave + 1
    all_kept = ledger.wave_tally(tx, target.id, wave)[1]
    late = _late(tx, target, now)
    unknown = tally.get(Mark.UNKNOWN, 0) + tally.get(Mark.CLAIMED, 0)
    return Outlook(all_kept - late, late, unknown, target.broadcast.stage in LIVE)


def told(found: Outlook) -> tuple[Part, ...]:
    """Return what somebody has to know before she changes messages."""
    parts = [Part("sending.amend.reaches", count=found.reachable)]
    if found.late:
        parts.append(Part("sending.amend.late", count=found.late))
    if found.unknown:
        parts.append(Part("sending.amend.unknown", count=found.unknown))
    if found.live:
        parts.append(Part("sending.amend.cancels"))
    return tuple(parts)


def latest(tx: Tx, target: Entry) -> Entry | None:
    """Return the change that the messages of a broadcast were given last, or are being given."""
    wave = target.broadcast.wave
    going = (
        one
        for one in _changes(tx, target)
        if one.broadcast.wave == wave and one.broadcast.stage in LIVE | {Stage.DONE}
    )
    return next(going, None) if wave else None


def begun(tx: Tx, target: Entry) -> Entry | None:
    """Return the newest change of a broadcast's messages that began, however it ended."""
    return next((one for one in _changes(tx, target) if one.broadcast.wave), None)


def taken_back(tx: Tx, target: Entry) -> bool:
    """Tell whether a broadcast is taken back, or is being: there is nothing left to do about it.

    There is, where a retraction has ended and it is not known of some messages whether they
    changed, or some arrived after it.
    """
    change = latest(tx, target)
    if change is None or change.broadcast.kind is not Kind.RETRACT:
        return False
    if change.broadcast.stage in LIVE:
        return True
    left = ledger.wave_tally(tx, target.id, change.broadcast.wave)[1]
    return left == 0 and not change.broadcast.failed.get(UNKNOWN)


def retract(tx: Tx, target: Entry, member: Member, studio: Studio, now: datetime) -> Entry:
    """Take back what was sent, on one organiser's word: what is wrong must not wait for a second.

    Asked twice, it is the same retraction, unless that came to its end and left some messages of
    which nobody knows. See `may` before.
    """
    before = latest(tx, target)
    if before is not None and taken_back(tx, target):
        return before
    letter = letters.of_words(RETRACTED, studio)
    broadcast = Broadcast(
        number=0,
        kind=Kind.RETRACT,
        step=Step.READY,
        author=member.name,
        segment=target.broadcast.segment,
        letter=letter,
        target=target.id.hex(),
        urgent=True,
    )
    sealed = broadcast.but(seal=broadcast.seal_of(letter))
    return start(tx, shelf.add(tx, sealed, now), member.name, now)


def start(tx: Tx, entry: Entry, by: str, now: datetime) -> Entry:
    """Let a change go out: its target is sent to nobody else, and an earlier change of it ends."""
    target = shelf.get(tx, bytes.fromhex(entry.broadcast.target))
    wave = recipients = 0
    if target is not None:
        for other in (target, *_changes(tx, target)):
            if other.id != entry.id:
                steering.cancel(tx, other, now)
        target = shelf.get(tx, target.id)
    if target is not None:
        wave = target.broadcast.wave + 1
        shelf.change(tx, target, now, wave=wave)
        recipients = ledger.wave_tally(tx, target.id, wave)[1]
    return shelf.change(
        tx,
        entry,
        now,
        stage=Stage.SENDING,
        approved_by=by,
        approved_at=seconds(now),
        recipients=recipients,
        wave=wave,
    )


def due(tx: Tx, entry: Entry, skip: Collection[int] = ()) -> bool:
    """Say whether there is a message to change that is not to be skipped."""
    target = original(tx, entry)
    if target is None:
        return False
    return ledger.next_to_edit(tx, target.id, entry.broadcast.wave, skip=skip) is not None


def claim(tx: Tx, entry: Entry, skip: Collection[int], now: datetime) -> Ready | Hold | None:
    """Return the next message to change; nothing is marked before it is done."""
    target, letter = original(tx, entry), entry.broadcast.letter
    assert letter is not None  # or it would not be sound
    if target is None:
        return None
    wave, late = entry.broadcast.wave, 0
    found: Ready | Hold | None = Hold(0.0)
    while late < AT_ONCE:
        message = ledger.next_to_edit(tx, target.id, wave, skip=skip)
        if message is None:
            found = None
            break
        row, delivered = message
        if now < moment(delivered.at) + ledger.REACHABLE:
            found = Ready(entry.id, row.number, delivered.chat, letter, delivered.message_id)
            break
        ledger.edited(tx, target.id, row.number, wave)
        late += 1
    if late:
        _count(tx, entry, LATE, now, late)
    return found


def ended(
    tx: Tx, entry: Entry, ready: Ready, result: Result, now: datetime, *, last: bool
) -> Entry:
    """Take the end of a change; what may be done again stays as it is, unless it was the last."""
    target = original(tx, entry)
    if target is None:
        return entry
    end = result.end
    if end is End.CONTENT and _says_what_cannot_be_said(tx, entry, target):
        # Should it be hers alone all the same, the next change comes to her last.
        ledger.edited(tx, target.id, ready.number, entry.broadcast.wave)
        return steering.refused(tx, entry, now)
    if entry.broadcast.wave < target.broadcast.wave and end in _MAY_HAVE_CHANGED:
        _overtaken(tx, entry, target, ready.number, now)
        return entry
    # One that Telegram refuses for a cause it does not name must not keep the others as they were.
    odd = {End.SENT: "", End.GONE: GONE, End.TOO_LATE: LATE, End.CONTENT: UNKNOWN}
    counted = odd.get(end)
    if counted is None and last:
        counted = UNKNOWN
    if counted is None:
        return entry
    ledger.edited(tx, target.id, ready.number, entry.broadcast.wave)
    return _count(tx, entry, counted, now) if counted else entry


def judge(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """See whether every message was changed that could be, or nothing is kept of them any more.

    Not while one of the broadcast is still on its way: it may arrive, and has to be changed too.
    """
    target = original(tx, entry)
    on_its_way = target is not None and ledger.first(tx, target.id, Mark.CLAIMED) is not None
    if on_its_way or due(tx, entry):
        return entry
    return shelf.change(tx, entry, now, stage=Stage.DONE, ended_at=seconds(now))


def _says_what_cannot_be_said(tx: Tx, entry: Entry, target: Entry) -> bool:
    """Tell whether a refusal is about the words: those of a correction that no phone took yet.

    The words of a retraction are always the same.
    """
    broadcast = entry.broadcast
    if broadcast.kind is Kind.RETRACT:
        return False
    through = ledger.wave_tally(tx, target.id, broadcast.wave)[0]
    return through <= sum(broadcast.failed.values())


def _overtaken(tx: Tx, entry: Entry, target: Entry, number: int, now: datetime) -> None:
    """Have a message changed once more: a call of an earlier change ended after a later one began.

    Which of the two Telegram carried out last is not known, and the later one is what is meant.
    """
    ledger.edited(tx, target.id, number, entry.broadcast.wave)
    newest = latest(tx, target)
    if newest is not None and newest.broadcast.stage is Stage.DONE:
        shelf.change(tx, newest, now, stage=Stage.SENDING, ended_at=None, reported=False)


def _count(tx: Tx, entry: Entry, name: str, now: datetime, more: int = 1) -> Entry:
    failed = entry.broadcast.failed
    return shelf.change(tx, entry, now, failed={**failed, name: failed.get(name, 0) + more})


def _changes(tx: Tx, target: Entry) -> list[Entry]:
    """List the changes of a broadcast's messages, the newest first."""
    return [one for one in shelf.every(tx) if one.broadcast.target == target.id.hex()]


def _late(tx: Tx, target: Entry, now: datetime) -> int:
    """Count messages that are too old; they are looked through only where some may be."""
    began, limit = target.broadcast.approved_at, now - ledger.REACHABLE
    return 0 if began is None or limit < moment(began) else ledger.older(tx, target.id, limit)
