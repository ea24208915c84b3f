"""Commands of the team in private only: who is of it, and what none but leads may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from helpdesk.desk import casebook, claims, codes, notices, staff
from helpdesk.desk.messages import Actor, DeskCommand, DeskReply, Where
from helpdesk.desk.occasion import Occasion, line
from helpdesk.desk.staff import Deed, Role
from helpdesk.errors import LastLead
from helpdesk.folding import fold
from helpdesk.messages import Part
from store import Tx

INVITE: Final = f"faro invite {Role.ORGANISER}"
"""What whoever keeps the machine types to let an organiser in."""
_ROLES: Final = {
    "voluntario": Role.VOLUNTEER,
    "voluntaria": Role.VOLUNTEER,
    "coordinador": Role.LEAD,
    "coordinadora": Role.LEAD,
    "coordina": Role.LEAD,
    "organizador": Role.ORGANISER,
    "organizadora": Role.ORGANISER,
    "tecnico": Role.TECHNICIAN,
    "tecnica": Role.TECHNICIAN,
    **{role.value: role for role in Role},
}
REMOVE: Final = "faro remove"
"""What whoever keeps the machine types to remove the last lead."""


def show_code(tx: Tx, command: DeskCommand, code: str) -> DeskReply:
    """Spoil an invitation that somebody wrote in the group: whoever read it could use it."""
    only_private = (Part("desk.only_private"),)
    if staff.spoil(tx, code, command.at):
        notices.in_general(tx, command.at, only_private)
    elif command.actor is not None and (member := staff.of(tx, command.actor.user)) is not None:
        notices.to_person(tx, member, command.at, only_private)
    return DeskReply()


def join(tx: Tx, command: DeskCommand, actor: Actor, code: str) -> DeskReply:
    """Use an invitation, in private."""
    member = staff.accept(tx, actor.user, code, command.at)
    if member is None:
        stranger = staff.Member("", actor.user, frozenset())
        notices.to_person(tx, staff.of(tx, actor.user) or stranger, command.at, (_NOT_VALID,))
    else:
        welcome = line("desk.join.done", who=member.name, roles=_roles(member))
        notices.to_person(tx, member, command.at, (welcome, Part("desk.join.next")))
    return DeskReply()


_NOT_VALID: Final = Part("desk.join.not_valid")


def _in_private(occasion: Occasion, deed: Deed) -> bool:
    if not occasion.may(deed):
        return False
    if occasion.command.where is not Where.PRIVATE:
        occasion.tell(line("desk.only_private"))
        return False
    return True


def _invite(occasion: Occasion, rest: str) -> None:
    if not _in_private(occasion, Deed.INVITE):
        return
    role = _ROLES.get(fold(rest).strip())
    if role is None:
        occasion.tell(line("desk.invite.how"))
        return
    if not staff.may_invite_to(role):
        occasion.tell(line("desk.invite.operator", command=INVITE))
        return
    code = staff.invite(occasion.tx, role, occasion.member, occasion.now)
    hours = int(staff.INVITATION_VALID.total_seconds() // 3600)
    shown = codes.shown(code)
    occasion.tell(
        line("desk.invite.done", role=f"@desk.role.{role}", code=shown, hours=hours),
    )


def _remove(occasion: Occasion, rest: str) -> None:
    if not _in_private(occasion, Deed.REMOVE):
        return
    try:
        member = staff.remove(occasion.tx, rest)
    except LastLead:
        occasion.tell(line("team.last_lead", command=f"{REMOVE} {rest.strip()}"))
        return
    if member is None:
        occasion.tell(line("desk.no_such_person"))
        return
    occasion.count(claims.take_away(occasion.tx, member.name, occasion.now))
    occasion.tell(line("desk.remove.done", who=member.name))


def _people(occasion: Occasion, rest: str) -> None:
    if not _in_private(occasion, Deed.SEE_PEOPLE):
        return
    on_duty = {one.name for one in staff.on_duty(occasion.tx, occasion.now)}
    parts = [
        line(
            "desk.people.one",
            who=one.name,
            roles=_roles(one),
            duty="@desk.people.on" if one.name in on_duty else "@desk.people.off",
        )
        for one in staff.everyone(occasion.tx)
    ]
    occasion.tell(Part("desk.people"), *parts)


def _contact(occasion: Occasion, rest: str) -> None:
    if not _in_private(occasion, Deed.READ_CONTACT):
        return
    entry = casebook.of_code(occasion.tx, rest)
    if entry is None:
        occasion.tell(line("desk.no_such_code"))
        return
    away = claims.kept_away(entry, occasion.member)
    code, contact = codes.shown(entry.case.code), entry.case.contact
    if away is not None:
        occasion.tell(away)
    elif contact is None:
        occasion.tell(line("desk.contact.none", code=code))
    else:
        occasion.tell(line("desk.contact.shown", code=code, text=notices.text(contact)))


def _roles(member: staff.Member) -> str:
    return "list:" + "|".join(f"@desk.role.{role}" for role in Role if role in member.roles)


COMMANDS: Final[dict[str, Callable[[Occasion, str], None]]] = {
    "invitar": _invite,
    "quitar": _remove,
    "gente": _people,
    "contacto": _contact,
}
"""By name; each takes what was typed after it."""
