"""Where things are kept: tables, migrations, encryption, retention; what they mean is not known.

The modules `sessions`, `erasures`, `inbox`, `counters` and `retention`, for the desk `cases`,
`posts`, `staff`, `invitations` and `desk_state`, and for broadcasts `subscribers`, `broadcasts`,
`ledger`, `withdrawals`, `published` and `organiser_state`, are plain functions whose first argument
is the `Tx` that `Database.transaction` hands out.
"""

from __future__ import annotations

from store import (
    broadcasts,
    cases,
    counters,
    desk_state,
    erasures,
    inbox,
    invitations,
    ledger,
    organiser_state,
    posts,
    published,
    retention,
    sessions,
    staff,
    subscribers,
    withdrawals,
)
from store.broadcasts import StoredBroadcast
from store.cases import StoredCase
from store.database import Database, database_path, open_database
from store.found import Found
from store.keys import Keys
from store.ledger import Delivered, Mark
from store.posts import PostState, StoredPost
from store.rotation import Rotation, rotate
from store.sessions import Session
from store.staff import StoredMember
from store.subscribers import Subscriber
from store.transaction import Tx
from store.withdrawals import Withdrawal

__all__ = [
    "Database",
    "Delivered",
    "Found",
    "Keys",
    "Mark",
    "PostState",
    "Rotation",
    "Session",
    "StoredBroadcast",
    "StoredCase",
    "StoredMember",
    "StoredPost",
    "Subscriber",
    "Tx",
    "Withdrawal",
    "broadcasts",
    "cases",
    "counters",
    "database_path",
    "desk_state",
    "erasures",
    "inbox",
    "invitations",
    "ledger",
    "open_database",
    "organiser_state",
    "posts",
    "published",
    "retention",
    "rotate",
    "sessions",
    "staff",
    "subscribers",
    "withdrawals",
]
