"""Cases: found by chat, key and id; at most one open to a chat; gone with look-ups and posts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import Database, Keys, StoredCase, Tx, cases, migrations, posts, transaction
from store.connection import connect
from store.errors import CaseKeyError, GoneError, IntegrityError, OpenCaseError
from store.hours import day_number, hour
from store.statements import compile_for_sqlite
from tests.store.disk import alter, rows

CHAT = 5_550_001_234
BODY = {"code": "K7M4P2", "nota": "ñandú", "pairs": [[1, 2, True]]}
KEYS = ("code:K7M4P2", "topic:-1001234567890:17")
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


async def new(db: Database, now: datetime, chat: int = CHAT, code: str = "K7M4P2") -> StoredCase:
    return await db.transaction(cases.new, chat, {"code": code}, (f"code:{code}",), now)


async def close(db: Database, case: StoredCase, now: datetime) -> None:
    await db.transaction(cases.put, case, now, purge_at=now + WEEK)


def left(file: Path) -> tuple[int, int, int]:
    tables = ("cases", "case_lookups", "posts")
    one, two, three = (rows(file, f"SELECT count(*) FROM {table}")[0][0] for table in tables)
    return one, two, three


async def test_a_case_comes_back_whole_by_id_by_chat_and_by_every_key(
    db: Database, now: datetime
) -> None:
    case = await db.transaction(cases.new, CHAT, BODY, KEYS, now)
    assert (case.chat, case.body, case.keys) == (CHAT, BODY, KEYS)
    assert await db.transaction(cases.get, case.id) == case
    assert await db.transaction(cases.of_chat, CHAT) == case
    for key in KEYS:
        assert await db.transaction(cases.find, key) == case
    assert await db.transaction(cases.get, bytes(16)) is None
    assert await db.transaction(cases.of_chat, CHAT + 1) is None
    assert await db.transaction(cases.find, "code:K7M4P3") is None


async def test_a_chat_has_one_open_case_and_after_it_another(db: Database, now: datetime) -> None:
    first = await new(db, now)
    with pytest.raises(OpenCaseError):
        await new(db, now, code="ANOTHER")
    await new(db, now, CHAT + 1, "OTHERS")
    await close(db, first, now)
    assert await db.transaction(cases.of_chat, CHAT) is None
    second = await new(db, now, code="SECOND")
    assert await db.transaction(cases.of_chat, CHAT) == second
    assert await db.transaction(cases.find, "code:K7M4P2") == first, "a closed one has its code"
    with pytest.raises(OpenCaseError):
        await db.transaction(cases.put, first, now)
    await close(db, second, now)
    await db.transaction(cases.put, first, now)
    assert await db.transaction(cases.of_chat, CHAT) == first


async def test_open_and_closed_ones_are_told_apart(db: Database, now: datetime) -> None:
    case, other = await new(db, now), await new(db, now, CHAT + 1, "OTHERS")
    await close(db, other, now)
    assert await db.transaction(cases.open_cases) == [case]
    assert await db.transaction(cases.closed_cases) == [other]


async def test_putting_writes_body_keys_and_chat_whole(db: Database, now: datetime) -> None:
    case = await db.transaction(cases.new, CHAT, BODY, KEYS, now)
    case = replace(case, body={"a": 1}, keys=("code:K7M4P2", "topic:-1001234567890:18"))
    await db.transaction(cases.put, case, now)
    assert await db.transaction(cases.of_chat, CHAT) == case
    assert await db.transaction(cases.find, "topic:-1001234567890:18") == case
    assert await db.transaction(cases.find, "topic:-1001234567890:17") is None
    case = replace(case, chat=None)
    await db.transaction(cases.put, case, now)
    assert await db.transaction(cases.of_chat, CHAT) is None
    assert await db.transaction(cases.find, "code:K7M4P2") == case
    assert not await db.transaction(cases.forget, CHAT)


async def test_a_key_leads_to_one_case_only(db: Database, now: datetime) -> None:
    first, second = await new(db, now), await new(db, now, CHAT + 1, "OTHERS")
    await close(db, first, now)
    with pytest.raises(CaseKeyError):
        await db.transaction(cases.put, replace(second, keys=first.keys), now)
    with pytest.raises(CaseKeyError):
        await new(db, now, CHAT + 2)
    assert await db.transaction(cases.find, "code:K7M4P2") == first
    assert await db.transaction(cases.find, "code:OTHERS") == second


async def test_a_case_that_is_gone_is_not_written_again(db: Database, now: datetime) -> None:
    case = await new(db, now)
    assert await db.transaction(cases.delete, case.id)
    assert not await db.transaction(cases.delete, case.id)
    with pytest.raises(GoneError):
        await db.transaction(cases.put, case, now)
    assert await db.transaction(cases.open_cases) == []


async def test_look_ups_and_posts_go_with_their_case_and_no_others(
    db: Database, file: Path, now: datetime
) -> None:
    case, other = await new(db, now), await new(db, now, CHAT + 1, "OTHERS")
    for owner in (case.id, case.id, other.id, None):
        await db.transaction(posts.add, owner, {}, now)
    assert left(file) == (2, 4, 4)
    await db.transaction(cases.delete, case.id)
    assert left(file) == (1, 2, 2)
    assert len(await db.transaction(posts.of_case, other.id)) == 1
    assert await db.transaction(cases.of_chat, CHAT + 1) == other


async def test_borrar_reaches_closed_cases_and_damaged_ones(
    db: Database, file: Path, now: datetime
) -> None:
    for code in ("ONE", "TWO", "THREE"):
        case = await new(db, now, code=code)
        await db.transaction(posts.add, case.id, {}, now)
        if code != "THREE":
            await close(db, case, now)
    alter(file, "UPDATE cases SET body = zeroblob(1053) WHERE id = ?", case.id)
    found = await db.transaction(cases.all_of_chat, CHAT)
    assert ({each.body["code"] for each in found}, found.unreadable) == ({"ONE", "TWO"}, 1)
    other = await new(db, now, CHAT + 1, "OTHERS")
    assert await db.transaction(cases.forget, CHAT)
    assert left(file) == (1, 2, 0)
    assert await db.transaction(cases.open_cases) == [other]
    assert not await db.transaction(cases.forget, CHAT)


async def test_a_closed_case_stays_to_the_end_of_its_last_hour(
    db: Database, file: Path, now: datetime
) -> None:
    case = await new(db, now)
    await db.transaction(posts.add, case.id, {}, now + WEEK)
    assert await db.transaction(cases.due, now + WEEK) == [], "an open one is not due"
    await close(db, case, now)
    begun = (now + WEEK).replace(minute=0, second=0)
    before, over = begun - timedelta(seconds=1), begun + HOUR
    assert await db.transaction(cases.due, before) == []
    # The hour between: whoever keeps a topic of it clears that away.
    assert await db.transaction(cases.due, begun) == [case]
    assert await db.transaction(cases.expire, over - timedelta(seconds=1)) == 0
    assert await db.transaction(cases.expire, over) == 1
    assert left(file) == (0, 0, 0)


async def test_an_open_case_stays_until_its_desk_has_been_silent_for_thirty_days(
    db: Database, now: datetime
) -> None:
    case, other = await new(db, now), await new(db, now, CHAT + 1, "OTHERS")
    await db.transaction(cases.put, other, now + 20 * 24 * HOUR)
    late = now + timedelta(days=30)
    assert await db.transaction(cases.expire, late) == 0
    assert await db.transaction(cases.due, late) == [case]
    assert await db.transaction(cases.expire, late + HOUR) == 1
    assert await db.transaction(cases.open_cases) == [other]


async def test_in_clear_stand_whole_hours_and_an_id_that_means_nothing(
    db: Database, file: Path, now: datetime
) -> None:
    case = await new(db, now)
    await close(db, case, now)
    clear = "SELECT id, touched_hour, purge_hour FROM cases"
    assert rows(file, clear) == [(case.id, hour(now), hour(now + WEEK))]
    lookups = {row[0] for row in rows(file, "SELECT lookup FROM case_lookups")}
    today = db.keys.ring.current()
    assert lookups == {
        today.lookup("case:chat", CHAT),
        today.lookup_text("case:key", "code:K7M4P2"),
    }
    with pytest.raises(ValueError, match="aware"):
        await new(db, now.replace(tzinfo=None), CHAT + 1, "OTHERS")


async def test_a_change_asks_for_no_scrub_and_what_goes_does(db: Database, now: datetime) -> None:
    def erased(tx: Tx, case: StoredCase) -> bool:
        cases.put(tx, case, now)
        return tx.erased

    case = await new(db, now)
    assert not await db.transaction(erased, replace(case, body={"a": 2}))
    assert await db.transaction(erased, replace(case, keys=()))

    def gone(tx: Tx) -> bool:
        cases.delete(tx, case.id)
        return tx.erased

    assert await db.transaction(gone)


async def test_a_look_up_put_at_another_case_does_not_open_it(
    db: Database, file: Path, now: datetime
) -> None:
    """Whoever can write to the file could otherwise show one family another's case."""
    await new(db, now)
    other = await new(db, now, CHAT + 1, "OTHERS")
    alter(file, "DELETE FROM case_lookups WHERE case_id = ?", other.id)
    alter(file, "UPDATE case_lookups SET case_id = ?", other.id)
    with pytest.raises(IntegrityError):
        await db.transaction(cases.of_chat, CHAT)
    with pytest.raises(IntegrityError):
        await db.transaction(cases.find, "code:K7M4P2")


