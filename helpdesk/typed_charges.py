"""Reads charges as families type them; what it returns is only ever a suggestion to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from helpdesk.folding import words
from rules.law import Charge

CUTOFF = 85.0
"""Likeness from which a misspelt word is taken for a synonym (rapidfuzz ``ratio``, 0 to 100)."""
_TIE = 3.0
_EXACT_UP_TO = 5
_STOP = frozenset(
    word
    for line in (
        "a al algo alguien alla aqui asi con contra cual cuando de del dicen dice dijeron e el",
        "ella ellos en era es esa ese eso esta este esto fue ha han hasta hay he la las le les lo",
        "los mas me mi mis mucho muy ni no nos o otra otro para pero por porque pues que quien se",
        "ser si sin sobre solo son su sus tambien te tiene tu u un una uno unos y ya yo pa q x xq",
        "k ademas cargo cargos delito delitos acusan acusa acusado acusada pusieron puso ponen",
        "imputaron imputan imputado llaman",
    )
    for word in line.split()
)


@dataclass(frozen=True, slots=True)
class ChargeReading:
    """What a text suggests.

    ``charges`` are ids recognised without doubt; ``asks`` holds, for each word that several
    charges share, the ids to choose among. ``share`` is the part of the words that was used.
    """

    charges: tuple[str, ...] = ()
    asks: tuple[tuple[str, ...], ...] = ()
    share: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.charges or self.asks)


class ChargeLexicon:
    """Every way of saying every charge; built once for a law."""

    def __init__(self, charges: Iterable[Charge]) -> None:
        self._ids: dict[str, tuple[str, ...]] = {}
        for charge in charges:
            # "Otro cargo (no está en la lista)" is a label, not something anybody types.
            name = () if charge.charge_class == "unrecognised" else (charge.name,)
            for said in (*name, *charge.synonyms):
                for phrase in _phrases(said):
                    known = self._ids.get(phrase, ())
                    if charge.id not in known:
                        self._ids[phrase] = (*known, charge.id)
        self._by_length: dict[int, list[str]] = {}
        for phrase in self._ids:
            self._by_length.setdefault(phrase.count(" ") + 1, []).append(phrase)
        self._lengths = sorted(self._by_length, reverse=True)

    @property
    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """Folded phrases with the ids of the charges that they may mean."""
        return self._ids

    def read(self, text: str) -> ChargeReading:
        """Find the charges in a text, the longest phrases first; nothing is ever picked by chance.

        A word that two charges share, or that looks as much like one phrase as like another, is
        returned as a choice to ask about.
        """
        content = _content(text)
        left: list[str | None] = list(content)
        found: list[tuple[int, tuple[str, ...]]] = []
        for length in self._lengths:
            for start in range(len(left) - length + 1):
                window = left[start : start + length]
                if any(word is None for word in window):
                    continue
                ids = self._match(" ".join(word for word in window if word), length)
                if ids:
                    found.append((start, ids))
                    left[start : start + length] = [None] * length
        used = sum(1 for word in left if word is None)
        ordered = [ids for _, ids in sorted(found)]
        sure = tuple(dict.fromkeys(ids[0] for ids in ordered if len(ids) == 1))
        asks = tuple(dict.fromkeys(ids for ids in ordered if len(ids) > 1))
        # "homicidio frustrado": the vague word beside a precise one of its own needs no question.
        asks = tuple(ids for ids in asks if not set(ids) & set(sure))
        return ChargeReading(sure, asks, used / len(content) if content else 0.0)

    def _match(self, window: str, length: int) -> tuple[str, ...]:
        if window in self._ids:
            return self._ids[window]
        if len(window) <= _EXACT_UP_TO:
            return ()
        close = process.extract(
            window, self._by_length[length], scorer=fuzz.ratio, score_cutoff=CUTOFF, limit=4
        )
        if not close:
            return ()
        # A slip of the pen seldom falls on the first letter: "licitación" is not "incitación".
        close = [one for one in close if one[0][0] == window[0]] or close
        best = close[0][1]
        near = [phrase for phrase, score, _ in close if best - score < _TIE]
        return tuple(dict.fromkeys(charge for phrase in near for charge in self._ids[phrase]))


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in _STOP]


def _phrases(said: str) -> set[str]:
    """Return a synonym's phrases; of a formal name, also without what stands in parentheses."""
    bare = re.sub(r"\([^)]*\)", " ", said)
    parts = {said.replace("(", " ").replace(")", " "), bare}
    first, slash, rest = bare.partition("/")
    if slash:
        parts.add(first)
        # "la casa/el carro": each side with what stands before and after both.
        before = first.split()
        after = rest.split()
        parts |= {" ".join(before[:-2] + after)} if len(before) > 2 else set()
    return {phrase for part in parts if (phrase := " ".join(_content(part)))}
