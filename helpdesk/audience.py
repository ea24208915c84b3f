"""Who may be written to first: what a family asked to hear of, and which of them a message is for.

Only what she chose herself stands here: nothing is ever taken over from what she answered.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict


class Topic(StrEnum):
    """What a family may ask to hear of; words at ``topic.<value>``."""

    ALL = "all"
    """Everything important."""
    MEASURES = "measures"
    """People released under conditions."""
    MILITARY = "military"
    ABROAD = "abroad"


REGIONS: Final = (
    "amazonas",
    "anzoategui",
    "apure",
    "aragua",
    "barinas",
    "bolivar",
    "carabobo",
    "cojedes",
    "delta_amacuro",
    "distrito_capital",
    "falcon",
    "guarico",
    "la_guaira",
    "lara",
    "merida",
    "miranda",
    "monagas",
    "nueva_esparta",
    "portuguesa",
    "sucre",
    "tachira",
    "trujillo",
    "yaracuy",
    "zulia",
)
"""The 23 states and the capital's district; words at ``region.<value>``."""


class Wishes(BaseModel):
    """What one family asked to hear of. ``since`` and ``asked_at`` are whole hours since 1970.

    ``asked_at`` is when she was asked whether she still wants it (None: not since ``since``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topics: frozenset[Topic] = frozenset()
    regions: frozenset[str] = frozenset()
    since: int
    asked_at: int | None = None


class Segment(BaseModel):
    """For whom a message is: whoever asked for one of these topics or regions.

    Whoever asked for everything important (`Topic.ALL`) is in every segment of topics alone. A
    segment with regions reaches who asked for one of the regions and, with topics too, also for
    one of the topics: "Táchira" and "people with measures" is both at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topics: frozenset[Topic] = frozenset()
    regions: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether nobody was chosen yet."""
        return not self.topics and not self.regions

    def holds(self, wishes: Wishes) -> bool:
        """Whether a family is in it."""
        if self.empty or (self.regions and not self.regions & wishes.regions):
            return False
        topics = self.topics | {Topic.ALL} if self.topics else frozenset()
        return not topics or bool(topics & wishes.topics)
