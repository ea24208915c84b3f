"""Every word that a family or a volunteer reads, by key; imports no other room."""

from __future__ import annotations

from locales.catalogue import LANGUAGES, SOURCE, Catalogue, load
from locales.errors import (
    CatalogueFaults,
    Fault,
    LocalesError,
    MissingMessage,
    WrongParameters,
)

__all__ = [
    "LANGUAGES",
    "SOURCE",
    "Catalogue",
    "CatalogueFaults",
    "Fault",
    "LocalesError",
    "MissingMessage",
    "WrongParameters",
    "load",
]
