"""Whether a file may be published: its form, its words, its telephones; every fault at once.

A fault is a line, a place and the key of its words: whoever made the file reads them in Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import phonenumbers
import yaml
from babel import Locale
from pydantic import ValidationError

from helpdesk.broadcasts import links
from helpdesk.desk.outgoing_filter import Why, holds
from helpdesk.editorial import published, sheet, things
from helpdesk.editorial.published import MOST_BYTES, Published
from helpdesk.editorial.sheet import Fault, Place, Sheet
from locales import Catalogue, lexicon
from locales.dates import spoken

_LANGUAGES: Final = ("es", "en")
_KEY: Final = "review.published"
"""Under which the words are held against the lexicon: no exception of ours is theirs."""

_EMAIL: Final = re.compile(r"[\w.+-]{1,40}@(?:[\w-]+\.)+[a-z]{2,10}", re.IGNORECASE)
_LINK: Final = re.compile(
    r"https?:|www\.|\bt\.me\b|@|\b[\w-]{2,}\.(?:com|org|net|ve|gob|info|es|io|me)\b", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"\+?\d(?:[ .()/-]?\d){6,}")
_MARKS: Final = re.compile(r"[<>{}]")
_YEARS: Final = re.compile(r"(?:19|20)\d\d[ ./-]{1,3}(?:19|20)\d\d")
_PLAIN_DAY: Final = re.compile(r"20\d\d-\d\d-\d\d")
_ELSEWHERE: Final = frozenset({Why.PHONE, Why.EMAIL, Why.HANDLE, Why.LINK})
_NEVER: Final = frozenset({Why.MONEY, Why.PRIVATE_CONTACT, Why.ASKS, Why.DISGUISE})
"""What the filter of replies holds, and no published word may say: a family reads it as ours."""
_COMMISSION: Final = re.compile(r"comision de la asamblea|assembly's commission")
_WARNED: Final = {
    "es": "es un organo del estado: sus datos quedan alli; usted decide",
    "en": "is a state body: your data stay there; you decide",
}
_SHAPES: Final = {
    "missing": "editorial.fault.missing",
    "extra_forbidden": "editorial.fault.unknown",
    "string_too_long": "editorial.fault.too_long",
    "too_long": "editorial.fault.too_many",
    "string_too_short": "editorial.fault.too_short",
    "string_pattern_mismatch": "editorial.fault.pattern",
    "bool_type": "editorial.fault.flag",
    "bool_parsing": "editorial.fault.flag",
    "date_from_datetime_parsing": "editorial.fault.day",
    "date_parsing": "editorial.fault.day",
    "date_type": "editorial.fault.day",
}
_LIMITS: Final = frozenset({"max_length", "min_length"})


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a file: what it says when it may be published, else every fault of it."""

    published: Published | None
    faults: tuple[Fault, ...]


def check(content: bytes, words: Mapping[str, Catalogue], today: date) -> Checked:
    """Read a file and check it. ``words`` are ours by language, ``today`` is the day in Caracas."""
    if len(content) > MOST_BYTES:
        return _refused(1, "editorial.fault.long")
    try:
        text = content.decode("utf-8-sig")
        read = sheet.read(text)
    except UnicodeDecodeError:
        return _refused(1, "editorial.fault.encoding")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _refused(mark.line + 1 if mark else 1, "editorial.fault.yaml")
    except yaml.YAMLError:
        return _refused(1, "editorial.fault.yaml")
    if read.faults:
        return Checked(None, tuple(read.faults))
    if not isinstance(read.value, dict):
        return _refused(1, "editorial.fault.form")
    found, faults = None, list(_faults(read, words, today))
    try:
        found = published.model(read.value)
    except ValidationError as error:
        faults += (_shape(read, entry) for entry in error.errors(include_url=False))
    if found == published.NOTHING and not faults:
        faults.append(read.fault((), "editorial.fault.empty"))
    # Two rules may find the same at one place: it is said once.
    faults = list({(one.line, one.place, one.key): one for one in faults}.values())
    faults.sort(key=lambda one: (one.line, one.place))
    return Checked(None if faults else found, tuple(faults))


def _refused(line: int, key: str) -> Checked:
    return Checked(None, (Fault(line, "–", key),))


def _shape(read: Sheet, error: Any) -> Fault:
    """Turn one of pydantic's errors into a fault."""
    key = _SHAPES.get(error["type"], "editorial.fault.shape")
    limits = [value for name, value in error.get("ctx", {}).items() if name in _LIMITS]
    params: dict[str, str | int] = {"limit": limits[0]} if limits else {}
    return read.fault(tuple(error["loc"]), key, **params)


