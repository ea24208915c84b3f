"""Inline keyboards: rows of buttons, read strictly. What a press does lives in presses.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.errors import bad_request

ACTIONS = ("url", "callback_data", "copy_text")
CALLBACK_DATA_LIMIT = 64
BUTTONS_LIMIT = 100

_URL = re.compile(r"(?:https?|tg|tel|mailto):\S+\Z")


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message (Bot API ``InlineKeyboardButton``) with its one action."""

    text: str
    data: str | None = None
    url: str | None = None
    copy_text: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as the Bot API writes it."""
        shown: dict[str, Any] = {"text": self.text}
        if self.data is not None:
            shown["callback_data"] = self.data
        if self.url is not None:
            shown["url"] = self.url
        if self.copy_text is not None:
            shown["copy_text"] = {"text": self.copy_text}
        return shown


Rows = tuple[tuple[Button, ...], ...]
"""The rows of an inline keyboard; empty when there is none."""


def read_keyboard(markup: Mapping[str, Any] | None) -> Rows:
    """Read a ``reply_markup`` whose shape has been checked already; empty rows vanish.

    Raises ApiError 400 for an empty text, no action or several, or a bad action.
    """
    if markup is None:
        return ()
    rows = tuple(
        tuple(_button(button) for button in row) for row in markup.get("inline_keyboard", ())
    )
    if sum(len(row) for row in rows) > BUTTONS_LIMIT:
        raise bad_request("reply markup is too long")
    return tuple(row for row in rows if row)


def _button(button: Mapping[str, Any]) -> Button:
    text = button["text"]
    if not text.strip():
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    actions = [action for action in ACTIONS if action in button]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request(
            f"can't parse inline keyboard button: exactly one action is allowed, "
            f"found {' and '.join(actions)}"
        )
    data, url, copy = button.get("callback_data"), button.get("url"), button.get("copy_text")
    if data is not None and not 1 <= len(data.encode()) <= CALLBACK_DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    if url is not None and not _URL.match(url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if copy is not None and not 1 <= len(copy["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return Button(text, data=data, url=url, copy_text=None if copy is None else copy["text"])
