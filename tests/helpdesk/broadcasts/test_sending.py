"""Everybody in a broadcast is written to at most once, whatever happens, and the marks add up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk import subscriptions
from helpdesk.audience import Segment, Topic
from helpdesk.broadcasts import quiet, sending, shelf, steering
from helpdesk.broadcasts.broadcast import Kind, Stage, Why
from helpdesk.broadcasts.ends import End, Hold, Ready
from helpdesk.desk import staff
from store import Database, erasures, ledger, subscribers
from store.hours import CARACAS
from store.ledger import Mark
from tests.helpdesk.broadcasts.mailroom import (
    ANA,
    BEA,
    FAMILY,
    LETTER,
    OTHER,
    Mailroom,
    by_turns,
    marks,
)


@pytest.fixture
async def room(db: Database, now: datetime) -> Mailroom:
    made = Mailroom(db, now)
    await made.open(12)
    return made


@pytest.fixture
def few_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of twelve, four go first."""
    monkeypatch.setattr(sending, "CANARY_FROM", 12)
    monkeypatch.setattr(sending, "CANARY_LEAST", 4)


async def test_everybody_gets_it_once_and_then_it_is_over(room: Mailroom) -> None:
    entry = await room.approved()
    assert len({one.chat for one in await room.drain()}) == 12
    assert await room.tally(entry) == marks(SENT=12)
    assert room.got() == 12
    assert await room.stage(entry) is Stage.DONE
    assert room.texts(ANA) == room.texts(BEA) == ["done"], "both are told, once"
    await room.settle()
    assert len(room.notes) == 2


async def test_the_recipients_are_those_of_the_approval(room: Mailroom) -> None:
    entry = await room.approved()
    await room.do(subscriptions.toggle_topic, FAMILY + 99, Topic.ALL, room.now)
    await room.drain()
    assert await room.tally(entry) == marks(SENT=12)


# Leaving


async def test_nobody_is_written_to_who_left_or_wants_something_else(room: Mailroom) -> None:
    entry = await room.approved()
    await room.do(subscriptions.stop, FAMILY)
    await room.do(subscriptions.toggle_topic, FAMILY + 1, Topic.ABROAD, room.now)
    await room.do(subscriptions.toggle_topic, FAMILY + 1, Topic.ALL, room.now)
    sent = {one.chat for one in await room.drain()}
    assert not sent & {FAMILY, FAMILY + 1}
    assert await room.tally(entry) == marks(SENT=10, LEFT=2)


async def test_many_leavers_are_passed_over_in_pieces(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "AT_ONCE", 5)
    entry = await room.approved()
    for chat in range(FAMILY, FAMILY + 12):
        await room.do(subscriptions.stop, chat)
    assert await room.claim() == Hold(0.0)
    assert await room.drain() == []
    await room.settle()
    assert await room.tally(entry) == marks(LEFT=12)
    assert await room.stage(entry) is Stage.DONE


async def test_who_is_gone_is_taken_off_the_list(room: Mailroom) -> None:
    entry = await room.approved()
    first = await room.ready()
    after = await room.end(first, End.GONE)
    assert after.counts == {"alerts=gone": 1}
    assert await room.do(subscribers.get, first.chat) is None
    assert await room.tally(entry) == marks(REFUSED=1, PENDING=11)


async def test_what_arrives_while_she_erases_everything_is_taken_back(room: Mailroom) -> None:
    entry = await room.approved()
    ready = await room.ready()
    await room.do(erasures.erase, ready.chat, (), room.now)
    await room.end(ready)
    assert room.erased == [ready.chat]
    jobs = await room.do(erasures.pending)
    assert {(one.chat, one.message_ids) for one in jobs} >= {(ready.chat, (room.last,))}
    assert await room.do(ledger.message_ids, ready.chat, room.now) == ()
    assert await room.tally(entry) == marks(SENT=1, PENDING=11)


async def test_what_arrives_while_she_leaves_can_still_be_corrected(room: Mailroom) -> None:
    entry = await room.approved()
    ready = await room.ready()
    await room.do(subscriptions.stop, ready.chat)
    await room.end(ready)
    assert await room.do(ledger.message_ids, ready.chat, room.now) == (room.last,)
    assert await room.tally(entry) == marks(SENT=1, PENDING=11)


# The first ones


