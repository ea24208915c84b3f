"""Makes the pictures of the organisers' guide, docs/guia/o1 to o6: one broadcast as it is made.

Julia writes, Teresa approves; the news and the families are invented, the demo and the bot in it
are the real ones. On the way it reaches the phone of a family, for docs/pantallas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demo import Demo
from sandbox import Person
from tests.browser.browsing import open_phone
from tests.browser.guide import FOLDER, WIDTH

if TYPE_CHECKING:
    from playwright.async_api import Browser

FIRST = "El tribunal de San Cristóbal <b>abrió un mostrador</b> para preguntar por las solicitudes."
REFUSED = "El tribunal de San Cristóbal abrió un mostrador. Pronto van a salir todos, garantizado."
MENDED = (
    "El tribunal de San Cristóbal <b>abrió un mostrador</b> para preguntar por las solicitudes.\n\n"
    "Atienden de lunes a viernes, de 8 a 12. Es una oficina del Estado: los datos que usted dé "
    "quedan allí. Usted decide."
)
SOURCE = "Cartel en la puerta del tribunal, lo vio el equipo"
BUSY = 15
"""Seconds for which Telegram asks to wait in its midst, so that a picture of it can be taken."""
WAIT = 60


class Pictures:
    """What the pictures are taken with, and of whom."""

    def __init__(self, browser: Browser, shown: Demo) -> None:
        assert shown.organisation is not None
        self._browser, self.box = browser, shown.box
        self.julia, self.teresa = shown.organisation.julia, shown.organisation.teresa

    async def take(self, name: str, height: int, of: Person) -> None:
        """Take a picture of somebody's phone alone."""
        await self.box.all_confirmed()
        page = await open_phone(self._browser, self.box.url, of.chat_id, size=(WIDTH, height))
        await page.screenshot(path=FOLDER / f"{name}.png")
        await page.context.close()
        print(name)

    async def reads(self, person: Person, words: str, *, more_than: int = 0) -> None:
        """Wait until so many messages of the bot's, and one more, say this to somebody."""
        await person.wait_until(lambda: _count(person, words) > more_than, WAIT)

    async def says(self, person: Person, words: str, answer: str) -> None:
        """Type something, and wait for one more message that says this."""
        before = _count(person, answer)
        await person.send(words, html=True)
        await self.reads(person, answer, more_than=before)

    async def presses(self, person: Person, button: str, answer: str) -> None:
        """Press a button, and wait for one more message that says this."""
        before = _count(person, answer)
        await person.press(button)
        await self.reads(person, answer, more_than=before)


def _count(person: Person, words: str) -> int:
    return sum(words in one.text for one in person.from_bot())


async def make(browser: Browser, shown: Demo, family: Person) -> None:
    """Make every picture anew; ``family`` asked for what concerns Táchira, and has it on return."""
    take = Pictures(browser, shown)
    julia, teresa = take.julia, take.teresa
    await take.says(julia, "/difusion", "A-01 · El texto")
    await take.says(julia, FIRST, "A-01 · La fuente")
    await take.says(julia, SOURCE, "A-01 · La fecha")
    await take.take("o1-escribir", 1300, julia)
    await take.presses(julia, "Hoy", "A-01 · A quiénes")
    await julia.press("‹ Más estados")
    await julia.wait_until(lambda: any(one.text == "Táchira" for one in julia.last().buttons))
    await take.presses(julia, "Táchira", "Son unas")
    await take.presses(julia, "Listo: son éstas", "¿Es urgente?")
    await take.presses(julia, "No: que espere al día", "Con el teléfono bloqueado se ve:")
    await take.presses(julia, "Cambiar el texto", "A-01 · El texto")
    await take.says(julia, REFUSED, "Hay que arreglar esto.")
    await take.take("o2-arreglar", 1240, julia)
    await take.says(julia, MENDED, "Con el teléfono bloqueado se ve:")
    await take.take("o3-asi-llega", 1780, julia)
    await take.presses(julia, "Pedir aprobación", "espera aprobación")
    await take.reads(teresa, "Antes de aprobar")
    await take.take("o4-aprobar", 1640, teresa)
    take.box.faults.retry_after("sendMessage", BUSY, chat_id=family.chat_id)
    await take.presses(teresa, "Aprobar y enviar", "A-01 (difusión): en marcha.")
    await take.reads(teresa, "No se pudo, se intenta otra vez: 1")
    await take.take("o5-como-va", 860, teresa)
    take.box.faults.drop_after_write("sendMessage", times=2)
    await take.reads(teresa, "A-01 (difusión): terminada.")
    await take.presses(teresa, "Retirar", "¿Retirar A-01?")
    await take.take("o6-retirar", 1300, teresa)
