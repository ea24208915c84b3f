"""Who is of the team may do what her roles permit, and nobody else anything."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from helpdesk.desk import codes, staff
from helpdesk.desk.staff import PERMITTED, Deed, Member, Role, may
from helpdesk.errors import LastLead
from store import Database, Tx, invitations
from store import staff as kept

ALICE, BERTA, CARLA = 6_660_001, 6_660_002, 6_660_003


def joined(tx: Tx, user: int, role: Role, now: datetime) -> Member:
    member = staff.accept(tx, user, staff.invite(tx, role, None, now), now)
    assert member is not None
    return member


def test_every_role_has_its_row() -> None:
    assert set(PERMITTED) == set(Role)
    assert PERMITTED[Role.LEAD] == set(Deed) - {Deed.BROADCAST}
    assert [role for role in Role if Deed.BROADCAST in PERMITTED[role]] == [Role.ORGANISER]
    for deed in (Deed.WITHDRAW, Deed.PUBLISH, Deed.STATISTICS):
        assert [role for role in Role if deed in PERMITTED[role]] == [Role.LEAD, Role.ORGANISER]
    for deed in (Deed.READ_CONTACT, Deed.INVITE, Deed.REMOVE, Deed.SEE_PEOPLE, Deed.GET_REPORTS):
        assert [role for role in Role if deed in PERMITTED[role]] == [Role.LEAD]
    for deed in (Deed.CLAIM, Deed.REPLY, Deed.CONFIRM_HELD, Deed.CLOSE):
        assert [role for role in Role if deed in PERMITTED[role]] == [Role.VOLUNTEER, Role.LEAD]


def test_roles_add_up_and_nobody_may_nothing() -> None:
    both = Member("V-01", ALICE, frozenset({Role.TECHNICIAN, Role.VOLUNTEER}))
    assert may(both, Deed.CLAIM)
    assert not may(Member("V-02", BERTA, frozenset({Role.TECHNICIAN})), Deed.CLAIM)
    assert not any(may(None, deed) for deed in Deed)
    assert not any(may(Member("V-03", CARLA, frozenset()), deed) for deed in Deed)


async def test_an_invitation_is_good_once_and_for_48_hours(db: Database, now: datetime) -> None:
    code = await db.transaction(staff.invite, Role.VOLUNTEER, None, now)
    assert await db.transaction(staff.accept, ALICE, "K7M4-P2K7-M4P2-K7M4", now) is None
    written = f" {code.lower()[:8]} {code.lower()[8:]}"
    member = await db.transaction(staff.accept, ALICE, written, now)
    assert member == Member("V-01", ALICE, frozenset({Role.VOLUNTEER}))
    assert await db.transaction(staff.accept, BERTA, code, now) is None
    late = await db.transaction(staff.invite, Role.VOLUNTEER, None, now)
    over = now + staff.INVITATION_VALID
    assert await db.transaction(staff.accept, BERTA, late, over) is None
    assert await db.transaction(staff.everyone) == (member,)


async def test_a_second_role_keeps_the_name(db: Database, now: datetime) -> None:
    await db.transaction(joined, ALICE, Role.VOLUNTEER, now)
    second = await db.transaction(joined, ALICE, Role.LEAD, now)
    assert second == Member("V-01", ALICE, frozenset({Role.VOLUNTEER, Role.LEAD}))
    assert await db.transaction(staff.of, ALICE) == second
    assert await db.transaction(staff.leads) == (second,)


async def test_only_a_lead_invites_and_only_while_she_is_one(db: Database, now: datetime) -> None:
    lead = await db.transaction(joined, ALICE, Role.LEAD, now)
    volunteer = await db.transaction(joined, BERTA, Role.VOLUNTEER, now)
    with pytest.raises(PermissionError):
        await db.transaction(staff.invite, Role.LEAD, volunteer, now)
    code = await db.transaction(staff.invite, Role.LEAD, lead, now)
    await db.transaction(staff.remove, lead.name, operator=True)
    assert await db.transaction(staff.accept, CARLA, code, now) is None


async def test_names_are_never_given_again(db: Database, now: datetime) -> None:
    await db.transaction(joined, ALICE, Role.LEAD, now)
    await db.transaction(joined, BERTA, Role.VOLUNTEER, now)
    gone = await db.transaction(staff.remove, "v2")
    assert gone is not None
    assert gone.user == BERTA
    assert await db.transaction(staff.of, BERTA) is None
    assert (await db.transaction(joined, BERTA, Role.VOLUNTEER, now)).name == "V-03"
    assert await db.transaction(staff.remove, "V-02") is None


async def test_the_operator_gives_a_role_once_and_takes_nothing(
    db: Database, now: datetime
) -> None:
    await db.transaction(joined, ALICE, Role.VOLUNTEER, now)
    both = await db.transaction(staff.ensure, ALICE, Role.ORGANISER)
    assert both == Member("V-01", ALICE, frozenset({Role.VOLUNTEER, Role.ORGANISER}))
    new = await db.transaction(staff.ensure, BERTA, Role.ORGANISER)
    assert new == Member("V-02", BERTA, frozenset({Role.ORGANISER}))
    await db.transaction(staff.set_language, new, "en")
    again = await db.transaction(staff.ensure, BERTA, Role.ORGANISER)
    assert again == await db.transaction(staff.of, BERTA)
    assert again.language == "en"
    may_publish = await db.transaction(staff.permitted, Deed.PUBLISH)
    assert [one.name for one in may_publish] == ["V-01", "V-02"]


@pytest.mark.parametrize("written", ["V-01", "v1", "1", " V 01 ", "v-001"])
async def test_a_name_is_read_as_people_write_it(db: Database, now: datetime, written: str) -> None:
    await db.transaction(joined, ALICE, Role.VOLUNTEER, now)
    found = await db.transaction(staff.named, written)
    assert found is not None
    assert found.user == ALICE


@pytest.mark.parametrize("written", ["", "V-", "V-02", "Alicia", "V-01x", "6660001"])
async def test_anything_else_is_nobody(db: Database, now: datetime, written: str) -> None:
    await db.transaction(joined, ALICE, Role.VOLUNTEER, now)
    assert await db.transaction(staff.named, written) is None


async def test_the_last_lead_is_removed_by_the_operator_only(db: Database, now: datetime) -> None:
    await db.transaction(joined, ALICE, Role.LEAD, now)
    with pytest.raises(LastLead):
        await db.transaction(staff.remove, "V-01")
    await db.transaction(joined, BERTA, Role.LEAD, now)
    assert await db.transaction(staff.remove, "V-01") is not None
    assert await db.transaction(staff.remove, "V-02", operator=True) is not None
    assert await db.transaction(staff.everyone) == ()


async def test_a_shift_ends_by_itself_when_nothing_is_done(db: Database, now: datetime) -> None:
    member = await db.transaction(joined, ALICE, Role.VOLUNTEER, now)
    technician = await db.transaction(joined, BERTA, Role.TECHNICIAN, now)
    assert await db.transaction(staff.on_duty, now) == ()
    member = await db.transaction(staff.set_duty, member, True, now)
    await db.transaction(staff.set_duty, technician, True, now)
    assert await db.transaction(staff.on_duty, now) == (member,)
    later = now + timedelta(hours=7)
    member = await db.transaction(staff.acted, member, later)
    assert await db.transaction(staff.on_duty, now + timedelta(hours=9)) == (member,)
    end = later + staff.DUTY
    assert await db.transaction(staff.on_duty, end) == ()
    assert await db.transaction(staff.acted, member, end) == member
    ended = await db.transaction(staff.end_shifts, end)
    assert [one.name for one in ended] == ["V-01", "V-02"]
    assert await db.transaction(staff.end_shifts, end) == ()


async def test_a_language_is_remembered_beside_everything_else(db: Database, now: datetime) -> None:
    member = await db.transaction(joined, ALICE, Role.LEAD, now)
    await db.transaction(staff.set_language, member, "en")
    found = await db.transaction(staff.of, ALICE)
    assert found == Member("V-01", ALICE, frozenset({Role.LEAD}), None, "en")


async def test_a_row_that_cannot_be_read_is_nobody(db: Database, now: datetime) -> None:
    await db.transaction(kept.put, ALICE, {"name": "V-01", "roles": ["emperor"]})
    await db.transaction(kept.put, BERTA, {"name": "root", "roles": ["lead"]})
    assert await db.transaction(staff.of, ALICE) is None
    assert await db.transaction(staff.everyone) == ()


async def test_the_code_is_kept_in_its_one_spelling(db: Database, now: datetime) -> None:
    code = await db.transaction(staff.invite, Role.VOLUNTEER, None, now)
    taken = await db.transaction(invitations.take, code, now)
    assert taken == {"role": "volunteer", "by": None}


async def test_a_lead_makes_nobody_an_organiser(db: Database, now: datetime) -> None:
    lead = await db.transaction(staff.ensure, ALICE, Role.LEAD)
    with pytest.raises(PermissionError):
        await db.transaction(staff.invite, Role.ORGANISER, lead, now)
    body = {"role": Role.ORGANISER.value, "by": lead.name}
    code = codes.new_invitation()
    await db.transaction(invitations.add, code, body, now, now + staff.INVITATION_VALID)
    assert await db.transaction(staff.accept, BERTA, code, now) is None, "one of before"
    by_operator = await db.transaction(staff.invite, Role.ORGANISER, None, now)
    assert (await db.transaction(staff.accept, BERTA, by_operator, now)) is not None
