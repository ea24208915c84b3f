"""What the organisers' side knows of itself: one sealed row; no family is in it.

Such as the last number of a broadcast, and who is writing which one: people of the team only.
"""

from __future__ import annotations

from typing import Final

from store import tables
from store.single_row import SingleRow

_STATE: Final = SingleRow(tables.organiser_state)

get = _STATE.get
put = _STATE.put
renew = _STATE.renew
newest_epoch = _STATE.newest_epoch
