"""A text as the outgoing filter reads it: disguises undone, nothing else changed or judged.

Full-width and mathematical letters, letters of other alphabets that look Latin, accents, marks
without width, l e t t e r s  set apart and line breaks all hide a word from a list of words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LOOK_LATIN: Final = str.maketrans(
    "абвгдезікмнорстухцјѕԁԛԝһɡɩⅼαβγεζηικνορτυχωϲ⍺ⲟօոսհցք·•∙⸱。․",
    "abbrde3ikmhopctyxujsdqwhgilabyeznikvoptuxwcaoonuhgp......",
)
"""Cyrillic, Greek, Armenian and other letters after case is folded, and dots that are none."""
_ENCLOSED: Final = {
    first + place: chr(ord("a") + place)
    for first in (0x1F150, 0x1F170, 0x1F1E6)
    for place in range(26)
}
"""Letters in black circles and squares, and of flags, which no normal form undoes."""
_TYPED_TOO: Final = frozenset({"ss", "æ", "œ", "ø", "ł", "đ", "ð", "þ", "ı"})
_BLANK: Final = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
_SET_APART: Final = re.compile(r"(?<!\w)\w(?:[ ._*-]{1,2}\w(?!\w)){3,}(?!\w)")
_TURNED_ROUND: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that show words in another direction than they are written in: "elleZ"."""
_PIECES: Final = re.compile(r"[ ._*-]+")
_AS_DIGITS: Final = re.compile(r"(?<!\w)(?=[oil|]*\d)[\doil|]{4,}(?!\w)")
_DIGITS: Final = str.maketrans("oil|", "0111")


def undone(text: str) -> str:
    """Return the text in small Latin letters without accents, on one line.

    Letters set apart are put together, and letters between digits that look like digits become
    digits: "O4l4" is "0414".
    """
    plain = "".join(map(_as_latin, unicodedata.normalize("NFKD", text.translate(_ENCLOSED))))
    plain = plain.translate(_BLANK).casefold().translate(_LOOK_LATIN)
    plain = " ".join(plain.split())
    plain = _SET_APART.sub(lambda match: _PIECES.sub("", match.group(0)), plain)
    return _AS_DIGITS.sub(lambda match: match.group(0).translate(_DIGITS), plain)


def disguised(text: str) -> bool:
    """Say whether a text holds what nobody types by chance: marks without width in a word or that
    turn words round, or letters of another alphabet.
    """
    if _TURNED_ROUND.search(text):
        return True
    letters = unicodedata.normalize("NFKC", text)
    if any(one.isalpha() and not _on_a_keyboard(one) for one in letters):
        return True
    return any(
        unicodedata.category(one) == "Cf" and before.isalnum() and after.isalnum()
        for before, one, after in zip(letters, letters[1:], letters[2:], strict=False)
    )


def _on_a_keyboard(letter: str) -> bool:
    """Say whether a letter is one that people type: small capitals are Latin, and are not."""
    base = unicodedata.normalize("NFKD", letter)[0]
    return base.isascii() or base.casefold() in _TYPED_TOO


def _as_latin(one: str) -> str:
    category = unicodedata.category(one)
    if category in ("Mn", "Me", "Cf"):
        return ""
    digit = unicodedata.digit(one, None)
    return one if digit is None else str(digit)
