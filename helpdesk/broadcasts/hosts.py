"""Where a letter may link to, as data (``hosts.yaml``); no address is read here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Host(BaseModel):
    """A site: whose it is, whether that is the State, and where and when its address was seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Annotated[str, Field(pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$")]
    of: str
    state: bool
    seen_in: Annotated[str, Field(pattern=r"^[STF]\d[\d.]*$")]
    as_of: Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    hosts: tuple[Host, ...]


@cache
def every() -> tuple[Host, ...]:
    """Return all hosts. Raises pydantic's ValidationError for a fault in the data."""
    source = files("helpdesk.broadcasts").joinpath("hosts.yaml").read_text(encoding="utf-8")
    return _Data.model_validate(yaml.safe_load(source)).hosts


def under(host: str, names: frozenset[str]) -> bool:
    """Say whether a host is one of ``names`` or below one."""
    return any(host == name or host.endswith(f".{name}") for name in names)


NAMES: Final = frozenset(one.host for one in every())
"""What may be linked to, with everything below."""
OF_THE_STATE: Final = frozenset(one.host for one in every() if one.state)
"""Those of the State among them: what is written there stays there."""
