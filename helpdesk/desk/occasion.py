"""One thing that a person of the team does: who, where, in which case, and what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.desk import claims, notices
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import DeskContext
from helpdesk.desk.messages import DeskCommand, DeskPress, DeskReply, Where
from helpdesk.desk.staff import Deed, Member, may
from helpdesk.messages import Param, Part
from store import Tx


@dataclass(slots=True)
class Occasion:
    """A command of a member whose role and membership were checked.

    ``entry`` is the case of the topic it was given in. ``alert`` and ``counts`` are filled on the
    way and become the reply.
    """

    tx: Tx
    command: DeskCommand
    context: DeskContext
    member: Member
    entry: Entry | None
    alert: Part | None = None
    loud: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """When it was."""
        return self.command.at

    @property
    def reply(self) -> DeskReply:
        """What is left to do at once."""
        return DeskReply(self.alert, self.loud, self.member.language, self.counts)

    def may(self, deed: Deed) -> bool:
        """Say whether a role of the member's permits it; tells her when none does."""
        if may(self.member, deed):
            return True
        self.tell(Part("desk.refused.role"))
        return False

    def tell(self, *parts: Part, rows: notices.Rows = (), loud: bool = True) -> None:
        """Answer where it was done: a press by a window over the screen, all else by a message.

        With buttons it is always a message, for a window has none.
        """
        if isinstance(self.command.body, DeskPress) and not rows:
            self.alert, self.loud = parts[0], loud
        else:
            self.say(*parts, rows=rows)

    def say(self, *parts: Part, rows: notices.Rows = ()) -> None:
        """Answer by a message, where it was done."""
        command = self.command
        pressed = isinstance(command.body, DeskPress)
        answers = None if pressed else command.message_id
        if command.where is Where.PRIVATE:
            notices.to_person(self.tx, self.member, self.now, parts, rows=rows)
        elif self.entry is not None:
            notices.in_topic(self.tx, self.entry, self.now, parts, rows=rows, answers=answers)
        else:
            # A topic that is no case's is not ours to write in.
            answers = answers if command.where is Where.GENERAL else None
            notices.in_general(self.tx, self.now, parts, rows=rows, answers=answers)

    def replace(self, *parts: Part, rows: notices.Rows = ()) -> None:
        """Replace the message under which a button was pressed.

        Not what came from the family, under which only a forged press can be: her words stay.
        """
        message_id = self.command.message_id
        case = None if self.entry is None else self.entry.case
        if case is not None and any(p.desk == message_id and not p.out for p in case.pairs):
            self.say(*parts, rows=rows)
            return
        notices.change(self.tx, self.entry, self.now, message_id, parts, rows=rows)

    def in_private(self, *parts: Part) -> None:
        """Answer in private, wherever it was done."""
        notices.to_person(self.tx, self.member, self.now, parts)

    def count(self, counts: Mapping[str, int]) -> None:
        """Add counters."""
        self.counts = claims.added(self.counts, counts)


def line(key: str, **params: Param) -> Part:
    """Return a line of the desk's."""
    return Part(key, params)
