"""What each button does to a conversation, by the verb of its action; pure, as what is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpdesk import charge_answers, date_answers, interview, typed_dates
from helpdesk.conversation import anew, settled
from helpdesk.interview import Assessor
from helpdesk.questions import OTHER_CHARGE
from helpdesk.state import Draft, State
from helpdesk.typed_dates import Unread


def press(look: Assessor, state: State, action: str) -> State:
    """Do what a button stands for. The action has been found on the current screen."""
    verb, _, arg = action.partition(":")
    before = state
    after = _ACTIONS[verb](look, state.begun(), arg)
    return settled(look, before, after)


def _set(look: Assessor, state: State, value: str) -> State:
    asked = interview.current(look, state)
    assert asked is not None  # the action stands only on a question
    if asked == "group":
        return charge_answers.set_group(look, state, value)
    if asked == "date":
        state = state.but(listing=False)
    return interview.choose(look, state, asked, value)


def _date(look: Assessor, state: State, what: str) -> State:
    if what == "again":
        return state.but(draft=Draft())
    if what == "list":
        return state.but(listing=True, draft=Draft())
    return date_answers.confirm_date(look, state, what)


def _month(look: Assessor, state: State, what: str) -> State:
    year = state.draft.year
    text = str(year) if what == "unknown" else f"{year:04d}-{int(what):02d}"
    return state.but(draft=Draft(span=text, source=state.draft.source))


def _year(look: Assessor, state: State, what: str) -> State:
    draft = state.draft
    if what == "unknown" or draft.month is None:
        return interview.choose(look, state.but(listing=False), "date", "does_not_know")
    whole = typed_dates.completed(draft.month, draft.day, int(what), look.as_of)
    if isinstance(whole, Unread):
        return state.but(draft=Draft(), notice=f"notice.date.{whole}")
    return state.but(draft=Draft(span=str(whole), source=draft.source))


def _pick(look: Assessor, state: State, charge: str) -> State:
    picks = state.draft.picks
    picks = tuple(one for one in picks if one != charge) if charge in picks else (*picks, charge)
    return _drafted(state, picks=picks)


def _which(look: Assessor, state: State, what: str) -> State:
    draft = state.draft
    chosen = {"unsure": (OTHER_CHARGE,), "neither": ()}.get(what, (what,))
    picks = tuple(dict.fromkeys((*draft.picks, *chosen)))
    return _drafted(state, picks=picks, asks=draft.asks[1:])


def _charges(look: Assessor, state: State, what: str) -> State:
    if what == "done":
        return charge_answers.set_charges(look, state, state.draft.picks)
    if what == "none":
        return charge_answers.set_charges(look, state, ())
    if what == "another":
        return _drafted(state, confirming=False)
    if what == "over":
        return state.but(draft=Draft())
    return _drafted(state, page=int(what.removeprefix("page_")))


def _mark(look: Assessor, state: State, mark: str) -> State:
    marks = state.draft.marks
    marks = tuple(one for one in marks if one != mark) if mark in marks else (*marks, mark)
    return _drafted(state, marks=marks)


def _group(look: Assessor, state: State, what: str) -> State:
    if what == "none":
        return charge_answers.set_group(look, state.but(draft=Draft()))
    opened = charge_answers.opened_charges(state)
    if what == "unsure":
        return charge_answers.set_group(look, _drafted(state, picks=(OTHER_CHARGE,)))
    picks = tuple(one for one in state.draft.picks if one in opened)
    if opened and not state.draft.confirming:
        return _drafted(state, picks=picks, confirming=True)
    return charge_answers.set_group(look, _drafted(state, picks=picks))


def _drafted(state: State, **changes: Any) -> State:
    return state.but(draft=state.draft.model_copy(update=changes))


def _back(look: Assessor, state: State, _: str) -> State:
    draft = state.draft
    if interview.current(look, state) == "charges" and (draft.confirming or draft.asks):
        return _drafted(state, confirming=False, asks=())
    if draft.page:
        return _drafted(state, page=0)
    if draft.confirming:
        return _drafted(state, confirming=False)
    if draft.span or draft.year or draft.month:
        return state.but(draft=Draft())
    if state.listing and "event" not in state.answers:
        return state.but(listing=False, draft=Draft())
    earlier = interview.previous(look, state)
    return state if earlier is None else interview.reopen(state, earlier)


def _keep(look: Assessor, state: State, _: str) -> State:
    return state.but(reopened=None, draft=Draft())


def _open(look: Assessor, state: State, view: str) -> State:
    return state.but(view=view, page=0)


def _close(look: Assessor, state: State, _: str) -> State:
    return state.but(view="", page=0)


def _page(look: Assessor, state: State, number: str) -> State:
    return state.but(page=int(number))


def _reopen(look: Assessor, state: State, question: str) -> State:
    return interview.reopen(state, question)


def _go_on(look: Assessor, state: State, _: str) -> State:
    waiting = interview.card(state)
    return state if waiting is None else state.but(passed=(*state.passed, waiting))


def _refine(look: Assessor, state: State, _: str) -> State:
    return state.but(refining=True, view="", page=0)


def _restart(look: Assessor, state: State, _: str) -> State:
    return anew(look, state)


def _language(look: Assessor, state: State, language: str) -> State:
    return state.but(language=language, view="" if state.view == "language" else state.view)


def _questions(look: Assessor, state: State, _: str) -> State:
    return state.but(aside=True, view="", page=0)


def _case(look: Assessor, state: State, _: str) -> State:
    """Go to the screen of her case; what becomes of the case is for `helpdesk.escalation`."""
    return state.but(aside=False, view="", page=0)


def _end_case(look: Assessor, state: State, arg: str) -> State:
    return _case(look, state, arg).but(notice="case.ended")


def _report(look: Assessor, state: State, _: str) -> State:
    return state.but(aside=False, view="reported")


def _leave_contact(look: Assessor, state: State, arg: str) -> State:
    return _case(look, state, arg).but(notice="case.contact_left")


def _wish(look: Assessor, state: State, _: str) -> State:
    """Stay where she is: what she asks to hear of is for `helpdesk.alerts`."""
    return state


def _alerts_stop(look: Assessor, state: State, _: str) -> State:
    return state.but(view="alerts_left")


def _take_back(look: Assessor, state: State, arg: str) -> State:
    return _case(look, state, arg).but(notice="case.contact_taken_back")


_ACTIONS: dict[str, Callable[[Assessor, State, str], State]] = {
    "set": _set,
    "date": _date,
    "month": _month,
    "year": _year,
    "pick": _pick,
    "which": _which,
    "charges": _charges,
    "mark": _mark,
    "group": _group,
    "back": _back,
    "keep": _keep,
    "open": _open,
    "close": _close,
    "page": _page,
    "reopen": _reopen,
    "go_on": _go_on,
    "refine": _refine,
    "restart": _restart,
    "language": _language,
    "questions": _questions,
    "case": _case,
    "ask_person": _case,
    "end_case": _end_case,
    "report": _report,
    "leave_contact": _leave_contact,
    "take_back": _take_back,
    "topic_on": _wish,
    "topic_off": _wish,
    "region_on": _wish,
    "region_off": _wish,
    "alerts_keep": _wish,
    "alerts_stop": _alerts_stop,
}
