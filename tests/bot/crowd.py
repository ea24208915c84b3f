"""People who talk with the bot as people do: they press, type, send photos, and change their mind.

What they do follows from a seed. Their ids are large and their words are nobody else's, so that
a trace of them can be told from chance.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from random import Random
from string import ascii_lowercase

from sandbox import Sandbox
from sandbox.messages import Message
from sandbox.people import Person
from tests.bot.traces import SMALLEST

DATES = ("29 de julio de 2024", "julio 2024", "2014", "abril 2019", "no me acuerdo", "hace un año")
CHARGES = ("terrorismo e incitacion al odio", "rebelion militar", "no sé", "instigacion")
QUESTIONS = ("¿cuánto cuesta?", "¿estamos en la lista?", "quiero hablar con una persona", "gracias")
COMMANDS = ("/ayuda", "/privacidad", "/acerca", "/cancelar", "/start", "/noexiste")


class Relative:
    """Somebody who talks with the bot. ``words`` is all that she typed and is called."""

    def __init__(self, box: Sandbox, random: Random) -> None:
        self._random = random
        self.words: list[str] = []
        self.ids: list[int] = [SMALLEST + random.getrandbits(40)]
        self.person: Person = box.person(
            self._word().capitalize(),
            chat_id=self.ids[0],
            last_name=self._word().capitalize(),
            username=self._word(),
        )

    async def talk(self, acts: int) -> None:
        """Start, and then do so many things, each after the bot answered the one before."""
        await self._do(self.person.send("/start"))
        for _ in range(acts):
            await self._act()
        self.ids += self.person.chat.messages.keys()

    async def _act(self) -> None:
        chance = self._random.random()
        pressable = [message for message in self.person.from_bot() if message.buttons]
        if pressable and chance < 0.7:
            await self._press(pressable)
        elif chance < 0.9:
            said = self._random.choice((*DATES, *CHARGES, *QUESTIONS, *COMMANDS))
            text = said if said.startswith("/") else f"{said} {self._word()}"
            await self._do(self.person.send(text))
        elif chance < 0.97:
            kinds = (self.person.send_voice, self.person.send_photo, self.person.send_sticker,
                     self.person.send_contact, self.person.send_location)  # fmt: skip
            await self._do(self._random.choice(kinds)())
        else:
            await self._do(self.person.send("/borrar"))

    async def _press(self, pressable: list[Message]) -> None:
        # Mostly the newest screen, now and then one that is left above.
        message = pressable[-1] if self._random.random() < 0.9 else self._random.choice(pressable)
        button = self._random.choice(message.buttons)
        await self._do(self.person.press(message, button.text))

    async def _do(self, act: object) -> None:
        self.person.skip()
        await act  # type: ignore[misc]  # an awaitable of whatever kind
        with suppress(TimeoutError):  # a press that changes nothing
            await self.person.next_change(1.5)

    def _word(self) -> str:
        word = "".join(self._random.choices(ascii_lowercase, k=12))
        self.words.append(word)
        return word


async def crowd(box: Sandbox, size: int, acts: int, seed: int) -> list[Relative]:
    """Let so many relatives talk at the same time; give them."""
    random = Random(seed)
    relatives = [Relative(box, Random(random.random())) for _ in range(size)]
    await asyncio.gather(*(relative.talk(acts) for relative in relatives))
    return relatives
