"""Who is asked whether she still wants alerts, and when; the words are in `helpdesk.alert_screens`.

Nobody is asked at night, and nobody twice for one yes: she counts as asked before the call is made.
Where certainly nothing reached her she is asked another time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from helpdesk import subscriptions
from helpdesk.alert_screens import ask_again
from helpdesk.broadcasts import quiet
from helpdesk.broadcasts.ends import Aftermath, End, Result
from helpdesk.messages import Screen
from store import Tx

AT_ONCE: Final = 25
"""Families who count as asked before the first of them is: so many at most a crash leaves out."""
QUESTION: Final[Screen] = ask_again()

_NOT_ASKED: Final = frozenset({End.WAIT, End.NEVER_LEFT, End.CONTENT})


def take(tx: Tx, now: datetime) -> list[int]:
    """Return chats to be asked now, at most AT_ONCE; they count as asked.

    Those who never answered are forgotten first.
    """
    subscriptions.expire(tx, now)
    return [] if quiet.quiet(now) else subscriptions.to_ask(tx, now, AT_ONCE)


def ended(tx: Tx, chat: int, result: Result) -> Aftermath:
    """Take the end of the call for one of them."""
    if result.end is End.GONE:
        return Aftermath(counts=subscriptions.gone(tx, chat))
    if result.end in _NOT_ASKED:
        subscriptions.ask_failed(tx, chat)
    return Aftermath()


def give_back(tx: Tx, chats: Iterable[int]) -> None:
    """Note that some were not asked after all."""
    for chat in chats:
        subscriptions.ask_failed(tx, chat)
