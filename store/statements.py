"""Statements in SQLAlchemy Core, compiled once per dialect; nothing is executed here.

A module of the store writes its statements at its top with `statement`. They are compiled when a
database opens, so that a transaction only hands text and parameters to the driver: compiling on
each call costs more than the query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Delete
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

Value = int | bytes | str | None
"""What a column may hold: the types that every driver takes as they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement of the store; compared by identity, made only by `statement`."""

    core: ClauseElement
    deletes: bool


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement for one dialect: its text, and the constants written in it."""

    text: str
    constants: Mapping[str, Value]
    deletes: bool


_ALL: Final[list[Statement]] = []


def statement(core: ClauseElement) -> Statement:
    """Register a statement, so that it is compiled when a database opens."""
    made = Statement(core, isinstance(core, Delete))
    _ALL.append(made)
    return made


def compile_for_sqlite() -> dict[Statement, Compiled]:
    """Compile every registered statement for SQLite, with named parameters."""
    dialect = sqlite.dialect(paramstyle="named")
    return {each: _compile(each, dialect) for each in _ALL}


def _compile(each: Statement, dialect: Any) -> Compiled:
    compiled = each.core.compile(dialect=dialect)
    # A parameter without a value here is one that the caller must give; the driver refuses the
    # statement when it does not.
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    return Compiled(str(compiled), constants, each.deletes)
