"""What hypothesis draws: complete cases, cases with a few facts open, and sheets of any kind."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.rules import oracle
from tests.rules.tables import ASSEMBLY, CLASS_OF, EVENTS, FLAGS, WINDOWS, Facts, plus

DAYS = sorted(
    {
        plus(day, shift)
        for groups in WINDOWS.values()
        for group in groups
        for window in group
        for day in window
        for shift in (-1, 0, 1)
    }
    | {"1998-12-31", "1999-01-01", "2018-08-04", "2020-05-03", "2026-02-19", "2026-02-20"}
)
SPANS = (
    *sorted({day[:7] for day in DAYS}),
    *sorted({day[:4] for day in DAYS}),
    "2014-06-30/2014-07-01",
    "2016-01-05/2021-12-31",
    "2019-04-30/2019-05-01",
    "2026-02-19/2026-02-20",
)


@st.composite
def charge_lists(draw: st.DrawFn) -> list[str]:
    """Draw no charge, one, or a few; each kind as likely as any other."""
    one = st.one_of(st.sampled_from(oracle.one_of_each_kind()), st.sampled_from(sorted(CLASS_OF)))
    return draw(st.lists(one, max_size=3, unique=True))


@st.composite
def complete_cases(draw: st.DrawFn) -> Facts:
    """Draw a case with an answer to everything; half of them on a day of their event."""
    event = draw(st.sampled_from(EVENTS))
    days = [*DAYS]
    if event != "none" and draw(st.booleans()):
        certain, disputed = WINDOWS[event]
        days = [day for day in DAYS if oracle.in_windows(day, (*certain, *disputed))]
    case: Facts = {
        "event": event,
        "fact_date": draw(st.sampled_from(days)),
        "assembly_member": draw(st.booleans()),
        "charges": draw(charge_lists()),
        "military_status": draw(st.sampled_from(["civilian", "active", "retired", "police"])),
        "jurisdiction": draw(
            st.sampled_from(["ordinary", "terrorism", "adolescent", "ordinary", "military"])
        ),
        "alleged_to_continue": draw(rarely()),
        **{flag: draw(rarely()) for flag in FLAGS},
    }
    if event != ASSEMBLY and draw(st.booleans()):
        case["assembly_member"] = {"unknown": "does_not_apply"}
    return case


def rarely() -> st.SearchStrategy[bool]:
    """Draw True once in four, so that not every case ends with a judge."""
    return st.sampled_from([False, False, False, True])


@st.composite
def _opened(draw: st.DrawFn, how_many: int) -> Facts:
    case = draw(complete_cases())
    names = draw(st.lists(st.sampled_from(oracle.DECIDING), max_size=how_many, unique=True))
    for name in names:
        silence: Any = draw(st.sampled_from([None, None, *oracle.UNKNOWN, "span"]))
        if silence == "span" and name == "fact_date":
            case[name] = draw(st.sampled_from(SPANS))
        elif silence is None or silence == "span":
            del case[name]
        else:
            case[name] = silence
    return case


def narrow_cases() -> st.SearchStrategy[Facts]:
    """Draw a case with so few open facts that all its completions can be tried."""
    return _opened(3)


def sheets() -> st.SearchStrategy[Facts]:
    """Draw a sheet with anything open, from nothing to everything."""
    return _opened(len(oracle.DECIDING))
