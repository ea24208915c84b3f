"""The operator makes the first invitation, sees pseudonyms only, and removes who has to go."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import commands, team
from bot.__main__ import _ROLES, main
from bot.clock import utc_now
from bot.settings import Settings
from helpdesk.desk import casebook, staff
from helpdesk.desk.case import Case, Category, Status, Urgency
from helpdesk.desk.staff import Member, Role
from store import Keys, Tx, open_database, rotate
from tests.bot.test_app import settings

ANA = 8_123_456_789


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    given = settings(tmp_path).model_copy(
        update={"desk_chat_id": -1_001_234, "key_file": tmp_path / "keys" / "faro.key"}
    )
    given.key_file.parent.mkdir()
    Keys.generate(given.key_file)
    return given


async def joined(chosen: Settings, user: int, code: str) -> Member | None:
    async with await open_database(chosen.database_url, Keys.load(chosen.key_file)) as db:
        return await db.transaction(staff.accept, user, code, utc_now())


async def test_the_first_lead_comes_in_before_faro_ever_ran(
    chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await team.invite(chosen, "lead", utc_now()) == 0
    told = capsys.readouterr().out
    code = told.splitlines()[0]
    assert f"/equipo {code}" in told
    assert "makes one person a lead, once, within 48 hours" in told
    member = await joined(chosen, ANA, code)
    assert member is not None
    assert (member.name, member.roles) == ("V-01", frozenset({Role.LEAD}))
    assert await joined(chosen, ANA + 1, code) is None, "once"


async def test_an_invitation_is_good_after_faro_has_started(
    chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await team.invite(chosen, "organiser", utc_now())
    code = capsys.readouterr().out.splitlines()[0]
    async with await open_database(chosen.database_url, Keys.load(chosen.key_file)) as db:
        await rotate(db, utc_now())
    member = await joined(chosen, ANA, code)
    assert member is not None
    assert member.roles == {Role.ORGANISER}


async def test_without_a_desk_it_says_so(
    chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    without = chosen.model_copy(update={"desk_chat_id": None})
    assert await team.invite(without, "volunteer", utc_now()) == 0
    told = capsys.readouterr().out
    assert "FARO_DESK_CHAT_ID is not set" in told
    assert "FARO_ORGANISERS" not in told
    assert await team.invite(without, "organiser", utc_now()) == 0
    assert "put the account's id into FARO_ORGANISERS" in capsys.readouterr().out


async def test_an_organiser_need_not_join_the_group(
    chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for role, joins in (("lead", True), ("organiser", False)):
        await team.invite(chosen, role, utc_now())
        assert ("joins the volunteers' group" in capsys.readouterr().out) is joins


async def test_who_would_come_back_at_the_next_start_is_named(
    chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for organisers, comes_back in (((), False), ((ANA,), True)):
        await team.invite(chosen, "organiser", utc_now())
        member = await joined(chosen, ANA, capsys.readouterr().out.splitlines()[0])
        assert member is not None
        those = chosen.model_copy(update={"organisers": organisers})
        assert await team.remove(those, member.name, utc_now()) == 0
        told = capsys.readouterr().out
        assert ("FARO_ORGANISERS" in told) is comes_back
        assert str(ANA) not in told


async def test_people_are_pseudonyms_and_roles(
    chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await team.show(chosen) == 0
    assert "faro invite lead" in capsys.readouterr().out
    for role in ("lead", "volunteer"):
        await team.invite(chosen, role, utc_now())
        await joined(chosen, ANA, capsys.readouterr().out.splitlines()[0])
    assert await team.show(chosen) == 0
    told = capsys.readouterr().out
    assert told.split() == ["V-01", "lead,", "volunteer"]
    assert str(ANA) not in told


def claimed(tx: Tx) -> None:
    now = utc_now()
    case = Case(
        code="K7M4P2",
        category=Category.COURT,
        urgency=Urgency.DAYS,
        opened_at=int(now.timestamp()),
        status=Status.CLAIMED,
        owner="V-01",
        claimed_at=int(now.timestamp()),
    )
    casebook.begin(tx, 5_000_000_001, case, now)


def state(tx: Tx) -> tuple[Status, str | None]:
    (entry,) = casebook.every_open(tx)
    return entry.case.status, entry.case.owner


async def test_who_is_removed_has_nothing_in_hand_any_more(
    chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await team.invite(chosen, "lead", utc_now())
    await joined(chosen, ANA, capsys.readouterr().out.splitlines()[0])
    async with await open_database(chosen.database_url, Keys.load(chosen.key_file)) as db:
        await db.transaction(claimed)
    assert await team.remove(chosen, "v1", utc_now()) == 0, "the only lead too: it is the operator"
    assert capsys.readouterr().out.startswith("V-01 is not of the team any more")
    async with await open_database(chosen.database_url, Keys.load(chosen.key_file)) as db:
        assert await db.transaction(staff.of, ANA) is None
        assert await db.transaction(state) == (Status.WAITING, None)


async def test_nobody_of_that_name(chosen: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert await team.remove(chosen, "V-07", utc_now()) == 1
    await team.invite(chosen, "lead", utc_now())
    assert await team.remove(chosen, "María", utc_now()) == 1
    assert "There is no V-07 in the team" in capsys.readouterr().err


async def test_a_key_that_cannot_be_used_is_told_kindly(
    chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen.key_file.unlink()
    assert await team.invite(chosen, "lead", utc_now()) == 1
    assert "The key or the database cannot be used" in capsys.readouterr().err


def test_the_command_line_knows_every_role() -> None:
    assert set(_ROLES) == {role.value for role in Role}
    assert {"invite", "people", "remove"} <= commands.COMMANDS.keys()


def test_a_role_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["invite", "president"])
    assert ended.value.code == 2
    assert "volunteer" in capsys.readouterr().err
