"""Who is written to next, and what the end of her call means; nothing is called or begun here.

A recipient is claimed in a transaction of her own, after there is leave to make a call and before
it is made: after a crash it is known which calls may have been made. Whoever was claimed is claimed
again only when it is certain that nothing reached her, or when a person asks for it
(`steering.send_again`). After every commit the marks of a broadcast add up to its recipients.

What goes on here was started by somebody's approval (`start`) and by nothing else: no other
function makes a broadcast, or a recipient. Changes of what was sent are in `amending`, and go
before everything else, for somebody may be reading what is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from helpdesk import subscriptions
from helpdesk.broadcasts import amending, progress, quiet, shelf, steering
from helpdesk.broadcasts.broadcast import LIVE, OVER, Broadcast, Kind, Stage, Why
from helpdesk.broadcasts.ends import Aftermath, End, Hold, Ready, Result
from helpdesk.broadcasts.messages import Note
from helpdesk.broadcasts.shelf import Entry
from store import Tx, ledger, subscribers
from store.errors import IntegrityError
from store.hours import moment, seconds
from store.ledger import Mark, Row

WIDTH: Final = 16
"""Calls under way at once: so many at most are unknown after a crash."""
CANARY_FROM: Final = 200
"""Recipients from which some go first, and the others wait for how they end."""
CANARY_LEAST: Final = 10
INSIST: Final = timedelta(hours=6)
"""So long after everybody else was tried it is tried again where nothing arrived for certain;
hours in which families sleep do not count."""
AT_ONCE: Final = 500
"""Leavers passed over in one transaction."""

Skip = Mapping[bytes, Collection[int]]
NOTHING: Final[Skip] = {}
_AGAIN: Final = frozenset({End.WAIT, End.NEVER_LEFT})


def canary_of(recipients: int) -> int:
    """Return how many go first: one in a hundred, ten at least; 0 where nobody does."""
    return max(CANARY_LEAST, -(-recipients // 100)) if recipients >= CANARY_FROM else 0


def start(tx: Tx, entry: Entry, recipients: Sequence[bytes], by: str, now: datetime) -> Entry:
    """Fix who gets an approved broadcast (ids of `store.subscribers`), and let it go out.

    Raises ValueError when what is to be sent is not what was approved.
    """
    if not sound(entry.broadcast):
        raise ValueError("the letter is not the one that was approved")
    count = ledger.fix(tx, entry.id, recipients)
    return shelf.change(
        tx,
        entry,
        now,
        stage=Stage.SENDING,
        approved_by=by,
        approved_at=seconds(now),
        recipients=count,
        canary=canary_of(count),
    )


def due(tx: Tx, now: datetime, skip: Skip = NOTHING) -> bool | Hold:
    """Say whether `claim` would find somebody, or how long everything has to wait for the morning.

    False: nothing is being sent, or what is left is to be tried again later (see `left`).
    """
    hold = None
    for entry in _line(tx):
        broadcast = entry.broadcast
        if broadcast.kind is not Kind.SEND:
            if amending.due(tx, entry, skip.get(entry.id, ())):
                return True
        elif quiet.waits(broadcast, now):
            hold = hold or _until_morning(now)
        elif ledger.first(tx, entry.id, Mark.PENDING, below=_bound(broadcast)) is not None:
            return True
    return hold or False


def claim(tx: Tx, now: datetime, skip: Skip = NOTHING) -> Ready | Hold | None:
    """Claim whoever is next; a Hold when it is to be looked again after so long, or None.

    ``skip`` are, by the id of a change, the numbers whose messages are being changed at this
    moment or are to be tried later: nothing in the tables tells.
    """
    hold: Hold | None = None
    for entry in _line(tx):
        found: Ready | Hold | None
        if entry.broadcast.kind is not Kind.SEND:
            found = amending.claim(tx, entry, skip.get(entry.id, ()), now)
        elif quiet.waits(entry.broadcast, now):
            hold = hold or _until_morning(now)
            continue
        else:
            found = _next(tx, entry, now)
        if found is not None:
            return found
    return hold


def ended(
    tx: Tx,
    ready: Ready,
    result: Result,
    now: datetime,
    *,
    trouble: bool = False,
    last: bool = False,
) -> Aftermath:
    """Take the end of a call that `claim` allowed.

    ``trouble``: so many calls in a row ended so badly that a person has to say how it goes on.
    ``last``: this change of a message was tried often enough.
    """
    entry = shelf.get(tx, ready.broadcast)
    if entry is None:
        return Aftermath()
    erase, going = None, entry.broadcast.stage is Stage.SENDING
    if ready.edit is not None:
        entry = amending.ended(tx, entry, ready, result, now, last=last)
    elif result.end is not End.SENT:
        entry = _take(tx, entry, ready, result.end, now)
    elif not _arrived(tx, ready, result, now):
        erase = ready.chat
    if trouble and entry.broadcast.stage is Stage.SENDING:
        entry = steering.stop_for(tx, entry, Why.TROUBLE, now)
    notes: tuple[Note, ...] = ()
    if going and entry.broadcast.stage is Stage.PAUSED:
        notes = progress.alert(tx, entry, now)
    counts = subscriptions.gone(tx, ready.chat) if result.end is End.GONE else {}
    return Aftermath((*notes, *_settle(tx, entry, now)), counts, erase)


def settle(tx: Tx, now: datetime) -> Aftermath:
    """See what has come to its end: the first ones, a broadcast, its time; report it, once."""
    notes: list[Note] = []
    for entry in shelf.every(tx):
        if entry.broadcast.stage in LIVE | OVER:
            notes += _settle(tx, entry, now)
    return Aftermath(tuple(notes))


def left(tx: Tx, now: datetime) -> bool:
    """Say whether there is something to try again, when there is nothing else to do."""
    return any(
        amending.due(tx, entry)
        if entry.broadcast.kind is not Kind.SEND
        else _retries(tx, entry, now)
        for entry in _line(tx)
    )


def again(tx: Tx, now: datetime) -> None:
    """Let those be claimed anew whom certainly nothing reached."""
    for entry in _line(tx):
        if entry.broadcast.kind is Kind.SEND and _retries(tx, entry, now):
            ledger.move_all(tx, entry.id, Mark.DEFERRED, Mark.PENDING)


def recover(tx: Tx, now: datetime) -> Aftermath:
    """At the start: of a call that was under way nobody knows how it ended.

    A change of a message is simply made again.
    """
    for entry in shelf.every(tx):
        if entry.broadcast.kind is Kind.SEND and entry.broadcast.stage in LIVE | OVER:
            ledger.move_all(tx, entry.id, Mark.CLAIMED, Mark.UNKNOWN)
    unsaid = progress.after_restart(tx, now)
    return Aftermath((*unsaid, *settle(tx, now).notes))


def sound(broadcast: Broadcast) -> bool:
    """Say whether the letter, and for whom it is, are what was approved, byte for byte."""
    letter = broadcast.letter
    return letter is not None and broadcast.seal == broadcast.seal_of(letter)


# --- who is next --------------------------------------------------------------------------------


def _line(tx: Tx) -> list[Entry]:
    """List what is being sent, in the order in which it goes: changes first."""
    going = [
        entry
        for entry in shelf.live(tx)
        if entry.broadcast.stage is Stage.SENDING and sound(entry.broadcast)
    ]
    return sorted(going, key=lambda entry: entry.broadcast.kind is Kind.SEND)


def _bound(broadcast: Broadcast) -> int | None:
    """Return the number from which on everybody waits for the first ones; None: nobody waits."""
    return broadcast.canary if broadcast.canary and not broadcast.passed else None


def _until_morning(now: datetime) -> Hold:
    return Hold((quiet.morning(now) - now).total_seconds())


def _next(tx: Tx, entry: Entry, now: datetime) -> Ready | Hold | None:
    broadcast = entry.broadcast
    letter, bound = broadcast.letter, _bound(broadcast)
    assert letter is not None  # or it would not be sound
    for _ in range(AT_ONCE):
        row = ledger.first(tx, entry.id, Mark.PENDING, below=bound)
        if row is None:
            return None
        chat = _chat(tx, row, broadcast, now)
        if chat is None:
            ledger.move(tx, entry.id, row.number, Mark.PENDING, Mark.LEFT)
            continue
        ledger.move(tx, entry.id, row.number, Mark.PENDING, Mark.CLAIMED, tried=True)
        return Ready(entry.id, row.number, chat, letter)
    return Hold(0.0)


def _chat(tx: Tx, row: Row, broadcast: Broadcast, now: datetime) -> int | None:
    """Return the chat of a recipient; None for one who left, or wants this no more.

    Nor does who has come to be asked again since the approval: she was told that nothing comes
    before she says yes.
    """
    try:
        found = None if row.subscriber is None else subscribers.of_id(tx, row.subscriber)
    except IntegrityError:
        return None  # nobody could tell whether she still wants it
    if found is None:
        return None
    asked = subscriptions.read(found)
    wanted = broadcast.segment.holds(asked) and not subscriptions.is_due(asked, now)
    return found.chat if wanted else None


# --- how it ended -------------------------------------------------------------------------------


def _arrived(tx: Tx, ready: Ready, result: Result, now: datetime) -> bool:
    """Note a message that arrived; False when its family had everything erased meanwhile."""
    assert result.message_id is not None  # it arrived
    return ledger.delivered(tx, ready.broadcast, ready.number, ready.chat, result.message_id, now)


def _take(tx: Tx, entry: Entry, ready: Ready, end: End, now: datetime) -> Entry:
    """Note how a call ended that did not bring a message, as far as is known."""
    if end is End.GONE:
        to = Mark.REFUSED
        tx.patient = True  # many block the bot, and nobody was promised when the file is scrubbed
    elif end is End.CONTENT:
        to = Mark.REFUSED
        entry = steering.refused_one(tx, entry, now)
    else:
        to = Mark.DEFERRED if end in _AGAIN else Mark.UNKNOWN
    ledger.move(tx, entry.id, ready.number, Mark.CLAIMED, to)
    return entry


# --- what has come to its end -------------------------------------------------------------------


def _settle(tx: Tx, entry: Entry, now: datetime) -> tuple[Note, ...]:
    before = entry
    broadcast = entry.broadcast
    if broadcast.stage is Stage.SENDING:
        if not sound(broadcast):
            entry = steering.refused(tx, entry, now)
        elif broadcast.kind is Kind.SEND:
            entry = _judge(tx, entry, now)
        else:
            entry = amending.judge(tx, entry, now)
    stage = entry.broadcast.stage
    if stage is Stage.PAUSED and stage is not before.broadcast.stage:
        return progress.alert(tx, entry, now)
    if stage in OVER and not entry.broadcast.reported and not _under_way(tx, entry):
        return progress.report(tx, shelf.change(tx, entry, now, reported=True), now)
    return ()


def _judge(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """See whether those who go first, or all, have had their turn."""
    broadcast, bound = entry.broadcast, _bound(entry.broadcast)
    for mark in (Mark.PENDING, Mark.CLAIMED):
        if ledger.first(tx, entry.id, mark, below=bound) is not None:
            return entry
    if ledger.first(tx, entry.id, Mark.DEFERRED, below=bound) is not None:
        if broadcast.give_up_at is None:
            until = now + INSIST if broadcast.urgent else quiet.awake_for(now, INSIST)
            return shelf.change(tx, entry, now, give_up_at=seconds(until))
        if now < moment(broadcast.give_up_at):
            return entry
    if bound is None:
        return shelf.change(tx, entry, now, stage=Stage.DONE, ended_at=seconds(now))
    tally = ledger.tally(tx, entry.id, below=bound)
    arrived = tally.get(Mark.SENT, 0)
    tried = bound - tally.get(Mark.LEFT, 0)
    if arrived and 2 * arrived >= tried:
        return shelf.change(tx, entry, now, passed=True, give_up_at=None)
    return steering.stop_for(tx, entry, Why.CANARY, now)


def _retries(tx: Tx, entry: Entry, now: datetime) -> bool:
    """Say whether a broadcast has somebody to try again, and nobody else to write to."""
    broadcast, bound = entry.broadcast, _bound(entry.broadcast)
    if quiet.waits(broadcast, now) or broadcast.give_up_at is None:
        return False
    if now >= moment(broadcast.give_up_at):
        return False
    return (
        ledger.first(tx, entry.id, Mark.DEFERRED, below=bound) is not None
        and ledger.first(tx, entry.id, Mark.PENDING, below=bound) is None
    )


def _under_way(tx: Tx, entry: Entry) -> bool:
    return ledger.first(tx, entry.id, Mark.CLAIMED) is not None
