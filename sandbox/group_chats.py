"""Groups as they are: members and their rights, topics, settings, messages; no deeds and no HTTP.

What people do in them is in groups.py; what the bot may do is in places.py, topics.py and
membership.py. The names of rights and permissions are in permissions.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from sandbox.chats import Conversation
from sandbox.messages import JSON, Message
from sandbox.permissions import ADMIN_RIGHTS, PERMISSIONS, SENDING

Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ANONYMOUS = 1_087_968_824
TELEGRAM = 777_000
CHANNEL_BOT = 136_817_688

GENERAL = 1
"""The topic that every forum has; its messages carry no ``message_thread_id``."""

ICON_COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
"""The colours a topic may have (``createForumTopic``)."""

SERVICE_USERS: dict[int, JSON] = {
    ANONYMOUS: {
        "id": ANONYMOUS,
        "is_bot": True,
        "first_name": "Group",
        "username": "GroupAnonymousBot",
    },
    TELEGRAM: {"id": TELEGRAM, "is_bot": False, "first_name": "Telegram"},
    CHANNEL_BOT: {
        "id": CHANNEL_BOT,
        "is_bot": True,
        "first_name": "Channel",
        "username": "Channel_Bot",
    },
}
"""Whom Telegram names as the sender when nobody is: anonymous administrators and channels."""


@dataclass(frozen=True, slots=True)
class Member:
    """What somebody is in a group.

    ``rights`` only of administrators; ``permissions`` those left to somebody restricted.
    """

    user: JSON
    status: Status
    rights: frozenset[str] = frozenset()
    anonymous: bool = False
    permissions: frozenset[str] = frozenset()

    @property
    def inside(self) -> bool:
        """Whether they are in the group."""
        return self.status not in ("left", "kicked")

    def may(self, right: str) -> bool:
        """Whether they have an administrator's right; the creator has all."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def to_json(self) -> JSON:
        """Give it as the Bot API writes it (``ChatMember``)."""
        shown: JSON = {"user": self.user, "status": self.status}
        if self.status in ("creator", "administrator"):
            shown["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            shown["can_be_edited"] = False
            shown.update({right: right in self.rights for right in ADMIN_RIGHTS})
        if self.status == "restricted":
            shown["is_member"] = True
            shown.update({one: one in self.permissions for one in PERMISSIONS})
        if self.status in ("restricted", "kicked"):
            shown["until_date"] = 0
        return shown


@dataclass(eq=False, slots=True)
class Topic:
    """A topic of a forum; its id is that of the service message that made it.

    Only General, which nothing made and whose id is GENERAL, can be ``hidden``.
    """

    thread_id: int
    name: str
    icon_color: int
    closed: bool = False
    deleted: bool = False
    hidden: bool = False


@dataclass(eq=False, slots=True, kw_only=True)
class GroupChat(Conversation):
    """A group or supergroup.

    ``settings`` are the extra fields of ``getChat`` (``has_visible_history``...), only those that
    are on. ``permissions`` are what everybody may do who is no administrator. ``upgraded_to`` is
    the supergroup it became: then nothing more happens in it. ``seen`` is the newest message that
    a member has looked at, by member and topic.
    """

    id: int
    title: str
    type: Literal["group", "supergroup"]
    forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    general: Topic = field(default_factory=lambda: Topic(GENERAL, "General", ICON_COLORS[0]))
    topics: dict[int, Topic] = field(default_factory=dict)
    permissions: dict[str, bool] = field(
        default_factory=lambda: {one: one in SENDING for one in PERMISSIONS}
    )
    seen: dict[tuple[int, int], int] = field(default_factory=dict)
    settings: JSON = field(default_factory=dict)
    upgraded_to: int | None = None
    numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def chat_id(self) -> int:
        """Its id, negative; of a supergroup it starts with -100."""
        return self.id

    def to_json(self) -> JSON:
        """Give it as the Bot API writes it (``Chat``)."""
        shown: JSON = {"id": self.id, "title": self.title, "type": self.type}
        if self.forum:
            shown["is_forum"] = True
        return shown

    def changed(self) -> None:
        """Tell the page that the group itself changed: its members, its topics, what is pinned."""
        self.journal.note("group", self.chat_id)

    def member(self, user: JSON) -> Member:
        """Give what somebody is here; who never came has left."""
        return self.members.get(int(user["id"])) or Member(user, "left")

    def topic(self, thread_id: int) -> Topic | None:
        """Give a topic that still exists."""
        topic = self.topics.get(thread_id)
        return None if topic is None or topic.deleted else topic

    def place(self, thread_id: int | None) -> Topic | None:
        """Give a topic that still exists, General for GENERAL or None."""
        return self.general if thread_id in (None, GENERAL) else self.topic(thread_id or 0)

    def may(self, member: Member, permission: str) -> bool:
        """Whether somebody in the group may do what administrators can keep others from."""
        if member.status in ("creator", "administrator"):
            return True
        allowed = self.permissions[permission]
        if member.status == "restricted":
            return allowed and permission in member.permissions
        return allowed and member.inside

    def closed_to(self, member: Member, topic: Topic | None) -> bool:
        """Whether a topic (None: General) is closed to somebody who cannot manage topics.

        **Stricter than Telegram**, which lets whoever made a topic write in it all the same.
        """
        place = topic or self.general
        return self.forum and place.closed and not member.may("can_manage_topics")

    def put_in(self, message: Message, topic: Topic | None, original: Message | None) -> None:
        """Put a new message in its topic or thread, and make it the answer it is.

        In a topic, what answers nothing answers the service message that made the topic; in a
        supergroup without topics an answer belongs to the thread of what it answers.
        """
        if topic is not None:
            message.thread_id, message.in_topic = topic.thread_id, True
            if original is None:
                message.around["reply_to_message"] = self.messages[topic.thread_id].without_reply()
        elif original is not None and self.type == "supergroup" and not self.forum:
            message.thread_id = original.thread_id or original.message_id
        if original is not None:
            message.reply(original)
        if self.settings.get("has_protected_content"):
            message.protected = True

    def delete_topic(self, topic: Topic) -> None:
        """Delete a topic with every message in it."""
        topic.deleted = True
        for message in self.in_topics((topic.thread_id,)):
            self.delete(message)
        self.changed()

    def look(self, user_id: int, thread_id: int) -> None:
        """Note that a member has seen everything in a topic (GENERAL: outside all topics)."""
        newest = max((one.message_id for one in self.in_thread(thread_id)), default=0)
        if newest > self.seen.get((user_id, thread_id), 0):
            self.seen[user_id, thread_id] = newest
            self.changed()

    def unread(self, user_id: int, thread_id: int) -> int:
        """Count what others wrote in a topic since a member last looked."""
        seen = self.seen.get((user_id, thread_id), 0)
        return sum(
            one.message_id > seen and one.author != user_id and not one.service
            for one in self.in_thread(thread_id)
        )

    def in_thread(self, thread_id: int) -> list[Message]:
        """Give the messages that exist in one topic, GENERAL or another."""
        return self.in_topics((None if thread_id == GENERAL else thread_id,))

    def in_topics(self, threads: Iterable[int | None]) -> list[Message]:
        """Give the messages that exist in some topics; None stands for outside all topics."""
        wanted = set(threads)
        return [
            message
            for message in self.messages.values()
            if message.visible and (message.thread_id if message.in_topic else None) in wanted
        ]
