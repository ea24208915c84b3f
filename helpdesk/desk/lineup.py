"""In which order posts go out: what waits for what, and who is next. Nothing is marked or sent.

Into the group: the topic before anything of its case, the card before what the family wrote, her
messages in their order, and the closing of a topic after all else. Across cases the more urgent
first, then the case that had least of the last minute, then the older: a flood of one family's
would otherwise leave no room for others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from helpdesk.desk import budget, casebook, outbox, posture
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import DeskContext, group_of
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Call, Place, Priority, Purpose
from store import PostState, Tx

SHARE: Final = 5
"""Calls of a minute after which nothing of a case, or of General, overtakes what other families
write: neither a flood that is urgent nor the answers to somebody's sixty commands."""
_OVERTAKES: Final = frozenset({Priority.URGENT, Priority.ANSWER})

_LAST: Final = frozenset({Call.CLOSE_TOPIC, Call.DELETE_TOPIC})


def on_their_way(tx: Tx) -> list[Kept]:
    """Return what waits and what is being called, in the order in which it was written."""
    found = [*outbox.every(tx, PostState.WAITING), *outbox.every(tx, PostState.CALLING)]
    return sorted(found, key=lambda one: one.id)


def into_group(tx: Tx, on_way: Iterable[Kept], now: datetime, context: DeskContext) -> list[Kept]:
    """Return what may go into the group, who is next first; nothing while that is unsafe."""
    if group_of(tx, context) is None or not posture.safe(tx, now):
        return []
    by_case: dict[bytes | None, list[Kept]] = defaultdict(list)
    for kept in outbox.into_group(on_way):
        by_case[kept.case].append(kept)
    free = [one for one in by_case.pop(None, ()) if one.waits]
    for case_id, of_case in by_case.items():
        entry = None if case_id is None else casebook.of_id(tx, case_id)
        if entry is not None:
            free += _unblocked(entry, of_case)
    shares = budget.shares(tx, now)

    def place(one: Kept) -> tuple[int, int, int]:
        share = shares["" if one.case is None else one.case.hex()]
        priority = one.post.priority
        if share >= SHARE and priority in _OVERTAKES:
            priority = Priority.RELAY
        return priority, share, one.id

    return sorted(free, key=place)


def into_private(tx: Tx, on_way: Iterable[Kept]) -> list[tuple[int, Kept]]:
    """Return what may go to families and to people of the team: by chat, the oldest of each."""
    heads: dict[int, Kept] = {}
    chats: dict[bytes, int | None] = {}
    for kept in on_way:
        chat = kept.post.user
        if kept.post.place is Place.FAMILY and kept.case is not None:
            if kept.case not in chats:
                entry = casebook.of_id(tx, kept.case)
                chats[kept.case] = None if entry is None else entry.chat
            chat = chats[kept.case]
        elif kept.post.place is not Place.PERSON:
            continue
        if chat is not None:
            heads.setdefault(chat, kept)
    return [(chat, kept) for chat, kept in heads.items() if kept.waits]


def _unblocked(entry: Entry, kept: list[Kept]) -> list[Kept]:
    """Return the posts of a case that wait for no other of it."""
    for call in (Call.OPEN_TOPIC, Call.REOPEN_TOPIC):
        before = [one for one in kept if one.post.call is call]
        if before:
            return [one for one in before[:1] if one.waits]
    if entry.case.topic is None:
        return []
    card = [one for one in kept if one.post.purpose is Purpose.CARD]
    if card:
        return [one for one in card[:1] if one.waits]
    family = [one for one in kept if one.post.purpose is Purpose.FROM_FAMILY]
    last = [one for one in kept if one.post.call in _LAST]
    own = [one for one in kept if one not in family and one not in last]
    heads = (family[:1] + own[:1]) or last[:1]
    return [one for one in heads if one.waits]
