"""Nothing is relayed into a group that could give a family away, nor into one not known."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest

from helpdesk.desk import posture
from helpdesk.desk.posture import WARNINGS, GroupFacts, Problem
from locales import Catalogue, load
from store import Database, desk_state

SAFE = GroupFacts(
    inside=True,
    kind="supergroup",
    is_forum=True,
    history_visible=False,
    members_hidden=True,
    content_protected=True,
    join_by_request=True,
    members_may_invite=False,
    members=120,
    bot_is_admin=True,
    bot_rights=frozenset({"can_manage_topics", "can_delete_messages", "can_manage_chat"}),
)
UNSAFE = [
    (Problem.OUT, {"inside": False}),
    (Problem.NOT_SUPERGROUP, {"kind": "group"}),
    (Problem.NOT_FORUM, {"is_forum": False}),
    (Problem.BOT_NOT_ADMIN, {"bot_is_admin": False}),
    (Problem.BOT_NO_TOPICS, {"bot_rights": frozenset({"can_delete_messages"})}),
    (Problem.BOT_NO_DELETE, {"bot_rights": frozenset({"can_manage_topics"})}),
    (Problem.PUBLIC, {"public": True}),
    (Problem.LINKED_CHANNEL, {"linked_channel": True}),
    (Problem.HISTORY_VISIBLE, {"history_visible": True}),
    (Problem.CONTENT_OPEN, {"content_protected": False}),
    (Problem.MEMBERS_INVITE, {"members_may_invite": True}),
    (Problem.MEMBERS_SHOWN, {"members_hidden": False}),
    (Problem.MEMBERS_SHOWN, {"members_hidden": False, "members": None}),
]
WARNED = [
    (Problem.MEMBERS_SHOWN_FEW, {"members_hidden": False, "members": 99}),
    (Problem.NO_APPROVAL, {"join_by_request": False}),
    (Problem.BOT_ANONYMOUS, {"bot_anonymous": True}),
    (Problem.BOT_TOO_MUCH, {"bot_rights": SAFE.bot_rights | {"can_promote_members"}}),
]


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return load()


@pytest.mark.parametrize(("problem", "change"), UNSAFE + WARNED)
async def test_each_fact_alone_is_found(
    db: Database, now: datetime, problem: Problem, change: dict[str, object]
) -> None:
    facts = replace(SAFE, **change)  # type: ignore[arg-type]  # names of fields, each with its type
    assert posture.problems(facts) == (problem,)
    await db.transaction(posture.note, facts, now)
    assert await db.transaction(posture.safe, now) is (problem in WARNINGS)


def test_every_problem_has_a_case_here_and_its_words(words: Catalogue) -> None:
    assert {problem for problem, _ in UNSAFE + WARNED} == set(Problem)
    assert {problem for problem, _ in WARNED} == WARNINGS
    for problem in Problem:
        assert posture.words(problem).key in words
        assert "«" in words.plain(posture.fix(problem).key)  # it names the menu


def test_what_telegram_leaves_out_counts_as_unsafe() -> None:
    assert posture.problems(GroupFacts()) == (Problem.OUT,)
    bare = GroupFacts(inside=True)
    assert len(posture.blocking(posture.problems(bare))) == 7
    assert len(fields(GroupFacts)) == 14


async def test_a_desk_that_was_never_read_is_not_safe(db: Database, now: datetime) -> None:
    assert not await db.transaction(posture.safe, now)
    assert await db.transaction(posture.due, now)
    assert await db.transaction(posture.note, None, now) is None
    assert not await db.transaction(posture.safe, now)


async def test_a_good_reading_counts_for_an_hour_of_silence(db: Database, now: datetime) -> None:
    await db.transaction(posture.note, SAFE, now)
    assert not await db.transaction(posture.due, now + timedelta(minutes=4))
    later = now + timedelta(minutes=10)
    noted = await db.transaction(posture.note, None, later)
    assert noted is not None
    assert noted.failing_since == later.timestamp() // 1
    assert await db.transaction(posture.due, later)
    assert await db.transaction(posture.safe, now + posture.GOOD_FOR)
    assert not await db.transaction(posture.safe, now + posture.GOOD_FOR + timedelta(seconds=1))
    assert not await db.transaction(posture.safe, now - timedelta(hours=2))  # a clock set back
    again = await db.transaction(posture.note, SAFE, now + timedelta(hours=2))
    assert again is not None
    assert again.failing_since is None
    assert await db.transaction(posture.safe, now + timedelta(hours=2))


async def test_a_bad_reading_stays_bad_until_a_good_one(db: Database, now: datetime) -> None:
    await db.transaction(posture.note, SAFE, now)
    await db.transaction(posture.note, replace(SAFE, public=True), now)
    await db.transaction(posture.note, None, now)
    assert not await db.transaction(posture.safe, now)
    await db.transaction(posture.note, SAFE, now)
    assert await db.transaction(posture.safe, now)


async def test_a_reading_of_another_program_counts_for_nothing(db: Database, now: datetime) -> None:
    stored = {"posture": {"at": int(now.timestamp()), "problems": ["new"], "failing_since": None}}
    await db.transaction(desk_state.put, stored)
    assert await db.transaction(posture.read) is None
    assert not await db.transaction(posture.safe, now)