async def test_a_case_that_does_not_open_keeps_no_other_from_being_found(
    db: Database, file: Path, now: datetime
) -> None:
    damaged, lost = await new(db, now), await new(db, now, CHAT + 1, "LOST")
    well = await new(db, now, CHAT + 2, "WELL")
    alter(file, "UPDATE cases SET body = zeroblob(1053) WHERE id = ?", damaged.id)
    alter(file, "UPDATE cases SET epoch = ? WHERE id = ?", day_number(now), lost.id)
    for case in (damaged, lost):
        with pytest.raises(IntegrityError):
            await db.transaction(cases.get, case.id)
    found = await db.transaction(cases.open_cases)
    assert (found, found.unreadable) == ([well], 2)
    # The damaged one goes at once: its family could open no other. The other's key may come back.
    assert await db.transaction(cases.expire, now) == 1
    await new(db, now)
    assert await db.transaction(cases.expire, now + 6 * 24 * HOUR) == 0
    assert await db.transaction(cases.expire, now + WEEK) == 1
    assert await db.transaction(cases.find, "code:WELL") == well


class _Undo(Exception):
    """Rolls the transaction of one example back."""


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    file = tmp_path_factory.mktemp("cases") / "faro.db"
    migrations.upgrade(file)
    with closing(connect(file)) as opened:
        yield opened


