"""Text as it is compared: lower case, no accents, no punctuation; nothing is understood here."""

from __future__ import annotations

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[^a-z0-9ñ$]+")


def fold(text: str) -> str:
    """Return the text in lower case without accents; ñ stays, for "ano" is not "año"."""
    kept = text.lower().replace("ñ", "\0")
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", kept)
        if not unicodedata.combining(letter)
    )
    return bare.replace("\0", "ñ")


def words(text: str) -> list[str]:
    """Return the folded words of a text, without signs or punctuation."""
    return [word for word in _NOT_A_WORD.split(fold(text)) if word]
