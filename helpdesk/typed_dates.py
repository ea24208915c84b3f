"""Reads dates as people write them; what it returns is only ever a suggestion to confirm."""

from __future__ import annotations

import calendar
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rapidfuzz import fuzz, process

from helpdesk.folding import fold
from rules.spans import Span

EARLIEST = 1958
"""A year before this one is taken for a slip: nobody is detained for facts that old."""


class Unread(StrEnum):
    """Why a text gave no date; each has its own kind answer."""

    NOT_A_DATE = "not_a_date"
    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    TOO_OLD = "too_old"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class NeedsMonth:
    """Only a year was written: the month is asked once."""

    year: int


@dataclass(frozen=True, slots=True)
class NeedsYear:
    """A month, perhaps with a day, was written without its year: the year is asked."""

    month: int
    day: int | None


Reading = Span | NeedsMonth | NeedsYear | Unread

_MONTHS = ["enero", "febrero", "marzo", "abril", "mayo", "junio"]
_MONTHS += ["julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"]
# Other ways of writing a month that are no everyday word, as "set" is.
_VARIANTS = {"sept": 9, "setiembre": 9, "dbre": 12}
_SHORT = {name[:3]: number for number, name in enumerate(_MONTHS, 1)} | {"set": 9} | _VARIANTS
_UNITS = ["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]
_TEENS = ["diez", "once", "doce", "trece", "catorce", "quince"]
_TEENS += [f"dieci{unit}" for unit in _UNITS[5:]]
_TWENTIES = ["veinte"] + [f"veinti{unit}" for unit in _UNITS]
_NUMBERS = {
    word: number for number, word in enumerate([*_UNITS, *_TEENS, *_TWENTIES, "treinta"], 1)
} | {"primero": 1, "un": 1, "una": 1}
# Everyday words that a fuzzy comparison takes for a month.
_NOT_MONTHS = {
    "mayor",
    "mayores",
    "marco",
    "marcos",
    "juicio",
    "julia",
    "abrir",
    "abrio",
    "agotado",
}

_DAY = r"(?P<day>\d{1,2})"
_MONTH = r"(?P<month>M\d{1,2})"
_OF = r"(?:\s+(?:de|del|en|el|ano|año|mes))*\s*"
_YEAR = r"(?P<year>\d{4})"

_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([/.\-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?!\d|[/.\-]\d)")
_MONTH_NUMBER = re.compile(r"(?<![\d/.\-])(\d{1,2})[/\-.](\d{4})(?!\d|[/.\-]\d)")
_SPACED = re.compile(r"(?<!\d)(\d{1,2}) (\d{1,2}) (\d{4})(?!\d)")
_FULL = re.compile(rf"\b{_DAY}{_OF}{_MONTH}(?:{_OF}{_YEAR})?\b")
_MONTH_YEAR = re.compile(rf"\b{_MONTH}(?:{_OF}{_YEAR})?\b")
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+{_DAY}(?:{_OF}{_YEAR})?\b")
_YEAR_ALONE = re.compile(r"(?<![\d.,/\-])(19\d\d|20\d\d)(?![\d/\-]|[.,]\d)")
_PART = re.compile(
    r"\b(finales|fines|final|fin|ultimos|principios?|comienzos?|inicios?|primeros|mediados)\b"
)
_AGO = re.compile(
    r"\bhac[ei]\s+(?:como\s+|unos\s+|unas\s+|casi\s+)*(\d{1,2})\s+(dia|semana|mes|año|ano)"
)
_AGE = re.compile(r"(?<!hace )(?<!\d)\d{1,2}\s+(?:años|anos)\b")
_JOINED = re.compile(r"\s(?:y|e|al|a|hasta|o|u)\s(?:el\s|la\s|dia\s)*|\s-\s")
_WEEKDAY = re.compile(
    r"\b(lunes|martes|miercoles|jueves|viernes|sabado|domingo|ayer|anteayer|antier|hoy)\b"
)
_DEAD_WORDS = re.compile(r"\b(mas o menos|aproximadamente|creo que|como|fue|el dia|por ahi)\b")


def read(text: str, today: date) -> Reading:
    """Read the date in a text; ``today`` is the day in Caracas.

    A span is what is known: "julio de 2024" is 31 days. A date that comes without its year, or a
    year without its month, says so, and the interview asks; nothing is guessed.
    """
    plain = _normalise(text, today)
    spans = _relative(plain, today) or _range(plain) or _dates(plain)
    if not spans:
        spans = _by_dateparser(text, today)
    if not spans:
        return Unread.NOT_A_DATE
    if len(set(spans)) > 1:
        return Unread.SEVERAL
    return _checked(_sided(spans[0], plain), today)


def completed(month: int, day: int | None, year: int, today: date) -> Span | Unread:
    """Return the span of a month or day once its year is known."""
    reading = _checked(_span(year, month, day), today)
    return reading if isinstance(reading, Span | Unread) else Unread.NOT_A_DATE


def _checked(reading: Reading, today: date) -> Reading:
    if isinstance(reading, NeedsMonth):
        if reading.year < EARLIEST:
            return Unread.TOO_OLD
        return Unread.FUTURE if reading.year > today.year else reading
    if isinstance(reading, Span):
        if reading.first.year < EARLIEST:
            return Unread.TOO_OLD
        if reading.first > today:
            return Unread.FUTURE
    return reading


def _normalise(text: str, today: date) -> str:
    plain = fold(text).replace("°", "").replace("–", "-").replace("—", "-")
    plain = re.sub(r"\b28\s*-?\s*j\b", "28 de julio de 2024", plain)
    plain = re.sub(r"\b12\s*-?\s*f\b", "12 de febrero de 2014", plain)
    plain = re.sub(r"\b(\d{1,2})(?:\s*(?:er|ro|ero|do)|o)\b", r"\1", plain)
    plain = re.sub(r"(?<![\d.])([12])\.(\d{3})(?![\d.])", r"\1\2", plain)
    plain = re.sub(rf"\b({'|'.join(_MONTHS)})(?=\d)", r"\1 ", plain)
    plain = re.sub(r"[\"'«»¿?¡!()*:]", " ", plain)
    plain = re.sub(r"[,;]|\.(?!\d)", " ", plain)
    plain = re.sub(r"(?<=[a-zñ])\.(?=\d)|(?<=\d)(?=(?:de|del)\s*[a-z])", " ", plain)
    plain = re.sub(r"\btreinta y un[oa]?\b", "31", plain)
    plain = re.sub(r"\bdos mil (\w+)\b", _thousand, plain)
    plain = _DEAD_WORDS.sub(" ", plain)
    plain = re.sub(r"\b(?:el )?(?:año|ano) pasado\b", str(today.year - 1), plain)
    plain = re.sub(r"\b(?:este|el presente) (?:año|ano)\b", str(today.year), plain)
    plain = _AGE.sub(" ", plain)
    tokens = [_token(word) for word in re.split(r"\s+", plain) if word]
    plain = " ".join(_short_months(tokens))
    # "julio del 24", "29 de julio de 24": two figures after a month and "de" are a year.
    plain = re.sub(
        r"\b(M\d{1,2})\s+(?:de|del)(?:\s+(?:ano|año))?\s+'?(\d{2})\b(?!\s*(?:de\b|M|/))",
        lambda m: f"{m[1]} de {_century(int(m[2]), today)}",
        plain,
    )
    plain = re.sub(
        r"\b(\d{1,2}(?:\s+de)?\s+M\d{1,2})\s+(\d{2})\b(?!\s*de\b)",
        lambda m: f"{m[1]} {_century(int(m[2]), today)}",
        plain,
    )
    # "29/jul/24", "29-julio-2024"
    plain = re.sub(
        r"\b(\d{1,2})[/\-.](M\d{1,2})[/\-.](\d{4}|\d{2})\b",
        lambda m: f"{m[1]} de {m[2]} de {_century(int(m[3]), today)}",
        plain,
    )
    plain = re.sub(r"(M\d{1,2})[/\-](\d{4})\b", r"\1 \2", plain)
    plain = re.sub(r"\b(\d{1,2})[/\-](M\d{1,2})", r"\1 \2", plain)
    plain = _MONTH_NUMBER.sub(
        lambda m: f"M{int(m[1])} {m[2]}" if 1 <= int(m[1]) <= 12 else m[0], plain
    )
    return _NUMERIC.sub(lambda m: _numeric(m, today), _SPACED.sub(r"\1/\2/\3", plain))


def _thousand(match: re.Match[str]) -> str:
    number = _NUMBERS.get(match[1])
    return match[0] if number is None else str(2000 + number)


def _token(word: str) -> str:
    """Turn a spelt number into figures and a month, also misspelt, into its sign (``M7``)."""
    if word in _NUMBERS:
        return str(_NUMBERS[word])
    pieces = re.split(r"([/\-])", word)
    if len(pieces) > 1:
        return "".join(piece if piece in "/-" else _token(piece) for piece in pieces)
    if word in _MONTHS:
        return f"M{_MONTHS.index(word) + 1}"
    if word in _VARIANTS:
        return f"M{_VARIANTS[word]}"
    if len(word) < 5 or word in _NOT_MONTHS or not word.isalpha():
        return word
    close = process.extract(word, _MONTHS, scorer=fuzz.ratio, score_cutoff=80, limit=2)
    if not close or (len(close) == 2 and close[0][1] - close[1][1] < 5):
        return word
    return f"M{close[0][2] + 1}"


def _short_months(tokens: list[str]) -> list[str]:
    """Read "jul", "ago" and the like only beside a number: "set" and "mar" are words too."""
    for place, token in enumerate(tokens):
        if token.strip(".") not in _SHORT:
            continue
        around = [t for t in tokens[max(0, place - 2) : place + 3] if t != token]
        if any(t[:1].isdigit() for t in around):
            tokens[place] = f"M{_SHORT[token.strip('.')]}"
    for place, token in enumerate(tokens):
        for separator in "/-":
            pieces = token.split(separator)
            if len(pieces) == 3 and pieces[1] in _SHORT:
                tokens[place] = separator.join((pieces[0], f"M{_SHORT[pieces[1]]}", pieces[2]))
            elif len(pieces) == 2 and pieces[0] in _SHORT and pieces[1].isdigit():
                tokens[place] = f"M{_SHORT[pieces[0]]} {pieces[1]}"
    return tokens


def _century(year: int, today: date) -> int:
    if year >= 100:
        return year
    return 2000 + year if year <= today.year % 100 + 1 else 1900 + year


def _numeric(match: re.Match[str], today: date) -> str:
    first, second, third = match[1], int(match[3]), match[4]
    if len(first) == 4:  # 2024-07-29, 2024-07
        if not 1 <= second <= 12:
            return match[0]
        return f"{third or ''} M{second} {first}" if third else f"M{second} {first}"
    if len(first) == 3:
        return match[0]
    day, month = int(first), second
    if third is None:
        if match[2] == ".":
            return match[0]  # 12.5 is not a date
        return f"{day} M{month}" if 1 <= month <= 12 else match[0]
    year = _century(int(third), today)
    if month > 12 >= day and month <= 31:
        day, month = month, day
    return f"{day} M{month} {year}"


def _span(year: int, month: int, day: int | None) -> Span | Unread:
    try:
        if day is None:
            return Span(
                date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
            )
        return Span.day(date(year, month, day))
    except (ValueError, calendar.IllegalMonthError):
        return Unread.IMPOSSIBLE


def _found(match: re.Match[str]) -> Reading:
    groups = match.groupdict()
    month = int(groups["month"][1:])
    day = int(groups["day"]) if groups.get("day") else None
    if groups.get("year"):
        return _span(int(groups["year"]), month, day)
    # 2000 was a leap year: it refuses only what no year has.
    return (
        Unread.IMPOSSIBLE if _span(2000, month, day) is Unread.IMPOSSIBLE else NeedsYear(month, day)
    )


def _dates(plain: str) -> list[Reading]:
    """Find every date in a normalised text, the most exact form first."""
    found: list[Reading] = []
    rest = plain
    for pattern in (_FULL, _MONTH_DAY, _MONTH_YEAR):
        while match := pattern.search(rest):
            found.append(_narrowed(_found(match), rest[: match.start()]))
            rest = rest[: match.start()] + " . " + rest[match.end() :]
    if not found:
        for match in _YEAR_ALONE.finditer(rest):
            found.append(_narrowed(NeedsMonth(int(match[1])), rest[: match.start()]))
    with_year = [one for one in found if not isinstance(one, NeedsYear)]
    years = {int(match[1]) for match in _YEAR_ALONE.finditer(rest)}
    if not with_year and len(found) == 1 and len(years) == 1:  # "2024, 29 de julio"
        only = found[0]
        assert isinstance(only, NeedsYear)
        return [_narrowed(_span(years.pop(), only.month, only.day), plain)]
    return list(dict.fromkeys(with_year or found))


def _narrowed(reading: Reading, before: str) -> Reading:
    """Apply "a finales de", "a principios de", "a mediados de" to a month or a year."""
    parts = list(_PART.finditer(before))
    if not parts or len(before) - parts[-1].end() > 12:
        return reading
    part = parts[-1]
    name = part[1]
    early, late = name.startswith(("principio", "comienzo", "inicio", "primero")), name[0] in "fu"
    if isinstance(reading, NeedsMonth):
        year = reading.year
        months = (1, 4) if early else (9, 12) if late else (5, 8)
        last = calendar.monthrange(year, months[1])[1]
        return Span(date(year, months[0], 1), date(year, months[1], last))
    if isinstance(reading, Span) and reading.first.day == 1 and reading.last.day >= 28:
        first, last = (1, 12) if early else (20, reading.last.day) if late else (8, 22)
        return Span(reading.first.replace(day=first), reading.first.replace(day=last))
    return reading


def _sided(reading: Reading, plain: str) -> Reading:
    """Widen "después del 28 de julio" to the rest of that month, "antes del" to its beginning."""
    if not isinstance(reading, Span) or reading.first != reading.last:
        return reading
    day = reading.first
    if re.search(r"\b(?:despues|luego) del?\b", plain):
        return Span(day, day.replace(day=calendar.monthrange(day.year, day.month)[1]))
    if re.search(r"\bantes del?\b", plain):
        return Span(day.replace(day=1), day)
    return reading


def _range(plain: str) -> list[Reading]:
    """Read "entre el 28 y el 30 de julio de 2024", "de abril a junio de 2017", "28-30 de julio"."""
    plain = re.sub(r"\b(\d{1,2})\s*-\s*(\d{1,2})(?=\s+(?:de\s+)?M)", r"\1 al \2", plain)
    if not _JOINED.search(f" {plain} "):
        return []
    for joint in _JOINED.finditer(plain):
        left, right = plain[: joint.start()], plain[joint.end() :]
        ends = _dates(right)
        end = ends[0] if len(ends) == 1 else None
        if not isinstance(end, Span):
            continue
        begin = _beginning(left, end)
        if begin is not None and begin.first <= end.first:
            return [Span(begin.first, end.last)]
    return []


def _beginning(left: str, end: Span) -> Span | None:
    """Read the first half of a range, borrowing month and year from the second."""
    starts = _dates(left)
    if len(starts) == 1:
        start = starts[0]
        if isinstance(start, Span):
            return start
        if isinstance(start, NeedsYear):
            whole = _span(end.first.year, start.month, start.day)
            return whole if isinstance(whole, Span) else None
        return None
    bare = re.search(r"(?<!\d)(\d{1,2})\s*$", left)
    if starts or bare is None:
        return None
    day = _span(end.first.year, end.first.month, int(bare[1]))
    return day if isinstance(day, Span) else None


def _relative(plain: str, today: date) -> list[Reading]:
    """Read "hace dos años", "el mes pasado", "la semana pasada", "ayer"."""
    if match := _AGO.search(plain):
        number, unit = int(match[1]), match[2]
        if unit in ("año", "ano"):
            return [NeedsMonth(today.year - number)]
        if unit == "mes":
            return [_month_before(today, number)]
        days = number if unit == "dia" else 7 * number
        slack = timedelta(days=0 if unit == "dia" else 3)
        day = today - timedelta(days=days)
        return [Span(day - slack, min(day + slack, today))]
    fixed: tuple[tuple[str, Callable[[], Reading]], ...] = (
        (r"\bmes pasado\b", lambda: _month_before(today, 1)),
        (r"\beste mes\b", lambda: Span(today.replace(day=1), today)),
        (r"\bsemana pasada\b", lambda: Span(today - timedelta(13), today - timedelta(4))),
        (r"\besta semana\b", lambda: Span(today - timedelta(6), today)),
        (r"\b(?:anteayer|antier|antes de ayer)\b", lambda: Span.day(today - timedelta(2))),
        (r"\bayer\b", lambda: Span.day(today - timedelta(1))),
        (r"\bhoy\b", lambda: Span.day(today)),
    )
    if _dates(plain):
        return []
    return [make() for pattern, make in fixed if re.search(pattern, plain)][:1]


def _month_before(today: date, months: int) -> Span:
    index = today.year * 12 + today.month - 1 - months
    year, month = divmod(index, 12)
    return Span(
        date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])
    )


def _by_dateparser(text: str, today: date) -> list[Reading]:
    """Ask dateparser about weekdays ("el domingo pasado"); anything looser it guesses at."""
    folded = fold(text)
    if len(folded.split()) > 6 or not _WEEKDAY.search(folded):
        return []
    if re.search(r"\b(un|una|cada|los|algun)\b", folded):  # "fue un domingo" names no day
        return []
    import dateparser  # not needed by most conversations, and slow to load

    with warnings.catch_warnings():
        # dateparser warns of its own use of the standard library; not ours to mend.
        warnings.simplefilter("ignore")
        parsed = dateparser.parse(
            re.sub(r"\b(el|este|pasado|fue)\b", " ", folded).strip(),
            languages=["es"],
            settings={
                "RELATIVE_BASE": datetime(today.year, today.month, today.day, 12),
                "PREFER_DATES_FROM": "past",
            },
        )
    return [] if parsed is None else [Span.day(parsed.date())]
