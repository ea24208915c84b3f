"""How each question looks: its text and its buttons; what a press means is not decided here."""

from __future__ import annotations

from helpdesk import interview
from helpdesk.interview import Assessor
from helpdesk.layout import Choice, Layout, Row, column, rows_of
from helpdesk.messages import Part
from helpdesk.questions import (
    COMMON_CHARGES,
    CORRUPTION,
    NO_EVENT,
    NON_ANSWERS,
    OTHER_CHARGE,
    QUESTIONS,
)
from helpdesk.state import State
from rules import Span

CHARGES_A_PAGE = 8
YEARS_OFFERED = 8

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NOTHING_SAID = tuple(Choice(f"button.{one}", f"set:{one}") for one in NON_ANSWERS)


def question(look: Assessor, state: State, which: str) -> Layout:
    """Return the screen of a question, or of the step it is at (a date to confirm, a choice)."""
    special = {"date": _date, "event": _event, "charges": _charges, "group": _group}
    if which in special:
        return special[which](look, state)
    asked = QUESTIONS[which]
    choices = [Choice(f"{asked.options}{value}", f"set:{value}") for value in asked.values]
    return Layout(
        (Part(f"ask.{which}"),),
        (*column(choices), *non_answers(), *footer(look, state)),
    )


def non_answers() -> tuple[Row, ...]:
    """Return "No sé" and "Prefiero no decir", which stand under every question."""
    return (_NOTHING_SAID,)


def footer(look: Assessor, state: State, *, inside: bool = False) -> tuple[Row, ...]:
    """Return why-do-you-ask and the way back; ``inside`` a question there always is one."""
    back = inside or interview.previous(look, state) is not None
    why = Choice("button.why", "open:why")
    rows: list[Row] = [(why, Choice("button.back", "back")) if back else (why,)]
    if state.reopened is not None:
        rows.append((Choice("button.keep", "keep"),))
    return tuple(rows)


# --- The date


def _date(look: Assessor, state: State) -> Layout:
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
    proposed = interview.proposal(look.law, Span.parse(text))
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
        if interview.of_members(look.law, proposed):
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


def _event(look: Assessor, state: State) -> Layout:
    events = interview.events_to_offer(look.law, state)
    known = "fact_date" in state.answers and not state.listing
    choices = [Choice(f"event.{one}.short", f"set:{one}") for one in (*events, NO_EVENT)]
    return Layout(
        (Part("ask.event" if known else "ask.event_first"),),
        (*column(choices), *non_answers(), *footer(look, state)),
    )


# --- The charges


def _charges(look: Assessor, state: State) -> Layout:
    draft = state.draft
    if draft.asks:
        return _which_charge(look, state)
    if draft.confirming and draft.picks:
        names = "list:" + "|".join(f"@charge.{one}" for one in draft.picks)
        rows = column(
            [
                Choice("button.charges_right", "charges:done"),
                Choice("button.charges_another", "charges:another"),
                Choice("button.charges_over", "charges:over"),
            ]
        )
        return Layout(
            (Part("ask.charges_confirm", {"charges": names}),),
            (*rows, *footer(look, state, inside=True)),
        )
    return _charge_list(look, state)


def _which_charge(look: Assessor, state: State) -> Layout:
    among = [one for one in state.draft.asks[0] if one != OTHER_CHARGE]
    if set(among) & set(CORRUPTION):
        among += [one for one in CORRUPTION if one not in among]
    choices = [_charge(one, "which", state) for one in among]
    rows = column(
        [
            *choices,
            Choice("button.which_unsure", "which:unsure"),
            Choice("button.which_neither", "which:neither"),
        ]
    )
    return Layout((Part("ask.charges_which"),), (*rows, *footer(look, state, inside=True)))


def _charge_list(look: Assessor, state: State) -> Layout:
    """Show the common charges and those picked; behind «Ver más», the others page by page."""
    draft = state.draft
    common = [one for one in COMMON_CHARGES if one in look.law.charges]
    others = [one for one in look.law.charges if one not in (*common, OTHER_CHARGE)]
    last = (len(others) - 1) // CHARGES_A_PAGE + 1
    page = min(draft.page, last)
    done: tuple[Row, ...] = column([Choice("button.done", "charges:done")]) if draft.picks else ()
    if page:
        shown = others[(page - 1) * CHARGES_A_PAGE : page * CHARGES_A_PAGE]
        turn = [Choice("button.previous_page", f"charges:page_{page - 1}")]
        if page < last:
            turn.append(Choice("button.next_page", f"charges:page_{page + 1}"))
        rows = (*column(_charge(one, "pick", state) for one in shown), tuple(turn), *done)
        return Layout(
            (Part("ask.charges_more", {"page": page, "pages": last}),),
            (*rows, *non_answers(), *footer(look, state, inside=True)),
        )
    picked = [one for one in draft.picks if one not in (*common, OTHER_CHARGE)]
    rows = (
        *column(_charge(one, "pick", state) for one in (*picked, *common)),
        (Choice("button.more_charges", "charges:page_1"), _charge(OTHER_CHARGE, "pick", state)),
        *done,
        *column([Choice("button.no_charges", "charges:none")] if not draft.picks else []),
        *non_answers(),
    )
    return Layout((Part("ask.charges"),), (*rows, *footer(look, state)))


def _charge(charge: str, verb: str, state: State) -> Choice:
    """Return the button of a charge, with a mark when it is picked."""
    key = "button.other_charge" if charge == OTHER_CHARGE else f"charge.{charge}"
    return _marked(key, f"{verb}:{charge}", charge in state.draft.picks)


def _marked(key: str, action: str, marked: bool) -> Choice:
    name = "button.marked" if marked else "button.unmarked"
    return Choice(name, action, {"what": f"@{key}"})


# --- What is left of article 9


def _group(look: Assessor, state: State) -> Layout:
    draft = state.draft
    if draft.confirming:
        choices = [_charge(one, "pick", state) for one in interview.opened_charges(state)]
        chosen = set(interview.opened_charges(state)) & set(draft.picks)
        close = (
            Choice("button.done", "group:done")
            if chosen
            else Choice("button.which_unsure", "group:unsure")
        )
        return Layout(
            (Part("ask.group_charges"),),
            (*column([*choices, close]), *footer(look, state, inside=True)),
        )
    marks = [
        _marked(f"ask.group.option.{one}", f"mark:{one}", one in draft.marks)
        for one in interview.marks_to_offer(state)
    ]
    close = (
        Choice("button.done", "group:done")
        if draft.marks
        else Choice("button.none_of_these", "group:none")
    )
    return Layout(
        (Part("ask.group"),),
        (*column([*marks, close]), *non_answers(), *footer(look, state)),
    )
