"""Wires the rooms together; only here are all of them known. When what runs is in ``bot.app``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

import locales
import rules
from bot import chores
from bot.broadcasts import Broadcasts
from bot.chores import HOUR
from bot.clock import Clock
from bot.desk import Desk
from bot.errors import ClockWrong
from bot.governor import Governor
from bot.intake import Answered, Intake
from bot.jobs import Job, Runner
from bot.organisers import Organisers
from bot.outgoing import Outgoing
from bot.reading import Asked, MaybeTeam
from bot.reconsent import Reconsent
from bot.settings import Settings
from bot.wire import Wire
from helpdesk import context as helpdesk_context
from helpdesk import placement, turn
from helpdesk.broadcasts import answer as organisers_answer
from helpdesk.broadcasts.context import Studio
from helpdesk.broadcasts.messages import OrganiserCommand
from helpdesk.context import Context
from helpdesk.counting import Tally
from helpdesk.desk import answer as desk_answer
from helpdesk.desk import staff
from helpdesk.desk.context import DeskContext
from helpdesk.desk.messages import DeskCommand, DeskSlash
from helpdesk.desk.staff import Role
from helpdesk.messages import Command, Reply
from locales import LANGUAGES, SOURCE, Catalogue
from store import Database, Keys, Tx, open_database


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs, once it is wired; for tests and for the start and the end of ``bot.app.serve``.

    ``desk`` is None when no group is configured.
    """

    wire: Wire
    db: Database
    catalogue: Catalogue
    context: Context
    outgoing: Outgoing
    intake: Intake
    runner: Runner
    tally: Tally
    organisers: Organisers
    broadcasts: Broadcasts
    reconsent: Reconsent
    desk: Desk | None


async def wire_up(settings: Settings, clock: Clock, stack: AsyncExitStack, keys: Keys) -> Parts:
    """Open what has to be opened, on ``stack``, and put the parts together.

    Raises ClockWrong, StoreError, RulesError or LocalesError.
    """
    catalogues = {language: locales.load(language) for language in LANGUAGES}
    context = build_context(settings, catalogues, keys)
    studio = Studio(context)
    try:
        context.look(clock())
    except LookupError as error:
        raise ClockWrong(str(error)) from None
    db = await open_database(settings.database_url, keys)
    stack.push_async_callback(db.close)
    # Before anything is written: it goes under today's key.
    await chores.rotate_keys(db, clock())
    await db.transaction(_enrol, settings.organisers)
    governor = Governor(settings.send_rate)
    wire = Wire(settings.api_url, settings.bot_token.get_secret_value(), governor=governor)
    await stack.enter_async_context(wire)
    outgoing = Outgoing(wire, db, catalogues, clock, turn.shown, turn.FAREWELL, placement.as_new)
    tally = Tally()

    def erase(chat: int) -> None:
        outgoing.show(chat, Reply(erase=True))

    desk = None
    if context.desk is not None:
        desk = Desk(wire, db, context.desk, clock, tally.add, erase)
        await desk.prepare()

    organisers = Organisers(wire, db, catalogues)
    broadcasts = Broadcasts(wire, db, clock, organisers.say, tally.add, erase)
    organisers.stirred = broadcasts.wake

    def answer(tx: Tx, asked: Asked) -> Answered:
        return answer_all(tx, asked, context, studio)

    def sorry(tx: Tx, chat: int, now: datetime, message_id: int | None) -> Reply:
        return turn.sorry(tx, chat, context, now, message_id)

    return Parts(
        wire,
        db,
        catalogues[SOURCE],
        context,
        outgoing,
        Intake(wire, db, outgoing, answer, sorry, clock, tally.add, desk, organisers),
        Runner(
            Job("checkpoint", chores.scrub(db)),
            Job("erase", chores.erase(db, erase), every=60.0),
            Job("sweep", chores.sweep(db, clock), every=HOUR),
            Job("keyring", chores.renew_keys(db, clock), every=HOUR, at_start=False),
            Job("counters", chores.count(db, tally, clock), every=HOUR, at_start=False),
            *(() if desk is None else desk.jobs),
        ),
        tally,
        organisers,
        broadcasts,
        Reconsent(wire, db, studio, clock, tally.add),
        desk,
    )


def build_context(settings: Settings, catalogues: Mapping[str, Catalogue], keys: Keys) -> Context:
    """Build what the helpdesk needs; without FARO_DESK_CHAT_ID nothing of a desk is in it."""
    desk = None
    if settings.desk_chat_id is not None:
        desk = DeskContext(settings.desk_chat_id, catalogues)
    others = [words for language, words in catalogues.items() if language != SOURCE]
    return helpdesk_context.build(rules.load(), catalogues[SOURCE], keys, desk=desk, others=others)


def answer_all(tx: Tx, asked: Asked, context: Context, studio: Studio) -> Answered:
    """Answer one command: of the group, of the team or an organiser in private, or of a family.

    What is a member's in private is a family's from anybody else, so that nobody learns from an
    answer that there is a team. Only an invitation is taken from anybody.
    """
    command = _whose(tx, asked) if isinstance(asked, MaybeTeam) else asked
    if isinstance(command, OrganiserCommand):
        return organisers_answer.answer(tx, command, studio)
    if isinstance(command, DeskCommand):
        assert context.desk is not None  # without one nothing is read as the desk's
        return desk_answer.answer(tx, command, context.desk)
    return turn.answer(tx, command, context)


def _whose(tx: Tx, asked: MaybeTeam) -> Command | DeskCommand | OrganiserCommand:
    """Say whose command it is, at the cost of one look-up for whoever is not of the team."""
    team, organiser = asked.team, asked.organiser
    if staff.of(tx, asked.family.chat) is None:
        return team if team is not None and _joins(team) else asked.family
    if organiser is not None and organisers_answer.wants(tx, organiser):
        return organiser
    return asked.family if team is None or team.actor is None else team


def _joins(command: DeskCommand) -> bool:
    slash = command.body
    joins = isinstance(slash, DeskSlash) and slash.name == desk_answer.JOIN
    return joins and command.actor is not None


def _enrol(tx: Tx, users: Iterable[int]) -> None:
    for user in users:
        staff.ensure(tx, user, Role.ORGANISER)
