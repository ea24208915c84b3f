"""Where things are kept: tables, migrations, encryption, retention; what they mean is not known.

The modules `sessions`, `erasures`, `inbox`, `counters` and `retention` are plain functions whose
first argument is the `Tx` that `Database.transaction` hands out.
"""

from __future__ import annotations

from store import counters, erasures, inbox, retention, sessions
from store.database import Database, database_path, open_database
from store.keys import Keys
from store.rotation import Rotation, rotate
from store.sessions import Session
from store.transaction import Tx

__all__ = [
    "Database",
    "Keys",
    "Rotation",
    "Session",
    "Tx",
    "counters",
    "database_path",
    "erasures",
    "inbox",
    "open_database",
    "retention",
    "rotate",
    "sessions",
]
