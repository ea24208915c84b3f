"""What is said when approval is asked for, given or refused; whether it counts is in `approval`."""

from __future__ import annotations

from datetime import datetime

from helpdesk.broadcasts import approval, composing, progress, screens, shelf
from helpdesk.broadcasts.approval import Outcome, Refusal
from helpdesk.broadcasts.messages import Note
from helpdesk.broadcasts.presses import Pressed
from helpdesk.broadcasts.readiness import Review, review
from helpdesk.broadcasts.shelf import Entry
from helpdesk.broadcasts.visit import Visit
from helpdesk.broadcasts.writing import show
from helpdesk.desk import staff
from helpdesk.desk.staff import Deed, Member
from helpdesk.messages import Param, Part, Screen
from store import Tx


def ask(visit: Visit, pressed: Pressed) -> None:
    """Put what she wrote before all others who may approve it."""
    entry = shelf.get(visit.tx, pressed.id)
    if entry is None:
        visit.tell(Part("broadcast.refused.gone"))
        return
    entry = approval.fresh(visit.tx, entry, visit.now)
    outcome = approval.ask(visit.tx, entry, visit.member, visit.now, visit.studio)
    if outcome.refused is not None:
        visit.tell(Part(f"broadcast.refused.{outcome.refused}"))
        if outcome.refused in (Refusal.NOT_READY, Refusal.SMALL, Refusal.SAME):
            show(visit, entry)
        return
    asked, found = outcome.entry, outcome.found
    assert asked is not None  # it was asked
    assert found is not None  # it was looked at before
    until = approval.until(asked)
    assert until is not None  # it was asked just now
    others = approval.may_answer(visit.tx, asked)
    for one in others:
        _put_before(visit, asked, found, one)
    visit.say(screens.waiting(asked, found, others, until), in_place=True)


def look(visit: Visit, entry: Entry) -> None:
    """Show somebody once more what she is asked about."""
    found = review(visit.tx, entry, visit.now, visit.studio)
    _put_before(visit, entry, found, visit.member)


def _put_before(visit: Visit, entry: Entry, found: Review, member: Member) -> None:
    """Show somebody the letter that she is asked about, and under it, never alone, the question."""
    letter, until = entry.broadcast.letter, approval.until(entry)
    if letter is not None and until is not None:
        visit.show(letter, to=member, silent=False)
        question = screens.question(entry, found, until, visit.now)
        visit.say(question, to=member, needs_the_one_before=True)


def approve(visit: Visit, pressed: Pressed) -> None:
    """Let it go out, if what she was shown is what is asked for."""
    outcome = approval.approve(
        visit.tx, visit.member, pressed.id, pressed.more, visit.now, visit.studio
    )
    if outcome.refused is not None or outcome.entry is None:
        _refused(visit, outcome)
        return
    entry, visit.stirred = outcome.entry, True
    composing.put_down_all(visit.tx, entry)
    name: dict[str, Param] = {"name": entry.broadcast.called}
    who: dict[str, Param] = {"who": visit.member.name}
    visit.say(Screen((Part("broadcast.approved", name),)), in_place=True)
    visit.notes.append(progress.watch(visit.tx, entry, visit.member, visit.now))
    author = staff.named(visit.tx, entry.broadcast.author)
    if author is not None:
        visit.say(Screen((Part("broadcast.approved.author", name | who),)), to=author)
        visit.notes.append(progress.watch(visit.tx, entry, author, visit.now))


def decline(visit: Visit, pressed: Pressed) -> None:
    """Give it back to whoever wrote it."""
    outcome = approval.decline(visit.tx, visit.member, pressed.id, pressed.more, visit.now)
    if outcome.refused is not None or outcome.entry is None:
        _refused(visit, outcome)
        return
    name: dict[str, Param] = {"name": outcome.entry.broadcast.called}
    who: dict[str, Param] = {"who": visit.member.name}
    visit.say(Screen((Part("broadcast.declined", name),)), in_place=True)
    _tell_author(visit, outcome.entry, Part("broadcast.declined.author", name | who))


def lapse(tx: Tx, now: datetime) -> tuple[Note, ...]:
    """Close the questions that nobody answered within the hour, and tell who asked, once."""
    notes: list[Note] = []
    for entry in shelf.every(tx):
        if not approval.lapsed(entry, now):
            continue
        draft = approval.void(tx, entry, now)
        author = staff.named(tx, draft.broadcast.author)
        if author is not None and staff.may(author, Deed.BROADCAST):
            part = _not_approved(draft, Refusal.EXPIRED)
            screen = Screen((part,), ((screens.open_button(draft),),))
            notes.append(Note(author.user, screen, language=author.language))
    return tuple(notes)


def _not_approved(entry: Entry, why: Refusal) -> Part:
    given: dict[str, Param] = {"name": entry.broadcast.called, "why": f"@broadcast.refused.{why}"}
    return Part("broadcast.not_approved", given)


def _refused(visit: Visit, outcome: Outcome) -> None:
    """Say why a press does not count; when it closed the question, its author is told too."""
    assert outcome.refused is not None  # or it would have counted
    visit.tell(Part(f"broadcast.refused.{outcome.refused}"))
    if outcome.voided and outcome.entry is not None:
        _tell_author(visit, outcome.entry, _not_approved(outcome.entry, outcome.refused))


def _tell_author(visit: Visit, entry: Entry, part: Part) -> None:
    author = staff.named(visit.tx, entry.broadcast.author)
    if author is not None and staff.may(author, Deed.BROADCAST):
        screen = Screen((part,), ((screens.open_button(entry),),))
        visit.say(screen, to=author)
