"""Between Telegram and the helpdesk: an update becomes a command, a Screen becomes a message."""

from __future__ import annotations

import os

# Without it python-telegram-bot warns at every period of time that it reads or is told to wait.
# Here, because this is the lowest room that reads updates.
os.environ.setdefault("PTB_TIMEDELTA", "1")
