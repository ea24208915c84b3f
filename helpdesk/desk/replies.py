"""From the topic to the family: what whoever holds a case answers her, and nothing else.

Out goes what the owner writes as a reply to something that came from the family, what she says with
``/r``, and a canned reply that she confirms. Everything else in a topic stays: notes, replies to
notes, to the card or to our own lines, and edits of all those. Who presses what is in `pressing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.desk import casebook, claims, figures, lengths, notices, outbox
from helpdesk.desk.case import Case, Pair, Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import DeskContext
from helpdesk.desk.outbox import Kept
from helpdesk.desk.outgoing_filter import Why, holds
from helpdesk.desk.posts import Call, Place, Post, Priority, Purpose
from helpdesk.desk.staff import Member
from helpdesk.messages import Part, Screen, Unreadable
from store import PostState, Tx
from store.hours import seconds

PASSED: Final = frozenset({Unreadable.PHOTO, Unreadable.VOICE})
"""What may go to a family beside text."""

UNKNOWN: Final = "unknown"
"""Why a reply is held that may have arrived."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply before it goes out: its author, the message in the topic that it is, its words.

    ``kind`` is None for a text; otherwise ``text`` is the caption of ``file``. ``answers`` is the
    message in the family's chat that it replies to. ``checked`` says that its words were reviewed
    before.
    """

    author: Member
    origin: int
    text: str
    kind: Unreadable | None = None
    file: str | None = None
    answers: int | None = None
    corrects: bool = False
    checked: bool = False


def from_family(case: Case, message_id: int | None) -> Pair | None:
    """Return what came from the family in a message of this topic; None for anything else.

    Numbers of messages run in each chat for themselves: one counts only as one of this case, on
    the side of the group, on its way in.
    """
    if message_id is None:
        return None
    # Of texts that were joined, the last one: that is what is answered.
    own = (one for one in reversed(case.pairs) if not one.out and one.desk == message_id)
    return next(own, None)


def sent_from(case: Case, message_id: int) -> tuple[Pair, ...]:
    """Return what went to the family from a message of this topic."""
    return tuple(one for one in case.pairs if one.out and one.desk == message_id)


def waiting_from(tx: Tx, entry: Entry, message_id: int) -> list[Kept]:
    """Return what is to go, or may go, to the family from a message of this topic."""
    found = outbox.to_family(outbox.of_case(tx, entry.id))
    return [one for one in found if one.post.origin == message_id]


def send(tx: Tx, entry: Entry, draft: Draft, now: datetime, context: DeskContext) -> dict[str, int]:
    """Let a reply out, or hold it for a second person; returns counters."""
    found = () if draft.checked else holds(draft.text, context.allowed_hosts)
    whys = (*found, Why.MEDIA) if draft.kind is not None else found
    if whys:
        return _hold(tx, entry, draft, whys, now)
    _let_out(tx, entry, _post(entry.case, draft, now), now, context)
    return {}


def confirm(
    tx: Tx, entry: Entry, kept: Kept, now: datetime, context: DeskContext
) -> dict[str, int]:
    """Let out a held reply that a second person has read."""
    whys = [Why(why) for why in kept.post.held_for]
    outbox.delete(tx, kept)
    _let_out(tx, entry, kept.post.but(held_for=(), at=seconds(now)), now, context)
    return figures.held(whys, figures.HeldEnd.CONFIRMED)


def discard(tx: Tx, kept: Kept, end: figures.HeldEnd) -> dict[str, int]:
    """Forget a held reply."""
    whys = [Why(why) for why in kept.post.held_for if why != UNKNOWN]
    outbox.delete(tx, kept)
    return figures.held(whys, end)


def rewrite(
    tx: Tx, entry: Entry, draft: Draft, now: datetime, context: DeskContext
) -> dict[str, int]:
    """Take an edit of something that goes out, or went: in its place, or as a correction.

    A held reply is held anew under another number: whoever confirms has read what goes.
    """
    counts: dict[str, int] = {}
    waiting = waiting_from(tx, entry, draft.origin)
    out = bool(sent_from(entry.case, draft.origin))
    kind, file, answers = draft.kind, draft.file, draft.answers
    for one in waiting:
        if one.state is PostState.CALLING or UNKNOWN in one.post.held_for:
            out = True
            if one.state is PostState.HELD and one.post.kind is None and draft.text.strip():
                # The correction says all of it: the words before must not come after it.
                outbox.delete(tx, one)
        else:
            kind, answers = one.post.kind or kind, one.post.answers or answers
            file = file or one.post.file
            if one.state is PostState.HELD:
                counts = claims.added(counts, discard(tx, one, figures.HeldEnd.DISCARDED))
            else:
                outbox.delete(tx, one)
    if out and not draft.text.strip():
        return counts
    draft = Draft(
        draft.author,
        draft.origin,
        draft.text,
        # A photo that is there already is not sent again for its caption.
        None if out else kind,
        None if out else file,
        answers,
        corrects=out,
    )
    return claims.added(counts, send(tx, entry, draft, now, context))


def notice_of_hold(post_id: int, whys: Sequence[str]) -> tuple[tuple[Part, ...], notices.Rows]:
    """Return the words and buttons under a held reply."""
    reasons = "list:" + "|".join(f"@desk.held.{why}" for why in whys)
    rows = (
        (notices.button("button.desk_confirm", "confirm", post_id),),
        (notices.button("button.desk_discard", "discard", post_id),),
    )
    return (Part("desk.held", {"reasons": reasons}),), rows


def _hold(
    tx: Tx, entry: Entry, draft: Draft, whys: tuple[Why, ...], now: datetime
) -> dict[str, int]:
    held_for = tuple(dict.fromkeys(why.value for why in whys))
    post = _post(entry.case, draft, now).but(held_for=held_for)
    post_id = outbox.add(tx, entry.id, post, now, PostState.HELD)
    parts, rows = notice_of_hold(post_id, held_for)
    notices.in_topic(
        tx,
        entry,
        now,
        parts,
        rows=rows,
        answers=draft.origin,
        priority=Priority.RECEIPT,
        silent=False,
    )
    return figures.held(dict.fromkeys(whys))


def _let_out(tx: Tx, entry: Entry, post: Post, now: datetime, context: DeskContext) -> None:
    """Write down what goes to the family; from here on she is not waiting for the desk."""
    for one in _framed(post, entry.case, context):
        outbox.add(tx, entry.id, one, now)
    case = entry.case
    if case.status is Status.CLAIMED:
        casebook.save(tx, entry, case.but(waiting_since=None, lease_from=seconds(now)), now)


def _post(case: Case, draft: Draft, now: datetime) -> Post:
    return Post(
        place=Place.FAMILY,
        call=Call.SAY if draft.kind is None else Call.MEDIA,
        purpose=Purpose.TO_FAMILY,
        priority=notices.urgent(case, Priority.ANSWER),
        at=seconds(now),
        language=case.language,
        kind=draft.kind,
        file=draft.file,
        answers=draft.answers,
        author=draft.author.name,
        origin=draft.origin,
        pieces=(draft.text.strip(),),
        corrects=draft.corrects,
    )


def _framed(post: Post, case: Case, context: DeskContext) -> list[Post]:
    """Return a reply as the messages that the family gets; a stranger may see how each begins."""
    who = post.author or ""
    words = post.pieces[0]
    bare = post.but(pieces=())
    found: list[Post] = []
    if post.call is Call.MEDIA:
        caption = (
            _part("case.media_text", who, words) if words else Part("case.media", {"who": who})
        )
        catalogue = context.words(case.language)
        plain = catalogue.plain(caption.key, caption.params)
        if lengths.units(plain) <= lengths.CAPTION and lengths.weight(words) <= lengths.CAPTION:
            return [_showing(bare, caption)]
        found.append(_showing(bare, Part("case.media", {"who": who})))
        bare = bare.but(call=Call.SAY, kind=None, file=None, answers=None)
    for number, piece in enumerate(lengths.pieces(words)):
        key = "case.reply_more" if number else "case.reply"
        if post.corrects:
            key = "case.correction"
        found.append(_showing(bare, _part(key, who, piece)))
        bare = bare.but(answers=None)
    return found


def _part(key: str, who: str, words: str) -> Part:
    params: Mapping[str, str] = {"who": who, "text": notices.text(words)}
    return Part(key, params)


def _showing(post: Post, part: Part) -> Post:
    return post.with_screen(Screen((part,), fresh=True))
