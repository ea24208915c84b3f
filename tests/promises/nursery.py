"""A process that has imported the program and starts it by forking; no test, and nothing is proven.

Of a start of the program 1.3 s of CPU are imports. Where it is killed 20 or 200 times, lives begin
as forks of a process that has those behind it: the same ``faro run`` from there on, with settings
from an environment, and a process of its own to kill. Lives begin one after the other: a line of
JSON on stdin begins one, and on stdout come its pid and then, when it has ended, how.

``spoilt`` names something to take out of the program first: a check that does not fail then is
none.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Nursery:
    """The other side: begins lives, from the process that tests."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.promises.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, environment: dict[str, str], said: Path, spoilt: str = "") -> int:
        """Begin a life that writes all it says into a file or pipe; gives its pid."""
        asked = {"environment": environment, "said": str(said), "spoilt": spoilt}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return self._next()

    def end(self) -> int:
        """Wait for the end of that life; gives its exit code, or the negative of a signal."""
        return self._next()

    def close(self) -> None:
        """End it, after the last life has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _next(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


def _forget_claims() -> None:
    """Write to those again, after a crash, who had been claimed: as if nothing had been noted."""
    from helpdesk.broadcasts import sending, shelf
    from helpdesk.broadcasts.ends import Aftermath
    from store import Tx, ledger
    from store.ledger import Mark

    def recover(tx: Tx, now: datetime) -> Aftermath:
        for entry in shelf.every(tx):
            ledger.move_all(tx, entry.id, Mark.CLAIMED, Mark.PENDING)
        return sending.settle(tx, now)

    sending.recover = recover


def _be_deaf() -> None:
    """Go on with what was paused."""
    from helpdesk.broadcasts import sending
    from helpdesk.broadcasts.broadcast import LIVE
    from helpdesk.broadcasts.shelf import Entry, live
    from store import Tx

    def line(tx: Tx) -> list[Entry]:
        return [entry for entry in live(tx) if entry.broadcast.stage in LIVE]

    sending._line = line


_SPOILT: dict[str, Callable[[], None]] = {"claims": _forget_claims, "deaf": _be_deaf}


def _live(environment: dict[str, str], said: str, spoilt: str) -> None:
    """Be the program until it ends."""
    from bot.__main__ import main

    code = 1
    try:
        os.environ.clear()
        os.environ.update(environment)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(said, os.O_WRONLY), 1)
        os.dup2(1, 2)
        if spoilt:
            _SPOILT[spoilt]()
        code = main(["run"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _serve() -> None:
    import bot.app
    import bot.commands  # noqa: F401 - imported for those that are forked

    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(**asked)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    _serve()
