"""A message of a chat, with all it ever said; sending and editing live in api.py."""

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
CAPTIONED = frozenset({"photo", "video", "animation", "audio", "document", "voice"})
"""What may have words under it, a caption."""

_CAPTION = ("caption", "caption_entities")


@dataclass(eq=False, slots=True)
class Message:
    """A message, alive: edits change it in place and ``history`` keeps what it said before.

    Attributes:
        message_id: private chats and basic groups share one count, a supergroup has its own.
        mine: True when the bot sent it, False when a person did.
        author: in groups the id of who really wrote it, also behind an anonymous ``sender``.
        text: what it says now ("" for a voice note, a photo...).
        entities: formatting and found links, offsets in UTF-16 units.
        rows: the inline keyboard now; ``keyboards`` holds those it had, the present one last.
        silent: sent with ``disable_notification``.
        history: every text it had, the first one first, the present one last.
        content: extra Bot API fields (``voice``, ``photo``...), already as JSON.
        around: fields that say where it is and what it answers (``sender_chat``,
            ``reply_to_message``...): a copy of the message does not have them.
        thread_id: the topic, or in a supergroup without topics the thread of replies.
        service: a service message, such as of a new member; nobody can copy or edit it.
        reaction: the bot's, an emoji.
        picture: ``file_id`` of the picture that it shows, if that can be looked at.
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
    around: JSON = field(default_factory=dict)
    author: int | None = None
    thread_id: int | None = None
    in_topic: bool = False
    service: bool = False
    reaction: str | None = None
    picture: str | None = None
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

    @property
    def caption(self) -> JSON:
        """The fields of its caption, ``caption`` and ``caption_entities``; empty without one."""
        return {key: self.content[key] for key in _CAPTION if key in self.content}

    def recaption(self, caption: JSON) -> None:
        """Put another caption in the place of the present one."""
        for key in _CAPTION:
            self.content.pop(key, None)
        self.content.update(caption)

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
        if self.thread_id is not None:
            shown["message_thread_id"] = self.thread_id
        if self.in_topic:
            shown["is_topic_message"] = True
        if self.protected:
            shown["has_protected_content"] = True
        if self.text:
            shown["text"] = self.text
        if self.entities:
            shown["entities"] = [entity.to_json() for entity in self.entities]
        shown.update(self.content)
        shown.update(self.around)
        if self.rows:
            shown["reply_markup"] = {
                "inline_keyboard": [[button.to_json() for button in row] for row in self.rows]
            }
        return shown

    def reply(self, original: Message) -> None:
        """Make it an answer to another message of its chat."""
        self.reply_to = original.message_id
        self.around["reply_to_message"] = original.without_reply()

    def without_reply(self) -> JSON:
        """Give it as it looks inside an answer to it: what it answered itself is left out."""
        return {key: value for key, value in self.to_json().items() if key != "reply_to_message"}

    def to_inaccessible_json(self) -> JSON:
        """Give what a press on a deleted message carries (``InaccessibleMessage``)."""
        return {"chat": self.chat, "message_id": self.message_id, "date": 0}
