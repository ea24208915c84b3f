"""Presses of inline buttons that wait for ``answerCallbackQuery``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.bell import Bell
from sandbox.errors import bad_request
from sandbox.keyboards import Button
from sandbox.messages import Message

LIFETIME = timedelta(seconds=30)
"""How long a press can be answered. Telegram does not say; bots see about this."""


@dataclass(eq=False, slots=True)
class Press:
    """One press of a button (Bot API ``CallbackQuery``), ``by`` the person of that id.

    ``text`` is what the bot answered.
    """

    id: str
    message: Message
    button: Button
    by: int
    at: datetime
    answered: bool = False
    text: str = ""
    alert: bool = False
    bell: Bell = field(default_factory=Bell)

    async def answer(self, timeout: float = 5) -> str:  # noqa: ASYNC109 - fixed by the sandbox contract
        """Wait until the bot answers it and give the text; raises TimeoutError."""
        await self.bell.until(lambda: True if self.answered else None, timeout)
        return self.text


class Presses:
    """Every press by its id."""

    def __init__(self) -> None:
        self._by_id: dict[str, Press] = {}
        self.lifetime = LIFETIME

    def add(self, press: Press) -> None:
        """Keep a press until it is answered."""
        self._by_id[press.id] = press

    def answer(self, press_id: str, text: str, alert: bool, now: datetime) -> Press:
        """Answer a press, once, and give it.

        Raises ApiError 400 when unknown, too old or answered already.
        """
        press = self._by_id.get(press_id)
        if press is None or press.answered or now - press.at > self.lifetime:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        if len(text) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        press.answered, press.text, press.alert = True, text, alert
        press.bell.ring()
        return press
