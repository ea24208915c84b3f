"""Writes a Screen as a Telegram message through the catalogue, or a Letter as it stands.

Chooses no words, sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from handlers.errors import ScreenTooLong
from helpdesk import tokens
from helpdesk.broadcasts.broadcast import LEAVE, Letter
from helpdesk.messages import Button, Part, Screen
from locales import Catalogue

TEXT_LIMIT = 4096
"""UTF-16 units of a message's text after its entities (Bot API ``sendMessage``)."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to go: ``text`` is Telegram HTML, ``keyboard`` its buttons or None."""

    text: str
    keyboard: InlineKeyboardMarkup | None


def render(screen: Screen, catalogue: Catalogue) -> Rendered:
    """Write a screen: its parts with a blank line between, its rows as an inline keyboard.

    Parameters follow ``helpdesk.messages.Param`` (``Catalogue`` reads them). Raises ScreenTooLong
    for what Telegram would refuse, and the catalogue's own errors for a key without words.
    The limit is counted over the markup too, which is never less than Telegram counts.
    """
    text = "\n\n".join(_paragraph(part, catalogue) for part in screen.parts)
    if not text.strip() or len(text.encode("utf-16-le")) // 2 > TEXT_LIMIT:
        keys = ", ".join(part.key for part in screen.parts)
        raise ScreenTooLong(f"empty, or over {TEXT_LIMIT} UTF-16 units: {keys}")
    rows = [[_button(button, catalogue) for button in row] for row in screen.rows if row]
    return Rendered(text, InlineKeyboardMarkup(rows) if rows else None)


def exact(letter: Letter, press: str = LEAVE) -> Rendered:
    """Write the letter of a broadcast: its bytes as they stand, under the button to leave.

    Preview, test, sending and correction all come through here, so that what was approved is what
    arrives. What Telegram would refuse was refused when the letter was written. ``press`` is what
    the button carries where a letter is only looked at.
    """
    leave = InlineKeyboardButton(letter.button, callback_data=press)
    return Rendered(letter.html, InlineKeyboardMarkup([[leave]]))


def _paragraph(part: Part, catalogue: Catalogue) -> str:
    return catalogue.text(part.key, part.params, part.count)


def _button(button: Button, catalogue: Catalogue) -> InlineKeyboardButton:
    if button.copy is not None:
        return InlineKeyboardButton(
            catalogue.plain(button.key, button.params), copy_text=CopyTextButton(button.copy)
        )
    if not 1 <= len(button.token.encode()) <= tokens.LIMIT:
        raise ScreenTooLong(f"the token of {button.key} is not 1 to {tokens.LIMIT} bytes")
    return InlineKeyboardButton(
        catalogue.plain(button.key, button.params), callback_data=button.token
    )
