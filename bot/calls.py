"""Makes the one call that a post of the desk asks for, and says how it ended.

Nothing waits, repeats or is written down here: that is for ``bot.deliveries``. Into the group
everything goes protected: it can be neither forwarded nor saved.

Telegram lets nothing be copied out of a group with protected content, and some clients not even
send a file of it by its ``file_id``. So a photo or voice for a family goes by its id, and if that
is refused it is downloaded, into memory only, and uploaded. Nothing in the file tells on who took
it: Telegram strips EXIF (place, camera) from photos, and what it takes for a voice note has no such
thing. Documents keep it all: they are refused (`helpdesk.desk.writing`).
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from telegram.error import BadRequest, TelegramError

from bot import logs
from bot.ends import refuses_file, result_of, result_of_download
from bot.governor import Lane
from bot.wire import Spot, Wire
from handlers.errors import HandlersError, ScreenTooLong
from handlers.render import Rendered, render
from helpdesk.desk.context import DeskContext
from helpdesk.desk.ends import End, Ready, Result
from helpdesk.desk.posts import Call, Place, Post
from helpdesk.desk.queue import QueueEdit
from locales import LocalesError

_NO_CAPTION = Rendered("", None)
_IN_GROUP = frozenset({Place.TOPIC, Place.GENERAL})
FILES_AT_ONCE = 2
"""Files that are in memory at the same time, of at most 20 MB each."""


class Caller:
    """Makes the calls of posts, in the words of ``context``."""

    def __init__(self, wire: Wire, context: DeskContext) -> None:
        self._wire = wire.on(Lane.DESK)
        self._context = context
        self._carrying = asyncio.Semaphore(FILES_AT_ONCE)

    async def make(self, ready: Ready) -> Result:
        """Make the call of a post; never raises for what Telegram or the words refuse."""
        post, group = ready.post, ready.post.place in _IN_GROUP
        try:
            message = self._written(post)
        except ScreenTooLong as error:
            logs.trouble("screen_not_rendered", error)
            return Result(End.TOO_LONG)
        except (HandlersError, LocalesError) as error:
            logs.trouble("screen_not_rendered", error)
            return Result(End.REFUSED)
        spot = Spot(ready.chat, ready.topic, post.answers, post.silent, protected=group)
        try:
            return await self._call(post, spot, ready.source_chat, message)
        except TelegramError as error:
            return _noted(error, result_of(error, post.call, group=group, tries=post.tries))

    async def show_queue(self, edit: QueueEdit) -> Result:
        """Edit the message that lists who waits, or send a new one."""
        call = Call.SAY if edit.message_id is None else Call.EDIT
        try:
            message = render(edit.screen, self._context.words(edit.language))
            if edit.message_id is None:
                spot = Spot(edit.group, silent=True, protected=True)
                return Result(End.SENT, await self._wire.send(spot, message))
            await self._wire.edit(edit.group, edit.message_id, message)
        except (HandlersError, LocalesError) as error:
            logs.trouble("screen_not_rendered", error)
            return Result(End.REFUSED)
        except TelegramError as error:
            result = _noted(error, result_of(error, call, group=True))
            return replace(result, message_id=edit.message_id)
        return Result(End.SENT, edit.message_id)

    def _written(self, post: Post) -> Rendered | None:
        screen = post.shows
        return None if screen is None else render(screen, self._context.words(post.language))

    async def _call(
        self, post: Post, spot: Spot, source_chat: int | None, message: Rendered | None
    ) -> Result:
        wire, group = self._wire, spot.chat
        match post.call:
            case Call.SAY:
                assert message is not None
                return Result(End.SENT, await wire.send(spot, message))
            case Call.COPY:
                assert source_chat is not None
                assert post.source is not None
                caption = message or (None if post.own_caption else _NO_CAPTION)
                sent = await wire.copy(spot, source_chat, post.source, caption)
                return Result(End.SENT, sent)
            case Call.MEDIA:
                return await self._send_media(post, spot, message or _NO_CAPTION)
            case Call.OPEN_TOPIC:
                assert post.title is not None
                return Result(End.SENT, topic=await wire.open_topic(group, post.title))
            case Call.EDIT:
                assert message is not None
                assert post.target is not None
                await wire.edit(group, post.target, message)
                return Result(End.SENT, post.target)
            case Call.DELETE:
                assert post.target is not None
                await wire.delete_one(group, post.target)
            case Call.CLOSE_TOPIC:
                await wire.close_topic(group, _topic(post, spot))
            case Call.REOPEN_TOPIC:
                await wire.reopen_topic(group, _topic(post, spot))
            case Call.DELETE_TOPIC:
                await wire.delete_topic(group, _topic(post, spot))
        return Result(End.SENT)

    async def _send_media(self, post: Post, spot: Spot, caption: Rendered) -> Result:
        """Send a photo or voice by its id, or uploaded anew if Telegram refuses that."""
        wire, kind, file = self._wire, post.kind, post.file
        assert kind is not None
        assert file is not None
        try:
            return Result(End.SENT, await wire.send_media(spot, kind, file, caption))
        except BadRequest as error:
            if not refuses_file(error):
                raise
        async with self._carrying:
            try:
                data = await wire.download(file)
            except TelegramError as error:
                return _noted(error, result_of_download(error, post.tries))
            return Result(End.SENT, await wire.send_media(spot, kind, data, caption))


def _noted(error: TelegramError, result: Result) -> Result:
    if result.end is not End.SENT:
        logs.trouble("post_not_sent", error, end=result.end.name.lower())
    return result


def _topic(post: Post, spot: Spot) -> int:
    """Give the topic that a call is about: the post's own, for the case may be gone by then."""
    topic = post.target if post.target is not None else spot.topic
    assert topic is not None
    return topic
