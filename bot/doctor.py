"""Looks whether Faro can run and may be trusted: key, database, token, law, words, desk, people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError

import locales
import rules
from bot import logs
from bot.group_facts import group_facts
from bot.settings import Settings
from bot.wire import Wire
from helpdesk.context import LAW, day_of
from helpdesk.desk import posture, staff
from helpdesk.desk.staff import Role
from locales.checks import all_faults
from rules.errors import RulesError
from store import Keys, Tx, open_database, retention
from store.errors import StoreError

OLDEST_KEY = timedelta(hours=48)
"""A key of the day lives 25 hours at most while Faro runs; one this old was not destroyed."""
MANY = 20_000
"""Families that a broadcast may go to: for whoever sets the rate, what it means in time."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, whether it is red, and what to do."""

    subject: str
    red: bool
    words: str

    def __str__(self) -> str:
        return f"{'red  ' if self.red else 'green'}  {self.subject}: {self.words}"


async def examine(settings: Settings) -> list[Finding]:
    """Run every check; one that fails does not keep the others from running."""
    findings = [
        await _looked("key", _key(settings)),
        await _looked("keyring", _keyring(settings)),
        await _looked("database", _database(settings)),
        await _looked("token", _token(settings)),
        await _looked("words", _words),
        await _looked("law", _law),
        rate_state(settings),
        await _looked("organisers", lambda: look_at_organisers(settings)),
    ]
    if settings.desk_chat_id is not None:
        findings += await look_at_desk(settings, settings.desk_chat_id)
        findings.append(await _looked("team", _team(settings)))
    return findings


async def _looked(subject: str, look: Callable[[], Awaitable[Finding]]) -> Finding:
    try:
        return await look()
    except (StoreError, RulesError, locales.LocalesError) as error:
        return Finding(subject, True, str(error))
    except Exception as error:  # the words of an unknown error may quote anything
        return Finding(subject, True, f"could not be checked ({logs.class_name(error)})")


def _key(settings: Settings) -> Callable[[], Awaitable[Finding]]:
    async def look() -> Finding:
        Keys.load(settings.key_file)  # refuses a file that others may read
        return Finding("key", False, "the key file can be used, and only its owner may read it")

    return look


def _keyring(settings: Settings) -> Callable[[], Awaitable[Finding]]:
    async def look() -> Finding:
        return keyring_state(Keys.load(settings.key_file), datetime.now(UTC))

    return look


def keyring_state(keys: Keys, now: datetime) -> Finding:
    """Tell how many keys of the day there are and how old; red when an old one is still there."""
    epochs = keys.ring.epochs()
    if not epochs:
        return Finding("keyring", False, "empty: the first key is made when Faro starts")
    ages = [int((now - epoch.made) / timedelta(hours=1)) for epoch in epochs]
    many = "1 key" if len(ages) == 1 else f"{len(ages)} keys"
    if now - epochs[-1].made > OLDEST_KEY:
        hint = (
            f"{many}, and one is {max(ages)} hours old: what was erased since can be read with it "
            "from old copies. Start Faro, which destroys it; if it runs, look for job_failed"
        )
        return Finding("keyring", True, hint)
    return Finding("keyring", False, f"{many}, the newest {ages[0]} hours old")


def _database(settings: Settings) -> Callable[[], Awaitable[Finding]]:
    async def look() -> Finding:
        db = await open_database(settings.database_url, Keys.load(settings.key_file))
        async with db:
            await db.transaction(_write, datetime.now(UTC))
        return Finding("database", False, "it opens with this key and can be written")

    return look


def _write(tx: Tx, now: datetime) -> None:
    retention.sweep(tx, now)  # what the hourly job does: idempotent, and it takes the write lock


def _team(settings: Settings) -> Callable[[], Awaitable[Finding]]:
    async def look() -> Finding:
        db = await open_database(settings.database_url, Keys.load(settings.key_file))
        async with db:
            everyone = await db.transaction(staff.everyone)
            leads = await db.transaction(staff.leads)
        if not leads:
            hint = "nobody coordinates, so nobody reads what families report: 'faro invite lead'"
            return Finding("team", True, hint)
        return Finding("team", False, f"{len(everyone)} in all, {len(leads)} of them coordinate")

    return look


def rate_state(settings: Settings) -> Finding:
    """Tell what the rate means in time."""
    minutes = MANY / settings.send_rate / 60
    words = f"{settings.send_rate:g} messages a second: {MANY} families in {minutes:.0f} minutes"
    return Finding("rate", False, words)


