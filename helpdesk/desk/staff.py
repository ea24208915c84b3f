"""The team: who may do what, under which pseudonym, and who is on duty; nothing is sent here.

Whether an account is in the group at this minute is asked of Telegram elsewhere; here stands only
what the desk itself gave. Times are whole seconds since 1970 (UTC).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpdesk.desk import codes, outbox
from helpdesk.errors import LastLead
from store import PostState, Tx, desk_state, invitations
from store import staff as kept
from store.errors import IntegrityError
from store.hours import seconds

INVITATION_VALID: Final = timedelta(hours=48)
DUTY: Final = timedelta(hours=8)
"""A shift ends by itself when its volunteer has done nothing for this long."""

_WOUND_UP: Final = timedelta(minutes=10)
"""How much of a shift must have passed before an act is worth a writing."""
_HIGHEST: Final = "staff_highest"
"""Where `store.desk_state` keeps the highest number that was ever given."""
_NAME: Final = re.compile(r"v?[\s-]*0*(\d{1,4})", re.IGNORECASE)


Language = Literal["es", "en"]
"""In which the desk speaks to a person."""


class Role(StrEnum):
    """What a person of the team is; one may hold several."""

    VOLUNTEER = "volunteer"
    LEAD = "lead"
    ORGANISER = "organiser"
    TECHNICIAN = "technician"


class Deed(StrEnum):
    """What a person of the team may want to do."""

    HELP = "help"
    LANGUAGE = "language"
    DOCTOR = "doctor"
    QUEUE = "queue"
    STATUS = "status"
    DUTY = "duty"
    CLAIM = "claim"
    REPLY = "reply"
    NOTE = "note"
    TEMPLATES = "templates"
    CONFIRM_HELD = "confirm_held"
    DISCARD_HELD = "discard_held"
    RETIRE = "retire"
    RELEASE = "release"
    HAND_OFF = "hand_off"
    CLOSE = "close"
    REOPEN = "reopen"
    MUTE = "mute"
    RISK_CARD = "risk_card"
    ACT_FOR_ANOTHER = "act_for_another"
    """Release, hand off, close or mute a case that somebody else holds."""
    GET_REPORTS = "get_reports"
    READ_CONTACT = "read_contact"
    INVITE = "invite"
    REMOVE = "remove"
    SEE_PEOPLE = "see_people"
    BROADCAST = "broadcast"
    """Write to all families who asked for it, approve what another wrote, stop it, correct it."""
    WITHDRAW = "withdraw"
    """Take a rule, a text, a figure or a contact from what families read, and put it back."""
    PUBLISH = "publish"
    """Replace contacts, figures and notes on practice; a second person approves."""
    STATISTICS = "statistics"


_EVERYBODY: Final = frozenset({Deed.HELP, Deed.LANGUAGE, Deed.DOCTOR})
_ANSWERING: Final = _EVERYBODY | {
    Deed.QUEUE,
    Deed.STATUS,
    Deed.DUTY,
    Deed.CLAIM,
    Deed.REPLY,
    Deed.NOTE,
    Deed.TEMPLATES,
    Deed.CONFIRM_HELD,
    Deed.DISCARD_HELD,
    Deed.RETIRE,
    Deed.RELEASE,
    Deed.HAND_OFF,
    Deed.CLOSE,
    Deed.REOPEN,
    Deed.MUTE,
    Deed.RISK_CARD,
}
_EDITORIAL: Final = frozenset({Deed.WITHDRAW, Deed.PUBLISH, Deed.STATISTICS})
PERMITTED: Final[dict[Role, frozenset[Deed]]] = {
    Role.VOLUNTEER: _ANSWERING,
    # Whoever knows the cases writes to nobody at large: that takes the other role.
    Role.LEAD: frozenset(Deed) - {Deed.BROADCAST},
    Role.ORGANISER: _EVERYBODY | _EDITORIAL | {Deed.STATUS, Deed.BROADCAST},
    Role.TECHNICIAN: _EVERYBODY,
}
"""The whole table: a role that is not here, or a deed that is not in its row, is refused."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team: a pseudonym such as V-07, the account behind it, and its roles.

    ``duty_until`` is when the shift ends unless something is done before, None when off duty.
    """

    name: str
    user: int
    roles: frozenset[Role]
    duty_until: int | None = None
    language: Language = "es"


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^V-\d{2,4}$")]
    roles: frozenset[Role]
    duty_until: int | None = None
    language: Language = "es"


def may(member: Member | None, deed: Deed) -> bool:
    """Say whether one of a person's roles permits a deed; nobody may do anything."""
    return member is not None and any(deed in PERMITTED[role] for role in member.roles)


def of(tx: Tx, user: int) -> Member | None:
    """Return the person behind an account, None for anybody else and for a row nobody can read."""
    try:
        found = kept.get(tx, user)
    except IntegrityError:
        return None
    return None if found is None else _member(found.user, found.body)


def everyone(tx: Tx) -> tuple[Member, ...]:
    """Return the team in the order of their numbers; rows that cannot be read are left out."""
    found = (_member(one.user, one.body) for one in kept.every(tx))
    return tuple(sorted((one for one in found if one is not None), key=_number))


def named(tx: Tx, name: str) -> Member | None:
    """Return the person of a pseudonym, written V-07, v7 or 07."""
    match = _NAME.fullmatch(name.strip())
    wanted = None if match is None else _pseudonym(int(match[1]))
    return next((one for one in everyone(tx) if one.name == wanted), None)


def leads(tx: Tx) -> tuple[Member, ...]:
    """Return those who coordinate."""
    return tuple(one for one in everyone(tx) if Role.LEAD in one.roles)


