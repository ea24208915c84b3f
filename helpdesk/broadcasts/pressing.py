"""The buttons under a broadcast's progress: what each does, and what is asked before it does it.

What cannot be undone takes two presses, and the first one says what the second does. What a press
may change is decided in `steering` and `amending`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from helpdesk.broadcasts import amending, figures, letters, presses, progress, shelf, steering
from helpdesk.broadcasts.broadcast import LIVE
from helpdesk.broadcasts.presses import Pressed
from helpdesk.broadcasts.shelf import Entry
from helpdesk.broadcasts.visit import Visit
from helpdesk.messages import Param, Part, Screen

_GONE: Final = Part("sending.gone")
_NOT_NOW: Final = Part("sending.not_now")


def press(visit: Visit, pressed: Pressed) -> None:
    """Do what a button under a broadcast says, or ask whether it is meant."""
    entry = shelf.get(visit.tx, pressed.id)
    if entry is None:
        visit.tell(_GONE)
    else:
        _DEEDS[pressed.verb](visit, entry)


def _pause(visit: Visit, entry: Entry) -> None:
    _show(visit, entry, steering.pause(visit.tx, entry, visit.member, visit.now))


def _resume(visit: Visit, entry: Entry) -> None:
    _show(visit, entry, steering.resume(visit.tx, entry, visit.now))


def _cancel(visit: Visit, entry: Entry) -> None:
    found = figures.numbers(visit.tx, entry)
    if entry.broadcast.stage not in LIVE or found is None:
        _show(visit, entry, None)
    else:
        _ask(visit, entry, "cancel", Part("sending.ask_cancel", _called(entry), found.open))


def _cancel_yes(visit: Visit, entry: Entry) -> None:
    done = steering.cancel(visit.tx, entry, visit.now)
    visit.stirred = done is not None
    said = _NOT_NOW if done is None else Part("sending.cancelled", _called(entry))
    visit.say(Screen((said,)), in_place=True)


def _again(visit: Visit, entry: Entry) -> None:
    found = figures.numbers(visit.tx, entry)
    may = steering.may_send_again(entry.broadcast, visit.now)
    if found is None or not found.unknown or not may:
        _show(visit, entry, None)
    else:
        _ask(visit, entry, "again", Part("sending.ask_again", _called(entry), found.unknown))


def _again_yes(visit: Visit, entry: Entry) -> None:
    _show(visit, entry, steering.send_again(visit.tx, entry, visit.now))


def _retract(visit: Visit, entry: Entry) -> None:
    target = _to_retract(visit, entry)
    if target is not None:
        visit.show(letters.of_words(amending.RETRACTED, visit.studio), silent=False)
        told = amending.told(amending.outlook(visit.tx, target, visit.now))
        _ask(visit, entry, "retract", Part("sending.ask_retract", _called(target)), *told)


def _retract_yes(visit: Visit, entry: Entry) -> None:
    target = _to_retract(visit, entry)
    if target is not None:
        done = amending.retract(visit.tx, target, visit.member, visit.studio, visit.now)
        _show(visit, entry, done)


def _stay(visit: Visit, entry: Entry) -> None:
    visit.say(Screen((Part("sending.as_it_was", _called(entry)),)), in_place=True)


def _to_retract(visit: Visit, entry: Entry) -> Entry | None:
    """Return what is to be taken back; None, and she is told why, when it cannot be."""
    target = amending.original(visit.tx, entry)
    if target is None:
        visit.tell(_GONE)
        return None
    never = amending.may(visit.tx, target, visit.now)
    if never is not None:
        visit.tell(Part(never))
        return None
    return target


def _show(visit: Visit, entry: Entry, done: Entry | None) -> None:
    """Show in the pressed message how it stands now; ``done`` is what came of the press, if it did.

    Another message of hers that showed it shows it no more.
    """
    shown, under = done or entry, visit.under
    assert under is not None  # a button was pressed
    before = shown.broadcast.screens.get(visit.member.name)
    if before is not None and before != under:
        visit.notes.append(progress.moved(shown, visit.member, before))
    visit.notes.append(progress.edited(visit.tx, shown, visit.member, under, visit.now))
    visit.stirred = done is not None
    if done is None:
        visit.tell(_NOT_NOW)


def _ask(visit: Visit, entry: Entry, verb: str, *parts: Part) -> None:
    """Ask in a message of its own whether something is meant."""
    yes = presses.button(f"button.sending.{verb}_yes", f"{verb}_yes", entry.id)
    no = presses.button("button.sending.no", "stay", entry.id)
    visit.say(Screen(parts, ((yes,), (no,))))


def _called(entry: Entry) -> dict[str, Param]:
    return {"called": entry.broadcast.called}


_DEEDS: Final[dict[str, Callable[[Visit, Entry], None]]] = {
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "cancel_yes": _cancel_yes,
    "again": _again,
    "again_yes": _again_yes,
    "retract": _retract,
    "retract_yes": _retract_yes,
    "stay": _stay,
}
VERBS: Final = frozenset(_DEEDS)
"""What buttons may say that is answered here."""
