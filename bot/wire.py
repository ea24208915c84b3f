"""The one place that calls the Bot API, and that says what a failed call means for the message.

Stock python-telegram-bot over httpx. Nothing here waits, repeats or remembers: that is for
``bot.intake`` and ``bot.outgoing``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from types import TracebackType
from typing import Any

import httpx
from telegram import Bot, BotCommand, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from handlers.render import Rendered

JSON = dict[str, Any]
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
BATCH = 100
"""Most updates a poll brings, and so most that wait uncommitted: a poll starts at the watermark."""
AT_ONCE = 64
"""Connections to the server; a call beyond them waits for one."""


class Fate(Enum):
    """What became of a call that failed."""

    WAIT = auto()
    """Refused for now (429): obey ``retry_after``, for this chat."""
    SAME = auto()
    """The message reads so already ("message is not modified"): that is success."""
    GONE = auto()
    """The message to edit is not there or cannot be edited any more."""
    BLOCKED = auto()
    """The person blocked the bot or deleted the account (403)."""
    NEVER_LEFT = auto()
    """Nothing reached the server: repeating is safe."""
    TROUBLE = auto()
    """The server answered 5xx: as a rule nothing was done."""
    UNKNOWN = auto()
    """Sent, and no answer: it may have been done."""
    REFUSED = auto()
    """Refused for good."""


_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


def judge(error: TelegramError) -> Fate:
    """Say what a failed call means. ``BadRequest`` is a ``NetworkError`` in the library: first."""
    if isinstance(error, RetryAfter):
        return Fate.WAIT
    if isinstance(error, Forbidden):
        return Fate.BLOCKED
    if isinstance(error, BadRequest):
        words = error.message.lower()
        if "message is not modified" in words:
            return Fate.SAME
        return Fate.GONE if any(phrase in words for phrase in _GONE) else Fate.REFUSED
    if isinstance(error, NetworkError):  # TimedOut is one too
        cause = error.__cause__
        if isinstance(cause, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
            return Fate.NEVER_LEFT
        return Fate.UNKNOWN if isinstance(cause, httpx.HTTPError) else Fate.TROUBLE
    # A 200 that is not JSON is a bare TelegramError; 401, 404 and the like are its children.
    return Fate.UNKNOWN if type(error) is TelegramError else Fate.REFUSED


def seconds_to_wait(error: TelegramError) -> float:
    """Seconds that a 429 asks for; 0 for any other error."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


class Wire:
    """The Bot API methods Faro uses. Every method raises the library's ``TelegramError``s.

    ``root`` is the root of a Bot API server; ``patience`` seconds to wait for any answer, on top
    of what a long poll asks for.
    """

    def __init__(self, root: str, token: str, patience: float = 10.0) -> None:
        self._patience = patience
        self._talk = self._request(AT_ONCE)
        self._poll = self._request(1)
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._talk,
            get_updates_request=self._poll,
        )

    def _request(self, size: int) -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=size,
            connect_timeout=self._patience,
            read_timeout=self._patience,
            write_timeout=self._patience,
            pool_timeout=6 * self._patience,
        )

    async def __aenter__(self) -> Wire:
        # Not Bot.initialize(): that calls getMe, and the first poll tells as much.
        await self._talk.initialize()
        await self._poll.initialize()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._poll.shutdown()
        await self._talk.shutdown()

    async def updates(self, offset: int | None, hold: int, limit: int = BATCH) -> Sequence[object]:
        """Poll (``getUpdates``) for raw updates from ``offset``, held open for ``hold`` seconds.

        Raw, because the library logs a whole update when parsing it fails. Its name in snake case
        has two underscores: with one, the library insists on its own parsing method.
        """
        asked: JSON = {"timeout": hold, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            asked["offset"] = offset
        batch = await self._bot.do_api_request(
            "get__updates", asked, read_timeout=hold + self._patience
        )
        return batch if isinstance(batch, list) else []

    def parse(self, raw: JSON) -> Update:
        """Read a raw update; raises whatever the library raises for one it cannot read."""
        return Update.de_json(raw, self._bot)

    async def who_am_i(self) -> None:
        """Call ``getMe``: fails when the token is not known."""
        await self._bot.get_me()

    async def announce(self, commands: Mapping[str, str]) -> None:
        """Set the menu of commands (``setMyCommands``), by name."""
        await self._bot.set_my_commands([BotCommand(*item) for item in commands.items()])

    async def send(self, chat: int, message: Rendered, silent: bool = False) -> int:
        """Send a message (``sendMessage``) and give its id."""
        sent = await self._bot.send_message(
            chat,
            message.text,
            parse_mode=ParseMode.HTML,
            reply_markup=message.keyboard,
            disable_notification=silent or None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return sent.message_id

    async def edit(self, chat: int, message_id: int, message: Rendered) -> None:
        """Replace text and buttons of a message (``editMessageText``)."""
        await self._bot.edit_message_text(
            message.text,
            chat_id=chat,
            message_id=message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=message.keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def delete(self, chat: int, message_ids: Sequence[int]) -> None:
        """Delete at most 100 messages (``deleteMessages``); those not found are skipped."""
        await self._bot.delete_messages(chat, message_ids)

    async def delete_one(self, chat: int, message_id: int) -> None:
        """Delete a message (``deleteMessage``)."""
        await self._bot.delete_message(chat, message_id)

    async def answer(self, callback_id: str) -> None:
        """Stop the little clock on a pressed button (``answerCallbackQuery``)."""
        await self._bot.answer_callback_query(callback_id)

    async def leave(self, chat: int) -> None:
        """Leave a group or channel (``leaveChat``)."""
        await self._bot.leave_chat(chat)