@pytest.mark.parametrize(
    ("recipients", "first"),
    [(10, 0), (199, 0), (200, 10), (999, 10), (1000, 10), (1001, 11), (20_000, 200)],
)
def test_one_in_a_hundred_goes_first_from_two_hundred_on(recipients: int, first: int) -> None:
    assert sending.canary_of(recipients) == first


@pytest.mark.usefixtures("few_first")
async def test_the_others_wait_until_every_one_of_the_first_has_ended(room: Mailroom) -> None:
    entry = await room.approved()
    first = [await room.ready() for _ in range(4)]
    assert {one.number for one in first} == {0, 1, 2, 3}
    for one in first[:3]:
        await room.end(one)
        assert await room.claim() is None, "one of them is still under way"
    await room.end(first[3], End.GONE)
    await room.drain()
    assert await room.tally(entry) == marks(SENT=11, REFUSED=1)


@pytest.mark.usefixtures("few_first")
@pytest.mark.parametrize(
    ("ends", "passes"),
    [
        ([End.SENT, End.SENT, End.GONE, End.UNKNOWN], True),
        ([End.SENT, End.GONE, End.GONE, End.UNKNOWN], False),
        ([End.GONE, End.GONE, End.GONE, End.GONE], False),
    ],
)
async def test_half_of_the_first_have_to_arrive(
    room: Mailroom, ends: list[End], passes: bool
) -> None:
    entry = await room.approved()
    for end in ends:
        await room.end(await room.ready(), end)
    found = (await room.entry(entry)).broadcast
    assert found.passed is passes
    if passes:
        assert isinstance(await room.claim(), Ready)
        return
    assert (found.stage, found.why) == (Stage.PAUSED, Why.CANARY)
    assert await room.claim() is None
    assert room.texts(ANA) == room.texts(BEA) == ["paused"]


