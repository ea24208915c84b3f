"""Digits as people write them for other people: in groups, in words, or both; not what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_UNITS: Final = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres "
    "veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
)
_TENS: Final = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS: Final = (
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
    "novecientos"
)
_ENGLISH_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ENGLISH_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"


def _counted(words: str, first: int = 0, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


_SMALL: Final = {
    **_counted(_UNITS),
    **_counted(_ENGLISH_UNITS),
    "un": 1,
    "una": 1,
    "veintiun": 21,
}
_ROUND: Final = _counted(_TENS, 30, 10) | _counted(_ENGLISH_TENS, 20, 10)
_LARGE: Final = _counted(_HUNDREDS, 100, 100) | {"cien": 100}
_UNIT: Final = {word for word, value in _SMALL.items() if 0 < value < 10}

_NUMBER: Final = re.compile(
    r"\b(?:(?P<large>{large})(?:\s+(?=\b(?:{round}|{small})\b)|\b))?"
    r"(?:(?P<round>{round})(?:(?:\s+y\s+|[\s-]+)(?P<unit>{unit}))?|(?P<small>{small}))?\b".format(
        large="|".join(_LARGE),
        round="|".join(_ROUND),
        small="|".join(sorted(_SMALL, key=len, reverse=True)),
        unit="|".join(sorted(_UNIT, key=len, reverse=True)),
    )
)
_DATES: Final = re.compile(
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:(?:19|20)?\d\d)(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d-\d\d?-\d\d?(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d ?[-–—/] ?(?:19|20)\d\d(?!\d)"
    r"|(?<!\d)\d\d?:\d\d(?!\d)"
)
_TIGHT: Final = re.compile(r"\d+(?:(?: {1,3}| ?[-/()_*+–—'|]{1,3} ?|\.| \. )\d+)*")
_LOOSE: Final = re.compile(
    r"\d+(?:(?:[^\w]|_|\b(?:y|e|guion|raya|espacio|punto|luego|despues|and|dash|then)\b)+\d+)*"
)
_GROUP: Final = re.compile(r"\d+")


def in_digits(text: str) -> str:
    """Return a text in small letters without accents with its number words in digits."""
    return _NUMBER.sub(_figure, text)


def without_dates(text: str) -> str:
    """Return a text without days, spans of years and times of the day."""
    return _DATES.sub(" · ", text)


def tight_runs(text: str) -> Iterator[str]:
    """Yield digits with nothing but blanks, dots, dashes and the like between: one number."""
    for match in _TIGHT.finditer(text):
        yield "".join(_GROUP.findall(match.group(0)))


def loose_runs(text: str) -> Iterator[list[str]]:
    """Yield groups of digits with any signs, or words such as "guion", between: perhaps a list."""
    for match in _LOOSE.finditer(text):
        yield _GROUP.findall(match.group(0))


def _figure(match: re.Match[str]) -> str:
    large, tens, unit, small = match.group("large", "round", "unit", "small")
    if not match.group(0):
        return ""
    value = _LARGE.get(large or "", 0) + _ROUND.get(tens or "", 0)
    value += _SMALL.get(unit or "", 0) + _SMALL.get(small or "", 0)
    return str(value)
