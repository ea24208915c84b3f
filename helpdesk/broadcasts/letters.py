"""The exact bytes that a phone gets, put together from what was written and the fixed words.

The opening alone fills what a locked phone shows, so that no word of a broadcast stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from helpdesk.broadcasts import links
from helpdesk.broadcasts.broadcast import Broadcast, Letter
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.formatting import hidden_links, plain
from helpdesk.messages import Param
from locales.lexicon import OPENING

LIMIT: Final = 900
"""UTF-16 units of a letter's words, as of every page that a family reads."""
_NOTHING: Final[Mapping[str, Param]] = {}


def letter(broadcast: Broadcast, studio: Studio) -> Letter:
    """Return what a family gets: opening, what was written, its source and day, and the foot.

    A link to a site of the State brings a line of its own that says so (design, 9).
    """
    words = studio.letters
    source = {"source": f"text:{broadcast.source}", "date": f"date:{broadcast.source_date}"}
    written = [broadcast.html, words.text("letter.source", source)]
    if links.of_the_state(addresses(broadcast)):
        written.append(words.text("letter.state"))
    return framed("\n\n".join(written), studio)


def of_words(key: str, studio: Studio, params: Mapping[str, Param] = _NOTHING) -> Letter:
    """Return a letter whose words are a message of the catalogue, such as a retraction."""
    return framed(studio.letters.text(key, params), studio)


def framed(html: str, studio: Studio) -> Letter:
    """Put the opening before what a letter says, the foot under it, and the button below."""
    words = studio.letters
    whole = "\n\n".join((words.text("letter.opening"), html, words.text("letter.foot")))
    return Letter(html=whole, button=words.plain("button.leave_alerts"))


def addresses(broadcast: Broadcast) -> tuple[str, ...]:
    """Return every address in what was written: typed, behind words, or seen by Telegram.

    Spellings of one address are one.
    """
    typed = links.in_plain(f"{broadcast.plain}\n{broadcast.source}")
    every = (*hidden_links(broadcast.html), *typed, *broadcast.links)
    worst: dict[str, str] = {}
    for one in every:
        worst[links.same(one)] = max(worst.get(links.same(one), ""), one, key=_plainness)
    return tuple(worst.values())


def _plainness(address: str) -> tuple[bool, int]:
    """Rank the spellings of one address: one by http is what it is judged by, else the fullest."""
    return address.lower().startswith("http://"), len(address)


def length(letter: Letter) -> int:
    """Return how long the words of a letter are, in UTF-16 units as Telegram counts them."""
    return len(plain(letter.html).encode("utf-16-le")) // 2


def lock_screen(letter: Letter) -> str:
    """Return what a locked phone shows of a letter to anybody who looks."""
    line = " ".join(plain(letter.html).split())
    return line if len(line) <= OPENING else f"{line[:OPENING].rstrip()}…"
