"""What a text or a command does to a conversation, purely; buttons are in `helpdesk.presses`."""

from __future__ import annotations

import re

from helpdesk import interview, typed_dates
from helpdesk.context import Context
from helpdesk.folding import words
from helpdesk.interview import Assessor
from helpdesk.messages import Unreadable
from helpdesk.routes import route_of
from helpdesk.screens import shows_result
from helpdesk.state import Draft, State
from helpdesk.typed_dates import NeedsMonth, NeedsYear, Unread
from rules import InvalidCase, Law, Span

LONGEST_READ = 600
"""Characters of a typed text that are looked at; the rest says nothing that a button would not."""

A_STORY = 4
"""Words from which a first message is more than a greeting."""

COMMAND_VIEWS = {
    "ayuda": "help",
    "avisos": "alerts",
    "privacidad": "privacy",
    "acerca": "about",
    "idioma": "language",
}
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){5,}")
"""A cédula or a telephone: six figures or more, however they are written."""
_ASKS_FOR_HELP = frozenset({"ayuda", "ayudeme", "menu", "opciones", "help"})
_THANKS = frozenset({"gracias", "bendiga", "bendiciones", "amen", "agradecida", "agradecido"})
_A_COURTESY = 8
"""Words up to which a text with a thanks in it is nothing more than that."""
_CHARGE_SHARE = 0.5
"""From this part of its words on, a text typed under the charges is taken for charges first."""
_NOT_KNOWN = (["no", "se"], ["no", "sé"], ["no", "recuerdo"], ["no", "me", "acuerdo"], ["nose"])


def begin(law: Law) -> State:
    """Return a conversation in which nothing has been said."""
    return State(law_version=law.version, law_hash=law.law_hash)


def anew(look: Assessor, state: State) -> State:
    """Return a conversation begun again; a session is counted once, however often it begins."""
    return begin(look.law).but(
        screen=state.screen,
        counted=state.counted,
        intents=state.intents,
        language=state.language,
        aside=state.aside,
    )


def typed(context: Context, look: Assessor, state: State, text: str, source: str) -> State:
    """Read a text: a charge or a date where one is asked, then the five routes; never a choice.

    ``source`` marks the message, so that an edit of it can be read again. Nothing typed is kept.
    """
    text = text[:LONGEST_READ]
    before = state
    state = state.begun()
    asked = interview.current(look, state)
    charges = context.lexicon(look.law).read(text) if asked == "charges" else None
    route = route_of(text)
    if charges and (route is None or charges.share >= _CHARGE_SHARE):
        picks = tuple(dict.fromkeys((*state.draft.picks, *charges.charges)))
        draft = Draft(picks=picks, asks=charges.asks, confirming=True, source=source)
        return state.but(draft=draft, view="")
    if route is not None:
        return state.but(view=f"route_{route}", page=0)
    if asked in ("date", "charges") and words(text) in _NOT_KNOWN:
        after = interview.choose(look, state.but(view=""), asked, "does_not_know")
        return settled(look, before, after)
    if asked == "date":
        return _typed_date(look, state, text, source)
    if asked == "charges":
        return state.but(notice="notice.charge_not_found", view="")
    return _not_read(state, text, over=asked is None or bool(state.view))


def _not_read(state: State, text: str, *, over: bool) -> State:
    """Answer a text that is no answer; ``over``: there is no question under it."""
    said = words(text)
    if not said:
        return state.but(notice="notice.unreadable.sticker")
    if _LONG_NUMBER.search(text):
        return state.but(notice="notice.no_names")
    if said[0] in _ASKS_FOR_HELP and len(said) == 1:
        return state.but(view="help", page=0)
    if _THANKS & set(said) and len(said) <= _A_COURTESY:
        return state.but(notice="notice.thanks")
    return state.but(notice="notice.not_understood_here" if over else "notice.not_understood")


def first_words(state: State, text: str) -> State:
    """Meet somebody who wrote before anything was asked of her.

    A greeting has nothing to be understood; a story gets a line that says it arrived.
    """
    told = len(words(text[:LONGEST_READ])) >= A_STORY
    return state.but(notice="notice.one_by_one" if told else "")


def _typed_date(look: Assessor, state: State, text: str, source: str) -> State:
    reading = _completed(look, state.draft, typed_dates.read(text, look.as_of))
    if isinstance(reading, Unread):
        return state.but(notice=f"notice.date.{reading}", view="")
    if isinstance(reading, Span):
        draft = Draft(span=str(reading), source=source)
    elif isinstance(reading, NeedsMonth):
        draft = Draft(year=reading.year, source=source)
    else:
        assert isinstance(reading, NeedsYear)
        draft = Draft(month=reading.month, day=reading.day, source=source)
    return state.but(draft=draft, view="")


def _completed(look: Assessor, draft: Draft, reading: typed_dates.Reading) -> typed_dates.Reading:
    """Join a year or a month typed under the question for it with what was typed before."""
    if draft.month is not None and isinstance(reading, NeedsMonth):
        return typed_dates.completed(draft.month, draft.day, reading.year, look.as_of)
    if draft.year is not None and isinstance(reading, NeedsYear):
        return typed_dates.completed(reading.month, reading.day, draft.year, look.as_of)
    return reading


def retyped(context: Context, look: Assessor, state: State, text: str, source: str) -> State:
    """Read an edited message again while what it said waits for confirmation; else say how."""
    if state.draft.source == source:
        return typed(context, look, state.but(draft=Draft()), text, source)
    return state.begun().but(notice="notice.edited")


def unreadable(state: State, kind: Unreadable) -> State:
    """Answer kindly what Faro does not read."""
    return state.begun().but(notice=f"notice.unreadable.{kind}")


def command(look: Assessor, state: State, name: str) -> State:
    """Do what a command says; /borrar is for `helpdesk.turn`."""
    state = state.begun()
    if name in COMMAND_VIEWS:
        return state.but(view=COMMAND_VIEWS[name], page=0)
    if name == "cancelar":
        return anew(look, state).but(view="cancelled")
    if name != "start":
        return state.but(notice="notice.unknown_command")
    if state.view == "cancelled" or not (state.answers or state.draft != Draft()):
        return state.but(view="", draft=Draft())
    return state.but(view="again" if shows_result(look, state) else "resume", page=0)


def law_changed(look: Assessor, state: State) -> State:
    """Announce a law that changed in mid-interview; answers stay if the law still reads them."""
    law = look.law
    if (state.law_version, state.law_hash) == (law.version, law.law_hash):
        return state
    after = state.but(law_version=law.version, law_hash=law.law_hash)
    try:
        look.determine(after.answers)
    except InvalidCase:
        return anew(look, state).but(notice="notice.law_changed_again")
    return after.but(notice="notice.law_changed", fresh=False)


def settled(look: Assessor, before: State, after: State) -> State:
    """Mark a result as fresh when the conversation has just come to it."""
    if shows_result(look, after) and not shows_result(look, before):
        if after.refining:
            return after.but(view="steps", page=0, refining=False)
        return after.but(fresh=True)
    return after
