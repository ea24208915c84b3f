"""Makes the pictures of docs/pantallas and docs/guia: `python -m tests.browser.screens`.

Each is a phone of 360 px in the real demo, told a story by an invented family; those of the guides
are a volunteer's (`tests.browser.guide`) and an organiser's (`tests.browser.guide_organisers`).
Look at them after a change of words, as somebody who is frightened would.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo import NAME, Demo, demo
from sandbox import Clock, Person
from tests.browser import guide, guide_organisers
from tests.browser.browsing import browser, open_phone

if TYPE_CHECKING:
    from playwright.async_api import Browser

FOLDER = Path(__file__).parents[2] / "docs" / "pantallas"
WHEN = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
SIZE = (360, 1080)
TALL = (360, 1400)
"""For a message that does not fit on one screen: what a family scrolls through."""

OUT = ("«Sí, y no responden»", "«Salió, con condiciones»")
IN = ("«No, todavía no»", "«Está detenido o detenida»")
ELECTION = (*OUT, "29 de julio de 2024", "«Sí, esa fecha y por eso»", "«Civil»")
PARAMACAY = (
    "6 de agosto de 2017",
    "«Sí, esa fecha y por eso»",
    "«Militar activo»",
    "rebelión militar",
    "«Sí, está bien»",
)
CHARGED = (*ELECTION, "terrorismo e insitacion al odio")
GREEN = (*CHARGED, "«Sí, está bien»", "«Ninguna»")
ASKED = ("/avisos", "«Por estado…»", "«Siguiente ›»", "«Táchira»", "«Listo»")
TO_A_PERSON = (
    "Hablar con una persona",
    "Los papeles o la solicitud",
    "En estos días",
    "Sí, con mis respuestas",
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file, what is typed or «pressed» to get there, and its size."""

    name: str
    told: tuple[str, ...]
    size: tuple[int, int] = SIZE


SHOTS = (
    Shot("01-inicio", ()),
    Shot("02-pregunta-delicada", ELECTION),
    Shot("03-por-que-me-preguntan", (*ELECTION, "«¿Por qué me preguntan esto?»")),
    Shot("04-fecha-escrita", (*OUT, "29 de julio de 2024")),
    Shot("05-cargos", CHARGED),
    Shot("06-en-los-papeles", (*CHARGED, "«Sí, está bien»")),
    Shot("07-verde", GREEN, TALL),
    Shot("08-ambar-faltan-papeles", (*IN, "2014", "«No sé el mes»", *("«No sé»",) * 6), TALL),
    Shot(
        "09-ambar-texto-y-practica",
        (
            *IN,
            "6 de agosto de 2017",
            "«Sí, esa fecha y por eso»",
            "«Militar activo»",
            "rebelión militar",
            "«Sí, está bien»",
        ),
        TALL,
    ),
    Shot("10-rojo", (*IN, "noviembre de 2025", "«Sí, esa fecha»", "«Civil»"), TALL),
    Shot("11-avisos", ASKED, TALL),
)


async def tell(person: Person, words: str) -> bool:
    """Type words or press a button, and wait for the answer. False when it is no longer asked."""
    if not words.startswith("«"):
        await person.send(words)
    else:
        button = words.strip("«»")
        shown = [b.text for row in person.last().rows for b in row]
        if button not in shown:
            return False
        await person.press(button)
    await person.next_change(timeout=5)
    # A result takes the place of its question: for a moment there may be nothing.
    await person.wait_until(lambda: person.from_bot() != ())
    return True


async def press(person: Person, button: str) -> None:
    """Press a button as soon as it is there."""

    def offered() -> bool:
        return any(button == one.text for each in person.from_bot()[-1:] for one in each.buttons)

    await person.wait_until(offered, 15)
    await person.press(button)


async def take(
    chromium: Browser,
    shown: Demo,
    person: Person,
    name: str,
    size: tuple[int, int],
    *,
    lock: bool = False,
) -> None:
    """Take a picture of somebody's phone; ``lock`` shows above it what it says when locked."""
    page = await open_phone(chromium, shown.box.url, person.chat_id, size=size, lock=lock)
    await page.screenshot(path=FOLDER / f"{name}.png")
    await page.context.close()
    print(name)


async def make() -> None:
    """Make every picture anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with demo(port=0, clock=Clock(WHEN)) as shown, browser() as chromium:
        families: dict[str, Person] = {}
        for shot in SHOTS:
            person = families[shot.name] = shown.box.person("Familia")
            for words in ("/start", *shot.told):
                await tell(person, words)
                await shown.box.all_confirmed()
            await take(chromium, shown, person, shot.name, shot.size)
        asked = families["11-avisos"]
        await guide_organisers.make(chromium, shown, asked)
        await take(chromium, shown, asked, "12-llega-un-aviso", TALL, lock=True)
        maria = next(one for one in shown.box.people.values() if one.name == NAME)
        for words in ("/start", *GREEN):
            await tell(maria, words)
            await shown.box.all_confirmed()
        for button in TO_A_PERSON:
            await press(maria, button)
        await guide.make(chromium, shown, maria)


if __name__ == "__main__":
    sys.exit(asyncio.run(make()))
