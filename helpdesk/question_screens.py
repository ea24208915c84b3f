"""How each question looks: its text and its buttons; what a press means is not decided here."""

from __future__ import annotations

from helpdesk import charge_screens, date_screens
from helpdesk.footer import footer, non_answers
from helpdesk.interview import Assessor
from helpdesk.layout import Choice, Layout, column
from helpdesk.messages import Part
from helpdesk.questions import QUESTIONS
from helpdesk.state import State

_OWN = {
    "date": date_screens.date,
    "event": date_screens.event,
    "charges": charge_screens.charges,
    "group": charge_screens.group,
}
"""Questions that are typed, or that have steps of their own."""


def question(look: Assessor, state: State, which: str) -> Layout:
    """Return the screen of a question, or of the step it is at (a date to confirm, a choice)."""
    if which in _OWN:
        return _OWN[which](look, state)
    asked = QUESTIONS[which]
    choices = [Choice(f"{asked.options}{value}", f"set:{value}") for value in asked.values]
    return Layout(
        (Part(f"ask.{which}"),),
        (*column(choices), *non_answers(), *footer(look, state)),
    )
