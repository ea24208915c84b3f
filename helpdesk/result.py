"""What the result and the pages behind its buttons say: parts in order, made of message keys."""

from __future__ import annotations

from collections.abc import Iterable

import rules
from helpdesk import guidance
from helpdesk.interview import Assessor
from helpdesk.messages import Part
from helpdesk.questions import GROUP_FACTS, is_answer
from helpdesk.state import State
from locales import Catalogue
from rules import Determination, Ground, Missing

PAGE = 900
"""Characters of a page as it is read, without tags (design, section 3)."""

FIRST_STEPS = 4
_NEVER_CUT = "keep_presentations"
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
_OF_THE_CHARGES = frozenset({"charges", "jurisdiction", *GROUP_FACTS})
"""Facts that the accusation would tell: while it is unread, they are not listed one by one."""
_SAID_BEFORE = {
    "rule.hechos_posteriores.unknown": "rule.tiempo_de_la_ley.unknown",
    "rule.ningun_hecho.unknown": "result.events_open",
}
"""Lines that say again what another one says."""


def result(look: Assessor, state: State, catalogue: Catalogue) -> tuple[Part, ...]:
    """Return the result: outcome, why, what it is not, the first steps, and what it rests on."""
    found = look.determine(state.answers)
    outcome = str(found.outcome)
    head = [
        Part("result.opening"),
        Part(f"outcome.{outcome}"),
        *_why(look, state, found),
        _limit(outcome, state),
    ]
    if outcome == "likely_covered":
        head.append(Part("figure.rejected"))
    status = f"@receipt.status.{'reviewed' if look.reviewed else 'draft'}"
    receipt = Part("receipt.line", {"version": f"date:{found.version}", "status": status})
    # The receipt says "borrador" too: the longer notice yields to the steps where room is short.
    feet: list[tuple[Part, ...]] = [(receipt,)]
    if not look.reviewed:
        feet.insert(0, (Part("draft.notice"), receipt))
    first = guidance.steps(look.position(state))
    for count in range(FIRST_STEPS, 1, -1):
        for foot in feet:
            parts = look.editorial.edit((*head, first_steps(_foremost(first, count)), *foot))
            if length(parts, catalogue) <= PAGE:
                return parts
    return look.editorial.edit((*head, first_steps(first[:1]), receipt))


def reviewing(look: Assessor, state: State) -> tuple[Part, ...]:
    """Return what stands for a result on which a withdrawn rule bears: no outcome, and the steps.

    They are those of a family that asked for no determination, for none holds.
    """
    steps = _foremost(guidance.steps(look.position(state)), FIRST_STEPS)
    return (Part("review.opening"), Part("review.outcome"), first_steps(steps))


def _limit(outcome: str, state: State) -> Part:
    """Say what the outcome is not; after a denial, green must not sound like a yes."""
    if outcome == "likely_covered" and state.answers.get("petition") == "denied":
        return Part("result.limit.denied")
    return Part(f"outcome.{outcome}.limit")


def _why(look: Assessor, state: State, found: Determination) -> tuple[Part, ...]:
    """Say why in one or two sentences, by the name of the event, never by its number."""
    outcome = str(found.outcome)
    if outcome == "likely_covered":
        return (Part("result.why.likely_covered", {"event": f"@event.{state.answers['event']}"}),)
    if outcome == "needs_facts":
        missing = worth_finding(found)
        names = "list:" + "|".join(f"@fact.{one.fact}" for one in missing[:_MANY])
        if len(missing) == 1:
            paper = f"@paper.{missing[0].fact}"
            return (Part("result.why.needs_one_fact", {"fact": names, "paper": paper}),)
        return (Part("result.why.needs_facts", {"facts": names}),)
    if outcome == "readings_differ":
        return (Part("result.why.readings_differ"), *_latest_denial(look, state, found))
    ground = next((one for one in found.grounds if one.decisive), None)
    if ground is None:
        return (Part("result.why.needs_judge"),)
    return (_said(look, state, found, ground),)


