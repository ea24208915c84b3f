"""Groups as tests drive them: who is in, who may what, topics, upgrades, and what is on screen.

Deeds of one person (writing, editing, pressing) are in people.py and talking.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.entities import find_entities
from sandbox.errors import PersonError
from sandbox.group_chats import (
    CHANNEL_BOT,
    GENERAL,
    SERVICE_USERS,
    TELEGRAM,
    GroupChat,
    Member,
    Topic,
)
from sandbox.messages import JSON, Message
from sandbox.permissions import ADMIN_RIGHTS, PERMISSIONS, read_permissions
from sandbox.services import add_service, change_member, make_topic, shut_topic, tell
from sandbox.watching import Watcher
from sandbox.world import World

if TYPE_CHECKING:
    from sandbox.people import Person

Rights = bool | Iterable[str]
"""True: every right of an administrator; or the names of some, such as ``can_pin_messages``."""

SETTINGS = frozenset(
    {
        "has_visible_history",
        "has_hidden_members",
        "has_protected_content",
        "join_by_request",
        "join_to_send_messages",
        "slow_mode_delay",
        "linked_chat_id",
        "message_auto_delete_time",
        "invite_link",
        "description",
    }
)


class Group(Watcher):
    """A group, made by ``Sandbox.group``; after ``migrate`` it stands for the supergroup.

    ``next_message`` and its kin wait for what the bot writes in it, whatever the topic.
    """

    def __init__(self, world: World, chat: GroupChat) -> None:
        super().__init__()
        self._world = world
        self.chat = chat

    @property
    def _watched(self) -> GroupChat:
        return self.chat

    @property
    def chat_id(self) -> int:
        """Its id now."""
        return self.chat.chat_id

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that exist, General apart, oldest first."""
        return tuple(topic for topic in self.chat.topics.values() if not topic.deleted)

    @property
    def bot(self) -> Member:
        """What the bot is in it."""
        return self.chat.member(self._world.bot)

    def topic(self, name: str) -> Topic:
        """Give the newest topic of that name; raises PersonError."""
        for topic in reversed(self.topics):
            if topic.name == name:
                return topic
        raise PersonError(f"no topic {name!r}; there are {[one.name for one in self.topics]}")

    def screen(self, topic: Topic | int | None = None) -> tuple[Message, ...]:
        """Give what members see, oldest first: everything, or one topic (GENERAL: no topic)."""
        if topic is None:
            return self.chat.screen()
        thread_id = topic.thread_id if isinstance(topic, Topic) else topic
        return tuple(self.chat.in_topics((None if thread_id == GENERAL else thread_id,)))

    # --- people --------------------------------------------------------------------------------

    def add(self, person: Person, *, admin: Rights = False, anonymous: bool = False) -> None:
        """Bring somebody in, told to the bot by a service message and ``chat_member``."""
        self._change(_member(person.chat.user, admin, anonymous))
        add_service(
            self._world, self.chat, person.chat.user, {"new_chat_members": [person.chat.user]}
        )

    def promote(self, person: Person, rights: Rights = True, *, anonymous: bool = False) -> None:
        """Make a member an administrator with these rights, or change them."""
        self._check_inside(person)
        self._change(_member(person.chat.user, rights, anonymous))

    def demote(self, person: Person) -> None:
        """Make an administrator a plain member."""
        self.promote(person, False)

    def restrict(self, person: Person, left: Iterable[str] = ()) -> None:
        """Restrict a member of a supergroup to some permissions; ``demote`` lifts it."""
        self._check_inside(person)
        if self.chat.type != "supergroup":
            raise PersonError("only a supergroup restricts members")
        permissions = frozenset(left)
        if unknown := sorted(permissions - frozenset(PERMISSIONS)):
            raise ValueError(f"no permission {unknown[0]}")
        self._change(Member(person.chat.user, "restricted", permissions=permissions))

    def ask_to_join(self, person: Person) -> None:
        """Have somebody ask to be let in; who lets her in calls ``add``."""
        if self.chat.member(person.chat.user).inside:
            raise PersonError("she is in the group")
        if self.bot.may("can_invite_users"):
            content = {
                "chat": self.chat.to_json(),
                "from": person.chat.user,
                "user_chat_id": person.chat_id,
                "date": int(self._world.clock.now().timestamp()),
            }
            self._world.announce("chat_join_request", content)

    def remove(self, person: Person) -> None:
        """Throw somebody out for good."""
        self._go(person, "kicked", self._owner)

    def leave(self, person: Person) -> None:
        """Have somebody leave."""
        self._go(person, "left", person.chat.user)

    # --- the bot -------------------------------------------------------------------------------

    def add_bot(self, admin: Rights = False) -> None:
        """Bring the bot in, as a member or an administrator."""
        self._change(_member(self._world.bot, admin))
        add_service(self._world, self.chat, self._owner, {"new_chat_members": [self._world.bot]})

    def promote_bot(self, rights: Rights = True) -> None:
        """Give the bot these rights and no others."""
        self._change(_member(self._world.bot, rights))

    def demote_bot(self, *losing: str) -> None:
        """Take the bot's rights, some by name or all: then it is a plain member."""
        left = self.bot.rights - frozenset(losing)
        self.promote_bot(left if losing else False)

    def remove_bot(self) -> None:
        """Throw the bot out: from now on it gets 403."""
        self._change(Member(self._world.bot, "kicked"))

    # --- the group -----------------------------------------------------------------------------

    def set(
        self, *, permissions: Mapping[str, bool] | None = None, **settings: bool | int | str
    ) -> None:
        """Change settings that ``getChat`` shows, by their names there; a false one goes.

        ``permissions`` changes those named, of everybody who is no administrator.
        """
        self.chat.permissions.update(read_permissions(permissions or {}))
        if unknown := sorted(settings.keys() - SETTINGS):
            raise ValueError(f"no setting {unknown[0]}")
        for name, value in settings.items():
            if value:
                self.chat.settings[name] = value
            else:
                self.chat.settings.pop(name, None)
        self.chat.changed()

    def migrate(self) -> int:
        """Make a basic group a supergroup and give its new id; the old one says where it went."""
        old = self.chat
        if old.type != "group":
            raise PersonError("it is a supergroup already")
        new = GroupChat(
            id=self._world.group_id("supergroup"),
            title=old.title,
            type="supergroup",
            members=dict(old.members),
            settings=dict(old.settings),
            permissions=dict(old.permissions),
            journal=self._world.journal,
        )
        self._world.groups[new.chat_id] = new
        add_service(self._world, old, self._owner, {"migrate_to_chat_id": new.chat_id})
        old.upgraded_to = new.chat_id
        self.chat, self._read = new, 0
        old.changed()
        add_service(self._world, new, self._owner, {"migrate_from_chat_id": old.chat_id})
        return new.chat_id

    def make_forum(self, forum: bool = True) -> None:
        """Turn topics on or off."""
        if self.chat.type != "supergroup":
            raise PersonError("only a supergroup has topics")
        self.chat.forum = forum
        self.chat.changed()

    def new_topic(self, name: str, by: Person | None = None) -> Topic:
        """Have somebody make a topic; the owner when nobody is named."""
        if not self.chat.forum:
            raise PersonError("topics are off in this group")
        return make_topic(self._world, self.chat, name, 0x6FB9F0, self._by(by))

    def close_topic(self, topic: Topic | int, by: Person | None = None) -> None:
        """Have somebody close a topic, also GENERAL."""
        self._shut(topic, True, by)

    def reopen_topic(self, topic: Topic | int, by: Person | None = None) -> None:
        """Have somebody reopen a topic, also GENERAL."""
        self._shut(topic, False, by)

    def delete_topic(self, topic: Topic) -> None:
        """Have the owner delete a topic with all in it; the bot is never told."""
        self.chat.delete_topic(topic)

    # --- what nobody says ----------------------------------------------------------------------

    def linked_post(self, text: str, *, channel: str = "Canal") -> Message:
        """Have a post of the linked channel come in, sent by Telegram itself (777000)."""
        around = self._channel(channel)
        origin = {
            "type": "channel",
            "chat": around["sender_chat"],
            "message_id": 1,
            "date": int(self._world.clock.now().timestamp()),
        }
        around.update(is_automatic_forward=True, forward_origin=origin)
        return self._say(SERVICE_USERS[TELEGRAM], text, around)

    def channel_says(self, text: str, *, channel: str = "Canal") -> Message:
        """Have somebody write under the name of a channel."""
        return self._say(SERVICE_USERS[CHANNEL_BOT], text, self._channel(channel))

    def telegram_says(self, text: str) -> Message:
        """Have Telegram's own id (777000) write."""
        return self._say(SERVICE_USERS[TELEGRAM], text, {})

    # --- the inside ----------------------------------------------------------------------------

    @property
    def _owner(self) -> JSON:
        return next(one.user for one in self.chat.members.values() if one.status == "creator")

    def _by(self, person: Person | None) -> JSON:
        if person is None:
            return self._owner
        self._check_inside(person)
        if not self.chat.member(person.chat.user).may("can_manage_topics"):
            raise PersonError("she may not manage topics")
        return person.chat.user

    def _shut(self, which: Topic | int, closed: bool, by: Person | None) -> None:
        user = self._by(by)
        topic = self.chat.place(which.thread_id if isinstance(which, Topic) else which)
        if topic is None:
            raise PersonError("there is no such topic")
        shut_topic(self._world, self.chat, topic, closed, user)

    def _change(self, new: Member, by: JSON | None = None) -> None:
        if self.chat.upgraded_to is not None:
            raise PersonError("the group is a supergroup now")
        change_member(self._world, self.chat, new, by or self._owner)

    def _go(self, person: Person, status: str, by: JSON) -> None:
        self._check_inside(person)
        user = person.chat.user
        content = {"left_chat_member": user}
        add_service(self._world, self.chat, by, content)
        gone = Member(user, "kicked" if status == "kicked" else "left")
        self._change(gone, by)

    def _check_inside(self, person: Person) -> None:
        if not self.chat.member(person.chat.user).inside:
            raise PersonError("she is not in the group")

    def _channel(self, title: str) -> JSON:
        channel_id = self.chat.settings.get("linked_chat_id", -1_001_999_999_999)
        return {"sender_chat": {"id": channel_id, "title": title, "type": "channel"}}

    def _say(self, sender: JSON, text: str, around: JSON) -> Message:
        message = Message(
            self._world.message_id_in(self.chat),
            self.chat.to_json(),
            sender,
            mine=False,
            date=self._world.clock.now(),
            text=text,
            entities=find_entities(text),
            around=around,
            author=sender["id"],
        )
        self.chat.put_in(message, None, None)
        self.chat.add("said", message)
        tell(self._world, self.chat, "message", message.to_json())
        return message


