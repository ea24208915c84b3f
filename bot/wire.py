"""The one place that calls the Bot API; what a failed call means is in ``bot.fates``.

python-telegram-bot over ``bot.transport``. Calls wait for their place with ``bot.governor``; else
nothing here waits, repeats or remembers: that is for ``bot.intake``, ``bot.outgoing``,
``bot.deliveries`` and the drain of broadcasts.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScopeChat,
    ChatFullInfo,
    ChatMember,
    LinkPreviewOptions,
    ReplyParameters,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.governor import PAID, Governor, Lane, Way
from bot.transport import Transport
from handlers.render import Rendered
from helpdesk.messages import Unreadable

JSON = dict[str, Any]
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
BATCH = 100
"""Most updates a poll brings, and so most that wait uncommitted: a poll starts at the watermark."""
AT_ONCE = 64
"""Connections to the server; a call beyond them waits for one."""
LARGEST_FILE = 20 * 2**20
"""Bytes of a file that is downloaded (``getFile`` gives no larger one)."""
MakeTransport = Callable[[int, float], BaseRequest]
"""Makes a transport of so many connections, that waits so many seconds for anything."""
_NAMES = {Unreadable.PHOTO: "foto.jpg", Unreadable.VOICE: "voz.ogg"}
"""What an uploaded file is called: never what it was called before."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message goes: a chat, a topic of it, and the message there that it answers.

    One that is answered and gone is no reason to refuse. ``protected`` forbids to forward or save
    it, ``silent`` sends it without sound.
    """

    chat: int
    topic: int | None = None
    answers: int | None = None
    silent: bool = False
    protected: bool = False

    @property
    def options(self) -> JSON:
        """These as parameters of the methods that send."""
        reply = None
        if self.answers is not None:
            reply = ReplyParameters(self.answers, allow_sending_without_reply=True)
        return {
            "message_thread_id": self.topic,
            "reply_parameters": reply,
            "disable_notification": self.silent or None,
            "protect_content": self.protected or None,
        }


class Wire:
    """The Bot API methods Faro uses. Every method raises the library's ``TelegramError``s.

    ``root`` is the root of a Bot API server; ``patience`` seconds to wait for any answer, on top
    of what a long poll asks for. Its own calls are INTERACTIVE; ``on`` and ``paid`` give views of
    it whose calls are not.
    """

    def __init__(
        self,
        root: str,
        token: str,
        patience: float = 10.0,
        governor: Governor | None = None,
        transport: MakeTransport = Transport,
    ) -> None:
        self._patience = patience
        self._way: Way | None = None
        self.me = int(token.partition(":")[0])
        self.governor = Governor() if governor is None else governor
        self._talk = transport(AT_ONCE, patience)
        self._poll = transport(1, patience)
        # No defaults and no arbitrary callback data: what is sent is what is written here.
        self._bot: ExtBot[Way] = ExtBot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._talk,
            get_updates_request=self._poll,
            rate_limiter=self.governor,
        )

    def on(self, lane: Lane) -> Wire:
        """Give a view of this wire whose calls go in another lane; it is not opened or closed."""
        return self._view(lane)

    def paid(self) -> Wire:
        """Give a view for calls whose place in BROADCAST was taken with ``governor.turn``.

        One place is for one call that counts (`bot.governor`).
        """
        return self._view(PAID)

    def _view(self, way: Way) -> Wire:
        view = copy.copy(self)
        view._way = way
        return view

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

    async def announce(
        self, commands: Mapping[str, str], language: str = "", chat: int | None = None
    ) -> None:
        """Set the menu of commands (``setMyCommands``), by name, for phones in a language.

        Without one it is the menu of all phones that have none of their own. ``chat`` is the only
        group that has it; without one it is everywhere where there is no other.
        """
        menu = [BotCommand(*item) for item in commands.items()]
        scope = None if chat is None else BotCommandScopeChat(chat)
        await self._bot.set_my_commands(menu, scope, language or None)

    async def send(self, spot: Spot, message: Rendered) -> int:
        """Send a message (``sendMessage``) and give its id."""
        sent = await self._bot.send_message(
            spot.chat,
            message.text,
            parse_mode=ParseMode.HTML,
            reply_markup=message.keyboard,
            link_preview_options=_NO_PREVIEW,
            rate_limit_args=self._way,
            **spot.options,
        )
        return sent.message_id

    async def copy(
        self, spot: Spot, source_chat: int, source: int, caption: Rendered | None
    ) -> int:
        """Copy a message (``copyMessage``), which names nobody, and give the copy's id.

        ``caption`` replaces the words under a photo or voice, an empty one takes them away, and
        with None they stay as they are.
        """
        words: JSON = {}
        if caption is not None:
            words = {
                "caption": caption.text,
                "parse_mode": ParseMode.HTML,
                "reply_markup": caption.keyboard,
            }
        sent = await self._bot.copy_message(
            spot.chat, source_chat, source, **words, **spot.options, rate_limit_args=self._way
        )
        return sent.message_id

    async def send_media(
        self, spot: Spot, kind: Unreadable, file: str | bytes, caption: Rendered
    ) -> int:
        """Send a photo (``sendPhoto``) or voice note (``sendVoice``) and give the message's id.

        ``file`` is the ``file_id`` of one that the bot was sent, or the bytes of one to upload.
        """
        words: JSON = {
            "caption": caption.text or None,
            "parse_mode": ParseMode.HTML,
            "reply_markup": caption.keyboard,
        }
        if isinstance(file, bytes):
            # Telegram answers only when it has worked on what it was sent.
            words |= {"filename": _NAMES[kind], "read_timeout": 6 * self._patience}
        send = self._bot.send_photo if kind is Unreadable.PHOTO else self._bot.send_voice
        sent = await send(spot.chat, file, **words, **spot.options, rate_limit_args=self._way)
        return sent.message_id

    async def download(self, file: str) -> bytes:
        """Read a file (``getFile``, then its bytes) into memory, and nowhere else.

        The address of the bytes has the token in it: it must never be written anywhere. Raises
        BadRequest for a file that is not there, or is larger than LARGEST_FILE.
        """
        found = await self._bot.get_file(file)
        if found.file_size is not None and found.file_size > LARGEST_FILE:
            raise BadRequest("file is too big")
        try:
            return bytes(await found.download_as_bytearray())
        except InvalidToken:
            # So the library calls every 404. The token was good a moment ago: the file is gone.
            raise BadRequest("invalid file_id") from None

    async def edit(self, chat: int, message_id: int, message: Rendered) -> None:
        """Replace text and buttons of a message (``editMessageText``)."""
        await self._bot.edit_message_text(
            message.text,
            chat_id=chat,
            message_id=message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=message.keyboard,
            link_preview_options=_NO_PREVIEW,
            rate_limit_args=self._way,
        )

    async def delete(self, chat: int, message_ids: Sequence[int]) -> None:
        """Delete at most 100 messages (``deleteMessages``); those not found are skipped."""
        await self._bot.delete_messages(chat, message_ids, rate_limit_args=self._way)

    async def delete_one(self, chat: int, message_id: int) -> None:
        """Delete a message (``deleteMessage``)."""
        await self._bot.delete_message(chat, message_id, rate_limit_args=self._way)

    async def answer(self, callback_id: str, words: str = "", loud: bool = False) -> None:
        """Stop the little clock on a pressed button (``answerCallbackQuery``), maybe with words.

        ``words`` are at most 200 characters; ``loud`` shows them in a window.
        """
        await self._bot.answer_callback_query(callback_id, words or None, loud or None)

    async def open_topic(self, group: int, name: str) -> int:
        """Make a topic (``createForumTopic``) and give its id."""
        topic = await self._bot.create_forum_topic(group, name, rate_limit_args=self._way)
        return topic.message_thread_id

    async def close_topic(self, group: int, topic: int) -> None:
        """Close a topic (``closeForumTopic``)."""
        await self._bot.close_forum_topic(group, topic, rate_limit_args=self._way)

    async def reopen_topic(self, group: int, topic: int) -> None:
        """Open a closed topic again (``reopenForumTopic``)."""
        await self._bot.reopen_forum_topic(group, topic, rate_limit_args=self._way)

    async def delete_topic(self, group: int, topic: int) -> None:
        """Delete a topic with every message in it (``deleteForumTopic``)."""
        await self._bot.delete_forum_topic(group, topic, rate_limit_args=self._way)

    async def chat(self, chat: int) -> ChatFullInfo:
        """Read what is set in a group (``getChat``)."""
        return await self._bot.get_chat(chat)

    async def member(self, group: int, user: int) -> ChatMember:
        """Read what somebody is in a group (``getChatMember``); ``self.me`` is the bot."""
        return await self._bot.get_chat_member(group, user)

    async def size(self, group: int) -> int:
        """Count who is in a group (``getChatMemberCount``)."""
        return await self._bot.get_chat_member_count(group)

    async def leave(self, chat: int) -> None:
        """Leave a group or channel (``leaveChat``)."""
        await self._bot.leave_chat(chat, rate_limit_args=self._way)
