"""kill -9 at any moment of a broadcast tells no family twice and forgets none.

The real program sends to 500 families and is killed again and again, also while it starts. After
every kill the tables are read and held against the phones (`tests.promises.mailing.broken`). Who
cancels or pauses is obeyed before the next family is claimed, whatever happens meanwhile.

The gate kills it 20 times; a soak 200 times, in four broadcasts to more families.

What a check of this sort can hide: with calls that end at once hardly any is under way at a kill,
so the sandbox takes its time (`tests.promises.mailing.FAR`); and a kill after the last message
proves nothing, so all have to find somebody who waits. That the checks see what is wrong is shown
on made up tables, and on a program that forgets whom it had claimed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.broadcasts import amending, letters
from helpdesk.broadcasts.broadcast import Stage
from helpdesk.broadcasts.formatting import plain
from helpdesk.broadcasts.sending import WIDTH
from store.ledger import Mark
from tests.promises.mailing import (
    FAR,
    Books,
    Mailing,
    broken,
    mailing,
    numbers_in,
    studio,
    where,
)
from tests.promises.nursery import Nursery

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    one = Nursery()
    yield one
    one.close()


async def kill_at_random(mail: Mailing, left: int) -> None:
    """Kill it at any moment: so that all kills that are left find somebody to send to."""
    program, random = mail.program, mail.random
    still = len(mail.chats) if mail.books is None else len(mail.books.of(Mark.PENDING))
    if left % 5 == 3:
        # While it starts: before anybody is claimed anew, or just then.
        await program.begin()
        await asyncio.sleep(random.uniform(0, 0.5))
    else:
        await program.start()
        await mail.any_moment(0, max(1, 2 * (still // (left + 1) - WIDTH)))
    await mail.kill()


async def finish(mail: Mailing) -> Books:
    """Let it send to all who are left, and stop it in order."""
    await mail.program.start()
    await mail.watch()
    if mail.paused:
        await mail.press("resume")
    report = await mail.report("terminada")
    await mail.box.all_confirmed(20)
    assert await mail.program.stop() == 0
    books = await mail.check()
    sent, unknown = books.of(Mark.SENT), books.of(Mark.UNKNOWN)
    assert books.stage is Stage.DONE
    assert len(sent) + len(unknown) == books.fixed
    assert unknown == mail.unsure
    assert numbers_in(report) == [len(sent), books.fixed, 0, 0, 0, 0, len(unknown)]
    return books


async def on_phones(mail: Mailing, books: Books) -> None:
    """See that what stands on phones is the letter, where the tables say."""
    async with mail.tables() as db:
        for number, chat in mail.chats.items():
            (*found,) = (one for one in mail.crowd.chats[chat].screen() if one.mine)
            assert {one.text for one in found} <= {mail.text}
            known = await db.transaction(where, chat, datetime.now(UTC))
            if books.marks[number] is Mark.SENT:
                assert known == tuple(one.message_id for one in found)
            else:
                assert known == ()


@pytest.mark.parametrize(
    ("families", "kills", "seed"),
    [
        (500, 20, 1),
        *(pytest.param(1000, 50, seed, marks=pytest.mark.soak) for seed in (2, 3, 4, 5)),
    ],
)
async def test_no_kill_tells_a_family_twice(
    nursery: Nursery, tmp_path: Path, families: int, kills: int, seed: int
) -> None:
    async with mailing(nursery, tmp_path, families, seed) as mail:
        mail.program.whole = 1
        for number in range(kills):
            await kill_at_random(mail, kills - number)
            assert mail.books is not None
            assert mail.books.of(Mark.PENDING), "all kills are to come while it sends"
        books = await finish(mail)
        assert mail.unsure, "no kill found a call under way"
        await on_phones(mail, books)
        assert b"failed" not in mail.program.log


# --- the checks themselves ---------------------------------------------------------------------


GOOD = Books({0: Mark.SENT, 1: Mark.UNKNOWN, 2: Mark.CLAIMED, 3: Mark.PENDING}, 4, Stage.SENDING)


def marked(**changes: Mark) -> Books:
    """Give the good tables with some marks changed, by ``n`` and number."""
    return replace(GOOD, marks={**GOOD.marks, **{int(n[1:]): m for n, m in changes.items()}})


@pytest.mark.parametrize("got", [{0: 1}, {0: 1, 1: 1}, {0: 1, 2: 1}, {0: 1, 1: 1, 2: 1, 3: 0}])
def test_the_checks_let_pass_what_may_be(got: dict[int, int]) -> None:
    assert broken(GOOD, got, 1, marked(n0=Mark.CLAIMED, n1=Mark.CLAIMED, n2=Mark.PENDING)) == []


@pytest.mark.parametrize(
    ("books", "got", "said"),
    [
        (GOOD, {0: 2}, "0 got it 2 times"),
        (GOOD, {0: 1, 1: 2}, "1 got it 2 times"),
        (GOOD, {0: 1, 3: 1}, "3 got it and is PENDING"),
        (marked(n2=Mark.DEFERRED), {0: 1, 2: 1}, "2 got it and is DEFERRED"),
        (GOOD, {}, "0 is SENT and got nothing"),
        (GOOD, {0: 1, 9: 1}, "[9] got it and are no recipients"),
        (replace(GOOD, fixed=5), {0: 1}, "4 recipients of 5"),
        (marked(n1=Mark.PENDING), {0: 1}, "1 was UNKNOWN and is PENDING"),
        (replace(GOOD, marks=dict.fromkeys(range(17), Mark.CLAIMED), fixed=17), {}, "17 calls"),
        (replace(GOOD, marks=dict.fromkeys(range(17), Mark.UNKNOWN), fixed=17), {}, "17 unknown"),
    ],
)
def test_the_checks_find_what_must_not_be(books: Books, got: dict[int, int], said: str) -> None:
    found = broken(books, got, 1, GOOD)
    assert any(said in one for one in found), found


async def test_a_program_that_forgets_whom_it_had_claimed_is_found_out(
    nursery: Nursery, tmp_path: Path
) -> None:
    async with mailing(nursery, tmp_path, 40, 3) as mail:
        mail.box.faults.slow(0, 5.0)  # what is under way has arrived
        await mail.program.start()
        await mail.until(lambda: mail.arrived >= WIDTH)
        first = await mail.kill()
        assert len(first.of(Mark.CLAIMED)) == WIDTH
        mail.program.spoilt = "claims"
        mail.box.faults.slow(FAR, FAR)
        await mail.program.start()
        await mail.until(lambda: max(mail.got().values()) > 1)
        await mail.program.kill()
        found = broken(await mail.look(), mail.got(), 2, first)
        assert any("got it 2 times" in one for one in found), found


# --- what organisers are told, and say ---------------------------------------------------------


async def test_what_a_crash_kept_unsaid_is_said_after_it(nursery: Nursery, tmp_path: Path) -> None:
    """It paused by itself, or came to its end, and was killed before anybody could read so."""
    async with mailing(nursery, tmp_path, 200, 4) as mail:
        nothing_passes = mail.box.faults.hang("sendMessage", share=1.0, times=None)
        await mail.program.start()
        await mail.until(lambda: nothing_passes.struck == 10)
        first = await mail.kill()
        assert len(first.of(Mark.CLAIMED)) == 10, "those who go first, all at once"
        await mail.program.start()
        await mail.until(lambda: nothing_passes.struck == 12)  # to tell both organisers
        second = await mail.kill()
        assert second.stage is Stage.PAUSED
        assert len(second.of(Mark.UNKNOWN)) == 10
        mail.box.faults.clear()
        await mail.program.start()
        await mail.report("Se puso en pausa sola")
        assert mail.paused
        await mail.press("resume")
        unheard = mail.box.faults.hang("editMessageText", chat_id=mail.elena.chat_id, times=None)
        await mail.until_stage(Stage.DONE)
        await mail.until(lambda: unheard.struck)
        await mail.kill()
        assert not any("terminada" in one.text for one in mail.elena.from_bot())
        unheard.lift()
        await mail.program.start()
        told = await mail.report("terminada")
        assert numbers_in(told) == [190, 200, 0, 0, 0, 0, 10]
        assert mail.arrived == 190


async def holds_still(mail: Mailing, stage: Stage) -> Books:
    """See that nobody is claimed any more, from this moment on; gives the tables at the end."""
    async with mail.tables() as db:
        then, arrived = await mail.read(db), mail.arrived
        assert then.stage is stage
        assert len(then.of(Mark.CLAIMED)) <= WIDTH
        while (await mail.read(db)).of(Mark.CLAIMED):  # noqa: ASYNC110 - no bell for a table
            await asyncio.sleep(FAR)
        await mail.watch()  # whoever is obeyed too late has had time to be
        now = await mail.read(db)
    assert now.of(Mark.PENDING) == then.of(Mark.PENDING), "somebody was claimed"
    assert now.of(Mark.PENDING), "there was nothing left to stop"
    assert mail.arrived - arrived <= len(then.of(Mark.CLAIMED))
    return now


async def test_a_program_that_goes_on_with_what_was_paused_is_found_out(
    nursery: Nursery, tmp_path: Path
) -> None:
    async with mailing(nursery, tmp_path, 60, 7) as mail:
        mail.program.spoilt = "deaf"
        await mail.program.start()
        await mail.watch()
        await mail.press("pause")
        with pytest.raises(AssertionError, match="somebody was claimed"):
            await holds_still(mail, Stage.PAUSED)


async def killed_on_the_way(mail: Mailing, verb: str, stage: Stage) -> None:
    """Press, and kill it at any moment from then on: it is done once it is up again."""
    await mail.pressed(verb)
    await asyncio.sleep(mail.random.uniform(0, 3 * FAR))
    await mail.kill()
    await mail.program.start()
    await mail.until_stage(stage)


async def test_who_pauses_or_cancels_is_obeyed_before_the_next_is_claimed(
    nursery: Nursery, tmp_path: Path
) -> None:
    async with mailing(nursery, tmp_path, 600, 5) as mail:
        await mail.program.start()
        await mail.any_moment(20, 30)  # those who go first have it
        await mail.watch()
        await mail.press("pause")
        await holds_still(mail, Stage.PAUSED)
        for _ in range(2):
            await mail.kill()
            await mail.program.start()
            await holds_still(mail, Stage.PAUSED)
            await mail.press("resume")
            await mail.any_moment(5, 15)
            await killed_on_the_way(mail, "pause", Stage.PAUSED)
            await holds_still(mail, Stage.PAUSED)
        await mail.press("resume")
        await mail.any_moment(5, 15)
        await mail.press("cancel")
        await mail.until(lambda: mail.sees("cancel_yes"))
        await mail.any_moment(0, 5)
        await mail.press("cancel_yes")
        books = await holds_still(mail, Stage.CANCELLED)
        report = await mail.report("cancelada.\n")
        sent, unknown, left = (
            len(books.of(mark)) for mark in (Mark.SENT, Mark.UNKNOWN, Mark.PENDING)
        )
        assert numbers_in(report) == [sent, 600, left, 0, 0, 0, unknown]
        await mail.kill()
        await mail.program.start()
        assert (await holds_still(mail, Stage.CANCELLED)).marks == books.marks
        await mail.kill()


@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.soak) for n in range(6, 16)])
async def test_a_kill_does_not_keep_a_cancel_from_being_obeyed(
    nursery: Nursery, tmp_path: Path, seed: int
) -> None:
    async with mailing(nursery, tmp_path, 300, seed) as mail:
        await mail.program.start()
        await mail.any_moment(20, 30)
        await mail.watch()
        await mail.press("cancel")
        await mail.until(lambda: mail.sees("cancel_yes"))
        await killed_on_the_way(mail, "cancel_yes", Stage.CANCELLED)
        books = await holds_still(mail, Stage.CANCELLED)
        assert len(books.of(Mark.SENT, Mark.UNKNOWN, Mark.PENDING)) == 300
        await mail.kill()


@pytest.mark.parametrize(
    ("families", "kills", "seed"),
    [(200, 5, 20), *(pytest.param(600, 20, seed, marks=pytest.mark.soak) for seed in (21, 22))],
)
async def test_no_kill_leaves_a_phone_with_what_was_taken_back(
    nursery: Nursery, tmp_path: Path, families: int, kills: int, seed: int
) -> None:
    async with mailing(nursery, tmp_path, families, seed) as mail:
        taken_back = letters.of_words(amending.RETRACTED, studio())

        def phones() -> list[list[str]]:
            every = (mail.crowd.chats[chat].screen() for chat in mail.chats.values())
            return [[one.text for one in screen if one.mine] for screen in every]

        def changed() -> int:
            return phones().count([plain(taken_back.html)])

        await mail.program.start()
        await mail.report("terminada")
        await mail.until(lambda: mail.sees("retract"))
        await mail.press("retract")
        await mail.until(lambda: mail.sees("retract_yes"))
        await mail.press("retract_yes")
        for _ in range(kills):
            aim = changed() + mail.random.randint(1, families // (kills + 2))
            await mail.until(lambda aim=aim: changed() >= aim)  # type: ignore[misc]  # bound now
            await mail.kill()
            assert changed() < families, "all kills are to come while it changes them"
            await mail.program.start()
        await mail.until(lambda: changed() == families)
        assert await mail.program.stop() == 0
        books = await mail.check()
        assert books.of(Mark.SENT) == set(mail.chats), "and nobody got another message"
