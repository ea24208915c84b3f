"""A group of volunteers to try things in, and short ways to look at updates."""

from __future__ import annotations

from typing import Any

from sandbox import Group, Person, Sandbox


def forum(box: Sandbox) -> tuple[Group, Person, Person]:
    """Make a forum with two volunteers in it, the second an administrator; no updates wait."""
    group = box.group("Mesa", forum=True)
    ana, luis = box.person("Ana"), box.person("Luis")
    group.add(ana)
    group.add(luis, admin=True)
    box.queue.clear()
    return group, ana, luis


def kinds(box: Sandbox) -> list[str]:
    """Give the kinds of the updates that wait, oldest first."""
    return [next(key for key in one if key != "update_id") for one in box.queue.pending]


def only(box: Sandbox) -> dict[str, Any]:
    """Give what the one update that waits carries, and take it away."""
    (update,) = box.queue.pending
    box.queue.clear()
    (content,) = (value for key, value in update.items() if key != "update_id")
    return dict(content)
