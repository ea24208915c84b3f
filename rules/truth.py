"""Three-valued truth (strong Kleene) and nothing else.

A missing answer makes a comparison UNKNOWN, never false: that is what keeps a "does not
exclude" from becoming an "is covered". Source: S. C. Kleene, *Introduction to Metamathematics*
(1952), § 64.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NoReturn


class Truth(IntEnum):
    """NO < UNKNOWN < YES, so that conjunction is the minimum and disjunction the maximum."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth is not a bool: compare it with Truth.YES, NO or UNKNOWN")

    @property
    def word(self) -> str:
        """``yes``, ``no`` or ``unknown``: the word that a determination prints."""
        return self.name.lower()


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Return the Kleene *and* of the truths; YES when there are none."""
    return min(truths, default=Truth.YES)


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Return the Kleene *or* of the truths; NO when there are none."""
    return max(truths, default=Truth.NO)


def negation(truth: Truth) -> Truth:
    """Return the Kleene *not* of a truth: UNKNOWN stays UNKNOWN."""
    return Truth(2 - truth.value)


def of(fact: bool) -> Truth:
    """Return YES for True and NO for False."""
    return Truth.YES if fact else Truth.NO
