"""Addresses in what an organiser wrote: found, and judged; what a letter says is not read here.

Telegram makes a link of anything that looks like one, also without a scheme, and opens it by http.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from helpdesk.broadcasts import hosts


class LinkFault(StrEnum):
    """What is wrong with an address; words at ``broadcast.fault.link.<value>``."""

    NOT_HTTPS = "not_https"
    ODD = "odd"
    """Not plainly ``https://host/path``: an account, a port, a telephone, foreign letters."""
    HOST = "host"
    """A host that is not on the list."""


_ENDS: Final = "com|org|net|gob|gov|edu|info|int|app|link|site|online|store|page|web|xyz|biz|eu|ve"
_PLAIN: Final = re.compile(
    r"\b(?:https?|tg|ftp|tonsite|mailto|tel):[^\s<>«»]+|\w+://[^\s<>«»]+|\bwww\.[^\s<>«»]+"
    rf"|(?<![\w@.-])(?:[\w-]+\.)+(?:{_ENDS})\b(?::\d+)?(?:[/?#][^\s<>«»]*)?"
    r"|(?<![\w@.-])(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?/[^\s<>«»]*",
    re.IGNORECASE,
)
"""Those that are sure to be one. What else Telegram takes for one it says itself, and the filter of
volunteers' replies knows endings that are words too."""
_JOINED: Final = re.compile(r"\w\.[^\W\d_]{2,}")
_SHORT_FORMS: Final = re.compile(r"\b(?:ee\.uu|p\.ej|rr\.hh|dd\.hh)\b", re.IGNORECASE)
_AFTER: Final = ".,;:!?…)]»\"'"
"""What stands after an address and is no part of it."""
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_SAFE: Final = re.compile(r"https://[a-z0-9.-]+(?:/[A-Za-z0-9/_.~%=&?+#,-]*)?", re.IGNORECASE)
_TELEPHONE: Final = re.compile(r"(?:0|58)4(?:12|14|16|22|24|26)[._~#-]?\d{3}(?:[._~#-]?\d){4}")
_LONGEST: Final = 300


def in_plain(text: str) -> tuple[str, ...]:
    """Return the addresses typed in a text, each once, in their order."""
    return tuple(dict.fromkeys(found.group().rstrip(_AFTER) for found in _PLAIN.finditer(text)))


def may_be_in(text: str) -> bool:
    """Say whether Telegram may make a link of something in a text: letters joined by a full stop.

    It knows over a thousand endings, and does not tell what it would do: in code it marks nothing,
    nor in a source. Addresses that were judged already are to be left out before.
    """
    plain = _SHORT_FORMS.sub(" ", unicodedata.normalize("NFKC", text))
    return _JOINED.search(plain) is not None


def same(one: str) -> str:
    """Return the form in which two spellings of one address are equal."""
    bare = re.sub(r"^https?://", "", one.strip(), flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    return host.lower() + (slash + path).rstrip("/")


def host_of(address: str) -> str:
    """Return the host of an address in which `fault` finds nothing."""
    return urlsplit(address).hostname or ""


def fault(address: str, allowed: frozenset[str]) -> LinkFault | None:
    """Say what is wrong with an address; None for one that may stand in a letter.

    Only what every program reads in the same way passes: a scheme, a name of plain letters, a
    path. ``allowed`` are names such as ``example.org``, with everything below them.
    """
    if not address.lower().startswith("https://"):
        return LinkFault.NOT_HTTPS
    if len(address) > _LONGEST or _SAFE.fullmatch(address) is None:
        return LinkFault.ODD
    try:
        parts = urlsplit(address)
    except ValueError:
        return LinkFault.ODD
    if _TELEPHONE.search(address):
        return LinkFault.ODD
    host = parts.netloc.lower()
    if _HOST.fullmatch(host) is None or any(label.startswith("xn--") for label in host.split(".")):
        return LinkFault.ODD
    return None if hosts.under(host, allowed) else LinkFault.HOST


def of_the_state(addresses: Iterable[str]) -> bool:
    """Say whether an address leads to a site of the State."""
    return any(hosts.under(host_of(one), hosts.OF_THE_STATE) for one in addresses)
