"""Commands about one case, given in its topic. Who may give each is in `staff.PERMITTED`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from helpdesk.desk import canned, casebook, claims, closing, codes, notices, staff, writing
from helpdesk.desk.case import Case, Reason, Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.figures import LeaseEnd
from helpdesk.desk.messages import Where
from helpdesk.desk.occasion import Occasion, line
from helpdesk.desk.staff import Deed
from helpdesk.folding import fold
from helpdesk.messages import Button, Part
from store import Tx
from store.hours import seconds

HOUR: Final = 3600
LONGEST_MUTE: Final = 24
"""Hours."""


def case_here(occasion: Occasion) -> Entry | None:
    """Return the case of this topic; tells the member when there is none."""
    if occasion.entry is None:
        occasion.tell(line("desk.no_case"))
    return occasion.entry


def case_to_act_on(occasion: Occasion, deed: Deed) -> Entry | None:
    """Return the case of this topic if the member may do this with it; tells her when not."""
    if not occasion.may(deed):
        return None
    entry = case_here(occasion)
    if entry is None:
        return None
    case = entry.case
    away = claims.kept_away(entry, occasion.member)
    if case.status is Status.CLOSED:
        occasion.tell(line("desk.is_closed", code=codes.shown(case.code)))
    elif away is not None:
        occasion.tell(away)
    elif case.owner == occasion.member.name or staff.may(occasion.member, Deed.ACT_FOR_ANOTHER):
        return entry
    elif case.owner is None:
        occasion.tell(line("desk.nobodys"))
    else:
        occasion.tell(line("desk.not_yours", who=case.owner))
    return None


def close_with(occasion: Occasion, reason: Reason) -> None:
    """End the case of this topic, for a reason that was chosen."""
    entry = case_to_act_on(occasion, Deed.CLOSE)
    if entry is not None:
        _, counts = closing.close(occasion.tx, entry, reason, occasion.now, by=occasion.member.name)
        occasion.count(counts)


def _reply(occasion: Occasion, rest: str) -> None:
    entry = case_here(occasion)
    if entry is not None:
        writing.say(occasion, entry, rest)


def _note(occasion: Occasion, rest: str) -> None:
    """Let it stay; the command only makes sure that it does, even as a reply to the family's."""


def _release(occasion: Occasion, rest: str) -> None:
    entry = case_to_act_on(occasion, Deed.RELEASE)
    if entry is None:
        return
    if entry.case.owner is None:
        occasion.tell(line("desk.nobodys"))
        return
    done = line("desk.release.line", who=entry.case.owner)
    _, counts = claims.release(occasion.tx, entry, occasion.now, done, LeaseEnd.RELEASED)
    occasion.count(counts)


def _hand_off(occasion: Occasion, rest: str) -> None:
    entry = case_to_act_on(occasion, Deed.HAND_OFF)
    if entry is None:
        return
    name, *note = rest.split(maxsplit=1) or [""]
    to = staff.named(occasion.tx, name) if name else None
    if entry.case.owner is None:
        occasion.tell(line("desk.nobodys"))
    elif to is None:
        occasion.tell(line("desk.pass.whom"))
    else:
        verdict = claims.hand_off(occasion.tx, entry, to, "".join(note), occasion.now)
        occasion.count(verdict.counts)
        if not verdict.done:
            occasion.tell(verdict.answer)


def _close(occasion: Occasion, rest: str) -> None:
    entry = case_to_act_on(occasion, Deed.CLOSE)
    if entry is None:
        return
    reason = _reason(occasion, rest)
    if reason is not None:
        close_with(occasion, reason)
        return
    rows = tuple(
        (notices.button(f"desk.reason.{one}", "close", one.value),) for one in closing.CHOOSABLE
    )
    occasion.tell(line("desk.close.why"), rows=rows)


def _reason(occasion: Occasion, rest: str) -> Reason | None:
    """Read a reason that was typed, as the buttons say it or by its id."""
    typed = fold(rest).strip(" .")
    words = occasion.context.words(occasion.member.language)
    for one in closing.CHOOSABLE:
        if typed and typed in (one.value, fold(words.plain(f"desk.reason.{one}"))):
            return one
    return None


