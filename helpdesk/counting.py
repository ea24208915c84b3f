"""Which anonymous counters a conversation yields: categories, never a person, a day or a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from helpdesk.interview import Assessor
from helpdesk.questions import OF_THE_LAW, QUESTIONS, is_answer
from helpdesk.state import State

UNANSWERED = "unanswered"
"""In the place of what she did not tell."""
SEVERAL = "several"
NOTHING = "none"
REVIEWING = "reviewing"
"""In the place of an outcome that was not said, because a rule of it is withdrawn."""
AlertChange = Literal["joined", "left", "renewed", "gone"]
"""What may become of somebody's alerts; "gone" is who can no longer be reached."""


def finished(look: Assessor, state: State) -> dict[str, int]:
    """Return the counters of one finished session, each of at most two dimensions.

    Outcome by event, by charge class and by situation, and which questions went unanswered. The
    session is counted once, by its first result, so that changing answers leaves no trail.
    """
    answers = state.answers
    said = REVIEWING if look.reviews(answers) else look.determine(answers).outcome
    outcome = f"outcome={said}"
    counts = {
        f"event={_told(answers.get('event'))}|{outcome}": 1,
        f"charge_class={_charge_class(look, answers.get('charges'))}|{outcome}": 1,
        f"{outcome}|situation={_told(answers.get('situation'))}": 1,
    }
    for question in ("petition", "situation", *OF_THE_LAW):
        for fact in QUESTIONS[question].facts:
            value = answers.get(fact)
            if value is not None and not is_answer(value):
                counts[f"question={question}|unanswered={value['unknown']}"] = 1
    return counts


def intent(name: str) -> dict[str, int]:
    """Return the counter of something asked beside the interview."""
    return {f"intent={name}": 1}


def alerts(became: AlertChange) -> dict[str, int]:
    """Return the counter of what became of somebody's alerts."""
    return {f"alerts={became}": 1}


def _told(value: object) -> str:
    return str(value) if is_answer(value) else UNANSWERED


def _charge_class(look: Assessor, charges: object) -> str:
    if not isinstance(charges, list):
        return UNANSWERED
    classes = {look.law.charges[one].charge_class for one in charges}
    if not classes:
        return NOTHING
    return classes.pop() if len(classes) == 1 else SEVERAL


class Tally:
    """Counts in memory, between one hourly writing and the next; a crash loses at most those."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, counts: Mapping[str, int]) -> None:
        """Add the counters of a reply, after its transaction has committed."""
        self._counts.update(counts)

    def take(self) -> dict[str, int]:
        """Return what was counted, and begin again from nothing."""
        taken, self._counts = dict(self._counts), Counter()
        return taken

    def put_back(self, counts: Mapping[str, int]) -> None:
        """Take back counts that could not be written."""
        self._counts.update(counts)
