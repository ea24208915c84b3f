"""What a look through a whole table answers: the rows that open, and how many do not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


class Found(list[T]):
    """What was found; ``unreadable`` counts rows left out because they do not open.

    A row that cannot be opened, damaged or of an epoch whose key is gone, must not keep the others
    from being served.
    """

    def __init__(self, found: Iterable[T] = (), unreadable: int = 0) -> None:
        super().__init__(found)
        self.unreadable = unreadable