def _mute(occasion: Occasion, rest: str) -> None:
    entry = case_to_act_on(occasion, Deed.MUTE)
    if entry is None:
        return
    typed = rest.strip() or "1"
    if not typed.isdecimal() or int(typed) > LONGEST_MUTE:
        occasion.tell(line("desk.mute.how", most=LONGEST_MUTE))
        return
    hours, case = int(typed), entry.case
    until = seconds(occasion.now) + hours * HOUR if hours else None
    case = case.but(muted_until=until, muted_count=case.muted_count if hours else 0)
    casebook.save(occasion.tx, entry, case, occasion.now)
    occasion.tell(Part("desk.mute.on", count=hours) if hours else line("desk.mute.off"))


def _templates(occasion: Occasion, rest: str) -> None:
    if not occasion.may(Deed.TEMPLATES):
        return
    entry = case_here(occasion)
    if entry is None:
        return
    parts, rows = templates(occasion.tx, entry)
    occasion.tell(*parts, rows=rows)


def templates(tx: Tx, entry: Entry) -> tuple[tuple[Part, ...], notices.Rows]:
    """Return the list of canned replies, those for what the case is about first."""
    chosen = canned.offered(tx, entry.case.category)
    rows = tuple((Button(one.title.key, f"canned:{one.id}"),) for one in chosen)
    return (line("desk.canned.choose"),), rows


def _status(occasion: Occasion, rest: str) -> None:
    if not occasion.may(Deed.STATUS):
        return
    if occasion.entry is not None:
        occasion.tell(_state_of(occasion.entry.case, occasion))
        return
    known = [one.case for one in casebook.every_open(occasion.tx)]
    on_duty = [one.name for one in staff.on_duty(occasion.tx, occasion.now)]
    occasion.tell(
        line(
            "desk.status.all",
            waiting=sum(one.status is Status.WAITING for one in known),
            in_hand=sum(one.status is Status.CLAIMED for one in known),
            on_duty="list:" + "|".join(on_duty) if on_duty else "@desk.nobody",
        )
    )


def _state_of(case: Case, occasion: Occasion) -> Part:
    waiting = case.waiting_since is not None
    waited = notices.waited(casebook.since(case.waiting_since, occasion.now))
    return line(
        "desk.status",
        code=codes.shown(case.code),
        status=f"@desk.status.{case.status}",
        who=case.owner or "@desk.nobody",
        urgency=f"@desk.urgency.{case.urgency}",
        waited=waited if waiting else "@desk.status.answered",
        language=f"@desk.language.{case.language}",
    )


def _claim(occasion: Occasion, rest: str) -> None:
    if not occasion.may(Deed.CLAIM):
        return
    entry = casebook.of_code(occasion.tx, rest) if rest.strip() else occasion.entry
    if entry is None:
        occasion.tell(line("desk.no_such_code"))
        return
    claim(occasion, entry)


def claim(occasion: Occasion, entry: Entry) -> None:
    """Take a case; whoever has it already is named to the one who comes second."""
    verdict = claims.claim(occasion.tx, entry, occasion.member, occasion.now, occasion.context)
    occasion.count(verdict.counts)
    if not verdict.done or occasion.command.where is not Where.TOPIC:
        occasion.tell(verdict.answer, loud=not verdict.done)


def _reopen(occasion: Occasion, rest: str) -> None:
    if not occasion.may(Deed.REOPEN):
        return
    entry = casebook.of_code(occasion.tx, rest) if rest.strip() else occasion.entry
    if entry is None:
        occasion.tell(line("desk.no_such_code"))
        return
    done = closing.reopen(occasion.tx, entry, occasion.member, occasion.now, occasion.context)
    occasion.count(done.counts)
    occasion.tell(done.answer)


def _risk(occasion: Occasion, rest: str) -> None:
    if occasion.may(Deed.RISK_CARD):
        keys = ("head", "write", "avoid", "now")
        occasion.tell(*(Part(f"desk.risk.{key}") for key in keys))


COMMANDS: Final[dict[str, Callable[[Occasion, str], None]]] = {
    writing.REPLY: _reply,
    "nota": _note,
    "tomar": _claim,
    "soltar": _release,
    "pasar": _hand_off,
    "cerrar": _close,
    "reabrir": _reopen,
    "plantillas": _templates,
    "estado": _status,
    "silenciar": _mute,
    "riesgo": _risk,
}
"""By name; each takes what was typed after it."""
