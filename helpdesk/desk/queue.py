"""The one message in General that lists who waits; it is made anew from the cases when it is due.

It is no post: a list of yesterday's state must not wait in a line.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from helpdesk.desk import budget, casebook, codes, lineup, notices, outbox, posture, staff
from helpdesk.desk.case import Case, Status, Urgency
from helpdesk.desk.context import DeskContext, group_of
from helpdesk.desk.posts import Call, Place, Post, Priority, Purpose
from helpdesk.messages import Button, Part, Screen
from locales import SOURCE
from store import Tx, desk_state
from store.hours import seconds

EVERY: Final = 20
"""Seconds between two edits."""
PAGE: Final = 25
"""Cases shown at once."""
SPARE: Final = 3
"""Calls of the minute that must be free: the queue never takes the last ones."""
PATIENCE: Final = 120
"""Seconds after which it takes any free call, before posts that wait: a list that stands still for
longer tells volunteers of nobody who came."""

_STATE: Final = "queue"
_ORDER: Final = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class QueueEdit:
    """The queue as it reads now, for ``group``; ``message_id`` to edit, None for a new message.

    ``digest`` goes back to `shown`. The budget was spent already.
    """

    group: int
    screen: Screen
    message_id: int | None
    digest: str
    language: str = "es"


def due(tx: Tx, now: datetime, context: DeskContext) -> QueueEdit | None:
    """Return the edit to make now: at most every 20 s, only of what changed, only with room."""
    group, state = group_of(tx, context), _read(tx)
    passed = seconds(now) - state.get("at", 0)
    if group is None or not posture.safe(tx, now) or 0 <= passed < EVERY:
        return None
    late = state.get("at") is not None and passed >= PATIENCE
    if budget.free(tx, now) < (1 if late else SPARE):
        return None
    if not late and _something_goes_first(tx, now, context):
        return None
    screen, page = _screen(tx, now, state.get("page", 0), context)
    digest = hashlib.sha256(repr(screen).encode()).hexdigest()
    if state.get("message") is not None and state.get("digest") == digest:
        return None
    if budget.spend(tx, now) > 0:
        return None
    # Noted before it is made: a call that fails is not made again at once.
    _write(tx, state | {"at": seconds(now), "page": page})
    return QueueEdit(group, screen, state.get("message"), digest)


def landed(tx: Tx, now: datetime) -> None:
    """Note that the call for it has ended, however it did."""
    budget.landed(tx, now)


def shown(tx: Tx, now: datetime, message_id: int, digest: str) -> None:
    """Note that it stands there now."""
    _write(tx, _read(tx) | {"at": seconds(now), "message": message_id, "digest": digest})


def lost(tx: Tx) -> None:
    """Note that its message is gone: the next one is new."""
    _write(tx, _read(tx) | {"message": None})


def anew(tx: Tx, now: datetime) -> None:
    """Have it at the end of General, as a new message; the old one goes.

    Not again within `EVERY`: each costs two calls of the minute, and it stands there already.
    """
    state = _read(tx)
    if 0 <= seconds(now) - state.get("anew", -EVERY) < EVERY:
        return
    if state.get("message") is not None:
        post = Post(
            place=Place.GENERAL,
            call=Call.DELETE,
            purpose=Purpose.NOTICE,
            priority=Priority.HOUSEKEEPING,
            at=seconds(now),
            target=state["message"],
        )
        outbox.add(tx, None, post, now)
    # As if it had been made just long enough ago: what is more urgent still goes first.
    _write(tx, state | {"message": None, "at": seconds(now) - EVERY, "anew": seconds(now)})


def turn_to(tx: Tx, page: int) -> None:
    """Show another page, the first being 0, the next time it is due; everybody sees the same."""
    _write(tx, _read(tx) | {"page": page})


def _something_goes_first(tx: Tx, now: datetime, context: DeskContext) -> bool:
    next_ones = lineup.into_group(tx, lineup.on_their_way(tx), now, context)
    posts = (one.post for one in next_ones)
    return any(post.not_before is None or post.not_before <= seconds(now) for post in posts)


def _screen(tx: Tx, now: datetime, page: int, context: DeskContext) -> tuple[Screen, int]:
    known = [one.case for one in casebook.every_open(tx)]
    waiting = sorted((one for one in known if one.status is Status.WAITING), key=_place)
    pages = max(1, -(-len(waiting) // PAGE))
    page = min(page, pages - 1)
    first = page * PAGE
    shown_now = waiting[first : first + PAGE]
    on_duty = len(staff.on_duty(tx, now))
    parts = [Part("desk.queue.head", {"waiting": len(waiting), "on_duty": on_duty})]
    if shown_now:
        words = context.words("es")
        lines = (
            words.plain(*_line(number, case, now))
            for number, case in enumerate(shown_now, first + 1)
        )
        parts.append(Part("desk.queue.list", {"lines": notices.text("\n".join(lines))}))
    else:
        parts.append(Part("desk.queue.nobody"))
    in_hand = Counter(one.owner for one in known if one.owner is not None)
    if in_hand:
        names = "list:" + "|".join(f"{name} ({count})" for name, count in sorted(in_hand.items()))
        parts.append(Part("desk.queue.in_hand", {"names": names}))
    if pages > 1:
        parts.append(Part("desk.queue.page", {"page": page + 1, "pages": pages}))
    rows = tuple(
        tuple(_claim_button(case) for case in shown_now[start : start + 2])
        for start in range(0, len(shown_now), 2)
    )
    return Screen(tuple(parts), (*rows, *_turning(page, pages))), page


def _place(case: Case) -> tuple[int, int]:
    return _ORDER.index(case.urgency), case.waiting_since or case.opened_at


def _line(number: int, case: Case, now: datetime) -> tuple[str, dict[str, str | int]]:
    """Return the key of a line and what stands in it; a language only where it is another."""
    told: dict[str, str | int] = {
        "number": number,
        "code": codes.shown(case.code),
        "category": f"@desk.category.{case.category}",
        "urgency": f"@desk.urgency.{case.urgency}",
        "waited": notices.waited(casebook.since(case.waiting_since, now)),
    }
    if case.language == SOURCE:
        return "desk.queue.line", told
    return "desk.queue.line_language", told | {"language": f"@desk.language.{case.language}"}


def _claim_button(case: Case) -> Button:
    code = codes.shown(case.code)
    return notices.button("button.desk_claim", "claim", case.code, code=code)


def _turning(page: int, pages: int) -> notices.Rows:
    buttons = []
    if page > 0:
        buttons.append(notices.button("button.desk_earlier", "page", page - 1))
    if page + 1 < pages:
        buttons.append(notices.button("button.desk_later", "page", page + 1))
    return (tuple(buttons),) if buttons else ()


def _read(tx: Tx) -> dict[str, Any]:
    state: dict[str, Any] = desk_state.get(tx).get(_STATE, {})
    return state


def _write(tx: Tx, state: dict[str, Any]) -> None:
    desk_state.put(tx, desk_state.get(tx) | {_STATE: state})
