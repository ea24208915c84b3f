"""/organizar: what somebody may do here, as buttons; none of it is done here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from helpdesk.broadcasts import presses
from helpdesk.broadcasts.visit import Visit
from helpdesk.desk.staff import Deed, Member, may
from helpdesk.messages import Button, Part, Screen

_DEEDS: Final = (Deed.BROADCAST, Deed.WITHDRAW, Deed.PUBLISH, Deed.STATISTICS)


def has_any(member: Member) -> bool:
    """Say whether there is anything here that somebody may do."""
    return any(may(member, deed) for deed in _DEEDS)


def say(visit: Visit, others: Iterable[Button]) -> None:
    """Show what she may do, and under which name she does it.

    ``others`` are the buttons of what is done elsewhere.
    """
    rows = []
    if may(visit.member, Deed.BROADCAST):
        rows.append((presses.button("button.bc_new", "new"),))
        rows.append((presses.button("button.bc_list", "list"),))
    rows += [(button,) for button in others]
    visit.say(Screen((Part("broadcast.menu", {"who": visit.member.name}),), tuple(rows)))
