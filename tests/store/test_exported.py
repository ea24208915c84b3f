"""What the room offers is what it says it offers."""

from __future__ import annotations

import inspect

import store
from store import errors


def test_all_is_complete_and_sorted() -> None:
    assert store.__all__ == sorted(store.__all__)
    for name in store.__all__:
        assert getattr(store, name) is not None


def test_every_error_is_in_the_family_tree() -> None:
    family = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    for error in family:
        assert issubclass(error, errors.StoreError)
        assert error.__doc__
        assert error.__name__ in (errors.__doc__ or "")
