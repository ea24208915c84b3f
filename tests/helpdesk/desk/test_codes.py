"""A code with one slip in it is never another code, however it was written down."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk import codes
from helpdesk.desk.codes import ALPHABET, CASE_LENGTH, INVITATION_LENGTH

CODES = st.integers(0, 2**32).map(lambda seed: codes.new_code(Random(seed)))
INVITATIONS = st.integers(0, 2**32).map(lambda seed: codes.new_invitation(Random(seed)))


def test_the_symbols_are_a_prime_number_of_different_ones() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 17
    assert not set(ALPHABET) & set("01OIL6GUVBSZN")


def test_an_invitation_cannot_be_guessed() -> None:
    assert len(ALPHABET) ** (INVITATION_LENGTH - 1) >= 2**60


@pytest.mark.parametrize("length", [CASE_LENGTH, INVITATION_LENGTH])
def test_every_slip_changes_the_sum(length: int) -> None:
    """Exhaustive: a slip changes the sum by weight times difference, and 17 divides neither."""
    size = len(ALPHABET)
    differences = [one - other for one in range(size) for other in range(size) if one != other]
    for weight in range(1, length + 1):
        assert all(weight * difference % size for difference in differences)
    for first in range(1, length + 1):
        for second in range(first + 1, length + 1):
            assert all((first - second) * difference % size for difference in differences)


@given(code=CODES, place=st.integers(0, CASE_LENGTH - 1), symbol=st.sampled_from(ALPHABET))
def test_a_wrong_symbol_is_seen(code: str, place: int, symbol: str) -> None:
    wrong = code[:place] + symbol + code[place + 1 :]
    assert (codes.normal(wrong) == code) is (wrong == code)
    assert codes.normal(wrong) in (code, None)


@given(code=INVITATIONS, places=st.tuples(st.integers(0, 15), st.integers(0, 15)))
def test_two_symbols_that_changed_places_are_seen(code: str, places: tuple[int, int]) -> None:
    first, second = places
    swapped = list(code)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    wrong = "".join(swapped)
    assert codes.normal_invitation(wrong) == (code if wrong == code else None)


@given(code=CODES)
def test_a_code_is_read_as_people_write_it(code: str) -> None:
    shown = codes.shown(code)
    loosely = shown.lower().replace("-", " – ").replace("8", "b").replace("5", "s")
    for written in (code, shown, f"  {shown}\n", loosely, " ".join(code), code.replace("2", "z")):
        assert codes.normal(written) == code
    assert codes.normal(code + code[-1]) is None
    assert codes.normal_invitation(code) is None


def test_how_codes_are_shown() -> None:
    assert codes.shown("K7M4P2") == "K7M-4P2"
    assert codes.normal("k7m 4p2") == "K7M4P2"
    assert codes.normal("K7M-4P3") is None
    assert codes.shown("2" * INVITATION_LENGTH) == "2222-2222-2222-2222"


@pytest.mark.parametrize(
    "text", ["", "K7M-4P0", "K7M4", "K7M4P2 K7M4P2", "ｗ" * 6000, "😀😀😀😀😀😀", "١٢٣٤٥٦"]
)
def test_anything_else_is_no_code(text: str) -> None:
    assert codes.normal(text) is None


def test_codes_differ() -> None:
    assert len({codes.new_code() for _ in range(200)}) > 190
