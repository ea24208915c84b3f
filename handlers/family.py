"""Reads a family's update and says what it asks, in Faro's own words; decides and keeps nothing."""

from __future__ import annotations

from datetime import datetime

from telegram import CallbackQuery, Update
from telegram.constants import ChatType

from handlers.content import answered_by, body_of, names_account
from helpdesk.messages import Command, Press


def read(update: Update, now: datetime) -> Command | None:
    """Say what an update asks; None for what Faro does not answer.

    Only private chats are read. A service message (the family turned on automatic deletion,
    pinned something), a group's messages and a press without data are None.
    """
    if update.callback_query is not None:
        return _press(update.callback_query, now)
    message, edited = update.message, False
    if message is None:
        message, edited = update.edited_message, True
    if message is None or message.chat.type != ChatType.PRIVATE:
        return None
    body = body_of(message)
    if body is None:
        return None
    return Command(
        message.chat.id,
        now,
        body,
        message.message_id,
        edited,
        caption=message.caption or "",
        answers=answered_by(message),
        names_account=names_account(message),
    )


def _press(query: CallbackQuery, now: datetime) -> Command | None:
    # An old message comes as InaccessibleMessage, which has the chat and the id all the same.
    message = query.message
    if message is None or query.data is None or message.chat.type != ChatType.PRIVATE:
        return None
    return Command(message.chat.id, now, Press(query.data, message.message_id))
