"""How the tables came to be: Alembic revisions, run from here without files of configuration.

`upgrade` brings a file to `HEAD`. Alembic is loaded only when there is something to do: importing
it takes longer than everything else that happens at start.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import Any, Final

from store.connection import connect
from store.errors import SchemaError

HEAD: Final = "0004"
"""The newest revision. A test holds it equal to what the folder says."""

FOLDER: Final = Path(__file__).resolve().parent


def upgrade(path: Path) -> None:
    """Bring the database at this path to `HEAD`, in one transaction; does nothing if it is there.

    Raises `SchemaError` when the file is not a database of Faro or is newer than this program.
    Blocks: call it before the event loop has other work, or on a thread.
    """
    try:
        connection = connect(path)
    except sqlite3.DatabaseError:
        raise SchemaError(f"{path} is not a database that SQLite can open") from None
    try:
        revision = _revision(connection)
        if revision != HEAD:
            _run(connection, revision)
    finally:
        connection.close()


def _revision(connection: sqlite3.Connection) -> str | None:
    asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    if connection.execute(asked).fetchone() is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _run(connection: sqlite3.Connection, revision: str | None) -> None:
    # Here and not at the top: see the module's docstring.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool

    # Alembic announces each revision at INFO; the log of the bot has its own words for a start.
    logging.getLogger("alembic").setLevel(logging.WARNING)

    script = ScriptDirectory(str(FOLDER))
    known = {each.revision for each in script.walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaError(
            "the database was written by a newer Faro: run that one, or restore an older copy"
        )
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(opened: Any) -> None:
        # The driver would commit before each CREATE TABLE; begun by hand, all of it is one
        # transaction, and a kill in the middle leaves no half-made schema.
        opened.exec_driver_sql("BEGIN IMMEDIATE")

    config = Config()

    def to_head(current: Any, _context: Any) -> Any:
        # _upgrade_revs is what alembic's own `upgrade` command calls; there is no public name.
        return script._upgrade_revs(HEAD, current)

    with (
        EnvironmentContext(config, script, fn=to_head) as environment,
        engine.connect() as opened,
    ):
        environment.configure(connection=opened, transactional_ddl=True)
        with environment.begin_transaction():
            environment.run_migrations()
