"""The gate runs as it is meant to: groups stay together, soaks wait, the rules prove themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("gate")

MAKEFILE = Path(__file__).parents[1] / "Makefile"


def test_a_group_is_seen_by_whoever_deals_out_the_tests(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("loadgroup", False):
        pytest.skip("one process, or groups were not asked for")
    assert request.node.nodeid.endswith("@gate")


@pytest.mark.soak
def test_a_soak_runs_where_it_is_asked_for_and_nowhere_else(request: pytest.FixtureRequest) -> None:
    assert "soak" in request.config.getoption("markexpr")


def test_the_gate_runs_every_room_and_measures_the_rules_by_their_own_tests() -> None:
    """Interviews of other rooms would count every line of the rules as proven, and take twice as
    long under the eyes of the tracer."""
    (gate,) = re.findall(r"^test: .*\n((?:\t.*\n)+)", MAKEFILE.read_text(encoding="utf-8"), re.M)
    runs = re.findall(r"/pytest (.*)", gate)
    assert len(runs) == 2
    measured, others = sorted(runs, key=lambda run: "--cov=rules" not in run)
    assert measured.endswith(" tests/rules")
    assert others.endswith(" --ignore=tests/rules")
    assert "--cov" not in others
    assert "-m" not in gate.split()
