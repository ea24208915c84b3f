"""A phone on the table betrays nobody: no new message opens with what it is about.

Of every screen a new message can be made: after a crash, after an apology, when the old message
is too old or has gone, below a command. What a locked phone shows of each, the first 120
characters, names no charge, no event, no outcome and no court.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.intake import SORRY
from handlers.render import render
from helpdesk import placement, tokens, turn
from helpdesk.context import BUTTONS, Context
from helpdesk.messages import Command, Press, Reply, Screen, Slash, Typed, Unreadable
from locales import lexicon
from locales.message import without_tags
from store import Database, Keys, Session, Tx, open_database, sessions
from tests.helpdesk.talk import NOW
from tests.promises import screens
from tests.promises.screens import Shown, beginnings, kinds

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("screens")]

ON_A_LOCKED_PHONE = 120
FIRST = 500_000_000
MESSAGE = 4_711
OWN = 4_712
EVERYDAY = {"control", "juicio", "civil", "policía", "¿quiere borrar todo?\n\nse van sus respue"}
"""Answers on buttons that are everyday words, and a page that says nothing to a stranger."""


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{tmp_path}/data/faro.db", Keys.ephemeral()) as db:
        yield db


@pytest.fixture
def context(db: Database) -> Context:
    return screens.context_of(db)


@cache
def never_first() -> tuple[str, ...]:
    """Charges, events, outcomes, and how every page begins that says what this is about."""
    catalogue = screens.context().catalogue
    families = ("charge.", "event.", "outcome.", "route.", "card.", "step.", "ask.")
    keys = [key for key in catalogue.keys if key.startswith(families)]
    words = [catalogue.plain(key).lower() for key in keys if not catalogue.placeholders(key)]
    said = {each.removesuffix(".")[:40] for each in words if len(each) > 5}
    return (*sorted(said - EVERYDAY), "entra ", "entrar", "quedar fuera", "no está claro")


def betrayed(screen: Screen) -> list[str]:
    """What a stranger reads on a locked phone that he should not."""
    text = without_tags(render(screen, screens.context().catalogue).text)
    return betrayed_by(text[:ON_A_LOCKED_PHONE])


@cache
def betrayed_by(opening: str) -> list[str]:
    found = [fault.hint for fault in lexicon.opening_faults(opening, "opening")]
    return found + [word for word in never_first() if word in opening.lower()]


def chat_of(place: int) -> int:
    return FIRST + place


async def put(db: Database, shown: tuple[Shown, ...], at: datetime, *, message: bool) -> None:
    """Store a conversation at every screen; ``message`` says that it stands in a message."""

    def write(tx: Tx) -> None:
        for place, one in enumerate(shown):
            chat, state = chat_of(place), one.state
            if message:
                mark = tokens.mark(db.keys.subkey(BUTTONS), chat, MESSAGE)
                state = state.but(screen=mark)
            messages = ((MESSAGE, at),) if message else ()
            sessions.put(tx, chat, Session(state.write(), 2, 1, messages), at)

    await db.transaction(write)


def new(reply: Reply) -> Screen:
    assert reply.edit is None
    assert reply.screen is not None
    return reply.screen


def test_red_when_something_is_betrayed() -> None:
    """Negative control: shown bare, nearly every screen would betray what it is about."""
    bare = [one for one in kinds() if not one.layout.quiet and not one.state.notice]
    seen = [one for one in bare if betrayed(Screen(one.layout.parts))]
    assert len(seen) > 0.8 * len(bare)


async def test_after_a_crash(db: Database, context: Context) -> None:
    await put(db, kinds(), NOW, message=False)
    again = await db.transaction(turn.after_restart, context, NOW)
    assert len(again) == len(kinds()) > 300
    for _, reply in again:
        assert betrayed(new(reply)) == []


async def test_when_the_message_to_edit_has_gone(db: Database, context: Context) -> None:
    """The bot makes a new message of what was meant as an edit."""
    await put(db, kinds(), NOW, message=True)
    again = await db.transaction(turn.after_restart, context, NOW)
    edits = [reply.screen for _, reply in again if reply.edit == MESSAGE and reply.screen]
    assert len(edits) > 300
    for screen in edits:
        assert betrayed(placement.as_new(screen)) == []


async def test_when_something_failed(db: Database, context: Context) -> None:
    await put(db, beginnings(), NOW, message=True)

    def all_sorry(tx: Tx) -> list[Reply]:
        return [turn.sorry(tx, chat_of(place), context, NOW) for place in range(len(beginnings()))]

    for reply in await db.transaction(all_sorry):
        assert betrayed(new(reply)) == []
    assert SORRY.screen is not None
    assert betrayed(SORRY.screen) == []


@pytest.mark.parametrize("hours", [41, 60])
@pytest.mark.parametrize("body", ["token", Typed("hola"), Unreadable.VOICE, Slash("acerca")])
async def test_when_the_message_is_old(
    db: Database, context: Context, hours: int, body: str | Typed | Unreadable | Slash
) -> None:
    """A press, a word, a voice note or a command, when she comes back the day after next."""
    await put(db, beginnings(), NOW, message=True)
    later = NOW + timedelta(hours=hours)

    def come_back(tx: Tx) -> list[Reply]:
        replies = []
        for place, one in enumerate(beginnings()):
            chat = chat_of(place)
            if isinstance(body, str):
                action = next(each for each in one.layout.actions if each != "erase")
                key = context.button_key
                pressed = tokens.token(key, chat, 2, one.layout.name, action)
                command = Command(chat, later, Press(pressed, MESSAGE))
            else:
                command = Command(chat, later, body, OWN)
            replies.append(turn.answer(tx, command, context))
        return replies

    for reply in await db.transaction(come_back):
        assert betrayed(new(reply)) == []


@pytest.mark.parametrize("hours", [1, 41, 60])
async def test_when_a_stale_button_is_pressed(db: Database, context: Context, hours: int) -> None:
    await put(db, beginnings(), NOW, message=True)
    later = NOW + timedelta(hours=hours)

    def press(tx: Tx) -> list[Reply]:
        return [
            turn.answer(tx, Command(chat_of(place), later, Press("1stale", MESSAGE)), context)
            for place in range(len(beginnings()))
        ]

    for reply in await db.transaction(press):
        assert reply.screen is not None
        if reply.edit is None:
            assert betrayed(reply.screen) == []


def test_the_farewell() -> None:
    assert betrayed(turn.FAREWELL) == []
