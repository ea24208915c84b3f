"""People with a phone: what a person can do in a private chat with the bot, and see of it.

A person acts as Telegram's own app would; waiting is on events, in real seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.chats import Chat, Event, Kind
from sandbox.entities import CAPTION_LIMIT, TEXT_LIMIT, find_entities, utf16_length
from sandbox.errors import NoSuchButton, PersonError
from sandbox.keyboards import Button
from sandbox.messages import JSON, Message
from sandbox.presses import Press
from sandbox.world import World


class Person:
    """Someone with Telegram, made by ``Sandbox.person``.

    Attributes:
        name, chat_id, username: as the bot sees them.
        chat: the private chat with the bot, with all that ever happened in it.

    ``next_message`` and its kin read the chat's events in order and never give one twice.
    """

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._read = 0
        self._instance = world.large_id()
        self.chat = chat
        self.name = str(chat.user["first_name"])
        self.username: str | None = chat.user.get("username")

    @property
    def chat_id(self) -> int:
        """The id of the person, and of the private chat."""
        return self.chat.chat_id

    # --- doing ---------------------------------------------------------------------------------

    async def send(self, text: str) -> Message:
        """Type a text or a command and send it."""
        text = text.strip()
        if not 1 <= utf16_length(text) <= TEXT_LIMIT:
            raise PersonError(f"a text has 1 to {TEXT_LIMIT} UTF-16 units")
        return self._say(text)

    async def send_voice(self, seconds: int = 4) -> Message:
        """Send a voice note."""
        return self._say(voice=self._file(duration=seconds, mime_type="audio/ogg"))

    async def send_photo(self, caption: str = "") -> Message:
        """Send a photo, with or without words under it."""
        sizes = [self._file(width=90, height=67), self._file(width=1280, height=960)]
        return self._say(photo=sizes, **self._caption(caption))

    async def send_video(self, caption: str = "") -> Message:
        """Send a video."""
        return self._say(
            video=self._file(width=640, height=480, duration=9), **self._caption(caption)
        )

    async def send_document(self, name: str = "boleta.pdf", caption: str = "") -> Message:
        """Send a file."""
        return self._say(
            document=self._file(file_name=name, mime_type="application/pdf"),
            **self._caption(caption),
        )

    async def send_sticker(self, emoji: str = "🙏") -> Message:
        """Send a sticker."""
        return self._say(
            sticker=self._file(
                type="regular",
                width=512,
                height=512,
                is_animated=False,
                is_video=False,
                emoji=emoji,
            )
        )

    async def send_contact(self, phone: str = "+584120000000", name: str = "Abogada") -> Message:
        """Share somebody's contact."""
        return self._say(contact={"phone_number": phone, "first_name": name})

    async def send_location(self, latitude: float = 10.5, longitude: float = -66.9) -> Message:
        """Share a place on the map."""
        return self._say(location={"latitude": latitude, "longitude": longitude})

    async def send_other(self, **content: Any) -> Message:
        """Send anything else as Bot API fields, such as ``dice={"emoji": "🎲", "value": 3}``."""
        return self._say(**content)

    async def edit(self, message: Message, text: str) -> Message:
        """Edit one of her own texts."""
        if message.mine or message.deleted or not message.text:
            raise PersonError("only one's own texts can be edited")
        if message.too_old_to_delete(self._world.clock.now()):
            raise PersonError("a text can be edited for 48 hours")
        message.change(text, find_entities(text), (), self._world.clock.now())
        self.chat.announce("said", message)
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
        message = self._with_button(text, data) if on is None else on
        return self._press(message, message.button(text, data=data))

    async def delete(self, message: Message, *, for_both: bool = False) -> None:
        """Delete a message, from her own phone or for both sides; the bot is never told."""
        message.hidden = True
        message.deleted = message.deleted or for_both
        self.chat.announce("hidden", message)

    async def block(self) -> None:
        """Block the bot: from now on it gets 403."""
        self._member("member", "kicked", blocked=True)

    async def unblock(self) -> None:
        """Unblock the bot."""
        self._member("kicked", "member", blocked=False)

    # --- seeing --------------------------------------------------------------------------------

    def screen(self) -> tuple[Message, ...]:
        """Give the messages on the screen, both sides, oldest first."""
        return self.chat.screen()

    def from_bot(self) -> tuple[Message, ...]:
        """Give those of the bot that are on the screen, oldest first."""
        return tuple(message for message in self.chat.screen() if message.mine)

    def last(self) -> Message:
        """Give the bot's newest message on the screen; raises PersonError when there is none."""
        if not (messages := self.from_bot()):
            raise PersonError("nothing of the bot is on the screen")
        return messages[-1]

    def lock_screen(self) -> tuple[str, ...]:
        """Give what a locked phone showed of each message of the bot, even if deleted since."""
        return tuple(
            message.lock_screen() for message in self.chat.messages.values() if message.mine
        )

    async def next_message(self, timeout: float = 5) -> Message:  # noqa: ASYNC109 - fixed by the sandbox contract
        """Wait for the bot's next new message; edits in between are passed over."""
        return (await self._next({"sent"}, timeout)).message

    async def next_edit(self, timeout: float = 5) -> Message:  # noqa: ASYNC109 - as next_message
        """Wait for the bot's next edit of a message; new messages in between are passed over."""
        return (await self._next({"edited"}, timeout)).message

    async def next_change(self, timeout: float = 5) -> Event:  # noqa: ASYNC109 - as next_message
        """Wait for the next thing the bot does on the screen: ``sent``, ``edited``, ``deleted``."""
        return await self._next({"sent", "edited", "deleted"}, timeout)

    async def wait_until(self, look: Callable[[], bool], timeout: float = 5) -> None:  # noqa: ASYNC109 - as next_message
        """Wait until something about her chat is true; ``look`` runs after every change."""
        await self.chat.bell.until(lambda: look() or None, timeout)

    def skip(self) -> None:
        """Take everything that happened so far as read."""
        self._read = len(self.chat.events)

    # --- the inside ----------------------------------------------------------------------------

    async def _next(self, kinds: set[Kind], within: float) -> Event:
        def look() -> Event | None:
            for event in self.chat.events[self._read :]:
                if event.kind in kinds:
                    self._read = event.number
                    return event
            return None

        return await self.chat.bell.until(look, within)

    def _say(self, text: str = "", **content: Any) -> Message:
        if self.chat.blocked:
            raise PersonError("she blocked the bot: unblock first")
        message = Message(
            self._world.next_message_id(),
            self.chat.to_json(),
            self.chat.user,
            mine=False,
            date=self._world.clock.now(),
            text=text,
            entities=find_entities(text),
            content=content,
        )
        self.chat.started = True
        self.chat.add("said", message)
        self._world.queue.put("message", message.to_json())
        return message

    def _file(self, **more: Any) -> JSON:
        file_id = f"AwACAgEAAxk{self._world.large_id()}"
        return {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": 20_480, **more}

    @staticmethod
    def _caption(caption: str) -> JSON:
        if utf16_length(caption) > CAPTION_LIMIT:
            raise PersonError(f"a caption has at most {CAPTION_LIMIT} UTF-16 units")
        if not caption:
            return {}
        entities = [entity.to_json() for entity in find_entities(caption)]
        return {"caption": caption, **({"caption_entities": entities} if entities else {})}

    def _with_button(self, text: str | None, data: str | None) -> Message:
        for message in reversed(self.from_bot()):
            if any(button.text == text or button.data == data for button in message.buttons):
                return message
        there = [row for message in self.from_bot() for row in message.reply_markup]
        raise NoSuchButton(f"no button {text or data!r} on the screen; there are {there}")

    def _press(self, message: Message, button: Button) -> Press:
        if button.data is None:
            raise PersonError(f"the button {button.text!r} sends nothing to the bot")
        press = Press(self._world.large_id(), message, button, self._world.clock.now())
        self._world.presses.add(press)
        shown = message.to_inaccessible_json() if message.deleted else message.to_json()
        self._world.queue.put(
            "callback_query",
            {
                "id": press.id,
                "from": self.chat.user,
                "message": shown,
                "chat_instance": self._instance,
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
