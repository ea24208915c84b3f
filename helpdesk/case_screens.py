"""What a family sees of a person who answers her: asking for one, what he would see, her case.

Everything follows from the state and from what she may know of the desk (`View`); nothing of the
case is kept in the state. The words are in ``case.po``.
"""

from __future__ import annotations

from dataclasses import replace

from helpdesk import desk_sharing, interview
from helpdesk.desk import codes
from helpdesk.desk.case import Case, Category, Status, Urgency
from helpdesk.desk.family import Complaint, View
from helpdesk.interview import Assessor
from helpdesk.layout import Choice, Layout, Row, column
from helpdesk.messages import Param, Part, Unreadable
from helpdesk.state import State
from locales import Catalogue

ENTRY = "route_person"
"""The view that "quiero hablar con alguien" leads to: with a desk, it asks what about."""

DISTRESS = "route_distress"

ASKING = frozenset({ENTRY, "person", "sees"})
"""The views on the way to a person; with a case they have come to their end."""

AT_ONCE = frozenset({Category.DISTRESS, Category.WHEREABOUTS})
"""What is urgent by itself: nobody is asked how soon."""

PASSED = frozenset({Unreadable.VOICE, Unreadable.PHOTO})
"""What goes to a person beside text."""

QUIET = frozenset(
    {
        *("case.consent", "case.waiting", "case.waiting_again", "case.talk", "case.noted"),
        *("case.passed", "case.passed_money", "case.talk_unreachable", "case.help_text"),
        *("case.privacy_text", "case.privacy_more", "case.privacy_person", "case.about_text"),
        *("case.unreachable", "case.muted", "case.too_much", "case.ended"),
        *(f"case.not_passed.{one}" for one in Unreadable if one not in PASSED),
        "case.not_passed.account",
    }
)
"""Keys whose opening can be read by anyone."""

_CLOSE = Choice("button.close", "close")
_MY_CASE = Choice("button.my_case", "case")
_REPORT = Choice("button.case_report", "open:report")
_WHO_HELPS = Choice("button.who_helps", "open:who_helps")
_NOT_SURE = "unsure"
"""What she cannot say of her case is taken for what says least."""


def is_claimed(desk: View) -> bool:
    """Tell whether a person has her case now."""
    return desk.case is not None and desk.case.status is Status.CLAIMED


def is_up(state: State, desk: View) -> bool:
    """Tell whether her case is the screen under every page, and not her questions."""
    return desk.case is not None and not state.aside


def ways(desk: View, about: str = "") -> tuple[Row, ...]:
    """Return the button that leads to a person, or back to her; none without a desk.

    ``about`` says what is known already: a category, and perhaps an urgency, as in a view.
    """
    if not desk.exists:
        return ()
    if desk.case is not None:
        return ((_MY_CASE,),)
    return ((Choice("button.person", f"open:person:{about}" if about else f"open:{ENTRY}"),),)


def report_way(desk: View) -> tuple[Row, ...]:
    """Return the button to report whoever had her last case: closing one is no way out of that."""
    return ((_REPORT,),) if desk.reportable else ()


def page(look: Assessor, state: State, desk: View) -> Layout | None:
    """Return the page that the view names, None when it is none of these or has passed."""
    name, _, about = state.view.partition(":")
    if name == "privacy_person":
        erase = Choice("button.erase", "open:erase")
        first = Choice("button.privacy_first", "open:privacy")
        return Layout((Part("case.privacy_person"),), column([first, erase, _CLOSE]), quiet=True)
    if name in ("report", "reported"):
        return _report(name, desk)
    if desk.case is not None:
        return _of_the_case(name, state, desk, desk.case)
    if name not in ASKING:
        return None
    if not desk.safe:
        return Layout((Part("case.unreachable"),), column([_WHO_HELPS, _CLOSE]), quiet=True)
    category, _, urgency = about.partition(":")
    if not category:
        return _ask_category(interview.ended(look, state))
    category = Category.OTHER if category == _NOT_SURE else category
    if not urgency and category not in AT_ONCE:
        return _ask_urgency(category)
    urgency = Urgency.DAYS if urgency == _NOT_SURE else urgency or Urgency.NOW
    return (_preview if name == "sees" else _consent)(look, state, desk, category, urgency)


def case(look: Assessor, state: State, catalogue: Catalogue, desk: View) -> Layout:
    """Return the screen of her open case; what is said of her last message stands in its place."""
    assert desk.case is not None
    ended = interview.ended(look, state)
    questions = Choice("button.case_result" if ended else "button.case_questions", "questions")
    shown = _talk if is_claimed(desk) else _waiting
    parts, choices = shown(desk, desk.case, questions)
    if state.notice:
        parts = (said(state.notice, catalogue, desk),)
    return Layout(parts, column(choices), quiet=parts[0].key in QUIET, silent=True)


