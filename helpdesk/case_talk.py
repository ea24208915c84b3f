"""What asking for a person does to a conversation, purely; the case itself is in the store."""

from __future__ import annotations

import re

from helpdesk.case_screens import PASSED, is_claimed, is_up
from helpdesk.conversation import LONGEST_READ
from helpdesk.desk.family import Heard, View
from helpdesk.messages import Command, Typed, Unreadable
from helpdesk.routes import Route, route_of
from helpdesk.state import State

LONGEST_CONTACT = 200
"""Characters of a contact that she leaves: a way to be called and a number."""

_NOTICES = {
    Heard.PASSED: "case.passed",
    Heard.NOTED: "case.noted",
    Heard.MUTED: "case.muted",
    Heard.TOO_MUCH: "case.too_much",
}
_NOT_PASSED = frozenset(Unreadable) - PASSED
_HELPS_AT_ONCE = frozenset({Route.ERASE, Route.DISTRESS})
"""What Faro answers although a person reads it too: she may not be there at this minute."""
_HELPS_WHILE_WAITING = _HELPS_AT_ONCE | {Route.MONEY, Route.WHEREABOUTS}


def is_for_a_person(state: State, desk: View) -> bool:
    """Tell whether what she sends now is for the person who has her case, or will have it."""
    return is_up(state, desk) or is_claimed(desk)


def says_nothing(command: Command, desk: View) -> bool:
    """Tell whether it is an edit that changes nothing: of words under what Faro does not read.

    Only to the person who has her case they are words; and until somebody has, a copy will bring
    the new ones.
    """
    if not command.edited or not isinstance(command.body, Unreadable):
        return False
    return not is_claimed(desk) or command.body in _NOT_PASSED


def is_a_contact(state: State, desk: View) -> bool:
    """Tell whether the text that she types now is the contact that she wants to leave.

    Also when whoever had her case gave it back while she wrote: it would be kept for the next one.
    """
    return state.view == "contact_write" and desk.case is not None


def heard(state: State, command: Command, how: Heard, desk: View) -> State:
    """Say what became of what she sent; a cry for help is answered by Faro as well."""
    state = state.begun().but(view="", page=0, aside=False)
    route = None
    if isinstance(command.body, Typed) and not command.edited:
        route = route_of(command.body.text[:LONGEST_READ])
    if how not in _GOES and route in _HELPS_AT_ONCE:
        # Nobody will read it: then help comes before why it was not passed.
        return state.but(view=f"route_{route}")
    if how is Heard.NOT_PASSED:
        kind = "other"
        if isinstance(command.body, Typed):
            kind = "account"  # a text is not passed for one reason only: it leads to somebody
        elif command.body in _NOT_PASSED:
            kind = str(command.body)
        return state.but(notice=f"case.not_passed.{kind}")
    state = state.but(notice=_NOTICES[how])
    if how is Heard.PASSED and route is Route.MONEY:
        # It may be about the very person who reads it.
        return state.but(notice="case.passed_money")
    helps = _HELPS_AT_ONCE if is_claimed(desk) else _HELPS_WHILE_WAITING
    return state.but(view=f"route_{route}") if how in _GOES and route in helps else state


def beside(how: Heard) -> str:
    """Return the notice of a text that a person reads too, beside what Faro says; "" for none."""
    return _NOTICES[how] if how in _GOES else ""


_GOES = (Heard.PASSED, Heard.NOTED)
_REACHES = re.compile(r"\d(?:[ .()/-]*\d){5,}|@")


def staying(command: Command, how: Heard | None) -> frozenset[int]:
    """Return the ids of photos that a person sees or will see: they stay in her chat."""
    if how in (None, Heard.MUTED, Heard.TOO_MUCH):
        return frozenset()
    photos = {one.message_id for one in command.unread if one.kind is Unreadable.PHOTO}
    if command.body is Unreadable.PHOTO and how in _GOES and command.message_id is not None:
        photos.add(command.message_id)
    return frozenset(photos)


def reaches_somebody(text: str) -> bool:
    """Tell whether a text may hold a telephone, an account or an e-mail."""
    return _REACHES.search(text) is not None


def contact(state: State, text: str) -> State:
    """Take a text as the contact, to be confirmed; it is in no case yet."""
    plain = " ".join(text.split())
    if len(plain) > LONGEST_CONTACT:
        return state.begun().but(notice="case.contact_too_long")
    return state.begun().but(contact=plain)


def at_her_case(state: State) -> State:
    """Return the conversation at the screen of her case."""
    return state.begun().but(view="", page=0, aside=False)


def beside_her_case(state: State) -> State:
    """Say, to a text among her questions, where to write what is meant for the person."""
    if state.notice in ("notice.not_understood", "notice.not_understood_here"):
        return state.but(notice="case.write_there")
    return state
