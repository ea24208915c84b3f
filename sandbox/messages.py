"""A message of a private chat, with all it ever said; sending and editing live in api.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.entities import Entity
from sandbox.errors import NoSuchButton
from sandbox.keyboards import Button, Rows

JSON = dict[str, Any]
"""An object of the Bot API, as it goes over the wire."""

LOCK_SCREEN_LENGTH = 120
DELETION_WINDOW = timedelta(hours=48)


@dataclass(eq=False, slots=True)
class Message:
    """A message, alive: edits change it in place and ``history`` keeps what it said before.

    Attributes:
        message_id: unique across all chats of the bot, as Telegram numbers private chats.
        mine: True when the bot sent it, False when the person did.
        text: what it says now ("" for a voice note, a photo...).
        entities: formatting and found links, offsets in UTF-16 units.
        rows: the inline keyboard now; ``keyboards`` holds those it had, the present one last.
        silent: sent with ``disable_notification``.
        history: every text it had, the first one first, the present one last.
        content: extra Bot API fields (``voice``, ``photo``...), already as JSON.
        deleted: gone for both sides. ``hidden``: gone only from the person's own screen.
    """

    message_id: int
    chat: JSON
    sender: JSON
    mine: bool
    date: datetime
    text: str = ""
    entities: tuple[Entity, ...] = ()
    rows: Rows = ()
    silent: bool = False
    protected: bool = False
    reply_to: int | None = None
    content: JSON = field(default_factory=dict)
    edit_date: datetime | None = None
    deleted: bool = False
    hidden: bool = False
    history: list[str] = field(default_factory=list)
    keyboards: list[Rows] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.history.append(self.text)
        self.keyboards.append(self.rows)

    @property
    def chat_id(self) -> int:
        """The chat it is in."""
        return int(self.chat["id"])

    @property
    def visible(self) -> bool:
        """Whether the person still sees it."""
        return not (self.deleted or self.hidden)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons it has now, row after row."""
        return tuple(button for row in self.rows for button in row)

    @property
    def reply_markup(self) -> tuple[tuple[str, ...], ...]:
        """The words on its buttons, row by row."""
        return tuple(tuple(button.text for button in row) for row in self.rows)

    def button(self, text: str | None = None, *, data: str | None = None) -> Button:
        """Find a button by its words or its data: on it now, else on it once (a stale press).

        Raises NoSuchButton, which says what there is.
        """
        for rows in reversed(self.keyboards):
            for button in (button for row in rows for button in row):
                if (text is not None and button.text == text) or (
                    data is not None and button.data == data
                ):
                    return button
        raise NoSuchButton(f"no button {text or data!r}; there are {list(self.reply_markup)}")

    def lock_screen(self) -> str:
        """What a locked phone showed when it came: the first 120 characters of its first text."""
        return self.history[0][:LOCK_SCREEN_LENGTH]

    def too_old_to_delete(self, now: datetime) -> bool:
        """Whether Telegram no longer lets the bot delete it: after 48 hours."""
        return now - self.date > DELETION_WINDOW

    def change(self, text: str, entities: tuple[Entity, ...], rows: Rows, at: datetime) -> None:
        """Put another text and keyboard in its place."""
        if text != self.text:
            self.history.append(text)
        if rows != self.rows:
            self.keyboards.append(rows)
        self.text, self.entities, self.rows, self.edit_date = text, entities, rows, at

    def to_json(self) -> JSON:
        """Give it as the Bot API writes it (``Message``)."""
        shown: JSON = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat,
            "date": int(self.date.timestamp()),
        }
        if self.edit_date is not None:
            shown["edit_date"] = int(self.edit_date.timestamp())
        if self.protected:
            shown["has_protected_content"] = True
        if self.text:
            shown["text"] = self.text
        if self.entities:
            shown["entities"] = [entity.to_json() for entity in self.entities]
        shown.update(self.content)
        if self.rows:
            shown["reply_markup"] = {
                "inline_keyboard": [[button.to_json() for button in row] for row in self.rows]
            }
        return shown

    def to_inaccessible_json(self) -> JSON:
        """Give what a press on a deleted message carries (``InaccessibleMessage``)."""
        return {"chat": self.chat, "message_id": self.message_id, "date": 0}
