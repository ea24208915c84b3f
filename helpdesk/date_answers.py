"""What an answer about the date says, and which event it proposes; how it is asked is not here."""

from __future__ import annotations

from typing import Any

from helpdesk.interview import Assessor, answered, day_known, due
from helpdesk.questions import NON_ANSWERS, is_answer
from helpdesk.state import Draft, State
from rules import Law, Span
from rules.law import NO_EVENT


def of_members(law: Law, event: Any) -> bool:
    """Tell whether an event is one of acts of the members of the Assembly."""
    return event in law.events and law.events[event].acts_of_members


def proposal(law: Law, day: Span) -> str | None:
    """Return the one event to propose with a date, None for none or several.

    The Assembly's window is one of acts: it is proposed only where no other event is.
    """
    events = law.events_on(day)
    named = [one for one in events if not of_members(law, one)] or list(events)
    return named[0] if len(named) == 1 else None


def events_to_offer(law: Law, state: State) -> tuple[str, ...]:
    """Return the events that the known date allows, the latest first; all when it is not known."""
    day = day_known(state.answers)
    compatible = law.events_on(day) if day else tuple(law.events)
    ordered = [one for one in reversed(tuple(law.events)) if one in compatible]
    return tuple(one for one in ordered if one not in state.draft.picks)


def confirm_date(look: Assessor, state: State, said: str) -> State:
    """Take the press under a typed date.

    ``said`` is ``with_event`` (that day, and for that), ``other`` (that day, for something
    else), ``plain`` (that day), ``does_not_know``.
    """
    text = state.draft.span
    if text is None:
        return state
    proposed = proposal(look.law, Span.parse(text))
    told: dict[str, Any] = {"fact_date": text}
    if said == "with_event" and proposed:
        told["event"] = proposed
    elif said == "does_not_know":
        told = {"event" if proposed else "fact_date": NON_ANSWERS["does_not_know"]}
        told |= {"fact_date": text} if proposed else {}
    before = state.answers.get("event")
    if said == "other" and proposed:
        state = state.without_answers("event")
    after = answered(look, state.but(listing=False), "date", told)
    if said == "other" and proposed:
        after = after.but(draft=Draft(picks=(proposed,)))
        if not events_to_offer(look.law, after):
            after = answered(look, after, "event", {"event": NO_EVENT})
    elif is_answer(before) and "event" not in after.answers and due(look, after) == "event":
        after = after.but(notice="notice.contradicted")
    return after
