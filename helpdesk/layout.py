"""A screen before it belongs to a chat: parts, and buttons with the action they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from helpdesk.messages import Param, Part


@dataclass(frozen=True, slots=True)
class Choice:
    """A button and its action, such as ``set:denied``; the action never leaves this machine.

    With ``copy`` there is no action: the phone copies that text.
    """

    key: str
    action: str
    params: Mapping[str, Param] = field(default_factory=dict)
    copy: str | None = None


Row = tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What is shown at once.

    ``quiet`` says that its opening can be read by anyone, ``silent`` that a new message of it
    makes no sound.
    """

    parts: tuple[Part, ...]
    rows: tuple[Row, ...] = ()
    quiet: bool = False
    silent: bool = False

    @property
    def name(self) -> str:
        """What tells this screen from another: the keys of its parts."""
        return "+".join(part.key for part in self.parts)

    @property
    def actions(self) -> tuple[str, ...]:
        """Every action that can be pressed here."""
        return tuple(choice.action for row in self.rows for choice in row if choice.copy is None)


def column(choices: Iterable[Choice]) -> tuple[Row, ...]:
    """Put each choice on a row of its own."""
    return tuple((choice,) for choice in choices)


def rows_of(choices: Iterable[Choice], width: int) -> tuple[Row, ...]:
    """Put choices on rows of at most ``width``."""
    listed = tuple(choices)
    return tuple(listed[start : start + width] for start in range(0, len(listed), width))