def _latest_denial(look: Assessor, state: State, found: Determination) -> tuple[Part, ...]:
    """Return the words of the latest of the denials that make text and practice differ."""
    keys = {line.key for line in rules.explain(look.law, found, state.answers)}
    dated = sorted(look.law.denials, key=lambda one: one.decided_on, reverse=True)
    known = [f"reading.practice.{one.id}" for one in dated]
    return tuple(Part(key) for key in known if key in keys)[:1]


def _said(look: Assessor, state: State, found: Determination, ground: Ground) -> Part:
    """Say a ground: "hay un cargo así" where that is known, "si hay" only where it is not.

    A doubt is unknown to the rules in both cases, for a judge decides it; a family that has
    answered is told about her case.
    """
    if ground.truth != "unknown" or {one.fact for one in found.missing} & set(ground.facts):
        return Part(f"rule.{ground.rule}.{ground.truth}")
    told = all(is_answer(state.answers.get(fact)) for fact in ground.facts)
    if ground.rule == "varios_cargos":
        told = any(one.effect == "excludes" and one.truth == "yes" for one in found.grounds)
    if told and (ground.effect == "doubt" or ground.rule == "cese"):
        return Part(f"rule.{ground.rule}.yes")
    event = look.law.rules[ground.rule].event
    if event and told and "assembly_member" not in ground.facts:
        return Part("result.why.disputed_day", {"event": f"@event.{event}"})
    return Part(f"rule.{ground.rule}.unknown")


def worth_finding(found: Determination) -> tuple[Missing, ...]:
    """Return the missing facts that a paper may bring, without those that must not be a lever."""
    ordinary = tuple(one for one in found.missing if one.fact not in _NEVER_A_LEVER)
    return tuple(sorted(ordinary or found.missing, key=lambda one: _ORDER.index(one.fact)))


def _foremost(steps: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return the first steps; whoever has to sign is told to go on in every result."""
    if _NEVER_CUT in steps[count:]:
        return (*steps[: count - 1], _NEVER_CUT)
    return steps[:count]


def first_steps(steps: tuple[str, ...]) -> Part:
    """Return the list of what to do first: a line for each of at most four steps."""
    names = {f"step{place}": f"@result.first.{step}" for place, step in enumerate(steps, 1)}
    return Part(f"result.lines.{_LINES[len(steps) - 1]}", names)


def reasons(look: Assessor, state: State) -> tuple[Part, ...]:
    """Return the explanation, article by article: what the outcome rests on, then what holds.

    While the event is open, the thirteen rules about it are said in one line, and while the
    accusation is unread, so is all that it might say: a list of crimes that nobody has named
    frightens, and tells nothing.
    """
    found = look.determine(state.answers)
    grounds = {f"rule.{one.rule}.{one.truth}": one for one in found.grounds}
    decisive = {one.rule for one in found.grounds if one.decisive}
    holds = {one.rule for one in found.grounds if one.truth == "yes"}
    lines = rules.explain(look.law, found, state.answers)
    events = [line for line in lines if "event" in line.params]
    open_events = [line for line in events if line.key.endswith(".unknown")]
    unread = [
        line
        for line in lines
        if line.key.endswith(".unknown")
        and line not in events
        and set(grounds[line.key].facts) & _OF_THE_CHARGES
    ]
    parts = [Part("page.reasons")]
    left_out = []
    if len(open_events) > _MANY:
        parts.append(Part("result.events_open"))
        left_out += open_events
    if len(unread) > _MANY and found.outcome == "needs_facts":
        parts.append(Part("result.charges_open"))
        left_out += unread
    said = {line.key for line in lines} | {part.key for part in parts}
    for line in lines:
        if line in left_out or _SAID_BEFORE.get(line.key) in said:
            continue
        if line.key in grounds:
            if line.key.split(".")[1] in decisive | holds:
                parts.append(_said(look, state, found, grounds[line.key]))
        else:
            parts.append(Part(line.key, _params(look, state, line.key)))
    return tuple(parts)


def _params(look: Assessor, state: State, key: str) -> dict[str, str]:
    """Name the charges that a note is about."""
    note = next((one for one in look.law.notes if key == f"note.{one.id}"), None)
    if note is None:
        return {}
    own = [one for one in state.answers["charges"] if one in note.charges]
    return {"charge": "list:" + "|".join(f"@charge.{one}" for one in own)}


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
