"""Draws a `Picture` as a PNG that can be read on a phone; which figures it shows is not known here.

1080 pixels wide, one bar under another. Telegram makes a photo smaller until its longer side is
1280 pixels, so that a tall one gets small letters: whoever fills a Picture keeps it short.

The letters are our own (``bot/fonts``): the font that comes with Pillow has no accents and no ñ,
and the machine may have no fonts at all.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Final

from helpdesk.broadcasts.messages import Picture

if TYPE_CHECKING:  # only drawing needs it, and most of what runs never draws
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH: Final = 1080
_MARGIN: Final = 56
_INNER: Final = WIDTH - 2 * _MARGIN
_BAR: Final = 34
_GAP: Final = 22
_NUMBER: Final = 130
"""Pixels kept at the end of a bar for its number."""
_THINNEST: Final = 10

_PAPER: Final = "#ffffff"
_INK: Final = "#1d2733"
_QUIET: Final = "#55606d"
_COLOUR: Final = "#2b6cb0"
_TRACK: Final = "#e6ecf2"


@dataclass(frozen=True, slots=True)
class _Style:
    size: int
    bold: bool = False
    colour: str = _INK
    after: int = 0
    """Pixels below the last line."""

    @property
    def height(self) -> int:
        """Pixels from one line to the next."""
        return round(self.size * 1.3)


_TITLE: Final = _Style(50, bold=True, after=30)
_GROUP: Final = _Style(38, bold=True, after=16)
_LABEL: Final = _Style(32, after=6)
_FOOT: Final = _Style(27, colour=_QUIET)
_COUNT: Final = _Style(34, bold=True)


async def draw(picture: Picture) -> bytes:
    """Return the PNG; drawn beside the loop, for it takes some hundredths of a second."""
    return await asyncio.to_thread(drawn, picture)


def drawn(picture: Picture) -> bytes:
    """Return the PNG."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, 1), _PAPER)
    height = _paint(ImageDraw.Draw(image), picture)
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    _paint(ImageDraw.Draw(image), picture)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _paint(on: ImageDraw, picture: Picture) -> int:
    """Paint everything, one below the other; gives the height that it took."""
    longest = max((number for _, bars in picture.bars for _, number in bars), default=1)
    y = _write(on, _MARGIN, picture.title, _TITLE)
    for title, bars in picture.bars:
        y = _write(on, y, title, _GROUP)
        for label, number in bars:
            y = _write(on, y, label, _LABEL)
            y = _bar(on, y, number, longest)
        y += _GAP
    return _write(on, y, picture.foot, _FOOT) + _MARGIN


def _bar(on: ImageDraw, y: int, number: int, longest: int) -> int:
    room = _INNER - _NUMBER
    length = max(_THINNEST, round(room * number / max(longest, 1)))
    below, radius = y + _BAR, _BAR // 4
    on.rounded_rectangle((_MARGIN, y, _MARGIN + room, below), radius, fill=_TRACK)
    on.rounded_rectangle((_MARGIN, y, _MARGIN + length, below), radius, fill=_COLOUR)
    place = (_MARGIN + room + _NUMBER, y + _BAR // 2)
    on.text(place, str(number), font=_font(_COUNT.size, _COUNT.bold), fill=_INK, anchor="rm")
    return below + _GAP


def _write(on: ImageDraw, y: int, words: str, style: _Style) -> int:
    """Write words in as many lines as they need; gives where the next thing begins."""
    font = _font(style.size, style.bold)
    for line in _lines(on, words, font):
        on.text((_MARGIN, y), line, font=font, fill=style.colour)
        y += style.height
    return y + style.after


def _lines(on: ImageDraw, words: str, font: FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and on.textlength(longer, font=font) <= _INNER:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _font(size: int, bold: bool) -> FreeTypeFont:
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    content = files("bot").joinpath("fonts", name).read_bytes()
    # The simple layout: it needs no library of the system, and looks the same everywhere.
    return ImageFont.truetype(BytesIO(content), size, layout_engine=ImageFont.Layout.BASIC)
