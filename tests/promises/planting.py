"""Plants a marker in every field that an update of a family can carry, to see where each ends up.

The table is that of the Bot API 10.1: what hangs on a ``Message`` that is no service message. Of a
rich message's blocks only a text is planted.
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from itertools import count
from random import Random
from typing import Any, Final

from tests.bot.traces import SMALLEST
from tests.promises.busy_desk import Markers

JSON = dict[str, Any]

TABLE: Final = """
Message: message_id int, message_thread_id int, direct_messages_topic DirectMessagesTopic, from
    User, sender_chat Chat, sender_boost_count int, sender_business_bot User, sender_tag str, date
    int, guest_query_id str, business_connection_id str, chat Chat, forward_origin MessageOrigin,
    is_topic_message bool, is_automatic_forward bool, reply_to_message Message, external_reply
    ExternalReplyInfo, quote TextQuote, reply_to_story Story, reply_to_checklist_task_id int,
    reply_to_poll_option_id str, via_bot User, guest_bot_caller_user User, guest_bot_caller_chat
    Chat, edit_date int, has_protected_content bool, is_from_offline bool, is_paid_post bool,
    media_group_id str, author_signature str, paid_star_count int, text str, entities
    MessageEntity[], link_preview_options LinkPreviewOptions, suggested_post_info
    SuggestedPostInfo, effect_id str, rich_message RichMessage, animation Animation, audio Audio,
    document Document, live_photo LivePhoto, paid_media PaidMediaInfo, photo PhotoSize[], sticker
    Sticker, story Story, video Video, video_note VideoNote, voice Voice, caption str,
    caption_entities MessageEntity[], show_caption_above_media bool, has_media_spoiler bool,
    checklist Checklist, contact Contact, dice Dice, game Game, poll Poll, venue Venue, location
    Location, invoice Invoice, giveaway Giveaway, giveaway_winners GiveawayWinners, reply_markup
    InlineKeyboardMarkup
DirectMessagesTopic: topic_id int, user User
User: id int, is_bot bool, first_name str, last_name str, username str, language_code str,
    is_premium bool, added_to_attachment_menu bool, can_join_groups bool,
    can_read_all_group_messages bool, supports_guest_queries bool, supports_inline_queries bool,
    can_connect_to_business bool, has_main_web_app bool, has_topics_enabled bool,
    allows_users_to_create_topics bool, can_manage_bots bool, supports_join_request_queries bool
Chat: id int, type str, title str, username str, first_name str, last_name str, is_forum bool,
    is_direct_messages bool
MessageOrigin: MessageOriginUser | MessageOriginHiddenUser | MessageOriginChat |
    MessageOriginChannel
ExternalReplyInfo: origin MessageOrigin, chat Chat, message_id int, link_preview_options
    LinkPreviewOptions, animation Animation, audio Audio, document Document, live_photo LivePhoto,
    paid_media PaidMediaInfo, photo PhotoSize[], sticker Sticker, story Story, video Video,
    video_note VideoNote, voice Voice, has_media_spoiler bool, checklist Checklist, contact
    Contact, dice Dice, game Game, giveaway Giveaway, giveaway_winners GiveawayWinners, invoice
    Invoice, location Location, poll Poll, venue Venue
TextQuote: text str, entities MessageEntity[], position int, is_manual bool
Story: chat Chat, id int
MessageEntity: type str, offset int, length int, url str, user User, language str, custom_emoji_id
    str, unix_time int, date_time_format str
LinkPreviewOptions: is_disabled bool, url str, prefer_small_media bool, prefer_large_media bool,
    show_above_text bool
SuggestedPostInfo: state str, price SuggestedPostPrice, send_date int
RichMessage: blocks str[], is_rtl bool
Animation: file_id str, file_unique_id str, width int, height int, duration int, thumbnail
    PhotoSize, file_name str, mime_type str, file_size int