@pytest.mark.usefixtures("few_first")
async def test_a_person_lets_the_others_follow(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(lambda ready: End.GONE)
    assert await room.do(steering.resume, await room.entry(entry), room.now)
    await room.drain()
    assert await room.tally(entry) == marks(SENT=8, REFUSED=4)


@pytest.mark.usefixtures("few_first")
async def test_first_ones_that_left_do_not_count_against_it(room: Mailroom) -> None:
    entry = await room.approved()
    for _ in range(2):
        row = await room.do(ledger.first, entry.id, Mark.PENDING)
        assert row is not None
        assert row.subscriber is not None
        leaver = await room.do(subscribers.of_id, row.subscriber)
        assert leaver is not None
        await room.do(subscriptions.stop, leaver.chat)
        if row.number == 0:
            await room.end(await room.ready())
    await room.drain(by_turns([End.GONE, End.SENT]))
    assert await room.tally(entry) == marks(SENT=9, REFUSED=1, LEFT=2)


@pytest.mark.usefixtures("few_first")
async def test_first_ones_that_cannot_be_reached_hold_the_others_until_given_up(
    room: Mailroom,
) -> None:
    entry = await room.approved()
    await room.drain(by_turns([End.SENT, End.SENT, End.SENT, End.NEVER_LEFT]))
    assert await room.tally(entry) == marks(SENT=3, DEFERRED=1, PENDING=8)
    assert await room.do(sending.left, room.now)
    await room.do(sending.again, room.now)
    again = await room.ready()
    assert again.number == 3
    await room.end(again, End.WAIT)
    room.wait(hours=6, seconds=1)
    await room.settle()
    assert isinstance(await room.claim(), Ready), "three of four arrived"


# Night


@pytest.mark.parametrize(
    ("clock", "held"),
    [
        ((6, 59, 59), True),
        ((7, 0, 0), False),
        ((20, 59, 59), False),
        ((21, 0, 0), True),
        ((0, 30, 0), True),
    ],
)
async def test_no_phone_rings_at_night(
    room: Mailroom, clock: tuple[int, int, int], held: bool
) -> None:
    await room.approved()
    room.now = datetime(2026, 11, 21, *clock, tzinfo=CARACAS).astimezone(UTC)
    due, found = await room.do(sending.due, room.now), await room.claim()
    if not held:
        assert due is True
        assert isinstance(found, Ready)
        return
    assert isinstance(found, Hold)
    assert due == found
    morning = (room.now + timedelta(seconds=found.seconds)).astimezone(CARACAS)
    assert (morning.hour, morning.minute, morning.second) == (7, 0, 0)
    assert 0 < found.seconds <= 10 * 3600


async def test_what_is_urgent_does_not_wait_nor_do_changes(room: Mailroom) -> None:
    night = timedelta(hours=12)
    first = await room.approved()
    await room.drain()
    room.now += night
    await room.approved()
    assert isinstance(await room.claim(), Hold)
    urgent = await room.approved(urgent=True)
    assert (await room.ready()).broadcast == urgent.id
    change = await room.approved(kind=Kind.CORRECT, letter=OTHER, target=first.id.hex())
    assert (await room.ready()).broadcast == change.id, "nothing rings, and it goes first"


@pytest.mark.parametrize(
    ("from_", "until"),
    [((8, 0), (14, 0)), ((15, 0), (21, 0)), ((16, 0), (32, 0)), ((23, 0), (37, 0))],
)
def test_hours_in_which_families_sleep_are_no_hours_to_insist_in(
    from_: tuple[int, int], until: tuple[int, int]
) -> None:
    midnight = datetime(2026, 11, 21, tzinfo=CARACAS)
    begins = midnight + timedelta(hours=from_[0], minutes=from_[1])
    over = midnight + timedelta(hours=until[0], minutes=until[1])
    assert quiet.awake_for(begins, sending.INSIST) == over


# How calls end


async def test_a_refused_message_stops_everything_at_once(room: Mailroom) -> None:
    entry = await room.approved()
    first, second = await room.ready(), await room.ready()
    await room.end(first, End.CONTENT)
    found = (await room.entry(entry)).broadcast
    assert (found.stage, found.why) == (Stage.STOPPED, Why.CONTENT)
    assert await room.claim() is None
    assert room.notes == [], "one call is still under way"
    await room.end(second, End.CONTENT)
    assert await room.tally(entry) == marks(REFUSED=2, PENDING=10)
    assert room.texts(ANA) == ["stopped"]
    assert await room.do(subscribers.get, first.chat) is not None, "it is not her doing"
    assert await room.do(steering.resume, await room.entry(entry), room.now) is None


@pytest.mark.parametrize("end", [End.WAIT, End.NEVER_LEFT])
async def test_what_certainly_did_not_arrive_is_tried_again_after_all_others(
    room: Mailroom, end: End
) -> None:
    entry = await room.approved()
    sent = await room.drain(by_turns([end, End.SENT]))
    assert await room.tally(entry) == marks(SENT=11, DEFERRED=1)
    assert await room.stage(entry) is Stage.SENDING
    assert await room.claim() is None, "not before its time"
    assert await room.do(sending.left, room.now)
    await room.do(sending.again, room.now)
    assert [one.number for one in await room.drain()] == [sent[0].number]
    assert await room.tally(entry) == marks(SENT=12)
    assert await room.stage(entry) is Stage.DONE


async def test_who_cannot_be_reached_for_hours_is_given_up(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(by_turns([End.WAIT, End.SENT]))
    for _ in range(5):
        room.wait(hours=1)
        await room.do(sending.again, room.now)
        await room.drain(lambda ready: End.NEVER_LEFT)
        await room.settle()
        assert await room.stage(entry) is Stage.SENDING
    room.wait(hours=1)
    assert not await room.do(sending.left, room.now)
    await room.settle()
    assert await room.stage(entry) is Stage.DONE
    assert await room.tally(entry) == marks(SENT=11, DEFERRED=1)
    assert room.texts(BEA) == ["done"]


async def test_hours_of_a_pause_are_no_hours_to_insist_in(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(by_turns([End.WAIT, End.SENT]))
    await room.do(steering.pause, await room.entry(entry), await room.member(), room.now)
    room.wait(days=1)
    await room.settle()
    await room.do(steering.resume, await room.entry(entry), room.now)
    await room.settle()
    assert await room.do(sending.left, room.now)
    await room.do(sending.again, room.now)
    await room.drain()
    assert await room.tally(entry) == marks(SENT=12)


async def test_the_unknown_are_never_written_to_again_by_themselves(room: Mailroom) -> None:
    entry = await room.approved()
    await room.drain(by_turns([End.UNKNOWN, End.SENT]))
    assert await room.stage(entry) is Stage.DONE
    assert await room.tally(entry) == marks(SENT=11, UNKNOWN=1)
    await room.do(sending.again, room.now)
    await room.recover()
    assert await room.claim() is None


async def test_a_person_has_the_unknown_written_to_again(room: Mailroom) -> None:
    entry = await room.approved()
    unknown = (await room.drain(by_turns([End.UNKNOWN, End.SENT])))[0]
    assert await room.do(steering.send_again, await room.entry(entry), room.now)
    assert await room.stage(entry) is Stage.SENDING
    assert [one.number for one in await room.drain()] == [unknown.number]
    assert await room.tally(entry) == marks(SENT=12)
    assert room.texts(ANA) == ["done", "done"]
    assert await room.do(steering.send_again, await room.entry(entry), room.now) is None


async def test_not_even_a_person_has_the_unknown_of_a_cancelled_one_written_to(
    room: Mailroom,
) -> None:
    entry = await room.approved()
    await room.end(await room.ready(), End.UNKNOWN)
    await room.do(steering.cancel, await room.entry(entry), room.now)
    assert await room.do(steering.send_again, await room.entry(entry), room.now) is None
    assert await room.claim() is None


async def test_trouble_asks_a_person(room: Mailroom) -> None:
    entry = await room.approved()
    await room.end(await room.ready(), End.UNKNOWN, trouble=True)
    found = (await room.entry(entry)).broadcast
    assert (found.stage, found.why) == (Stage.PAUSED, Why.TROUBLE)
    assert room.texts(ANA) == room.texts(BEA) == ["paused"]
    assert await room.claim() is None


# Steering


async def test_a_pause_holds_the_next_and_nothing_that_is_under_way(room: Mailroom) -> None:
    entry = await room.approved()
    ready = await room.ready()
    paused = await room.do(steering.pause, await room.entry(entry), await room.member(), room.now)
    assert paused is not None
    assert paused.broadcast.why is Why.BY_HAND
    assert await room.claim() is None
    await room.end(ready)
    assert await room.tally(entry) == marks(SENT=1, PENDING=11)
    assert room.notes == [], "who paused it knows"
    resumed = await room.do(steering.resume, await room.entry(entry), room.now)
    assert resumed is not None
    assert resumed.broadcast.why is None
    await room.drain()
    assert await room.tally(entry) == marks(SENT=12)


async def test_cancelling_is_for_good_and_reported_when_the_last_call_ended(
    room: Mailroom,
) -> None:
    entry = await room.approved()
    ready = await room.ready()
    await room.do(steering.cancel, await room.entry(entry), room.now)
    await room.settle()
    assert room.notes == []
    assert await room.claim() is None
    await room.end(ready)
    assert room.texts(ANA) == ["cancelled"]
    assert await room.tally(entry) == marks(SENT=1, PENDING=11)
    for deed in (steering.resume, steering.cancel):
        assert await room.do(deed, await room.entry(entry), room.now) is None


async def test_one_that_waits_holds_up_no_other(room: Mailroom) -> None:
    one, other = await room.approved(), await room.approved()
    await room.do(steering.pause, await room.entry(one), await room.member(), room.now)
    assert {ready.broadcast for ready in await room.drain()} == {other.id}


async def test_after_a_crash_what_was_under_way_is_unknown(room: Mailroom) -> None:
    entry = await room.approved()
    for _ in range(3):
        await room.ready()
    await room.do(steering.cancel, await room.entry(entry), room.now)
    await room.recover()
    assert await room.tally(entry) == marks(UNKNOWN=3, PENDING=9)
    assert room.texts(ANA) == ["cancelled"]


# Nothing but an approval


async def test_other_bytes_than_those_that_were_approved_never_go_out(room: Mailroom) -> None:
    entry = await room.approved()
    await room.change(entry, letter=OTHER)
    assert await room.claim() is None
    await room.settle()
    assert await room.stage(entry) is Stage.STOPPED
    for changed in (
        {"urgent": True},
        {"segment": Segment(topics=frozenset({Topic.ABROAD}))},
        {"seal": "0" * 64},
    ):
        with pytest.raises(ValueError, match="approved"):
            await room.do(
                lambda tx, more: sending.start(
                    tx,
                    shelf.change(tx, entry, room.now, stage=Stage.ASKED, **more),
                    [],
                    "V-02",
                    room.now,
                ),
                {"letter": LETTER, **changed},
            )


async def test_nobody_who_is_no_organiser_any_more_is_told(room: Mailroom) -> None:
    entry = await room.approved()
    await room.do(staff.remove, entry.broadcast.author)
    await room.drain()
    assert room.texts(ANA) == []
    assert room.texts(BEA) == ["done"]
