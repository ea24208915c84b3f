"""What a family sees of alerts: what they are, which she asked for, and what came of leaving.

Her wishes are in the store (`Standing`), never in the state: nothing is marked that she did not
mark herself. The words are in ``alerts.po``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from helpdesk.audience import REGIONS, Topic
from helpdesk.broadcasts.broadcast import LEAVE
from helpdesk.layout import Choice, Layout, Row, column, rows_of
from helpdesk.messages import Button, Part, Screen
from helpdesk.state import State
from helpdesk.subscriptions import Standing

YES: Final = "alerts_yes"
"""What the button "yes, I still want them" carries under the question of `ask_again`."""

VIEW: Final = "alerts"
SHOW_WISHES: Final = frozenset({VIEW, "alerts_regions", "cancelled"})
"""Views that say something of what she asked for."""

REGIONS_A_PAGE: Final = 12

ENTRY: Final = Choice("button.alerts", f"open:{VIEW}")
PRIVACY: Final = Choice("button.privacy_alerts", "open:privacy_alerts")

_TOLD: Final = {
    "alerts_left": "alerts.left",
    "alerts_on": "alerts.goes_on",
    "alerts_lapsed": "alerts.lapsed",
}
QUIET: Final = frozenset({"alerts.what", "alerts.privacy", *_TOLD.values()})
"""Keys whose opening can be read by anyone."""

_CLOSE = Choice("button.close", "close")


def page(state: State, standing: Standing) -> Layout | None:
    """Return the page that the view names, None when it is none of these."""
    if state.view in _TOLD:
        again = () if state.view == "alerts_on" else (ENTRY,)
        return Layout((Part(_TOLD[state.view]),), column([*again, _CLOSE]), True, True)
    if state.view == VIEW:
        return _topics(standing)
    if state.view == "alerts_regions":
        return _regions(state, standing)
    if state.view == "privacy_alerts":
        first = Choice("button.privacy_first", "open:privacy")
        erase = Choice("button.erase", "open:erase")
        return Layout((Part("alerts.privacy"),), column([ENTRY, first, erase, _CLOSE]), quiet=True)
    return None


def beside(page: Layout, standing: Standing) -> Layout:
    """Return a page that is the same for everyone as it is for who asked for alerts."""
    if standing.wishes is None or page.parts[0].key != "command.cancelled":
        return page
    return replace(page, parts=(*page.parts, Part("alerts.still_on")))


def alone(view: str) -> Screen:
    """Return what came of a press under a message, as a message of its own without buttons."""
    return Screen((Part(_TOLD[view]),), fresh=True, silent=True)


def ask_again() -> Screen:
    """Return the question whether she still wants alerts; its buttons are the same for everyone."""
    rows = ((Button("button.alerts_yes", YES),), (Button("button.alerts_leave", LEAVE),))
    return Screen((Part("alerts.ask_again"),), rows, fresh=True)


def _topics(standing: Standing) -> Layout:
    wishes = standing.wishes
    rows: list[Row] = [(_marked(f"topic.{one}", "topic", one, standing),) for one in Topic]
    if wishes is not None and wishes.regions:
        count = {"count": len(wishes.regions)}
        states = Choice("button.alerts_regions_chosen", "open:alerts_regions", count)
    else:
        states = Choice("button.alerts_regions", "open:alerts_regions")
    rows.append((states,))
    said = "alerts.none"
    if wishes is not None:
        said = "alerts.due" if standing.due else "alerts.some"
        rows.append((Choice("button.alerts_stop", "alerts_stop"),))
    if standing.due:
        rows.insert(0, (Choice("button.alerts_yes", "alerts_keep"),))
    rows.append((Choice("button.alerts_privacy", "open:privacy_alerts"), _CLOSE))
    return Layout((Part("alerts.what"), Part(said)), tuple(rows), quiet=True)


def _regions(state: State, standing: Standing) -> Layout:
    last = (len(REGIONS) - 1) // REGIONS_A_PAGE
    shown = min(state.page, last)
    some = REGIONS[shown * REGIONS_A_PAGE : (shown + 1) * REGIONS_A_PAGE]
    turn: list[Choice] = []
    if shown:
        turn.append(Choice("button.previous_page", f"page:{shown - 1}"))
    if shown < last:
        turn.append(Choice("button.next_page", f"page:{shown + 1}"))
    marked = (_marked(f"region.{one}", "region", one, standing) for one in some)
    done = (Choice("button.done", f"open:{VIEW}"), _CLOSE)
    return Layout((Part("alerts.regions"),), (*rows_of(marked, 2), tuple(turn), done))


def _marked(key: str, what: str, one: Topic | str, standing: Standing) -> Choice:
    """Return the button of a wish: it says what it does, so that a stale one never asks anew."""
    if standing.asks_for(one):
        return Choice("button.marked", f"{what}_off:{one}", {"what": f"@{key}"})
    return Choice("button.unmarked", f"{what}_on:{one}", {"what": f"@{key}"})
