"""How a broadcast is written, step by step; every answer can be changed until it is approved.

Only its author writes it. Nothing she wrote is lost over a fault: it stays, the fault is told, and
the step waits for better words. Whatever she changes takes an open question for approval back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from helpdesk import typed_dates
from helpdesk.audience import REGIONS, Topic
from helpdesk.broadcasts import approval, checks, formatting, readiness, shelf
from helpdesk.broadcasts.broadcast import Broadcast, Kind, Stage, Step
from helpdesk.broadcasts.checks import Faults
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.messages import OrganiserText
from helpdesk.broadcasts.shelf import Entry
from helpdesk.context import day_of
from helpdesk.desk.staff import Member
from helpdesk.messages import Part
from rules import Span
from store import Tx, organiser_state

TYPED: Final = frozenset({Step.TEXT, Step.SOURCE, Step.DATE})
"""Steps that are answered by typing; the others have buttons."""
OPEN: Final = frozenset({Stage.WRITING, Stage.ASKED})
"""Stages in which a broadcast can be changed."""
MOST_OPEN: Final = 20
"""Of one author: all are opened before each claim of a recipient."""

_COMPOSING: Final = "composing"
"""Where `store.organiser_state` keeps, by pseudonym, which broadcast typed words are for."""
_NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Move:
    """A broadcast after something was done to it.

    ``voided`` says that an approval had been asked for, and is not any more. ``faults`` are of the
    answer just given, ``lost`` the kinds of formatting that were left out of it.
    """

    entry: Entry
    voided: bool = False
    faults: Faults = ()
    lost: tuple[str, ...] = ()


# --- which one is being written -----------------------------------------------------------------


def begin(tx: Tx, member: Member, now: datetime) -> Entry:
    """Begin a new broadcast: what she types from here on is for it."""
    return _taken_up(tx, member, shelf.add(tx, Broadcast(number=0, author=member.name), now))


def begin_correction(tx: Tx, member: Member, target: Entry, now: datetime) -> Entry:
    """Begin other words for what was sent; source, day and segment are those of the first."""
    sent = target.broadcast
    correction = Broadcast(
        number=0,
        kind=Kind.CORRECT,
        author=member.name,
        html=sent.html,
        plain=sent.plain,
        links=sent.links,
        source=sent.source,
        source_date=sent.source_date,
        segment=sent.segment,
        target=target.id.hex(),
        answered=frozenset(readiness.STEPS),
    )
    return _taken_up(tx, member, shelf.add(tx, correction, now))


def current(tx: Tx, member: Member) -> Entry | None:
    """Return the broadcast that what she types is for."""
    found = _all(tx).get(member.name)
    entry = None if found is None else shelf.get(tx, bytes.fromhex(found))
    return entry if entry is not None and hers(entry, member) else None


def hers(entry: Entry, member: Member) -> bool:
    """Say whether it is hers to change, and can be changed."""
    return entry.broadcast.author == member.name and entry.broadcast.stage in OPEN


def full(tx: Tx, member: Member) -> bool:
    """Say whether she has so many of her own in hand that she has to finish or discard one."""
    return sum(hers(entry, member) for entry in shelf.every(tx)) >= MOST_OPEN


def take_up(tx: Tx, member: Member, entry: Entry) -> None:
    """Let what she types be for this one."""
    if hers(entry, member) and _all(tx).get(member.name) != entry.id.hex():
        _write(tx, {**_all(tx), member.name: entry.id.hex()})


def put_down(tx: Tx, member: Member) -> None:
    """Let what she types be for no broadcast; the one she was writing stays as it is."""
    left = {name: id for name, id in _all(tx).items() if name != member.name}
    if left != _all(tx):
        _write(tx, left)


def put_down_all(tx: Tx, entry: Entry) -> None:
    """Let what anybody types be for this one no more: it was approved, or is gone."""
    left = {name: id for name, id in _all(tx).items() if id != entry.id.hex()}
    if left != _all(tx):
        _write(tx, left)


def discard(tx: Tx, entry: Entry) -> None:
    """Delete one that never went out."""
    put_down_all(tx, entry)
    shelf.delete(tx, entry)


def answered_in(tx: Tx, member: Member, message_id: int) -> tuple[Entry, Step] | None:
    """Return which answer of which broadcast stands in one of her messages."""
    for entry in shelf.every(tx):
        if entry.broadcast.author != member.name:
            continue
        for step, said_in in entry.broadcast.said_in.items():
            if said_in == message_id:
                return entry, step
    return None


# --- answers ------------------------------------------------------------------------------------


def typed(
    tx: Tx,
    entry: Entry,
    text: OrganiserText,
    message_id: int | None,
    now: datetime,
    studio: Studio,
    *,
    step: Step | None = None,
) -> Move:
    """Take what she typed as the answer to a step of `TYPED`, by default the one asked for."""
    step = step or entry.broadcast.step
    if step is Step.TEXT:
        return _text(tx, entry, text, message_id, now, studio)
    if step is Step.SOURCE:
        source = " ".join(text.plain.split())
        found = checks.of_source(source, studio, now)
        return _answer(tx, entry, step, now, found, said_in=message_id, source=source)
    read = typed_dates.read(text.plain, day_of(now))
    if not isinstance(read, Span):
        return Move(entry, faults=(_not_a_day(read),))
    return dated(tx, entry, read, message_id, now, studio)


def dated(
    tx: Tx, entry: Entry, span: Span, message_id: int | None, now: datetime, studio: Studio
) -> Move:
    """Take the day that the source is of."""
    found = checks.of_date(str(span), studio, now)
    if found:
        # A day that cannot be is not kept: nothing of hers is lost with it.
        return Move(entry, faults=found)
    return _answer(tx, entry, Step.DATE, now, said_in=message_id, source_date=str(span))


def day_before(now: datetime, days: int) -> Span:
    """Return a day of the calendar of Caracas, as many days ago."""
    return Span.day(day_of(now) - timedelta(days=days))


def choose(tx: Tx, entry: Entry, name: str, wanted: bool, now: datetime) -> Move | None:
    """Take a topic or a state into the segment, or out of it; None for no such topic or state."""
    segment = entry.broadcast.segment
    topics, regions = segment.topics, segment.regions
    if name in set(Topic):
        topics = topics | {Topic(name)} if wanted else topics - {Topic(name)}
    elif name in REGIONS:
        regions = regions | {name} if wanted else regions - {name}
    else:
        return None
    if (topics, regions) == (segment.topics, segment.regions):
        return Move(entry)
    return _changed(
        tx,
        entry,
        now,
        segment={"topics": topics, "regions": regions},
        said_same=False,
        step=Step.SEGMENT,
        # Whether it is large enough is seen when she says that this is all.
        answered=entry.broadcast.answered - {Step.SEGMENT},
    )


def settle_segment(tx: Tx, entry: Entry, now: datetime) -> Move:
    """Take the segment as it is: the caller has seen that it is large enough."""
    return _answer(tx, entry, Step.SEGMENT, now)


def set_urgent(tx: Tx, entry: Entry, urgent: bool, now: datetime) -> Move:
    """Say whether phones may ring at night."""
    return _answer(tx, entry, Step.URGENCY, now, urgent=urgent)


def say_same(tx: Tx, entry: Entry, now: datetime) -> Move:
    """Note that she knows of an earlier one like it, and wants it all the same."""
    return _changed(tx, entry, now, said_same=True)


def ask_for(tx: Tx, entry: Entry, step: Step, now: datetime) -> Move:
    """Ask for a step again; what it was answered with stays until there is another answer.

    Looking changes nothing that was put before others.
    """
    if entry.broadcast.step is step:
        return Move(entry)
    return Move(shelf.change(tx, entry, now, step=step))


def _text(
    tx: Tx,
    entry: Entry,
    text: OrganiserText,
    message_id: int | None,
    now: datetime,
    studio: Studio,
) -> Move:
    formatted = formatting.clean(text)
    words = {"html": formatted.html, "plain": formatted.plain, "links": text.links}
    found = checks.of_text(entry.broadcast.but(**words), studio, now)
    move = _answer(tx, entry, Step.TEXT, now, found, said_in=message_id, said_same=False, **words)
    return replace(move, lost=formatted.lost)


def _answer(
    tx: Tx,
    entry: Entry,
    step: Step,
    now: datetime,
    faults: Faults = (),
    *,
    said_in: int | None = None,
    **changes: object,
) -> Move:
    """Keep an answer; with a fault the step stays, or is asked for anew, else it goes on."""
    broadcast = entry.broadcast
    answered = broadcast.answered - {step} if faults else broadcast.answered | {step}
    at = broadcast.step
    if faults:
        at = step
    elif at is step:
        at = readiness.missing(answered) or Step.READY
    if said_in is not None:
        changes["said_in"] = {**broadcast.said_in, step: said_in}
    move = _changed(tx, entry, now, step=at, answered=answered, **changes)
    return replace(move, faults=faults)


def _changed(tx: Tx, entry: Entry, now: datetime, **changes: object) -> Move:
    """Write a change; an open question is of other words then, and is taken back."""
    voided = entry.broadcast.stage is Stage.ASKED
    return Move(shelf.change(tx, approval.void(tx, entry, now), now, **changes), voided)


def _not_a_day(read: object) -> Part:
    if isinstance(read, typed_dates.Unread):
        return Part(f"broadcast.fault.date.{read}")
    year = isinstance(read, typed_dates.NeedsYear)
    return Part("broadcast.fault.date.year" if year else "broadcast.fault.date.month")


def _all(tx: Tx) -> Mapping[str, str]:
    found: Mapping[str, str] = organiser_state.get(tx).get(_COMPOSING, _NOTHING)
    return found


def _write(tx: Tx, composing: Mapping[str, str]) -> None:
    organiser_state.put(tx, organiser_state.get(tx) | {_COMPOSING: dict(composing)})


def _taken_up(tx: Tx, member: Member, entry: Entry) -> Entry:
    take_up(tx, member, entry)
    return entry
