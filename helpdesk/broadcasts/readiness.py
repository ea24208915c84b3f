"""Whether a broadcast can be put before a second organiser, and all that stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk import subscriptions
from helpdesk.broadcasts import amending, checks, duplicates, letters, shelf
from helpdesk.broadcasts.amending import Outlook
from helpdesk.broadcasts.broadcast import Kind, Step
from helpdesk.broadcasts.checks import Faults
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.duplicates import Earlier
from helpdesk.broadcasts.shelf import Entry
from helpdesk.messages import Part
from store import Tx

SMALLEST: Final = 10
"""A segment with fewer families says who they are."""
STEPS: Final = tuple(step for step in Step if step is not Step.READY)
"""What has to be answered, in the order in which it is asked."""


@dataclass(frozen=True, slots=True)
class Review:
    """What is wrong with a broadcast. ``missing`` is the first step that is not answered.

    ``recipients`` are the ids of those in the segment (`store.subscribers`): looked up once, for
    all of them have to be opened for it. Of a correction, ``outlook`` is what it could reach, and
    ``never`` the key of the words that say why it can reach nobody.
    """

    faults: Faults
    missing: Step | None
    recipients: tuple[bytes, ...] = ()
    earlier: Earlier | None = None
    said_same: bool = False
    outlook: Outlook | None = None
    never: str | None = None

    @property
    def families(self) -> int:
        """How many families are in the segment."""
        return len(self.recipients)

    @property
    def too_small(self) -> bool:
        """Whether too few families are in the segment; a correction reaches whom it reaches."""
        return self.outlook is None and self.never is None and self.families < SMALLEST

    @property
    def said_before(self) -> bool:
        """Whether families were told the same, and nobody said that they shall be told again."""
        return self.earlier is not None and (self.earlier.refused or not self.said_same)

    @property
    def ready(self) -> bool:
        """Whether it can be asked for, and approved."""
        wrong = self.faults or self.missing or self.never
        return not wrong and not self.too_small and not self.said_before


def missing(answered: frozenset[Step]) -> Step | None:
    """Return the first step that is not answered."""
    return next((step for step in STEPS if step not in answered), None)


def review(tx: Tx, entry: Entry, now: datetime, studio: Studio) -> Review:
    """Look at everything at once, as it is now: laws, words and families change meanwhile."""
    broadcast = entry.broadcast
    faults = checks.faults(broadcast, studio, now)
    first = missing(broadcast.answered)
    if broadcast.kind is Kind.SEND:
        recipients = tuple(subscriptions.members(tx, broadcast.segment, now))
        earlier = duplicates.earlier(tx, entry, now)
        return Review(faults, first, recipients, earlier, broadcast.said_same)
    target = shelf.get(tx, bytes.fromhex(broadcast.target))
    if target is None:
        return Review(faults, first, never="sending.amend.too_late")
    never = amending.may(tx, target, now)
    if not faults and target.broadcast.wave == 0:
        # The first correction has to say something else than what they have.
        same = letters.letter(broadcast, studio) == target.broadcast.letter
        faults = (Part("broadcast.fault.unchanged"),) if same else ()
    return Review(faults, first, outlook=amending.outlook(tx, target, now), never=never)
