"""What can go wrong with words; no wording of Faro itself may live here.

LocalesError
├── CatalogueFaults     a catalogue cannot be used; carries every fault found
├── MissingMessage      a key that no catalogue holds was asked for
└── WrongParameters     a message was given too few, too many or unreadable parameters
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake in a text: where it is, in which message, and how to mend it."""

    file: str
    line: int
    key: str
    hint: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.hint}"


class LocalesError(Exception):
    """Root of everything that this room raises."""


class CatalogueFaults(LocalesError):
    """Raised when a catalogue is loaded with mistakes in it; ``faults`` holds them all."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


class MissingMessage(LocalesError):
    """Raised when a key has no words: a bare key must never land on a phone."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"no message has the key {key!r}")


class WrongParameters(LocalesError):
    """Raised when parameters do not fit the message; the text names no value, only names."""

    def __init__(self, key: str, problem: str) -> None:
        self.key = key
        super().__init__(f"{key}: {problem}")