def invite(tx: Tx, role: Role, by: Member | None, now: datetime) -> str:
    """Make an invitation to a role, valid once within `INVITATION_VALID`; gives its code.

    ``by`` is the lead who invites, None for the operator. Raises PermissionError for anybody else,
    and for a lead who invites somebody to write to all families: with two accounts of her own she
    would write and approve.
    """
    if by is not None and not (may(by, Deed.INVITE) and may_invite_to(role)):
        raise PermissionError("only a lead or the operator invites, and organisers the operator")
    code = codes.new_invitation()
    body = {"role": role.value, "by": None if by is None else by.name}
    invitations.add(tx, code, body, now, now + INVITATION_VALID)
    return code


def may_invite_to(role: Role) -> bool:
    """Say whether a lead may invite somebody to a role; the operator may to every one."""
    return Deed.BROADCAST not in PERMITTED[role]


def accept(tx: Tx, user: int, code: str, now: datetime) -> Member | None:
    """Use up an invitation: the person with the new role, who keeps the name if she has one.

    None when the code is none, was used, is too old, or whoever gave it coordinates no more.
    """
    typed = codes.normal_invitation(code)
    body = None if typed is None else invitations.take(tx, typed, now)
    if body is None:
        return None
    role = Role(body["role"])
    if body["by"] is not None and not (
        may(named(tx, body["by"]), Deed.INVITE) and may_invite_to(role)
    ):
        return None
    member = of(tx, user)
    if member is None:
        member = Member(_next_name(tx), user, frozenset({role}))
    return _put(tx, replace(member, roles=member.roles | {role}))


def ensure(tx: Tx, user: int, role: Role) -> Member:
    """Give somebody a role without an invitation, for the operator alone (``FARO_ORGANISERS``).

    Whoever is new gets a name; whoever has the role already stays as she is.
    """
    member = of(tx, user)
    if member is not None and role in member.roles:
        return member
    if member is None:
        member = Member(_next_name(tx), user, frozenset())
    return _put(tx, replace(member, roles=member.roles | {role}))


def permitted(tx: Tx, deed: Deed) -> tuple[Member, ...]:
    """Return everybody whose role permits a deed."""
    return tuple(one for one in everyone(tx) if may(one, deed))


def spoil(tx: Tx, code: str, now: datetime) -> bool:
    """Use up an invitation for nobody, for others have read its code; False when it is none."""
    typed = codes.normal_invitation(code)
    return typed is not None and invitations.take(tx, typed, now) is not None


def remove(tx: Tx, name: str, *, operator: bool = False) -> Member | None:
    """Take every role from a person at once; who it was, None when nobody has that name.

    Raises LastLead for the only one who coordinates, unless the operator does it. The caller frees
    the cases that she held.
    """
    member = named(tx, name)
    if member is None:
        return None
    if not operator and [one.name for one in leads(tx)] == [member.name]:
        raise LastLead("somebody has to coordinate")
    kept.delete(tx, member.user)
    # Nor does she get what was on its way to her: a contact, or what a family says of somebody.
    for state in PostState:
        own = [one for one in outbox.every(tx, state) if one.post.user == member.user]
        outbox.delete(tx, *own)
    return member


def set_duty(tx: Tx, member: Member, on: bool, now: datetime) -> Member:
    """Begin or end a shift."""
    return _put(tx, replace(member, duty_until=seconds(now + DUTY) if on else None))


def acted(tx: Tx, member: Member, now: datetime) -> Member:
    """Note that a person on duty did something: her shift runs anew from here."""
    until = seconds(now + DUTY)
    if not _on_duty(member, now) or until - (member.duty_until or 0) < _WOUND_UP.total_seconds():
        return member
    return _put(tx, replace(member, duty_until=until))


def set_language(tx: Tx, member: Member, language: Language) -> Member:
    """Choose the language in which the desk speaks to a person."""
    return _put(tx, replace(member, language=language))


def on_duty(tx: Tx, now: datetime) -> tuple[Member, ...]:
    """Return those who are on duty and may claim a case."""
    found = (one for one in everyone(tx) if _on_duty(one, now))
    return tuple(one for one in found if may(one, Deed.CLAIM))


def end_shifts(tx: Tx, now: datetime) -> tuple[Member, ...]:
    """End every shift that ran out; whose they were, each of them once."""
    over = [one for one in everyone(tx) if one.duty_until is not None and not _on_duty(one, now)]
    return tuple(set_duty(tx, one, False, now) for one in over)


def _on_duty(member: Member, now: datetime) -> bool:
    return member.duty_until is not None and member.duty_until > seconds(now)


def _member(user: int, body: dict[str, object]) -> Member | None:
    try:
        read = _Body.model_validate(body)
    except ValidationError:
        return None
    return Member(read.name, user, read.roles, read.duty_until, read.language)


def _put(tx: Tx, member: Member) -> Member:
    body = _Body(
        name=member.name,
        roles=member.roles,
        duty_until=member.duty_until,
        language=member.language,
    )
    kept.put(tx, member.user, body.model_dump(mode="json", exclude_defaults=True))
    return member


def _next_name(tx: Tx) -> str:
    state = desk_state.get(tx)
    number = max([int(state.get(_HIGHEST, 0)), *map(_number, everyone(tx))]) + 1
    desk_state.put(tx, state | {_HIGHEST: number})
    return _pseudonym(number)


def _number(member: Member) -> int:
    return int(member.name.removeprefix("V-"))


def _pseudonym(number: int) -> str:
    return f"V-{number:02d}"
