"""Reads a YAML text that somebody sent, with the line of every value; what it says is not checked.

Values are texts, ``true`` and ``false``, lists and mappings: a day stays text, "no" stays "no".
What is written for programs (references from one place to another, several documents) is refused:
thirty letters of it can stand for a million values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import yaml

Place = tuple[str | int, ...]
Value = str | bool | list["Value"] | dict[str, "Value"]

DEEPEST: Final = 6
"""Levels within each other: the file needs four."""

MOST_VALUES: Final = 4000

_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_FLAGS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: the line (from 1), where in the file, the key of its words and what they name.

    ``place`` is as people point at it: ``contacts[2].phone``, the first being 1.
    """

    line: int
    place: str
    key: str
    params: dict[str, str | int] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """A text as plain values, the line of every place in it, and the faults met."""

    value: Value = ""
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: Place, key: str, **params: str | int) -> Fault:
        """Return the fault of a place."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        return Fault(self.lines.get(known, 1), shown(place), key, params)


def shown(place: Place) -> str:
    """Write a place as people point at it."""
    written = ""
    for step in place:
        written += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if written else step
    return written or "–"


def read(text: str) -> Sheet:
    """Read a text. Raises yaml.YAMLError when it is no YAML; its other faults are collected.

    Event by event, and never by building the document first: what is nested too deep is left
    before it can take the machine's memory, or its stack.
    """
    reader = _Reader()
    for event in yaml.parse(text, Loader=_LOADER):
        if not reader.take(event):
            break
    return reader.sheet


class _Reader:
    """Builds the values of one text from its events."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self._open: list[tuple[Place, list[Value] | dict[str, Value]]] = []
        self._key: str | None = None
        self._values = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> bool:
        """Take the next event; False when the rest is not worth looking at."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            return self._documents == 1 or self._refuse(line, "editorial.fault.documents")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return self._refuse(line, "editorial.fault.reference")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line)
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            return self._begin([] if isinstance(event, yaml.SequenceStartEvent) else {}, line)
        if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._open.pop()
        return True

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> bool:
        text = str(event.value)
        if self._open and isinstance(self._open[-1][1], dict) and self._key is None:
            self._key = text
            place, holder = self._open[-1]
            self.sheet.lines.setdefault((*place, text), line)
            if text in holder:
                self.sheet.faults.append(
                    self.sheet.fault((*place, text), "editorial.fault.twice", name=text)
                )
            return True
        quoted = bool(event.style)
        return self._put(text if quoted else _FLAGS.get(text, text), line) is not None

    def _begin(self, holder: list[Value] | dict[str, Value], line: int) -> bool:
        if self._open and self._is_key():
            return self._refuse(line, "editorial.fault.form")
        if len(self._open) >= DEEPEST:
            return self._refuse(line, "editorial.fault.deep")
        place = self._put(holder, line)
        if place is None:
            return False
        self._open.append((place, holder))
        return True

    def _is_key(self) -> bool:
        return isinstance(self._open[-1][1], dict) and self._key is None

    def _put(self, value: Value, line: int) -> Place | None:
        """Put a value where it belongs, and note its line; None when there are too many."""
        self._values += 1
        if self._values > MOST_VALUES:
            self._refuse(line, "editorial.fault.long")
            return None
        if not self._open:
            self.sheet.value = value
            self.sheet.lines[()] = line
            return ()
        place, holder = self._open[-1]
        if isinstance(holder, list):
            holder.append(value)
            here: Place = (*place, len(holder) - 1)
        else:
            assert self._key is not None  # a mapping's values come after their keys
            holder[self._key] = value
            here, self._key = (*place, self._key), None
        self.sheet.lines.setdefault(here, line)
        return here

    def _refuse(self, line: int, key: str) -> bool:
        self.sheet.faults.append(Fault(line, "–", key))
        return False
