"""What the buttons of organisers carry: a verb, a broadcast and perhaps more, in 64 bytes at most.

Anybody may forge one: what it may do is decided anew at every press.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from helpdesk.messages import Button, Param

PREFIX: Final = "bc."
_NOTHING: Final[Mapping[str, Param]] = {}
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button said: ``bc.<verb>:<id>[:<more>]``. ``id`` is empty for one of no broadcast."""

    verb: str
    id: bytes = b""
    more: str = ""


def data(verb: str, id: bytes = b"", more: str = "") -> str:
    """Return what a button carries; the id as 22 letters (base64url), so that a hash fits too."""
    name = base64.urlsafe_b64encode(id).rstrip(b"=").decode("ascii")
    return f"{PREFIX}{verb}:{name}" + (f":{more}" if more else "")


def button(
    key: str, verb: str, id: bytes = b"", more: str = "", params: Mapping[str, Param] = _NOTHING
) -> Button:
    """Return a button with the words of ``key``."""
    return Button(key, data(verb, id, more), params)


def read(said: str) -> Pressed | None:
    """Read what a button carried; None for anything that `data` does not write."""
    verb, colon, rest = said.removeprefix(PREFIX).partition(":")
    name, _, more = rest.partition(":")
    if not said.startswith(PREFIX) or not colon or not verb:
        return None
    try:
        id = base64.b64decode(name + "=" * (-len(name) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return Pressed(verb, id, more) if len(id) in (0, _ID_BYTES) else None


SAMPLE: Final = data("sample")
"""What the button to leave carries in a letter that is only looked at: pressed, it says so."""
