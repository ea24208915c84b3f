"""A naive reading of the design's prose, written apart from the engine.

It knows nothing of conditions, cells or diagrams: a complete case is judged by plain ifs over
the tables of `tests.rules.tables`, and an incomplete one by trying its completions one by one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from tests.rules.tables import (
    ASSEMBLY,
    CLASS_OF,
    CLASSES,
    DENIED,
    EVENTS,
    FIRST_DAY,
    FLAGS,
    LAST_DAY,
    LASTING,
    LAW_BEGINS,
    LAW_ENDS,
    WINDOWS,
    Facts,
    Window,
    plus,
)

COVERED, FACTS, JUDGE = "likely_covered", "needs_facts", "needs_judge"
DIFFER, OUT, EXCLUDED = "readings_differ", "not_covered", "likely_excluded"
LIGHT = {COVERED: "green", FACTS: "amber", JUDGE: "amber", DIFFER: "amber", OUT: "red"}
LIGHT[EXCLUDED] = "red"
ALWAYS_EXCLUDED = {"homicide_intentional", "gravest_injury", "corruption", "human_rights"}
LEFT_TO_A_JUDGE = {
    "homicide_attempt",
    "drug_trafficking",
    "military_other",
    "disputed",
    "unrecognised",
}
DECIDING = (
    "event",
    "fact_date",
    "assembly_member",
    "charges",
    "military_status",
    "jurisdiction",
    *FLAGS,
    "alleged_to_continue",
)
UNKNOWN = ({"unknown": "does_not_know"}, {"unknown": "prefers_not_to_say"})
NOT_APPLICABLE = {"unknown": "does_not_apply"}


# --- a complete case: every fact has one value; `fact_date` is one day ----------------------


def outcome(case: Facts) -> str:
    """Return what a complete case comes to; a fact that is not there does not apply."""
    literal, practice = readings(case)
    return literal if literal == practice else DIFFER


def readings(case: Facts) -> tuple[str, str]:
    """Return what a complete case comes to under the text and under practice."""
    event, day = case["event"], case["fact_date"]
    place = _place(event, day, member=case.get("assembly_member") is True)
    contradicted = place == "out" and event != "none" and _of_another(event, day, case)
    if place == "out" and not contradicted:
        return OUT, OUT
    if _all_excluded(case):
        return EXCLUDED, EXCLUDED
    if contradicted:
        return FACTS, FACTS
    literal = COVERED if place == "in" and not _doubted(case) else JUDGE
    if event == DENIED[0] and DENIED[1] & set(case["charges"]):
        return literal, EXCLUDED
    return literal, literal


def in_windows(day: str, windows: Iterable[Window]) -> bool:
    """Tell whether a day lies in one of the windows."""
    return any(first <= day <= last for first, last in windows)


def _place(event: str, day: str, *, member: bool) -> str:
    """Return ``in``, ``judge`` or ``out``."""
    if not LAW_BEGINS <= day <= LAW_ENDS:
        return "out"
    if event == "none":
        of_days = (sure for name, (sure, _) in WINDOWS.items() if name != ASSEMBLY)
        return "judge" if any(in_windows(day, sure) for sure in of_days) else "out"
    certain, disputed = WINDOWS[event]
    if in_windows(day, certain):
        return "judge" if event == ASSEMBLY and not member else "in"
    return "judge" if in_windows(day, disputed) else "out"


def _of_another(event: str, day: str, case: Facts) -> bool:
    return any(
        in_windows(day, (*certain, *disputed))
        for name, (certain, disputed) in WINDOWS.items()
        if name != event and (name != ASSEMBLY or case.get("assembly_member") is True)
    )


def _excluded(charge: str, case: Facts) -> bool:
    name = CLASS_OF[charge]
    if name == "foreign_force":
        return case.get("foreign_armed_action_charged") is True
    if name == "military_rebellion":
        return in_windows(case["fact_date"], [("2019-01-01", "2019-04-30")])
    return name in ALWAYS_EXCLUDED


def _principals(case: Facts) -> list[str]:
    return [charge for charge in case["charges"] if CLASS_OF[charge] != "accessory"]


def _all_excluded(case: Facts) -> bool:
    principals = _principals(case)
    return bool(principals) and all(_excluded(charge, case) for charge in principals)


def _doubted(case: Facts) -> bool:
    """Tell whether anything is left to a judge; only asked of a case that is not all excluded."""
    principals = _principals(case)
    classes = {CLASS_OF[charge] for charge in principals}
    if any(_excluded(charge, case) for charge in principals):
        return True
    if case["charges"] and not principals:
        return True
    if classes & (LEFT_TO_A_JUDGE | {"foreign_force", "military_rebellion"}):
        return True
    return (
        case.get("death_charged") is True
        or case.get("gravest_injury_charged") is True
        or case.get("foreign_armed_action_charged") is True
        or case.get("alleged_to_continue") is True
        or case.get("jurisdiction") == "military"
    )


# --- an incomplete case: all its completions ------------------------------------------------

_STARTS = sorted(
    {FIRST_DAY, LAW_BEGINS, plus(LAW_ENDS, 1)}
    | {first for groups in WINDOWS.values() for group in groups for first, _ in group}
    | {plus(last, 1) for groups in WINDOWS.values() for group in groups for _, last in group}
)
_MIXED = (
    ["homicidio_intencional", "terrorismo"],
    ["peculado", "homicidio_intencional"],
    ["asociacion", "terrorismo"],
    ["asociacion", "tortura"],
    ["traicion_a_la_patria", "resistencia_a_la_autoridad"],
    ["rebelion_militar", "lesiones_gravisimas"],
)


def one_of_each_kind() -> list[str]:
    """Return charges such that every other one has a twin among them."""
    kinds: dict[tuple[str, bool, bool], str] = {}
    for name, charges in CLASSES.items():
        for charge in charges:
            kinds.setdefault((name, charge in LASTING, charge in DENIED[1]), charge)
    return list(kinds.values())


_LISTS: list[list[str]] = [[], *([charge] for charge in one_of_each_kind()), *_MIXED]
_DOMAINS: dict[str, list[object]] = {
    "event": list(EVENTS),
    "assembly_member": [True, False],
    "charges": list(_LISTS),
    "military_status": ["civilian", "active"],
    "jurisdiction": ["ordinary", "military"],
    "alleged_to_continue": [True, False],
    **{flag: [True, False] for flag in FLAGS},
}


def days_of(text: str) -> tuple[str, str]:
    """Return the first and last day of a date as a case writes it."""
    first, slash, last = text.partition("/")
    return _bounds(first)[0], _bounds(last if slash else first)[1]


def _bounds(text: str) -> tuple[str, str]:
    if len(text) == 4:
        return f"{text}-01-01", f"{text}-12-31"
    if len(text) == 7:
        following = plus(f"{text}-28", 4)[:7]
        return f"{text}-01", plus(f"{following}-01", -1)
    return text, text


def representatives(first: str = FIRST_DAY, last: str = LAST_DAY) -> list[object]:
    """Return days of a span such that every other day of it has a twin among them."""
    return [first, *(day for day in _STARTS if first < day <= last)]


def contradicted(facts: Facts) -> bool:
    """Tell whether the date given is of another event than the one given."""
    event, text = facts.get("event"), facts.get("fact_date")
    if not isinstance(event, str) or event == "none" or not isinstance(text, str):
        return False
    first, last = days_of(text)

    def touches(name: str) -> bool:
        windows = (window for group in WINDOWS[name] for window in group)
        return any(a <= last and first <= b for a, b in windows)

    others = (name for name in WINDOWS if name != event)
    return not touches(event) and any(
        touches(name) and (name != ASSEMBLY or facts.get("assembly_member") is True)
        for name in others
    )


def candidates(facts: Facts) -> dict[str, list[object]]:
    """Return the values that each deciding fact may take in a completion of a sheet."""
    open_event = contradicted(facts)
    result: dict[str, list[object]] = {}
    for name in DECIDING:
        value = facts.get(name)
        if name == "fact_date":
            result[name] = (
                representatives(*days_of(value)) if isinstance(value, str) else representatives()
            )
        elif name == "event" and open_event:
            result[name] = list(EVENTS)
        elif value == NOT_APPLICABLE:
            result[name] = [None]
        elif value is None or isinstance(value, dict):
            result[name] = _DOMAINS[name]
        else:
            result[name] = [value]
    return result


def silences(facts: Facts) -> frozenset[str]:
    """Return the facts that were not asked, and so count only where they would be asked."""
    asked_by_others = ("assembly_member", "jurisdiction", "alleged_to_continue")
    return frozenset(name for name in asked_by_others if name not in facts)


def settle(values: dict[str, object], silent: frozenset[str]) -> Facts:
    """Return a completion in which a silence where nothing is asked does not apply."""
    case: Facts = dict(values)
    if "assembly_member" in silent and case["event"] != ASSEMBLY:
        case["assembly_member"] = None
    if "jurisdiction" in silent:
        military = {"military_rebellion", "military_other"}
        asked = case["military_status"] != "civilian" or any(
            CLASS_OF[charge] in military for charge in case["charges"]
        )
        if not asked:
            case["jurisdiction"] = None
    if "alleged_to_continue" in silent and not LASTING & set(case["charges"]):
        case["alleged_to_continue"] = None
    return case


def completions(facts: Facts) -> Iterator[tuple[tuple[int, ...], Facts]]:
    """Yield every completion of a sheet (up to twins) with its place in the candidates."""
    options = candidates(facts)
    silent = silences(facts)
    ranges = [range(len(options[name])) for name in DECIDING]
    for place in itertools.product(*ranges):
        values = {name: options[name][i] for name, i in zip(DECIDING, place, strict=True)}
        yield place, settle(values, silent)


def all_outcomes(facts: Facts) -> dict[tuple[int, ...], str]:
    """Return the outcome of every completion of a sheet (up to twins), by place."""
    return {place: outcome(case) for place, case in completions(facts)}


def fold(outcomes: Iterable[str]) -> str:
    """Return what is said of a case whose completions have these outcomes."""
    possible = set(outcomes)
    if len(possible) == 1:
        return possible.pop()
    return EXCLUDED if possible == {OUT, EXCLUDED} else FACTS


def deciding(outcomes: dict[tuple[int, ...], str]) -> set[str]:
    """Return the facts whose change alone changes the outcome of some completion."""
    found: set[str] = set()
    for axis, name in enumerate(DECIDING):
        seen: dict[tuple[int, ...], str] = {}
        for place, result in outcomes.items():
            if seen.setdefault((*place[:axis], *place[axis + 1 :]), result) != result:
                found.add(name)
                break
    return found
