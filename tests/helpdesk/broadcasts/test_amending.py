"""What was sent can be corrected or taken back, and what cannot be reached is told before."""

from __future__ import annotations

from datetime import datetime

import pytest

from helpdesk import subscriptions
from helpdesk.broadcasts import amending, sending, shelf, steering
from helpdesk.broadcasts.amending import Outlook
from helpdesk.broadcasts.broadcast import Kind, Stage, Why
from helpdesk.broadcasts.ends import End, Hold, Ready
from helpdesk.broadcasts.shelf import Entry
from store import Database, erasures, ledger, retention, subscribers
from tests.helpdesk.broadcasts.mailroom import ANA, FAMILY, LETTER, OTHER, Mailroom, by_turns, marks


@pytest.fixture
async def room(db: Database, now: datetime) -> Mailroom:
    made = Mailroom(db, now)
    await made.open(12)
    return made


@pytest.fixture
async def sent(room: Mailroom) -> Entry:
    """One that went to twelve, of whom one blocked the chat and of one nobody knows."""
    entry = await room.approved()
    await room.drain(by_turns([End.GONE, End.UNKNOWN, End.SENT]))
    room.notes.clear()
    return await room.entry(entry)


async def corrected(room: Mailroom, target: Entry) -> Entry:
    return await room.approved(kind=Kind.CORRECT, letter=OTHER, target=target.id.hex())


async def press(room: Mailroom, verb: str, entry: Entry, message_id: int = 1) -> list[str]:
    """Press a button; the keys of what she is told."""
    reply = await room.press(verb, entry, message_id)
    room.notes += reply.notes
    parts = [part.key for note in reply.notes if note.screen for part in note.screen.parts]
    return [*([reply.alert.key] if reply.alert else []), *parts]


async def retraction(room: Mailroom) -> Entry:
    found = (await room.do(shelf.every))[0]
    assert found.broadcast.kind is Kind.RETRACT
    return found


# A correction


async def test_a_correction_changes_every_message_there_is_once(
    room: Mailroom, sent: Entry
) -> None:
    change = await corrected(room, sent)
    assert change.broadcast.recipients == 10
    made = await room.drain()
    assert len({one.number for one in made}) == len(made) == 10
    assert (room.got(OTHER), room.got(LETTER)) == (10, 0)
    assert await room.stage(change) is Stage.DONE
    assert room.texts(ANA) == ["done"]
    assert await room.tally(sent) == marks(SENT=10, REFUSED=1, UNKNOWN=1), "nobody new has it"


async def test_it_can_be_corrected_again_and_again(room: Mailroom, sent: Entry) -> None:
    for letter in (OTHER, LETTER, OTHER):
        target = await room.entry(sent)
        await room.approved(kind=Kind.CORRECT, letter=letter, target=target.id.hex())
        assert len(await room.drain()) == 10
        assert room.got(letter) == 10


async def test_a_later_correction_ends_an_earlier_one(room: Mailroom, sent: Entry) -> None:
    first = await corrected(room, sent)
    await room.drain(most=3)
    late = await room.ready()
    third = LETTER.model_copy(update={"html": "Hola. Abre el martes."})
    second = await room.approved(kind=Kind.CORRECT, letter=third, target=sent.id.hex())
    assert await room.stage(first) is Stage.CANCELLED
    await room.drain()
    await room.end(late, End.WAIT)
    assert room.got(third) == 10
    assert await room.stage(second) is Stage.DONE


@pytest.mark.parametrize("end", [End.SENT, End.UNKNOWN])
async def test_a_call_that_an_earlier_change_made_has_not_the_last_word(
    room: Mailroom, sent: Entry, end: End
) -> None:
    await corrected(room, sent)
    late = await room.ready()
    third = LETTER.model_copy(update={"html": "Hola. Abre el martes."})
    change = await room.approved(kind=Kind.CORRECT, letter=third, target=sent.id.hex())
    await room.drain()
    assert await room.stage(change) is Stage.DONE
    assert late.edit is not None
    room.phones[late.chat][late.edit] = OTHER  # Telegram took its time
    await room.end(late, end)
    await room.drain()
    assert room.got(third) == 10
    assert await room.stage(change) is Stage.DONE


