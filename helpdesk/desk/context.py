"""What the desk needs beside its cases: which group it is, the words, and what may be linked to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from locales import Catalogue
from store import Tx, desk_state

MOVED: Final = "moved"
"""Where `store.desk_state` keeps the group that a group became, by the id that was configured;
`helpdesk.desk.topics.moved` writes it."""


@dataclass(frozen=True)
class DeskContext:
    """The configured group (``FARO_DESK_CHAT_ID``; None: no desk), and the words by language.

    ``allowed_hosts`` are those that the outgoing filter lets pass in a link.
    """

    group: int | None
    catalogues: Mapping[str, Catalogue]
    allowed_hosts: frozenset[str] = frozenset()

    def words(self, language: str) -> Catalogue:
        """Return the words of a language, Spanish where there are none."""
        return self.catalogues.get(language) or self.catalogues["es"]


def group_of(tx: Tx, context: DeskContext) -> int | None:
    """Return the id that the desk's group has now: a group that becomes a supergroup changes it."""
    if context.group is None:
        return None
    moved: dict[str, int] = desk_state.get(tx).get(MOVED, {})
    return moved.get(str(context.group), context.group)
