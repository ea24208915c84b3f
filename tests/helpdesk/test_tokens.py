"""A button stands for one action on one screen of one chat, fits Telegram, and says nothing."""

from __future__ import annotations

from itertools import product

from helpdesk.tokens import LIMIT, mark, matches, token

KEY, OTHER = b"k" * 32, b"o" * 32


def test_a_token_is_bound_to_everything_it_stands_for() -> None:
    made = {
        token(key, chat, revision, screen, action)
        for key, chat, revision, screen, action in product(
            (KEY, OTHER), (1, 11), (1, 11), ("ask.petition", "ask.date"), ("set:yes", "back")
        )
    }
    assert len(made) == 32


def test_a_token_fits_and_says_nothing() -> None:
    made = token(KEY, 10**15, 10**9, "ask.charges" * 20, "pick:financiamiento_al_terrorismo")
    assert len(made.encode()) <= LIMIT
    assert made.startswith("1")
    assert "pick" not in made


def test_comparing_takes_anything_that_was_pressed() -> None:
    own = token(KEY, 1, 1, "s", "a")
    assert matches(own, own)
    for pressed in ("", "ñ", "\ud83d", own[:-1], own + "x"):
        assert not matches(pressed, own)


def test_a_mark_knows_a_message_without_holding_its_id() -> None:
    assert mark(KEY, 1, 12345) == mark(KEY, 1, 12345)
    assert mark(KEY, 1, 12345) != mark(KEY, 2, 12345)
    assert mark(KEY, 1, 12345) != mark(OTHER, 1, 12345)
    assert "12345" not in mark(KEY, 1, 12345)
