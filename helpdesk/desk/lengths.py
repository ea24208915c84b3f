"""How long a text is for Telegram, and where a long one is cut; no words of ours."""

from __future__ import annotations

import html
from typing import Final

TEXT: Final = 3500
"""UTF-16 units that a text of somebody's may have in one message: its frame takes the rest of the
4096. Counted as it is written in HTML, where an ampersand has five."""
CAPTION: Final = 1024
"""UTF-16 units of a caption (Bot API ``copyMessage``)."""


def units(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def weight(text: str) -> int:
    """Count UTF-16 units of a text as it is written in HTML."""
    return units(html.escape(text, quote=False))


def pieces(text: str, most: int = TEXT) -> tuple[str, ...]:
    """Cut a text into pieces of at most ``most`` units, between lines or words where it can be."""
    found: list[str] = []
    rest = text.strip()
    while weight(rest) > most:
        end = _fitting(rest, most)
        cut = max(rest.rfind("\n", 0, end + 1), rest.rfind(" ", 0, end + 1))
        if cut < end // 2:
            cut = end
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*found, rest)


def _fitting(text: str, most: int) -> int:
    """Return how many characters of the beginning fit."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if weight(text[:middle]) <= most else (low, middle - 1)
    return low
