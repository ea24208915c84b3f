"""What an organiser does while she writes a broadcast, and what she is shown after it.

What follows from an answer is in `composing`, how it looks in `screens`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from helpdesk import subscriptions
from helpdesk.broadcasts import (
    amending,
    approval,
    composing,
    letters,
    readiness,
    screens,
    shelf,
)
from helpdesk.broadcasts.broadcast import Kind, Stage, Step
from helpdesk.broadcasts.composing import Move
from helpdesk.broadcasts.messages import OrganiserText
from helpdesk.broadcasts.presses import Pressed
from helpdesk.broadcasts.readiness import SMALLEST, review
from helpdesk.broadcasts.shelf import Entry
from helpdesk.broadcasts.visit import Visit
from helpdesk.messages import Part, Screen

# --- commands and typed words -------------------------------------------------------------------


def begin(visit: Visit) -> None:
    """Begin a broadcast, unless one is being written: that one is not lost by it."""
    entry = composing.current(visit.tx, visit.member)
    if entry is None or entry.broadcast.stage is not Stage.WRITING:
        another(visit)
    elif entry.broadcast.plain:
        visit.say(screens.already_writing(entry))
    else:
        show(visit, entry)


def another(visit: Visit) -> None:
    """Begin a new broadcast; one that has no word yet is used."""
    entry = composing.current(visit.tx, visit.member)
    fresh = entry is not None and not entry.broadcast.plain
    if entry is None or not fresh or entry.broadcast.kind is not Kind.SEND:
        if composing.full(visit.tx, visit.member):
            visit.tell(Part("broadcast.too_many", {"most": composing.MOST_OPEN}))
            return
        entry = composing.begin(visit.tx, visit.member, visit.now)
    show(visit, entry)


def said(visit: Visit, text: OrganiserText) -> None:
    """Take what she typed: the answer to a step, or that she wants no more of it now."""
    entry = composing.current(visit.tx, visit.member)
    if entry is None:
        return
    if text.stops:
        stop(visit, entry)
    elif entry.broadcast.step in composing.TYPED:
        move = composing.typed(
            visit.tx, entry, text, visit.command.message_id, visit.now, visit.studio
        )
        _after(visit, move)
    else:
        _show_step(visit, Move(entry), (Part("broadcast.use_buttons"),))


def look_away(visit: Visit) -> None:
    """Let what she types next change no answer of one that has them all: she looks elsewhere."""
    entry = composing.current(visit.tx, visit.member)
    if entry is not None and readiness.missing(entry.broadcast.answered) is None:
        composing.ask_for(visit.tx, entry, Step.READY, visit.now)


def rewritten(visit: Visit, text: OrganiserText, entry: Entry, step: Step) -> None:
    """Take what she made of a message that an answer stands in."""
    if not composing.hers(entry, visit.member):
        visit.tell(Part("broadcast.too_late_to_edit", {"name": entry.broadcast.called}))
        return
    composing.take_up(visit.tx, visit.member, entry)
    message_id = visit.command.message_id
    move = composing.typed(visit.tx, entry, text, message_id, visit.now, visit.studio, step=step)
    _after(visit, move, (Part("broadcast.edited", {"name": entry.broadcast.called}),))


def stop(visit: Visit, entry: Entry) -> None:
    """Go back to the whole of it; from there, or before it is whole, put it aside."""
    broadcast = entry.broadcast
    if not broadcast.plain:
        composing.discard(visit.tx, entry)
        visit.say(Screen((Part("broadcast.nothing_written", {"name": broadcast.called}),)))
        return
    if readiness.missing(broadcast.answered) is None and broadcast.step is not Step.READY:
        show(visit, composing.ask_for(visit.tx, entry, Step.READY, visit.now).entry)
        return
    composing.put_down(visit.tx, visit.member)
    visit.say(screens.put_aside(entry))


# --- presses ------------------------------------------------------------------------------------


def _change(visit: Visit, entry: Entry, more: str) -> None:
    if more not in set(Step):
        return
    step = Step(more)
    of_a_send = step in (Step.SEGMENT, Step.URGENCY)
    if of_a_send and entry.broadcast.kind is not Kind.SEND:
        return
    show(visit, composing.ask_for(visit.tx, entry, step, visit.now).entry)


def _day(visit: Visit, entry: Entry, more: str) -> None:
    if more not in ("0", "1"):
        return
    span = composing.day_before(visit.now, int(more))
    _after(visit, composing.dated(visit.tx, entry, span, None, visit.now, visit.studio))


def _add(visit: Visit, entry: Entry, more: str) -> None:
    _choose(visit, entry, more, wanted=True)


def _take(visit: Visit, entry: Entry, more: str) -> None:
    _choose(visit, entry, more, wanted=False)


def _choose(visit: Visit, entry: Entry, name: str, *, wanted: bool) -> None:
    if entry.broadcast.kind is not Kind.SEND:
        return
    move = composing.choose(visit.tx, entry, name, wanted, visit.now)
    if move is None:
        return
    _tell_taken_back(visit, move)
    visit.say(_segment(visit, move.entry, screens.page_of(name)), in_place=True)


def _page(visit: Visit, entry: Entry, more: str) -> None:
    if more.isdecimal() and len(more) < 3:
        visit.say(_segment(visit, entry, int(more)), in_place=True)


def _done(visit: Visit, entry: Entry, more: str) -> None:
    if entry.broadcast.kind is not Kind.SEND:
        return
    if entry.broadcast.segment.empty:
        visit.tell(Part("broadcast.nobody_chosen"))
    elif subscriptions.size(visit.tx, entry.broadcast.segment, visit.now) < SMALLEST:
        visit.tell(Part("broadcast.refused.small"))
    else:
        _after(visit, composing.settle_segment(visit.tx, entry, visit.now))


def _urgent(visit: Visit, entry: Entry, more: str) -> None:
    if more in ("yes", "no") and entry.broadcast.kind is Kind.SEND:
        _after(visit, composing.set_urgent(visit.tx, entry, more == "yes", visit.now))


def _test(visit: Visit, entry: Entry, more: str) -> None:
    if not review(visit.tx, entry, visit.now, visit.studio).faults:
        visit.show(letters.letter(entry.broadcast, visit.studio), silent=False)
    else:
        show(visit, entry)


def _same(visit: Visit, entry: Entry, more: str) -> None:
    _after(visit, composing.say_same(visit.tx, entry, visit.now))


def _aside(visit: Visit, entry: Entry, more: str) -> None:
    stop(visit, entry)


def _discard(visit: Visit, entry: Entry, more: str) -> None:
    visit.say(screens.discarding(entry))


def _discarded(visit: Visit, entry: Entry, more: str) -> None:
    if entry.broadcast.stage is Stage.ASKED:
        tell_asked(visit, entry, "broadcast.taken_back")
    composing.discard(visit.tx, entry)
    visit.say(
        Screen((Part("broadcast.discarded", {"name": entry.broadcast.called}),)), in_place=True
    )


VERBS: Final[dict[str, Callable[[Visit, Entry, str], None]]] = {
    "change": _change,
    "day": _day,
    "add": _add,
    "take": _take,
    "page": _page,
    "done": _done,
    "urgent": _urgent,
    "test": _test,
    "same": _same,
    "aside": _aside,
    "discard": _discard,
    "discarded": _discarded,
}
"""What buttons of a broadcast that is being written do; each takes what stands after the id."""


def press(visit: Visit, pressed: Pressed) -> None:
    """Do what a button says, if the broadcast is hers and can still be changed."""
    entry = shelf.get(visit.tx, pressed.id)
    if entry is None:
        visit.tell(Part("broadcast.refused.gone"))
    elif not composing.hers(entry, visit.member):
        own = entry.broadcast.author == visit.member.name
        visit.tell(Part("broadcast.refused.already" if own else "broadcast.refused.role"))
    else:
        composing.take_up(visit.tx, visit.member, entry)
        VERBS[pressed.verb](visit, entry, pressed.more)


def correct(visit: Visit, pressed: Pressed) -> None:
    """Begin other words for what was sent; what can be reached is told before."""
    entry = shelf.get(visit.tx, pressed.id)
    target = None if entry is None else amending.original(visit.tx, entry)
    if target is None:
        visit.tell(Part("broadcast.refused.gone"))
        return
    never = amending.may(visit.tx, target, visit.now)
    if never is None and composing.full(visit.tx, visit.member):
        visit.tell(Part("broadcast.too_many", {"most": composing.MOST_OPEN}))
        return
    if never is not None:
        visit.tell(Part(never))
        return
    begun = composing.begin_correction(visit.tx, visit.member, target, visit.now)
    called = {"name": begun.broadcast.called, "other": target.broadcast.called}
    reach = amending.told(amending.outlook(visit.tx, target, visit.now))
    _show_step(visit, Move(begun), (Part("broadcast.correcting", called), *reach))


# --- what she is shown --------------------------------------------------------------------------


def show(visit: Visit, entry: Entry) -> None:
    """Show a broadcast of hers where it stands, and let what she types be for it."""
    entry = approval.fresh(visit.tx, entry, visit.now)
    composing.take_up(visit.tx, visit.member, entry)
    _show_step(visit, Move(entry), ())


def tell_asked(visit: Visit, entry: Entry, key: str) -> None:
    """Tell all who were asked something about what they were asked."""
    given = {"name": entry.broadcast.called, "who": visit.member.name}
    for one in approval.may_answer(visit.tx, entry):
        visit.say(Screen((Part(key, given),)), to=one)


def _after(visit: Visit, move: Move, before: tuple[Part, ...] = ()) -> None:
    """Show what came of an answer, and tell those whose question was taken back by it."""
    _tell_taken_back(visit, move)
    told = (*screens.told_lost(move.lost), *screens.told_faults(move.faults))
    _show_step(visit, replace(move, faults=(), lost=()), (*before, *told))


def _tell_taken_back(visit: Visit, move: Move) -> None:
    if move.voided:
        tell_asked(visit, move.entry, "broadcast.taken_back")


def _show_step(visit: Visit, move: Move, before: tuple[Part, ...]) -> None:
    entry = move.entry
    match entry.broadcast.step:
        case Step.READY:
            _show_whole(visit, entry, before)
        case Step.SEGMENT:
            visit.say(_segment(visit, entry, 0, before))
        case _:
            visit.say(screens.step(entry, before))


def _show_whole(visit: Visit, entry: Entry, before: tuple[Part, ...]) -> None:
    """Show the letter exactly as it arrives, and under it what can be done with it."""
    tx, now = visit.tx, visit.now
    if before:
        visit.say(Screen(before))
    found = review(tx, entry, now, visit.studio)
    until = approval.until(entry)
    if entry.broadcast.letter is not None and until is not None:
        visit.show(entry.broadcast.letter)
        visit.say(screens.waiting(entry, found, approval.may_answer(tx, entry), until))
        return
    letter = None if found.faults else letters.letter(entry.broadcast, visit.studio)
    if letter is not None:
        visit.show(letter)
    visit.say(screens.panel(entry, found, letter, now))


def _segment(visit: Visit, entry: Entry, page: int, before: tuple[Part, ...] = ()) -> Screen:
    chosen = entry.broadcast.segment
    families = 0 if chosen.empty else subscriptions.size(visit.tx, chosen, visit.now)
    return screens.segment(entry, families, page, before)
