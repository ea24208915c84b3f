"""What each command of ``faro`` does and how it tells the operator; the bot itself is not here."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime

from bot import doctor, settings, stats, team
from bot.clock import utc_now
from bot.errors import BadSettings
from store import Keys
from store.errors import KeyFileError, KeyFileExists


def keygen() -> int:
    """Write a new master key (one line, 0600) to FARO_KEY_FILE and print the path."""
    try:
        path = settings.read_key_file()
    except BadSettings as error:
        return _not_set(error.faults)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        Keys.generate(path)
    except KeyFileExists:
        print(f"{path} exists already and was left as it is.", file=sys.stderr)
        print("To make another key, set FARO_KEY_FILE to another path.", file=sys.stderr)
        return 1
    except (KeyFileError, OSError) as error:
        print(f"The key could not be written: {error}", file=sys.stderr)
        return 1
    print(path)
    return 0


def run() -> int:
    """Run the bot until SIGINT or SIGTERM."""
    try:
        chosen = settings.read()
    except BadSettings as error:
        return _not_set(error.faults)
    from bot import app  # here, so that the other commands do not wait for it

    return app.run(chosen)


def demo(host: str, port: int) -> int:
    """Run the sandbox, its page and the bot until Ctrl-C; leave nothing behind."""
    from bot import demo as program  # here, so that the other commands do not wait for it

    return program.run(host, port)


def check() -> int:
    """Print one line per check; 1 if one is red, 2 if there are no usable settings."""
    try:
        chosen = settings.read()
    except BadSettings as error:
        return _not_set(error.faults)
    findings = asyncio.run(doctor.examine(chosen))
    for finding in findings:
        print(finding)
    return 1 if any(finding.red for finding in findings) else 0


def print_stats(csv: bool = False) -> int:
    """Print the anonymised query log, as a table or as CSV, or why it is empty."""
    try:
        chosen = settings.read()
    except BadSettings as error:
        return _not_set(error.faults)
    return asyncio.run(stats.show(chosen, utc_now(), as_csv=csv))


def invite(role: str) -> int:
    """Make an invitation, print its code and what to do with it."""
    return _of_team(lambda chosen, now: team.invite(chosen, role, now))


def people() -> int:
    """Print the team: pseudonyms and roles."""
    return _of_team(lambda chosen, now: team.show(chosen))


def remove(name: str) -> int:
    """Take somebody off the team."""
    return _of_team(lambda chosen, now: team.remove(chosen, name, now))


def _of_team(work: Callable[[settings.Settings, datetime], Coroutine[None, None, int]]) -> int:
    try:
        chosen = settings.read()
    except BadSettings as error:
        return _not_set(error.faults)
    return asyncio.run(work(chosen, utc_now()))


def _not_set(faults: Iterable[str]) -> int:
    print("Faro cannot start with these settings:", file=sys.stderr)
    for fault in faults:
        print(f"  - {fault}", file=sys.stderr)
    return 2


COMMANDS: dict[str, Callable[..., int]] = {
    "demo": demo,
    "run": run,
    "keygen": keygen,
    "doctor": check,
    "stats": print_stats,
    "invite": invite,
    "people": people,
    "remove": remove,
}
"""The commands by the name that is typed; each takes its options by name."""
