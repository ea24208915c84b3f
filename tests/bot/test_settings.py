"""What may be set, and how a fault is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.errors import BadSettings

TOKEN = "123456:ABC-DEF"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for field in settings.Settings.model_fields:
        monkeypatch.delenv(f"FARO_{field.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FARO_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("FARO_KEY_FILE", str(tmp_path / "key" / "faro.key"))
    return monkeypatch


def faults() -> str:
    with pytest.raises(BadSettings) as caught:
        settings.read()
    return str(caught.value)


def test_two_settings_are_enough(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = settings.read()
    assert chosen.api_url == "https://api.telegram.org"
    assert chosen.database_path == tmp_path / "data" / "faro.db"
    assert chosen.desk_chat_id is None
    assert chosen.organisers == ()
    assert chosen.send_rate == 25
    assert chosen.bot_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(chosen) + str(chosen)


def test_everything_can_be_set(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("FARO_API_URL", "http://127.0.0.1:8081/")
    environment.setenv("FARO_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere/f.db")
    environment.setenv("FARO_DESK_CHAT_ID", "-100123")
    environment.setenv("FARO_ORGANISERS", "11, 22,11,")
    environment.setenv("FARO_SEND_RATE", "12.5")
    chosen = settings.read()
    assert chosen.api_url == "http://127.0.0.1:8081"
    assert chosen.database_path == tmp_path / "elsewhere" / "f.db"
    assert (chosen.desk_chat_id, chosen.organisers) == (-100123, (11, 22))
    assert chosen.send_rate == 12.5


def test_all_faults_are_told_at_once_with_what_to_do(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("FARO_BOT_TOKEN")
    environment.setenv("FARO_KEY_FILE", "")
    environment.setenv("FARO_API_URL", "127.0.0.1:8081")
    environment.setenv("FARO_DATABASE_URL", "postgresql://localhost/faro")
    told = faults()
    assert "FARO_BOT_TOKEN is not set: get a token from @BotFather" in told
    assert "FARO_KEY_FILE is not set" in told
    assert "faro keygen" in told
    assert "FARO_API_URL: must be the root of a Bot API server" in told
    assert "FARO_DATABASE_URL: " in told
    assert "sqlite+aiosqlite:///PATH" in told


@pytest.mark.parametrize("token", ["secret-without-number", "abc:secret", "123:", "12:señal"])
def test_a_bad_token_is_never_shown(environment: pytest.MonkeyPatch, token: str) -> None:
    environment.setenv("FARO_BOT_TOKEN", token)
    told = faults()
    assert "FARO_BOT_TOKEN: is not a token" in told
    assert token not in told


@pytest.mark.parametrize("key", ["data/faro.key", "data/deep/er/faro.key", "./data/../data/k"])
def test_a_key_inside_the_databases_folder_is_refused(
    environment: pytest.MonkeyPatch, key: str
) -> None:
    environment.setenv("FARO_KEY_FILE", key)
    assert "FARO_KEY_FILE is inside the database's folder" in faults()


def test_a_link_does_not_hide_where_the_key_is(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "keys").symlink_to(tmp_path / "data")
    environment.setenv("FARO_KEY_FILE", "keys/faro.key")
    assert "FARO_KEY_FILE is inside" in faults()


def test_a_database_inside_the_keys_folder_is_well(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FARO_KEY_FILE", "faro.key")
    settings.read()


def test_a_desk_that_is_no_group_is_refused(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FARO_DESK_CHAT_ID", "5123456789")
    told = faults()
    assert "FARO_DESK_CHAT_ID: is not the id of a group" in told
    assert "5123456789" not in told


@pytest.mark.parametrize("ids", ["-1005123456789", "0", "11,-7"])
def test_an_organiser_who_is_no_person_is_refused(
    environment: pytest.MonkeyPatch, ids: str
) -> None:
    environment.setenv("FARO_ORGANISERS", ids)
    told = faults()
    assert "FARO_ORGANISERS: holds an id that is no person's" in told
    assert "5123456789" not in told


@pytest.mark.parametrize("rate", ["0", "0.9", "28.1", "30", "-3", "nan", "inf", "fast"])
def test_a_rate_that_telegram_would_not_bear_is_refused(
    environment: pytest.MonkeyPatch, rate: str
) -> None:
    environment.setenv("FARO_SEND_RATE", rate)
    assert "FARO_SEND_RATE: " in faults()


@pytest.mark.parametrize("rate", ["1", "28"])
def test_the_slowest_and_the_fastest_rate_are_well(
    environment: pytest.MonkeyPatch, rate: str
) -> None:
    environment.setenv("FARO_SEND_RATE", rate)
    assert settings.read().send_rate == float(rate)


@pytest.mark.parametrize("url", ["https://api.telegram.org", "https://API.telegram.org:443", "x"])
def test_a_rate_for_a_stand_in_is_refused_for_telegram(
    environment: pytest.MonkeyPatch, url: str
) -> None:
    environment.setenv("FARO_SEND_RATE", "200")
    environment.setenv("FARO_API_URL", url)
    assert "FARO_SEND_RATE: is more than Telegram lets pass: 28 at most" in faults()
    environment.setenv("FARO_API_URL", "http://127.0.0.1:8081")
    assert settings.read().send_rate == 200
    environment.setenv("FARO_SEND_RATE", "1001")
    assert "FARO_SEND_RATE: " in faults()


def test_a_password_in_a_url_is_never_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FARO_DATABASE_URL", "postgresql://faro:hunter2@host/faro")
    environment.setenv("FARO_API_URL", "ftp://user:hunter2@host")
    assert "hunter2" not in faults()


def test_every_setting_is_documented() -> None:
    for name, field in settings.Settings.model_fields.items():
        assert field.description
        assert f"``FARO_{name.upper()}``" in (settings.__doc__ or "")
