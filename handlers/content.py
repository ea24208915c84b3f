"""Says what a message holds: a text, a command, or something of another kind; not whose it is."""

from __future__ import annotations

import re

from telegram import Message, MessageEntity

from helpdesk.messages import Slash, Typed, Unreadable

_SOMEBODY = re.compile(
    r"(?:tg|tel|mailto|whatsapp):|(?:https?://)?(?:[\w-]+\.)*(?:t\.me|telegram\.(?:me|dog)|wa\.me)\b",
    re.IGNORECASE,
)
_SLASH = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s|$)")

# The first that a message has decides. An animation also carries a document, a venue a location.
_UNREADABLE: tuple[tuple[str, Unreadable], ...] = (
    ("voice", Unreadable.VOICE),
    ("audio", Unreadable.VOICE),
    ("photo", Unreadable.PHOTO),
    ("live_photo", Unreadable.PHOTO),
    ("paid_media", Unreadable.PHOTO),
    ("video", Unreadable.VIDEO),
    ("video_note", Unreadable.VIDEO),
    ("animation", Unreadable.VIDEO),
    ("story", Unreadable.VIDEO),
    ("sticker", Unreadable.STICKER),
    ("document", Unreadable.DOCUMENT),
    ("contact", Unreadable.CONTACT),
    ("location", Unreadable.LOCATION),
    ("venue", Unreadable.LOCATION),
    ("dice", Unreadable.OTHER),
    ("game", Unreadable.OTHER),
    ("poll", Unreadable.OTHER),
    ("checklist", Unreadable.OTHER),
    ("giveaway", Unreadable.OTHER),
    ("invoice", Unreadable.OTHER),
)

# Present on any message, so they say nothing about what it holds.
_ENVELOPE = frozenset(
    (
        "message_id",
        "date",
        "chat",
        "sender_chat",
        "sender_tag",
        "sender_boost_count",
        "sender_business_bot",
        "business_connection_id",
        "message_thread_id",
        "is_topic_message",
        "is_automatic_forward",
        "is_from_offline",
        "is_paid_post",
        "forward_origin",
        "reply_to_message",
        "external_reply",
        "quote",
        "reply_to_story",
        "reply_to_checklist_task_id",
        "via_bot",
        "edit_date",
        "has_protected_content",
        "media_group_id",
        "author_signature",
        "paid_star_count",
        "entities",
        "link_preview_options",
        "effect_id",
        "reply_markup",
        "direct_messages_topic",
        "show_caption_above_media",
        "has_media_spoiler",
        "caption",
        "caption_entities",
        "from",
    )
)


def body_of(message: Message) -> Typed | Slash | Unreadable | None:
    """Say what was written, or of which kind it is; None for a service message."""
    if message.text is not None:
        slash = _SLASH.match(message.text)
        if slash is None:
            return Typed(message.text)
        return Slash(slash.group(1).lower(), message.text[slash.end() :].strip())
    for attribute, kind in _UNREADABLE:
        if getattr(message, attribute, None):
            return kind
    # A kind of message newer than our library arrives with nothing that it knows: it still
    # gets a kind reply. Everything else that has a field left is a service message.
    held = {name for name, value in message.to_dict().items() if value is not False}
    known = held - message.api_kwargs.keys() - _ENVELOPE
    return None if known else Unreadable.OTHER


def file_of(message: Message) -> str | None:
    """Give the ``file_id`` of a photo in its largest size, or of a voice note; else None."""
    if message.photo:
        return max(message.photo, key=lambda size: size.width * size.height).file_id
    return None if message.voice is None else message.voice.file_id


def answered_by(message: Message) -> int | None:
    """Give the message that this one replies to.

    In a topic, what replies to nothing carries the service message that made the topic as its
    ``reply_to_message``: taken for a reply, every note would be one.
    """
    original = message.reply_to_message
    if original is None or original.forum_topic_created is not None:
        return None
    if message.is_topic_message and original.message_id == message.message_thread_id:
        return None
    return original.message_id


def answers_bot(message: Message) -> bool:
    """Say whether it replies to a bot; behind the names of groups and channels is a person."""
    original = message.reply_to_message
    if answered_by(message) is None or original is None or original.from_user is None:
        return False
    return original.from_user.is_bot and original.sender_chat is None


def names_account(message: Message) -> bool:
    """Say whether words in it link to somebody: who has no user name has only such links."""
    entities = (*message.entities, *message.caption_entities)
    return any(links_to_somebody(entity.type, entity.url) for entity in entities)


def links_to_somebody(kind: str, url: str | None) -> bool:
    """Say whether an entity leads to an account, a telephone or a mailbox that nobody sees.

    What stands in the words themselves is no entity's: that she wrote.
    """
    if kind == MessageEntity.TEXT_LINK:
        return _SOMEBODY.match(url or "") is not None
    return kind == MessageEntity.TEXT_MENTION
