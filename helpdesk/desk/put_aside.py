"""What the desk says of an update that could not be read; what was in it is not known here."""

from __future__ import annotations

from datetime import datetime

from helpdesk.desk import casebook, notices
from helpdesk.desk.context import DeskContext, group_of
from helpdesk.desk.messages import DeskReply
from helpdesk.messages import Part
from store import Tx

_NOT_READ = Part("group.not_read")


def sorry(
    tx: Tx, topic: int | None, message_id: int | None, now: datetime, context: DeskContext
) -> DeskReply:
    """Say, where it was written, that nothing of it went out; a press is told the same.

    In a topic that is no case's nobody waits for anything, and nothing is said.
    """
    group = group_of(tx, context)
    if topic is None:
        notices.in_general(tx, now, (_NOT_READ,), answers=message_id)
    elif group is not None and (entry := casebook.of_topic(tx, group, topic)) is not None:
        notices.in_topic(tx, entry, now, (_NOT_READ,), answers=message_id)
    return DeskReply(alert=_NOT_READ, loud=True)