async def test_a_correction_of_one_that_is_being_sent_ends_that_first(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(most=4)
    under_way = await room.ready()
    outlook = await room.do(amending.outlook, await room.entry(entry), room.now)
    assert outlook == Outlook(reachable=4, late=0, unknown=1, live=True)
    change = await corrected(room, entry)
    assert await room.stage(entry) is Stage.CANCELLED
    await room.end(under_way)
    await room.drain()
    assert (room.got(OTHER), room.got(LETTER)) == (5, 0), "the one that was under way, too"
    assert await room.tally(entry) == marks(SENT=5, PENDING=7)
    assert await room.stage(change) is Stage.DONE


async def test_what_was_changed_is_never_sent_to_anybody_else(room: Mailroom, sent: Entry) -> None:
    await corrected(room, sent)
    await room.drain()
    assert not steering.may_send_again((await room.entry(sent)).broadcast, room.now)
    assert await room.do(steering.send_again, await room.entry(sent), room.now) is None


async def test_what_was_not_noted_is_changed_again(room: Mailroom, sent: Entry) -> None:
    change = await corrected(room, sent)
    first = await room.ready()
    await room.recover()
    assert await room.claim() == first
    for end in (End.WAIT, End.NEVER_LEFT, End.UNKNOWN):
        await room.end(first, end)
        assert await room.claim() == first
        assert await room.do(sending.left, room.now)
    skip = {change.id: {first.number}}
    other = await room.do(sending.claim, room.now, skip)
    assert isinstance(other, Ready)
    assert other.number != first.number
    await room.end(first, End.UNKNOWN, last=True)
    await room.drain()
    found = (await room.entry(change)).broadcast
    assert (found.stage, found.failed) == (Stage.DONE, {amending.UNKNOWN: 1})


async def test_what_cannot_be_changed_is_counted(room: Mailroom, sent: Entry) -> None:
    change = await corrected(room, sent)
    gone = await room.ready()
    await room.end(gone, End.GONE)
    late = await room.ready()
    await room.end(late, End.TOO_LATE)
    assert await room.do(subscribers.get, gone.chat) is None
    assert await room.do(subscribers.get, late.chat) is not None
    await room.drain()
    assert (await room.entry(change)).broadcast.failed == {amending.GONE: 1, amending.LATE: 1}
    assert room.got(OTHER) == 8


async def test_a_refused_correction_stops(room: Mailroom, sent: Entry) -> None:
    change = await corrected(room, sent)
    await room.end(await room.ready(), End.CONTENT)
    found = (await room.entry(change)).broadcast
    assert (found.stage, found.why) == (Stage.STOPPED, Why.CONTENT)
    assert await room.claim() is None
    assert room.texts(ANA) == ["stopped"]


async def test_who_erased_everything_is_not_written_to_by_a_correction(
    room: Mailroom, sent: Entry
) -> None:
    chats = set(room.phones)
    erased = min(chats)
    await room.do(erasures.erase, erased, (), room.now)
    await corrected(room, sent)
    assert {one.chat for one in await room.drain()} == chats - {erased}


async def test_who_left_gets_the_correction_of_what_she_was_told(
    room: Mailroom, sent: Entry
) -> None:
    for chat in range(FAMILY, FAMILY + 12):
        await room.do(subscriptions.stop, chat)
    await corrected(room, sent)
    assert len(await room.drain()) == 10


# Time


async def test_after_two_days_only_a_new_message_is_left(room: Mailroom, sent: Entry) -> None:
    room.wait(hours=47, minutes=59)
    assert await room.do(amending.may, sent, room.now) is None
    room.wait(minutes=1)
    assert await room.do(amending.may, sent, room.now) == "sending.amend.too_late"
    assert await press(room, "retract", sent) == ["sending.amend.too_late"]
    assert await press(room, "retract_yes", sent) == ["sending.amend.too_late"]
    room.wait(hours=2)
    await room.do(retention.sweep, room.now)
    assert await room.do(shelf.get, sent.id) is None
    assert await room.do(ledger.tally, sent.id) == await room.do(ledger.tally, b"none")
    assert await press(room, "retract", sent) == ["sending.gone"]


async def test_those_that_are_too_old_are_told_before_and_left_alone(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amending, "AT_ONCE", 3)
    entry = await room.approved(urgent=True)
    await room.drain(most=7)
    await room.do(steering.pause, await room.entry(entry), await room.member(), room.now)
    room.wait(hours=40)
    await room.do(steering.resume, await room.entry(entry), room.now)
    await room.drain()
    room.wait(hours=9)
    found = await room.do(amending.outlook, await room.entry(entry), room.now)
    assert found == Outlook(reachable=5, late=7, unknown=0, live=False)
    assert [(part.key, part.count) for part in amending.told(found)] == [
        ("sending.amend.reaches", 5),
        ("sending.amend.late", 7),
    ]
    change = await corrected(room, entry)
    assert await room.claim() == Hold(0.0)
    assert len(await room.drain()) == 5
    done = (await room.entry(change)).broadcast
    assert (done.stage, done.failed) == (Stage.DONE, {amending.LATE: 7})


async def test_a_change_ends_when_nothing_is_kept_of_its_messages(
    room: Mailroom, sent: Entry
) -> None:
    change = await corrected(room, sent)
    room.wait(hours=50)
    await room.do(retention.sweep, room.now)
    assert await room.do(shelf.get, sent.id) is None
    assert await room.claim() is None
    await room.settle()
    assert await room.stage(change) is Stage.DONE


@pytest.mark.parametrize("stage", [Stage.WRITING, Stage.ASKED])
async def test_what_was_not_sent_cannot_be_changed(
    room: Mailroom, sent: Entry, stage: Stage
) -> None:
    draft = await room.change(sent, stage=stage)
    assert await room.do(amending.may, draft, room.now) == "sending.amend.never_sent"


async def test_where_nothing_arrived_there_is_nothing_to_change(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(lambda ready: End.UNKNOWN)
    assert await room.do(amending.may, await room.entry(entry), room.now) == "sending.amend.nobody"


# A retraction


async def test_one_organiser_takes_it_back_with_two_presses(room: Mailroom, sent: Entry) -> None:
    told = await press(room, "retract", sent)
    assert told == ["sending.ask_retract", "sending.amend.reaches", "sending.amend.unknown"]
    assert await room.claim() is None, "the first press does nothing"
    shown = [note.letter for note in room.notes if note.letter is not None]
    await press(room, "retract_yes", sent)
    change = await retraction(room)
    assert [change.broadcast.letter] == shown, "what was shown is what stands there"
    assert change.broadcast.author == change.broadcast.approved_by
    await room.drain()
    assert room.got(shown[0]) == 10
    assert "Retiramos" in shown[0].html
    assert await room.stage(change) is Stage.DONE


async def test_taken_back_twice_it_is_one_retraction(room: Mailroom, sent: Entry) -> None:
    await press(room, "retract_yes", sent)
    first = await retraction(room)
    await press(room, "retract_yes", sent)
    await room.drain()
    await press(room, "retract_yes", sent)
    assert await retraction(room) == await room.entry(first)
    await corrected(room, await room.entry(sent))
    await room.drain()
    await press(room, "retract_yes", sent)
    assert (await retraction(room)).id != first.id, "there was something else in between"


async def test_what_is_being_sent_is_stopped_by_taking_it_back(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(most=4)
    assert "sending.amend.cancels" in await press(room, "retract", entry)
    await press(room, "retract_yes", entry)
    assert await room.stage(entry) is Stage.CANCELLED
    await room.drain()
    assert (room.got(LETTER), room.got()) == (0, 0)
    assert len(room.phones) == 4


async def test_from_a_change_it_is_the_original_that_is_taken_back(
    room: Mailroom, sent: Entry
) -> None:
    change = await corrected(room, sent)
    await room.drain()
    await press(room, "retract_yes", change)
    assert (await retraction(room)).broadcast.target == sent.id.hex()
