"""The picture of the week is a PNG that a phone shows well, with every letter of Spanish right."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from bot import picture
from helpdesk.broadcasts.messages import Picture

WEEK = Picture(
    "Semana del 9 al 15 de noviembre de 2026",
    (
        ("Qué más buscaron", (("Les piden dinero", 40), ("¿Dónde está? Mañana…", 20))),
        ("Desde los Andes", (("Está detenido o detenida", 10),)),
    ),
    "Cada número está redondeado hacia abajo, a decenas; menos de 10 es «–» o no sale.",
)


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    assert image.format == "PNG"
    return image.convert("RGB")


def written(letters: str) -> Image.Image:
    """A picture that has these letters and no bar."""
    return opened(picture.drawn(Picture(letters, (), " ")))


async def test_it_fits_a_phone() -> None:
    image = opened(await picture.draw(WEEK))
    assert image.width == picture.WIDTH == 1080
    assert 500 < image.height < 2000
    corners = [image.getpixel((x, y)) for x in (0, 1079) for y in (0, image.height - 1)]
    assert set(corners) == {(255, 255, 255)}, "nothing runs over the edge"


async def test_the_bars_are_as_long_as_their_numbers() -> None:
    image = opened(await picture.draw(WEEK))
    colour = tuple(int(picture._COLOUR[at : at + 2], 16) for at in (1, 3, 5))
    rows = [image.crop((0, y, image.width, y + 1)) for y in range(0, image.height, 6)]
    found = [dict((of, count) for count, of in row.getcolors(4096) or ()) for row in rows]
    bars = sorted({one[colour] for one in found if one.get(colour, 0) > 50}, reverse=True)
    longest = bars[0]
    assert longest > 800
    for part in (2, 4):
        assert any(abs(one - longest / part) < 3 for one in bars), (part, bars)


@pytest.mark.parametrize(
    ("accented", "plain"),
    [
        ("ñ", "n"),
        ("Ñ", "N"),
        ("á", "a"),
        ("é", "e"),
        ("í", "i"),
        ("ó", "o"),
        ("ú", "u"),
        ("Ü", "U"),
    ],
)
def test_an_accent_is_there_and_stands_over_its_letter(accented: str, plain: str) -> None:
    """The same letter below, something more above: neither a box nor the letter alone."""
    with_it, without = written(accented), written(plain)
    apart = ImageChops.difference(with_it, without).convert("L")
    box = apart.point(lambda shade: 255 if shade > 128 else 0).getbbox()
    foot = without.convert("L").point(lambda shade: 255 - shade).getbbox()
    assert box is not None
    assert foot is not None
    assert box[3] < foot[3] - 10, "the foot of the letter is as it was"


def test_every_letter_is_its_own() -> None:
    """None is drawn as the box of those that a font does not have."""
    box = drawn_letter("\ufffd")
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    letters += "áéíóúüñÁÉÍÓÚÜÑ¿¡«»–…·%:()"
    shapes = {one: drawn_letter(one) for one in letters}
    assert [one for one, shape in shapes.items() if shape == box] == []
    assert len(set(shapes.values())) == len(letters)


def drawn_letter(letter: str) -> bytes:
    return b"".join(bytes(picture._font(50, bold).getmask(letter)) for bold in (True, False))


async def test_long_words_stay_on_the_paper_and_nothing_is_no_fault() -> None:
    long = Picture("a" * 30, (("x" * 90, (("palabra " * 40, 1_000_000), ("", 0))),), "fin")
    image = opened(await picture.draw(long))
    assert image.height > 500
    assert opened(await picture.draw(Picture("", (), ""))).height > 0
