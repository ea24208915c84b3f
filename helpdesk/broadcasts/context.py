"""What organisers' work needs beside its tables: the laws, the words, and what may be linked to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from helpdesk.broadcasts import hosts
from helpdesk.context import LAW, Context, day_of
from locales import SOURCE, Catalogue


@dataclass(frozen=True)
class Studio:
    """Laws and words as in every conversation, and the hosts that a letter may link to."""

    context: Context
    allowed_hosts: frozenset[str] = hosts.NAMES

    def words(self, language: str) -> Catalogue:
        """Return the words in which a person of the team is spoken to."""
        return self.context.words(language)

    @property
    def letters(self) -> Catalogue:
        """The words of what families get: organisers write in the source language only."""
        return self.context.words(SOURCE)

    def law_is_draft(self, now: datetime) -> bool:
        """Say whether no lawyer signed the law in force, with the words in which it is told.

        No law in force is a draft too: nothing may be said of it.
        """
        try:
            return not self.context.look(now).reviewed
        except LookupError:
            return True

    def law_began(self, now: datetime) -> date | None:
        """Return the day from which the law in force counts; None when none is."""
        try:
            return self.context.laws.get(LAW, as_of=day_of(now)).in_force
        except LookupError:
            return None
