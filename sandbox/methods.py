"""The table of what Faro uses of the Bot API (10.1): parameters, types, what is required.

Written by hand and on purpose no longer than Faro needs. **Stricter than Telegram**: Telegram
ignores a parameter it does not know, clamps numbers and reads "abc" as 0; here each of those is a
400 that names the parameter, because in Faro it could only be a mistake. A parameter that Telegram
has and this table has not is refused too: add it here, with its behaviour, when Faro needs it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of a method or field of an object.

    ``type`` is written as in the manual: ``Integer``, ``Boolean``, ``String``, ``Array of X``, FILE
    or a name in TYPES.
    """

    name: str
    type: str
    required: bool = False


FILE = "InputFile or String"
"""The type of a parameter that is a file: one that comes with the call, or a ``file_id``."""


def _need(name: str, kind: str) -> Field:
    return Field(name, kind, required=True)


def _may(name: str, kind: str) -> Field:
    return Field(name, kind)


_LANGUAGE = _may("language_code", "String")
_SCOPE = _may("scope", "BotCommandScope")
_TEXT = (
    _need("text", "String"),
    _may("parse_mode", "String"),
    _may("link_preview_options", "LinkPreviewOptions"),
    _may("reply_markup", "InlineKeyboardMarkup"),
)
_KEYBOARD = _may("reply_markup", "InlineKeyboardMarkup")
_CAPTION = (_may("caption", "String"), _may("parse_mode", "String"))
_SENT = (
    _need("chat_id", "Integer"),
    _may("message_thread_id", "Integer"),
    _may("disable_notification", "Boolean"),
    _may("protect_content", "Boolean"),
)
_REPLY = _may("reply_parameters", "ReplyParameters")
_TOPIC = (_need("chat_id", "Integer"), _need("message_thread_id", "Integer"))
_PLACE = (_need("chat_id", "Integer"), _need("message_id", "Integer"))

METHODS: dict[str, tuple[Field, ...]] = {
    "getMe": (),
    "getUpdates": (
        _may("offset", "Integer"),
        _may("limit", "Integer"),
        _may("timeout", "Integer"),
        _may("allowed_updates", "Array of String"),
    ),
    "getWebhookInfo": (),
    "deleteWebhook": (_may("drop_pending_updates", "Boolean"),),
    "sendMessage": (*_SENT, *_TEXT, _REPLY),
    "sendPhoto": (*_SENT, _need("photo", FILE), *_CAPTION, _REPLY, _KEYBOARD),
    "sendVoice": (*_SENT, _need("voice", FILE), *_CAPTION, _REPLY, _KEYBOARD),
    "copyMessage": (
        *_SENT,
        _need("from_chat_id", "Integer"),
        _need("message_id", "Integer"),
        *_CAPTION,
        _REPLY,
        _KEYBOARD,
    ),
    "copyMessages": (
        *_SENT,
        _need("from_chat_id", "Integer"),
        _need("message_ids", "Array of Integer"),
        _may("remove_caption", "Boolean"),
    ),
    "forwardMessage": (
        *_SENT,
        _need("from_chat_id", "Integer"),
        _need("message_id", "Integer"),
    ),
    "getFile": (_need("file_id", "String"),),
    "editMessageText": (*_PLACE, *_TEXT),
    "editMessageCaption": (*_PLACE, *_CAPTION, _KEYBOARD),
    "editMessageReplyMarkup": (*_PLACE, _KEYBOARD),
    "deleteMessage": _PLACE,
    "deleteMessages": (_need("chat_id", "Integer"), _need("message_ids", "Array of Integer")),
    "answerCallbackQuery": (
        _need("callback_query_id", "String"),
        _may("text", "String"),
        _may("show_alert", "Boolean"),
        _may("cache_time", "Integer"),
    ),
    "sendChatAction": (
        _need("chat_id", "Integer"),
        _may("message_thread_id", "Integer"),
        _need("action", "String"),
    ),
    "setMessageReaction": (*_PLACE, _may("reaction", "Array of ReactionType")),
    "getChat": (_need("chat_id", "Integer"),),
    "getChatMember": (_need("chat_id", "Integer"), _need("user_id", "Integer")),
    "getChatAdministrators": (_need("chat_id", "Integer"),),
    "getChatMemberCount": (_need("chat_id", "Integer"),),
    "leaveChat": (_need("chat_id", "Integer"),),
    "pinChatMessage": (*_PLACE, _may("disable_notification", "Boolean")),
    "unpinChatMessage": (_need("chat_id", "Integer"), _may("message_id", "Integer")),
    "createForumTopic": (
        _need("chat_id", "Integer"),
        _need("name", "String"),
        _may("icon_color", "Integer"),
    ),
    "editForumTopic": (*_TOPIC, _may("name", "String")),
    "closeForumTopic": _TOPIC,
    "reopenForumTopic": _TOPIC,
    "deleteForumTopic": _TOPIC,
    "editGeneralForumTopic": (_need("chat_id", "Integer"), _need("name", "String")),
    "closeGeneralForumTopic": (_need("chat_id", "Integer"),),
    "reopenGeneralForumTopic": (_need("chat_id", "Integer"),),
    "hideGeneralForumTopic": (_need("chat_id", "Integer"),),
    "unhideGeneralForumTopic": (_need("chat_id", "Integer"),),
    "setMyCommands": (_need("commands", "Array of BotCommand"), _SCOPE, _LANGUAGE),
    "getMyCommands": (_SCOPE, _LANGUAGE),
    "deleteMyCommands": (_SCOPE, _LANGUAGE),
    "setMyDescription": (_may("description", "String"), _LANGUAGE),
    "getMyDescription": (_LANGUAGE,),
    "setMyShortDescription": (_may("short_description", "String"), _LANGUAGE),
    "getMyShortDescription": (_LANGUAGE,),
}

TYPES: dict[str, tuple[Field, ...]] = {
    # Not required: python-telegram-bot writes an empty keyboard as {}.
    "InlineKeyboardMarkup": (_may("inline_keyboard", "Array of Array of InlineKeyboardButton"),),
    "InlineKeyboardButton": (
        _need("text", "String"),
        _may("url", "String"),
        _may("callback_data", "String"),
        _may("copy_text", "CopyTextButton"),
    ),
    "CopyTextButton": (_need("text", "String"),),
    "LinkPreviewOptions": (
        _may("is_disabled", "Boolean"),
        _may("url", "String"),
        _may("prefer_small_media", "Boolean"),
        _may("prefer_large_media", "Boolean"),
        _may("show_above_text", "Boolean"),
    ),
    "ReplyParameters": (
        _need("message_id", "Integer"),
        _may("chat_id", "Integer"),
        _may("allow_sending_without_reply", "Boolean"),
    ),
    "ReactionType": (_need("type", "String"), _may("emoji", "String")),
    "BotCommand": (_need("command", "String"), _need("description", "String")),
    "BotCommandScope": (_need("type", "String"), _may("chat_id", "Integer")),
}

UPDATE_KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    }
)
"""Every name that ``allowed_updates`` may hold."""

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that a bot gets only when it names them."""

CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
