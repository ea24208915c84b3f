"""How the questions for the date and for the event look; what a press means is not decided here."""

from __future__ import annotations

from helpdesk import date_answers
from helpdesk.footer import footer, non_answers
from helpdesk.interview import Assessor
from helpdesk.layout import Choice, Layout, column, rows_of
from helpdesk.messages import Part
from helpdesk.state import State
from rules import Span
from rules.law import NO_EVENT

YEARS_OFFERED = 8

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def date(look: Assessor, state: State) -> Layout:
    """Return the question for the date, or the step it is at: a month, a year, to confirm."""
    draft = state.draft
    if draft.span is not None:
        return _confirm_date(look, state, draft.span)
    if draft.year is not None:
        return _month(look, state, draft.year)
    if draft.month is not None:
        return _year(look, state)
    listing = state.listing or "event" in state.answers or state.reopened is not None
    choice = () if listing else column([Choice("button.event_list", "date:list")])
    return Layout(
        (Part("ask.date_with_event" if state.listing else "ask.date"),),
        (*choice, *non_answers(), *footer(look, state)),
    )


def _confirm_date(look: Assessor, state: State, text: str) -> Layout:
    proposed = date_answers.proposal(look.law, Span.parse(text))
    again = Choice("button.other_date", "date:again")
    unsure = Choice("button.does_not_know", "date:does_not_know")
    if proposed is None:
        part = Part("ask.date_confirm", {"date": f"date:{text}"})
        rows = column([Choice("button.that_date", "date:plain"), again, unsure])
    else:
        part = Part("ask.date_event", {"date": f"date:{text}", "event": f"@event.{proposed}"})
        choices = [
            Choice("button.that_date_and_event", "date:with_event"),
            Choice("button.that_date_other", "date:other"),
        ]
        if date_answers.of_members(look.law, proposed):
            # Five years in which few were detained for acts of deputies: the rest comes first.
            choices.reverse()
        rows = column([*choices, again, unsure])
    return Layout((part,), (*rows, *footer(look, state, inside=True)))


def _month(look: Assessor, state: State, year: int) -> Layout:
    last = look.as_of.month if year == look.as_of.year else 12
    months = [
        Choice(f"ask.month.option.{name}", f"month:{number}")
        for number, name in enumerate(_MONTHS[:last], 1)
    ]
    unknown = Choice("button.month_unknown", "month:unknown")
    return Layout(
        (Part("ask.month", {"year": f"date:{year}"}),),
        (*rows_of(months, 3), (unknown,), *footer(look, state, inside=True)),
    )


def _year(look: Assessor, state: State) -> Layout:
    first = look.as_of.year
    years = [
        Choice("button.year", f"year:{year}", {"year": f"date:{year}"})
        for year in range(first, first - YEARS_OFFERED, -1)
    ]
    unknown = Choice("button.does_not_know", "year:unknown")
    return Layout(
        (Part("ask.year"),),
        (*rows_of(years, 4), (unknown,), *footer(look, state, inside=True)),
    )


def event(look: Assessor, state: State) -> Layout:
    """Return the list of events that the date allows; of all, when it is asked first."""
    events = date_answers.events_to_offer(look.law, state)
    known = "fact_date" in state.answers and not state.listing
    choices = [Choice(f"event.{one}.short", f"set:{one}") for one in (*events, NO_EVENT)]
    return Layout(
        (Part("ask.event" if known else "ask.event_first"),),
        (*column(choices), *non_answers(), *footer(look, state)),
    )
