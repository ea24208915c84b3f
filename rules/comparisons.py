"""Answering one comparison from a sheet: the only place where a fact meets a condition."""

from __future__ import annotations

from collections.abc import Callable

from rules.conditions import Atom, OneOf, Within, compare_span, compare_value, evaluate
from rules.law import CHARGE_CLASS, CHARGE_LASTING, Law, fact_of
from rules.sheet import Answer, NonAnswer, Sheet
from rules.spans import Span
from rules.truth import Truth, conjunction, of


def compare(law: Law, atom: Atom, answer: Answer) -> Truth:
    """Compare one answer: UNKNOWN without a value, NO where the fact does not apply."""
    if isinstance(answer, NonAnswer):
        return Truth.NO if answer is NonAnswer.DOES_NOT_APPLY else Truth.UNKNOWN
    if isinstance(atom, Within):
        assert isinstance(answer, Span)  # the loader compares days with date facts only
        return compare_span(atom, answer)
    if isinstance(answer, tuple):
        return of(any(charge_matches(law, atom, charge) for charge in answer))
    assert not isinstance(answer, Span)
    return compare_value(atom, answer)


def charge_matches(law: Law, atom: OneOf, charge_id: str) -> bool:
    """Tell whether one charge is what the comparison names: its id, its class or its lasting."""
    charge = law.charges[charge_id]
    if atom.fact == CHARGE_CLASS:
        return charge.charge_class in atom.values
    if atom.fact == CHARGE_LASTING:
        return charge.lasting in atom.values
    return charge_id in atom.values


def asker(law: Law, sheet: Sheet) -> Callable[[Atom], Truth]:
    """Return the function that answers comparisons from a sheet.

    A fact that was not asked, and whose `asked_when` is NO, counts as one that does not apply.
    """

    def ask(atom: Atom) -> Truth:
        name = fact_of(atom)
        answer = sheet.get(name)
        truth = compare(law, atom, answer)
        asked_when = law.facts[name].asked_when
        if answer is NonAnswer.NOT_ASKED and asked_when is not None:
            return conjunction((truth, evaluate(asked_when, ask).truth))
        return truth

    return ask
