"""The published file: contacts, figures and notes on practice, as families get them.

Only its form is here. Whether it may be published is for `checks`: what is kept was checked on the
day it was, and is read again without them, so that a lexicon that grows silences no contact.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from helpdesk.editorial import sheet

MOST_BYTES: Final = 64 * 1024
"""Of a file that is looked at at all."""

VERIFIED_FOR: Final = timedelta(days=90)
"""So long after its check a contact is shown (design, section 9, line 12)."""

COMMISSION: Final = "comision"
"""The id of the one contact of whom a text of ours says that none was checked."""

Language = Literal["es", "en"]
"""Languages that the file is written in."""

_ID: Final = r"^[a-z0-9_]{2,40}$"
_MONTH: Final = r"^20\d\d-(?:0[1-9]|1[0-2])$"
_Line = Annotated[str, Field(min_length=1, max_length=60)]


def language_of(spoken: str) -> Language:
    """Return in which of them somebody is told who is spoken to in a language."""
    return "en" if spoken == "en" else "es"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _InBoth(_Frozen):
    """The same in both languages."""

    es: str
    en: str

    def of(self, language: Language) -> str:
        """Return the words of a language."""
        return self.en if language == "en" else self.es


class Words(_InBoth):
    """A few words in both languages."""

    es: Annotated[str, Field(min_length=3, max_length=140)]
    en: Annotated[str, Field(min_length=3, max_length=140)]


class Contact(_Frozen):
    """Somebody a family may turn to, for nothing.

    ``state`` says that it is an office of the State: that is told before its address. ``source``
    is for the team: how it was checked.
    """

    id: Annotated[str, Field(pattern=_ID)]
    name: _Line
    what: Words
    phone: Annotated[str, Field(max_length=40)] = ""
    email: Annotated[str, Field(max_length=60)] = ""
    address: Annotated[str, Field(max_length=140)] = ""
    hours: Words | None = None
    state: StrictBool
    verified_on: date
    source: Annotated[str, Field(min_length=3, max_length=200)]

    def shown_on(self, today: date) -> bool:
        """Say whether its check is fresh enough to be shown."""
        return today <= self.verified_on + VERIFIED_FOR


class Text(_InBoth):
    """A figure, or a note on what courts do, that is said instead of ours.

    ``id`` is what stands behind ``figure.``, or the whole key of a note or a reading. ``as_of`` is
    the month of it, which the words say too; ``source`` is for the team.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_.]{2,40}$")]
    es: Annotated[str, Field(min_length=10, max_length=260)]
    en: Annotated[str, Field(min_length=10, max_length=260)]
    as_of: Annotated[str, Field(pattern=_MONTH)]
    source: Annotated[str, Field(min_length=3, max_length=200)]


class Figure(Text):
    """A figure: it stands in a result, where there is less room."""

    es: Annotated[str, Field(min_length=10, max_length=200)]
    en: Annotated[str, Field(min_length=10, max_length=200)]


class Published(_Frozen):
    """The whole file."""

    contacts: Annotated[tuple[Contact, ...], Field(max_length=40)] = ()
    figures: Annotated[tuple[Figure, ...], Field(max_length=20)] = ()
    notes: Annotated[tuple[Text, ...], Field(max_length=20)] = ()

    def contact(self, id: str) -> Contact | None:
        """Return a contact by its id."""
        return next((one for one in self.contacts if one.id == id), None)

    def figure(self, id: str) -> Text | None:
        """Return a figure by its id."""
        return next((one for one in self.figures if one.id == id), None)

    def note(self, key: str) -> Text | None:
        """Return a note by its key."""
        return next((one for one in self.notes if one.id == key), None)


NOTHING: Final = Published()


def model(value: Any) -> Published:
    """Return the file of plain values. Raises pydantic's ValidationError with every fault."""
    return Published.model_validate(value)


@lru_cache(maxsize=4)
def kept(text: str) -> Published:
    """Return the file that was published.

    `NOTHING` for one that this program reads no more: our own words stand then.
    """
    try:
        return model(sheet.read(text).value)
    except (ValidationError, yaml.YAMLError):
        return NOTHING
