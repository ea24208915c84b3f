"""Whether a withdrawn rule has a say in a determination: then no outcome may be told.

Told too seldom is a wait; told once too often is a wrong "parece entrar". So whatever another
reading of the rule could have made otherwise counts, and only what it does not touch is left aside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import rules
from rules import Determination, Ground, Law, Rule, Span, Truth
from rules.comparisons import charge_matches
from rules.conditions import All, AnyOf, Atom, Condition, Except, OneOf, Within
from rules.law import ASSEMBLY_MEMBER, CHARGES, EVENT, FACT_DATE, NO_EVENT, Event, fact_of

EVERY: Final = "all"

_NEAR: Final = timedelta(days=366)
"""So far from the days that a rule names, a day may still be meant by a better reading of it."""


def bears(
    law: Law, found: Determination, answers: Mapping[str, Any], withdrawn: Collection[str]
) -> bool:
    """Say whether one of some rules bears on a determination.

    ``withdrawn`` are ids, `EVERY` for all. One bears when the outcome rests on it, when it came out
    yes or open, and when it came out no, but is about what she told: her event, one of her charges,
    days near hers.
    """
    if EVERY in withdrawn:
        return True
    return any(_bears(law, ground, answers) for ground in found.grounds if ground.rule in withdrawn)


def _bears(law: Law, ground: Ground, answers: Mapping[str, Any]) -> bool:
    if ground.decisive or ground.truth != "no":
        return True
    rule = law.rules[ground.rule]
    if rule.event is None:
        return _touches(law, rule, answers)
    return answers.get(EVENT) == rule.event or _may_be(law, law.events[rule.event], answers)


def _touches(law: Law, rule: Rule, answers: Mapping[str, Any]) -> bool:
    """Say whether a rule of no event is about such a case, whatever it says of it.

    It names charges, days or other facts. Of each of these it must name something that she told;
    the other facts say nothing beside a charge, for they only narrow it. What it names in order to
    leave it out is not what it is about.
    """
    named = tuple(_about(rule.condition))
    charges = [one for one in named if fact_of(one) == CHARGES]
    days = [one for one in named if isinstance(one, Within)]
    events = [one for one in named if fact_of(one) == EVENT]
    others = [one for one in named if one not in (*charges, *days, *events)]
    kinds = (charges, days, events, () if charges else others)
    return all(_meets(law, kind, answers) for kind in kinds if kind)


def _about(condition: Condition) -> Iterator[Atom]:
    """Yield the comparisons of a condition, those behind a "none" or an exception left out."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _about(part)
        case Except(inner):
            yield from _about(inner)
        case OneOf() | Within():
            yield condition


def _meets(law: Law, named: Iterable[Atom], answers: Mapping[str, Any]) -> bool:
    return any(_met(law, one, answers) for one in named)


def _met(law: Law, atom: Atom, answers: Mapping[str, Any]) -> bool:
    """Say whether what a comparison names is what was told; an open fact may be anything.

    A fact that is none of hers (the court of a civilian without a military charge) is nothing.
    """
    told = answers.get(fact_of(atom))
    if told is None:
        return rules.applies(law, answers, fact_of(atom)) is not Truth.NO
    if isinstance(told, dict):
        return told.get("unknown") != "does_not_apply"
    if isinstance(atom, Within):
        return _near(atom.span, Span.parse(told))
    if isinstance(told, list):
        return any(charge_matches(law, atom, one) for one in told)
    return told in atom.values


def _near(window: Span, day: Span) -> bool:
    apart = max(window.first - day.last, day.first - window.last)
    return apart <= _NEAR


def _may_be(law: Law, event: Event, answers: Mapping[str, Any]) -> bool:
    """Say whether the days of an event may be hers: none that she named holds her day."""
    told, named = answers.get(FACT_DATE), answers.get(EVENT)
    if not isinstance(told, str):
        return True
    day = Span.parse(told)
    own = law.events.get(named) if isinstance(named, str) and named != NO_EVENT else None
    if own is not None and any(window.contains(day) for window in own.days):
        return False
    if event.acts_of_members and answers.get(ASSEMBLY_MEMBER) is False:
        return False
    return any(_near(window, day) for window in event.days)
