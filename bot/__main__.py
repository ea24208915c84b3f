"""The command ``faro``: chooses what to run. Imports nothing heavy until it is chosen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from bot.version import version

_NEEDED = (
    "telegram",
    "pydantic_settings",
    "aiosqlite",
    "sqlalchemy",
    "alembic",
    "babel",
    "cryptography",
    "dateparser",
    "rapidfuzz",
)
_COMMANDS = {
    "run": "run the bot (long polling) until it is stopped",
    "keygen": "write a new master key to FARO_KEY_FILE; never over a file that exists",
    "doctor": "check settings, key, database, token, law and words; exit 1 if something is red",
    "stats": "print the rounded counters of closed weeks",
}
_INSTALL = (
    "This command needs the bot's libraries, which are not installed. Type:\n\n"
    "    pip install 'faro-helpdesk[bot]'\n"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``faro`` and give its exit code: 0 well, 1 not done, 2 wrong arguments or settings."""
    parser = argparse.ArgumentParser(
        prog="faro",
        description="Faro, a Telegram helpdesk for relatives of people detained in Venezuela.",
        epilog="Settings are environment variables FARO_*; see 'faro doctor' and the README.",
    )
    parser.add_argument("--version", action="version", version=f"faro {version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, help_text in _COMMANDS.items():
        commands.add_parser(name, help=help_text, description=help_text)
    chosen: str | None = parser.parse_args(arguments).command
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        print(_INSTALL, file=sys.stderr)
        return 1
    if chosen is None:
        parser.print_help(sys.stderr)
        return 2
    result = import_module("bot.commands").COMMANDS[chosen]()
    assert isinstance(result, int)  # every command gives its exit code
    return result


if __name__ == "__main__":
    sys.exit(main())
