"""What an answer about the charges says, and one on the group screen, whose marks add to them."""

from __future__ import annotations

from helpdesk.interview import Assessor, answered
from helpdesk.questions import (
    GROUP_FACTS,
    GROUP_MARKS,
    NON_ANSWERS,
    OPENS_CHARGES,
    OTHER_CHARGE,
)
from helpdesk.state import Answers, State


def set_charges(look: Assessor, state: State, picks: tuple[str, ...]) -> State:
    """Answer with these charges, and those that the group screen added."""
    charges = list(dict.fromkeys((*picks, *state.added)))
    return answered(look, state.but(alone=False), "charges", {"charges": charges})


def set_group(look: Assessor, state: State, value: str | None = None) -> State:
    """Answer the group screen: with a non-answer for all of it, or with the marks.

    A mark is a yes, what is not marked a no. Drugs and corruption are charges: those chosen join
    the others. When the other charges are not known, an unrecognised one stands for them, so
    that what was added never passes for the whole accusation.
    """
    own = state.answers.get("charges")
    rest = None
    if isinstance(own, list) and not state.alone:
        rest = [one for one in own if one not in state.added]
    told: Answers
    added: tuple[str, ...] = ()
    if value is not None:
        told = {fact: NON_ANSWERS[value] for fact in GROUP_FACTS}
    else:
        told = {fact: fact in state.draft.marks for fact in GROUP_FACTS}
        added = tuple(one for one in state.draft.picks if rest is None or one not in rest)
    if added or state.added:
        others = rest if rest is not None else [OTHER_CHARGE]
        told["charges"] = list(dict.fromkeys((*others, *added)))
        if rest is None and not added:
            told["charges"] = NON_ANSWERS["does_not_know"]
    after = state.but(added=added, alone=rest is None and bool(added))
    return answered(look, after, "group", told)


def opened_charges(state: State) -> tuple[str, ...]:
    """Return the charges to choose among for the marks of drugs and corruption."""
    return tuple(
        charge
        for mark, charges in OPENS_CHARGES.items()
        if mark in state.draft.marks
        for charge in charges
    )


def marks_to_offer(state: State) -> tuple[str, ...]:
    """Return the marks of the group screen, without what the charges already say."""
    own = state.answers.get("charges")
    charges = {one for one in own if one not in state.added} if isinstance(own, list) else set()
    return tuple(mark for mark in GROUP_MARKS if not charges & set(OPENS_CHARGES.get(mark, ())))
