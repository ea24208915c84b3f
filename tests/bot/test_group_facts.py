"""What the doctor and the posture gate are told of a group is what Telegram says of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from telegram.error import ChatMigrated

from bot.group_facts import group_facts
from bot.wire import Wire
from helpdesk.desk.posture import GroupFacts, blocking, problems
from sandbox import Group, Sandbox

RIGHTS = frozenset({"can_manage_chat", "can_manage_topics", "can_delete_messages"})


@pytest.fixture
async def wire(box: Sandbox) -> AsyncIterator[Wire]:
    async with Wire(box.url, box.token, patience=2) as wire:
        yield wire


@pytest.fixture
def group(box: Sandbox) -> Group:
    """A group as it should be."""
    group = box.group("Mesa", forum=True)
    group.promote_bot({"can_manage_topics", "can_delete_messages"})
    group.set(has_hidden_members=True, has_protected_content=True, join_by_request=True)
    group.set(permissions={"can_invite_users": False})
    return group


async def test_a_group_as_it_should_be_has_nothing_wrong(wire: Wire, group: Group) -> None:
    facts = await group_facts(wire, group.chat_id)
    assert facts == GroupFacts(
        inside=True,
        kind="supergroup",
        is_forum=True,
        history_visible=False,
        members_hidden=True,
        content_protected=True,
        join_by_request=True,
        members_may_invite=False,
        members=2,
        bot_is_admin=True,
        bot_rights=RIGHTS,
    )
    assert problems(facts) == ()


async def test_everything_that_can_be_wrong_is_seen(wire: Wire, group: Group) -> None:
    group.set(
        has_hidden_members=False,
        has_protected_content=False,
        join_by_request=False,
        has_visible_history=True,
        linked_chat_id=-1_009,
    )
    group.set(permissions={"can_invite_users": True})
    group.make_forum(False)
    group.demote_bot("can_delete_messages")
    facts = await group_facts(wire, group.chat_id)
    assert facts == GroupFacts(
        inside=True,
        kind="supergroup",
        linked_channel=True,
        members=2,
        bot_is_admin=True,
        bot_rights=RIGHTS - {"can_delete_messages"},
    )
    group.demote_bot()
    facts = await group_facts(wire, group.chat_id)
    assert facts is not None
    assert not facts.bot_is_admin
    assert blocking(problems(facts))


async def test_a_group_that_the_bot_is_not_in(wire: Wire, box: Sandbox, group: Group) -> None:
    assert await group_facts(wire, -1_009) == GroupFacts()
    group.remove_bot()
    assert await group_facts(wire, group.chat_id) == GroupFacts()
    left = box.group("Otra")
    await wire.leave(left.chat_id)
    assert await group_facts(wire, left.chat_id) == GroupFacts()


@pytest.mark.parametrize("method", ["getChat", "getChatMember"])
async def test_a_telegram_that_does_not_answer_says_nothing(
    wire: Wire, box: Sandbox, group: Group, method: str
) -> None:
    box.faults.server_error(method)
    assert await group_facts(wire, group.chat_id) is None
    box.faults.retry_after(method, 9)
    assert await group_facts(wire, group.chat_id) is None
    box.faults.refuse(method, 400, "Bad Request: something of next year")
    assert await group_facts(wire, group.chat_id) is None


async def test_a_size_that_is_not_told_is_left_out(wire: Wire, box: Sandbox, group: Group) -> None:
    whole = await group_facts(wire, group.chat_id)
    box.faults.server_error("getChatMemberCount")
    assert whole is not None
    assert await group_facts(wire, group.chat_id) == replace(whole, members=None)


async def test_a_group_that_moved_says_where(wire: Wire, box: Sandbox) -> None:
    basic = box.group("Mesa", basic=True)
    old, new = basic.chat_id, basic.migrate()
    with pytest.raises(ChatMigrated) as moved:
        await group_facts(wire, old)
    assert moved.value.new_chat_id == new
