"""Borrador on everything said, until a lawyer has signed the law's files and these very words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpdesk import result
from helpdesk.context import Context
from helpdesk.interview import Assessor
from helpdesk.state import State
from rules import Law
from tests.helpdesk.talk import NOW

FACTS = {"petition": "not_filed", "situation": "detained", "fact_date": "2025-11"}


def told(context: Context, law: Law) -> str:
    look = Assessor(law, context.look(NOW).as_of, context.wording)
    state = State(law_version=law.version, law_hash=law.law_hash, answers=FACTS)
    parts = result.result(look, state, context.catalogue)
    return "\n".join(context.catalogue.plain(p.key, p.params, p.count) for p in parts)


@pytest.mark.parametrize(
    ("status", "words", "reviewed"),
    [
        ("draft", True, False),
        ("reviewed", False, False),
        ("reviewed", True, True),
    ],
)
def test_both_hashes_must_match(context: Context, status: str, words: bool, reviewed: bool) -> None:
    law = context.look(NOW).law
    signed = frozenset({context.wording if words else "0" * 64})
    text = told(context, replace(law, status=status, signed_wording=signed))  # type: ignore[arg-type]  # one of two words
    assert ("borrador" not in text.lower()) is reviewed
    assert ("revisadas por un abogado" in text) is reviewed


def test_a_changed_word_changes_the_hash(context: Context) -> None:
    message = next(iter(context.catalogue))
    other = replace(message, forms=(message.forms[0] + ".", *message.forms[1:]))
    messages = {m.key: m for m in context.catalogue} | {message.key: other}
    again = type(context.catalogue)("es", messages, lambda _: 0)
    assert again.wording_hash != context.wording
