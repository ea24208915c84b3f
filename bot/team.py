"""What the operator does about the team: invite, list, remove; nobody's id is ever printed.

The first lead comes in this way; everybody else is invited by a lead, in the bot. Organisers may
come in by FARO_ORGANISERS instead, at the start. These commands may be given while the bot runs: it
reads the team anew for every update.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.settings import Settings
from helpdesk.desk import claims, codes, staff
from helpdesk.desk.staff import Member, Role
from store import Database, Keys, Tx, counters, open_database, rotate
from store.errors import StoreError

NO_DESK = (
    "FARO_DESK_CHAT_ID is not set, so there is no desk yet: set it to the id of the volunteers' "
    "group, and start Faro again."
)
NO_DESK_NEEDED = (
    "Without a desk nobody can use it: put the account's id into FARO_ORGANISERS instead, and "
    "start Faro again."
)
STAYS = (
    "The account is in FARO_ORGANISERS: take it out, or it is of the team again when Faro starts."
)
INVITED = """\
{code}

It makes one person {role}, once, within {hours} hours. Give it to her by a way you trust. She
{first}, and writes:

    /equipo {code}
"""
NOBODY = "Nobody is of the team yet: make an invitation with 'faro invite lead'."


async def invite(settings: Settings, role: str, now: datetime) -> int:
    """Print a new invitation and what to do with it; gives the exit code."""
    try:
        async with _database(settings) as db:
            if not db.keys.ring.epochs():
                await rotate(db, now)  # Faro was never started: nobody else makes the first key
            code = await db.transaction(staff.invite, Role(role), None, now)
    except StoreError as error:
        return _failed(error)
    hours = staff.INVITATION_VALID // timedelta(hours=1)
    organiser = Role(role) is Role.ORGANISER
    first = "opens the bot in private"
    if not organiser:
        first = f"joins the volunteers' group, {first}"
    print(
        INVITED.format(code=codes.shown(code), role=_with_article(role), hours=hours, first=first)
    )
    if settings.desk_chat_id is None:
        print(*([NO_DESK, NO_DESK_NEEDED] if organiser else [NO_DESK]), sep="\n")
    return 0


async def show(settings: Settings) -> int:
    """Print every member of the team; gives the exit code."""
    if not settings.database_path.exists():
        print(NOBODY)
        return 0
    try:
        async with _database(settings) as db:
            everyone = await db.transaction(staff.everyone)
    except StoreError as error:
        return _failed(error)
    print("\n".join(map(_line, everyone)) if everyone else NOBODY)
    return 0


async def remove(settings: Settings, name: str, now: datetime) -> int:
    """Take somebody off the team and free what she had in hand; gives the exit code."""
    if not settings.database_path.exists():
        return _unknown(name)
    try:
        async with _database(settings) as db:
            member = await db.transaction(_remove, name, now)
    except StoreError as error:
        return _failed(error)
    if member is None:
        return _unknown(name)
    print(f"{member.name} is not of the team any more. Remove the account from the group too.")
    if member.user in settings.organisers:
        print(STAYS)
    return 0


def _remove(tx: Tx, name: str, now: datetime) -> Member | None:
    member = staff.remove(tx, name, operator=True)
    if member is not None:
        counted = claims.take_away(tx, member.name, now)
        counters.add(tx, counters.week_of(now), counted)
    return member


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    db = await open_database(settings.database_url, Keys.load(settings.key_file))
    async with db:
        yield db


def _line(member: Member) -> str:
    roles = ", ".join(sorted(member.roles))
    return f"{member.name}  {roles}{'  on duty' if member.duty_until is not None else ''}"


def _with_article(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"


def _unknown(name: str) -> int:
    print(f"There is no {name} in the team: 'faro people' prints everybody.", file=sys.stderr)
    return 1


def _failed(error: StoreError) -> int:
    print(f"The key or the database cannot be used: {error}", file=sys.stderr)
    return 1
