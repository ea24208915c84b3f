"""The organisers of the demo, and the invented families who asked for alerts: nobody's wishes.

The two organisers get their role as an operator gives it, with FARO_ORGANISERS. The families are a
crowd without phones on the page; María asks for alerts by hand, with /avisos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from helpdesk import subscriptions
from helpdesk.audience import Topic
from sandbox import Crowd, Person, Sandbox
from store import Database, Tx, rotate

SUBSCRIBERS: Final = 240
"""As many as a canary needs: it sings from 200 on."""
BLOCKED: Final = 5
"""How many of them blocked Faro since, so that a report has something to tell."""
_SEED: Final = 19_02_2026

_TOPICS: Final = {Topic.ALL: 0.5, Topic.MEASURES: 0.35, Topic.MILITARY: 0.2, Topic.ABROAD: 0.2}
_REGIONS: Final = {
    "distrito_capital": 0.22,
    "miranda": 0.14,
    "tachira": 0.16,
    "zulia": 0.12,
    "carabobo": 0.11,
    "lara": 0.09,
    "anzoategui": 0.07,
    "bolivar": 0.06,
    "barinas": 0.05,
    "nueva_esparta": 0.02,
}
"""Which part of them asked for it; Nueva Esparta is too small to be written to alone."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Two organisers, one to write and one to approve, and the families who asked for alerts."""

    julia: Person
    teresa: Person
    subscribers: Crowd

    @property
    def both(self) -> tuple[Person, Person]:
        """The two who organise."""
        return self.julia, self.teresa


def seat(box: Sandbox) -> Organisation:
    """Make the people."""
    julia, teresa = (box.person(name, organiser=True) for name in ("Julia", "Teresa"))
    return Organisation(julia, teresa, box.crowd(SUBSCRIBERS))


async def prepare(db: Database, organisation: Organisation, now: datetime) -> None:
    """Write what the families asked for, before the bot starts."""
    await rotate(db, now)  # what is sealed needs a key of the day
    await db.transaction(_subscribe, organisation.subscribers.ids, now)
    organisation.subscribers.block(organisation.subscribers.ids[-BLOCKED:])


def _subscribe(tx: Tx, chats: Sequence[int], now: datetime) -> None:
    random = Random(_SEED)
    for chat in chats:
        topics = [one for one, part in _TOPICS.items() if random.random() < part]
        regions = [one for one, part in _REGIONS.items() if random.random() < part]
        if not topics and not regions:
            topics = [Topic.ALL]
        for topic in topics:
            subscriptions.toggle_topic(tx, chat, topic, now)
        for region in regions:
            subscriptions.toggle_region(tx, chat, region, now)


async def write(organisation: Organisation) -> None:
    """Let both ask for their menu, which the bot finds when it starts."""
    for person in organisation.both:
        await person.send("/organizar")
