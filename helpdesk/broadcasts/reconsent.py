"""Who is asked whether she still wants alerts, and when; the words are in `helpdesk.alert_screens`.

Nobody is asked at night, and nobody twice for one yes: she counts as asked before the call is made.
Where certainly nothing reached her she is asked another time.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from helpdesk import subscriptions
from helpdesk.alert_screens import ask_again
from helpdesk.broadcasts import quiet
from helpdesk.broadcasts.ends import Aftermath, End, Result
from helpdesk.messages import Screen
from store import Tx

AT_ONCE: Final = 25
"""Families to be asked whom one look finds: each look opens every subscription."""
QUESTION: Final[Screen] = ask_again()

_NOT_ASKED: Final = frozenset({End.WAIT, End.NEVER_LEFT, End.CONTENT})


def due(tx: Tx, now: datetime, skip: Collection[int] = ()) -> list[int]:
    """Return chats to be asked now, at most AT_ONCE, none at night; see `claim`.

    Those who never answered are forgotten first. ``skip`` are chats to be left out for now.
    """
    subscriptions.expire(tx, now)
    return [] if quiet.quiet(now) else subscriptions.to_ask(tx, now, AT_ONCE, skip)


def claim(tx: Tx, chat: int, now: datetime) -> bool:
    """Count a family as asked, if she still has to be and it is no longer night; then ask her."""
    return not quiet.quiet(now) and subscriptions.ask(tx, chat, now)


def ended(tx: Tx, chat: int, result: Result) -> Aftermath:
    """Take the end of the call for one of them."""
    if result.end is End.GONE:
        return Aftermath(counts=subscriptions.gone(tx, chat))
    if result.end in _NOT_ASKED:
        subscriptions.ask_failed(tx, chat)
    return Aftermath()