Audio: file_id str, file_unique_id str, duration int, performer str, title str, file_name str,
    mime_type str, file_size int, thumbnail PhotoSize
Document: file_id str, file_unique_id str, thumbnail PhotoSize, file_name str, mime_type str,
    file_size int
LivePhoto: photo PhotoSize[], file_id str, file_unique_id str, width int, height int, duration
    int, mime_type str, file_size int
PaidMediaInfo: star_count int, paid_media PaidMedia[]
PhotoSize: file_id str, file_unique_id str, width int, height int, file_size int
Sticker: file_id str, file_unique_id str, type str, width int, height int, is_animated bool,
    is_video bool, thumbnail PhotoSize, emoji str, set_name str, premium_animation File,
    mask_position MaskPosition, custom_emoji_id str, needs_repainting bool, file_size int
Video: file_id str, file_unique_id str, width int, height int, duration int, thumbnail PhotoSize,
    cover PhotoSize[], start_timestamp int, qualities VideoQuality[], file_name str, mime_type
    str, file_size int
VideoNote: file_id str, file_unique_id str, length int, duration int, thumbnail PhotoSize,
    file_size int
Voice: file_id str, file_unique_id str, duration int, mime_type str, file_size int
Checklist: title str, title_entities MessageEntity[], tasks ChecklistTask[], others_can_add_tasks
    bool, others_can_mark_tasks_as_done bool
Contact: phone_number str, first_name str, last_name str, user_id int, vcard str
Dice: emoji str, value int
Game: title str, description str, photo PhotoSize[], text str, text_entities MessageEntity[],
    animation Animation
Poll: id str, question str, question_entities MessageEntity[], options PollOption[],
    total_voter_count int, is_closed bool, is_anonymous bool, type str, allows_multiple_answers
    bool, allows_revoting bool, members_only bool, country_codes str[], correct_option_ids int[],
    explanation str, explanation_entities MessageEntity[], explanation_media PollMedia,
    open_period int, close_date int, description str, description_entities MessageEntity[], media
    PollMedia
Venue: location Location, title str, address str, foursquare_id str, foursquare_type str,
    google_place_id str, google_place_type str
Location: latitude float, longitude float, horizontal_accuracy float, live_period int, heading
    int, proximity_alert_radius int
Invoice: title str, description str, start_parameter str, currency str, total_amount int
Giveaway: chats Chat[], winners_selection_date int, winner_count int, only_new_members bool,
    has_public_winners bool, prize_description str, country_codes str[], prize_star_count int,
    premium_subscription_month_count int
GiveawayWinners: chat Chat, giveaway_message_id int, winners_selection_date int, winner_count int,
    winners User[], additional_chat_count int, prize_star_count int,
    premium_subscription_month_count int, unclaimed_prize_count int, only_new_members bool,
    was_refunded bool, prize_description str
InlineKeyboardMarkup: inline_keyboard InlineKeyboardButton[][]
MessageOriginUser: type str, date int, sender_user User
MessageOriginHiddenUser: type str, date int, sender_user_name str
MessageOriginChat: type str, date int, sender_chat Chat, author_signature str
MessageOriginChannel: type str, date int, chat Chat, message_id int, author_signature str
SuggestedPostPrice: currency str, amount int
PaidMedia: PaidMediaLivePhoto | PaidMediaPhoto | PaidMediaPreview | PaidMediaVideo
File: file_id str, file_unique_id str, file_size int, file_path str
MaskPosition: point str, x_shift float, y_shift float, scale float
VideoQuality: file_id str, file_unique_id str, width int, height int, codec str, file_size int
ChecklistTask: id int, text str, text_entities MessageEntity[], completed_by_user User,
    completed_by_chat Chat, completion_date int
PollOption: persistent_id str, text str, text_entities MessageEntity[], media PollMedia,
    voter_count int, added_by_user User, added_by_chat Chat, addition_date int
