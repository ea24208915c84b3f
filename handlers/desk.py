"""Reads an update of a group, or a team's command in private, in the desk's own words.

Decides nothing, and reads nothing of who somebody is beside the id: names, user names and
biographies are never looked at. Whether an Actor is in the group is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from telegram import (
    CallbackQuery,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Message,
    Update,
    User,
)
from telegram.constants import ChatMemberStatus, ChatType

from handlers.content import answered_by, answers_bot, body_of, file_of
from helpdesk.desk.answer import JOIN
from helpdesk.desk.messages import (
    Actor,
    DeskCommand,
    DeskMedia,
    DeskPress,
    DeskSlash,
    DeskTyped,
    Where,
)
from helpdesk.messages import Slash, Typed, Unreadable

TELEGRAM = 777_000
ANONYMOUS_ADMIN = 1_087_968_824
CHANNEL_BOT = 136_817_688
NOBODY = frozenset({TELEGRAM, ANONYMOUS_ADMIN, CHANNEL_BOT})
"""Accounts of Telegram's own: whoever writes under one of them is not known."""

TEAM_COMMANDS = frozenset(
    {
        JOIN,
        "invitar",
        "quitar",
        "gente",
        "contacto",
        "idioma",
        "turno",
        "doctor",
        "ayudaequipo",
    }
)
"""Commands that are the team's in a private chat; for everybody else they are a family's."""

_GENERAL = 1
_TEAM_BUTTON = re.compile(r"[a-z_]+:")
"""What a button of the desk carries; those of families are base64 and have no colon."""
_INSIDE = (
    ChatMemberStatus.OWNER,
    ChatMemberStatus.MEMBER,
    ChatMemberStatus.ADMINISTRATOR,
    ChatMemberStatus.RESTRICTED,
)


@dataclass(frozen=True, slots=True)
class Uninvited:
    """The bot is in a group or channel that is not its desk: it leaves, and nothing is read."""

    chat: int


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup, which has another id."""

    group: int
    to: int


@dataclass(frozen=True, slots=True)
class MembersChanged:
    """These accounts came, went or became something else in the group."""

    group: int
    users: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PostureChanged:
    """The bot itself came, went, or has other rights in the group."""

    group: int


Happening = Uninvited | Moved | MembersChanged | PostureChanged


def read(update: Update, now: datetime, groups: Collection[int]) -> DeskCommand | Happening | None:
    """Say what an update that is of no private chat asks or tells; None for nothing.

    ``groups`` are the ids of the desk: a group that became a supergroup has two.
    """
    change = update.my_chat_member or update.chat_member
    if change is not None:
        return _change(change, groups, of_the_bot=update.my_chat_member is not None)
    if update.callback_query is not None:
        return _press(update.callback_query, now, groups)
    message = update.effective_message
    if message is None:
        return None
    if message.chat.id not in groups:
        return Uninvited(message.chat.id)
    if (happened := _service(message)) is not None:
        return happened
    if update.message is None and update.edited_message is None:
        return None
    return _written(message, now, edited=update.message is None)


def read_private(update: Update, now: datetime) -> DeskCommand | None:
    """Say what a member of the team would ask with an update of a private chat, None for nothing.

    Whether somebody is of the team is not known here: to everybody else it is a family's update.
    """
    query = update.callback_query
    if query is not None:
        if query.data is None or query.message is None or not _TEAM_BUTTON.match(query.data):
            return None
        body = DeskPress(query.data)
        return DeskCommand(
            now, Where.PRIVATE, _actor(query.from_user), body, query.message.message_id
        )
    message = update.message
    if message is None:
        return None
    said = body_of(message)
    if not isinstance(said, Slash) or said.name not in TEAM_COMMANDS:
        return None
    actor = _actor(message.from_user)
    return DeskCommand(
        now, Where.PRIVATE, actor, DeskSlash(said.name, said.rest), message.message_id
    )


def _written(message: Message, now: datetime, *, edited: bool) -> DeskCommand | None:
    said = body_of(message)
    body: DeskSlash | DeskTyped | DeskMedia
    match said:
        case None:
            return None
        case Slash(name, rest):
            body = DeskSlash(name, rest)
        case Typed(text):
            body = DeskTyped(text)
        case kind:
            file = file_of(message)
            if file is None and kind in (Unreadable.PHOTO, Unreadable.VOICE):
                # A song, or a photo to be paid for: nothing could bring it to a family.
                kind = Unreadable.OTHER
            body = DeskMedia(kind, message.caption or "", file)
    topic = topic_of(message)
    return DeskCommand(
        now,
        Where.GENERAL if topic is None else Where.TOPIC,
        _author(message),
        body,
        message.message_id,
        topic,
        answered_by(message),
        edited,
        answers_bot(message),
    )


def _press(
    query: CallbackQuery, now: datetime, groups: Collection[int]
) -> DeskCommand | Uninvited | None:
    message = query.message
    if message is None:
        return None
    if message.chat.id not in groups:
        return None if message.chat.type == ChatType.PRIVATE else Uninvited(message.chat.id)
    if query.data is None:
        return None
    topic = topic_of(message)
    # A press names its person even when that is an anonymous administrator.
    return DeskCommand(
        now,
        Where.GENERAL if topic is None else Where.TOPIC,
        _actor(query.from_user),
        DeskPress(query.data),
        message.message_id,
        topic,
    )


def _change(
    change: ChatMemberUpdated, groups: Collection[int], *, of_the_bot: bool
) -> Happening | None:
    if change.chat.type == ChatType.PRIVATE:
        return None
    if change.chat.id not in groups:
        inside = change.new_chat_member.status in _INSIDE
        return Uninvited(change.chat.id) if of_the_bot and inside else None
    if of_the_bot:
        return PostureChanged(change.chat.id)
    return MembersChanged(change.chat.id, (change.new_chat_member.user.id,))


def _service(message: Message) -> Happening | None:
    group = message.chat.id
    if message.migrate_to_chat_id is not None:
        return Moved(group, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Moved(message.migrate_from_chat_id, group)
    went = () if message.left_chat_member is None else (message.left_chat_member,)
    users = tuple(user.id for user in (*message.new_chat_members, *went))
    return MembersChanged(group, users) if users else None


def topic_of(message: MaybeInaccessibleMessage) -> int | None:
    """Give the topic that a message is in; None in General, and where nobody can tell."""
    if not isinstance(message, Message):  # too old for Telegram to say more than its id
        return None
    if not message.is_topic_message or message.message_thread_id == _GENERAL:
        return None
    return message.message_thread_id


def _author(message: Message) -> Actor | None:
    """Give who wrote it, if that is a person who stands by it: not a channel, not the group."""
    if message.sender_chat is not None or message.is_automatic_forward:
        return None
    return None if message.from_user is None else _actor(message.from_user)


def _actor(user: User | None) -> Actor | None:
    if user is None or user.is_bot or user.id in NOBODY:
        return None
    return Actor(user.id, None)
