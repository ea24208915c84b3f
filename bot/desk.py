"""The desk while it runs: its group, who is in it, its posture, its posts; decides nothing.

It stands between the intake, which brings what is written in the group, and `helpdesk.desk`, which
answers: here is asked of Telegram what only Telegram knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot import logs
from bot.calls import Caller
from bot.clock import Clock
from bot.deliveries import Deliveries
from bot.group_facts import group_facts
from bot.jobs import Job
from bot.membership import Membership
from bot.raw_updates import moved
from bot.wire import JSON, Wire
from handlers.desk import MembersChanged, Moved, PostureChanged
from helpdesk.desk import deliveries, posture, put_aside, tending, topics
from helpdesk.desk.context import DeskContext, group_of
from helpdesk.desk.ends import End, Result
from helpdesk.desk.messages import DeskCommand, DeskReply
from locales import LANGUAGES, SOURCE, LocalesError
from store import Database, Tx

LOOK_AGAIN = timedelta(seconds=10)
"""Before a group is left it is asked at most so often whether the desk became it."""

MENU = (
    "tomar",
    "r",
    "nota",
    "plantillas",
    "pasar",
    "soltar",
    "cerrar",
    "reabrir",
    "estado",
    "silenciar",
    "riesgo",
    "cola",
    "turno",
    "idioma",
    "doctor",
    "ayudaequipo",
)
"""The commands that Telegram lists in the group; each is described by ``desk.menu.<name>``."""

_TELLING = frozenset({End.MOVED, End.OUT, End.NO_RIGHTS})
"""Ends that say that the group is not as it was when it was last read."""


class Desk:
    """The group of ``context``, for the intake (`bot.intake.DeskSide`) and for the jobs."""

    def __init__(
        self,
        wire: Wire,
        db: Database,
        context: DeskContext,
        clock: Clock,
        count: Callable[[Mapping[str, int]], None],
        erase: Callable[[int], None],
    ) -> None:
        assert context.group is not None  # without one there is no desk
        self._wire = wire
        self._db = db
        self._context = context
        self._clock = clock
        self._count = count
        self._group = context.group
        self._groups = {context.group}
        self._looked = datetime.min.replace(tzinfo=UTC)  # whether it became another one
        self._membership = Membership(wire, clock)
        self._posture = Job("posture", self._read_posture, posture.CHECK_EVERY.total_seconds())
        self._menu = Job("menu", self._set_menu)
        self._menu_of: int | None = None  # the group that has it
        self.jobs = (Job("tend", self._tend, float(tending.EVERY)), self._posture, self._menu)
        self.deliveries = Deliveries(
            Caller(wire, context), db, context, clock, count, erase, self._troubled
        )

    @property
    def groups(self) -> AbstractSet[int]:
        """The ids of the group: one that became a supergroup has two."""
        return self._groups

    async def prepare(self) -> None:
        """Find the group as it was left, and see to what came due; before anything else is done.

        What is over is deleted at the start: a case whose topic has to go, a post that a family's
        words wait in. After a long stop both have to be seen to before that.
        """
        try:
            for work in (deliveries.recover, tending.tend):
                self._count(await self._db.transaction(work, self._clock(), self._context))
        except Exception as error:  # both are done again soon
            logs.trouble("desk_failed", error)
        group = await self._db.transaction(group_of, self._context)
        if group is not None:
            self._follow(self._group, group)

    # --- for the intake ------------------------------------------------------------------------

    def learn(self, raw: JSON) -> None:
        """Look at an update before it waits: of two lines, the new group's may be read first."""
        change = moved(raw)
        if change is not None:
            self._follow(*change)

    async def known(self, command: DeskCommand) -> DeskCommand:
        """Fill in whether the author of a command is in the group."""
        if command.actor is None:
            return command
        inside = await self._membership.inside(self._group, command.actor.user)
        return replace(command, actor=replace(command.actor, inside=inside))

    async def is_elsewhere(self, chat: int) -> bool:
        """Tell whether a group is certainly not this one.

        A group that becomes a supergroup says so in two messages. When those were lost, only
        Telegram's answer to the old id tells; without an answer it might be.
        """
        if chat not in self._groups and self._clock() >= self._looked + LOOK_AGAIN:
            try:
                await self._wire.member(self._group, self._wire.me)
            except ChatMigrated as error:
                await self.happened(Moved(self._group, error.new_chat_id))
            except (BadRequest, Forbidden):
                pass  # the bot is out of its group, which is another matter
            except TelegramError as error:
                logs.trouble("posture_unknown", error)
                return False
            self._looked = self._clock()
        return chat not in self._groups

    async def happened(self, happening: Moved | MembersChanged | PostureChanged) -> None:
        """Take what changed about the group itself; a new id has committed when it returns."""
        match happening:
            case Moved(group, to):
                if group in self._groups:
                    self._follow(group, to)
                    await self._db.transaction(topics.moved, to, self._clock(), self._context)
                    self._posture.ask()
            case MembersChanged(group, users):
                self._membership.forget(group, *users)
            case PostureChanged(group):
                self._membership.forget(group)
                self._posture.ask()
                self._menu.ask()

    def sorry(self, tx: Tx, topic: int | None, message_id: int | None, now: datetime) -> DeskReply:
        """Write down that a message of the group could not be read."""
        return put_aside.sorry(tx, topic, message_id, now, self._context)

    def wake(self) -> None:
        """See to the posts: some may have been written."""
        self.deliveries.wake()

    # --- by itself -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Deliver posts until cancelled; the group is read before the first goes out."""
        try:
            await self._read_posture()
        except Exception as error:
            logs.trouble("desk_failed", error)
        await self.deliveries.run()

    async def _tend(self) -> bool:
        """Do what has come due."""
        self._count(await self._db.transaction(tending.tend, self._clock(), self._context))
        self.wake()
        return True

    async def _read_posture(self) -> bool:
        """Ask Telegram what the group is like, and keep it: what is unsafe stops the posts."""
        try:
            facts = await group_facts(self._wire, self._group)
        except ChatMigrated as error:
            await self.happened(Moved(self._group, error.new_chat_id))
            return False
        noted = await self._db.transaction(posture.note, facts, self._clock())
        problems = () if noted is None else posture.blocking(noted.problems)
        if problems:
            logs.note("desk_unsafe", count=len(problems))
        self.wake()
        return True

    async def _set_menu(self) -> bool:
        """Let Telegram list the team's commands in the group, and nowhere else: not in private."""
        group = self._group
        if self._menu_of == group:
            return True
        try:
            for language in LANGUAGES:
                words = self._context.words(language)
                menu = {name: words.plain(f"desk.menu.{name}") for name in MENU}
                await self._wire.announce(menu, "" if language == SOURCE else language, group)
        except (BadRequest, Forbidden, ChatMigrated, LocalesError) as error:
            # It is asked again when the bot comes into the group, or that has another id.
            logs.trouble("commands_not_set", error)
            return True
        self._menu_of = group
        return True

    def _troubled(self, result: Result) -> None:
        if result.end is End.MOVED and result.moved_to is not None:
            self._follow(self._group, result.moved_to)
        if result.end in _TELLING:
            self._posture.ask()

    def _follow(self, group: int, to: int) -> None:
        if group in self._groups and to not in self._groups:
            self._groups.add(to)
        if group in self._groups:
            self._group = to
            self._menu.ask()