def _faults(read: Sheet, words: Mapping[str, Catalogue], today: date) -> Iterator[Fault]:
    """Check what the words say, as far as they are words: the form is checked elsewhere."""
    figures = {key.removeprefix("figure.") for key in words["es"].keys if key.startswith("figure.")}
    notes = {key for key in words["es"].keys if key.startswith(("note.", "reading."))}
    for part in ("contacts", "figures", "notes"):
        yield from _repeated(read, part)
    for place, entry in _entries(read, "contacts"):
        yield from _contact(read, place, entry, today)
    for part, known in (("figures", figures), ("notes", notes)):
        for place, entry in _entries(read, part):
            yield from _text(read, place, entry, known, today)


def _entries(read: Sheet, part: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    listed = read.value.get(part) if isinstance(read.value, dict) else None
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield (part, number), entry


def _repeated(read: Sheet, part: str) -> Iterator[Fault]:
    seen: set[object] = set()
    for place, entry in _entries(read, part):
        name = entry.get("id")
        if isinstance(name, str) and name in seen:
            yield read.fault((*place, "id"), "editorial.fault.same_id", name=name)
        seen.add(str(name))


def _contact(read: Sheet, place: Place, entry: dict[str, Any], today: date) -> Iterator[Fault]:
    reach = [entry.get(name) for name in ("phone", "email", "address")]
    if not any(reach):
        yield read.fault(place, "editorial.fault.no_reach")
    phone, email = entry.get("phone"), entry.get("email")
    if phone and isinstance(phone, str) and telephone(phone) is None:
        yield read.fault((*place, "phone"), "editorial.fault.phone")
    if email and isinstance(email, str) and not _EMAIL.fullmatch(email):
        yield read.fault((*place, "email"), "editorial.fault.email")
    verified = entry.get("verified_on")
    if isinstance(verified, str) and not _PLAIN_DAY.fullmatch(verified):
        # Read as seconds since 1970, a row of digits would be a day that is long to come.
        yield read.fault((*place, "verified_on"), "editorial.fault.day")
    day = _day(verified)
    if day is not None and day > today:
        yield read.fault((*place, "verified_on"), "editorial.fault.future")
    if not things.is_name(f"contact:{entry.get('id')}"):
        yield read.fault((*place, "id"), "editorial.fault.pattern")
    for name in ("name", "address"):
        for language in _LANGUAGES:
            yield from _words(read, (*place, name), entry.get(name), language)
    for name in ("what", "hours"):
        told = entry.get(name)
        for language, said in told.items() if isinstance(told, dict) else ():
            if language in _LANGUAGES:
                yield from _words(read, (*place, name, language), said, language)


def _text(
    read: Sheet, place: Place, entry: dict[str, Any], known: set[str], today: date
) -> Iterator[Fault]:
    name, month = entry.get("id"), entry.get("as_of")
    if isinstance(name, str) and name not in known:
        yield read.fault((*place, "id"), "editorial.fault.no_such", names=", ".join(sorted(known)))
    first = _day(f"{month}-01")
    if first is not None and first > today:
        yield read.fault((*place, "as_of"), "editorial.fault.future")
    for language in _LANGUAGES:
        told = entry.get(language)
        yield from _words(read, (*place, language), told, language)
        if first is None or not isinstance(told, str):
            continue
        said = spoken(str(month), Locale.parse(language))
        if lexicon.fold(said) not in lexicon.fold(told):
            yield read.fault((*place, language), "editorial.fault.month", month=said)
        folded = lexicon.fold(told)
        if _COMMISSION.search(folded) and _WARNED[language] not in folded:
            yield read.fault((*place, language), "editorial.fault.state")


def _words(read: Sheet, place: Place, told: object, language: str) -> Iterator[Fault]:
    """Check words that a family would read."""
    if not isinstance(told, str):
        return
    for fault in lexicon.faults(told, _KEY, language):
        yield read.fault(place, "editorial.fault.lexicon", hint=f"text:{fault.hint}")
    if _MARKS.search(told):
        yield read.fault(place, "editorial.fault.marks")
    if "\n" in told.strip():
        yield read.fault(place, "editorial.fault.lines")
    why = frozenset(holds(told))
    if (
        why & _ELSEWHERE
        or links.may_be_in(told)
        or _LINK.search(told)
        or _NUMBER.search(_YEARS.sub("", told))
    ):
        yield read.fault(place, "editorial.fault.hidden_contact")
    for one in sorted(why & _NEVER):
        yield read.fault(place, f"broadcast.fault.filter.{one}")


def telephone(typed: str) -> str | None:
    """Return a telephone number as it is shown, ``+58 212-5550100``; None when it is none.

    Without a country it is Venezuelan.
    """
    try:
        number = phonenumbers.parse(typed, "VE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE:
        return None
    shown: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return shown


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None
