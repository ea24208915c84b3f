"""Cases as the command line reads them: one JSON object, or a list of which none spoils another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from rules.errors import CaseFault, InvalidCase
from rules.law import Law
from rules.loader import Laws
from rules.sheet import Sheet, collect_sheet

KEYS = ("law", "version", "as_of", "facts")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One case, ready to be assessed."""

    law: Law
    sheet: Sheet
    as_of: date
    as_of_defaulted: bool


def read_case(laws: Laws, value: object, today: date) -> Case:
    """Read one case. Raises InvalidCase with every fault in it.

    ``today`` is used where the case names no day; the case says so.
    """
    if not isinstance(value, Mapping):
        message = "a case is an object"
        raise InvalidCase((CaseFault("", "bad_type", message, 'write {"law": …, "facts": {…}}'),))
    faults = [
        CaseFault(
            str(key), "unknown_key", f"there is no key {str(key)!r}", f"keys: {', '.join(KEYS)}"
        )
        for key in value
        if key not in KEYS
    ]
    as_of, defaulted = _as_of(value, today, faults)
    law = _law(laws, value, as_of, faults)
    # With no law to hold them against, the facts are read by the newest there is: a fault in
    # the law's name must not hide one in the facts.
    reader = law or laws.versions[max(laws.versions)]
    sheet, found = collect_sheet(reader, value.get("facts", {}), "facts")
    faults += found
    if law is None or faults:
        raise InvalidCase(tuple(faults))
    return Case(law, sheet, as_of, defaulted)


def _as_of(value: Mapping[str, object], today: date, faults: list[CaseFault]) -> tuple[date, bool]:
    if "as_of" not in value:
        return today, True
    text = value["as_of"]
    try:
        if not isinstance(text, str) or not _DAY.fullmatch(text):
            raise ValueError("not a day")
        return date.fromisoformat(text), False
    except ValueError:
        message = "as_of is not a day that exists"
        faults.append(CaseFault("as_of", "bad_date", message, "write it as 2026-11-21"))
        return today, True


def _law(
    laws: Laws, value: Mapping[str, object], as_of: date, faults: list[CaseFault]
) -> Law | None:
    name, version = value.get("law"), value.get("version")
    if not isinstance(name, str) or name not in laws.names:
        hint = f"the laws are: {', '.join(laws.names)}"
        faults.append(CaseFault("law", "unknown_law", "there is no law of this name", hint))
        return None
    if version is not None and version not in laws.versions_of(name):
        hint = f"the versions are: {', '.join(laws.versions_of(name))}"
        faults.append(CaseFault("version", "unknown_version", "there is no such version", hint))
        return None
    try:
        law = laws.get(name, as_of=as_of, version=str(version) if version else None)
        if as_of < law.in_force:
            raise LookupError(f"{name} came into force on {law.in_force.isoformat()}")
    except LookupError as error:
        hint = "give an as_of on or after that day"
        faults.append(CaseFault("as_of", "before_the_law", str(error.args[0]), hint))
        return None
    return law


def answer_all(
    laws: Laws, value: object, today: date, answer: Callable[[Case], BaseModel | Json]
) -> tuple[Any, bool]:
    """Answer a case, or each case of a list; a bad one becomes its list of faults.

    Returns what to print, and whether every case could be answered.
    """
    if isinstance(value, list):
        answers = [_one(laws, item, today, answer) for item in value]
        return [printed for printed, _ in answers], all(good for _, good in answers)
    return _one(laws, value, today, answer)


def _one(
    laws: Laws, value: object, today: date, answer: Callable[[Case], BaseModel | Json]
) -> tuple[Json, bool]:
    try:
        result = answer(read_case(laws, value, today))
    except InvalidCase as error:
        return {"error": [asdict(fault) for fault in error.faults]}, False
    if isinstance(result, BaseModel):
        return result.model_dump(mode="json", by_alias=True), True
    return result, True
