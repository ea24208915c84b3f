"""A conversation is read back as it was stored; another form is refused and not repeated."""

from __future__ import annotations

import json

import pytest

from helpdesk.errors import OutdatedState
from helpdesk.state import DOES_NOT_KNOW, Draft, State

WHOLE = State(
    law_version="2026-02-19",
    law_hash="ab",
    answers={"fact_date": "2024-07", "charges": ["terrorismo"], "event": DOES_NOT_KNOW},
    asked=("petition", "date"),
    draft=Draft(asks=(("a", "b"),), picks=("c",)),
    view="steps",
    page=2,
)


def test_a_state_is_read_back_as_it_was_written() -> None:
    assert State.read(json.loads(json.dumps(WHOLE.write()))) == WHOLE


@pytest.mark.parametrize(
    "stored", [{}, {"format": 2}, WHOLE.write() | {"format": 2}, WHOLE.write() | {"more": "Juana"}]
)
def test_another_form_is_refused_without_repeating_it(stored: dict[str, object]) -> None:
    with pytest.raises(OutdatedState) as refused:
        State.read(stored)
    assert "Juana" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_state_cannot_be_altered() -> None:
    with pytest.raises(ValueError, match="frozen"):
        WHOLE.page = 3  # type: ignore[misc] # that is what is tried
