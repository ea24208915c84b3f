"""The ledger: fixed once, moved by compare-and-set, and its sum is the same after every step."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import Database, Mark, Tx, broadcasts, erasures, ledger, reached, recipients, subscribers
from store.errors import LedgerError
from store.hours import seconds
from store.ledger import OVER, Delivered
from store.statements import Statement, compile_for_sqlite
from tests.store.disk import alter, every_byte, rows

CHAT = 5_550_001_000
MESSAGE = 7_000_000
HOUR = timedelta(hours=1)
P, C, S, R, D, U, L = Mark


def start(tx: Tx, now: datetime, count: int = 5, body: str = "") -> bytes:
    """A broadcast to ``count`` subscribers, who are subscribed if they were not yet."""
    ids = []
    for chat in range(CHAT, CHAT + count):
        subscribers.put(tx, chat, {})
        each = subscribers.get(tx, chat)
        assert each is not None
        ids.append(each.id)
    broadcast = broadcasts.add(tx, {"html": body}, now)
    assert ledger.fix(tx, broadcast, ids) == count
    return broadcast


def send(tx: Tx, broadcast: bytes, now: datetime, count: int = 1) -> list[int]:
    """As a drain does; the chats. Message ids are told from the chats."""
    chats = []
    for _ in range(count):
        row = ledger.first(tx, broadcast, P)
        assert row is not None
        assert row.subscriber is not None
        each = subscribers.of_id(tx, row.subscriber)
        assert each is not None
        assert ledger.move(tx, broadcast, row.number, P, C, tried=True)
        assert ledger.delivered(tx, broadcast, row.number, each.chat, told(each.chat), now)
        chats.append(each.chat)
    return chats


def told(chat: int) -> int:
    return MESSAGE + chat - CHAT


def total(tx: Tx, broadcast: bytes) -> int:
    return sum(ledger.tally(tx, broadcast).values())


# --- marks --------------------------------------------------------------------------------------


async def test_recipients_are_fixed_once_in_an_order_of_their_own(
    db: Database, file: Path, now: datetime
) -> None:
    ids = [number.to_bytes(16, "big") for number in range(100)]
    broadcast = await db.transaction(broadcasts.add, {}, now)
    assert await db.transaction(ledger.fix, broadcast, ids) == 100
    query = "SELECT number, subscriber_id, mark FROM ledger ORDER BY number"
    numbers, written, marks = zip(*rows(file, query), strict=True)
    assert (list(numbers), sorted(written), set(marks)) == (list(range(100)), ids, {0})
    assert list(written) != ids
    for again in (ids, [], ids[:1]):
        with pytest.raises(LedgerError):
            await db.transaction(ledger.fix, broadcast, again)
    other = await db.transaction(broadcasts.add, {}, now)
    with pytest.raises(ValueError, match="once"):
        await db.transaction(ledger.fix, other, [*ids, ids[0]])
    assert await db.transaction(ledger.tally, other) == dict.fromkeys(Mark, 0)


async def test_the_first_of_a_mark_is_the_lowest_number(db: Database, now: datetime) -> None:
    def go(tx: Tx) -> None:
        broadcast = start(tx, now)
        start(tx, now)
        row = ledger.first(tx, broadcast, P)
        assert row is not None
        assert (row.number, row.mark, row.tries, row.wave) == (0, P, 0, 0)
        assert ledger.move(tx, broadcast, 0, P, C, tried=True)
        for number, mark in enumerate((C, P)):
            found = ledger.first(tx, broadcast, mark)
            assert found is not None
            assert (found.number, found.tries) == (number, 1 - number)
        assert ledger.first(tx, broadcast, P, below=1) is None
        found = ledger.first(tx, broadcast, P, below=2)
        assert found is not None
        assert found.number == 1
        assert ledger.first(tx, broadcast, U) is None
        assert ledger.tally(tx, broadcast, below=2) == {**dict.fromkeys(Mark, 0), C: 1, P: 1}

    await db.transaction(go)


async def test_a_row_moves_only_from_the_mark_that_it_has(db: Database, now: datetime) -> None:
    def go(tx: Tx) -> None:
        broadcast = start(tx, now)
        assert ledger.move(tx, broadcast, 0, P, C)
        assert not ledger.move(tx, broadcast, 0, P, C), "claimed twice is sent twice"
        assert not ledger.move(tx, broadcast, 99, P, C)
        assert not ledger.move(tx, bytes(16), 1, P, C)
        assert ledger.move_all(tx, broadcast, C, U) == 1
        assert ledger.move_all(tx, broadcast, C, U) == 0
        assert ledger.tally(tx, broadcast) == {**dict.fromkeys(Mark, 0), P: 4, U: 1}

    await db.transaction(go)


async def test_what_is_over_stays_over_and_names_nobody(
    db: Database, file: Path, now: datetime
) -> None:
    def go(tx: Tx) -> bytes:
        broadcast = start(tx, now)
        send(tx, broadcast, now)
        ledger.move(tx, broadcast, 1, P, R)
        ledger.move(tx, broadcast, 2, P, L)
        ledger.move(tx, broadcast, 3, P, D)
        for mark in OVER:
            with pytest.raises(ValueError, match="stays"):
                ledger.move(tx, broadcast, mark, mark, P)
            with pytest.raises(ValueError, match="stays"):
                ledger.move_all(tx, broadcast, mark, P)
        assert not ledger.delivered(tx, broadcast, 1, CHAT, 1, now)
        assert not ledger.delivered(tx, broadcast, 99, CHAT, 1, now)
        assert erasures.pending(tx) == []
        return broadcast

    await db.transaction(go)
    query = "SELECT mark, subscriber_id IS NULL, body IS NULL FROM ledger ORDER BY number"
    assert rows(file, query) == [(S, 1, 0), (R, 1, 1), (L, 1, 1), (D, 0, 1), (P, 0, 1)]


STEPS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(Mark), st.sampled_from(Mark), st.booleans()),
    max_size=30,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
async def test_the_sum_of_all_marks_never_changes(
    db: Database, now: datetime, steps: list[tuple[int, Mark, Mark, bool]]
) -> None:
    def go(tx: Tx) -> None:
        broadcast = broadcasts.add(tx, {}, now)
        ledger.fix(tx, broadcast, [os.urandom(16) for _ in range(6)])
        over: set[int] = set()
        for number, frm, to, one in steps:
            if frm in OVER:
                continue
            if to is S:
                ledger.delivered(tx, broadcast, number, CHAT + number, 1, now)
            elif one:
                ledger.move(tx, broadcast, number, frm, to)
            else:
                ledger.move_all(tx, broadcast, frm, to)
            marks = {each: recipients.get(tx, broadcast, each) for each in range(6)}
            now_over = {each for each, row in marks.items() if row and row.mark in OVER}
            assert over <= now_over
            over = now_over
            assert total(tx, broadcast) == 6

    await db.transaction(go)


def test_no_step_of_a_drain_passes_all_that_is_done(file: Path) -> None:
    """With the wrong index 20,000 messages take minutes of the writer's time."""
    from store import migrations

    migrations.upgrade(file)
    compiled = compile_for_sqlite()

    def plan(statement: Statement) -> str:
        text = compiled[statement].text
        with closing(sqlite3.connect(file)) as connection:
            asked = dict.fromkeys(("of", "mark", "below", "before", "most", "param_1"), 1)
            found = connection.execute(f"EXPLAIN QUERY PLAN {text}", {**asked, "param_2": 0})
            return "; ".join(row[3] for row in found)

    assert "ledger_in_mark (broadcast_id=? AND mark=?" in plan(recipients._FIRST)
    assert "ledger_to_edit (broadcast_id=? AND wave<?)" in plan(reached._TO_EDIT)
    assert "TEMP B-TREE" not in plan(recipients._FIRST) + plan(reached._TO_EDIT)


