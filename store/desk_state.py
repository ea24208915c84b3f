"""What the desk knows of itself, such as its queue message: one sealed row; no family is in it."""

from __future__ import annotations

from typing import Final

from store import tables
from store.single_row import SingleRow

_STATE: Final = SingleRow(tables.desk_state)

get = _STATE.get
put = _STATE.put
renew = _STATE.renew
newest_epoch = _STATE.newest_epoch
