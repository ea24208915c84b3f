"""The buttons under a broadcast's progress: what each does, and what is asked before it does it.

Whoever presses is an organiser: that was looked at before. What cannot be undone takes two presses,
and the first one says what the second does. How a broadcast is written is in `composing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.broadcasts import amending, letters, presses, progress, shelf, steering
from helpdesk.broadcasts.broadcast import LIVE
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.messages import Note, OrganiserReply
from helpdesk.broadcasts.presses import Pressed
from helpdesk.broadcasts.shelf import Entry
from helpdesk.desk.staff import Member
from helpdesk.messages import Button, Param, Part, Screen
from store import Tx

_GONE: Final = "sending.gone"
_NOT_NOW: Final = "sending.not_now"


def press(
    tx: Tx, pressed: Pressed, message_id: int, member: Member, now: datetime, studio: Studio
) -> OrganiserReply:
    """Do what a button under a broadcast says, or ask whether it is meant."""
    entry = shelf.get(tx, pressed.id)
    if entry is None:
        return _refused(member, _GONE)
    return _DEEDS[pressed.verb](_Press(tx, entry, message_id, member, now, studio))


@dataclass(frozen=True, slots=True)
class _Press:
    """One press of one organiser, under a message that shows ``entry``."""

    tx: Tx
    entry: Entry
    message_id: int
    member: Member
    now: datetime
    studio: Studio

    @property
    def called(self) -> dict[str, Param]:
        """What the broadcast is called, as a parameter."""
        return {"called": self.entry.broadcast.called}

    def shows(self, done: Entry | None, otherwise: str = "") -> OrganiserReply:
        """Show in the pressed message how it stands now; ``done`` is what came of the press.

        Another message of hers that showed it shows it no more. ``otherwise`` is what she is told
        when nothing came of it.
        """
        entry = done or self.entry
        notes = [progress.edited(self.tx, entry, self.member, self.message_id, self.now)]
        other = entry.broadcast.screens.get(self.member.name)
        if other is not None and other != self.message_id:
            notes.insert(0, progress.moved(entry, self.member, other))
        alert = Part(otherwise) if otherwise and done is None else None
        return self.replies(*notes, alert=alert, stirred=done is not None)

    def asks(self, verb: str, *parts: Part, before: tuple[Note, ...] = ()) -> OrganiserReply:
        """Ask in a message of its own whether something is meant."""
        id = self.entry.id
        yes = presses.button(f"button.sending.{verb}_yes", f"{verb}_yes", id)
        no = presses.button("button.sending.no", "stay", id)
        return self.replies(*before, self.says(None, *parts, rows=((yes,), (no,))))

    def says(
        self, edit: int | None, *parts: Part, rows: tuple[tuple[Button, ...], ...] = ()
    ) -> Note:
        """Return a message to her, in place of another or a new one."""
        shows = Screen(parts, rows)
        return Note(self.member.user, shows, edit=edit, language=self.member.language)

    def replies(
        self, *notes: Note, alert: Part | None = None, stirred: bool = False
    ) -> OrganiserReply:
        """Return what is left to do."""
        language = self.member.language
        return OrganiserReply(notes, alert=alert, language=language, stirred=stirred)


def _pause(press: _Press) -> OrganiserReply:
    done = steering.pause(press.tx, press.entry, press.member, press.now)
    return press.shows(done, _NOT_NOW)


def _resume(press: _Press) -> OrganiserReply:
    return press.shows(steering.resume(press.tx, press.entry, press.now), _NOT_NOW)


def _cancel(press: _Press) -> OrganiserReply:
    found = progress.numbers(press.tx, press.entry)
    if press.entry.broadcast.stage not in LIVE or found is None:
        return press.shows(None, _NOT_NOW)
    return press.asks("cancel", Part("sending.ask_cancel", press.called, found.open))


def _cancel_yes(press: _Press) -> OrganiserReply:
    done = steering.cancel(press.tx, press.entry, press.now)
    key = _NOT_NOW if done is None else "sending.cancelled"
    note = press.says(press.message_id, Part(key, {} if done is None else press.called))
    return press.replies(note, stirred=done is not None)


def _again(press: _Press) -> OrganiserReply:
    found = progress.numbers(press.tx, press.entry)
    may = steering.may_send_again(press.entry.broadcast, press.now)
    if found is None or not found.unknown or not may:
        return press.shows(None, _NOT_NOW)
    return press.asks("again", Part("sending.ask_again", press.called, found.unknown))


def _again_yes(press: _Press) -> OrganiserReply:
    return press.shows(steering.send_again(press.tx, press.entry, press.now), _NOT_NOW)


def _retract(press: _Press) -> OrganiserReply:
    target = amending.original(press.tx, press.entry)
    refusal = _GONE if target is None else amending.may(press.tx, target, press.now)
    if refusal is not None or target is None:
        return _refused(press.member, refusal or _GONE)
    words = letters.of_words(amending.RETRACTED, press.studio)
    preview = Note(press.member.user, letter=words, language=press.member.language)
    told = amending.told(amending.outlook(press.tx, target, press.now))
    asked = Part("sending.ask_retract", {"called": target.broadcast.called})
    return press.asks("retract", asked, *told, before=(preview,))


def _retract_yes(press: _Press) -> OrganiserReply:
    target = amending.original(press.tx, press.entry)
    refusal = _GONE if target is None else amending.may(press.tx, target, press.now)
    if refusal is not None or target is None:
        return _refused(press.member, refusal or _GONE)
    return press.shows(amending.retract(press.tx, target, press.member, press.studio, press.now))


def _stay(press: _Press) -> OrganiserReply:
    return press.replies(press.says(press.message_id, Part("sending.as_it_was", press.called)))


def _refused(member: Member, key: str) -> OrganiserReply:
    return OrganiserReply(alert=Part(key), loud=True, language=member.language)


_DEEDS: Final[dict[str, Callable[[_Press], OrganiserReply]]] = {
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
