"""The laws, the words and a conversation in which nothing has been said, loaded once."""

from __future__ import annotations

import pytest

import locales
import rules
from helpdesk import conversation
from helpdesk.context import Context
from helpdesk.interview import Assessor
from rules import Law
from tests.helpdesk.talk import NOW, Talk


@pytest.fixture(scope="session")
def context() -> Context:
    return Context(rules.load(), locales.load(), b"k" * 32)


@pytest.fixture(scope="session")
def look(context: Context) -> Assessor:
    return context.look(NOW)


@pytest.fixture(scope="session")
def law(look: Assessor) -> Law:
    return look.law


@pytest.fixture
def talk(context: Context, look: Assessor) -> Talk:
    return Talk(context, look, conversation.begin(look.law))
