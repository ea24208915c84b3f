"""Asks Telegram what the desk's group is like; what is wrong with that is not known here."""

from __future__ import annotations

from telegram import ChatFullInfo, ChatMember, ChatMemberAdministrator
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot import logs
from bot.wire import Wire
from helpdesk.desk.posture import GroupFacts

_NOT_THERE = "chat not found"
_HIDDEN = "member list is inaccessible"
_AWAY = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


async def group_facts(wire: Wire, group: int) -> GroupFacts | None:
    """Read a group and what the bot is in it; None when Telegram does not say.

    Raises ChatMigrated when it became another one.
    """
    try:
        # First, for getChat still answers for the old id of a group that became a supergroup.
        me = await _me(wire, group)
        if me is not None and me.status in _AWAY:
            return GroupFacts()
        return _facts(await wire.chat(group), me, await _size(wire, group))
    except ChatMigrated:
        raise
    except Forbidden:
        return GroupFacts()
    except BadRequest as error:
        if _NOT_THERE in error.message.lower():
            return GroupFacts()
        logs.trouble("posture_unknown", error)
    except TelegramError as error:
        logs.trouble("posture_unknown", error)
    return None


async def _me(wire: Wire, group: int) -> ChatMember | None:
    """Read what the bot is; None where it may not even see that: it is no administrator then."""
    try:
        return await wire.member(group, wire.me)
    except BadRequest as error:
        if _HIDDEN not in error.message.lower():
            raise
        return None


async def _size(wire: Wire, group: int) -> int | None:
    try:
        return await wire.size(group)
    except ChatMigrated:
        raise
    except TelegramError as error:
        logs.trouble("posture_unknown", error)
        return None


def _facts(chat: ChatFullInfo, me: ChatMember | None, members: int | None) -> GroupFacts:
    rights: frozenset[str] = frozenset()
    if isinstance(me, ChatMemberAdministrator):
        given = me.to_dict().items()
        rights = frozenset(name for name, on in given if name.startswith("can_") and on is True)
    permissions = chat.permissions
    return GroupFacts(
        inside=True,
        kind=chat.type,
        is_forum=bool(chat.is_forum),
        public=bool(chat.username or chat.active_usernames),
        linked_channel=chat.linked_chat_id is not None,
        history_visible=bool(chat.has_visible_history),
        members_hidden=bool(chat.has_hidden_members),
        content_protected=bool(chat.has_protected_content),
        join_by_request=bool(chat.join_by_request),
        members_may_invite=permissions is None or bool(permissions.can_invite_users),
        members=members,
        bot_is_admin=isinstance(me, ChatMemberAdministrator),
        bot_rights=rights,
        bot_anonymous=bool(getattr(me, "is_anonymous", False)),
    )
