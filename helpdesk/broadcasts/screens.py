"""How the screens of whoever writes or approves a broadcast look; what a press means is not here.

How many families something is for is said in tens, and under ten as that: never exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from helpdesk.audience import REGIONS, Segment, Topic
from helpdesk.broadcasts import amending, letters, quiet
from helpdesk.broadcasts.approval import SHOWN
from helpdesk.broadcasts.broadcast import Broadcast, Kind, Letter, Stage, Step, name_of
from helpdesk.broadcasts.checks import Faults
from helpdesk.broadcasts.presses import button
from helpdesk.broadcasts.readiness import SMALLEST, Review
from helpdesk.broadcasts.shelf import Entry
from helpdesk.context import day_of
from helpdesk.desk.staff import Member
from helpdesk.messages import Button, Param, Part, Screen
from store.hours import CARACAS, moment

PAGE: Final = 8
"""States on one page of buttons."""
MOST_FAULTS: Final = 8
"""Faults that are told at once; a message has an end."""

Rows = tuple[tuple[Button, ...], ...]


# --- asking, step by step -----------------------------------------------------------------------


def step(entry: Entry, before: Iterable[Part] = ()) -> Screen:
    """Return the question of a step that is answered by typing, or whether it is urgent."""
    broadcast = entry.broadcast
    asked = broadcast.step
    rows: list[tuple[Button, ...]] = []
    if asked is Step.DATE:
        rows.append(
            (
                button("button.bc_today", "day", entry.id, "0"),
                button("button.bc_yesterday", "day", entry.id, "1"),
            )
        )
    if asked is Step.URGENCY:
        rows.append((button("button.bc_not_urgent", "urgent", entry.id, "no"),))
        rows.append((button("button.bc_urgent", "urgent", entry.id, "yes"),))
    rows.append(_aside(entry))
    question = Part(f"broadcast.ask.{asked}", {"name": broadcast.called})
    return Screen((*before, question), tuple(rows))


def segment(entry: Entry, families: int, page: int = 0, before: Iterable[Part] = ()) -> Screen:
    """Return the buttons for whom it is, with the states on pages."""
    chosen = entry.broadcast.segment
    pages = -(-len(REGIONS) // PAGE)
    page %= pages
    shown = REGIONS[page * PAGE : (page + 1) * PAGE]
    topics = [_marked("topic", one, one in chosen.topics, entry) for one in Topic]
    regions = [_marked("region", one, one in chosen.regions, entry) for one in shown]
    rows: list[tuple[Button, ...]] = [(one,) for one in topics]
    rows += list(zip(regions[::2], regions[1::2], strict=True))
    rows.append(
        (
            button("button.bc_regions_before", "page", entry.id, str((page - 1) % pages)),
            button("button.bc_regions_after", "page", entry.id, str((page + 1) % pages)),
        )
    )
    rows.append((button("button.bc_segment_done", "done", entry.id),))
    rows.append(_aside(entry))
    question = Part("broadcast.ask.segment", {"name": entry.broadcast.called})
    parts = [*before, question]
    if not chosen.empty:
        parts += [whom(chosen), size(families)]
    return Screen(tuple(parts), tuple(rows))


def page_of(name: str) -> int:
    """Return the page of buttons that a state is on; topics are on all."""
    return REGIONS.index(name) // PAGE if name in REGIONS else 0


def told_faults(faults: Faults) -> tuple[Part, ...]:
    """Return what is wrong, each with what to write instead; what was written is kept."""
    if not faults:
        return ()
    more = len(faults) - MOST_FAULTS
    rest = (Part("broadcast.faults.more", count=more),) if more > 0 else ()
    return (Part("broadcast.faults"), *faults[:MOST_FAULTS], *rest)


def told_lost(lost: Iterable[str]) -> tuple[Part, ...]:
    """Return which formatting was left out."""
    names = "|".join(f"@broadcast.lost.{one}" for one in lost)
    return (Part("broadcast.lost", {"what": f"list:{names}"}),) if names else ()


# --- the panels ---------------------------------------------------------------------------------


def panel(entry: Entry, found: Review, letter: Letter | None, now: datetime) -> Screen:
    """Return what stands under the preview: how it will be, what is wrong, and what can be done.

    ``letter`` is the one shown above, None while there is none.
    """
    broadcast = entry.broadcast
    title = "broadcast.ask.ready" if letter is not None else "broadcast.panel.unfinished"
    parts = [Part(title, {"name": broadcast.called})]
    if letter is not None:
        parts += told(broadcast, letter, found, now)
    parts += [*told_faults(found.faults), *_obstacles(found)]
    rows: list[tuple[Button, ...]] = []
    if letter is not None:
        rows.append((button("button.bc_test", "test", entry.id),))
    rows += _changes(entry)
    if found.earlier is not None and not found.earlier.refused and not broadcast.said_same:
        rows.append((button("button.bc_same", "same", entry.id),))
    if found.ready:
        rows.append((button("button.bc_ask", "ask", entry.id),))
    rows.append((button("button.bc_discard", "discard", entry.id),))
    return Screen(tuple(parts), tuple(rows))


def waiting(entry: Entry, found: Review, asked: Iterable[Member], until: datetime) -> Screen:
    """Return what the author sees while others are asked; a change takes the question back."""
    broadcast = entry.broadcast
    who = "list:" + "|".join(f"text:{one.name}" for one in asked)
    given = {"name": broadcast.called, "who": who, "until": clock(until)}
    rows = (*_changes(entry), (button("button.bc_discard", "discard", entry.id),))
    return Screen((Part("broadcast.asked", given), *_reach(broadcast, found)), rows)


def question(entry: Entry, found: Review, until: datetime, now: datetime) -> Screen:
    """Return what somebody else is asked, under the letter that she is to approve."""
    broadcast = entry.broadcast
    assert broadcast.letter is not None  # it is asked for
    given = {"name": broadcast.called, "who": broadcast.author, "until": clock(until)}
    shown = broadcast.seal[:SHOWN]
    rows = (
        (button("button.bc_approve", "ok", entry.id, shown),),
        (button("button.bc_decline", "no", entry.id, shown),),
    )
    parts = (
        Part(f"broadcast.question.{broadcast.kind}", given),
        *told(broadcast, broadcast.letter, found, now),
        *_said_before(found),
        Part("broadcast.question.look"),
    )
    return Screen(parts, rows)


def told(broadcast: Broadcast, letter: Letter, found: Review, now: datetime) -> list[Part]:
    """Return what cannot be seen in the letter: the locked phone, for whom, and when."""
    seen = Part("broadcast.lock_screen", {"text": f"text:{letters.lock_screen(letter)}"})
    return [seen, *_reach(broadcast, found), goes_out(broadcast, now)]


def goes_out(broadcast: Broadcast, now: datetime) -> Part:
    """Return when it would go out."""
    if broadcast.kind is not Kind.SEND:
        return Part("broadcast.goes.silently")
    if broadcast.urgent:
        return Part("broadcast.goes.at_once")
    waits = quiet.waits(broadcast, now)
    return Part("broadcast.goes.in_the_morning" if waits else "broadcast.goes.by_day")


def whom(chosen: Segment) -> Part:
    """Return for whom it is, in words: with any topic, also who asked for everything important."""
    wanted = chosen.topics | {Topic.ALL} if chosen.topics else chosen.topics
    topics = "|".join(f"@topic.{one}" for one in Topic if one in wanted)
    regions = "|".join(f"@region.{one}" for one in REGIONS if one in chosen.regions)
    if not regions:
        return Part("broadcast.for.topics", {"topics": f"list:{topics}"})
    if not topics:
        return Part("broadcast.for.regions", {"regions": f"list:{regions}"})
    given: dict[str, Param] = {"topics": f"list:{topics}", "regions": f"list:{regions}"}
    return Part("broadcast.for.both", given)


def size(families: int) -> Part:
    """Return how many families that is: whole tens, never the number itself."""
    if families < SMALLEST:
        return Part("broadcast.size.few")
    return Part("broadcast.size", {"size": families // 10 * 10})


def open_button(entry: Entry) -> Button:
    """Return the button that opens a broadcast."""
    return button("button.bc_open", "open", entry.id, params={"name": entry.broadcast.called})


def clock(at: datetime) -> str:
    """Return the time of day in Caracas, as a parameter."""
    return f"text:{at.astimezone(CARACAS):%H:%M}"


def discarding(entry: Entry) -> Screen:
    """Return the question whether it is to be thrown away."""
    rows = (
        (button("button.bc_discard_yes", "discarded", entry.id),),
        (button("button.bc_discard_no", "open", entry.id),),
    )
    return Screen((Part("broadcast.discard", {"name": entry.broadcast.called}),), rows)


def already_writing(entry: Entry) -> Screen:
    """Return what is said to whoever begins another while one is being written."""
    rows = (
        (button("button.bc_go_on", "open", entry.id),),
        (button("button.bc_another", "another"),),
        (button("button.bc_discard", "discard", entry.id),),
    )
    return Screen((Part("broadcast.already_writing", {"name": entry.broadcast.called}),), rows)


def put_aside(entry: Entry) -> Screen:
    """Return that it was put aside, and how to find it again."""
    rows = (
        (button("button.bc_go_on", "open", entry.id),),
        (button("button.bc_discard", "discard", entry.id),),
    )
    return Screen((Part("broadcast.put_aside", {"name": entry.broadcast.called}),), rows)


def _reach(broadcast: Broadcast, found: Review) -> tuple[Part, ...]:
    if broadcast.kind is Kind.SEND:
        return whom(broadcast.segment), size(found.families)
    return () if found.outlook is None else amending.told(found.outlook)


def _obstacles(found: Review) -> tuple[Part, ...]:
    """Return what stands in the way beside faults of the words."""
    parts = []
    if found.never is not None:
        parts.append(Part(found.never))
    if found.missing is None and found.too_small:
        parts.append(Part("broadcast.refused.small"))
    return (*parts, *_said_before(found))


def _said_before(found: Review) -> tuple[Part, ...]:
    """Return which earlier one said the same, or nearly."""
    earlier = found.earlier
    if earlier is None:
        return ()
    kind = "refused" if earlier.refused else "same" if earlier.same else "alike"
    day = day_of(moment(earlier.at)).isoformat()
    given: dict[str, Param] = {"other": name_of(earlier.number), "date": f"date:{day}"}
    return (Part(f"broadcast.earlier.{kind}", given),)


def _changes(entry: Entry) -> Rows:
    def change(asked: Step) -> Button:
        return button(f"button.bc_change.{asked}", "change", entry.id, asked)

    rows = [(change(Step.TEXT),), (change(Step.SOURCE), change(Step.DATE))]
    if entry.broadcast.kind is Kind.SEND:
        rows.append((change(Step.SEGMENT), change(Step.URGENCY)))
    return tuple(rows)


def _aside(entry: Entry) -> tuple[Button, ...]:
    if entry.broadcast.stage is Stage.ASKED:
        return (button("button.bc_back", "open", entry.id),)
    return (button("button.bc_aside", "aside", entry.id),)


def _marked(family: str, name: str, chosen: bool, entry: Entry) -> Button:
    """Return the button of a topic or a state: it says what it does, so that two presses of it
    are as one."""
    words, verb = ("button.marked", "take") if chosen else ("button.unmarked", "add")
    return button(words, verb, entry.id, name, {"what": f"@{family}.{name}"})
