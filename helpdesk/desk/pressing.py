"""Buttons of the desk: what each press means. Anybody may forge what a button carries.

So every press is checked again: the role, the case, who has it, and that what it is about is still
as it was when the button was made.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from helpdesk.desk import (
    canned,
    casebook,
    claims,
    codes,
    notices,
    outbox,
    queue,
    replies,
    topic_commands,
    writing,
)
from helpdesk.desk.case import Case, Pair, Reason
from helpdesk.desk.casebook import Entry
from helpdesk.desk.closing import CHOOSABLE
from helpdesk.desk.family import DELETABLE
from helpdesk.desk.figures import HeldEnd
from helpdesk.desk.messages import Where
from helpdesk.desk.occasion import Occasion, line
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Call, Place, Post, Priority, Purpose
from helpdesk.desk.staff import Deed, may
from helpdesk.messages import Part
from store import PostState
from store.hours import seconds

_WITHDRAWN: Final = Part("editorial.canned_withdrawn")


def press(occasion: Occasion, data: str) -> None:
    """Do what a button says. The desk has none in private, where numbers mean other messages."""
    verb, _, argument = data.partition(":")
    action = _ACTIONS.get(verb)
    if action is None or occasion.command.where is Where.PRIVATE:
        occasion.tell(line("desk.press.old"))
    else:
        action(occasion, argument)


def _claim(occasion: Occasion, code: str) -> None:
    if not occasion.may(Deed.CLAIM):
        return
    entry = casebook.of_code(occasion.tx, code)
    if entry is None:
        occasion.tell(line("desk.press.old"))
    else:
        topic_commands.claim(occasion, entry)


def _page(occasion: Occasion, number: str) -> None:
    if occasion.may(Deed.QUEUE):
        queue.turn_to(occasion.tx, _number(number) or 0)
        occasion.tell(line("desk.queue.turning"), loud=False)


def _confirm(occasion: Occasion, number: str) -> None:
    if not occasion.may(Deed.CONFIRM_HELD):
        return
    found = _held(occasion, number)
    if found is None:
        return
    entry, kept = found
    case, name = entry.case, occasion.member.name
    away = claims.kept_away(entry, occasion.member)
    if name == kept.post.author:
        occasion.tell(line("desk.held.another"))
    elif away is not None:
        occasion.tell(away)
    elif case.owner != kept.post.author:
        # Whoever wrote it has the case no more: nothing of hers goes out.
        occasion.count(replies.discard(occasion.tx, kept, HeldEnd.DISCARDED))
        occasion.replace(line("desk.held.gone"))
        occasion.tell(line("desk.held.gone"))
    elif _says_withdrawn(occasion, kept):
        occasion.tell(_WITHDRAWN)
    else:
        occasion.count(replies.confirm(occasion.tx, entry, kept, occasion.now, occasion.context))
        _show(occasion, line("desk.held.confirmed", who=name))


def _discard(occasion: Occasion, number: str) -> None:
    if not occasion.may(Deed.DISCARD_HELD):
        return
    found = _held(occasion, number)
    away = None if found is None else claims.kept_away(found[0], occasion.member)
    if away is not None:
        occasion.tell(away)
    elif found is not None:
        occasion.count(replies.discard(occasion.tx, found[1], HeldEnd.DISCARDED))
        _show(occasion, line("desk.held.discarded", who=occasion.member.name))


def _held(occasion: Occasion, number: str, *, unknown: bool = False) -> tuple[Entry, Kept] | None:
    """Return a held reply of this topic's case; tells the member when there is none any more."""
    post_id = _number(number)
    kept = None if post_id is None else outbox.get(occasion.tx, post_id)
    entry = None if kept is None or kept.case is None else casebook.of_id(occasion.tx, kept.case)
    here = occasion.entry is None or (entry is not None and occasion.entry.id == entry.id)
    if kept is None or entry is None or not here or not entry.case.open:
        occasion.tell(line("desk.press.old"))
        return None
    if kept.state is not PostState.HELD or (replies.UNKNOWN in kept.post.held_for) is not unknown:
        occasion.tell(line("desk.press.old"))
        return None
    return entry, kept


def _again(occasion: Occasion, number: str) -> None:
    """Send once more what may have arrived: whoever wrote it, or coordinates, has decided that."""
    if not occasion.may(Deed.REPLY):
        return
    found = _held(occasion, number, unknown=True)
    if found is None:
        return
    entry, kept = found
    if not _is_own(occasion, entry, kept.post.author):
        occasion.tell(line("desk.not_yours", who=kept.post.author or "@desk.nobody"))
        return
    if _says_withdrawn(occasion, kept):
        occasion.tell(_WITHDRAWN)
        return
    again = kept.post.but(held_for=(), at=seconds(occasion.now), not_before=None)
    outbox.delete(occasion.tx, kept)
    outbox.add(occasion.tx, entry.id, again, occasion.now)
    _show(occasion, line("desk.unknown.again", who=occasion.member.name))


def _retire(occasion: Occasion, number: str) -> None:
    """Take a reply out of the family's chat."""
    if not occasion.may(Deed.RETIRE):
        return
    entry = topic_commands.case_here(occasion)
    if entry is None:
        return
    case, origin = entry.case, _number(number)
    # Without a number of its own, all that a lost topic brought would be one message.
    sent = replies.sent_from(case, origin) if origin else ()
    left = [pair for pair in sent if not pair.retired]
    if not left or origin is None:
        occasion.tell(line("desk.press.old"))
    elif not _is_own(occasion, entry, case.owner):
        occasion.tell(line("desk.not_yours", who=case.owner or "@desk.nobody"))
    elif seconds(occasion.now) - max(pair.at for pair in left) >= DELETABLE:
        occasion.tell(line("desk.retire.too_late"))
    elif _being_retired(occasion, entry, origin):
        occasion.tell(line("desk.retire.begun"), loud=False)
    else:
        for pair in left:
            post = _retirement(occasion, case, pair, origin)
            outbox.add(occasion.tx, entry.id, post, occasion.now)
        occasion.tell(line("desk.retire.begun"), loud=False)


