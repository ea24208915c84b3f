"""Reads an update that waited: what it asks, of the family's turn or of the team; answers nothing.

The way is chosen by where the update comes from. Of a private chat it is a family's, and maybe the
team's or an organiser's: that is known only in the transaction. Of the desk's group it is the
desk's, and whether its author is in the group is asked here, before the transaction. Every other
group is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Protocol

from bot import logs
from bot.clock import Clock
from bot.lines import Line, Waiting
from bot.raw_updates import links_to_account
from bot.wire import JSON, Wire
from handlers import desk, family, organisers
from handlers.desk import Happening, Uninvited
from helpdesk.broadcasts.messages import OrganiserCommand, OrganiserFile
from helpdesk.desk.messages import DeskCommand
from helpdesk.messages import Command, Unread, Unreadable


@dataclass(frozen=True, slots=True)
class MaybeTeam:
    """What somebody of the team would ask in private, and what anybody else asks with it.

    ``team`` is what it would be at the desk, ``organiser`` what it would be to an organiser; None
    for what is nothing there. Without a desk there is no ``team``.
    """

    family: Command
    team: DeskCommand | None = None
    organiser: OrganiserCommand | None = None


Asked = Command | DeskCommand | MaybeTeam


class Door(Protocol):
    """Who stands at the desk's door: knows its group, and who is in it."""

    @property
    def groups(self) -> AbstractSet[int]:
        """The ids of the group: one that became a supergroup has two."""

    async def known(self, command: DeskCommand) -> DeskCommand:
        """Fill in whether its author is in the group."""

    async def is_elsewhere(self, chat: int) -> bool:
        """Tell whether a group is certainly not the desk's, which may have become this one."""


class Fetcher(Protocol):
    """Has the content of documents, of those who are to send one and of nobody else."""

    async def with_content(self, command: OrganiserCommand) -> OrganiserCommand | None:
        """Fill in what is in the document; None when it is no organiser's business at all."""


class Reader:
    """Reads updates for the intake; without a ``door`` there is no desk.

    Without a ``fetcher`` nobody is an organiser, and no document is ever looked into.
    """

    def __init__(
        self, wire: Wire, clock: Clock, door: Door | None, fetcher: Fetcher | None = None
    ) -> None:
        self._wire = wire
        self._clock = clock
        self._door = door
        self._fetcher = fetcher

    async def read(self, one: Waiting, line: Line) -> Asked | Happening | None:
        """Say what an update asks or tells; raises whatever the library raises for a broken one."""
        if line.family is None:
            return await self._of_group(one.raw)
        asked, earlier = self._of_person(one.raw), [*one.passed]
        while asked is None and earlier:
            # Nothing to answer in the newest: then in the newest before it.
            asked = self._of_person(earlier.pop()[1])
        match asked:
            case MaybeTeam(command, team, organiser):
                return await self._maybe(
                    replace(command, unread=self._unread(earlier)), team, organiser
                )
            case Command():
                return replace(asked, unread=self._unread(earlier))
        return None

    async def _maybe(
        self, command: Command, team: DeskCommand | None, organiser: OrganiserCommand | None
    ) -> Command | MaybeTeam:
        """Find out what has to be known before the transaction."""
        if team is not None:
            assert self._door is not None  # or nothing would be the team's
            team = await self._door.known(team)
        if organiser is not None and isinstance(organiser.body, OrganiserFile):
            assert self._fetcher is not None  # or nothing would be an organiser's
            organiser = await self._fetcher.with_content(organiser)
        return MaybeTeam(command, team, organiser) if team or organiser else command

    async def _of_group(self, raw: JSON) -> DeskCommand | Happening | None:
        update, door = self._wire.parse(raw), self._door
        if door is None:
            return desk.read(update, self._clock(), ())
        found = desk.read(update, self._clock(), door.groups)
        if isinstance(found, Uninvited) and not await door.is_elsewhere(found.chat):
            # The desk's own group, under an id that nobody told us of. Leaving it would be fatal.
            found = desk.read(update, self._clock(), door.groups)
            return None if isinstance(found, Uninvited) else found
        return await door.known(found) if isinstance(found, DeskCommand) else found

    def _of_person(self, raw: JSON) -> Command | MaybeTeam | None:
        update = self._wire.parse(raw)
        command = family.read(update, self._clock())
        if command is None:
            return None
        team = None if self._door is None else desk.read_private(update, self._clock())
        organiser = None if self._fetcher is None else organisers.read(update, self._clock())
        return MaybeTeam(command, team, organiser) if team or organiser else command

    def _unread(self, passed: Sequence[tuple[int, JSON]]) -> tuple[Unread, ...]:
        """Find the messages of updates that are not read, and what they were."""
        unread: list[Unread] = []
        for _, raw in passed:
            message = raw.get("message")
            if isinstance(message, dict) and isinstance(message.get("text"), str):
                if type(message.get("message_id")) is int:  # a flood of texts is not worth parsing
                    linked = links_to_account(message)
                    unread.append(Unread(message["message_id"], None, message["text"], linked))
                continue
            try:
                command = family.read(self._wire.parse(raw), self._clock())
            except Exception as error:  # whatever the library raises: that of the update says more
                logs.trouble("update_failed", error)
                continue
            if command is not None and command.message_id is not None:
                body = command.body
                kind = body if isinstance(body, Unreadable) else None
                if command.edited and kind is not None:
                    continue  # the photo itself is no new one
                unread.append(
                    Unread(command.message_id, kind, command.caption, command.names_account)
                )
        return tuple(unread)