async def look_at_organisers(settings: Settings) -> Finding:
    """Look whether there are the two that a broadcast needs, and whether they can be written to."""
    db = await open_database(settings.database_url, Keys.load(settings.key_file))
    async with db:
        everyone = await db.transaction(staff.everyone)
    users = {one.user for one in everyone if Role.ORGANISER in one.roles}
    users |= set(settings.organisers)
    more = "set FARO_ORGANISERS to two ids at least"
    if settings.desk_chat_id is not None:
        more += ", or 'faro invite organiser'"
    if not users:
        return Finding("organisers", False, f"nobody, so there are no broadcasts: {more}")
    if len(users) == 1:
        hint = f"only one, and what she writes needs another to approve it: {more}"
        return Finding("organisers", True, hint)
    if strangers := await _strangers(settings, users):
        hint = (
            f"{strangers} of {len(users)} never opened the bot, which cannot write to them "
            "before: each has to open it and press Start once"
        )
        return Finding("organisers", True, hint)
    return Finding("organisers", False, f"{len(users)}: one writes, another approves")


async def _strangers(settings: Settings, users: Iterable[int]) -> int:
    """Count those whom Telegram does not let the bot see; without an answer, nobody."""
    count = 0
    async with Wire(settings.api_url, settings.bot_token.get_secret_value()) as wire:
        for user in users:
            try:
                await wire.chat(user)
            except BadRequest:
                count += 1
            except TelegramError:
                return 0  # what is wrong then is the token's finding
    return count


def _token(settings: Settings) -> Callable[[], Awaitable[Finding]]:
    async def look() -> Finding:
        async with Wire(settings.api_url, settings.bot_token.get_secret_value()) as wire:
            try:
                await wire.who_am_i()
            except InvalidToken:
                hint = "the server does not know it: get it from @BotFather, check FARO_API_URL"
                return Finding("token", True, hint)
            except TelegramError as error:
                name = logs.class_name(error)
                return Finding("token", True, f"{settings.api_host} did not answer ({name})")
        return Finding("token", False, f"{settings.api_host} knows it")

    return look


async def look_at_desk(settings: Settings, group: int) -> list[Finding]:
    """Look what is wrong with the volunteers' group; each finding says what to change."""
    findings: list[Finding] = []

    async def look() -> Finding:
        async with Wire(settings.api_url, settings.bot_token.get_secret_value()) as wire:
            try:
                facts = await group_facts(wire, group)
            except ChatMigrated as error:
                # The running bot follows by itself; the setting may stay as it is.
                facts = await group_facts(wire, error.new_chat_id)
        if facts is None:
            return Finding("desk", True, f"{settings.api_host} did not say what the group is like")
        found = posture.problems(facts)
        findings.extend(_problem(problem) for problem in found)
        if posture.blocking(found):
            return Finding("desk", True, "unsafe: nothing is relayed until this is mended")
        return Finding("desk", False, "the group is as it has to be")

    return [await _looked("desk", look), *findings]


def _problem(problem: posture.Problem) -> Finding:
    english, spanish = locales.load("en"), locales.load()
    said = (
        (english if part.key in english else spanish).plain(part.key)
        for part in (posture.words(problem), posture.fix(problem))
    )
    return Finding("desk", problem not in posture.WARNINGS, " ".join(said))


async def _words() -> Finding:
    """Look for faults in any message, and for events and charges of the law without words."""
    faults = [f"{fault.key}: {fault.hint}" for fault in all_faults()]
    if not faults:
        keys = locales.load().keys
        law = rules.load().get(LAW, as_of=day_of(datetime.now(UTC)))
        needed = [
            *(f"event.{one}" for one in law.events),
            *(f"charge.{one}" for one in law.charges),
        ]
        faults = [f"{key}: has no words" for key in needed if key not in keys]
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return Finding("words", True, f"{faults[0]}{more}")
    return Finding("words", False, "complete, and none with a fault")


async def _law() -> Finding:
    today = day_of(datetime.now(UTC))
    try:
        law = rules.load().get(LAW, as_of=today)
    except LookupError as error:
        return Finding("law", True, f"the clock says {today.isoformat()}, and {error}: set it")
    wording = locales.load().wording_hash
    if law.status != "reviewed" or wording not in law.signed_wording:
        hint = (
            "draft: every result says 'borrador' until a lawyer has signed both hashes in "
            f"reviews.yaml: law_hash {law.law_hash}, wording_hash {wording}"
        )
        return Finding("law", True, hint)
    return Finding("law", False, "reviewed by a lawyer")