def new_group(
    world: World, title: str, *, forum: bool, basic: bool, owner: JSON | None, bot: Rights
) -> Group:
    """Make a group with its owner and, unless ``bot`` is False, the bot as administrator in it.

    Nothing is told to the bot: the group is older than it. ``Group.add_bot`` tells.
    """
    if forum and basic:
        raise ValueError("only a supergroup has topics")
    kind = "group" if basic else "supergroup"
    user = owner or {"id": world.person_id(), "is_bot": False, "first_name": "Dueña"}
    chat = GroupChat(
        id=world.group_id(kind),
        title=title,
        type="group" if basic else "supergroup",
        forum=forum,
        journal=world.journal,
    )
    world.groups[chat.chat_id] = chat
    change_member(world, chat, Member(user, "creator"), user, quiet=True)
    if bot is not False:
        change_member(world, chat, _member(world.bot, bot), user, quiet=True)
    return Group(world, chat)


def _member(user: JSON, admin: Rights, anonymous: bool = False) -> Member:
    if admin is False:
        if anonymous:
            raise ValueError("only an administrator is anonymous")
        return Member(user, "member")
    rights = frozenset(ADMIN_RIGHTS if admin is True else admin)
    if unknown := sorted(rights - frozenset(ADMIN_RIGHTS)):
        raise ValueError(f"no right {unknown[0]}")
    member = Member(user, "administrator", rights | {"can_manage_chat"})
    return replace(member, anonymous=anonymous)
