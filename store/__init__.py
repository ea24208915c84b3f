"""Where things are kept: tables, migrations, encryption, retention; what they mean is not known.

The modules `sessions`, `erasures`, `inbox`, `counters` and `retention`, and for the desk `cases`,
`posts`, `staff`, `invitations` and `desk_state`, are plain functions whose first argument is the
`Tx` that `Database.transaction` hands out.
"""

from __future__ import annotations

from store import (
    cases,
    counters,
    desk_state,
    erasures,
    inbox,
    invitations,
    posts,
    retention,
    sessions,
    staff,
)
from store.cases import StoredCase
from store.database import Database, database_path, open_database
from store.found import Found
from store.keys import Keys
from store.posts import PostState, StoredPost
from store.rotation import Rotation, rotate
from store.sessions import Session
from store.staff import StoredMember
from store.transaction import Tx

__all__ = [
    "Database",
    "Found",
    "Keys",
    "PostState",
    "Rotation",
    "Session",
    "StoredCase",
    "StoredMember",
    "StoredPost",
    "Tx",
    "cases",
    "counters",
    "database_path",
    "desk_state",
    "erasures",
    "inbox",
    "invitations",
    "open_database",
    "posts",
    "retention",
    "rotate",
    "sessions",
    "staff",
]
