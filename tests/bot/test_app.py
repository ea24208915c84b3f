"""What the program refuses before it takes an update."""

from __future__ import annotations

import asyncio
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import app
from bot.errors import ClockWrong
from bot.settings import Settings
from store import Keys


def settings(folder: Path, api_url: str = "http://127.0.0.1:9") -> Settings:
    return Settings(
        bot_token=SecretStr("1000:TEST"),
        api_url=api_url,
        database_url=f"sqlite:///{folder}/data/faro.db",
        key_file=folder / "faro.key",
        desk_chat_id=None,
        organisers=(),
        log_level="WARNING",
    )


async def test_a_clock_before_the_law_is_refused(tmp_path: Path) -> None:
    """Every answer would be set aside as a fault, and families would lose what they told."""
    with pytest.raises(ClockWrong, match="2026-02-19"):
        await app.serve(
            settings(tmp_path),
            asyncio.Event(),
            lambda: None,
            lambda: datetime(2026, 2, 18, tzinfo=UTC),
            keys=Keys.ephemeral(),
        )


def test_no_core_file_is_written() -> None:
    before = resource.getrlimit(resource.RLIMIT_CORE)
    try:
        app.forbid_core_files()
        assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def test_the_servers_address_is_told_without_its_password(tmp_path: Path) -> None:
    told = settings(tmp_path, "https://ana:secreto@bots.example:8443/x").api_host
    assert told == "https://bots.example:8443"
