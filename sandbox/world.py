"""Everything the sandbox holds, in one place: clock, chats, queue, presses, faults, calls.

State only: what the bot may do with it is in api.py, what people do in people.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random
from time import monotonic
from typing import Any, TypeGuard

from sandbox.arrivals import LOST, Arrivals
from sandbox.bell import Bell
from sandbox.chats import Chat, Conversation
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.group_chats import GroupChat
from sandbox.journal import Journal
from sandbox.limits import Limits
from sandbox.messages import JSON
from sandbox.presses import Presses
from sandbox.updates import UpdateQueue

FIRST_MESSAGE_ID = 917_340_211
"""Large, so that a privacy test can look for it in files and find it only if it is there."""

FIRST_UPDATE_ID = 724_508_113
CALLS_KEPT = 100_000


@dataclass(eq=False, slots=True)
class Call:
    """A call of the Bot API as it came in; ``answer`` is None while it is being answered.

    ``parameters`` are typed once checked, raw if the check refused them. ``fault`` names the
    ordered fault that struck it. ``status`` is the HTTP status that went out, 0 before;
    ``dropped`` says that the client got no whole answer. ``came`` is when it came in on
    ``time.monotonic``.
    """

    method: str
    parameters: dict[str, Any]
    at: datetime
    answer: JSON | None = None
    fault: str | None = None
    status: int = 0
    dropped: bool = False
    came: float = field(default_factory=monotonic)

    @property
    def ok(self) -> bool:
        """Whether it did what was asked, even if the client never learnt it."""
        return self.answer is not None and bool(self.answer["ok"])


class World:
    """The state behind one bot; ``bot`` is how Telegram shows it to others (``User``)."""

    def __init__(
        self, token: str, clock: Clock, *, first_message_id: int, first_update_id: int
    ) -> None:
        self.token = token
        self.clock = clock
        self.random = Random(token)
        self.chats: dict[int, Chat] = {}
        self.groups: dict[int, GroupChat] = {}
        self.files = Files()
        self.queue = UpdateQueue(first_update_id)
        self.presses = Presses()
        self.journal = Journal()
        self.faults = Faults(clock, self.journal)
        self.limits = Limits()
        self.calls: list[Call] = []
        self.called = Bell()
        self.arrivals = Arrivals()
        self.commands: dict[tuple[str, str], list[JSON]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self._message_ids = count(first_message_id)
        self.bot: JSON = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Faro",
            "username": "faro_sandbox_bot",
        }
        clock.on_move(lambda: self.journal.note("clock"))

    def next_message_id(self) -> int:
        """Give the next message id, of one count for all private chats and basic groups."""
        return next(self._message_ids)

    def message_id_in(self, chat: Conversation) -> int:
        """Give the next message id of a chat: a supergroup counts for itself, from 1."""
        if isinstance(chat, GroupChat) and chat.type == "supergroup":
            return next(chat.numbers)
        return self.next_message_id()

    def group_id(self, kind: str) -> int:
        """Give an id for a new group."""
        drawn = self.random.randrange(1_500_000_000, 3_000_000_000)
        return -(10**12) - drawn if kind == "supergroup" else -drawn

    def place(self, chat_id: int) -> Conversation:
        """Give a chat of either sort; raises KeyError."""
        return self.groups[chat_id] if chat_id in self.groups else self.chats[chat_id]

    def new_file(self, kind: str, data: bytes | None = None, **more: Any) -> JSON:
        """Make a file that somebody sends, known by its ``file_id`` from now on."""
        return self.files.add(f"AwACAgEAAxk{self.large_id()}", kind, data, **more)

    def announce(self, kind: str, content: JSON) -> None:
        """Tell the bot, if it asked for that kind of update."""
        self.queue.put(kind, content)

    def person_id(self) -> int:
        """Give an id that nobody has, as large as those of new accounts."""
        while (drawn := self.random.randrange(5_000_000_000, 8_500_000_000)) in self.chats:
            pass
        return drawn

    def large_id(self) -> str:
        """Give an id such as Telegram uses for presses and chat instances."""
        return str(self.random.randrange(10**17, 2**63))

    def ended(self, call: Call) -> None:
        """Note that a call is over; quiet polls are no news to a page."""
        if call.method == "getUpdates" and call.fault is None:
            return
        chat_id = call.parameters.get("chat_id")
        self.journal.note("call", chat_id, call)
        self.arrivals.note(
            call.method,
            chat_id if self._known(chat_id) else None,
            LOST if call.dropped else call.status,
            call.came,
        )

    def log(self, call: Call) -> None:
        """Keep a call; of the oldest, half are forgotten when there are very many.

        Those for a crowd are not kept: they would soon be all that is.
        """
        chat_id = call.parameters.get("chat_id")
        if not (self._known(chat_id) and chat_id in self.chats and self.chats[chat_id].crowded):
            if len(self.calls) >= CALLS_KEPT:
                del self.calls[: CALLS_KEPT // 2]
            self.calls.append(call)
        self.called.ring()

    def _known(self, chat_id: object) -> TypeGuard[int]:
        """Whether it is the id of a chat: a call that was refused may bring anything."""
        return isinstance(chat_id, int) and (chat_id in self.chats or chat_id in self.groups)
