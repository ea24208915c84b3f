"""The package names all that it brings in, and its clock goes only forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

import sandbox
from sandbox import Clock


def test_all_names_what_the_package_brings_in() -> None:
    public = {
        name
        for name, value in vars(sandbox).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public == set(sandbox.__all__)
    assert list(sandbox.__all__) == sorted(sandbox.__all__)


def test_a_clock_stands_still_until_moved() -> None:
    start = datetime(2026, 2, 19, 8, tzinfo=UTC)
    clock = Clock(start)
    assert clock.now() == start
    assert clock.forward(timedelta(hours=2)) == clock.now() == start + timedelta(hours=2)
    with pytest.raises(ValueError, match="forward"):
        clock.forward(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="aware"):
        Clock(datetime(2026, 2, 19))


def test_a_clock_that_is_late_is_on_time_once_moved() -> None:
    """What a demo plays first lies before now, and nothing after it is ahead of other clocks."""
    clock = Clock(late=timedelta(hours=1))
    assert datetime.now(UTC) - clock.now() >= timedelta(minutes=59)
    clock.forward(timedelta(hours=1))
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(minutes=1)


def test_a_clock_without_a_start_runs() -> None:
    clock = Clock()
    before = datetime.now(UTC)
    assert before <= clock.now() <= before + timedelta(minutes=1)
    clock.forward(timedelta(days=3))
    assert clock.now() >= before + timedelta(days=3)