CHATS, CODES = (7, 8), ("code:A", "code:B")
STEPS = st.tuples(
    st.sampled_from(("new", "open", "close", "unlink", "delete", "forget", "rotate")),
    st.sampled_from(CHATS),
    st.sampled_from(CODES),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, max_size=14))
def test_whatever_happens_chats_and_keys_lead_where_they_should(
    connection: sqlite3.Connection, now: datetime, steps: list[tuple[str, int, str]]
) -> None:
    """Against a list of cases in memory, through changes of the key of the day."""
    keys = Keys.ephemeral()

    def play(tx: Tx) -> None:
        model: dict[bytes, tuple[StoredCase, bool]] = {}
        for step, chat, code in steps:
            mine = next((id for id, (case, _) in model.items() if code in case.keys), None)
            with suppress(OpenCaseError, CaseKeyError):
                if step == "new":
                    made = cases.new(tx, chat, {}, (code,), now)
                    model[made.id] = (made, True)
                elif step == "forget":
                    cases.forget(tx, chat)
                    model = {id: each for id, each in model.items() if each[0].chat != chat}
                elif step == "rotate":
                    keys.ring.create(now)
                    cases.renew(tx, now, b"", 99)
                    keys.ring.destroy_before(keys.ring.current().number)
                elif mine is not None and step == "delete":
                    cases.delete(tx, mine)
                    del model[mine]
                elif mine is not None:
                    case, is_open = model[mine]
                    is_open = {"open": True, "close": False}.get(step, is_open)
                    case = replace(case, chat=None) if step == "unlink" else case
                    purge_at = None if is_open else now + WEEK
                    cases.put(tx, case, now, purge_at=purge_at)
                    model[mine] = (case, is_open)
            for one in CHATS:
                linked = [c for c, is_open in model.values() if is_open and c.chat == one]
                assert len(linked) <= 1
                assert cases.of_chat(tx, one) == (linked[0] if linked else None)
                both = {case.id for case, _ in model.values() if case.chat == one}
                assert {case.id for case in cases.all_of_chat(tx, one)} == both
            for key in CODES:
                with_key = [case for case, _ in model.values() if key in case.keys]
                assert cases.find(tx, key) == (with_key[0] if with_key else None)
            opened = {case.id for case, is_open in model.values() if is_open}
            assert {case.id for case in cases.open_cases(tx)} == opened
        raise _Undo

    with pytest.raises(_Undo):
        transaction.run(connection, compile_for_sqlite(), keys, play)
