"""What the desk says of its own: notices in a topic, in General, to one person, to the family.

All become posts. Which words are said is decided by whoever calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from helpdesk.desk import outbox, staff
from helpdesk.desk.case import Case, Urgency
from helpdesk.desk.casebook import Entry
from helpdesk.desk.posts import Call, Place, Post, Priority, Purpose
from helpdesk.messages import Button, Param, Part, Screen
from store import Tx
from store.hours import seconds

Language = Literal["es", "en"]
Rows = tuple[tuple[Button, ...], ...]
_NOTHING: Final[Mapping[str, Param]] = {}

_STEPS: Final = (
    (5 * 60, "under_5_minutes"),
    (10 * 60, "minutes_5"),
    (20 * 60, "minutes_10"),
    (30 * 60, "minutes_20"),
    (60 * 60, "minutes_30"),
    (2 * 3600, "hour_1"),
    (4 * 3600, "hours_2"),
    (8 * 3600, "hours_4"),
    (12 * 3600, "hours_8"),
    (24 * 3600, "hours_12"),
    (2 * 86400, "day_1"),
    (4 * 86400, "days_2"),
    (7 * 86400, "days_4"),
)
_LONGEST: Final = "week_1"


def button(key: str, verb: str, argument: object, **params: Param) -> Button:
    """Return a button of the desk, whose press says ``verb:argument``."""
    return Button(key, f"{verb}:{argument}", params)


def waited(passed: int) -> str:
    """Return the key, behind ``@``, of how long somebody has waited, in coarse steps.

    Coarse, so that the queue message need not be edited at every minute.
    """
    step = next((name for limit, name in _STEPS if passed < limit), _LONGEST)
    return f"@desk.wait.{step}"


def text(words: str) -> str:
    """Return somebody's words as a parameter that is printed as it stands."""
    return f"text:{words}"


def language_of(tx: Tx, case: Case) -> Language:
    """Return the language of a case's topic: its owner's, Spanish while nobody has it."""
    owner = None if case.owner is None else staff.named(tx, case.owner)
    return "es" if owner is None else owner.language


def urgent(case: Case, otherwise: Priority) -> Priority:
    """Return the priority of what is said in a case's topic."""
    return Priority.URGENT if case.urgency is Urgency.NOW else otherwise


def in_topic(
    tx: Tx,
    entry: Entry,
    now: datetime,
    parts: tuple[Part, ...],
    *,
    rows: Rows = (),
    answers: int | None = None,
    purpose: Purpose = Purpose.NOTICE,
    priority: Priority = Priority.ANSWER,
    silent: bool = True,
) -> None:
    """Say something in a case's topic; nothing when it has none and none is on its way."""
    case = entry.case
    if case.topic is None and not case.topic_wanted:
        return
    post = Post(
        place=Place.TOPIC,
        call=Call.SAY,
        purpose=purpose,
        priority=urgent(case, priority),
        at=seconds(now),
        language=language_of(tx, case),
        silent=silent,
        answers=answers,
    )
    outbox.add(tx, entry.id, post.with_screen(Screen(parts, rows)), now)


def change(
    tx: Tx,
    entry: Entry | None,
    now: datetime,
    message_id: int,
    parts: tuple[Part, ...],
    *,
    rows: Rows = (),
    language: Language = "es",
    priority: Priority = Priority.ANSWER,
) -> None:
    """Replace the words of one of our messages in the group."""
    post = Post(
        place=Place.GENERAL if entry is None else Place.TOPIC,
        call=Call.EDIT,
        purpose=Purpose.NOTICE,
        priority=priority,
        at=seconds(now),
        language=language if entry is None else language_of(tx, entry.case),
        target=message_id,
    )
    outbox.add(tx, None if entry is None else entry.id, post.with_screen(Screen(parts, rows)), now)


def in_general(
    tx: Tx,
    now: datetime,
    parts: tuple[Part, ...],
    *,
    rows: Rows = (),
    answers: int | None = None,
    priority: Priority = Priority.ANSWER,
    silent: bool = True,
) -> None:
    """Say something in General, in Spanish: everybody reads it."""
    post = Post(
        place=Place.GENERAL,
        call=Call.SAY,
        purpose=Purpose.NOTICE,
        priority=priority,
        at=seconds(now),
        silent=silent,
        answers=answers,
    )
    outbox.add(tx, None, post.with_screen(Screen(parts, rows)), now)


def to_person(
    tx: Tx,
    member: staff.Member,
    now: datetime,
    parts: tuple[Part, ...],
    *,
    rows: Rows = (),
    priority: Priority = Priority.ANSWER,
) -> None:
    """Say something to one person of the team, in private. URGENT is tried until it arrives."""
    post = Post(
        place=Place.PERSON,
        call=Call.SAY,
        purpose=Purpose.NOTICE,
        priority=priority,
        at=seconds(now),
        language=member.language,
        user=member.user,
    )
    outbox.add(tx, None, post.with_screen(Screen(parts, rows)), now)


def told_family(
    tx: Tx,
    entry: Entry,
    now: datetime,
    key: str,
    params: Mapping[str, Param] = _NOTHING,
    *,
    rows: Rows = (),
) -> None:
    """Tell the family something about her case, as a message of its own."""
    post = Post(
        place=Place.FAMILY,
        call=Call.SAY,
        purpose=Purpose.TOLD_FAMILY,
        priority=urgent(entry.case, Priority.ANSWER),
        at=seconds(now),
        language=entry.case.language,
    )
    screen = Screen((Part(key, params),), rows, fresh=True)
    outbox.add(tx, entry.id, post.with_screen(screen), now)
