"""The 20 calls a minute that a group takes, messages, edits and topics together; noted, not made.

Moments are kept in `store.desk_state`, in the commit before the call: the limit holds across a
crash. They are seconds since 1970, with a fraction.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Final

from store import Tx, desk_state

PER_MINUTE: Final = 20
WINDOW: Final = 61.0
"""Seconds. Telegram counts when a call arrives, which is after it was noted here, and on a busy
machine by seconds. So a call counts from its end (see `landed`), and for a second more."""
_SPENT: Final = "spent"
_FOR: Final = "spent_for"
_HELD: Final = "held_until"


def spend(tx: Tx, now: datetime, case: bytes | None = None) -> float:
    """Note a call that is about to be made and return 0; or the seconds until there is room.

    ``case`` is whose call it is, so that none takes all of them (see `shares`).
    """
    state = desk_state.get(tx)
    wait = _wait(state, now)
    calls = _recent(state, now)
    if wait == 0:
        calls.append((now.timestamp(), "" if case is None else case.hex()))
    elif not any(at > now.timestamp() for at in state.get(_SPENT, [])):
        return wait
    # Written although there is no room when the clock was set back: calls that lie in the future
    # count as made now, once, and not at every look until the clock has come round again.
    spent = {_SPENT: [at for at, _ in calls], _FOR: [whose for _, whose in calls]}
    desk_state.put(tx, state | spent)
    return wait


def landed(tx: Tx, now: datetime) -> None:
    """Let the newest call count from now: it has ended, or nobody knows when it arrived.

    Calls into the group are made one by one, so the newest is the one that was under way.
    """
    state = desk_state.get(tx)
    spent = list(state.get(_SPENT, []))
    if spent:
        newest = max(range(len(spent)), key=spent.__getitem__)
        spent[newest] = now.timestamp()
        desk_state.put(tx, state | {_SPENT: spent})


def shares(tx: Tx, now: datetime) -> Counter[str]:
    """Return how many calls of the last minute were whose: by the id of a case in hex, or ""."""
    return Counter(whose for _, whose in _recent(desk_state.get(tx), now))


def free(tx: Tx, now: datetime) -> int:
    """Return how many calls could be made at once."""
    state = desk_state.get(tx)
    return 0 if _held(state, now) else max(0, PER_MINUTE - len(_recent(state, now)))


def hold(tx: Tx, now: datetime, seconds: float) -> None:
    """Let nothing out for so long: Telegram said 429, which means the whole group."""
    desk_state.put(tx, desk_state.get(tx) | {_HELD: [now.timestamp(), seconds]})


def _wait(state: dict[str, Any], now: datetime) -> float:
    held = _held(state, now)
    if held:
        return held
    recent = _recent(state, now)
    if len(recent) < PER_MINUTE:
        return 0.0
    # The one that has to leave the window before the next may be made.
    return max(0.001, recent[len(recent) - PER_MINUTE][0] + WINDOW - now.timestamp())


def _recent(state: dict[str, Any], now: datetime) -> list[tuple[float, str]]:
    """Return the calls of the last minute, oldest first; none is later than now."""
    moment = now.timestamp()
    calls = zip(state.get(_SPENT, []), state.get(_FOR, []), strict=True)
    return sorted((min(at, moment), whose) for at, whose in calls if at > moment - WINDOW)


def _held(state: dict[str, Any], now: datetime) -> float:
    if _HELD not in state:
        return 0.0
    since, seconds = state[_HELD]
    # Measured from when it was said, for the same reason as above.
    passed = now.timestamp() - since
    return max(0.0, float(seconds) - passed) if passed >= 0 else 0.0
