"""What there is: drafts, what waits for approval, what is being sent, what was sent of late."""

from __future__ import annotations

from typing import Final

from helpdesk.broadcasts import (
    approval,
    approving,
    composing,
    presses,
    progress,
    screens,
    shelf,
    writing,
)
from helpdesk.broadcasts.broadcast import LIVE, OVER, Stage
from helpdesk.broadcasts.presses import Pressed
from helpdesk.broadcasts.shelf import Entry
from helpdesk.broadcasts.visit import Visit
from helpdesk.messages import Param, Part, Screen

MOST: Final = 20
"""Broadcasts in one list; a message has an end."""
_EXCERPT: Final = 60
"""Characters of a text by which it is known again."""
_WIDTH: Final = 3


def say(visit: Visit) -> None:
    """Show all of it, the newest first, each with its button."""
    entries = [approval.fresh(visit.tx, one, visit.now) for one in shelf.every(visit.tx)]
    shown = [entry for entry in entries if entry.broadcast.plain or _sent(entry)]
    parts = [Part("broadcast.list" if shown else "broadcast.list.empty")]
    parts += [_line(entry) for entry in shown[:MOST]]
    buttons = [screens.open_button(entry) for entry in shown[:MOST] if _can_open(visit, entry)]
    rows = [tuple(buttons[start : start + _WIDTH]) for start in range(0, len(buttons), _WIDTH)]
    rows.append((presses.button("button.bc_new", "new"),))
    visit.say(Screen(tuple(parts), tuple(rows)))


def open_one(visit: Visit, pressed: Pressed) -> None:
    """Show one broadcast as it concerns whoever asks: to write, to approve, or to watch."""
    found = shelf.get(visit.tx, pressed.id)
    if found is None:
        visit.tell(Part("broadcast.refused.gone"))
        return
    entry = approval.fresh(visit.tx, found, visit.now)
    broadcast = entry.broadcast
    if composing.hers(entry, visit.member):
        writing.show(visit, entry)
    elif _sent(entry):
        visit.notes += progress.anew(visit.tx, entry, visit.member, visit.now)
    elif broadcast.stage is Stage.ASKED:
        approving.look(visit, entry)
    else:
        visit.tell(Part("broadcast.of_another", {"who": broadcast.author}))


def _line(entry: Entry) -> Part:
    broadcast = entry.broadcast
    given: dict[str, Param] = {
        "name": broadcast.called,
        "kind": f"@sending.what.{broadcast.kind}",
        "stage": f"@sending.state.{broadcast.stage}",
        "who": broadcast.author,
    }
    if not broadcast.plain:
        return Part("broadcast.list.without_text", given)
    return Part("broadcast.list.one", given | {"text": f"text:{_excerpt(broadcast.plain)}"})


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT].rstrip()}…"


def _can_open(visit: Visit, entry: Entry) -> bool:
    asked = entry.broadcast.stage is Stage.ASKED
    return asked or _sent(entry) or composing.hers(entry, visit.member)


def _sent(entry: Entry) -> bool:
    return entry.broadcast.stage in LIVE | OVER
