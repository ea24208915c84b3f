"""Makes the pictures of the volunteers' guide, docs/guia: one case, as Ana's phone shows it.

The mother and her case are invented; the demo and the bot in it are the real ones.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo import Demo
from bot.invented_desk import Mesa
from helpdesk.desk import queue
from sandbox import Message, Person, Topic
from sandbox.group_chats import GENERAL
from tests.browser.browsing import open_page, open_phone

if TYPE_CHECKING:
    from playwright.async_api import Browser

FOLDER = Path(__file__).parents[2] / "docs" / "guia"
WIDTH = 400
JOINED = timedelta(seconds=10)
"""After so long what a family writes in pieces has gone into the topic."""

QUESTION = "Metimos la solicitud en marzo y no sabemos nada. ¿Podemos preguntar en el tribunal?"
ANSWER = (
    "Buenas tardes. Sí. Pregunten en el tribunal por la solicitud y pidan una copia sellada, que "
    "es gratis. Anoten el día y qué les dijeron."
)
THANKS = "Gracias. ¿Y si no me la quieren dar?"
NOTE = "Le mando la respuesta preparada de los 15 días."
HELD = "Que no les cobren por la copia: ni 5 dólares."


class Pictures:
    """What the pictures are taken with, and where the case is by now."""

    def __init__(self, browser: Browser, shown: Demo, maria: Person) -> None:
        assert shown.mesa is not None
        self._browser, self._box, self._maria = browser, shown.box, maria
        self._mesa: Mesa = shown.mesa
        self.topic: Topic | int = GENERAL

    @property
    def _ana(self) -> Person:
        return self._mesa.ana

    async def take(self, name: str, height: int, *, of: Person | None = None) -> None:
        """Take a picture of where Ana is, or of somebody's phone alone."""
        await self._box.all_confirmed()
        url, size = self._box.url, (WIDTH, height)
        if of is None:
            topic = self.topic.thread_id if isinstance(self.topic, Topic) else self.topic
            path = f"/?solo=1&person={self._ana.chat_id}&topic={topic}"
            page = await open_page(self._browser, url, size=size, path=path)
        else:
            page = await open_phone(self._browser, url, of.chat_id, size=size)
        await page.screenshot(path=FOLDER / f"{name}.png")
        await page.context.close()
        print(name)

    async def queue(self, words: str) -> Message:
        """Let the queue be made anew; gives its message once it says this."""
        self._box.clock.forward(timedelta(seconds=queue.EVERY))
        return await self.there(words)

    async def there(self, words: str) -> Message:
        """Wait for something the bot says where Ana is."""
        found: list[Message] = []

        def look() -> bool:
            shown = [one for one in self._mesa.group.screen(self.topic) if one.mine]
            found.extend(one for one in shown if words in one.text)
            return bool(found)

        await self._mesa.group.wait_until(look, 30)
        return found[0]

    async def say(self, words: str, to: Message | None = None) -> None:
        """Let Ana write in the topic."""
        await self._ana.send(words, to=self._mesa.group, topic=self.topic, reply_to=to)

    async def family_says(self, words: str) -> None:
        await self._maria.send(words)
        await self._box.all_confirmed()
        self._box.clock.forward(JOINED)

    async def claim(self, button: str) -> None:
        """Let Ana take the case, and go to its topic."""
        group, before = self._mesa.group, len(self._mesa.group.topics)
        message = next(one for one in group.from_bot() if _has(one, button))
        await self._ana.press(message, button)
        await group.wait_until(lambda: len(group.topics) > before, 30)
        self.topic = group.topics[-1]

    async def press(self, message: Message, button: str) -> None:
        await self._ana.press(message, button)


def _has(message: Message, button: str) -> bool:
    return any(one.text == button for one in message.buttons)


async def make(browser: Browser, shown: Demo, maria: Person) -> None:
    """Make every picture anew; ``maria`` has asked for a person, and waits."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    await maria.wait_until(lambda: "Su número es" in maria.last().text, 15)
    (code,) = re.findall(r"Su número es (\S+)\.", maria.last().text)
    take = Pictures(browser, shown, maria)
    await take.family_says(QUESTION)
    await take.queue(code)
    await take.take("1-lista", 1180)
    await take.claim(f"Tomar {code}")
    theirs = await take.there(QUESTION)
    await take.take("2-tarjeta", 1760)
    await take.say(ANSWER, to=theirs)
    await take.there("✓ Entregado.")
    await take.family_says(THANKS)
    await take.there(THANKS)
    await take.say(NOTE)
    await take.take("3-conversacion", 860)
    await take.take("4-familia", 1180, of=maria)
    await take.say("/plantillas")
    choose = await take.there("Elija una.")
    await take.press(choose, "Los 15 días")
    await take.there("La ley le da al tribunal 15 días")
    await take.take("5-preparada", 1000)
    await take.say(f"/r {HELD}")
    await take.there("Retenido")
    await take.take("6-retenido", 640)
