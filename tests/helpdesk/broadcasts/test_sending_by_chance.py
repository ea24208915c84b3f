"""Whatever happens to a broadcast, in whatever order: nobody twice, and the marks add up."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from helpdesk import subscriptions
from helpdesk.audience import Topic
from helpdesk.broadcasts import quiet, sending, shelf, steering
from helpdesk.broadcasts.broadcast import LIVE, Stage, Why
from helpdesk.broadcasts.ends import End, Ready
from store import Database, Keys, erasures, ledger, open_database
from store.ledger import Mark
from tests.helpdesk.broadcasts.mailroom import FAMILY, Mailroom

T = TypeVar("T")

MANY = 14
FIRST = 4
ENDS = st.sampled_from([End.SENT, End.SENT, End.SENT, *End])


class Sending(RuleBasedStateMachine):
    """A broadcast to MANY of which FIRST go first, claimed, ended, steered, left and killed."""

    runner: asyncio.Runner
    db: Database

    @initialize()
    def begin(self) -> None:
        self.room = Mailroom(self.db, datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC))
        self.go(self.room.open(0))
        for chat in range(FAMILY, FAMILY + MANY):
            if not self.go(self.room.do(subscriptions.wishes, chat)):
                self.go(self.room.do(subscriptions.toggle_topic, chat, Topic.ALL, self.room.now))
        self.entry = self.go(self.room.approved())
        self.kept = len(self.go(self.room.do(shelf.every)))
        self.under_way: list[Ready] = []
        self.arrived: set[int] = set()
        self.perhaps: set[int] = set()
        self.gone: set[int] = set()
        self.may_go_on = False

    def teardown(self) -> None:
        if hasattr(self, "entry"):
            self.go(self.room.do(shelf.delete, self.entry))

    def go(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def stage(self) -> Stage:
        return self.go(self.room.stage(self.entry))

    @rule(most=st.integers(1, 4))
    def claim(self, most: int) -> None:
        for _ in range(most):
            self.claim_one()

    @precondition(lambda self: self.under_way)
    @rule(which=st.integers(0, 100), end=ENDS, trouble=st.booleans())
    def end(self, which: int, end: End, trouble: bool) -> None:
        ready = self.under_way.pop(which % len(self.under_way))
        self.end_one(ready, end, trouble=trouble)

    @rule(ends=st.lists(ENDS, min_size=MANY, max_size=MANY))
    def rush(self, ends: list[End]) -> None:
        """Let one after the other have their turn."""
        for end in ends:
            ready = self.claim_one()
            if ready is not None:
                self.under_way.remove(ready)
                self.end_one(ready, end)

    def claim_one(self) -> Ready | None:
        stage, sleeps = self.stage(), quiet.quiet(self.room.now)
        ready = self.go(self.room.claim())
        if not isinstance(ready, Ready):
            return None
        assert stage is Stage.SENDING
        assert not sleeps
        assert ready.chat not in self.arrived | self.perhaps | self.gone
        assert ready.chat not in {one.chat for one in self.under_way}
        assert self.may_go_on or ready.number < FIRST
        self.under_way.append(ready)
        return ready

    def end_one(self, ready: Ready, end: End, *, trouble: bool = False) -> None:
        self.go(self.room.end(ready, end, trouble=trouble and end is End.UNKNOWN))
        if end is End.SENT:
            self.arrived.add(ready.chat)
        elif end in (End.UNKNOWN, End.TOO_LATE):
            self.perhaps.add(ready.chat)
        elif end is End.GONE:
            self.gone.add(ready.chat)
        self.look_at_the_first()

    @precondition(lambda self: self.under_way)
    @rule()
    def crash(self) -> None:
        self.perhaps |= {one.chat for one in self.under_way}
        self.under_way.clear()
        self.go(self.room.recover())
        self.look_at_the_first()

    @rule()
    def pause(self) -> None:
        member = self.go(self.room.member())
        self.go(self.room.do(steering.pause, self.now(), member, self.room.now))

    @rule()
    def resume(self) -> None:
        if self.now().broadcast.why is Why.CANARY:
            self.may_go_on = True
        self.go(self.room.do(steering.resume, self.now(), self.room.now))

    @precondition(lambda self: len(self.arrived) > MANY // 2)
    @rule()
    def cancel(self) -> None:
        self.go(self.room.do(steering.cancel, self.now(), self.room.now))
        if self.go(self.room.claim()) is not None:
            raise AssertionError("one more after it was cancelled")

    @rule()
    def again(self) -> None:
        self.go(self.room.do(sending.again, self.room.now))

    @rule()
    def by_a_person(self) -> None:
        stage = self.stage()
        if self.go(self.room.do(steering.send_again, self.now(), self.room.now)):
            assert stage is Stage.DONE
            self.perhaps.clear()
            self.may_go_on = True

    @rule(chat=st.integers(FAMILY, FAMILY + MANY - 1), all_of_it=st.booleans())
    def leave(self, chat: int, all_of_it: bool) -> None:
        if len(self.gone) > MANY // 3:
            return
        if all_of_it:
            self.go(self.room.do(erasures.erase, chat, (), self.room.now))
        else:
            self.go(self.room.do(subscriptions.stop, chat))
        self.gone.add(chat)

    @rule(hours=st.integers(1, 9))
    def wait(self, hours: int) -> None:
        self.room.wait(hours=hours)
        self.go(self.room.settle())
        self.look_at_the_first()

    @invariant()
    def marks_add_up(self) -> None:
        if not hasattr(self, "entry"):
            return
        tally = self.go(self.room.tally(self.entry))  # asserts that they do
        assert tally.get("SENT", 0) == len(self.arrived)
        assert tally.get("CLAIMED", 0) == len(self.under_way)
        assert tally.get("UNKNOWN", 0) == len(self.perhaps)
        assert len(self.go(self.room.do(shelf.every))) == self.kept
        if self.stage() not in LIVE:
            assert self.go(self.room.claim()) is None
        if self.stage() is Stage.DONE:
            assert not tally.keys() & {"PENDING", "CLAIMED"}

    def now(self) -> shelf.Entry:
        return self.go(self.room.entry(self.entry))

    def look_at_the_first(self) -> None:
        """Work out, from what happened alone, whether the others may follow."""
        tally = self.go(self.room.do(ledger.tally, self.entry.id, below=FIRST))
        open_ones = tally[Mark.PENDING] + tally[Mark.CLAIMED]
        tried = FIRST - tally[Mark.LEFT]
        if not open_ones and tally[Mark.SENT] and 2 * tally[Mark.SENT] >= tried:
            self.may_go_on = (
                self.may_go_on or not tally[Mark.DEFERRED] or self.now().broadcast.passed
            )


def test_whatever_happens_in_whatever_order() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        with asyncio.Runner() as runner:
            opening = open_database(f"sqlite+aiosqlite:///{folder}/faro.db", Keys.ephemeral())
            Sending.runner, Sending.db = runner, runner.run(opening)
            try:
                with (
                    mock.patch.object(sending, "CANARY_FROM", MANY),
                    mock.patch.object(sending, "CANARY_LEAST", FIRST),
                ):
                    run_state_machine_as_test(
                        Sending,
                        settings=settings(
                            max_examples=30,
                            stateful_step_count=25,
                            deadline=None,
                            suppress_health_check=[HealthCheck.too_slow],
                        ),
                    )
            finally:
                runner.run(Sending.db.close())
    finally:
        shutil.rmtree(folder)
