"""How far a broadcast is, as organisers see it: one message that shows it, an alert, a report.

Each watcher has one message that is edited; which it is stands with the broadcast, so that it goes
on after a restart. What is counted is in `figures`, who pauses or cancels in `pressing`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from helpdesk.broadcasts import amending, figures, presses, quiet, shelf, steering
from helpdesk.broadcasts.broadcast import LIVE, OVER, Broadcast, Kind, Stage, Why
from helpdesk.broadcasts.figures import Numbers
from helpdesk.broadcasts.messages import Note
from helpdesk.broadcasts.shelf import Entry
from helpdesk.desk import staff
from helpdesk.desk.staff import Deed, Member
from helpdesk.messages import Button, Param, Part, Screen
from store import Tx
from store.hours import moment

Rates = Mapping[bytes, float]
"""Calls a second of late, by the id of a broadcast."""
_HOURS_FROM: Final = 120
"""Minutes from which on it is hours that are told."""
_LATELY: Final = timedelta(minutes=2)
_NOTHING: Final[Rates] = {}


def screen(tx: Tx, entry: Entry, now: datetime, rate: float | None = None) -> Screen:
    """Return what a broadcast looks like now, with what can be done about it.

    ``rate`` is how many calls a second were made of late.
    """
    broadcast, found = entry.broadcast, figures.numbers(tx, entry)
    parts = [_head(broadcast, now)]
    change = None
    if broadcast.kind is Kind.SEND:
        change = amending.begun(tx, entry)
    elif (target := amending.original(tx, entry)) is not None:
        parts.append(Part("sending.changes", {"called": target.broadcast.called}))
    if change is not None:
        called = {"called": change.broadcast.called}
        parts.append(Part(f"sending.now_reads.{change.broadcast.kind.value}", called))
    parts += _why(broadcast, found, now)
    if found is None:
        parts.append(Part("sending.numbers_gone"))
    else:
        parts += _counts(broadcast, found)
        if broadcast.stage is Stage.SENDING:
            parts += _pace(found, rate)
    if broadcast.kind is not Kind.SEND and broadcast.stage is Stage.DONE:
        parts.append(Part("sending.made_no_sound"))
    retracted = change is not None and amending.taken_back(tx, entry)
    return Screen(tuple(parts), _rows(entry, found, now, retracted=retracted))


def watch(tx: Tx, entry: Entry, member: Member, now: datetime) -> Note:
    """Return a new message that shows somebody how far it is, and that is edited from then on."""
    return _to(member, screen(tx, entry, now), keep_as=entry.id.hex())


def anew(tx: Tx, entry: Entry, member: Member, now: datetime) -> tuple[Note, ...]:
    """Return the same, after a line in the message that showed it to her until now."""
    note = watch(tx, entry, member, now)
    before = entry.broadcast.screens.get(member.name)
    return (note,) if before is None else (moved(entry, member, before), note)


def moved(entry: Entry, member: Member, message_id: int) -> Note:
    """Return that another message shows it now, in place of one that did."""
    return _to(
        member,
        Screen((Part("sending.moved", {"called": entry.broadcast.called}),)),
        edit=message_id,
    )


def edited(tx: Tx, entry: Entry, member: Member, message_id: int, now: datetime) -> Note:
    """Return the same in place of a message that she pressed a button under."""
    return _to(member, screen(tx, entry, now), edit=message_id, keep_as=entry.id.hex())


def shown(tx: Tx, id: bytes, user: int, message_id: int) -> None:
    """Note which message shows somebody how far a broadcast is."""
    entry, member = shelf.get(tx, id), staff.of(tx, user)
    if entry is None or member is None or entry.broadcast.stage not in LIVE | OVER:
        return
    screens = {**entry.broadcast.screens, member.name: message_id}
    touched = entry.broadcast.ended_at or entry.broadcast.approved_at or 0
    shelf.change(tx, entry, moment(touched), screens=screens)


def updates(tx: Tx, now: datetime, rates: Rates = _NOTHING) -> tuple[Note, ...]:
    """Return what the messages of all who watch something should show now.

    For a while after its end, too: a message that was on its way meanwhile shows it as it was.
    """
    notes: list[Note] = []
    for entry in shelf.every(tx):
        ended_at = entry.broadcast.ended_at
        over = entry.broadcast.stage in OVER and ended_at is not None
        lately = over and abs(now - moment(ended_at or 0)) < _LATELY
        if entry.broadcast.stage in LIVE or lately:
            notes += _edits(tx, entry, screen(tx, entry, now, rates.get(entry.id)))
    return tuple(notes)


def after_restart(tx: Tx, now: datetime) -> tuple[Note, ...]:
    """Return what may be unsaid since a crash: what is told follows its commit, and is told once.

    Else one that stopped by itself could stay so with nobody knowing, and a message go on for ever
    about one that has ended.
    """
    notes: list[Note] = []
    for entry in shelf.every(tx):
        broadcast = entry.broadcast
        if broadcast.stage is Stage.PAUSED and broadcast.why is not Why.BY_HAND:
            notes += alert(tx, entry, now)
        elif broadcast.stage in OVER and broadcast.reported:
            notes += _edits(tx, entry, screen(tx, entry, now))
            unaware = (
                one for one in _answerable(tx, broadcast) if one.name not in broadcast.screens
            )
            notes += (watch(tx, entry, member, now) for member in unaware)
    return tuple(notes)


def alert(tx: Tx, entry: Entry, now: datetime) -> tuple[Note, ...]:
    """Tell those who answer for a broadcast that it stopped by itself, and what can be done."""
    shows = screen(tx, entry, now)
    return tuple(_to(member, shows) for member in _answerable(tx, entry.broadcast))


def report(tx: Tx, entry: Entry, now: datetime) -> tuple[Note, ...]:
    """Tell those who answer for it how a broadcast ended, and let every message of it say so.

    To them it comes as a new message, which is heard, in place of the one that showed how far it
    was; other watchers have that one edited.
    """
    told = _answerable(tx, entry.broadcast)
    others = {member.user for member in told}
    edits = [one for one in _edits(tx, entry, screen(tx, entry, now)) if one.user not in others]
    target = amending.original(tx, entry)
    if target is not None and target.id != entry.id:
        edits += _edits(tx, target, screen(tx, target, now))  # it says what its messages read now
    said = [note for member in told for note in anew(tx, entry, member, now)]
    return (*edits, *said)


# --- the screen ---------------------------------------------------------------------------------


def _head(broadcast: Broadcast, now: datetime) -> Part:
    state = broadcast.stage.value
    if broadcast.stage is Stage.SENDING and quiet.waits(broadcast, now):
        state = "night"
    return Part(
        "sending.head",
        {
            "called": broadcast.called,
            "what": f"@sending.what.{broadcast.kind.value}",
            "state": f"@sending.state.{state}",
        },
    )


def _why(broadcast: Broadcast, found: Numbers | None, now: datetime) -> list[Part]:
    """Say why it stands as it stands, where the head does not."""
    if broadcast.stage in (Stage.PAUSED, Stage.STOPPED) and broadcast.why is not None:
        params: dict[str, Param] = {}
        if broadcast.paused_by:
            params = {"who": broadcast.paused_by}
        return [Part(f"sending.why.{broadcast.why.value}", params)]
    if broadcast.stage is not Stage.SENDING or quiet.waits(broadcast, now):
        return []
    if broadcast.canary and not broadcast.passed:
        return [Part("sending.canary", {"count": broadcast.canary})]
    if found is not None and found.deferred and not found.waiting:
        return [Part("sending.insists")]
    return []


def _counts(broadcast: Broadcast, found: Numbers) -> list[Part]:
    over = broadcast.stage in OVER
    if broadcast.kind is not Kind.SEND:
        values = {
            "good": found.good,
            "of": found.of,
            "late": found.late,
            "gone": found.gone,
            "unknown": found.unknown,
            "open": found.open,
        }
        return [Part("sending.changed", values)]
    values = {
        "good": found.good,
        "of": found.of,
        "gone": found.gone,
        "left": found.left,
        "deferred": found.deferred,
        "unknown": found.unknown,
        "open": found.waiting + found.under_way,
    }
    parts = [Part("sending.report" if over else "sending.numbers", values)]
    if found.refused:
        parts.append(Part("sending.refused", count=found.refused))
    return parts


def _pace(found: Numbers, rate: float | None) -> list[Part]:
    if rate is None or rate < 1 or not found.open:
        return []
    parts = [Part("sending.pace", count=round(rate))]
    minutes = math.ceil(found.open / rate / 60)
    if minutes >= _HOURS_FROM:
        parts.append(Part("sending.hours_left", count=math.ceil(minutes / 60)))
    else:
        parts.append(Part("sending.minutes_left", count=minutes))
    return parts


def _rows(
    entry: Entry, found: Numbers | None, now: datetime, *, retracted: bool
) -> tuple[tuple[Button, ...], ...]:
    broadcast, id = entry.broadcast, entry.id
    rows: list[tuple[Button, ...]] = []
    if broadcast.stage in LIVE:
        verb = "pause" if broadcast.stage is Stage.SENDING else "resume"
        rows.append(
            (
                presses.button(f"button.sending.{verb}", verb, id),
                presses.button("button.sending.cancel", "cancel", id),
            )
        )
    if found is not None and found.unknown and steering.may_send_again(broadcast, now):
        count = {"count": found.unknown}
        rows.append((presses.button("button.sending.again", "again", id, params=count),))
    if found is not None and found.good and amending.closed(entry, now) is None:
        amend = ("correct",) if retracted else ("correct", "retract")
        rows.append(tuple(presses.button(f"button.sending.{verb}", verb, id) for verb in amend))
    if broadcast.kind is not Kind.SEND and broadcast.stage is Stage.DONE:
        rows.append((presses.button("button.bc_new", "new"),))
    return tuple(rows)


# --- who is told --------------------------------------------------------------------------------


def _answerable(tx: Tx, broadcast: Broadcast) -> tuple[Member, ...]:
    """Return who wrote and who approved it; every organiser when neither is one any more."""
    everybody = staff.permitted(tx, Deed.BROADCAST)
    own = tuple(one for one in everybody if one.name in (broadcast.author, broadcast.approved_by))
    return own or tuple(everybody)


def _edits(tx: Tx, entry: Entry, shows: Screen) -> list[Note]:
    found = (
        (staff.named(tx, name), message_id) for name, message_id in entry.broadcast.screens.items()
    )
    return [
        _to(member, shows, edit=message_id, keep_as=entry.id.hex())
        for member, message_id in found
        if member is not None and staff.may(member, Deed.BROADCAST)
    ]


def _to(member: Member, shows: Screen, *, edit: int | None = None, keep_as: str = "") -> Note:
    return Note(member.user, shows, edit=edit, keep_as=keep_as, language=member.language)
