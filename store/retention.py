"""What is kept, in which form, for how long, and how it is erased: one row per table.

This is the privacy notice as data. A table without a row here fails a test, and a row must say
either how /borrar reaches the table or why it need not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from store import (
    broadcasts,
    cases,
    counters,
    desk_state,
    erase_jobs,
    inbox,
    invitations,
    ledger,
    organiser_state,
    posts,
    sessions,
    staff,
    subscribers,
)
from store.envelope import Renewal
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Renewable:
    """How the rows of a table pass from one epoch to the next.

    ``renew`` seals a bounded number of rows of older epochs anew, past a primary key.
    ``newest_epoch`` answers the greatest number of an epoch in the table.
    """

    renew: Callable[[Tx, datetime, bytes, int], Renewal]
    newest_epoch: Callable[[Tx], int]


@dataclass(frozen=True, slots=True)
class Retention:
    """How one table keeps its promise.

    ``sweep`` deletes what is too old and answers how many rows; None only with ``kept_why``.
    ``forget`` deletes what is kept of a chat; None only with ``not_forgotten_why``.
    ``message_ids`` answers the ids of messages in the chat that the table knows. ``renewal`` is
    there for a table whose rows hang on the key of the day: how they pass to the next one.
    """

    table: str
    form: str
    kept: str
    sweep: Callable[[Tx, datetime], int] | None = None
    forget: Callable[[Tx, int], object] | None = None
    message_ids: Callable[[Tx, int, datetime], tuple[int, ...]] | None = None
    renewal: Renewable | None = None
    kept_why: str = ""
    not_forgotten_why: str = ""

    def __post_init__(self) -> None:
        if (self.sweep is None) != bool(self.kept_why):
            raise ValueError(f"{self.table}: say how it is swept or why not, not both")
        if (self.forget is None) != bool(self.not_forgotten_why):
            raise ValueError(f"{self.table}: say how /borrar reaches it or why not, not both")


_ROWS: Final = (
    Retention(
        table="sessions",
        form="answers, step, chat id and message ids under AES-GCM with a random key per row, "
        "wrapped by the key of the day; looked up by HMAC of the chat id under the key of the day; "
        "revisions, whole hours and the number of the day in clear",
        kept="7 days idle, or /borrar; message ids 47 hours",
        sweep=sessions.expire,
        forget=sessions.delete,
        message_ids=sessions.message_ids,
        renewal=Renewable(sessions.renew, sessions.newest_epoch),
    ),
    Retention(
        table="erasures",
        form="chat id and message ids under AES-GCM with a subkey of the key of the day; no "
        "look-up value; the number of the day in clear",
        kept="until done, 1 hour at most",
        sweep=erase_jobs.expire,
        renewal=Renewable(erase_jobs.renew, erase_jobs.newest_epoch),
        not_forgotten_why="it is what /borrar leaves, so that the messages go too",
    ),
    # /borrar reaches the three tables of a case at once, by the first of these rows. The other two
    # say it too, for each row must be true by itself.
    Retention(
        table="cases",
        form="contents, chat id and keys such as the code under AES-GCM with a random key per "
        "case, wrapped by the key of the day; a random id, whole hours and the number of the day "
        "in clear",
        kept="while it is open, 30 days untouched at most; closed, 7 days to the end of the hour",
        sweep=cases.expire,
        forget=cases.forget,
        renewal=Renewable(cases.renew, cases.newest_epoch),
    ),
    Retention(
        table="case_lookups",
        form="HMAC of the chat id and of each key of a case under the key of the day; the case's "
        "random id and the number of the day in clear",
        kept="as long as its case",
        kept_why="they go with their case",
        forget=cases.forget,
        renewal=Renewable(cases.renew_lookups, cases.newest_epoch_of_lookups),
    ),
    Retention(
        table="posts",
        form="a message that is still to be sent for the desk, under AES-GCM with a random key per "
        "post, wrapped by the key of the day; its number, its case's random id, its state, a whole "
        "hour and the number of the day in clear",
        kept="until sent, or its case is gone; 24 hours at most",
        sweep=posts.expire,
        forget=cases.forget,
        renewal=Renewable(posts.renew, posts.newest_epoch),
    ),
    Retention(
        table="post_numbers",
        form="the last number given to a post, in clear, in random steps",
        kept="as long as the database",
        kept_why="a number must never come again: a button would then send another post",
        not_forgotten_why="a number is nobody's",
    ),
    Retention(
        table="staff",
        form="account id, pseudonym and roles of a person of the team under AES-GCM with a random "
        "key per row, wrapped by the key of the day; looked up by HMAC of the account id under the "
        "key of the day; the number of the day in clear",
        kept="until removed from the team",
        sweep=staff.expire,
        renewal=Renewable(staff.renew, staff.newest_epoch),
        not_forgotten_why="/borrar is the families'; a person of the team is removed by a lead",
    ),
    Retention(
        table="invitations",
        form="what it grants and until when under AES-GCM with a random key per row, wrapped by "
        "the key of the day; looked up by HMAC of its code under the key of the day; the hour of "
        "its end and the number of the day in clear",
        kept="until taken, or its end, to the end of the hour",
        sweep=invitations.expire,
        renewal=Renewable(invitations.renew, invitations.newest_epoch),
        not_forgotten_why="nobody is named in it before it is taken, and then it is gone",
    ),
    Retention(
        table="desk_state",
        form="one value under AES-GCM with a random key, wrapped by the key of the day; the number "
        "of the day in clear",
        kept="as long as the database",
        kept_why="it is what the desk knows of itself: its queue message, its budget, its posture",
        renewal=Renewable(desk_state.renew, desk_state.newest_epoch),
        not_forgotten_why="the desk's own state is nobody's",
    ),
    Retention(
        table="broadcasts",
        form="text, segment and approvals under AES-GCM with a random key per broadcast, wrapped "
        "by the key of the day; a random id, whole hours and the number of the day in clear",
        kept="until it is over, 7 days untouched at most; then 48 hours, to the end of the hour",
        sweep=broadcasts.expire,
        renewal=Renewable(broadcasts.renew, broadcasts.newest_epoch),
        not_forgotten_why="no family stands in it: who gets it stands in its ledger",
    ),
    # Before the subscribers: a row that is still to be sent is found by the subscriber's id.
    Retention(
        table="ledger",
        form="until her turn, a subscriber's random id; once her message is sent, chat id, message "
        "id and time under AES-GCM with a subkey of the key of the day, looked up by HMAC of the "
        "chat id under another, of its broadcast alone; its broadcast's random id, a random "
        "number, mark, counters and the number of the day in clear",
        kept="as long as its broadcast; the mark, which is nobody's, also after /borrar",
        kept_why="it goes with its broadcast",
        forget=ledger.forget,
        message_ids=ledger.message_ids,
        renewal=Renewable(ledger.renew, ledger.newest_epoch),
    ),
    Retention(
        table="subscribers",
        form="chat id and what she wants to hear of under AES-GCM with a random key per row, "
        "wrapped by the key of the day; looked up by HMAC of the chat id under the key of the day; "
        "a random id and the number of the day in clear",
        kept="until she leaves or blocks the bot; asked again after 180 days, and gone 30 days "
        "later without an answer",
        sweep=subscribers.expire,
        forget=subscribers.delete,
        renewal=Renewable(subscribers.renew, subscribers.newest_epoch),
    ),
    Retention(
        table="organiser_state",
        form="the last number of a broadcast, who is writing which one, keyed hashes of texts that "
        "were sent, a file that is proposed, the one published before the last, and the reason "
        "that somebody typed for a withdrawal, in one value under AES-GCM with a random key, "
        "wrapped by the key of the day; the number of the day in clear",
        kept="as long as the database; a hash 30 days, a proposal 24 hours, a reason 30 minutes, "
        "each to the end of the hour",
        kept_why="it is what the organisers' side knows of itself",
        renewal=Renewable(organiser_state.renew, organiser_state.newest_epoch),
        not_forgotten_why="no family stands in it",
    ),
    Retention(
        table="withdrawals",
        form="ids of what is withdrawn, pseudonym of who did it and whole hour in clear",
        kept="until restored",
        kept_why="what may be wrong is not said again by itself",
        not_forgotten_why="the id of a rule or an answer is nobody's",
    ),
    Retention(
        table="published",
        form="the file of contacts and figures that was published last, in clear for it is public; "
        "its revision, pseudonym of who published it and whole hour in clear",
        kept="until the next one",
        kept_why="it is what families are told",
        not_forgotten_why="what is public is nobody's",
    ),
    Retention(
        table="updates_seen",
        form="update id and whole hour in clear",
        kept="24 hours, to the end of the hour",
        sweep=inbox.expire_seen,
        not_forgotten_why="an update id belongs to the bot and leads to no chat",
    ),
    Retention(
        table="updates_failed",
        form="update id, name of the error's class, tries and whole hour in clear",
        kept="24 hours, to the end of the hour",
        sweep=inbox.expire_failed,
        not_forgotten_why="an update id belongs to the bot and leads to no chat",
    ),
    Retention(
        table="counters_open",
        form="one sealed value per week, at most two dimensions a count",
        kept="until the week is closed, a day after its end",
        sweep=counters.close_before,
        not_forgotten_why="counts hold no id, so no count is anybody's",
    ),
    Retention(
        table="counters_closed",
        form="counts in clear, rounded down to tens, none under ten",
        kept="24 months",
        sweep=counters.expire_cells,
        not_forgotten_why="counts hold no id, so no count is anybody's",
    ),
    Retention(
        table="weeks_closed",
        form="names of weeks in clear",
        kept="24 months",
        sweep=counters.expire_weeks,
        not_forgotten_why="a week is nobody's",
    ),
    Retention(
        table="key_check",
        form="a constant under AES-GCM",
        kept="as long as the database",
        kept_why="it is what tells a wrong key file at start",
        not_forgotten_why="a constant is nobody's",
    ),
)

TABLES: Final[dict[str, Retention]] = {row.table: row for row in _ROWS}
"""Every table of the store by name, in the order in which they are swept and forgotten."""


def sweep(tx: Tx, now: datetime) -> dict[str, int]:
    """Delete everything whose time is over; rows deleted (or weeks closed), per table.

    Idempotent. Run at start and every hour. The commit asks for a scrub when anything went.
    """
    return {name: row.sweep(tx, now) for name, row in TABLES.items() if row.sweep is not None}
