"""The group's posture: what makes it unsafe to relay into it; ``bot`` asks Telegram, not this.

Unsafe means silent, so what is not known counts as unsafe. The words of a problem are at
``posture.<problem>``, what to change in Telegram's menus at ``posture.fix.<problem>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from helpdesk.messages import Part
from store import Tx, desk_state
from store.hours import seconds

CHECK_EVERY: Final = timedelta(minutes=5)
GOOD_FOR: Final = timedelta(hours=1)
"""How long the last reading counts when the next ones fail.

Telegram that does not answer must not cut families off at once. While it does not answer nothing
is sent either; as soon as it does, at a restart too, the group is read before anything goes out.
"""

_NEEDED: Final = frozenset({"can_delete_messages", "can_manage_topics"})
_HARMLESS: Final = _NEEDED | {"can_be_edited", "can_manage_chat"}
"""``can_manage_chat`` comes with every other right (Bot API ``ChatMemberAdministrator``)."""
_HIDING_NEEDS: Final = 100
"""Telegram hides the members of larger groups only (its setting hidden_members_group_size_min)."""
_STATE: Final = "posture"


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What getChat, getChatMember and getChatMemberCount say of the group and of the bot in it.

    A default is the unsafe value, for Telegram leaves out of ``ChatFullInfo`` what is not so or
    what only administrators may know. ``GroupFacts()`` is a group that the bot is not in.
    """

    inside: bool = False
    """The bot is a member: status neither ``left`` nor ``kicked``, and the chat was found."""
    kind: str = ""
    """``type``"""
    is_forum: bool = False
    public: bool = False
    """``username`` or ``active_usernames`` is there."""
    linked_channel: bool = False
    """``linked_chat_id`` is there."""
    history_visible: bool = True
    """``has_visible_history``"""
    members_hidden: bool = False
    """``has_hidden_members``"""
    content_protected: bool = False
    """``has_protected_content``"""
    join_by_request: bool = False
    members_may_invite: bool = True
    """``permissions.can_invite_users``"""
    members: int | None = None
    """getChatMemberCount; None when it could not be asked."""
    bot_is_admin: bool = False
    bot_rights: frozenset[str] = frozenset()
    """Names of the ``can_...`` that are true in the bot's ``ChatMemberAdministrator``."""
    bot_anonymous: bool = False
    """``is_anonymous``"""


class Problem(StrEnum):
    """What is wrong with the group, in the order in which it is best mended."""

    OUT = "out"
    NOT_SUPERGROUP = "not_supergroup"
    NOT_FORUM = "not_forum"
    BOT_NOT_ADMIN = "bot_not_admin"
    BOT_NO_TOPICS = "bot_no_topics"
    BOT_NO_DELETE = "bot_no_delete"
    PUBLIC = "public"
    LINKED_CHANNEL = "linked_channel"
    HISTORY_VISIBLE = "history_visible"
    CONTENT_OPEN = "content_open"
    MEMBERS_INVITE = "members_invite"
    MEMBERS_SHOWN = "members_shown"
    MEMBERS_SHOWN_FEW = "members_shown_few"
    NO_APPROVAL = "no_approval"
    BOT_ANONYMOUS = "bot_anonymous"
    BOT_TOO_MUCH = "bot_too_much"


WARNINGS: Final = frozenset(
    {
        Problem.MEMBERS_SHOWN_FEW,
        Problem.NO_APPROVAL,
        Problem.BOT_ANONYMOUS,
        Problem.BOT_TOO_MUCH,
    }
)
"""What should be mended and stops nothing: Telegram offers no switch for it, or nothing leaks."""


@dataclass(frozen=True, slots=True)
class Posture:
    """The last reading: when (seconds since 1970), what was wrong, and since when none succeeds."""

    at: int
    problems: tuple[Problem, ...]
    failing_since: int | None = None


def problems(facts: GroupFacts) -> tuple[Problem, ...]:
    """Return everything that is wrong with a group, blocking or not."""
    if not facts.inside:
        return (Problem.OUT,)
    small = facts.members is not None and facts.members < _HIDING_NEEDS
    wrong = {
        Problem.NOT_SUPERGROUP: facts.kind != "supergroup",
        Problem.NOT_FORUM: not facts.is_forum,
        Problem.BOT_NOT_ADMIN: not facts.bot_is_admin,
        Problem.BOT_NO_TOPICS: facts.bot_is_admin and "can_manage_topics" not in facts.bot_rights,
        Problem.BOT_NO_DELETE: facts.bot_is_admin and "can_delete_messages" not in facts.bot_rights,
        Problem.PUBLIC: facts.public,
        Problem.LINKED_CHANNEL: facts.linked_channel,
        Problem.HISTORY_VISIBLE: facts.history_visible,
        Problem.CONTENT_OPEN: not facts.content_protected,
        Problem.MEMBERS_INVITE: facts.members_may_invite,
        Problem.MEMBERS_SHOWN: not facts.members_hidden and not small,
        Problem.MEMBERS_SHOWN_FEW: not facts.members_hidden and small,
        Problem.NO_APPROVAL: not facts.join_by_request,
        Problem.BOT_ANONYMOUS: facts.bot_anonymous,
        Problem.BOT_TOO_MUCH: bool(facts.bot_rights - _HARMLESS),
    }
    return tuple(problem for problem in Problem if wrong.get(problem, False))


def blocking(found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return those for which nothing is relayed."""
    return tuple(problem for problem in found if problem not in WARNINGS)


def note(tx: Tx, facts: GroupFacts | None, now: datetime) -> Posture | None:
    """Keep a reading; None says that Telegram did not answer, and the last one stays."""
    last = read(tx)
    if facts is not None:
        new = Posture(seconds(now), problems(facts))
    elif last is not None:
        new = Posture(last.at, last.problems, last.failing_since or seconds(now))
    else:
        return None
    stored = {"at": new.at, "problems": list(new.problems), "failing_since": new.failing_since}
    desk_state.put(tx, desk_state.get(tx) | {_STATE: stored})
    return new


def read(tx: Tx) -> Posture | None:
    """Return the last reading; None before the first, or when it was written by another program."""
    stored: dict[str, Any] | None = desk_state.get(tx).get(_STATE)
    if stored is None:
        return None
    try:
        found = tuple(map(Problem, stored["problems"]))
    except ValueError:
        return None
    return Posture(stored["at"], found, stored["failing_since"])


def safe(tx: Tx, now: datetime) -> bool:
    """Say whether anything may be relayed: a reading without fault, at most `GOOD_FOR` old."""
    last = read(tx)
    if last is None or blocking(last.problems):
        return False
    return abs(seconds(now) - last.at) <= GOOD_FOR.total_seconds()


def due(tx: Tx, now: datetime) -> bool:
    """Say whether the group should be read again."""
    last = read(tx)
    return last is None or abs(seconds(now) - last.at) >= CHECK_EVERY.total_seconds()


def words(problem: Problem) -> Part:
    """Return what is wrong, in words."""
    return Part(f"posture.{problem}")


def fix(problem: Problem) -> Part:
    """Return what to change, with the names of Telegram's menus in Spanish."""
    return Part(f"posture.fix.{problem}")
