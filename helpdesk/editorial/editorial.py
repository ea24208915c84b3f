"""What families read in place of what was withdrawn, or of what a published file says newer.

One `Editorial` for each transaction. It changes parts of screens and holds no words of its own but
those of the published file; which rule withholds an outcome is in `bearing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import rules
from helpdesk.editorial import bearing, published, things
from helpdesk.editorial.checks import telephone
from helpdesk.editorial.published import COMMISSION, Contact, Language, Published, language_of
from helpdesk.messages import Param, Part
from rules import Determination, Law
from store import Tx, withdrawals
from store import published as kept
from store.hours import CARACAS

_LINES: Final = ("one", "two", "three", "four")
_IN_A_LIST: Final = "review.in_a_list"
_STANDS_FOR: Final = "review."
"""Opening of the keys of what is said instead: nothing of it is ever replaced again."""

_OWN_WORDS: Final = {
    "route.distress": "review.distress",
    "route.distress_small": "review.distress",
    "page.who_helps": "review.help",
    "route.person": "review.help",
    "step.ngo_lawyer": "review.help",
    "route.money": "review.money",
    "step.free_of_charge": "review.money",
    "step.lawyer_before_moving": "review.moving",
    "step.appeal_now": "review.appeal",
    "step.keep_presentations": "review.presentations",
    "step.amparo_whereabouts": "review.whereabouts",
    "result.first.free_of_charge": "review.money_short",
    "result.first.lawyer_before_moving": "review.moving_short",
    "result.first.appeal_now": "review.appeal_short",
    "result.first.keep_presentations": "review.presentations_short",
    "result.first.amparo_whereabouts": "review.whereabouts_short",
}
"""What is first aid stays said when its words are withdrawn."""

_WITHOUT_ITS_FIGURE: Final = {"step.defender_files": ("channels", "review.defender_files")}
"""A text of ours that repeats a figure, and the same without it."""

_CONTACTS: Final = {
    "page.who_helps": "review.who_helps",
    "step.ngo_lawyer": "review.ngo_lawyer",
    "route.person": "review.person",
    "case.unreachable": "review.unreachable",
}
"""What says that we have no contact, and the same where there is one."""

_OF_THE_COMMISSION: Final = {
    "step.commission": "review.commission",
    "page.commission_warning": "review.commission_page",
}


@dataclass(frozen=True)
class Editorial:
    """What is withdrawn (names as in `things`), the published file, and which contacts are good.

    ``language`` is the one in which published words are said.
    """

    withdrawn: frozenset[str] = frozenset()
    file: Published = published.NOTHING
    contacts: tuple[Contact, ...] = ()
    language: Language = "es"

    @cached_property
    def rules(self) -> frozenset[str]:
        """Ids of the withdrawn rules; `bearing.EVERY` among them stands for all."""
        names = (one.partition(":") for one in self.withdrawn)
        return frozenset(name for sort, _, name in names if sort == "rule")

    def told_in(self, language: str) -> Editorial:
        """Return the same, its published words in a language; Spanish for one without any."""
        told = language_of(language)
        return self if told == self.language else replace(self, language=told)

    def reviews(self, law: Law, found: Determination, answers: Mapping[str, Any]) -> bool:
        """Say whether a withdrawn rule, or reading of the courts, bears on a determination."""
        if not self.withdrawn:
            return False
        if self.rules and bearing.bears(law, found, answers, self.rules):
            return True
        literal, practice = (one.outcome for one in found.readings)
        return literal != practice and any(
            line.key.startswith("reading.") and things.of_key(line.key) in self.withdrawn
            for line in rules.explain(law, found, answers)
        )

    def reviews_line(self, key: str) -> bool:
        """Say whether a line of an explanation is of a withdrawn rule, or of a withdrawn reading.

        Of an explanation that was kept: it holds the rules that had a say in it.
        """
        if key.startswith("rule.") and things.EVERY_RULE in self.withdrawn:
            return True
        return key.startswith(("rule.", "reading.")) and self._is_withdrawn(key)

    def edit(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """Return the parts of a screen as they are to be said; what they were once, they stay.

        What would say the same twice says it once, and contacts follow the page that promises them.
        """
        if not self.withdrawn and self.file == published.NOTHING:
            return parts
        edited: dict[tuple[str, str], Part] = {}
        for part in parts:
            for one in self._said(part):
                edited.setdefault(_sameness(one), one)
        return tuple(edited.values())

    def _said(self, part: Part) -> tuple[Part, ...]:
        key = part.key
        if key.startswith(_STANDS_FOR):
            return (part,)
        if self._is_withdrawn(key):
            return (Part(instead_of(key)),)
        if key.startswith("result.lines."):
            return (self._lines(part),)
        if key == "page.who_helps" and self.contacts:
            told = tuple(contact_part(one, self.language) for one in self.contacts)
            return (Part(_CONTACTS[key]), *told, Part("review.take_care"))
        new = self._newer(key)
        if new is not None:
            return (new,)
        named = {name: self._param(value) for name, value in part.params.items()}
        return (part if named == dict(part.params) else replace(part, params=named),)

    def _is_withdrawn(self, key: str) -> bool:
        return things.of_key(key) in self.withdrawn

    def _newer(self, key: str) -> Part | None:
        """Return what the published file puts in the place of a message, if anything."""
        head, _, name = key.partition(".")
        text = self.file.figure(name) if head == "figure" else self.file.note(key)
        if text is not None:
            wrapper = "review.published" if head == "figure" else "review.published_note"
            return Part(wrapper, {"text": f"text:{text.of(self.language)}"})
        if key in _WITHOUT_ITS_FIGURE:
            figure, without = _WITHOUT_ITS_FIGURE[key]
            gone = f"figure:{figure}" in self.withdrawn or self.file.figure(figure) is not None
            return Part(without) if gone else None
        if key in _CONTACTS and self.contacts:
            return Part(_CONTACTS[key])
        if key in _OF_THE_COMMISSION and any(one.id == COMMISSION for one in self.contacts):
            return Part(_OF_THE_COMMISSION[key])
        return None

    def _lines(self, part: Part) -> Part:
        """Return the first steps; those that are withdrawn leave one line among them."""
        lines = tuple(dict.fromkeys(self._param(one) for one in part.params.values()))
        if lines == tuple(part.params.values()):
            return part
        named = {f"step{place}": line for place, line in enumerate(lines, 1)}
        return Part(f"result.lines.{_LINES[len(lines) - 1]}", named)

    def _param(self, value: Param) -> Param:
        """Return a parameter without the words that are withdrawn, alone or in a list."""
        if not isinstance(value, str):
            return value
        if value.startswith("list:"):
            items = (self._param(one) for one in value.removeprefix("list:").split("|"))
            return "list:" + "|".join(dict.fromkeys(str(one) for one in items))
        if not value.startswith("@") or not self._is_withdrawn(value[1:]):
            return value
        return "@" + _OWN_WORDS.get(value[1:], _IN_A_LIST)


NOTHING: Final = Editorial()


def load(tx: Tx, now: datetime) -> Editorial:
    """Return what is withdrawn and published at a moment."""
    withdrawn = frozenset(withdrawals.every(tx))
    file = current(tx)
    if not withdrawn and file == published.NOTHING:
        return NOTHING
    today = now.astimezone(CARACAS).date()
    contacts = tuple(
        one for one in file.contacts if one.shown_on(today) and f"contact:{one.id}" not in withdrawn
    )
    return Editorial(withdrawn, file, contacts)


def current(tx: Tx) -> Published:
    """Return the file that is published, whatever of it is shown."""
    stored = kept.get(tx)
    return published.NOTHING if stored is None else published.kept(stored[1])


def contact_part(one: Contact, language: Language) -> Part:
    """Return a contact as families read it."""
    reach = [telephone(one.phone) or "", one.email, one.address]
    lines = [words for words in reach if words]
    if one.hours is not None:
        lines.append(one.hours.of(language))
    return Part(
        "review.contact_of_the_state" if one.state else "review.contact",
        {
            "name": f"text:{one.name}",
            "what": f"text:{one.what.of(language)}",
            "reach": "text:" + "\n".join(lines),
            "day": f"date:{one.verified_on.isoformat()}",
        },
    )


def first_aid(key: str) -> str | None:
    """Return the key of what stays said of a text that is first aid, None for any other."""
    return _OWN_WORDS.get(key)


def instead_of(key: str) -> str:
    """Return the key of what stands for a withdrawn message."""
    if key in _OWN_WORDS:
        return _OWN_WORDS[key]
    if key.startswith("outcome."):
        return "review.limit"
    if key.startswith("figure."):
        return "review.figure"
    return "review.why_ask" if key.startswith("why_ask.") else "review.reviewing"


def _sameness(part: Part) -> tuple[str, str]:
    return part.key, repr(sorted(part.params.items()))
