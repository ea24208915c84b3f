"""A program that writes until it is killed: ``python -m tests.store.crasher FILE KEYFILE``.

Says ``open`` just before it opens the database, and then the number of each transaction as soon
as it has committed. Each transaction writes its number in four places, which must always agree.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from store import Keys, Session, Tx, counters, inbox, open_database, rotate, sessions

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
WEEK = "2026-W47"
CHATS = (5_550_001_234, 5_550_005_678)


def write(tx: Tx) -> int:
    last = sessions.get(tx, CHATS[0], NOW)
    number = 1 if last is None else int(last.state["number"]) + 1
    sessions.put(tx, CHATS[0], Session({"number": number}, number), NOW)
    inbox.mark(tx, number, NOW)
    counters.add(tx, WEEK, {"intent=test": 1})
    sessions.put(tx, CHATS[1], Session({"number": number}, number), NOW)
    return number


def read(tx: Tx) -> tuple[int, int, int, int]:
    """The four places; all equal when no transaction was ever seen in part."""
    states = [sessions.get(tx, chat, NOW) for chat in CHATS]
    one, two = (0 if each is None else int(each.state["number"]) for each in states)
    count = counters.load(tx, WEEK).get("intent=test", 0)
    marked = 0
    while inbox.seen(tx, marked + 1):
        marked += 1
    return one, two, count, marked


async def main() -> None:
    url, keys = f"sqlite:///{sys.argv[1]}", Keys.load(sys.argv[2])
    print("open", flush=True)
    async with await open_database(url, keys) as db:
        await rotate(db, NOW)
        while True:
            number = await db.transaction(write)
            print(number, flush=True)
            if number % 4 == 0:
                await db.checkpoint()  # so that some kills fall into a rebuild


if __name__ == "__main__":
    asyncio.run(main())
