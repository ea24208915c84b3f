"""What an operator may set, and the checks of it; reads the environment and opens nothing.

| variable | what it is |
|---|---|
| ``FARO_BOT_TOKEN`` | the bot's token; never printed or logged |
| ``FARO_API_URL`` | root of a Bot API server; default ``https://api.telegram.org`` |
| ``FARO_DATABASE_URL`` | ``sqlite+aiosqlite:///PATH``, ``sqlite:///``; default ``data/faro.db`` |
| ``FARO_KEY_FILE`` | file of the master key (``faro keygen``), outside the database's folder |
| ``FARO_DESK_CHAT_ID`` | id of the volunteers' group (negative); without it there is no desk |
| ``FARO_ORGANISERS`` | ids of organisers with commas between: they get that role at the start |
| ``FARO_SEND_RATE`` | messages a second, to all chats together: 1 to 28, default 25 (see below) |
| ``FARO_LOG_LEVEL`` | ``DEBUG``, ``INFO`` (default), ``WARNING`` or ``ERROR`` |

Who is taken out of ``FARO_ORGANISERS`` stays of the team until ``faro remove``. A rate of more than
28 is refused only for ``api.telegram.org``: a stand-in takes more, and a test has no hours to wait.
A Bot API server of one's own is no stand-in: what it passes on has Telegram's limits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSettings
from store import database_path
from store.errors import DatabaseURLError

SLOWEST, FASTEST = 1.0, 28.0
"""Messages a second. Telegram lets about 30 pass, and counts otherwise than we do."""
FASTEST_ELSEWHERE = 1000.0
"""The same to a server that is not Telegram's."""
_TELEGRAM = "api.telegram.org"

_WHAT_TO_DO = {
    "FARO_BOT_TOKEN": "get a token from @BotFather and set FARO_BOT_TOKEN=<the token>",
    "FARO_KEY_FILE": "set FARO_KEY_FILE=<a path outside the database's folder>, then run "
    "'faro keygen' once",
}


class KeySettings(BaseSettings):
    """The one setting that ``faro keygen`` needs."""

    model_config = SettingsConfigDict(env_prefix="FARO_", env_ignore_empty=True, extra="ignore")

    key_file: Path = Field(description="File that holds the master key, one line.")


class Settings(KeySettings):
    """Everything an operator may set, from variables ``FARO_*``; build it with ``read``."""

    bot_token: SecretStr = Field(description="Token of the bot, from @BotFather.")
    api_url: str = Field(default=f"https://{_TELEGRAM}", description="Root of a Bot API server.")
    database_url: str = Field(
        default="sqlite+aiosqlite:///data/faro.db", description="Where the database is."
    )
    desk_chat_id: int | None = Field(
        default=None, description="Id of the volunteers' group; without it there is no desk."
    )
    organisers: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="Ids of people who become organisers at the start, commas between."
    )
    send_rate: float = Field(
        default=25.0,
        ge=SLOWEST,
        le=FASTEST_ELSEWHERE,
        allow_inf_nan=False,
        description="Messages that Faro sends in a second at most, to all chats together.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level that is logged."
    )

    @property
    def api_host(self) -> str:
        """The Bot API server's address without a user and password that may be in it."""
        parts = urlsplit(self.api_url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}"

    @property
    def database_path(self) -> Path:
        """The SQLite file, absolute."""
        return database_path(self.database_url).absolute()

    @field_validator("bot_token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr) -> SecretStr:
        number, colon, secret = token.get_secret_value().partition(":")
        if not (number.isdecimal() and colon and secret) or not token.get_secret_value().isascii():
            raise PydanticCustomError("token", "is not a token: those look like 123456:ABC-DEF")
        return token

    @field_validator("api_url")
    @classmethod
    def _is_a_root(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
            raise PydanticCustomError(
                "root", "must be the root of a Bot API server, such as http://127.0.0.1:8081"
            )
        return url.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _is_sqlite(cls, url: str) -> str:
        try:
            database_path(url)
        except DatabaseURLError as error:
            raise PydanticCustomError("database_url", "{why}", {"why": str(error)}) from None
        return url

    @field_validator("desk_chat_id")
    @classmethod
    def _is_a_group(cls, group: int | None) -> int | None:
        if group is not None and group >= 0:
            raise PydanticCustomError("group", "is not the id of a group: those are negative")
        return group

    @field_validator("organisers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(item.strip() for item in value.split(",") if item.strip())
        return value

    @field_validator("send_rate")
    @classmethod
    def _telegram_bears_it(cls, rate: float, info: ValidationInfo) -> float:
        elsewhere = urlsplit(info.data.get("api_url", "")).hostname not in (None, _TELEGRAM)
        if rate > FASTEST and not elsewhere:
            raise PydanticCustomError(
                "rate", "is more than Telegram lets pass: {most} at most", {"most": f"{FASTEST:g}"}
            )
        return rate

    @field_validator("organisers")
    @classmethod
    def _are_people(cls, users: tuple[int, ...]) -> tuple[int, ...]:
        if any(user <= 0 for user in users):
            raise PydanticCustomError("person", "holds an id that is no person's: those are > 0")
        return tuple(dict.fromkeys(users))

    @model_validator(mode="after")
    def _key_is_elsewhere(self) -> Settings:
        if in_folder_of(self.key_file, self.database_path):
            raise PydanticCustomError(
                "key_beside_database",
                "FARO_KEY_FILE is inside the database's folder: whoever copies that folder would "
                "have the key too. Move the key file elsewhere",
            )
        return self


def in_folder_of(key_file: Path, database: Path) -> bool:
    """Say whether the key lies in (or under) the folder of the database, links followed."""
    return database.resolve().parent in key_file.resolve().parents


def read() -> Settings:
    """Read the settings from the environment. Raises BadSettings with every fault at once."""
    try:
        return Settings()
    except ValidationError as error:
        raise BadSettings(map(_kindly, error.errors(include_input=False))) from None


def read_key_file() -> Path:
    """Read FARO_KEY_FILE alone, for ``faro keygen``. Raises BadSettings."""
    try:
        return KeySettings().key_file
    except ValidationError as error:
        raise BadSettings(map(_kindly, error.errors(include_input=False))) from None


def _kindly(fault: ErrorDetails) -> str:
    """Say a fault and what to do; never the value, which may be the token."""
    if not fault["loc"]:
        return fault["msg"]
    name = "FARO_" + str(fault["loc"][0]).upper()
    if fault["type"] == "missing":
        return f"{name} is not set: {_WHAT_TO_DO.get(name, 'set it')}"
    return f"{name}: {fault['msg']}"
