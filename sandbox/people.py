"""People with a phone: what a person can do in the chat with the bot and in groups.

A person acts as Telegram's own app would. What they can send is in media.py, what they say in
groups in talking.py, what they see and wait for in watching.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

from sandbox.chats import Chat
from sandbox.composing import compose
from sandbox.entities import Entity
from sandbox.errors import PersonError
from sandbox.group_chats import GroupChat
from sandbox.keyboards import Button
from sandbox.media import Sender, Where, check_where, read_caption
from sandbox.messages import CAPTIONED, JSON, Message
from sandbox.presses import Press
from sandbox.services import tell
from sandbox.talking import say_in
from sandbox.watching import Watcher
from sandbox.world import World


class Person(Watcher, Sender):
    """Someone with Telegram, made by ``Sandbox.person``.

    Attributes:
        name, chat_id, username: as the bot sees them.
        aside: one of many, whose phone the page shows only when it is asked for.
        organiser: whether the page shows her in the column of organisers.
        chat: the private chat with the bot, with all that ever happened in it.

    What she sees and waits for is her private chat; what is in a group, the ``Group`` shows.
    """

    def __init__(
        self, world: World, chat: Chat, *, aside: bool = False, organiser: bool = False
    ) -> None:
        super().__init__()
        self._world = world
        self.aside = aside
        self.organiser = organiser
        self._instance = world.large_id()
        self.chat = chat
        self.name = str(chat.user["first_name"])
        self.username: str | None = chat.user.get("username")

    @property
    def chat_id(self) -> int:
        """The id of the person, and of the private chat."""
        return self.chat.chat_id

    # --- doing ---------------------------------------------------------------------------------

    async def send(
        self,
        text: str,
        *,
        html: bool = False,
        entities: Iterable[JSON] = (),
        **where: Unpack[Where],
    ) -> Message:
        """Type a text or a command and send it: to the bot, or ``to`` a group.

        ``html`` says that its formatting is written as Telegram's HTML, as in ``<b>hoy</b>``: it
        goes out as her app sends it, with entities. ``entities`` are those themselves.
        """
        text, marked = compose(text, html=html, entities=entities)
        return self._say(text, where, marked)

    async def edit(
        self, message: Message, text: str, *, html: bool = False, entities: Iterable[JSON] = ()
    ) -> Message:
        """Edit one of her own texts, or the words under her photo or file; else as ``send``."""
        captioned = bool(message.content.keys() & CAPTIONED)
        hers = not message.mine and message.author in (None, self.chat_id)
        if not hers or message.deleted or message.service or not (message.text or captioned):
            raise PersonError("only one's own texts can be edited")
        if message.too_old_to_delete(self._world.clock.now()):
            raise PersonError("a text can be edited for 48 hours")
        if captioned:
            message.recaption(read_caption(text))
            message.change("", (), (), self._world.clock.now())
        else:
            text, marked = compose(text, html=html, entities=entities)
            message.change(text, marked, (), self._world.clock.now())
        place = self._world.place(message.chat_id)
        place.announce("said", message)
        if isinstance(place, GroupChat):
            tell(self._world, place, "edited_message", message.to_json())
        else:
            self._world.queue.put("edited_message", message.to_json())
        return message

    async def press(
        self,
        on: Message | str | None = None,
        text: str | None = None,
        *,
        data: str | None = None,
    ) -> Press:
        """Press an inline button: ``press("No")``, ``press(message, "No")``, ``press(data=...)``.

        Without a message, the newest one on the screen that has such a button. With a message, also
        a button it had before, and also when it is deleted: a finger can be slower than the bot.
        """
        if isinstance(on, str):
            if text is not None:
                raise PersonError("press(message, text): the message comes first")
            on, text = None, on
        if (text is None) == (data is None):
            raise PersonError("press a button by its text or by its data")
        message = self.with_button(text, data) if on is None else on
        return self._press(message, message.button(text, data=data))

    async def delete(self, message: Message, *, for_both: bool = False) -> None:
        """Delete a message, from her own phone or for both sides; the bot is never told."""
        message.hidden = True
        message.deleted = message.deleted or for_both
        self._world.place(message.chat_id).announce("hidden", message)

    async def block(self) -> None:
        """Block the bot: from now on it gets 403."""
        self._member("member", "kicked", blocked=True)

    async def unblock(self) -> None:
        """Unblock the bot."""
        self._member("kicked", "member", blocked=False)

    def deactivate(self) -> None:
        """Delete her account: from now on the bot gets 403, and nobody tells it why."""
        self.chat.deactivated = True
        self.chat.changed()

    def refuse_voice(self, refuse: bool = True) -> None:
        """Turn the privacy setting that refuses voice notes on or off."""
        self.chat.no_voice = refuse

    # --- the inside ----------------------------------------------------------------------------

    @property
    def _watched(self) -> Chat:
        return self.chat

    def _say(
        self, text: str, where: Where, entities: tuple[Entity, ...] = (), **content: Any
    ) -> Message:
        check_where(where)
        if (album := where.get("album")) is not None:
            content["media_group_id"] = album
        reply_to = where.get("reply_to")
        if (group := where.get("to")) is not None:
            return say_in(
                self._world,
                group.chat,
                self.chat.user,
                text,
                entities,
                content,
                where.get("topic"),
                reply_to,
            )
        if self.chat.blocked:
            raise PersonError("she blocked the bot: unblock first")
        message = Message(
            self._world.next_message_id(),
            self.chat.to_json(),
            self.chat.user,
            mine=False,
            date=self._world.clock.now(),
            text=text,
            entities=entities,
            content=content,
        )
        if reply_to is not None:
            if self.chat.find(reply_to.message_id) is not reply_to:
                raise PersonError("what she answers is not in her chat any more")
            message.reply(reply_to)
        self.chat.started = True
        self.chat.add("said", message)
        self._world.queue.put("message", message.to_json())
        return message

    def _press(self, message: Message, button: Button) -> Press:
        if button.data is None:
            raise PersonError(f"the button {button.text!r} sends nothing to the bot")
        place = self._world.place(message.chat_id)
        if isinstance(place, GroupChat):
            if not place.member(self.chat.user).inside:
                raise PersonError("she is not in the group")
        elif place is not self.chat:
            raise PersonError("the message is in another's chat")
        press = Press(
            self._world.large_id(), message, button, self.chat_id, self._world.clock.now()
        )
        self._world.presses.add(press)
        shown = message.to_inaccessible_json() if message.deleted else message.to_json()
        self._world.queue.put(
            "callback_query",
            {
                "id": press.id,
                "from": self.chat.user,
                "message": shown,
                "chat_instance": self._instance if place is self.chat else str(place.chat_id),
                "data": button.data,
            },
        )
        return press

    def _member(self, old: str, new: str, *, blocked: bool) -> None:
        if self.chat.blocked == blocked:
            return
        self.chat.block(blocked)
        self._world.queue.put(
            "my_chat_member",
            {
                "chat": self.chat.to_json(),
                "from": self.chat.user,
                "date": int(self._world.clock.now().timestamp()),
                "old_chat_member": self._as_member(old),
                "new_chat_member": self._as_member(new),
            },
        )

    def _as_member(self, status: str) -> JSON:
        member: JSON = {"user": self._world.bot, "status": status}
        if status == "kicked":
            member["until_date"] = 0
        return member
