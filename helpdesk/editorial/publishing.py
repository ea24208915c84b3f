"""The published file on its way: sent by one, looked at and let out by another, and back again.

What is approved is the bytes that were shown, by their hash: another file, or one letter more, is
another proposal. There is one proposal at a time, for a day, and the file before the last is kept,
so that it can be proposed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from helpdesk.broadcasts.visit import Visit
from helpdesk.context import day_of
from helpdesk.desk import staff
from helpdesk.desk.staff import Deed, Member
from helpdesk.editorial import changes, checks, editorial, expected
from helpdesk.editorial.expected import Next
from helpdesk.editorial.sheet import Fault
from helpdesk.editorial.withdrawing import Rows, button
from helpdesk.messages import Part, Screen
from locales import LANGUAGES, Catalogue
from store import Tx, organiser_state, withdrawals
from store import published as kept
from store.hours import seconds

VALID: Final = 24 * 3600
"""Seconds in which a proposal may be let out."""

SHOWN_OF_HASH: Final = 32
"""Hex digits of the hash that a button carries: 128 bits."""

PREVIOUS: Final = "anterior"

_PROPOSAL: Final = "editorial_proposal"
_BEFORE: Final = "editorial_before"
_MOST_FAULTS: Final = 25
_MESSAGE: Final = 3500
"""Characters of one message of a preview; Telegram takes 4096 units."""


class Proposal(BaseModel):
    """A file that waits for a second person: its bytes as text, who sent it (V-03) and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    by: str
    at: int

    @property
    def hash(self) -> str:
        """The first digits of the SHA-256 of the bytes."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()[:SHOWN_OF_HASH]


def begin(visit: Visit, typed: str = "") -> None:
    """Ask for the file, or propose the one before the last."""
    if typed.strip().casefold() == PREVIOUS:
        before = organiser_state.get(visit.tx).get(_BEFORE)
        if before is None:
            visit.say(Screen((Part("editorial.publish.no_previous"),)))
        else:
            take(visit, str(before).encode("utf-8"))
        return
    expected.put(visit.tx, visit.member, visit.now, Next.FILE)
    parts = [Part("editorial.publish.begin"), _standing(visit.tx)]
    waiting = proposal(visit.tx, visit.now)
    if waiting is not None:
        parts.append(Part("editorial.publish.waits", {"who": waiting.by}))
    visit.say(Screen(tuple(parts)))
    if waiting is not None:
        _show(visit, waiting, (visit.member,))


def take(visit: Visit, content: bytes | None) -> None:
    """Check a file that was sent; propose it, or say every fault of it."""
    if content is None:
        visit.say(Screen((Part("editorial.publish.not_read"),)))
        return
    checked = checks.check(content, _words(visit), day_of(visit.now))
    if checked.published is None:
        visit.say(Screen(told(checked.faults)))
        return
    if checked.published == editorial.current(visit.tx):
        visit.say(Screen((Part("editorial.publish.same"),)))
        return
    text = content.decode("utf-8-sig")
    made = Proposal(text=text, by=visit.member.name, at=seconds(visit.now))
    _write(visit.tx, made)
    expected.let_go(visit.tx, visit.member, visit.now)
    others = tuple(one for one in _people(visit.tx) if one.name != visit.member.name)
    _show(visit, made, (visit.member, *others))


def told(faults: tuple[Fault, ...]) -> tuple[Part, ...]:
    """Return every fault with its line and place, as far as a message holds them."""
    parts = [Part("editorial.faults", count=len(faults))]
    for one in faults[:_MOST_FAULTS]:
        where = Part("editorial.fault.at", {"line": one.line, "place": f"text:{one.place}"})
        parts += [where, Part(one.key, one.params)]
    if len(faults) > _MOST_FAULTS:
        parts.append(Part("editorial.faults.more", count=len(faults) - _MOST_FAULTS))
    return tuple(parts)


def approve(visit: Visit, digits: str) -> None:
    """Let a proposal out: another person than who sent it, and the bytes that she was shown."""
    waiting = proposal(visit.tx, visit.now)
    if waiting is None or waiting.hash != digits:
        visit.tell(Part("editorial.old_press"))
        return
    if waiting.by == visit.member.name:
        visit.tell(Part("editorial.publish.another"))
        return
    author = staff.named(visit.tx, waiting.by)
    if not staff.may(author, Deed.PUBLISH):
        _write(visit.tx, None)
        visit.tell(Part("editorial.publish.author_gone"))
        return
    # The day is another, and the law may be: what could be published yesterday is looked at again.
    content = waiting.text.encode("utf-8")
    checked = checks.check(content, _words(visit), day_of(visit.now))
    if checked.published is None:
        visit.say(Screen(told(checked.faults)))
        return
    before = kept.get(visit.tx)
    if before is not None:
        state = organiser_state.get(visit.tx) | {_BEFORE: before[1]}
        organiser_state.put(visit.tx, state)
    kept.put(visit.tx, waiting.text, visit.member.name, visit.now)
    _write(visit.tx, None)
    done = Part("editorial.published", {"who": waiting.by, "by": visit.member.name})
    visit.say(Screen((done,)), in_place=True)
    _tell_others(visit, done)
    visit.counts["published=file"] = 1


def drop(visit: Visit, digits: str) -> None:
    """Put a proposal away: whoever may let it out may do so too."""
    waiting = proposal(visit.tx, visit.now)
    if waiting is None or waiting.hash != digits:
        visit.tell(Part("editorial.old_press"))
        return
    _write(visit.tx, None)
    done = Part("editorial.publish.dropped", {"who": waiting.by, "by": visit.member.name})
    visit.say(Screen((done,)), in_place=True)
    _tell_others(visit, done)


def proposal(tx: Tx, now: datetime) -> Proposal | None:
    """Return what waits for a second person; nothing when it waited too long."""
    stored: Any = organiser_state.get(tx).get(_PROPOSAL)
    try:
        found = None if stored is None else Proposal.model_validate(stored)
    except ValidationError:
        return None
    return found if found is not None and 0 <= seconds(now) - found.at < VALID else None


def tidy(tx: Tx, now: datetime) -> int:
    """Forget a proposal that waited too long; how many."""
    if _PROPOSAL not in organiser_state.get(tx) or proposal(tx, now) is not None:
        return 0
    _write(tx, None)
    return 1


def _write(tx: Tx, made: Proposal | None) -> None:
    state = organiser_state.get(tx)
    state.pop(_PROPOSAL, None)
    if made is not None:
        state[_PROPOSAL] = made.model_dump(mode="json")
    organiser_state.put(tx, state)


def _people(tx: Tx) -> tuple[Member, ...]:
    return staff.permitted(tx, Deed.PUBLISH)


def _words(visit: Visit) -> dict[str, Catalogue]:
    return {one: visit.studio.words(one) for one in LANGUAGES}


def _standing(tx: Tx) -> Part:
    """Say who published what is there now."""
    last = kept.who(tx)
    if last is None:
        return Part("editorial.publish.nothing_yet")
    return Part("editorial.publish.now", {"who": last[0], "number": kept.revision(tx)})


def _show(visit: Visit, made: Proposal, people: Iterable[Member]) -> None:
    """Show what would change; the last message has the buttons, and comes only after all others."""
    checked = checks.check(made.text.encode("utf-8"), _words(visit), day_of(visit.now))
    if checked.published is None:
        visit.say(Screen(told(checked.faults)))
        return
    parts = changes.between(
        editorial.current(visit.tx),
        checked.published,
        _words(visit),
        day_of(visit.now),
        withdrawals.every(visit.tx),
    )
    others = [one.name for one in _people(visit.tx) if one.name != made.by]
    for one in people:
        own = one.name == made.by
        drop_it = button("button.ed_drop", "drop", made.hash)
        rows: Rows = ((drop_it,),)
        if not own:
            rows = ((button("button.ed_publish", "publish", made.hash),), (drop_it,))
        end = Part("editorial.publish.approve", {"who": made.by})
        if own and others:
            end = Part("editorial.publish.asked", {"names": "list:" + "|".join(others)})
        elif own:
            end = Part("editorial.publish.alone")
        words = visit.studio.words(one.language)
        *first, last = _paged((*parts, end), words)
        for number, page in enumerate(first):
            visit.say(Screen(page), to=one, needs_the_one_before=number > 0)
        visit.say(Screen(last, rows), to=one, needs_the_one_before=bool(first))


def _paged(parts: tuple[Part, ...], words: Catalogue) -> Iterator[tuple[Part, ...]]:
    page: list[Part] = []
    room = _MESSAGE
    for part in parts:
        length = len(words.text(part.key, part.params, part.count)) + 2
        if page and length > room:
            yield tuple(page)
            page, room = [], _MESSAGE
        page.append(part)
        room -= length
    yield tuple(page)


def _tell_others(visit: Visit, part: Part) -> None:
    for one in _people(visit.tx):
        if one.name != visit.member.name:
            visit.say(Screen((part,)), to=one)
