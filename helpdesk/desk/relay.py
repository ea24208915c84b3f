"""From the family into the topic: what she writes becomes posts, or is noted until somebody reads.

While nobody has her case only the numbers of her messages are kept. What never travels: entities
(one may carry an account), contacts, places, documents. The other direction is in `replies`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from helpdesk.desk import casebook, family_posts, lengths, outbox, unheard
from helpdesk.desk.case import Case, Pair, Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Call
from helpdesk.messages import Command, Part, Typed, Unreadable
from store import Tx
from store.hours import seconds

JOIN_AT_MOST: Final = 10
"""Seconds after which a text goes although more keeps coming."""
MOST_WAITING: Final = 40
"""Messages of one case that may wait for the group. Only a flood has more: two minutes of all that
the group takes."""

COPIED: Final = frozenset({Unreadable.PHOTO, Unreadable.VOICE})
ACCOUNT: Final = "account"
MOST_AT_ONCE: Final = 100
"""Unread messages taken with one update: the rest of a flood is only counted."""
_TOO_MUCH: Final = "desk.family.too_much"


class Heard(Enum):
    """What became of something she sent."""

    PASSED = auto()
    """It goes to the person who has her case."""
    NOTED = auto()
    """Nobody has her case yet: whoever takes it will see it."""
    MUTED = auto()
    """Not passed: the volunteer silenced the case for a while (``case.muted_until``)."""
    NOT_PASSED = auto()
    """Not passed, for what it is: the volunteer only sees that there was something."""
    TOO_MUCH = auto()
    """Not passed: too much of hers waits already."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One message of hers. ``kind`` is None for a text; ``text`` is the caption otherwise."""

    message_id: int
    kind: Unreadable | None
    text: str
    names_account: bool
    answers: int | None = None
    edited: bool = False


def hear(tx: Tx, entry: Entry, command: Command) -> Heard:
    """Take what she sent, what was unread before it first; says what became of the command."""
    now = command.at
    for unread in command.unread[:MOST_AT_ONCE]:
        item = _Item(unread.message_id, unread.kind, unread.text, unread.names_account)
        entry, _ = _take(tx, entry, item, now)
    if len(command.unread) > MOST_AT_ONCE:
        entry = _leave_out(tx, entry, len(command.unread) - MOST_AT_ONCE, now)
    body = command.body
    if command.message_id is None or not isinstance(body, Typed | Unreadable):
        return Heard.PASSED
    item = _Item(
        command.message_id,
        body if isinstance(body, Unreadable) else None,
        body.text if isinstance(body, Typed) else command.caption,
        command.names_account,
        command.answers,
        command.edited,
    )
    return _take(tx, entry, item, now)[1]


def _take(tx: Tx, entry: Entry, item: _Item, now: datetime) -> tuple[Entry, Heard]:
    case = entry.case
    if _muted(case, now):
        muted = case.but(muted_count=case.muted_count + 1)
        return casebook.save(tx, entry, muted, now), Heard.MUTED
    if case.status is not Status.CLAIMED:
        return _note(tx, entry, item, now)
    if case.waiting_since is None:
        # She is owed an answer from here: the lease begins to run.
        started = case.but(waiting_since=seconds(now), lease_from=seconds(now))
        entry = casebook.save(tx, entry, started, now)
    return entry, _pass(tx, entry, item, now)


def _muted(case: Case, now: datetime) -> bool:
    return case.muted_until is not None and seconds(now) < case.muted_until


def _leave_out(tx: Tx, entry: Entry, count: int, now: datetime) -> Entry:
    case = entry.case
    if case.status is Status.CLAIMED and not _muted(case, now):
        kept = outbox.from_family(outbox.of_case(tx, entry.id))
        _too_much(tx, entry, kept, now)
        return entry
    if _muted(case, now):
        after = case.but(muted_count=case.muted_count + count)
    else:
        after = case.but(unheard_more=case.unheard_more + count)
    return casebook.save(tx, entry, after, now)


def _note(tx: Tx, entry: Entry, item: _Item, now: datetime) -> tuple[Entry, Heard]:
    passed_as, heard = unheard.COPY, Heard.NOTED
    if item.kind is not None and item.kind not in COPIED:
        passed_as = item.kind.value
        heard = Heard.NOTED if item.kind is Unreadable.STICKER else Heard.NOT_PASSED
    elif item.names_account:
        # A copy of a text brings its entities; of a photo it can come without its words.
        passed_as = ACCOUNT if item.kind is None else unheard.BARE
        heard = Heard.NOT_PASSED if item.kind is None else Heard.NOTED
    case = unheard.noted(entry.case, item.message_id, passed_as)
    if case.waiting_since is None:
        case = case.but(waiting_since=seconds(now))
    return casebook.save(tx, entry, case, now), heard


def _pass(tx: Tx, entry: Entry, item: _Item, now: datetime) -> Heard:
    kept = outbox.from_family(outbox.of_case(tx, entry.id))
    if item.edited:
        return _pass_edit(tx, entry, item, kept, now)
    if item.kind is None and item.names_account:
        return _pass_placeholder(tx, entry, ACCOUNT, item, kept, now)
    if item.kind is None:
        return _pass_text(tx, entry, item, kept, now)
    if item.kind not in COPIED:
        heard = _pass_placeholder(tx, entry, item.kind.value, item, kept, now)
        passed = item.kind is Unreadable.STICKER and heard is Heard.NOT_PASSED
        return Heard.PASSED if passed else heard
    return _pass_copy(tx, entry, item, kept, now)


