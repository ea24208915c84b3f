"""The law as it is packaged, loaded once, and what it says of each golden case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import rules
from rules import Determination, Law, Laws
from tests.rules.golden import Golden
from tests.rules.tables import AS_OF

Assess = Callable[[Golden], Determination]


@pytest.fixture(scope="session")
def laws() -> Laws:
    return rules.load()


@pytest.fixture(scope="session")
def law(laws: Laws) -> Law:
    return laws.get("amnistia", as_of=AS_OF)


@pytest.fixture(scope="session")
def assess(law: Law) -> Assess:
    """Assess a golden case, each once: tests that go through all of them share a worker."""
    known: dict[str, Determination] = {}

    def of(case: Golden) -> Determination:
        if case.name not in known:
            known[case.name] = rules.assess(law, case.facts, as_of=AS_OF)
        return known[case.name]

    return of
