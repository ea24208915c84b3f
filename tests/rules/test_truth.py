"""Three-valued truth: the tables in full, and the laws that hold over them."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from rules.conditions import (
    All,
    AnyOf,
    Condition,
    Except,
    Judgement,
    NoneOf,
    OneOf,
    atoms,
    evaluate,
    judgements,
)
from rules.truth import Truth, conjunction, disjunction, negation, of

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES

AND = {
    (NO, NO): NO,
    (NO, UNKNOWN): NO,
    (NO, YES): NO,
    (UNKNOWN, NO): NO,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, YES): UNKNOWN,
    (YES, NO): NO,
    (YES, UNKNOWN): UNKNOWN,
    (YES, YES): YES,
}
OR = {
    (NO, NO): NO,
    (NO, UNKNOWN): UNKNOWN,
    (NO, YES): YES,
    (UNKNOWN, NO): UNKNOWN,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, YES): YES,
    (YES, NO): YES,
    (YES, UNKNOWN): YES,
    (YES, YES): YES,
}
NOT = {NO: YES, UNKNOWN: UNKNOWN, YES: NO}
PAIRS = list(itertools.product(Truth, repeat=2))


@pytest.mark.parametrize("pair", PAIRS)
def test_the_tables_are_those_of_strong_kleene(pair: tuple[Truth, Truth]) -> None:
    assert conjunction(pair) is AND[pair]
    assert disjunction(pair) is OR[pair]
    assert negation(pair[0]) is NOT[pair[0]]


def test_nothing_to_join_is_the_neutral_truth() -> None:
    assert conjunction(()) is YES
    assert disjunction(()) is NO


@pytest.mark.parametrize("triple", list(itertools.product(Truth, repeat=3)))
def test_the_laws_of_kleene(triple: tuple[Truth, Truth, Truth]) -> None:
    a, b, c = triple
    assert negation(negation(a)) is a
    assert conjunction((a, b)) is conjunction((b, a))
    assert conjunction((a, b, c)) is conjunction((a, conjunction((b, c))))
    assert disjunction((a, b, c)) is disjunction((disjunction((a, b)), c))
    assert negation(conjunction((a, b))) is disjunction((negation(a), negation(b)))
    assert conjunction((a, disjunction((b, c)))) is disjunction(
        (conjunction((a, b)), conjunction((a, c)))
    )
    assert conjunction((a, disjunction((a, b)))) is a


def test_the_excluded_middle_does_not_hold() -> None:
    assert disjunction((UNKNOWN, negation(UNKNOWN))) is UNKNOWN


@pytest.mark.parametrize("truth", list(Truth))
def test_a_truth_is_no_bool(truth: Truth) -> None:
    with pytest.raises(TypeError, match="not a bool"):
        bool(truth)


def test_a_truth_has_a_word() -> None:
    assert [truth.word for truth in Truth] == ["no", "unknown", "yes"]
    assert (of(True), of(False)) == (YES, NO)


LEAVES = {NO: OneOf("no", frozenset()), UNKNOWN: Judgement("open", "judge")}
LEAVES[YES] = OneOf("yes", frozenset())


def asked(atom: object) -> Truth:
    assert isinstance(atom, OneOf)
    return YES if atom.fact == "yes" else NO


WORDS: list[tuple[Callable[[Condition, Condition], Condition], Callable[[Truth, Truth], Truth]]] = [
    (lambda a, b: All((a, b)), lambda a, b: AND[a, b]),
    (lambda a, b: AnyOf((a, b)), lambda a, b: OR[a, b]),
    (lambda a, b: NoneOf((a, b)), lambda a, b: NOT[OR[a, b]]),
    (lambda a, b: Except(a, "label", b), lambda a, b: AND[a, NOT[b]]),
]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("word", WORDS, ids=["all", "any", "none", "except"])
def test_every_word_keeps_its_table_and_the_whole_tree(
    word: tuple[Callable[..., Condition], Callable[..., Truth]], pair: tuple[Truth, Truth]
) -> None:
    build, table = word
    condition = build(LEAVES[pair[0]], LEAVES[pair[1]])
    tree = evaluate(condition, asked)
    assert tree.truth is table(*pair)
    # Nothing is skipped, even where the first part already decides.
    assert [part.truth for part in tree.parts] == list(pair)
    assert len(list(atoms(condition))) + len(list(judgements(condition))) == 2
