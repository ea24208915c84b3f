"""The methods that write a new message: text, photo, voice, and copies of others' messages.

A file is sent by the ``file_id`` of one that somebody sent, or comes with the call.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sandbox.chats import Chat, Conversation
from sandbox.entities import Entity, read_caption, read_text
from sandbox.errors import bad_request
from sandbox.files import Upload
from sandbox.group_chats import GroupChat
from sandbox.keyboards import Rows, read_keyboard
from sandbox.messages import CAPTIONED, JSON, Message
from sandbox.parameters import Parameters
from sandbox.pictures import check_photo, is_picture, sides
from sandbox.places import chat_to_write, find_chat, place_message
from sandbox.world import World

COPIES_LIMIT = 100
DOWNLOAD_LIMIT = 20 * 2**20
"""Bytes of the largest file that ``getFile`` gives."""
UNCOPYABLE = frozenset({"paid_media", "giveaway", "giveaway_winners", "invoice"})
"""What copyMessage refuses besides service messages."""


async def send_message(world: World, given: Parameters) -> JSON:
    """Bot API ``sendMessage``."""
    text, entities = read_text(given["text"], given.get("parse_mode"))
    rows = read_keyboard(given.get("reply_markup"))
    chat = chat_to_write(world, given["chat_id"])
    return _send(world, chat, given, text=text, entities=entities, rows=rows).to_json()


async def send_photo(world: World, given: Parameters) -> JSON:
    """Bot API ``sendPhoto``, by ``file_id`` or with the file."""
    caption = read_caption_fields(given)
    rows = read_keyboard(given.get("reply_markup"))
    chat = chat_to_write(world, given["chat_id"])
    width, height, seen = 1280, 960, False
    if isinstance(given["photo"], Upload):
        check_photo(given["photo"].data)
        if seen := is_picture(given["photo"].data):
            width, height = sides(given["photo"].data)
    photo = _file(world, given["photo"], "photo", width=width, height=height)
    sent = _send(
        world,
        chat,
        given,
        rows=rows,
        content={"photo": [photo], **caption},
        picture=photo["file_id"] if seen else None,
    )
    return sent.to_json()


async def send_voice(world: World, given: Parameters) -> JSON:
    """Bot API ``sendVoice``, by ``file_id`` or with the file."""
    caption = read_caption_fields(given)
    rows = read_keyboard(given.get("reply_markup"))
    chat = chat_to_write(world, given["chat_id"])
    content = {
        "voice": _file(world, given["voice"], "voice", duration=4, mime_type="audio/ogg"),
        **caption,
    }
    _refuse_voice(chat, content)
    return _send(world, chat, given, rows=rows, content=content).to_json()


async def copy_message(world: World, given: Parameters) -> JSON:
    """Bot API ``copyMessage``: no trace of who wrote it, no keyboard unless a new one.

    Out of a group with protected content nothing is copied. Telegram may let a text
    go, which Faro never copies: **stricter** here.
    """
    rows = read_keyboard(given.get("reply_markup"))
    chat = chat_to_write(world, given["chat_id"])
    source = find_chat(world, given["from_chat_id"])
    original = source.find(given["message_id"])
    if original is None:
        raise bad_request("message to copy not found")
    if not _copyable(source, original):
        raise bad_request("the message can't be copied")
    content = _copied(world, original)
    content.pop("media_group_id", None)
    if "caption" in given and content.keys() & CAPTIONED:
        content = {key: value for key, value in content.items() if key not in original.caption}
        content.update(read_caption_fields(given))
    sent = _send(
        world,
        chat,
        given,
        text=original.text,
        entities=original.entities,
        rows=rows,
        content=content,
    )
    return {"message_id": sent.message_id}


async def copy_messages(world: World, given: Parameters) -> list[JSON]:
    """Bot API ``copyMessages``: skips what it cannot find or copy; albums stay albums."""
    ids: list[int] = given["message_ids"]
    if not 1 <= len(ids) <= COPIES_LIMIT:
        raise bad_request("too many messages to copy" if ids else "there are no messages to copy")
    if any(second <= first for first, second in pairwise(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat = chat_to_write(world, given["chat_id"])
    source = find_chat(world, given["from_chat_id"])
    originals = [one for number in ids if (one := source.find(number)) and _copyable(source, one)]
    if not originals:
        raise bad_request("there are no messages to copy")
    for original in originals:
        _refuse_voice(chat, original.content)
    albums: dict[str, str] = {}
    copies = []
    for original in originals:
        content = _copied(world, original)
        if (album := content.get("media_group_id")) is not None:
            content["media_group_id"] = albums.setdefault(album, world.large_id())
        if given.get("remove_caption"):
            content = {key: value for key, value in content.items() if key not in original.caption}
        copies.append(
            _send(
                world,
                chat,
                given,
                text=original.text,
                entities=original.entities,
                content=content,
            )
        )
    return [{"message_id": copy.message_id} for copy in copies]


async def forward_message(world: World, given: Parameters) -> JSON:
    """Bot API ``forwardMessage``: always refused, for a forward names who wrote it."""
    raise bad_request("Faro never forwards (a refusal of the sandbox's own)")


async def get_file(world: World, given: Parameters) -> JSON:
    """Bot API ``getFile``: what is known of a file and where its bytes are; at most 20 MB."""
    found = world.files.find(given["file_id"])
    if found is None:
        raise bad_request("invalid file_id")
    _, made = found
    if made["file_size"] > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    basic = {key: made[key] for key in ("file_id", "file_unique_id", "file_size")}
    return {**basic, "file_path": world.files.path(made["file_id"])}


def _send(
    world: World,
    chat: Conversation,
    given: Parameters,
    *,
    text: str = "",
    entities: tuple[Entity, ...] = (),
    rows: Rows = (),
    content: JSON | None = None,
    picture: str | None = None,
) -> Message:
    _refuse_voice(chat, content or {})
    message = Message(
        0,
        chat.to_json(),
        world.bot,
        mine=True,
        date=world.clock.now(),
        text=text,
        entities=entities,
        rows=rows,
        silent=given.get("disable_notification", False),
        protected=given.get("protect_content", False),
        content=content or {},
        picture=picture,
    )
    place_message(world, chat, message, given)
    # Only now: a refused message takes no number.
    message.message_id = world.message_id_in(chat)
    chat.act(None)
    chat.add("sent", message)
    return message


def read_caption_fields(given: Parameters) -> JSON:
    """Read the caption of a call as the fields of a message; raises ApiError when too long."""
    caption, entities = read_caption(given.get("caption", ""), given.get("parse_mode"))
    shown: JSON = {"caption": caption} if caption else {}
    if entities:
        shown["caption_entities"] = [entity.to_json() for entity in entities]
    return shown


def _file(world: World, given: str | Upload, kind: str, **more: Any) -> JSON:
    """Find the file that a call names, or take the one it brings, of which ``more`` is true."""
    if isinstance(given, Upload):
        if not given.data:
            raise bad_request("file must be non-empty")
        return world.new_file(kind, given.data, **more)
    known = world.files.find(given)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    found, made = known
    if found != kind:
        raise bad_request(f"can't use file of type {found.capitalize()} as {kind.capitalize()}")
    if world.faults.files_stay and _stays(world, given):
        raise bad_request("CHAT_FORWARDS_RESTRICTED")
    return made


def _stays(world: World, file_id: str) -> bool:
    """Whether a file is in a group with protected content."""
    return any(
        file_id in str(message.content)
        for group in world.groups.values()
        if group.settings.get("has_protected_content")
        for message in group.messages.values()
    )


def _copyable(source: Conversation, message: Message) -> bool:
    """Whether it can be copied: a quiz only when the bot knows its answers."""
    if isinstance(source, GroupChat) and source.settings.get("has_protected_content"):
        return False
    poll = message.content.get("poll", {})
    secret = poll.get("type") == "quiz" and "correct_option_ids" not in poll
    return not (message.service or secret or message.content.keys() & UNCOPYABLE)


def _copied(world: World, original: Message) -> JSON:
    """Give what a copy brings: dice fall anew, and nobody has voted in a poll."""
    content = dict(original.content)
    content.pop("forward_origin", None)
    if (dice := content.get("dice")) is not None:
        content["dice"] = {**dice, "value": world.random.randint(1, 6)}
    if (poll := content.get("poll")) is not None:
        options = [{**option, "voter_count": 0} for option in poll.get("options", ())]
        fresh = {"id": world.large_id(), "total_voter_count": 0, "is_closed": False}
        content["poll"] = {**poll, **fresh, "options": options}
    return content


def _refuse_voice(chat: Conversation, content: JSON) -> None:
    notes = content.keys() & {"voice", "video_note"}
    if notes and isinstance(chat, Chat) and chat.no_voice:
        raise bad_request("VOICE_MESSAGES_FORBIDDEN")
