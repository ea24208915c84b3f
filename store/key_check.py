"""A constant sealed under the key, so that a wrong key file is noticed at start; no data of anyone.

Without it a Faro started with another key would find no session of anybody, begin every interview
anew and leave what it cannot find undeleted.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import insert, select

from store import cipher
from store.errors import IntegrityError, WrongKeyError
from store.statements import statement
from store.tables import key_check
from store.transaction import Tx

_TABLE: Final = "key_check"
_ROW: Final = b"1"
_WORD: Final = b"faro"

_GET = statement(select(key_check.c.body))
_INSERT = statement(insert(key_check))


def check(tx: Tx) -> None:
    """Seal the constant in a new database; in an old one raise `WrongKeyError` if it is shut."""
    key = tx.keys.subkey("seal:key_check")
    row = tx.execute(_GET).fetchone()
    if row is None:
        tx.execute(_INSERT, {"id": 1, "body": cipher.seal(key, _TABLE, _ROW, _WORD)})
        return
    try:
        cipher.open_sealed(key, _TABLE, _ROW, row[0])
    except IntegrityError:
        raise WrongKeyError(
            "the database was written under another key: FARO_KEY_FILE is not its key file"
        ) from None