PollMedia: animation Animation, audio Audio, document Document, link Link, live_photo LivePhoto,
    location Location, photo PhotoSize[], sticker Sticker, venue Venue, video Video
InlineKeyboardButton: text str, icon_custom_emoji_id str, style str, url str, callback_data str,
    web_app WebAppInfo, login_url LoginUrl, switch_inline_query str,
    switch_inline_query_current_chat str, switch_inline_query_chosen_chat
    SwitchInlineQueryChosenChat, copy_text CopyTextButton, pay bool
PaidMediaLivePhoto: type str, live_photo LivePhoto
PaidMediaPhoto: type str, photo PhotoSize[]
PaidMediaPreview: type str, width int, height int, duration int
PaidMediaVideo: type str, video Video
Link: url str
WebAppInfo: url str
LoginUrl: url str, forward_text str, bot_username str, request_write_access bool
SwitchInlineQueryChosenChat: query str, allow_user_chats bool, allow_bot_chats bool,
    allow_group_chats bool, allow_channel_chats bool
CopyTextButton: text str
"""
"""``Type: field type, …``; ``[]`` for a list; a ``|`` between the types of a union."""

KINDS: Final = (
    "animation", "audio", "checklist", "contact", "dice", "document", "game", "giveaway",
    "giveaway_winners", "invoice", "live_photo", "location", "paid_media", "photo", "poll",
    "rich_message", "sticker", "story", "text", "venue", "video", "video_note", "voice",
)  # fmt: skip
"""What a message can hold: one of these, and with some of them a caption."""

CAPTIONED: Final = ("animation", "audio", "document", "live_photo", "paid_media", "photo", "video",
                    "voice")  # fmt: skip
ENTITIES: Final = (
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold",
    "italic", "underline", "strikethrough", "spoiler", "blockquote", "code", "pre",
    "custom_emoji", "date_time",
)  # fmt: skip
"""Types of entities beside ``text_mention`` and ``text_link``: with one of those to somebody's
account a text is not passed at all."""

_DATES: Final = re.compile(r"(?:.*_)?date|unix_time")
_FIRST_DATE: Final = 10**11
"""Seconds since 1970 in the year 5138: no date of ours can look like one that is planted."""
_KEPT: Final = {
    "Message": {"message_id", "date", "chat", "from", "text", "caption", *KINDS},
    "Chat": {"type"},
    "User": {"is_bot"},
}
"""What is not planted at the top of an update, for it says what the update is."""
_DEPTH: Final = 2
_SMALL: Final = 100
"""Fields that something may have to be planted below that depth too: what needs it has it then."""
_PLAIN: Final = frozenset({"str", "int", "float", "bool"})


class Planter:
    """Plants; ``planted`` is all that it planted so far, numbers as they are written out."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._markers = Markers(seed)
        self._numbers = count(SMALLEST * 4 + self._random.getrandbits(40))
        self._dates = count(_FIRST_DATE + self._random.getrandbits(32))
        self.planted: set[str] = set()

    def update(self, content: JSON, kind: str | None, mentions: bool, bare: frozenset[str]) -> JSON:
        """Give what an update holds (a message or a press) with all that it can carry besides.

        ``kind`` is what a message of the family's holds, None for what is planted around it only.
        ``mentions`` lets an entity lead to an account; ``bare`` are fields that are left out.
        """
        made = deepcopy(content)
        if "message_id" not in made:
            made["from"] = self._around("User", made["from"])
            if "message" in made:
                made["message"] = self._message(made["message"], None, False, frozenset())
            return made
        return self._message(made, kind, mentions, bare)

    def _message(
        self, content: JSON, kind: str | None, mentions: bool, bare: frozenset[str]
    ) -> JSON:
        made = {**self._of("Message", _DEPTH, _KEPT["Message"] | bare), **content}
        made["from"] = self._around("User", content["from"])
        made["chat"] = self._around("Chat", content["chat"])
        if "reply_to_message" in content:
            made["reply_to_message"] = content["reply_to_message"]
        if kind not in (None, "text") and kind not in ("photo", "voice"):
            made[kind] = self._value(_fields("Message")[kind], _DEPTH)
        elif kind in ("photo", "voice"):
            # Only what Telegram would copy is real: the file itself.
            more = self._value(_fields("Message")[kind], _DEPTH)
            made[kind] = more
        for words, entities in (("text", "entities"), ("caption", "caption_entities")):
            if words in made and entities not in bare:
                made[entities] = self._entities(made[words], mentions)
            else:
                made.pop(entities, None)
        return made

    def _around(self, of: str, content: JSON) -> JSON:
        return {**self._of(of, _DEPTH, _KEPT.get(of, set())), **content}

    def _entities(self, words: str, mentions: bool) -> list[JSON]:
        types = [self._random.choice(ENTITIES) for _ in range(2)]
        types += ["text_mention"] if mentions else []
        made = []
        for each in types:
            entity = self._of("MessageEntity", _DEPTH, {"type", "offset", "length"})
            made.append({**entity, "type": each, "offset": 0, "length": min(3, len(words))})
        return made

    def _of(self, name: str, depth: int, without: set[str] | frozenset[str] = frozenset()) -> JSON:
        """Make an object of a type with every field planted."""
        variants = _variants(name)
        if variants:
            name = self._random.choice(variants)
        made: JSON = {}
        for field, kind in _fields(name).items():
            if field in without:
                continue
            if field in ("type", "source", "state") and name not in ("Chat", "MessageEntity"):
                made[field] = _type_of(name) or self._text()
            elif depth > 0 or _size(kind) <= _SMALL:
                made[field] = self._value(kind, depth - 1, field)
        if name == "Message":
            made.update(message_id=self._number(), date=next(self._dates))
        return made

    def _value(self, kind: str, depth: int, field: str = "") -> Any:
        if kind.endswith("[]"):
            return [self._value(kind[:-2], depth, field)]
        match kind:
            case "str":
                return self._text(url=field == "url")
            case "int":
                return self._number(date=_DATES.fullmatch(field) is not None)
            case "float":
                return float(self._number()) / 8
            case "bool":
                return True
        return self._of(kind, depth)

    def _text(self, *, url: bool = False) -> str:
        word = self._markers.word()
        self.planted.add(word)
        return f"https://t.me/{word}" if url else word

    def _number(self, *, date: bool = False) -> int:
        number = next(self._dates if date else self._numbers)
        self.planted.add(str(number))
        return number


@cache
def _table() -> dict[str, str]:
    lines = re.sub(r"\n {4}", " ", TABLE).strip().splitlines()
    return dict(line.split(": ", 1) for line in lines)


@cache
def _fields(name: str) -> dict[str, str]:
    """Give the types of a type's fields by their names."""
    pairs = (each.split() for each in _table()[name].split(", "))
    return {field: kind for field, kind in pairs}


@cache
def _variants(name: str) -> tuple[str, ...]:
    return tuple(_table()[name].split(" | ")) if " | " in _table()[name] else ()


@cache
def _size(kind: str, above: frozenset[str] = frozenset()) -> int:
    """Count the fields that hang on a type."""
    kind = kind.removesuffix("[]").removesuffix("[]")
    if kind in _PLAIN:
        return 1
    if kind in above:
        return _SMALL
    within = _variants(kind) or tuple(_fields(kind).values())
    return 1 + sum(_size(one, above | {kind}) for one in within)


def _type_of(name: str) -> str:
    """Give what stands in ``type`` of one of the types of a union."""
    for union in ("MessageOrigin", "PaidMedia"):
        if name != union and name.startswith(union):
            return re.sub(r"(?<!^)(?=[A-Z])", "_", name.removeprefix(union)).lower()
    return ""
