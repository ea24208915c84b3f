"""What the helpdesk needs beside a conversation: laws, words and a key; built once at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

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
    """Laws, words and the key of the buttons, shared by every conversation."""

    laws: Laws
    catalogue: Catalogue
    button_key: bytes
    lexicons: dict[str, ChargeLexicon] = field(default_factory=dict)
    """Ways of saying charges, by the hash of the law; filled when a law is first used."""

    @cached_property
    def wording(self) -> str:
        """Hash of the catalogue's words, which a lawyer signs beside the law."""
        return self.catalogue.wording_hash

    def look(self, at: datetime) -> Assessor:
        """Return the rules in force on the day of a moment, in Caracas."""
        today = day_of(at)
        return Assessor(self.laws.get(LAW, as_of=today), today, self.wording)

    def lexicon(self, law: Law) -> ChargeLexicon:
        """Return the ways of saying the charges of a law."""
        if law.law_hash not in self.lexicons:
            self.lexicons[law.law_hash] = ChargeLexicon(law.charges.values())
        return self.lexicons[law.law_hash]


def day_of(at: datetime) -> date:
    """Return the day it is in Caracas."""
    return at.astimezone(CARACAS).date()


def build(laws: Laws, catalogue: Catalogue, keys: Keys) -> Context:
    """Build the context of a program that is starting."""
    return Context(laws, catalogue, keys.subkey(BUTTONS))
