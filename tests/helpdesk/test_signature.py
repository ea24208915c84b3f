"""Borrador on everything said, until a lawyer has signed the law's files and these very words."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk import result
from helpdesk.context import Context
from helpdesk.interview import Assessor
from helpdesk.state import State
from locales import Catalogue
from locales.catalogue import OF_THE_TEAM
from rules import Law
from tests.helpdesk.talk import NOW

HELPDESK = Path(result.__file__).parent
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


def mended(catalogue: Catalogue, key: str) -> Catalogue:
    """Return the catalogue with another word under a key."""
    messages = {message.key: message for message in catalogue}
    before = messages[key]
    messages[key] = replace(before, forms=(before.forms[0] + ".", *before.forms[1:]))
    return Catalogue(catalogue.language, messages, lambda _: 0)


@pytest.mark.parametrize(
    ("key", "signed"),
    [
        ("ask.petition", False),
        ("case.reply", False),
        ("command.privacy_text", False),
        ("button.back", False),
        ("outcome.likely_covered", False),
        ("desk.card.how", True),
        ("button.desk_claim", True),
        ("posture.fix.history_visible", True),
        ("canned.money.text", True),
        ("group.not_ours", True),
    ],
)
def test_only_a_changed_word_of_a_familys_takes_the_signature_away(
    context: Context, key: str, signed: bool
) -> None:
    assert (mended(context.catalogue, key).wording_hash == context.wording) is signed


def test_of_the_teams_words_no_screen_of_a_familys_says_any(context: Context) -> None:
    """They stand in files of their own, which nothing but the desk names."""
    teams = {one.key for one in context.catalogue if Path(one.file).name in OF_THE_TEAM}
    named = {
        node.value.removeprefix("@")
        for path in HELPDESK.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert "case.passed" in named
    assert teams & named == set()
    told = {
        word.value
        for path in (HELPDESK / "desk").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("told_family")
        for word in node.args
        if isinstance(word, ast.Constant) and isinstance(word.value, str)
    }
    assert "case.retired" in told
    assert teams & told == set()
