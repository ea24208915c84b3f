"""The keys of the day in the program: the doctor's line, and what the log tells of a lost one."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.chores import rotate_keys
from bot.doctor import keyring_state
from store import Keys, Session, open_database, sessions
from store.keys import keyring_folder

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    lines: list[tuple[str, dict[str, Any]]] = []

    def remember(event: str, level: int = logging.INFO, **fields: Any) -> None:
        assert event in logs.EVENTS
        lines.append((event, fields))

    monkeypatch.setattr(logs, "note", remember)
    return lines


def test_the_doctor_tells_how_many_keys_there_are_and_how_old(tmp_path: Path) -> None:
    keys = Keys.generate(tmp_path / "faro.key")
    assert not keyring_state(keys, NOW).red
    assert "empty" in keyring_state(keys, NOW).words
    keys.ring.create(NOW)
    assert keyring_state(keys, NOW + 3 * HOUR).words == "1 key, the newest 3 hours old"
    keys.ring.create(NOW + 24 * HOUR)
    two = keyring_state(keys, NOW + 47 * HOUR)
    assert (two.red, two.words) == (False, "2 keys, the newest 23 hours old")


def test_the_doctor_is_red_when_an_old_key_was_not_destroyed(tmp_path: Path) -> None:
    keys = Keys.generate(tmp_path / "faro.key")
    keys.ring.create(NOW)
    new = keys.ring.create(NOW + 24 * HOUR)
    late = NOW + 49 * HOUR
    finding = keyring_state(keys, late)
    assert finding.red
    assert "49 hours" in finding.words
    keys.ring.destroy_before(new.number)
    assert not keyring_state(keys, late).red


async def test_a_lost_keyring_is_a_count_in_the_log_and_no_crash(
    tmp_path: Path, noted: list[tuple[str, dict[str, Any]]]
) -> None:
    key, url = tmp_path / "faro.key", f"sqlite:///{tmp_path}/data/faro.db"
    Keys.generate(key)
    async with await open_database(url, Keys.load(key)) as db:
        await rotate_keys(db, NOW)
        for chat in range(3):
            await db.transaction(sessions.put, chat, Session({}), NOW)
    assert noted == []
    shutil.rmtree(keyring_folder(key))
    async with await open_database(url, Keys.load(key)) as db:
        await rotate_keys(db, NOW)
        assert noted == [("unreadable", {"count": 3})]
        await rotate_keys(db, NOW + HOUR)
        assert len(noted) == 1, "told once, not every hour for a week"
        await rotate_keys(db, NOW + 24 * HOUR)
        assert ("key_destroyed", {"count": 1}) in noted
