"""The methods that write a new message: text, photo, voice, and copies of others' messages.

A file is sent by the ``file_id`` of one that somebody sent: the sandbox takes no uploads.
"""

from __future__ import annotations

from itertools import pairwise

from sandbox.chats import Chat, Conversation
from sandbox.entities import Entity, read_caption, read_text
from sandbox.errors import bad_request
from sandbox.keyboards import Rows, read_keyboard
from sandbox.messages import CAPTIONED, JSON, Message
from sandbox.parameters import Parameters
from sandbox.places import chat_to_write, find_chat, place_message
from sandbox.world import World

COPIES_LIMIT = 100
UNCOPYABLE = frozenset({"paid_media", "giveaway", "giveaway_winners", "invoice"})
"""What copyMessage refuses besides service messages."""

_PATHS = {"photo": "photos/file.jpg", "voice": "voice/file.oga", "video": "videos/file.mp4"}


async def send_message(world: World, given: Parameters) -> JSON:
    """Bot API ``sendMessage``."""
    text, entities = read_text(given["text"], given.get("parse_mode"))
    rows = read_keyboard(given.get("reply_markup"))
    chat = chat_to_write(world, given["chat_id"])
    return _send(world, chat, given, text=text, entities=entities, rows=rows).to_json()


async def send_photo(world: World, given: Parameters) -> JSON:
    """Bot API ``sendPhoto``, by ``file_id``."""
    caption = read_caption_fields(given)
    rows = read_keyboard(given.get("reply_markup"))
    chat = chat_to_write(world, given["chat_id"])
    photo = _file(world, given["photo"], "photo")
    return _send(world, chat, given, rows=rows, content={"photo": [photo], **caption}).to_json()


async def send_voice(world: World, given: Parameters) -> JSON:
    """Bot API ``sendVoice``, by ``file_id``."""
    caption = read_caption_fields(given)
    rows = read_keyboard(given.get("reply_markup"))
    chat = chat_to_write(world, given["chat_id"])
    content = {"voice": _file(world, given["voice"], "voice"), **caption}
    _refuse_voice(chat, content)
    return _send(world, chat, given, rows=rows, content=content).to_json()


async def copy_message(world: World, given: Parameters) -> JSON:
    """Bot API ``copyMessage``: no trace of who wrote it, no keyboard unless a new one."""
    rows = read_keyboard(given.get("reply_markup"))
    chat = chat_to_write(world, given["chat_id"])
    original = find_chat(world, given["from_chat_id"]).find(given["message_id"])
    if original is None:
        raise bad_request("message to copy not found")
    if not _copyable(original):
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
    originals = [one for number in ids if (one := source.find(number)) and _copyable(one)]
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
    """Bot API ``getFile``: what is known of a file; the sandbox has no bytes of it."""
    if given["file_id"] not in world.files:
        raise bad_request("invalid file_id")
    kind, made = world.files[given["file_id"]]
    basic = {key: made[key] for key in ("file_id", "file_unique_id", "file_size")}
    return {**basic, "file_path": _PATHS.get(kind, "documents/file.bin")}


def _send(
    world: World,
    chat: Conversation,
    given: Parameters,
    *,
    text: str = "",
    entities: tuple[Entity, ...] = (),
    rows: Rows = (),
    content: JSON | None = None,
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


def _file(world: World, file_id: str, kind: str) -> JSON:
    found, made = world.files.get(file_id, ("", {}))
    if not found:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if found != kind:
        raise bad_request(f"can't use file of type {found.capitalize()} as {kind.capitalize()}")
    return made


def _copyable(message: Message) -> bool:
    """Whether it can be copied: a quiz only when the bot knows its answers."""
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
