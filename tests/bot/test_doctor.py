"""The operator's doctor says what is wrong with the group and the people, and what to change."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.doctor import Finding, examine, look_at_desk, look_at_organisers, rate_state
from bot.settings import Settings
from helpdesk.desk import staff
from sandbox import Group, Sandbox
from store import Keys, open_database, rotate
from tests.bot.test_app import settings


@pytest.fixture
def group(box: Sandbox) -> Group:
    group = box.group("Mesa", forum=True)
    group.promote_bot({"can_manage_topics", "can_delete_messages"})
    group.set(
        has_hidden_members=True,
        has_protected_content=True,
        join_by_request=True,
        permissions={"can_invite_users": False},
    )
    return group


@pytest.fixture
def chosen(box: Sandbox, tmp_path: Path) -> Settings:
    given = settings(tmp_path, box.url)
    return given.model_copy(update={"bot_token": SecretStr(box.token)})


def colours(findings: list[Finding]) -> list[bool]:
    assert {finding.subject for finding in findings} == {"desk"}
    return [finding.red for finding in findings]


async def test_a_group_as_it_should_be_is_green(chosen: Settings, group: Group) -> None:
    assert [*map(str, await look_at_desk(chosen, group.chat_id))] == [
        "green  desk: the group is as it has to be"
    ]


async def test_what_is_unsafe_is_red_with_what_to_change(chosen: Settings, group: Group) -> None:
    group.demote_bot("can_delete_messages")
    group.set(join_by_request=False)
    findings = await look_at_desk(chosen, group.chat_id)
    assert colours(findings) == [True, True, False], "a warning stops nothing"
    assert "nothing is relayed" in findings[0].words
    assert all(len(finding.words) > 60 for finding in findings[1:])
    assert str(group.chat_id) not in "".join(map(str, findings))


async def test_a_group_that_moved_is_followed(box: Sandbox, chosen: Settings) -> None:
    basic = box.group("Mesa", basic=True)
    old = basic.chat_id
    basic.migrate()
    findings = await look_at_desk(chosen, old)
    assert colours(findings)[0]
    assert "did not say" not in findings[0].words


async def test_a_telegram_that_does_not_answer_is_red(
    box: Sandbox, chosen: Settings, group: Group
) -> None:
    box.faults.server_error("getChatMember")
    (finding,) = await look_at_desk(chosen, group.chat_id)
    assert finding.red
    assert "did not say what the group is like" in finding.words


async def test_a_desk_that_nobody_coordinates_is_red(chosen: Settings, group: Group) -> None:
    asked = chosen.model_copy(update={"desk_chat_id": group.chat_id})
    Keys.generate(asked.key_file)

    async def team() -> Finding:
        return next(one for one in await examine(asked) if one.subject == "team")

    assert "faro invite lead" in str(await team())
    assert (await team()).red
    async with await open_database(asked.database_url, Keys.load(asked.key_file)) as db:
        await rotate(db, datetime.now(UTC))
        code = await db.transaction(staff.invite, staff.Role.LEAD, None, datetime.now(UTC))
        await db.transaction(staff.accept, 4_711, code, datetime.now(UTC))
    assert str(await team()) == "green  team: 1 in all, 1 of them coordinate"


async def test_a_broadcast_needs_two_organisers_and_no_desk(box: Sandbox, chosen: Settings) -> None:
    Keys.generate(chosen.key_file)
    elena, bruno = box.person("Elena"), box.person("Bruno")
    for person in (elena, bruno):
        await person.send("/start")
    nobody = await look_at_organisers(chosen)
    assert not nobody.red, "a helpdesk may well have no broadcasts"
    assert "FARO_ORGANISERS" in nobody.words
    one = chosen.model_copy(update={"organisers": (elena.chat_id,)})
    alone = await look_at_organisers(one)
    assert alone.red
    assert "needs another" in alone.words
    two = chosen.model_copy(update={"organisers": (elena.chat_id, bruno.chat_id)})
    assert str(await look_at_organisers(two)) == (
        "green  organisers: 2: one writes, another approves"
    )


async def test_organisers_are_counted_once_whichever_way_they_came(
    box: Sandbox, chosen: Settings
) -> None:
    Keys.generate(chosen.key_file)
    elena = box.person("Elena")
    async with await open_database(chosen.database_url, Keys.load(chosen.key_file)) as db:
        await rotate(db, datetime.now(UTC))
        await db.transaction(staff.ensure, elena.chat_id, staff.Role.ORGANISER)
        await db.transaction(staff.ensure, elena.chat_id + 1, staff.Role.LEAD)
    both = chosen.model_copy(update={"organisers": (elena.chat_id,)})
    assert (await look_at_organisers(both)).red, "still only one"


async def test_an_organiser_who_never_opened_the_bot_is_red(box: Sandbox, chosen: Settings) -> None:
    Keys.generate(chosen.key_file)
    elena = box.person("Elena")
    await elena.send("/start")
    given = chosen.model_copy(update={"organisers": (elena.chat_id, box.person("Bruno").chat_id)})
    finding = await look_at_organisers(given)
    assert finding.red
    assert "1 of 2 never opened the bot" in finding.words
    assert str(elena.chat_id) not in finding.words


def test_the_rate_is_told_in_the_time_that_it_means(chosen: Settings) -> None:
    slow = chosen.model_copy(update={"send_rate": 10.0})
    assert str(rate_state(slow)) == (
        "green  rate: 10 messages a second: 20000 families in 33 minutes"
    )
