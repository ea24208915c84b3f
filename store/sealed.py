"""A JSON object sealed under a random key of its row's own; no table is read or written here.

The tables of the desk keep their rows so. The row's key is wrapped by the key of its epoch
(`store.envelope`): with that destroyed, the object cannot be read, in no copy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from store import cipher, envelope
from store.errors import IntegrityError
from store.hours import day_number
from store.keyring import Epoch
from store.keys import Keys
from store.statements import Value

LOST_DAYS: Final = 7
"""A row whose key is gone is kept for so long: a keyring that was mislaid may come back."""


class Sealed(NamedTuple):
    """The columns in which a row keeps its object."""

    wrapped_key: bytes
    body: bytes
    epoch: int


def anew(
    epoch: Epoch,
    table: str,
    row: bytes,
    content: Mapping[str, Any],
    step: int = cipher.PADDING_STEP,
) -> dict[str, Value]:
    """Seal an object under a new row key: the three columns of `Sealed`, by name.

    ``step`` is that of the padding, the same for all of a table. Raises `TypeError`
    or `ValueError` when the object is not JSON.
    """
    key, wrapped = envelope.new_row_key(epoch, table, row)
    return {
        "wrapped_key": wrapped,
        "body": cipher.seal(key, table, row, _plaintext(content), step),
        "epoch": epoch.number,
    }


def again(
    keys: Keys,
    table: str,
    row: bytes,
    stored: Sealed,
    content: Mapping[str, Any],
    step: int = cipher.PADDING_STEP,
) -> dict[str, Value]:
    """Seal another object under the key that the row has; as `anew`, which see.

    Raises `IntegrityError` when the row's key does not unwrap.
    """
    body = cipher.seal(_row_key(keys, table, row, stored), table, row, _plaintext(content), step)
    return {"wrapped_key": stored.wrapped_key, "body": body, "epoch": stored.epoch}


def opened(keys: Keys, table: str, row: bytes, stored: Sealed) -> dict[str, Any]:
    """The object of a row; raises `IntegrityError`: altered, moved, or the epoch's key is gone."""
    key = _row_key(keys, table, row, stored)
    content: dict[str, Any] = json.loads(cipher.open_sealed(key, table, row, stored.body))
    return content


def given_up(keys: Keys, epoch: int, now: datetime) -> bool:
    """Whether a row of this epoch that does not open never will, so that it may go.

    Its key is there, so that it was damaged, or the day of its key is `LOST_DAYS` past.
    """
    return keys.epoch(epoch) is not None or epoch + LOST_DAYS <= day_number(now)


def _row_key(keys: Keys, table: str, row: bytes, stored: Sealed) -> bytes:
    epoch = keys.epoch(stored.epoch)
    if epoch is None:
        raise IntegrityError("the key of the row's epoch is gone")
    return envelope.row_key(epoch, table, row, stored.wrapped_key)


def _plaintext(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8")
