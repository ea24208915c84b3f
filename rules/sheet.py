"""The answers of one case, read from plain JSON values; immutable, and checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rules.errors import CaseFault, InvalidCase
from rules.law import CHARGES, Fact, Law
from rules.spans import Span


class NonAnswer(StrEnum):
    """The four ways of having no value, kept apart.

    The first three leave a comparison UNKNOWN; ``does_not_apply`` makes it NO.
    """

    NOT_ASKED = "not_asked"
    DOES_NOT_KNOW = "does_not_know"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"
    DOES_NOT_APPLY = "does_not_apply"


Answer = str | bool | Span | tuple[str, ...] | NonAnswer
UNKNOWN_KEY = "unknown"
_SAYABLE = (
    NonAnswer.DOES_NOT_KNOW,
    NonAnswer.PREFERS_NOT_TO_SAY,
    NonAnswer.DOES_NOT_APPLY,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of one case: a value or a non-answer for each fact; the rest was not asked."""

    answers: Mapping[str, Answer] = field(default_factory=dict)

    def get(self, fact: str) -> Answer:
        """Return the answer to a fact, NOT_ASKED when there is none."""
        return self.answers.get(fact, NonAnswer.NOT_ASKED)

    def with_answer(self, fact: str, answer: Answer) -> Sheet:
        """Return a sheet with one more (or another) answer."""
        return Sheet({**self.answers, fact: answer})


def read_sheet(law: Law, facts: object, path: str = "facts") -> Sheet:
    """Read a JSON object of facts. Raises InvalidCase with every fault in it."""
    sheet, faults = collect_sheet(law, facts, path)
    if faults:
        raise InvalidCase(tuple(faults))
    return sheet


def collect_sheet(law: Law, facts: object, path: str) -> tuple[Sheet, list[CaseFault]]:
    """Read a JSON object of facts and return it with every fault met on the way."""
    if not isinstance(facts, Mapping):
        fault = CaseFault(path, "bad_type", "facts is not an object", 'write "facts": {…}')
        return Sheet(), [fault]
    answers: dict[str, Answer] = {}
    faults: list[CaseFault] = []
    for name, value in facts.items():
        place = f"{path}.{name}"
        fact = law.facts.get(str(name))
        if fact is None:
            faults.append(
                CaseFault(
                    place,
                    "unknown_key",
                    f"there is no fact {str(name)!r}",
                    f"the facts are: {', '.join(law.facts)}",
                )
            )
        elif isinstance(value, Mapping):
            _non_answer(fact, value, place, answers, faults)
        else:
            _value(law, fact, value, place, answers, faults)
    return Sheet(answers), faults


def _non_answer(
    fact: Fact,
    value: Mapping[str, object],
    place: str,
    answers: dict[str, Answer],
    faults: list[CaseFault],
) -> None:
    kinds = [k.value for k in _SAYABLE if k is not NonAnswer.DOES_NOT_APPLY or fact.may_not_apply]
    kind = value.get(UNKNOWN_KEY)
    if set(value) != {UNKNOWN_KEY} or kind not in kinds:
        message = f"this is not a non-answer of {fact.id}"
        hint = f'write {{"unknown": "…"}} with one of: {", ".join(kinds)}'
        faults.append(CaseFault(place, "bad_non_answer", message, hint))
        return
    answers[fact.id] = NonAnswer(str(kind))


def _value(
    law: Law,
    fact: Fact,
    value: object,
    place: str,
    answers: dict[str, Answer],
    faults: list[CaseFault],
) -> None:
    if fact.kind == "flag":
        if isinstance(value, bool):
            answers[fact.id] = value
        else:
            faults.append(
                CaseFault(place, "bad_value", f"{fact.id} is true or false", "write true or false")
            )
    elif fact.kind == "choice":
        if isinstance(value, str) and value in fact.values:
            answers[fact.id] = value
        else:
            message = f"this is not a value of {fact.id}"
            hint = f"write one of: {', '.join(fact.values)}"
            faults.append(CaseFault(place, "bad_value", message, hint))
    elif fact.kind == "span":
        _span(fact, value, place, answers, faults)
    else:
        _charges(law, value, place, answers, faults)


def _span(
    fact: Fact, value: object, place: str, answers: dict[str, Answer], faults: list[CaseFault]
) -> None:
    try:
        answers[fact.id] = Span.parse(value if isinstance(value, str) else "")
    except ValueError:
        faults.append(
            CaseFault(
                place,
                "bad_date",
                f"{fact.id} is not a date that exists, or not in a form that is read here",
                "write 2024-07-29, 2024-07, 2024 or 2024-07-28/2024-08-05",
            )
        )


def _charges(
    law: Law, value: object, place: str, answers: dict[str, Answer], faults: list[CaseFault]
) -> None:
    if not isinstance(value, list):
        message = "charges is not a list of ids"
        faults.append(CaseFault(place, "bad_type", message, 'write ["terrorismo", …] or []'))
        return
    for i, charge in enumerate(value):
        if not isinstance(charge, str) or charge not in law.charges:
            faults.append(
                CaseFault(
                    f"{place}[{i}]",
                    "unknown_charge",
                    "there is no charge with this id",
                    "use an id of charges.yaml; for a charge that is not there, otro_cargo",
                )
            )
    known = (charge for charge in value if isinstance(charge, str) and charge in law.charges)
    answers[CHARGES] = tuple(dict.fromkeys(known))
