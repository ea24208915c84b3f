"""``python -m sandbox``: a Telegram stand-in in a process of its own, until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from sandbox.server import TOKEN, Sandbox


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0: the next free one")
    parser.add_argument("--token", default=TOKEN, help="the bot's token")
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Sandbox(arguments.token, host=arguments.host, port=arguments.port) as box:
        print(box.url, flush=True)
        await stop.wait()


def main() -> int:
    """Run until a signal; 1 when the port cannot be had."""
    try:
        asyncio.run(_run(_arguments()))
    except OSError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
