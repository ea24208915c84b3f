"""What a family writes while nobody has her case: noted by number, copied when somebody reads.

No word of it is kept here: a copy brings the words out of her chat, as they are by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.desk import casebook, family_posts, outbox
from helpdesk.desk.case import Case, Unheard
from helpdesk.desk.casebook import Entry
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Call
from helpdesk.messages import Part
from store import Tx

MOST: Final = 60
"""Messages noted of a case. Beyond, the first half and the latest stay, and the rest is counted."""

COPY: Final = "copy"
BARE: Final = "bare"
"""Copied without its caption, for that one links to somebody's account."""


def noted(case: Case, message_id: int, passed_as: str) -> Case:
    """Return a case with one message more, or with a known one to be passed otherwise."""
    new = Unheard(message_id=message_id, passed_as=passed_as)
    known = [one for one in case.unheard if one.message_id != message_id]
    if len(known) < len(case.unheard):
        same = (new if one.message_id == message_id else one for one in case.unheard)
        return case.but(unheard=tuple(same))
    known.append(new)
    more = case.unheard_more
    if len(known) > MOST:
        del known[MOST // 2]
        more += 1
    return case.but(unheard=tuple(known), unheard_more=more)


def pass_on(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """Write down the copies of what was noted; the case has an owner by now."""
    case = entry.case
    if not case.unheard and not case.unheard_more:
        return entry
    if case.unheard:
        # A copy of a text has no frame of ours: hers could pass for a line of the desk.
        head = Part("desk.family.before", count=len(case.unheard))
        family_posts.add_line(tx, entry, head, now)
    for one in case.unheard:
        if one.passed_as in (COPY, BARE):
            post = family_posts.new(case, now, Call.COPY, one.message_id)
            whole = one.passed_as == COPY
            outbox.add(tx, entry.id, post.but(source=one.message_id, own_caption=whole), now)
        else:
            line = family_posts.placeholder(one.passed_as)
            family_posts.add_line(tx, entry, line, now, one.message_id)
    if case.unheard_more:
        line = Part("desk.family.more", count=case.unheard_more)
        family_posts.add_line(tx, entry, line, now)
    return casebook.save(tx, entry, case.but(unheard=(), unheard_more=0), now)


def put_back(tx: Tx, entry: Entry, kept: Sequence[Kept], now: datetime) -> Entry:
    """Keep only the numbers of messages whose posts could not go out for a day."""
    case = entry.case
    for one in kept:
        post = one.post
        kind = family_posts.kind_of(post)
        for source in post.sources:
            if kind is not None and any(source == known.message_id for known in case.unheard):
                continue  # a line about the caption of a photo that is noted itself
            bare = post.call is Call.COPY and post.screen is None and not post.own_caption
            case = noted(case, source, kind or (BARE if bare else COPY))
    outbox.delete(tx, *kept)
    return casebook.save(tx, entry, case, now)
