"""A case's topic in the group: made with its card, closed, deleted, lost, and moved with the group.

All of it becomes posts; what a lost topic means for what waits to go into it is decided here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from helpdesk.desk import card, casebook, notices, outbox, queue, unheard
from helpdesk.desk.case import Case, Status
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import MOVED, DeskContext, group_of
from helpdesk.desk.outbox import Kept
from helpdesk.desk.posts import Call, Place, Post, Priority, Purpose
from helpdesk.editorial import editorial
from helpdesk.messages import Part, Screen
from store import PostState, Tx, desk_state
from store.hours import seconds

_HOME: Final = "home"
"""Where `store.desk_state` keeps the group that was configured when it was last looked."""

NOWHERE: Final = 0
"""In place of a message's number on the desk's side when its topic or its group is gone."""


def start(tx: Tx, entry: Entry, now: datetime, context: DeskContext) -> None:
    """Write down a new topic for a case, and its card."""
    case = entry.case
    post = _post(Call.OPEN_TOPIC, now).but(
        priority=notices.urgent(case, Priority.ANSWER), title=card.title(case, context.words("es"))
    )
    outbox.add(tx, entry.id, post, now)
    language = notices.language_of(tx, case)
    shown = card.pages(case, context.words(language), now, editorial.load(tx, now))
    for number, page in enumerate(shown):
        said = post.but(
            call=Call.SAY, purpose=Purpose.CARD, title=None, language=language, silent=number > 0
        )
        outbox.add(tx, entry.id, said.with_screen(Screen(page)), now)


def add_call(tx: Tx, entry: Entry, call: Call, now: datetime) -> None:
    """Write down that a case's topic is closed or opened again."""
    outbox.add(tx, entry.id, _post(call, now), now)


def delete(tx: Tx, topic: int, now: datetime) -> None:
    """Write down that a topic goes; the post belongs to no case, so that it outlives its case."""
    outbox.add(tx, None, _post(Call.DELETE_TOPIC, now).but(target=topic), now)


def forget(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """Delete the topic of a case that is over; nothing of the case goes into the group any more."""
    case = entry.case
    outbox.delete(tx, *_still(outbox.into_group(outbox.of_case(tx, entry.id))))
    if case.topic is not None:
        delete(tx, case.topic, now)
    return casebook.save(tx, entry, case.but(topic=None, topic_wanted=False), now)


def never(tx: Tx, entry: Entry, case: Case) -> Case:
    """Return a case that ends before it had a topic: what was to open one does not go out."""
    left = outbox.into_group(outbox.of_case(tx, entry.id))
    outbox.delete(tx, *_still(left))
    # One that is being opened at this moment is deleted as soon as its number is known.
    return case.but(topic_wanted=any(one.state is PostState.CALLING for one in left))


def opened(tx: Tx, entry: Entry, topic: int, group: int, now: datetime) -> Entry:
    """Take the number of a topic that was made; a case that is over by now does not need it."""
    if not entry.case.open:
        delete(tx, topic, now)
        return casebook.save(tx, entry, entry.case.but(topic_wanted=False), now)
    return casebook.save(tx, entry, entry.case.but(topic=topic), now, group=group)


def lost(tx: Tx, entry: Entry, now: datetime, context: DeskContext) -> Entry:
    """Give a case another topic, with its card, when somebody deleted it; what waits goes there.

    While nobody has the case, and after its end, there is no need of one.
    """
    case = _out_of_place(entry.case).but(topic=None)
    waiting = _still(outbox.into_group(outbox.of_case(tx, entry.id)))
    if case.status is not Status.CLAIMED:
        entry = casebook.save(tx, entry, case.but(topic_wanted=False), now)
        unread = outbox.from_family(waiting) if case.open else []
        outbox.delete(tx, *(one for one in waiting if one not in unread))
        return unheard.put_back(tx, entry, unread, now)
    for one in waiting:
        if one.post.purpose in (Purpose.CARD, Purpose.TOPIC):
            outbox.delete(tx, one)
        else:
            _detach(tx, one)
    entry = casebook.save(tx, entry, case.but(topic_wanted=True), now)
    start(tx, entry, now, context)
    notices.in_topic(tx, entry, now, (Part("desk.topic.again"),))
    return entry


def moved(tx: Tx, group: int, now: datetime, context: DeskContext) -> None:
    """Follow the group into ``group``: every topic's look-up, and all that waits to go there.

    Messages are numbered anew in it. What was said before can be answered with /r only: an old
    number might by then be that of a note.
    """
    if context.group is None or group_of(tx, context) == group:
        return
    desk_state.put(tx, desk_state.get(tx) | {MOVED: {str(context.group): group}})
    queue.lost(tx)
    for entry in (*casebook.every_open(tx), *casebook.every_closed(tx)):
        entry = casebook.save(tx, entry, _out_of_place(entry.case), now, group=group)
        if entry.case.open:
            notices.in_topic(tx, entry, now, (Part("desk.topic.moved"),))
    for one in (*outbox.every(tx, PostState.WAITING), *outbox.every(tx, PostState.HELD)):
        _renumber(tx, one)


def at_home(tx: Tx, now: datetime, context: DeskContext) -> None:
    """Begin anew where the operator has set up another group: no topic of the old one is in it.

    Without this, what a family writes could land in whatever topic has the same number there.
    """
    if context.group is None:
        return
    state = desk_state.get(tx)
    home = state.get(_HOME)
    if home == context.group:
        return
    desk_state.put(tx, state | {_HOME: context.group})
    if home is None or state.get(MOVED, {}).get(str(home)) == context.group:
        return  # the first, or the same one under its new id
    queue.lost(tx)
    for one in (*outbox.every(tx, PostState.WAITING), *outbox.every(tx, PostState.HELD)):
        if one.post.purpose is Purpose.TOPIC:
            outbox.delete(tx, one)
        else:
            _renumber(tx, one)
    for entry in (*casebook.every_open(tx), *casebook.every_closed(tx)):
        lost(tx, entry, now, context)


def _renumber(tx: Tx, kept: Kept) -> None:
    """Take the numbers of the group that was out of a post: they mean other messages by now.

    What cannot do without them goes: a held reply under its buttons, an edit.
    """
    post = kept.post
    to_family = post.purpose is Purpose.TO_FAMILY
    if to_family and not kept.waits:
        outbox.delete(tx, kept)
    elif post.place is Place.FAMILY:
        outbox.put(tx, kept, post.but(origin=None, receipt=None))
    else:
        _detach(tx, kept)


def _detach(tx: Tx, kept: Kept) -> None:
    """Let a post go where its neighbours are not: it replies to nothing there."""
    post = kept.post
    if post.place not in (Place.TOPIC, Place.GENERAL):
        return
    if post.call in (Call.EDIT, Call.DELETE):
        outbox.delete(tx, kept)
    elif post.answers is not None:
        outbox.put(tx, kept, post.but(answers=None))


def _out_of_place(case: Case) -> Case:
    """Return a case none of whose messages in the group can be answered any more."""
    return case.but(pairs=tuple(one.model_copy(update={"desk": NOWHERE}) for one in case.pairs))


def _still(kept: list[Kept]) -> list[Kept]:
    """Return those that are not being called at this moment."""
    return [one for one in kept if one.state is not PostState.CALLING]


def _post(call: Call, now: datetime) -> Post:
    return Post(
        place=Place.TOPIC,
        call=call,
        purpose=Purpose.TOPIC,
        priority=Priority.HOUSEKEEPING,
        at=seconds(now),
    )
