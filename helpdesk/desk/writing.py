"""What is written in a topic, and whether it is for the family: the one gate that words pass.

Only a reply to something that came from her counts, and what is written over something that went,
or is about to go, to her. Everything else is a note.
"""

from __future__ import annotations

from helpdesk.desk import replies
from helpdesk.desk.case import Case, Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.messages import DeskCommand, DeskMedia, DeskSlash, DeskTyped
from helpdesk.desk.occasion import Occasion, line
from helpdesk.desk.staff import Deed
from helpdesk.messages import Part, Unreadable
from store import Tx

REPLY = "r"
"""The command that answers the family without a message of hers to reply to."""


def concerns_family(tx: Tx, command: DeskCommand, entry: Entry) -> bool:
    """Say whether something written, no command, is meant for the family."""
    if replies.from_family(entry.case, command.answers) is not None:
        return True
    return command.edited and _went_out(tx, entry, command.message_id)


def write(occasion: Occasion) -> None:
    """Take what concerns the family: a reply, or an edit of one."""
    command, entry = occasion.command, occasion.entry
    assert entry is not None  # or it would have been a note
    body = command.body
    kind, file, text = None, None, ""
    if isinstance(body, DeskMedia):
        kind, file, text = body.kind, body.file, body.caption
    elif isinstance(body, DeskTyped):
        text = body.text
    if command.edited and not _went_out(occasion.tx, entry, command.message_id):
        # What was a note when it was written stays one, whatever is made of it.
        occasion.tell(line("desk.reply.edited_note"))
    elif kind is not None and kind not in replies.PASSED:
        _refuse_kind(occasion, kind)
    elif answerable(occasion, entry):
        pair = replies.from_family(entry.case, command.answers)
        _take(occasion, entry, text, kind, file, None if pair is None else pair.family)


def say(occasion: Occasion, entry: Entry, text: str) -> None:
    """Answer the family with ``/r``."""
    if not text.strip():
        occasion.tell(line("desk.reply.empty"))
    elif answerable(occasion, entry):
        _take(occasion, entry, text)


def rewrite_command(occasion: Occasion, body: DeskSlash) -> None:
    """Take the edit of a command: only of what goes out, for no other is carried out twice."""
    command, entry = occasion.command, occasion.entry
    if entry is None:
        return
    if not _went_out(occasion.tx, entry, command.message_id):
        if body.name == REPLY:  # or she would think that it went
            occasion.tell(line("desk.reply.edited_note"))
        return
    if body.name != REPLY or not body.rest.strip():
        occasion.tell(line("desk.reply.went"))
    elif answerable(occasion, entry):
        _take(occasion, entry, body.rest)


def answerable(occasion: Occasion, entry: Entry) -> bool:
    """Say whether the member may answer the family now; tells her when not."""
    case = entry.case
    if not occasion.may(Deed.REPLY):
        return False
    if case.owner == occasion.member.name and case.status is Status.CLAIMED:
        return True
    occasion.tell(_why_not(case))
    return False


def _why_not(case: Case) -> Part:
    if case.status is Status.CLOSED:
        return line("desk.reply.closed")
    if case.owner is None:
        return line("desk.reply.unclaimed")
    return line("desk.reply.not_yours", who=case.owner)


def _take(
    occasion: Occasion,
    entry: Entry,
    text: str,
    kind: Unreadable | None = None,
    file: str | None = None,
    answers: int | None = None,
) -> None:
    command = occasion.command
    draft = replies.Draft(occasion.member, command.message_id, text, kind, file, answers)
    take = replies.rewrite if command.edited else replies.send
    occasion.count(take(occasion.tx, entry, draft, occasion.now, occasion.context))


def _went_out(tx: Tx, entry: Entry, message_id: int) -> bool:
    """Say whether a message of the topic went, or is about to go, to the family."""
    if replies.sent_from(entry.case, message_id):
        return True
    return bool(replies.waiting_from(tx, entry, message_id))


def _refuse_kind(occasion: Occasion, kind: Unreadable) -> None:
    occasion.tell(line("desk.reply.kind", kind=f"@desk.kind_name.{kind}"))
