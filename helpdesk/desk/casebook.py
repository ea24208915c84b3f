"""Cases as the desk finds and writes them; what is done with one is decided elsewhere.

A case that cannot be read, damaged or of another form, is not there: nobody could answer it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from helpdesk.desk import codes
from helpdesk.desk.case import Case
from helpdesk.errors import OutdatedState
from store import StoredCase, Tx, cases
from store.errors import IntegrityError, OpenCaseError
from store.hours import moment, seconds

KEPT: Final = timedelta(days=7)
"""What was talked about is kept so long after the end of a case."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A case and where it is kept. ``chat`` is the family's."""

    stored: StoredCase
    case: Case

    @property
    def id(self) -> bytes:
        """The id of its row, which posts of the case carry."""
        return self.stored.id

    @property
    def chat(self) -> int | None:
        """The family's chat."""
        return self.stored.chat


def begin(tx: Tx, chat: int, case: Case, now: datetime) -> Entry:
    """Write a new case of a chat that has no open one that can be read."""
    try:
        stored = cases.new(tx, chat, case.write(), (_code_key(case.code),), now)
    except OpenCaseError:
        # There is one that nobody can read: it would keep her from a person for good.
        cases.forget(tx, chat)
        stored = cases.new(tx, chat, case.write(), (_code_key(case.code),), now)
    return Entry(stored, case)


def save(tx: Tx, entry: Entry, case: Case, now: datetime, *, group: int | None = None) -> Entry:
    """Write a case as it is now. ``group`` is needed when it got a topic or the group changed."""
    keys = [_code_key(case.code)]
    if case.topic is not None:
        if group is not None:
            keys.append(_topic_key(group, case.topic))
        elif case.topic == entry.case.topic:
            keys += [key for key in entry.stored.keys if key.startswith("topic:")]
    stored = replace(entry.stored, body=case.write(), keys=tuple(keys))
    purge_at = None if case.closed_at is None else moment(case.closed_at) + KEPT
    cases.put(tx, stored, now, purge_at=purge_at)
    return Entry(stored, case)


def of_chat(tx: Tx, chat: int) -> Entry | None:
    """Return the open case of a family."""
    try:
        return _read(cases.of_chat(tx, chat))
    except IntegrityError:
        return None


def all_of_chat(tx: Tx, chat: int) -> list[Entry]:
    """Return every case of a family, the newest first; closed ones for as long as they are kept."""
    found = _every(cases.all_of_chat(tx, chat))
    return sorted(found, key=lambda one: (one.case.open, one.case.opened_at), reverse=True)


def of_code(tx: Tx, typed: str) -> Entry | None:
    """Return the case of a code as somebody wrote it, open or closed."""
    code = codes.normal(typed)
    return None if code is None else _found(tx, _code_key(code))


def of_topic(tx: Tx, group: int, topic: int) -> Entry | None:
    """Return the case that a topic is of, open or closed."""
    return _found(tx, _topic_key(group, topic))


def of_id(tx: Tx, case_id: bytes) -> Entry | None:
    """Return the case of a row."""
    try:
        return _read(cases.get(tx, case_id))
    except IntegrityError:
        return None


def every_open(tx: Tx) -> list[Entry]:
    """Return every open case, in an order that means nothing."""
    return _every(cases.open_cases(tx))


def every_closed(tx: Tx) -> list[Entry]:
    """Return every closed case that is still kept."""
    return _every(cases.closed_cases(tx))


def due(tx: Tx, now: datetime) -> list[Entry]:
    """Return those that will be deleted within the hour: closed for long, or idle for long."""
    return _every(cases.due(tx, now))


def held_by(tx: Tx, name: str) -> list[Entry]:
    """Return the open cases that a volunteer has in hand."""
    return [one for one in every_open(tx) if one.case.owner == name]


def new_code(tx: Tx) -> str:
    """Return a code that no case has."""
    while True:
        code = codes.new_code()
        if cases.find(tx, _code_key(code)) is None:
            return code


def since(case_moment: int | None, now: datetime) -> int:
    """Return the seconds since a moment of a case; 0 for none, and for one in the future."""
    return 0 if case_moment is None else max(0, seconds(now) - case_moment)


def _found(tx: Tx, key: str) -> Entry | None:
    try:
        return _read(cases.find(tx, key))
    except IntegrityError:
        return None


def _every(found: Iterable[StoredCase]) -> list[Entry]:
    entries = (_read(stored) for stored in found)
    return [entry for entry in entries if entry is not None]


def _read(stored: StoredCase | None) -> Entry | None:
    if stored is None:
        return None
    try:
        return Entry(stored, Case.read(stored.body))
    except OutdatedState:
        return None


def _code_key(code: str) -> str:
    return f"code:{code}"


def _topic_key(group: int, topic: int) -> str:
    return f"topic:{group}:{topic}"
