"""One odd answer of Telegram, or one that comes late, is about one phone and holds up no other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from helpdesk import subscriptions
from helpdesk.broadcasts import amending, progress
from helpdesk.broadcasts.broadcast import Kind, Stage, Why
from helpdesk.broadcasts.ends import End
from helpdesk.broadcasts.shelf import Entry
from store import Database
from tests.helpdesk.broadcasts.mailroom import LETTER, OTHER, Mailroom, by_turns, marks


@pytest.fixture
async def room(db: Database, now: datetime) -> Mailroom:
    made = Mailroom(db, now)
    await made.open(12)
    return made


@pytest.fixture
async def sent(room: Mailroom) -> Entry:
    entry = await room.approved()
    await room.drain()
    return entry


async def take_back(room: Mailroom, entry: Entry) -> Entry:
    """Take a broadcast back; gives the retraction."""
    await room.press("retract_yes", entry)
    found = await room.do(amending.begun, await room.entry(entry))
    assert found is not None
    return found


async def verbs(room: Mailroom, entry: Entry) -> set[str]:
    shows = await room.do(progress.screen, await room.entry(entry), room.now)
    return {one.key.rpartition(".")[2] for row in shows.rows for one in row}


# A retraction


async def test_one_refusal_stops_no_retraction(room: Mailroom, sent: Entry) -> None:
    change = await take_back(room, sent)
    await room.drain(by_turns([End.CONTENT, End.SENT]))
    assert await room.stage(change) is Stage.DONE
    assert room.got(LETTER) == 1, "all but hers"
    failed = (await room.entry(change)).broadcast.failed
    assert failed == {amending.UNKNOWN: 1}


async def test_what_a_retraction_left_is_taken_back_by_another_press(
    room: Mailroom, sent: Entry
) -> None:
    first = await take_back(room, sent)
    assert "retract" not in await verbs(room, sent)
    assert (await take_back(room, sent)).id == first.id, "while it goes on it is the same"
    ready = await room.ready()
    await room.end(ready, End.UNKNOWN, last=True)
    await room.drain()
    assert room.got(LETTER) == 1
    assert "retract" in await verbs(room, sent), "it is not known of one"
    second = await take_back(room, sent)
    assert second.id != first.id
    await room.drain()
    assert room.got(LETTER) == 0
    assert "retract" not in await verbs(room, sent)
    assert (await take_back(room, sent)).id == second.id


async def test_a_message_that_was_on_its_way_is_taken_back_too(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(most=4)
    under_way = await room.ready()
    change = await take_back(room, entry)
    await room.drain()
    await room.settle()
    assert await room.stage(change) is Stage.SENDING, "not while one may still arrive"
    await room.end(under_way)
    assert room.got(LETTER) == 1
    await room.drain()
    await room.settle()
    assert room.got(LETTER) == 0
    assert await room.stage(change) is Stage.DONE


async def test_what_was_cancelled_is_told_too(room: Mailroom, sent: Entry) -> None:
    """Some phones were changed before it was."""
    change = await take_back(room, sent)
    await room.drain(most=3)
    await room.press("cancel_yes", change)
    assert await room.stage(change) is Stage.CANCELLED
    shows = await room.do(progress.screen, await room.entry(sent), room.now)
    assert "sending.now_reads.retract" in {part.key for part in shows.parts}
    assert "retract" in await verbs(room, sent)


# A correction


async def test_a_correction_that_nobody_took_is_stopped_and_the_next_comes_to_her_last(
    room: Mailroom, sent: Entry
) -> None:
    change = await room.approved(kind=Kind.CORRECT, letter=OTHER, target=sent.id.hex())
    first = await room.ready()
    await room.end(first, End.CONTENT)
    assert await room.stage(change) is Stage.STOPPED
    again = await room.approved(kind=Kind.CORRECT, letter=OTHER, target=sent.id.hex())
    made = await room.drain(lambda ready: End.CONTENT if ready.chat == first.chat else End.SENT)
    assert made[-1].chat == first.chat
    assert await room.stage(again) is Stage.DONE
    assert room.got(OTHER) == 11


# A broadcast


async def test_a_refusal_of_the_first_stops_everything(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(by_turns([End.CONTENT, End.SENT]))
    assert await room.stage(entry) is Stage.STOPPED
    assert len(room.phones) == 0


async def test_a_refusal_after_others_arrived_asks_a_person(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(by_turns([*[End.SENT] * 5, End.CONTENT, End.SENT]))
    found = (await room.entry(entry)).broadcast
    assert (found.stage, found.why) == (Stage.PAUSED, Why.REFUSED)
    told = {part.key for one in room.notes if one.screen is not None for part in one.screen.parts}
    assert "sending.why.refused" in told
    await room.press("resume", entry)
    await room.drain()
    assert await room.stage(entry) is Stage.DONE
    assert await room.tally(entry) == marks(SENT=11, REFUSED=1)
    assert room.got() == 11, "and nobody twice"


async def test_who_has_to_be_asked_again_meanwhile_gets_nothing(room: Mailroom) -> None:
    """She is told that nothing comes before she says yes, and that night her time was over."""
    entry = await room.approved()
    await room.drain(most=5)
    room.now += subscriptions.REASK - timedelta(hours=1)
    await room.drain(most=1)
    room.now += timedelta(hours=2)
    await room.drain()
    assert await room.tally(entry) == marks(SENT=6, LEFT=6)
    assert room.got() == 6
