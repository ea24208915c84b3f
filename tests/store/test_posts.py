"""Posts: sent in order, under numbers that never come again, and gone within a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from store import Database, Keys, PostState, StoredPost, Tx, open_database, posts
from store.errors import GoneError, IntegrityError
from store.hours import hour
from tests.store.disk import alter, rows

CASE = bytes(range(16))


async def test_a_post_comes_back_whole(db: Database, now: datetime) -> None:
    body = {"pieces": ["ñandú"], "target": 17, "not_before": None}
    number = await db.transaction(posts.add, CASE, body, now, PostState.HELD)
    post = StoredPost(number, CASE, PostState.HELD, body)
    assert await db.transaction(posts.get, number) == post
    assert await db.transaction(posts.get, number + 1) is None
    post = replace(post, state=PostState.WAITING, body={"again": 1}, case=None)
    await db.transaction(posts.put, post)
    assert await db.transaction(posts.get, number) == post
    assert await db.transaction(posts.delete, number)
    assert not await db.transaction(posts.delete, number)
    assert await db.transaction(posts.get, number) is None
    with pytest.raises(GoneError):
        await db.transaction(posts.put, post)


async def test_they_come_in_the_order_in_which_they_were_written(
    db: Database, now: datetime
) -> None:
    def write(tx: Tx) -> list[int]:
        states = [PostState(n % 3) for n in range(30)]
        return [
            posts.add(tx, CASE if n % 2 else None, {"n": n}, now, s) for n, s in enumerate(states)
        ]

    numbers = await db.transaction(write)
    for state in PostState:
        found = await db.transaction(posts.every, state)
        assert [post.body["n"] for post in found] == list(range(state, 30, 3))
        assert [post.id for post in found] == numbers[state::3]
    of_case = await db.transaction(posts.of_case, CASE)
    assert [post.body["n"] for post in of_case] == list(range(1, 30, 2))


async def test_a_number_never_comes_again(file: Path, keys: Keys, now: datetime) -> None:
    """Not after its post is gone, nor after a restart: a button must not confirm another post."""
    given = [0]

    def write(tx: Tx) -> None:
        for _ in range(20):
            given.append(posts.add(tx, None, {}, now))
            posts.delete(tx, given[-1])

    for _ in range(3):
        async with await open_database(f"sqlite:///{file}", keys) as db:
            await db.transaction(write)
            await db.transaction(posts.expire, now + timedelta(days=2))
    assert given == sorted(set(given))
    assert rows(file, "SELECT id, last FROM post_numbers") == [(1, given[-1])]
    steps = [after - before for before, after in pairwise(given)]
    assert max(steps) <= posts.STEP
    assert len(set(steps)) > 30, "the number does not tell how many posts there were"


async def test_what_does_not_open_is_left_out_and_counted(
    db: Database, file: Path, now: datetime
) -> None:
    numbers = [await db.transaction(posts.add, CASE, {"n": n}, now) for n in range(4)]
    alter(file, "UPDATE posts SET body = zeroblob(1053) WHERE id = ?", numbers[0])
    alter(file, "UPDATE posts SET epoch = 77777 WHERE id = ?", numbers[2])
    for found in (
        await db.transaction(posts.every, PostState.WAITING),
        await db.transaction(posts.of_case, CASE),
    ):
        assert [post.id for post in found] == [numbers[1], numbers[3]]
        assert found.unreadable == 2
    with pytest.raises(IntegrityError):
        await db.transaction(posts.get, numbers[0])
    # Nobody needs a key to be rid of them.
    assert await db.transaction(posts.expire, now + timedelta(days=1)) == 4


@pytest.mark.parametrize("change", ["state = 0", "case_id = zeroblob(16)", "case_id = NULL"])
async def test_a_held_post_is_not_let_go_nor_given_to_another_case_from_outside(
    db: Database, file: Path, now: datetime, change: str
) -> None:
    number = await db.transaction(posts.add, CASE, {}, now, PostState.HELD)
    alter(file, f"UPDATE posts SET {change}")
    with pytest.raises(IntegrityError):
        await db.transaction(posts.get, number)
    for state in PostState:
        assert await db.transaction(posts.every, state) == []


async def test_a_post_put_in_the_place_of_another_does_not_open(
    db: Database, file: Path, now: datetime
) -> None:
    one, two = [await db.transaction(posts.add, CASE, {"n": n}, now) for n in range(2)]
    alter(file, "DELETE FROM posts WHERE id = ?", one)
    alter(file, "UPDATE posts SET id = ?", one)
    assert (await db.transaction(posts.every, PostState.WAITING)).unreadable == 1
    assert await db.transaction(posts.get, two) is None


async def test_a_day_after_it_was_written_a_post_is_gone(
    db: Database, file: Path, now: datetime
) -> None:
    number = await db.transaction(posts.add, None, {}, now)
    assert rows(file, "SELECT made_hour FROM posts") == [(hour(now),)]
    late = now + timedelta(hours=22, minutes=29)
    post = await db.transaction(posts.get, number)
    assert post is not None
    await db.transaction(posts.put, replace(post, state=PostState.HELD))
    assert await db.transaction(posts.expire, late) == 0
    # To the hour: early by less than one, and not counted anew because it was held meanwhile.
    assert await db.transaction(posts.expire, now + timedelta(days=1)) == 1


async def test_its_number_fits_on_a_button(db: Database, now: datetime) -> None:
    number = await db.transaction(posts.add, None, {}, now)
    assert len(f"confirm:{number + 1_000_000 * posts.STEP}") <= 64
    assert str(number).isdigit()
