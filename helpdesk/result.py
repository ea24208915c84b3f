"""What the result and the pages behind its buttons say: parts in order, made of message keys."""

from __future__ import annotations

from collections.abc import Iterable

import rules
from helpdesk import guidance
from helpdesk.interview import Assessor
from helpdesk.messages import Part
from helpdesk.questions import GROUP_FACTS
from helpdesk.state import State
from locales import Catalogue
from rules import Determination, Missing

PAGE = 900
"""Characters of a page as it is read, without tags (design, section 3)."""

FIRST_STEPS = 4
_LINES = ("one", "two", "three", "four")
_NEVER_A_LEVER = frozenset(
    {"death_charged", "gravest_injury_charged", "foreign_armed_action_charged"}
)
_ORDER = (
    "fact_date",
    "event",
    "charges",
    "military_status",
    *GROUP_FACTS,
    "jurisdiction",
    "assembly_member",
)
"""What a paper most often holds comes first."""
_MANY = 3


def result(look: Assessor, state: State, catalogue: Catalogue) -> tuple[Part, ...]:
    """Return the result: outcome, why, what it is not, the first steps, and what it rests on."""
    found = look.determine(state.answers)
    outcome = str(found.outcome)
    head = [
        Part("result.opening"),
        Part(f"outcome.{outcome}"),
        _why(look, state, found),
        Part(f"outcome.{outcome}.limit"),
    ]
    if outcome == "likely_covered":
        head.append(Part("figure.rejected"))
    status = f"@receipt.status.{found.status}"
    receipt = Part("receipt.line", {"version": f"date:{found.version}", "status": status})
    # The receipt says "borrador" too: the longer notice yields to the steps where room is short.
    feet: list[tuple[Part, ...]] = [(receipt,)]
    if found.status == "draft":
        feet.insert(0, (Part("draft.notice"), receipt))
    first = guidance.steps(look.position(state))
    for count in range(FIRST_STEPS, 1, -1):
        for foot in feet:
            parts = (*head, _first_steps(first[:count]), *foot)
            if length(parts, catalogue) <= PAGE:
                return parts
    return (*head, _first_steps(first[:1]), receipt)


def _why(look: Assessor, state: State, found: Determination) -> Part:
    """Say why in one or two sentences, by the name of the event, never by its number."""
    outcome = str(found.outcome)
    if outcome == "likely_covered":
        return Part("result.why.likely_covered", {"event": f"@event.{state.answers['event']}"})
    if outcome == "needs_facts":
        missing = worth_finding(found)
        names = "list:" + "|".join(f"@fact.{one.fact}" for one in missing[:_MANY])
        if len(missing) == 1:
            paper = f"@paper.{missing[0].fact}"
            return Part("result.why.needs_one_fact", {"fact": names, "paper": paper})
        return Part("result.why.needs_facts", {"facts": names})
    if outcome == "readings_differ":
        return Part("result.why.readings_differ")
    ground = next((one for one in found.grounds if one.decisive), None)
    if ground is None:
        return Part("result.why.needs_judge")
    return Part(f"rule.{ground.rule}.{ground.truth}")


def worth_finding(found: Determination) -> tuple[Missing, ...]:
    """Return the missing facts that a paper may bring, without those that must not be a lever."""
    ordinary = tuple(one for one in found.missing if one.fact not in _NEVER_A_LEVER)
    return tuple(sorted(ordinary or found.missing, key=lambda one: _ORDER.index(one.fact)))


def _first_steps(steps: tuple[str, ...]) -> Part:
    names = {f"step{place}": f"@result.first.{step}" for place, step in enumerate(steps, 1)}
    return Part(f"result.lines.{_LINES[len(steps) - 1]}", names)


def reasons(look: Assessor, state: State) -> tuple[Part, ...]:
    """Return the explanation, article by article: what the outcome rests on, then what holds.

    While the event is open, the thirteen rules about it are said in one line.
    """
    found = look.determine(state.answers)
    decisive = {one.rule for one in found.grounds if one.decisive}
    holds = {one.rule for one in found.grounds if one.truth == "yes"}
    lines = rules.explain(look.law, found, state.answers)
    events = [line for line in lines if "event" in line.params]
    open_events = [line for line in events if line.key.endswith(".unknown")]
    parts = [Part("page.reasons")]
    if len(open_events) > _MANY:
        parts.append(Part("result.events_open"))
    for line in lines:
        if line in open_events and len(open_events) > _MANY:
            continue
        if line.key.startswith("rule.") and line.key.split(".")[1] not in decisive | holds:
            continue
        parts.append(Part(line.key))
    return tuple(parts)


def would_change(look: Assessor, state: State) -> tuple[Part, ...]:
    """Return which papers could change the answer; never an answer that would (design, 9.2)."""
    missing = look.determine(state.answers).missing
    papers = tuple(
        dict.fromkeys(f"change.{one.fact}" for one in missing if one.fact not in _NEVER_A_LEVER)
    )
    if not papers:
        return (Part("page.change_nothing"),)
    return (Part("page.change_it"), *(Part(key) for key in papers))


def steps(look: Assessor, state: State) -> tuple[Part, ...]:
    """Return the next steps, whole."""
    return tuple(Part(f"step.{step}") for step in guidance.steps(look.position(state)))


def other_routes(look: Assessor, state: State) -> tuple[Part, ...]:
    """Return the routes that do not depend on this answer."""
    routes = guidance.other_routes(look.position(state))
    return (Part("page.routes"), *(Part(f"step.{route}") for route in routes))


def disagree(look: Assessor, state: State) -> tuple[Part, ...]:
    """Return what to do for those who see it otherwise."""
    own = ("appeal_now",) if state.answers.get("petition") == "denied" else ()
    return tuple(Part(f"step.{step}") for step in (*own, "if_you_disagree", "ngo_lawyer"))


def pages(parts: Iterable[Part], catalogue: Catalogue) -> tuple[tuple[Part, ...], ...]:
    """Put parts on as few pages as hold them in their order; at least one page."""
    filled: list[tuple[Part, ...]] = [()]
    for part in parts:
        if filled[-1] and length((*filled[-1], part), catalogue) > PAGE:
            filled.append(())
        filled[-1] = (*filled[-1], part)
    return tuple(filled)


def length(parts: Iterable[Part], catalogue: Catalogue) -> int:
    """Count the characters of parts as they are read, a blank line between them."""
    return len("\n\n".join(catalogue.plain(part.key, part.params, part.count) for part in parts))
