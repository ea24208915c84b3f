"""Commands that are about no case, given in the group or in private: shifts, help, the queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from helpdesk.desk import notices, posture, queue, staff
from helpdesk.desk.messages import Where
from helpdesk.desk.occasion import Occasion, line
from helpdesk.desk.staff import Deed
from helpdesk.folding import fold
from helpdesk.messages import Part

_YES: Final = frozenset({"si", "on", "yes"})
_NO: Final = frozenset({"no", "off"})


def _duty(occasion: Occasion, rest: str) -> None:
    if not occasion.may(Deed.DUTY):
        return
    typed = fold(rest).strip()
    if typed in _YES or typed in _NO:
        on = typed in _YES
        staff.set_duty(occasion.tx, occasion.member, on, occasion.now)
        occasion.tell(line(f"desk.duty.{'on' if on else 'off'}", who=occasion.member.name))
    else:
        occasion.tell(line("desk.duty.how"))


def _language(occasion: Occasion, rest: str) -> None:
    if not occasion.may(Deed.LANGUAGE):
        return
    typed = rest.strip().lower()
    if typed in ("es", "en"):
        language: notices.Language = "en" if typed == "en" else "es"
        occasion.member = staff.set_language(occasion.tx, occasion.member, language)
        occasion.tell(line("desk.language.set"))
    else:
        occasion.tell(line("desk.language.how"))


def _doctor(occasion: Occasion, rest: str) -> None:
    """Say what is wrong with the group, in private: into an unsafe group nothing goes."""
    if not occasion.may(Deed.DOCTOR):
        return
    reading = posture.read(occasion.tx)
    found = () if reading is None else reading.problems
    told = [part for one in found for part in (posture.words(one), posture.fix(one))]
    if reading is None:
        told = [Part("desk.doctor.unknown")]
    safe = posture.safe(occasion.tx, occasion.now)
    head = Part("desk.doctor.safe" if safe else "desk.doctor.unsafe")
    occasion.in_private(head, *told)
    if occasion.command.where is not Where.PRIVATE:
        occasion.tell(line("desk.in_private"))


def _queue(occasion: Occasion, rest: str) -> None:
    if occasion.may(Deed.QUEUE):
        queue.anew(occasion.tx, occasion.now)


def _help(occasion: Occasion, rest: str) -> None:
    if occasion.may(Deed.HELP):
        private = occasion.command.where is Where.PRIVATE
        occasion.tell(Part("desk.help.private") if private else Part("desk.help"))


COMMANDS: Final[dict[str, Callable[[Occasion, str], None]]] = {
    "turno": _duty,
    "idioma": _language,
    "doctor": _doctor,
    "cola": _queue,
    "ayudaequipo": _help,
}
"""By name; each takes what was typed after it."""
