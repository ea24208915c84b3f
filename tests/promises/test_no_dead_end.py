"""No dead end: every screen has a way on or a way home, and every question takes "No sé".

That every interview ends, from wherever it stands and after 14 questions at most, is proven by the
walker in tests/helpdesk.
"""

from __future__ import annotations

import pytest

from helpdesk.questions import NON_ANSWERS, QUESTIONS
from tests.helpdesk.talk import Talk
from tests.promises import screens
from tests.promises.screens import context, every_screen, look

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("screens")]

NOT_KNOWING = {
    *("set:does_not_know", "date:does_not_know", "month:unknown", "year:unknown"),
    *("which:unsure", "group:unsure"),
}
"""What "No sé" does under a question, and under the choice that one of its answers opens."""
CONFIRMING = {"charges:over", "charges:done"}
"""What she has just typed or marked is shown back: it is right, or it is not."""
HOME = ("close", "go_on", "restart")


def home(talk: Talk) -> bool:
    """Whether the question, the card or the result is reached by pressing what leads there."""
    for _ in range(4):
        if not talk.state.view and not talk.state.notice:
            return True
        ways = [one for one in HOME if one in talk.layout.actions]
        if not ways:
            return talk.asked is not None and not talk.state.view
        talk.act(ways[0])
    return False


def test_every_page_leads_home() -> None:
    for one in every_screen():
        assert one.layout.actions, one.text
        assert home(Talk(context(), look(), one.state)), one.keys


def test_every_question_of_fact_takes_not_knowing() -> None:
    asked = [one for one in every_screen() if one.question]
    assert len(asked) > 100
    for one in asked:
        actions = set(one.layout.actions)
        known = actions & (NOT_KNOWING | CONFIRMING | {"group:done"})
        assert known, one.text
        if not actions & CONFIRMING and "group:done" not in actions:
            assert any("No sé" in label for label in one.labels), one.labels
        assert "open:why" in actions


@pytest.mark.parametrize("silence", NON_ANSWERS)
def test_saying_nothing_at_all_comes_to_an_answer(silence: str) -> None:
    here = screens.talk()
    for _ in QUESTIONS:
        if not here.done:
            here.act(f"set:{silence}")
    assert here.done
    assert here.outcome == "needs_facts"
