"""What can go wrong in the helpdesk, and when.

HelpdeskError
├── LastLead         the only person who coordinates was to be removed from inside; only the
│                    operator may do that
└── OutdatedState    a stored session was written by a form of the state that this program
                     no longer reads; the conversation starts again
"""

from __future__ import annotations


class HelpdeskError(Exception):
    """The base of every error of this room."""


class OutdatedState(HelpdeskError):
    """A session cannot be read back; raised by `State.read`, and the family begins anew."""


class LastLead(HelpdeskError):
    """Nobody would be left to coordinate; raised by `desk.staff.remove`."""
