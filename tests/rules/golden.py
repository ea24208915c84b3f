"""Reading the golden cases that stand beside the laws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import rules
from rules.reader import read
from tests.rules.tables import Facts

FOLDER = Path(rules.__file__).parent / "cases"


@dataclass(frozen=True)
class Golden:
    """One case with everything that is expected of it; ``decisive`` None: nothing expected."""

    name: str
    facts: Facts
    outcome: str
    decisive: frozenset[str] | None
    missing: tuple[str, ...]
    literal: str
    practice: str


@cache
def golden_cases() -> tuple[Golden, ...]:
    """Return every golden case, tables of days and of charges unrolled."""
    return tuple(case for path in sorted(FOLDER.glob("*.yaml")) for case in _of_file(path))


def written() -> int:
    """Return how many cases are written, a table counting as one."""
    return sum(len(_plain(path)["cases"]) for path in FOLDER.glob("*.yaml"))


def _plain(path: Path) -> dict[str, Any]:
    document = read(path)
    assert not document.faults, document.faults
    assert isinstance(document.value, dict)
    return document.value


def _of_file(path: Path) -> Iterator[Golden]:
    file = _plain(path)
    assert set(file) <= {"law", "version", "given", "cases"}, path
    for case in file["cases"]:
        assert set(case) <= {"name", "facts", "days", "each_charge", "expect"}, case
        facts = {**file.get("given", {}), **case.get("facts", {})}
        name = f"{path.stem}: {case['name']}"
        expect = case["expect"]
        assert set(expect) <= {"outcome", "decisive", "missing", "readings"}, name
        if "days" in case:
            for day, outcome in case["days"].items():
                yield _golden(f"{name}, {day}", {**facts, "fact_date": day}, outcome, expect)
        elif "each_charge" in case:
            for charge in case["each_charge"]:
                one = {**facts, "charges": [charge]}
                yield _golden(f"{name}, {charge}", one, expect["outcome"], expect)
        else:
            yield _golden(name, facts, expect["outcome"], expect)


def _golden(name: str, facts: Facts, outcome: str, expect: dict[str, Any]) -> Golden:
    readings = expect.get("readings", {"literal": outcome, "practice": outcome})
    decisive = frozenset(expect["decisive"]) if "decisive" in expect else None
    assert decisive is not None or outcome == "needs_facts", name
    assert outcome != "readings_differ" or "readings" in expect, name
    return Golden(
        name,
        facts,
        outcome,
        decisive,
        tuple(expect.get("missing", ())),
        readings["literal"],
        readings["practice"],
    )
