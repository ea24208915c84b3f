"""What the helpdesk needs beside a conversation: laws, words and a key; built once at the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from helpdesk.desk.context import DeskContext
from helpdesk.interview import Assessor
from helpdesk.typed_charges import ChargeLexicon
from locales import Catalogue
from rules import Law, Laws
from store import Keys
from store.hours import CARACAS

LAW = "amnistia"
BUTTONS = "buttons"
"""Purpose of the subkey that button tokens are made with."""


@dataclass(frozen=True)
class Context:
    """Laws, words and the key of the buttons, shared by every conversation.

    ``catalogue`` is the language that every conversation begins in, ``others`` are those that she
    may choose. Without ``desk`` there is nobody to talk to, and nothing of it appears.
    """

    laws: Laws
    catalogue: Catalogue
    button_key: bytes
    lexicons: dict[str, ChargeLexicon] = field(default_factory=dict)
    """Ways of saying charges, by the hash of the law; filled when a law is first used."""
    desk: DeskContext | None = None
    others: Mapping[str, Catalogue] = field(default_factory=dict)

    @cached_property
    def _wordings(self) -> dict[str, str]:
        return {one.language: one.wording_hash for one in (self.catalogue, *self.others.values())}

    @property
    def wording(self) -> str:
        """Hash of the words that a conversation begins in, which a lawyer signs beside the law."""
        return self._wordings[self.catalogue.language]

    def words(self, language: str) -> Catalogue:
        """Return the words of a language, those that a conversation begins in for an unknown."""
        return self.others.get(language, self.catalogue)

    def look(self, at: datetime) -> Assessor:
        """Return the rules in force on the day of a moment, in Caracas."""
        today = day_of(at)
        return Assessor(self.laws.get(LAW, as_of=today), today, self.wording)

    def told(self, look: Assessor, language: str) -> Assessor:
        """Return the same rules told in a language: each is signed for itself."""
        spoken = self.words(language).language
        return look.worded(self._wordings[spoken]).under(look.editorial.told_in(spoken))

    def lexicon(self, law: Law) -> ChargeLexicon:
        """Return the ways of saying the charges of a law."""
        if law.law_hash not in self.lexicons:
            self.lexicons[law.law_hash] = ChargeLexicon(law.charges.values())
        return self.lexicons[law.law_hash]


def day_of(at: datetime) -> date:
    """Return the day it is in Caracas."""
    return at.astimezone(CARACAS).date()


def build(
    laws: Laws,
    catalogue: Catalogue,
    keys: Keys,
    *,
    desk: DeskContext | None = None,
    others: Iterable[Catalogue] = (),
) -> Context:
    """Build the context of a program that is starting."""
    spoken = {one.language: one for one in others}
    return Context(laws, catalogue, keys.subkey(BUTTONS), desk=desk, others=spoken)