# --- where messages are -------------------------------------------------------------------------


async def test_what_was_sent_can_be_changed_once_in_each_wave(db: Database, now: datetime) -> None:
    def go(tx: Tx) -> None:
        broadcast = start(tx, now)
        chats = send(tx, broadcast, now, 3)
        assert ledger.wave_tally(tx, broadcast, 1) == (0, 3)
        for wave in (1, 2):
            changed = {}
            while (found := ledger.next_to_edit(tx, broadcast, wave)) is not None:
                row, message = found
                assert (row.mark, row.subscriber) == (S, None)
                assert message.at == seconds(now)
                changed[message.chat] = message.message_id
                ledger.edited(tx, broadcast, row.number, wave)
            assert changed == {chat: told(chat) for chat in chats}
            assert ledger.wave_tally(tx, broadcast, wave) == (3, 0)
        assert ledger.wave_tally(tx, broadcast, 3) == (0, 3)
        assert ledger.tally(tx, broadcast)[P] == 2

    await db.transaction(go)


async def test_what_is_under_way_is_skipped(db: Database, now: datetime) -> None:
    def go(tx: Tx) -> None:
        broadcast = start(tx, now)
        send(tx, broadcast, now, 3)
        under_way: list[int] = []
        while (found := ledger.next_to_edit(tx, broadcast, 1, skip=under_way)) is not None:
            under_way.append(found[0].number)
        assert under_way == [0, 1, 2]

    await db.transaction(go)


