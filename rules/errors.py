"""What can go wrong in the rules, and when.

RulesError
├── LawFaults      the law files do not hold together; raised by the loader with every fault at once
└── InvalidCase    a case cannot be read as it stands; raised before anything is evaluated,
                   with every fault at once
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a law file: where it stands, what is wrong and how to mend it.

    ``line`` counts from 1; 0 when the fault has no line (a missing file).
    """

    file: str
    line: int
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} ({self.hint})"


@dataclass(frozen=True, slots=True)
class CaseFault:
    """One mistake in a case; the four fields are the ones the command line prints."""

    path: str
    code: str
    message: str
    hint: str


class RulesError(Exception):
    """The base of every error of this package."""


class LawFaults(RulesError):
    """The law files are not usable; ``faults`` lists every mistake found."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class InvalidCase(RulesError):
    """A case cannot be assessed; ``faults`` lists every mistake found in it.

    The message names paths and codes only: what somebody wrote in a case may be private.
    """

    def __init__(self, faults: tuple[CaseFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in faults))
        self.faults = faults
