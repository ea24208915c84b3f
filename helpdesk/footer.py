"""What stands under every question: a way not to say, why it is asked, and the way back."""

from __future__ import annotations

from helpdesk import interview
from helpdesk.interview import Assessor
from helpdesk.layout import Choice, Row
from helpdesk.questions import NON_ANSWERS
from helpdesk.state import State

_NOTHING_SAID = tuple(Choice(f"button.{one}", f"set:{one}") for one in NON_ANSWERS)


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