def _pass_text(tx: Tx, entry: Entry, item: _Item, kept: list[Kept], now: datetime) -> Heard:
    last = kept[-1] if kept else None
    desk = _desk_of(entry.case, item.answers)
    cut = lengths.pieces(item.text)
    if last is not None and len(cut) == 1 and _joins(last, cut[0], desk):
        post = last.post.but(
            pieces=(*last.post.pieces, cut[0]),
            sources=(*last.post.sources, item.message_id),
            not_before=min(last.post.at + JOIN_AT_MOST, seconds(now) + family_posts.JOIN),
        )
        outbox.put(tx, last, family_posts.said(post))
        return Heard.PASSED
    if len(kept) + len(cut) > MOST_WAITING:
        return _too_much(tx, entry, kept, now)
    family_posts.add_text(tx, entry, item.message_id, cut, desk, now)
    return Heard.PASSED


def _joins(last: Kept, text: str, desk: int | None) -> bool:
    """Say whether a text goes with the one before: as long as that waits, and there is room."""
    post = last.post
    if not last.waits or not post.pieces or post.corrects or desk not in (None, post.answers):
        return False
    return lengths.weight("\n".join((*post.pieces, text))) <= lengths.TEXT


def _pass_copy(tx: Tx, entry: Entry, item: _Item, kept: list[Kept], now: datetime) -> Heard:
    if len(kept) + 2 > MOST_WAITING:
        return _too_much(tx, entry, kept, now)
    post = family_posts.new(entry.case, now, Call.COPY, item.message_id).but(
        source=item.message_id, answers=_desk_of(entry.case, item.answers), kind=item.kind
    )
    words = "" if item.names_account else item.text.strip()
    post, rest = family_posts.captioned(post, words)
    outbox.add(tx, entry.id, post, now)
    if item.names_account:
        _add_placeholder(tx, entry, "caption_account", item, now)
    if rest:
        family_posts.add_text(tx, entry, item.message_id, lengths.pieces(rest), None, now)
    return Heard.PASSED


def _pass_placeholder(
    tx: Tx, entry: Entry, kind: str, item: _Item, kept: list[Kept], now: datetime
) -> Heard:
    if len(kept) + 1 > MOST_WAITING:
        return _too_much(tx, entry, kept, now)
    _add_placeholder(tx, entry, kind, item, now)
    return Heard.NOT_PASSED


def _too_much(tx: Tx, entry: Entry, kept: list[Kept], now: datetime) -> Heard:
    shown = kept[-1].post.shows if kept else None
    if shown is None or shown.parts[0].key != _TOO_MUCH:
        family_posts.add_line(tx, entry, Part(_TOO_MUCH), now)
    return Heard.TOO_MUCH


def _pass_edit(tx: Tx, entry: Entry, item: _Item, kept: list[Kept], now: datetime) -> Heard:
    """Put new words in place of those that wait; what has gone out already is corrected."""
    own = [one for one in kept if item.message_id in one.post.sources]
    waiting = [one for one in own if one.waits]
    pair = _pair_of(entry.case, item.message_id)
    if item.names_account:
        # The words before may wait still: they were hers to take back.
        _withdraw(tx, item, waiting)
        return _pass_placeholder(tx, entry, ACCOUNT, item, kept, now)
    cut = lengths.pieces(item.text)
    if pair is None and len(waiting) == len(own) == 1:
        before = waiting[0]
        if before.post.pieces and len(cut) == 1:
            after = family_posts.with_piece(before.post, item.message_id, cut[0])
            if after is not None:
                outbox.put(tx, before, after)
                return Heard.PASSED
        elif before.post.call is Call.COPY:
            post, rest = family_posts.captioned(before.post, item.text.strip())
            outbox.put(tx, before, post)
            if rest:
                family_posts.add_text(tx, entry, item.message_id, lengths.pieces(rest), None, now)
            return Heard.PASSED
    _withdraw(tx, item, waiting)
    if not item.text.strip():
        return Heard.PASSED
    if len(kept) + len(cut) > MOST_WAITING:
        return _too_much(tx, entry, kept, now)
    desk = None if pair is None else pair.desk or None
    corrects = pair is not None or len(waiting) != len(own) or not own
    family_posts.add_text(tx, entry, item.message_id, cut, desk, now, corrects=corrects)
    return Heard.PASSED


def _withdraw(tx: Tx, item: _Item, waiting: Sequence[Kept]) -> None:
    """Take the words of a message out of what waits."""
    for one in waiting:
        if one.post.pieces:
            left = family_posts.without_piece(one.post, item.message_id)
            if left is None:
                outbox.delete(tx, one)
            else:
                outbox.put(tx, one, left)


def _add_placeholder(tx: Tx, entry: Entry, kind: str, item: _Item, now: datetime) -> None:
    family_posts.add_line(tx, entry, family_posts.placeholder(kind), now, item.message_id)


def _pair_of(case: Case, message_id: int) -> Pair | None:
    """Return the newest message in the topic that stands for one of hers."""
    own = (pair for pair in reversed(case.pairs) if not pair.out and pair.family == message_id)
    return next(own, None)


def _desk_of(case: Case, answers: int | None) -> int | None:
    """Return the message in the topic that stands for one that she replies to."""
    found = (pair.desk for pair in reversed(case.pairs) if pair.family == answers)
    return next(found, None) or None
