"""Codes of cases and invitations: how they are made, read back and shown; not who may use them.

A code ends in a check character. There are seventeen symbols, a prime number, so that a weighted
sum catches every single wrong symbol and every two symbols that changed places.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random
from secrets import SystemRandom
from typing import Final

ALPHABET: Final = "2345789FHJKMPRWXY"
"""One of each group that people mistake in print (0 O Q D, 1 I L, 2 Z, 5 S, 8 B, 6 G, U V) or by
ear in Spanish (B C D E G P T V rhyme, M N, F S, 6 for 3 and 7). No vowel: no code is a word."""

CASE_LENGTH: Final = 6
INVITATION_LENGTH: Final = 16
"""Fifteen symbols by chance are 61 bits: nobody guesses one while it is valid."""

_LOOKS_OR_SOUNDS_LIKE: Final = str.maketrans({"B": "8", "S": "5", "Z": "2", "N": "M"})
"""What people write for a symbol; none of these is a symbol itself, so nothing is guessed."""
_BETWEEN: Final = re.compile(r"[\s\-‐-―−_.·/]+")
_SYSTEM: Final = SystemRandom()


def new_code(random: Random = _SYSTEM) -> str:
    """Make the code of a case, such as K7M4P2. The caller sees to it that it is not in use."""
    return _made(CASE_LENGTH, random)


def new_invitation(random: Random = _SYSTEM) -> str:
    """Make the code of an invitation: sixteen symbols."""
    return _made(INVITATION_LENGTH, random)


def normal(text: str) -> str | None:
    """Read a case's code as somebody wrote it; None when it is none, or has a slip in it."""
    return _read(text, CASE_LENGTH)


def normal_invitation(text: str) -> str | None:
    """Read an invitation's code as somebody wrote it; None when it is none."""
    return _read(text, INVITATION_LENGTH)


def shown(code: str) -> str:
    """Write a code as people read it: K7M-4P2, or four groups of four."""
    size = 3 if len(code) == CASE_LENGTH else 4
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def _made(length: int, random: Random) -> str:
    drawn = "".join(random.choice(ALPHABET) for _ in range(length - 1))
    return next(code for last in ALPHABET if _checks(code := drawn + last))


def _read(text: str, length: int) -> str | None:
    typed = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    code = typed.translate(_LOOKS_OR_SOUNDS_LIKE)
    if len(code) != length or not set(code) <= set(ALPHABET):
        return None
    return code if _checks(code) else None


def _checks(code: str) -> bool:
    # Weights 1 to 16 are all different and none is 0 modulo 17: so a single wrong symbol, or two
    # that changed places anywhere, change the sum.
    weighted = sum(weight * ALPHABET.index(one) for weight, one in enumerate(code, start=1))
    return weighted % len(ALPHABET) == 0
