"""One thing that somebody of the team does in private, and all that is said after it.

Nothing is decided here. ``helpdesk.editorial`` has its visits too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.broadcasts.broadcast import Letter
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.messages import Note, OrganiserCommand, OrganiserPress, OrganiserReply
from helpdesk.desk import notices
from helpdesk.desk.context import group_of
from helpdesk.desk.staff import Member
from helpdesk.messages import Part, Screen
from store import Tx


@dataclass(slots=True)
class Visit:
    """A command of a member whose role was checked. What is filled on the way becomes the reply."""

    tx: Tx
    command: OrganiserCommand
    member: Member
    studio: Studio
    notes: list[Note] = field(default_factory=list)
    alert: Part | None = None
    stirred: bool = False
    posted: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """When it was."""
        return self.command.at

    @property
    def under(self) -> int | None:
        """The message whose button was pressed; None where none was."""
        body = self.command.body
        return body.message_id if isinstance(body, OrganiserPress) else None

    @property
    def reply(self) -> OrganiserReply:
        """What is left to do."""
        return OrganiserReply(
            tuple(self.notes),
            self.alert,
            language=self.member.language,
            stirred=self.stirred,
            posted=self.posted,
            counts=self.counts,
        )

    def say(
        self,
        screen: Screen,
        *,
        to: Member | None = None,
        in_place: bool = False,
        needs_the_one_before: bool = False,
    ) -> None:
        """Show a screen, to whoever did it or to another.

        ``in_place`` puts it where the pressed button is. ``needs_the_one_before`` as in `Note`.
        """
        whom = to or self.member
        self.notes.append(
            Note(
                whom.user,
                screen,
                edit=self.under if in_place else None,
                language=whom.language,
                needs_the_one_before=needs_the_one_before,
            )
        )

    def show(self, letter: Letter, *, to: Member | None = None, silent: bool = True) -> None:
        """Show a letter as it arrives, byte for byte."""
        whom = to or self.member
        self.notes.append(Note(whom.user, letter=letter, language=whom.language, silent=silent))

    def tell_group(self, part: Part) -> None:
        """Say something to the desk's group, where there is one."""
        desk = self.studio.context.desk
        if desk is not None and group_of(self.tx, desk) is not None:
            notices.in_general(self.tx, self.now, (part,), silent=False)
            self.posted = True

    def tell(self, part: Part) -> None:
        """Answer shortly: a press by a window over the screen, all else by a message."""
        if isinstance(self.command.body, OrganiserPress):
            self.alert = part
        else:
            self.say(Screen((part,)))