def _talk(desk: View, told: Case, questions: Choice) -> tuple[tuple[Part, ...], list[Choice]]:
    key = "case.talk" if desk.safe else "case.talk_unreachable"
    choices = [
        questions,
        *([_TAKE_BACK] if told.contact else [_CONTACT] if desk.led else []),
        _REPORT,
        Choice("button.case_end", "open:case_end"),
    ]
    return (Part(key, {"who": told.owner or ""}),), choices


def _waiting(desk: View, told: Case, questions: Choice) -> tuple[tuple[Part, ...], list[Choice]]:
    code = codes.shown(told.code)
    parts = [
        Part("case.waiting_again" if told.held_by else "case.waiting"),
        Part("case.waiting_how", {"code": code, "duty": _duty(desk)}),
    ]
    if told.urgency is Urgency.NOW:
        parts.append(Part("case.waiting_danger"))
    choices = [
        Choice("button.copy_code", "", {"code": code}, copy=code),
        questions,
        *([_TAKE_BACK] if told.contact else []),
        *([_REPORT] if desk.reportable else []),
        Choice("button.case_not_needed", "open:case_end"),
    ]
    return tuple(parts), choices


_CONTACT = Choice("button.case_contact", "open:contact")
_TAKE_BACK = Choice("button.case_take_back", "take_back")


def said(key: str, catalogue: Catalogue, desk: View) -> Part:
    """Return a line about what she just did, which may name the person who has her case."""
    owner = desk.case.owner if desk.case else None
    known: dict[str, Param] = {"who": owner or ""}
    return Part(key, {name: known[name] for name in catalogue.placeholders(key)})


def beside(state: State, catalogue: Catalogue, desk: View) -> Part | None:
    """Return the line under a page that answers what she wrote for a person; None without one."""
    if desk.case is None or state.notice not in _BESIDE:
        return None
    key = "case.urgent_too" if state.view == DISTRESS else _BESIDE[state.notice]
    return said(key, catalogue, desk)


_BESIDE = {"case.noted": "case.noted_too", "case.passed": "case.passed_too"}


def distress(desk: View) -> tuple[tuple[Part, ...], tuple[Row, ...]]:
    """Return what is said to somebody who cannot go on, and the way to a person.

    Nothing of ours where none can be reached: she is not sent to a closed door.
    """
    if not desk.exists or (desk.case is None and not desk.safe):
        return (), ()
    said = Part("case.distress_person", {"duty": _duty(desk)})
    if desk.case is not None:
        muted = desk.case.muted_until is not None
        said = Part("case.distress_paused" if muted else "case.distress_open")
    return (Part("case.distress"), said), ways(desk, "distress")


def with_desk(page: Layout, desk: View) -> Layout:
    """Return a page that is the same for everyone as it is where a person may answer."""
    if not desk.exists:
        return page
    key = page.parts[0].key
    parts = (Part(_WITH_DESK[key]),) if key in _WITH_DESK else page.parts
    rows = page.rows
    if key in _LEADS_TO_A_PERSON or (key == "command.cancelled" and desk.case):
        rows = (*ways(desk), *report_way(desk), *rows)
    if key in ("command.privacy_text", "command.privacy_more"):
        rows = (_PRIVACY, *rows)
    if key == "command.cancelled" and desk.case:
        parts = (*parts, Part("case.still_open"))
    return replace(page, parts=parts, rows=rows)


_WITH_DESK = {
    "command.help_text": "case.help_text",
    "command.privacy_text": "case.privacy_text",
    "command.privacy_more": "case.privacy_more",
    "command.about_text": "case.about_text",
}
"""What is not true in the same words once a person may answer."""
_LEADS_TO_A_PERSON = frozenset({"command.help_text", "page.who_helps"})
_PRIVACY: Row = (Choice("button.privacy_person", "open:privacy_person"),)


def _duty(desk: View) -> str:
    if not desk.safe:
        return "@case.duty.unreachable"
    return "@case.duty.somebody" if desk.on_duty else "@case.duty.nobody"


def _ask_category(ended: bool) -> Layout:
    """Ask what about; of an answer of Faro's nobody can ask who has none yet."""
    known = (one for one in _CATEGORIES if ended or one is not Category.RESULT)
    choices = [Choice(f"case.category.option.{one}", f"open:person:{one}") for one in known]
    last = (choices.pop(), Choice("button.does_not_know", f"open:person:{_NOT_SURE}"))
    # Not quiet: whoever begins with it is first told who this is.
    return Layout((Part("case.ask_category"),), (*column(choices), last, (_CLOSE,)))