async def test_how_many_are_too_old_to_be_changed(db: Database, now: datetime) -> None:
    def go(tx: Tx) -> None:
        broadcast = start(tx, now)
        for hours in range(3):
            send(tx, broadcast, now + hours * HOUR)
        asked = [ledger.older(tx, broadcast, now + hours * HOUR) for hours in (-1, 0, 1, 2)]
        assert asked == [0, 1, 2, 3]

    await db.transaction(go)


@pytest.mark.parametrize(
    "change",
    [
        "body = zeroblob(53) WHERE number = 0",
        "epoch = 77777 WHERE number = 0",
        "body = (SELECT body FROM ledger WHERE number = 1) WHERE number = 0",
    ],
    ids=["altered", "key lost", "moved"],
)
async def test_a_row_that_does_not_open_keeps_no_other(
    db: Database, file: Path, now: datetime, change: str
) -> None:
    broadcast = await db.transaction(start, now)
    await db.transaction(send, broadcast, now, 2)
    alter(file, f"UPDATE ledger SET {change}")

    def go(tx: Tx) -> None:
        found = ledger.next_to_edit(tx, broadcast, 1)
        assert found is not None
        assert found[0].number == 1
        assert ledger.older(tx, broadcast, now) == 1
        ledger.edited(tx, broadcast, 1, 1)
        assert ledger.next_to_edit(tx, broadcast, 1) is None
        assert ledger.wave_tally(tx, broadcast, 1) == (1, 0)
        assert ledger.tally(tx, broadcast)[S] == 2

    await db.transaction(go)


async def test_the_file_shows_no_chat_no_message_and_no_time(
    db: Database, file: Path, now: datetime
) -> None:
    def go(tx: Tx) -> None:
        for _ in range(2):
            send(tx, start(tx, now), now, 5)

    await db.transaction(go)
    await db.checkpoint()
    stored = every_byte(file.parent)
    for number in (CHAT, told(CHAT), seconds(now)):
        for size in (4, 8):
            if number < 1 << (8 * size - 1):
                assert number.to_bytes(size, "big") not in stored
        assert str(number).encode() not in stored
    assert len(rows(file, "SELECT DISTINCT length(body) FROM ledger")) == 1
    # The same five got both, and nothing in the file says so.
    assert rows(file, "SELECT count(DISTINCT lookup) FROM ledger") == [(10,)]


# --- leaving and erasing ------------------------------------------------------------------------


async def test_who_leaves_is_not_found_any_more_and_what_she_got_can_be_corrected(
    db: Database, now: datetime
) -> None:
    def go(tx: Tx) -> None:
        broadcast = start(tx, now, 2)
        [chat] = send(tx, broadcast, now)
        for each in (CHAT, CHAT + 1):
            assert subscribers.delete(tx, each)
        row = ledger.first(tx, broadcast, P)
        assert row is not None
        assert row.subscriber is not None
        assert subscribers.of_id(tx, row.subscriber) is None
        assert ledger.move(tx, broadcast, row.number, P, L)
        found = ledger.next_to_edit(tx, broadcast, 1)
        assert found is not None
        assert found[1] == Delivered(chat, told(chat), seconds(now))

    await db.transaction(go)


