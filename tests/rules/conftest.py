"""The law as it is packaged, loaded once."""

from __future__ import annotations

import pytest

import rules
from rules import Law, Laws
from tests.rules.tables import AS_OF


@pytest.fixture(scope="session")
def laws() -> Laws:
    return rules.load()


@pytest.fixture(scope="session")
def law(laws: Laws) -> Law:
    return laws.get("amnistia", as_of=AS_OF)