_CATEGORIES = (
    *(Category.RESULT, Category.PAPERS, Category.COURT, Category.MEASURES),
    *(Category.WHEREABOUTS, Category.MONEY, Category.DISTRESS, Category.OTHER),
)
_URGENCIES = (Urgency.NOW, Urgency.DAYS, Urgency.CAN_WAIT)


def _ask_urgency(category: str) -> Layout:
    choices = [
        Choice(f"case.urgency.option.{one}", f"open:person:{category}:{one}") for one in _URGENCIES
    ]
    not_sure = Choice("button.does_not_know", f"open:person:{category}:{_NOT_SURE}")
    back = Choice("button.back", f"open:{ENTRY}")
    return Layout((Part("case.ask_urgency"),), (*column([*choices, not_sure]), (back,)))


def _consent(look: Assessor, state: State, desk: View, category: str, urgency: str) -> Layout:
    about = f"{category}:{urgency}"
    named = desk_sharing.named(state)
    rows: list[Row]
    if named:
        told = {"facts": "list:" + "|".join(f"@{one}" for one in named)}
        done = interview.ended(look, state)
        sees = Part("case.consent_answers" if done else "case.consent_unfinished", told)
        rows = [
            (Choice("button.consent_with", f"ask_person:{about}:with"),),
            (Choice("button.consent_without", f"ask_person:{about}:without"),),
            (Choice("button.consent_preview", f"open:sees:{about}"),),
        ]
    else:
        sees = Part("case.consent_nothing")
        rows = [(Choice("button.consent_yes", f"ask_person:{about}:without"),)]
    parts = (
        Part("case.consent"),
        sees,
        Part("case.consent_never"),
        Part("case.consent_duty", {"duty": _duty(desk)}),
    )
    return Layout(parts, (*rows, (Choice("button.consent_no", "close"),)), quiet=True)


def _preview(look: Assessor, state: State, desk: View, category: str, urgency: str) -> Layout:
    """Show what would be shown, in the very words."""
    lines = desk_sharing.facts(look, state)
    parts = (Part("case.preview"), *(Part(line.key, line.params) for line in lines))
    back = Choice("button.back", f"open:person:{category}:{urgency}")
    return Layout(parts, ((back,),))


def _of_the_case(name: str, state: State, desk: View, told: Case) -> Layout | None:
    who = {"who": told.owner or ""}
    if name == "case_end":
        key = "case.end_talk" if told.owner else "case.end_waiting"
        yes = Choice("button.case_end_yes" if told.owner else "button.case_withdraw", "end_case")
        return Layout((Part(key, who if told.owner else {}),), ((yes,), (_CLOSE,)))
    if name == "contact_write":
        return _contact(state)
    if name == "contact" and desk.led and told.status is Status.CLAIMED:
        write = Choice("button.contact_write", "open:contact_write")
        return Layout((Part("case.contact"),), ((write,), (_CLOSE,)))
    return None


def _report(name: str, desk: View) -> Layout | None:
    """Ask what happened with whoever has her case, or had her last one."""
    told, read = desk.case, desk.report_is_read
    if name == "reported":
        waits = (Part("case.reported_waiting"),) if told is not None else ()
        thanks = Part("case.reported" if read else "case.reported_unled")
        return Layout((thanks, *waits), column([_CLOSE] if read else [_WHO_HELPS, _CLOSE]))
    if told is not None and told.status is Status.CLAIMED:
        asked = Part("case.report" if read else "case.report_unled", {"who": told.owner or ""})
    elif desk.reportable:
        asked = Part("case.report_over" if read else "case.report_over_unled")
    else:
        return None
    choices = [Choice(f"case.report.option.{one}", f"report:{one}") for one in Complaint]
    return Layout((asked,), (*column(choices), (_CLOSE,)))


def _contact(state: State) -> Layout:
    no = Choice("button.contact_no", "close")
    if not state.contact:
        parts = [Part("case.contact_write")]
        if state.notice:
            parts.insert(0, Part(state.notice))
        return Layout(tuple(parts), ((no,),))
    yes = Choice("button.contact_yes", "leave_contact")
    again = Choice("button.contact_again", "open:contact_write")
    shown = Part("case.contact_confirm", {"contact": f"text:{state.contact}"})
    return Layout((shown,), ((yes,), (again,), (no,)))
