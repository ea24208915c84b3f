"""How the charges and the group screen look; what a press means is not decided here."""

from __future__ import annotations

from helpdesk import charge_answers
from helpdesk.footer import footer, non_answers
from helpdesk.interview import Assessor
from helpdesk.layout import Choice, Layout, Row, column
from helpdesk.messages import Part
from helpdesk.questions import COMMON_CHARGES, CORRUPTION, OTHER_CHARGE
from helpdesk.state import State

CHARGES_A_PAGE = 8


def charges(look: Assessor, state: State) -> Layout:
    """Return the list of charges, or the step it is at: which was meant, or all to confirm."""
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


def group(look: Assessor, state: State) -> Layout:
    """Return the screen of what is left of article 9, or of the charges that its marks open."""
    draft = state.draft
    if draft.confirming:
        choices = [_charge(one, "pick", state) for one in charge_answers.opened_charges(state)]
        chosen = set(charge_answers.opened_charges(state)) & set(draft.picks)
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
        for one in charge_answers.marks_to_offer(state)
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


def _charge(charge: str, verb: str, state: State) -> Choice:
    """Return the button of a charge, with a mark when it is picked."""
    key = "button.other_charge" if charge == OTHER_CHARGE else f"charge.{charge}"
    return _marked(key, f"{verb}:{charge}", charge in state.draft.picks)


def _marked(key: str, action: str, marked: bool) -> Choice:
    name = "button.marked" if marked else "button.unmarked"
    return Choice(name, action, {"what": f"@{key}"})
