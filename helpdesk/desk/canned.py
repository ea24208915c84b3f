"""Replies that many families need, as reviewed data: ``canned.yaml`` says which, the words are in
`locales`; whether one fits a family is for the volunteer to say. One that the team withdrew
(`helpdesk.editorial`) is neither offered nor sent.
"""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.desk.case import Category
from helpdesk.editorial import things
from helpdesk.messages import Part
from locales import SOURCE, Catalogue
from store import Tx, withdrawals


class Status(StrEnum):
    """Whether somebody who knows the law signed the words as they stand."""

    REVIEWED = "reviewed"
    DRAFT = "draft"
    CHANGED = "changed"
    """They were signed, and are other words now."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Review(_Frozen):
    """A signature: the day, the role of who signed (never a name), and what `words_hash` gave."""

    on: date
    by_role: str
    words: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Canned(_Frozen):
    """One reply. Its words are ``canned.<id>.title`` and ``canned.<id>.text``, without tags."""

    id: Annotated[str, Field(pattern=r"^[a-z_]{2,30}$")]
    categories: tuple[Category, ...]
    """What a family that needs it marked; empty for one that every family may need."""
    reviewed: Review | None

    @property
    def title(self) -> Part:
        """What volunteers choose it by."""
        return Part(f"canned.{self.id}.title")

    @property
    def text(self) -> Part:
        """What the family reads."""
        return Part(f"canned.{self.id}.text")


class _Data(_Frozen):
    replies: tuple[Canned, ...]


@cache
def every() -> tuple[Canned, ...]:
    """Return all replies. Raises pydantic's ValidationError for a fault in the data."""
    source = files("helpdesk.desk").joinpath("canned.yaml").read_text(encoding="utf-8")
    return _Data.model_validate(yaml.safe_load(source)).replies


def get(canned_id: str) -> Canned | None:
    """Return a reply by its id."""
    return next((one for one in every() if one.id == canned_id), None)


def offered(tx: Tx, category: Category) -> tuple[Canned, ...]:
    """Return what is not withdrawn: for a category, for every family, and the others."""
    gone = _withdrawn(tx)
    return tuple(one for one in for_category(category) if one not in gone)


def for_category(category: Category) -> tuple[Canned, ...]:
    """Return all replies: those for a category, those for every family, and the others."""
    return tuple(
        sorted(every(), key=lambda one: (category not in one.categories, one.categories != ()))
    )


def is_withdrawn(tx: Tx, canned: Canned) -> bool:
    """Say whether a reply is withdrawn."""
    return canned in _withdrawn(tx)


def says_withdrawn(tx: Tx, said: str, catalogue: Catalogue) -> bool:
    """Say whether a reply that is withdrawn stands in what was said, in this language."""
    spoken = " ".join(said.split())
    return any(" ".join(catalogue.plain(one.text.key).split()) in spoken for one in _withdrawn(tx))


def _withdrawn(tx: Tx) -> tuple[Canned, ...]:
    gone = withdrawals.every(tx)
    return tuple(one for one in every() if things.of_key(one.text.key) in gone)


def status(canned_id: str, catalogue: Catalogue) -> Status:
    """Say whether the words of a reply were reviewed. Only the source language is ever signed."""
    canned = get(canned_id)
    if canned is None or canned.reviewed is None or catalogue.language != SOURCE:
        return Status.DRAFT
    signed = canned.reviewed.words == words_hash(canned, catalogue)
    return Status.REVIEWED if signed else Status.CHANGED


def words_hash(canned: Canned, catalogue: Catalogue) -> str:
    """SHA-256 of what the family reads, in hex: what a lawyer signs."""
    return hashlib.sha256(catalogue.plain(canned.text.key).encode()).hexdigest()
