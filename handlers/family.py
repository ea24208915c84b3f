"""Reads a family's update and says what it asks, in Faro's own words; decides and keeps nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from helpdesk.messages import Command, Press, Slash, Typed, Unreadable

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


@dataclass(frozen=True, slots=True)
class Uninvited:
    """The bot was put into a group or channel: it leaves, and nothing there is read."""

    chat: int


def read(update: Update, now: datetime) -> Command | Uninvited | None:
    """Say what an update asks; None for what Faro does not answer.

    Only private chats are read. A change of membership, a service message (the family turned
    on automatic deletion, pinned something), a group's messages and a press without data are None.
    """
    if update.callback_query is not None:
        return _press(update.callback_query, now)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    message, edited = update.message, False
    if message is None:
        message, edited = update.edited_message, True
    if message is None or message.chat.type != ChatType.PRIVATE:
        return None
    body = _body(message)
    if body is None or (edited and isinstance(body, Unreadable)):
        return None  # the kind reply to a photo is said once, not again when its caption changes
    return Command(message.chat.id, now, body, message.message_id, edited)


def _press(query: CallbackQuery, now: datetime) -> Command | None:
    # An old message comes as InaccessibleMessage, which has the chat and the id all the same.
    message = query.message
    if message is None or query.data is None or message.chat.type != ChatType.PRIVATE:
        return None
    return Command(message.chat.id, now, Press(query.data, message.message_id))


def _membership(change: ChatMemberUpdated) -> Uninvited | None:
    inside = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.RESTRICTED)
    if change.chat.type == ChatType.PRIVATE or change.new_chat_member.status not in inside:
        return None
    return Uninvited(change.chat.id)


def _body(message: Message) -> Typed | Slash | Unreadable | None:
    if message.text is not None:
        slash = _SLASH.match(message.text)
        # What follows the command (a deep link's payload) is not read.
        return Slash(slash.group(1).lower()) if slash else Typed(message.text)
    for attribute, kind in _UNREADABLE:
        if getattr(message, attribute, None):
            return kind
    # A kind of message newer than our library arrives with nothing that it knows: it still
    # gets a kind reply. Everything else that has a field left is a service message.
    held = {name for name, value in message.to_dict().items() if value is not False}
    known = held - message.api_kwargs.keys() - _ENVELOPE
    return None if known else Unreadable.OTHER
