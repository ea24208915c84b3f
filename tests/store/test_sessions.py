"""Sessions: what is written comes back, to its own chat, under its own key, in its time."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store import Database, Keys, Session, Tx, sessions
from store.errors import IntegrityError
from tests.store.disk import rows

CHAT = 5_550_001_234


async def test_a_session_comes_back_whole(db: Database, now: datetime) -> None:
    session = Session(
        state={"paso": "fecha", "hechos": {"fact_date": "2024-07", "nota": "ñandú"}},
        revision=3,
        shown_revision=2,
        messages=((101, now - timedelta(hours=1)), (102, now)),
    )
    await db.transaction(sessions.put, CHAT, session, now)
    assert await db.transaction(sessions.get, CHAT, now) == session
    assert await db.transaction(sessions.get, CHAT + 1, now) is None


async def test_putting_again_replaces_it_and_keeps_one_row(
    db: Database, file: Path, now: datetime
) -> None:
    for revision in (1, 2):
        await db.transaction(sessions.put, CHAT, Session({"n": revision}, revision), now)
    assert await db.transaction(sessions.get, CHAT, now) == Session({"n": 2}, 2)
    assert rows(file, "SELECT count(*) FROM sessions") == [(1,)]


async def test_groups_and_channels_have_negative_ids(db: Database, now: datetime) -> None:
    await db.transaction(sessions.put, -1_001_234_567_890, Session({"a": 1}), now)
    assert await db.transaction(sessions.get, -1_001_234_567_890, now) == Session({"a": 1})


@pytest.mark.parametrize("state", [{"a": float("nan")}, {"a": object()}])
async def test_a_state_that_is_not_json_is_refused(
    db: Database, now: datetime, state: dict[str, object]
) -> None:
    with pytest.raises((TypeError, ValueError)):
        await db.transaction(sessions.put, CHAT, Session(state), now)
    assert await db.transaction(sessions.get, CHAT, now) is None


async def test_in_clear_stand_two_counters_and_whole_hours(
    db: Database, file: Path, now: datetime
) -> None:
    await db.transaction(sessions.put, CHAT, Session({}, 7, 6, ((5, now),)), now)
    clear = "SELECT revision, shown_revision, touched_hour, oldest_message_hour FROM sessions"
    hour = int(now.timestamp()) // 3600
    assert rows(file, clear) == [(7, 6, hour, hour)]


async def test_seven_idle_days_end_it(db: Database, now: datetime) -> None:
    await db.transaction(sessions.put, CHAT, Session({}), now)
    early, late = now + timedelta(days=6, hours=23), now + timedelta(days=7)
    assert await db.transaction(sessions.get, CHAT, early) is not None
    assert await db.transaction(sessions.expire, early) == 0
    assert await db.transaction(sessions.get, CHAT, late) is None
    assert await db.transaction(sessions.expire, late) == 1
    assert await db.transaction(sessions.expire, late) == 0


async def test_putting_counts_as_touching_and_showing_does_not(db: Database, now: datetime) -> None:
    later = now + timedelta(days=4)
    await db.transaction(sessions.put, 1, Session({}), now)
    await db.transaction(sessions.put, 2, Session({}), now)
    await db.transaction(sessions.put, 1, Session({}, 1), later)
    assert await db.transaction(sessions.mark_shown, 2, 0, later, [9])
    assert await db.transaction(sessions.expire, now + timedelta(days=7)) == 1
    assert await db.transaction(sessions.get, 1, now + timedelta(days=7)) is not None


async def test_message_ids_are_kept_47_hours(db: Database, now: datetime) -> None:
    messages = ((1, now - timedelta(hours=48)), (2, now - timedelta(hours=46)), (3, now))
    await db.transaction(sessions.put, CHAT, Session({}, messages=messages), now)
    assert await db.transaction(sessions.message_ids, CHAT, now) == (2, 3)
    soon = now + timedelta(hours=2)
    assert await db.transaction(sessions.message_ids, CHAT, soon) == (3,)
    read = await db.transaction(sessions.get, CHAT, soon)
    assert read is not None
    assert [each for each, _ in read.messages] == [3]


async def test_the_sweep_drops_old_message_ids_of_an_idle_session(
    db: Database, file: Path, now: datetime
) -> None:
    await db.transaction(sessions.put, CHAT, Session({"a": 1}, 2, 1, ((7, now),)), now)
    before = rows(file, "SELECT body FROM sessions")
    later = now + timedelta(hours=47)
    assert await db.transaction(sessions.expire, later) == 0
    assert rows(file, "SELECT oldest_message_hour FROM sessions") == [(None,)]
    assert rows(file, "SELECT body FROM sessions") != before
    assert await db.transaction(sessions.get, CHAT, later) == Session({"a": 1}, 2, 1)
    # Dropping ids did not touch it: its seven days still count from the family's last word.
    assert await db.transaction(sessions.expire, now + timedelta(days=7)) == 1


async def test_unshown_finds_the_chats_whose_screen_did_not_arrive(
    db: Database, now: datetime
) -> None:
    await db.transaction(sessions.put, 1, Session({"a": 1}, 4, 4), now)
    await db.transaction(sessions.put, 2, Session({"a": 2}, 4, 3), now)
    await db.transaction(sessions.put, 3, Session({"a": 3}, 1, 0), now)
    found = await db.transaction(sessions.unshown, now)
    assert found.unreadable == 0
    assert sorted(found) == [(2, Session({"a": 2}, 4, 3)), (3, Session({"a": 3}, 1, 0))]


async def test_unshown_leaves_out_what_is_over(db: Database, now: datetime) -> None:
    await db.transaction(sessions.put, 1, Session({"a": 1}, 4, 3, ((9, now),)), now)
    later = now + timedelta(hours=48)
    assert await db.transaction(sessions.unshown, later) == [(1, Session({"a": 1}, 4, 3))]
    assert await db.transaction(sessions.unshown, now + timedelta(days=7)) == []


async def test_unshown_skips_and_counts_what_cannot_be_opened(
    db: Database, file: Path, now: datetime
) -> None:
    for chat in (1, 2, 3):
        await db.transaction(sessions.put, chat, Session({"a": chat}, 4, 3), now)
    lost = [db.keys.ring.current().lookup("session", chat) for chat in (1, 2)]
    with closing(sqlite3.connect(file)) as thief:
        thief.execute("UPDATE sessions SET body = zeroblob(1053) WHERE lookup = ?", lost[:1])
        thief.execute("UPDATE sessions SET epoch = 77777 WHERE lookup = ?", lost[1:])
        thief.commit()
    found = await db.transaction(sessions.unshown, now)
    assert (found, found.unreadable) == ([(3, Session({"a": 3}, 4, 3))], 2)


async def test_showing_is_noted_with_its_message_ids(db: Database, now: datetime) -> None:
    await db.transaction(sessions.put, CHAT, Session({}, 4, 2, ((50, now),)), now)
    assert await db.transaction(sessions.mark_shown, CHAT, 4, now, [50, 51])
    assert await db.transaction(sessions.unshown, now) == []
    assert await db.transaction(sessions.message_ids, CHAT, now) == (50, 51)


async def test_showing_never_goes_backwards_nor_ahead(db: Database, now: datetime) -> None:
    await db.transaction(sessions.put, CHAT, Session({}, 4, 3), now)
    for shown, expected in ((2, 3), (9, 4), (1, 4)):
        await db.transaction(sessions.mark_shown, CHAT, shown, now)
        session = await db.transaction(sessions.get, CHAT, now)
        assert session is not None
        assert session.shown_revision == expected


async def test_showing_what_was_erased_meanwhile_is_told(db: Database, now: datetime) -> None:
    await db.transaction(sessions.put, CHAT, Session({}, 1), now)
    assert await db.transaction(sessions.delete, CHAT)
    assert not await db.transaction(sessions.mark_shown, CHAT, 1, now, [77])
    assert not await db.transaction(sessions.delete, CHAT)
    assert await db.transaction(sessions.message_ids, CHAT, now) == ()


async def test_messages_without_a_screen_are_noted_for_borrar(db: Database, now: datetime) -> None:
    await db.transaction(sessions.put, CHAT, Session({"a": 1}, 4, 2, ((50, now),)), now)
    later = now + timedelta(hours=1)
    assert await db.transaction(sessions.note_messages, CHAT, [51, 50, 52, 51], later)
    noted = ((50, now), (51, later), (52, later))
    assert await db.transaction(sessions.get, CHAT, later) == Session({"a": 1}, 4, 2, noted)
    # It is the bot's doing: the seven days count from the family's last word.
    assert await db.transaction(sessions.expire, now + timedelta(days=7)) == 1
    assert not await db.transaction(sessions.note_messages, CHAT, [53], later)


async def test_a_row_moved_to_another_chat_does_not_open(
    db: Database, file: Path, keys: Keys, now: datetime
) -> None:
    await db.transaction(sessions.put, 1, Session({"a": 1}), now)
    with closing(sqlite3.connect(file)) as thief:
        thief.execute("UPDATE sessions SET lookup = ?", (keys.ring.current().lookup("session", 2),))
        thief.commit()
    with pytest.raises(IntegrityError):
        await db.transaction(sessions.get, 2, now)


async def test_bodies_swapped_between_two_rows_do_not_open(
    db: Database, file: Path, now: datetime
) -> None:
    await db.transaction(sessions.put, 1, Session({"a": 1}), now)
    await db.transaction(sessions.put, 2, Session({"a": 2}), now)
    (one, two) = rows(file, "SELECT lookup, body, wrapped_key FROM sessions")
    with closing(sqlite3.connect(file)) as thief:
        swap = "UPDATE sessions SET body = ?, wrapped_key = ? WHERE lookup = ?"
        thief.execute(swap, (one[1], one[2], two[0]))
        thief.commit()
    with pytest.raises(IntegrityError):
        await db.transaction(lambda tx: [sessions.get(tx, chat, now) for chat in (1, 2)])


async def test_a_row_that_cannot_be_opened_does_not_stop_the_sweep(
    db: Database, file: Path, now: datetime
) -> None:
    await db.transaction(sessions.put, 1, Session({}, messages=((1, now),)), now)
    await db.transaction(sessions.put, 2, Session({}, messages=((2, now),)), now)
    with closing(sqlite3.connect(file)) as thief:
        thief.execute(
            "UPDATE sessions SET body = zeroblob(1053) "
            "WHERE lookup = (SELECT min(lookup) FROM sessions)"
        )
        thief.commit()
    await db.transaction(sessions.expire, now + timedelta(days=2))
    assert rows(file, "SELECT oldest_message_hour FROM sessions") == [(None,)]


async def test_a_row_keeps_its_key_while_it_lives_and_a_new_row_has_a_new_one(
    db: Database, file: Path, now: datetime
) -> None:
    wrapped = "SELECT wrapped_key FROM sessions"
    await db.transaction(sessions.put, 1, Session({"a": 1}), now)
    first = rows(file, wrapped)
    await db.transaction(sessions.put, 1, Session({"a": 2}), now)
    assert rows(file, wrapped) == first
    await db.transaction(sessions.delete, 1)
    await db.transaction(sessions.put, 1, Session({"a": 3}), now)
    assert rows(file, wrapped) != first


async def test_a_naive_time_is_refused(db: Database, now: datetime) -> None:
    with pytest.raises(ValueError, match="aware"):
        await db.transaction(sessions.put, 1, Session({}), now.replace(tzinfo=None))


async def test_the_state_is_json_of_any_depth(db: Database, now: datetime) -> None:
    state = json.loads('{"a": [1, 2.5, null, true, {"b": "\\u0000 \\ud83d\\ude00"}], "": {}}')

    def twice(tx: Tx) -> Session | None:
        sessions.put(tx, CHAT, Session(state), now)
        return sessions.get(tx, CHAT, now)

    assert await db.transaction(twice) == Session(state)