def _being_retired(occasion: Occasion, entry: Entry, origin: int) -> bool:
    waiting = outbox.of_case(occasion.tx, entry.id)
    return any(one.post.purpose is Purpose.RETIRE and one.post.origin == origin for one in waiting)


def _retirement(occasion: Occasion, case: Case, pair: Pair, origin: int) -> Post:
    return Post(
        place=Place.FAMILY,
        call=Call.DELETE,
        purpose=Purpose.RETIRE,
        priority=notices.urgent(case, Priority.ANSWER),
        at=seconds(occasion.now),
        target=pair.family,
        origin=origin,
        author=occasion.member.name,
        receipt=occasion.command.message_id,
    )


def _is_own(occasion: Occasion, entry: Entry, author: str | None) -> bool:
    """Say whether somebody has the case, wrote it, or coordinates."""
    member = occasion.member
    if claims.kept_away(entry, member) is not None:
        return False
    return member.name in (entry.case.owner, author) or may(member, Deed.ACT_FOR_ANOTHER)


def _close(occasion: Occasion, reason: str) -> None:
    chosen = next((one for one in CHOOSABLE if one.value == reason), None)
    if chosen is None:
        occasion.tell(line("desk.press.old"))
        return
    entry = occasion.entry
    topic_commands.close_with(occasion, Reason(chosen))
    if occasion.alert is None and entry is not None:
        _show(occasion, line("desk.close.chosen", reason=f"@desk.reason.{chosen}"))


def _preview(occasion: Occasion, canned_id: str) -> None:
    """Show a canned reply as the family would read it, with the button that sends it."""
    if not occasion.may(Deed.TEMPLATES):
        return
    entry, chosen = topic_commands.case_here(occasion), canned.get(canned_id)
    if entry is None:
        return
    if chosen is None:
        occasion.tell(line("desk.press.old"))
        return
    if canned.is_withdrawn(occasion.tx, chosen):
        occasion.tell(_WITHDRAWN)
        return
    words = occasion.context.words(entry.case.language)
    text = words.plain(chosen.text.key)
    parts = [
        line("desk.canned.preview", title=f"@{chosen.title.key}", text=notices.text(text)),
    ]
    if canned.status(canned_id, words) is not canned.Status.REVIEWED:
        parts.append(line("desk.canned.draft"))
    rows = (
        (notices.button("button.desk_send", "send", canned_id),),
        (notices.button("button.desk_templates", "templates", "-"),),
    )
    occasion.replace(*parts, rows=rows)


def _templates(occasion: Occasion, argument: str) -> None:
    """Show the list of canned replies again."""
    if occasion.may(Deed.TEMPLATES):
        entry = topic_commands.case_here(occasion)
        if entry is not None:
            parts, rows = topic_commands.templates(occasion.tx, entry)
            occasion.replace(*parts, rows=rows)


def _send(occasion: Occasion, canned_id: str) -> None:
    """Send a canned reply, if the member may answer; once for each preview."""
    entry, chosen = topic_commands.case_here(occasion), canned.get(canned_id)
    if entry is None:
        return
    origin = occasion.command.message_id
    if chosen is None or replies.sent_from(entry.case, origin):
        occasion.tell(line("desk.press.old"))
        return
    if replies.waiting_from(occasion.tx, entry, origin):
        occasion.tell(line("desk.press.old"))
        return
    if canned.is_withdrawn(occasion.tx, chosen):
        occasion.tell(_WITHDRAWN)
        return
    if not writing.answerable(occasion, entry):
        return
    words = occasion.context.words(entry.case.language)
    reviewed = canned.status(canned_id, words) is canned.Status.REVIEWED
    draft = replies.Draft(occasion.member, origin, words.plain(chosen.text.key), checked=reviewed)
    occasion.count(replies.send(occasion.tx, entry, draft, occasion.now, occasion.context))
    said = line("desk.canned.sent", title=f"@{chosen.title.key}", code=codes.shown(entry.case.code))
    _show(occasion, said)


def _says_withdrawn(occasion: Occasion, kept: Kept) -> bool:
    """Say whether what waits holds a canned reply that was withdrawn since it was sent."""
    shows = kept.post.shows
    framed = () if shows is None else (one for part in shows.parts for one in part.params.values())
    said = " ".join((*kept.post.pieces, *map(str, framed)))
    return canned.says_withdrawn(occasion.tx, said, occasion.context.words(kept.post.language))


def _show(occasion: Occasion, done: Part) -> None:
    """Say what was done in place of the buttons; and at once, for an edit may wait a minute."""
    occasion.replace(done)
    occasion.tell(done, loud=False)


def _number(typed: str) -> int | None:
    """Read a number as our buttons carry one; None for any other, which the store cannot hold."""
    return int(typed) if re.fullmatch(r"[0-9]{1,18}", typed) else None


_ACTIONS: Final[dict[str, Callable[[Occasion, str], None]]] = {
    "claim": _claim,
    "page": _page,
    "confirm": _confirm,
    "discard": _discard,
    "again": _again,
    "retire": _retire,
    "close": _close,
    "canned": _preview,
    "templates": _templates,
    "send": _send,
}
"""By what stands before the colon; each takes what stands after it."""
