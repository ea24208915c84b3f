"""The command ``faro``: chooses what to run. Imports nothing heavy until it is chosen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bot.version import version

_NEEDED = (
    "telegram",
    "httpx",
    "aiohttp",
    "pydantic_settings",
    "aiosqlite",
    "sqlalchemy",
    "alembic",
    "babel",
    "cryptography",
    "dateparser",
    "rapidfuzz",
    "phonenumbers",
    "PIL",
)
_COMMANDS = {
    "demo": "try it in a browser: a stand-in for Telegram and the bot, nothing kept",
    "run": "run the bot (long polling) until it is stopped",
    "keygen": "write a new master key to FARO_KEY_FILE; never over a file that exists",
    "doctor": "check settings, key, database, token, law, words and desk; exit 1 if one is red",
    "stats": "print the anonymised query log: counts of closed weeks, rounded down to tens",
    "invite": "make an invitation to the desk's team: how its first lead comes in",
    "people": "print who is of the team: pseudonyms and roles, never who they are",
    "remove": "take somebody off the team at once; what was in hand goes back to the queue",
}
_ROLES = ("volunteer", "lead", "organiser", "technician")
_OPTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "demo": {
        "--host": {"default": "127.0.0.1", "help": "address to listen on; 0.0.0.0 for every one"},
        "--port": {
            "type": int,
            "default": 8777,
            "help": "first port to try; the next free is taken",
        },
    },
    "stats": {"--csv": {"action": "store_true", "help": "print CSV instead of a table"}},
    "invite": {"role": {"choices": _ROLES, "help": "what the invited person will be"}},
    "remove": {"name": {"help": "pseudonym, such as V-07"}},
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
        command = commands.add_parser(name, help=help_text, description=help_text)
        for option, given in _OPTIONS.get(name, {}).items():
            command.add_argument(option, **given)
    options = vars(parser.parse_args(arguments))
    chosen: str | None = options.pop("command")
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        print(_INSTALL, file=sys.stderr)
        return 1
    if chosen is None:
        parser.print_help(sys.stderr)
        return 2
    result = import_module("bot.commands").COMMANDS[chosen](**options)
    assert isinstance(result, int)  # every command gives its exit code
    return result


if __name__ == "__main__":
    sys.exit(main())
