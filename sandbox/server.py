"""The Sandbox: all that a test needs of it, and the server that it starts and stops.

How a call of the Bot API is answered is in answering.py, the control API for other processes in
control.py, the page in pages.py.
"""

from __future__ import annotations

import json
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.answering import add_bot_api
from sandbox.arrivals import Arrivals
from sandbox.chats import Chat
from sandbox.clock import Clock
from sandbox.control import add_routes
from sandbox.crowds import Crowd
from sandbox.faults import Faults
from sandbox.groups import Group, Rights, new_group
from sandbox.journal import Journal
from sandbox.limits import Limits
from sandbox.messages import JSON
from sandbox.pages import add_page
from sandbox.people import Person
from sandbox.updates import UpdateQueue
from sandbox.world import FIRST_MESSAGE_ID, FIRST_UPDATE_ID, Call, World

TOKEN = "1000:TEST"
_LARGEST_BODY = 2**25


class Sandbox:
    """A Telegram for one bot, on a port of this machine: ``async with Sandbox() as box``.

    Attributes:
        url: root of the Bot API server, such as ``http://127.0.0.1:43211``; once started.
        clock, faults, limits: the time, the faults to order, the pacing (off).
        people: everybody by chat id. ``groups``, ``crowds``: those made, in order.
        calls: every call of the Bot API, oldest first, but for those for a crowd.
        arrivals: when each call arrived and how it ended, those for a crowd too.
        queue: the updates that the bot has not confirmed.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock | None = None,
        first_message_id: int = FIRST_MESSAGE_ID,
        first_update_id: int = FIRST_UPDATE_ID,
    ) -> None:
        self._world = World(
            token,
            clock or Clock(),
            first_message_id=first_message_id,
            first_update_id=first_update_id,
        )
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        self.people: dict[int, Person] = {}
        self.groups: list[Group] = []
        self.crowds: list[Crowd] = []

    @property
    def token(self) -> str:
        """The only token it accepts."""
        return self._world.token

    @property
    def clock(self) -> Clock:
        """Its clock."""
        return self._world.clock

    @property
    def faults(self) -> Faults:
        """The faults to order."""
        return self._world.faults

    @property
    def limits(self) -> Limits:
        """The pacing it enforces; none by default."""
        return self._world.limits

    @property
    def calls(self) -> list[Call]:
        """Every call so far, oldest first, ``getUpdates`` included."""
        return self._world.calls

    @property
    def arrivals(self) -> Arrivals:
        """When each call arrived and how it ended."""
        return self._world.arrivals

    @property
    def queue(self) -> UpdateQueue:
        """The updates not confirmed yet."""
        return self._world.queue

    @property
    def journal(self) -> Journal:
        """What happened, numbered, for the page."""
        return self._world.journal

    @property
    def url(self) -> str:
        """Root of the Bot API server."""
        return f"http://{self._host}:{self._port}"

    def calls_of(self, *methods: str) -> list[Call]:
        """Give the calls of some methods, oldest first."""
        return [call for call in self._world.calls if call.method in methods]

    def bytes_of(self, file_id: str) -> bytes:
        """Give the bytes of a file that somebody sent; raises KeyError for one that nobody did."""
        return self._world.files.data(file_id)

    def commands(self, language: str = "", scope: JSON | None = None) -> list[JSON]:
        """Give the menu that ``setMyCommands`` left for a language and scope."""
        key = json.dumps(scope or {"type": "default"}, sort_keys=True)
        return self._world.commands.get((key, language), [])

    def person(
        self,
        name: str,
        *,
        chat_id: int | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language: str | None = "es",
        aside: bool = False,
        organiser: bool = False,
    ) -> Person:
        """Make a person with a phone and Telegram; ids are large, as new accounts have.

        Of those who are ``aside`` the page shows the phones when it is asked for them. An
        ``organiser`` sits in a column of her own, and can format what she writes there.
        """
        if chat_id is None:
            chat_id = self._world.person_id()
        elif chat_id in self.people:
            raise ValueError("somebody has that chat_id")
        user: JSON = {"id": chat_id, "is_bot": False, "first_name": name}
        optional = {"last_name": last_name, "username": username, "language_code": language}
        user.update({key: value for key, value in optional.items() if value is not None})
        chat = self._world.chats[chat_id] = Chat(user=user, journal=self._world.journal)
        person = self.people[chat_id] = Person(self._world, chat, aside=aside, organiser=organiser)
        self._world.journal.note("person", chat_id)
        return person

    def group(
        self,
        title: str,
        *,
        forum: bool = False,
        basic: bool = False,
        owner: Person | None = None,
        bot: Rights = True,
    ) -> Group:
        """Make a supergroup, or a ``basic`` group, that is older than the bot's first update.

        The bot is an administrator with all rights, those named in ``bot``, or (False) not in it.
        """
        user = None if owner is None else owner.chat.user
        group = new_group(self._world, title, forum=forum, basic=basic, owner=user, bot=bot)
        self.groups.append(group)
        return group

    def crowd(self, size: int, *, language: str = "es") -> Crowd:
        """Make so many people who have started the bot, cheaply and without phones on the page."""
        crowd = Crowd(self._world, size, language)
        self.crowds.append(crowd)
        return crowd

    @property
    def menu(self) -> list[JSON]:
        """The commands that somebody who reads Spanish sees in a private chat."""
        return self._first_menu({"type": "all_private_chats"}, None)

    @property
    def menus(self) -> dict[int, list[JSON]]:
        """The commands of each group, and of each person who has some of her own."""
        found = {
            group.chat_id: self._first_menu(
                {"type": "chat", "chat_id": group.chat_id}, {"type": "all_group_chats"}, None
            )
            for group in self.groups
        }
        for chat_id in self.people:
            if menu := self._first_menu({"type": "chat", "chat_id": chat_id}):
                found[chat_id] = menu
        return found

    async def called(self, method: str, *, times: int = 1, timeout: float = 5) -> list[Call]:  # noqa: ASYNC109 - as in the people's helpers
        """Wait until a method has been answered so many times since the start; gives its calls."""

        def look() -> list[Call] | None:
            done = [call for call in self.calls_of(method) if call.answer is not None]
            return done if len(done) >= times else None

        return await self._world.called.until(look, timeout)

    async def polled(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - as in the people's helpers
        """Wait until the bot waits in a long poll, all confirmed; raises TimeoutError."""
        await self._world.queue.polled(timeout)

    async def more_calls(self, after: int, timeout: float = 5) -> list[Call]:  # noqa: ASYNC109 - as in the people's helpers
        """Wait until there are more than ``after`` calls; gives those; raises TimeoutError."""
        return await self._world.called.until(lambda: self.calls[after:] or None, timeout)

    async def all_confirmed(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - as in the people's helpers
        """Wait until the bot has confirmed every update; raises TimeoutError."""
        await self._world.queue.confirmed(timeout)

    async def start(self) -> None:
        """Listen; with port 0, on a free one. After ``stop``, on the same one again."""
        self._world.queue.open()
        self._world.journal.open()
        application = web.Application(client_max_size=_LARGEST_BODY)
        add_bot_api(application, self._world)
        add_page(application, self)
        add_routes(application, self)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Let go of whoever polls, forget the faults and close the port: Telegram is down."""
        self._world.queue.close()
        self._world.journal.close()
        self._world.faults.clear()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def _first_menu(self, *scopes: JSON | None) -> list[JSON]:
        """Give the menu of the first scope that has one, in Spanish rather than in none."""
        for scope in scopes:
            for language in ("es", ""):
                if found := self.commands(language, scope):
                    return found
        return []
