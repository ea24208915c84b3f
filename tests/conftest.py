"""How the gate runs the tests: which wait for a soak, and which stay together.

No fixtures here: each room has its own.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a soak is for, before anything else is decided."""
    _leave_out_soaks(config, items)
    if config.getoption("loadgroup", False):
        _keep_groups_together(items)


def _leave_out_soaks(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what is marked ``soak`` only where ``-m`` speaks of it."""
    if "soak" in config.getoption("markexpr"):
        return
    left_out = [item for item in items if item.get_closest_marker("soak")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("soak")]


def _keep_groups_together(items: Iterable[pytest.Item]) -> None:
    """Write the group of a test behind its id, where pytest-xdist looks for it.

    pytest-xdist 3.8 does so itself, in an attribute that pytest 9.2 no longer reads: groups were
    scattered over the workers, and each made the same screens anew (pytest-xdist #1386). The name
    of a failed test is printed with its group: leave that out to run it alone.
    """
    for item in items:
        for mark in item.iter_markers("xdist_group"):
            item._id = type(item.id).parse(f"{item.nodeid}@{mark.args[0]}")