async def test_borrar_reaches_every_broadcast_and_nobody_else(
    db: Database, file: Path, now: datetime
) -> None:
    def go(tx: Tx) -> None:
        first, second, third = (start(tx, now) for _ in range(3))
        send(tx, first, now - 49 * HOUR, 5)
        send(tx, second, now - 47 * HOUR, 5)
        job = erasures.erase(tx, CHAT, [3], now)
        assert job.message_ids == (3, told(CHAT)), "what is too old cannot be deleted"
        assert tx.erased
        assert subscribers.get(tx, CHAT) is None
        for broadcast in (first, second):
            assert ledger.tally(tx, broadcast)[S] == 5
            assert ledger.wave_tally(tx, broadcast, 1) == (0, 4)
        gone = [row for row in range(5) if _subscriber(tx, third, row) is None]
        assert len(gone) == 1
        assert ledger.tally(tx, third)[P] == 5
        assert ledger.message_ids(tx, CHAT, now) == ()
        assert ledger.message_ids(tx, CHAT + 1, now) == (told(CHAT + 1),)
        assert not ledger.forget(tx, CHAT)

    await db.transaction(go)
    assert rows(file, "SELECT count(*), count(lookup), count(body) FROM ledger") == [(15, 8, 8)]


def _subscriber(tx: Tx, broadcast: bytes, number: int) -> bytes | None:
    row = recipients.get(tx, broadcast, number)
    assert row is not None
    return row.subscriber


async def test_a_message_that_arrives_after_borrar_is_deleted_too(
    db: Database, file: Path, now: datetime
) -> None:
    """She erased everything while the call for her was under way."""

    def go(tx: Tx) -> None:
        broadcast = start(tx, now, 1)
        assert ledger.move(tx, broadcast, 0, P, C)
        erasures.done(tx, erasures.erase(tx, CHAT, [], now).id)
        assert not ledger.delivered(tx, broadcast, 0, CHAT, 77, now)
        assert ledger.tally(tx, broadcast)[S] == 1
        [job] = erasures.pending(tx)
        assert (job.chat, job.message_ids) == (CHAT, (77,))
        assert not job.everything, "her /borrar was done, and she was told"

    await db.transaction(go)
    assert rows(file, "SELECT lookup, body, epoch FROM ledger") == [(None, None, None)]


async def test_somebody_elses_borrar_erases_nothing_of_who_only_left(
    db: Database, now: datetime
) -> None:
    """Her message is taken back all the same, or it would tell who of two leavers erased."""

    def go(tx: Tx) -> None:
        broadcast = start(tx, now, 2)
        row = recipients.get(tx, broadcast, 0)
        assert row is not None
        assert row.subscriber is not None
        hers = subscribers.of_id(tx, row.subscriber)
        assert hers is not None
        assert ledger.move(tx, broadcast, 0, P, C)
        assert subscribers.delete(tx, hers.chat)
        other = CHAT if hers.chat != CHAT else CHAT + 1
        theirs = erasures.erase(tx, other, [], now)
        assert not ledger.delivered(tx, broadcast, 0, hers.chat, 77, now)
        jobs = {job.chat: job for job in erasures.pending(tx)}
        assert jobs[other] == theirs
        assert (jobs[hers.chat].message_ids, jobs[hers.chat].everything) == ((77,), False)

    await db.transaction(go)


async def test_nothing_of_a_subscriber_who_cannot_be_read_stands_in_the_way_of_borrar(
    db: Database, file: Path, now: datetime
) -> None:
    broadcast = await db.transaction(start, now, 1)
    alter(file, "UPDATE subscribers SET body = zeroblob(541)")
    alter(file, "UPDATE broadcasts SET body = zeroblob(1053)")
    await db.transaction(erasures.erase, CHAT, [], now)
    assert rows(file, "SELECT * FROM subscribers") == []
    assert (await db.transaction(ledger.tally, broadcast))[P] == 1
