"""What people can send besides text: photos, voice, files, polls; and where anything can go.

How it gets there is in people.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from sandbox.entities import CAPTION_LIMIT, Entity, find_entities, utf16_length
from sandbox.errors import PersonError
from sandbox.group_chats import Topic
from sandbox.groups import Group
from sandbox.messages import JSON, Message
from sandbox.world import World

_MIME = {"pdf": "application/pdf", "txt": "text/plain", "yaml": "application/yaml"}


class Where(TypedDict, total=False):
    """Where a message goes; without ``to``, to the bot.

    ``topic`` is a topic of the group or its id; ``reply_to`` what it answers; ``album`` the
    ``media_group_id``.
    """

    to: Group
    topic: Topic | int | None
    reply_to: Message | None
    album: str


def check_where(where: Mapping[str, object]) -> None:
    """Raise TypeError for what is no place: the control API passes on what it is given."""
    if unknown := sorted(where.keys() - Where.__annotations__.keys()):
        raise TypeError(f"unexpected {unknown[0]}")
    if not isinstance(where.get("to"), Group | None):
        raise TypeError("to is a Group")
    if not isinstance(where.get("topic"), Topic | int | None):
        raise TypeError("topic is a Topic or its id")
    if not isinstance(where.get("reply_to"), Message | None):
        raise TypeError("reply_to is a Message")


def read_caption(caption: str) -> JSON:
    """Give the fields of the words under a photo or file; raises PersonError when too long."""
    if utf16_length(caption) > CAPTION_LIMIT:
        raise PersonError(f"a caption has at most {CAPTION_LIMIT} UTF-16 units")
    if not caption:
        return {}
    entities = [entity.to_json() for entity in find_entities(caption)]
    return {"caption": caption, **({"caption_entities": entities} if entities else {})}


class Sender:
    """Whoever sends things; ``_say`` puts them where they go."""

    _world: World

    def _say(
        self, text: str, where: Where, entities: tuple[Entity, ...] = (), **content: Any
    ) -> Message:
        raise NotImplementedError

    def _file(self, kind: str, data: bytes | None = None, **more: Any) -> JSON:
        return self._world.new_file(kind, data, **more)

    async def send_voice(
        self, seconds: int = 4, caption: str = "", **where: Unpack[Where]
    ) -> Message:
        """Send a voice note."""
        voice = self._file("voice", duration=seconds, mime_type="audio/ogg")
        return self._say("", where, voice=voice, **read_caption(caption))

    async def send_photo(self, caption: str = "", **where: Unpack[Where]) -> Message:
        """Send a photo, with or without words under it."""
        sizes = [
            self._file("photo", width=90, height=67),
            self._file("photo", width=1280, height=960),
        ]
        return self._say("", where, photo=sizes, **read_caption(caption))

    async def send_album(
        self, photos: int = 3, caption: str = "", **where: Unpack[Where]
    ) -> tuple[Message, ...]:
        """Send several photos at once: one message each, of one ``media_group_id``."""
        where["album"] = self._world.large_id()
        return tuple(
            [
                await self.send_photo(caption if number == 0 else "", **where)
                for number in range(photos)
            ]
        )

    async def send_video(self, caption: str = "", **where: Unpack[Where]) -> Message:
        """Send a video."""
        video = self._file("video", width=640, height=480, duration=9)
        return self._say("", where, video=video, **read_caption(caption))

    async def send_document(
        self,
        name: str = "boleta.pdf",
        caption: str = "",
        *,
        text: str | None = None,
        **where: Unpack[Where],
    ) -> Message:
        """Send a file; with ``text`` one that holds these words, without it made-up bytes."""
        kind = _MIME.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        data = None if text is None else text.encode()
        document = self._file("document", data, file_name=name, mime_type=kind)
        return self._say("", where, document=document, **read_caption(caption))

    async def send_sticker(self, emoji: str = "🙏", **where: Unpack[Where]) -> Message:
        """Send a sticker."""
        sticker = self._file(
            "sticker",
            type="regular",
            width=512,
            height=512,
            is_animated=False,
            is_video=False,
            emoji=emoji,
        )
        return self._say("", where, sticker=sticker)

    async def send_contact(
        self, phone: str = "+584120000000", name: str = "Abogada", **where: Unpack[Where]
    ) -> Message:
        """Share somebody's contact."""
        return self._say("", where, contact={"phone_number": phone, "first_name": name})

    async def send_location(
        self, latitude: float = 10.5, longitude: float = -66.9, **where: Unpack[Where]
    ) -> Message:
        """Share a place on the map."""
        return self._say("", where, location={"latitude": latitude, "longitude": longitude})

    async def send_audio(self, caption: str = "", **where: Unpack[Where]) -> Message:
        """Send a piece of music or a recording."""
        audio = self._file("audio", duration=61, mime_type="audio/mpeg", title="Audio")
        return self._say("", where, audio=audio, **read_caption(caption))

    async def send_animation(self, caption: str = "", **where: Unpack[Where]) -> Message:
        """Send a moving picture without sound; the Bot API tells it as a document too."""
        animation = self._file("animation", width=320, height=240, duration=3)
        more = read_caption(caption)
        return self._say("", where, animation=animation, document=dict(animation), **more)

    async def send_video_note(self, **where: Unpack[Where]) -> Message:
        """Send a round video."""
        return self._say("", where, video_note=self._file("video_note", length=240, duration=5))

    async def send_poll(
        self,
        question: str = "¿Cuándo?",
        options: tuple[str, ...] = ("Hoy", "Mañana"),
        *,
        quiz: bool = False,
        **where: Unpack[Where],
    ) -> Message:
        """Send a poll; of a quiz, a bot learns the answer only in its private chat."""
        poll = {
            "id": self._world.large_id(),
            "question": question,
            "options": [
                {"persistent_id": str(number), "text": text, "voter_count": 0}
                for number, text in enumerate(options)
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "quiz" if quiz else "regular",
            "allows_multiple_answers": False,
            "allows_revoting": not quiz,
            "members_only": False,
        }
        if quiz and where.get("to") is None:
            poll["correct_option_ids"] = [0]
        return self._say("", where, poll=poll)

    async def send_dice(self, emoji: str = "🎲", **where: Unpack[Where]) -> Message:
        """Throw dice."""
        return self._say("", where, dice={"emoji": emoji, "value": 3})

    async def send_other(self, **content: Any) -> Message:
        """Send anything else as Bot API fields, such as ``venue={...}``.

        ``to``, ``topic``, ``reply_to`` and ``album`` say where, as for the others.
        """
        where = Where()
        for key in Where.__annotations__.keys() & content.keys():
            where[key] = content.pop(key)  # type: ignore[literal-required]  # its keys, just above
        return self._say("", where, **content)
