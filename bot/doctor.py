"""Looks whether Faro can run and may be trusted: settings, key, database, token, law, words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from telegram.error import InvalidToken, TelegramError

import locales
import rules
from bot import logs
from bot.settings import Settings
from bot.wire import Wire
from locales.checks import all_faults
from rules.errors import RulesError
from store import Keys, Tx, open_database, retention
from store.errors import StoreError

LAW = "amnistia"


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
        await _looked("database", _database(settings)),
        await _looked("token", _token(settings)),
        await _looked("words", _words),
        await _looked("law", _law),
    ]
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


def _database(settings: Settings) -> Callable[[], Awaitable[Finding]]:
    async def look() -> Finding:
        db = await open_database(settings.database_url, Keys.load(settings.key_file))
        async with db:
            await db.transaction(_write, datetime.now(UTC))
        return Finding("database", False, "it opens with this key and can be written")

    return look


def _write(tx: Tx, now: datetime) -> None:
    retention.sweep(tx, now)  # what the hourly job does: idempotent, and it takes the write lock


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
                return Finding("token", True, f"{settings.api_url} did not answer ({name})")
        return Finding("token", False, f"{settings.api_url} knows it")

    return look


async def _words() -> Finding:
    """Look for faults in any message, and for events and charges of the law without words."""
    faults = [f"{fault.key}: {fault.hint}" for fault in all_faults()]
    if not faults:
        keys = locales.load().keys
        law = rules.load().get(LAW, as_of=today_in_caracas())
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
    today = today_in_caracas()
    law = rules.load().get(LAW, as_of=today)
    if rules.assess(law, {}, as_of=today).status != "reviewed":
        hint = "draft: no lawyer has signed it, and every result says 'borrador'"
        return Finding("law", True, hint)
    return Finding("law", False, "reviewed by a lawyer")


def today_in_caracas() -> date:
    """Today's date where the families are (UTC-4 all year)."""
    return (datetime.now(UTC) - timedelta(hours=4)).date()
