"""The settings: environment variables with the prefix DEZHURNY_, or the same names in `.env`."""

import re
from collections.abc import Mapping
from datetime import time
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "DEZHURNY_"
TELEGRAM_TOKEN = re.compile(r"[0-9]+:\S+")
LACKING = "lacking"
DATABASES = {"sqlite+aiosqlite", "postgresql+asyncpg"}


class BadSettings(Exception):
    """Some variables make no sense; their values are not repeated, for they may be secret.

    `lacking` are those of them that are not set, by the variable that asks for each.
    """

    def __init__(
        self, variables: tuple[str, ...], lacking: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(", ".join(variables))
        self.variables = variables
        self.lacking = dict(lacking or {})


def _database(value: str) -> str:
    try:
        driver = make_url(value).drivername
    except ArgumentError as error:
        raise ValueError("not a database address") from error
    if driver not in DATABASES:
        raise ValueError(f"the driver must be one of {sorted(DATABASES)}")
    return value


def _web(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("not a web address")
    return value


def _smtp(value: SecretStr) -> SecretStr:
    if value:
        parts = urlsplit(value.get_secret_value())  # itself refuses a bracket that is not closed
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.port == 0:
            raise ValueError("not smtp:// or smtps:// and a server")
    return value


def _telegram(value: SecretStr) -> SecretStr:
    if value and not TELEGRAM_TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("not digits:secret")
    return value


def _sender(value: str) -> str:
    name, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    try:
        Address(display_name=name, addr_spec=address)
        domain.encode("idna")
    except (MessageError, IndexError) as error:  # IndexError: what the parser makes of "a@"
        raise ValueError("not an address") from error
    if not (local and local.isascii() and domain):
        raise ValueError("not name@domain, the name in Latin letters")
    return value


WebAddress = Annotated[str, AfterValidator(_web)]


class Settings(BaseSettings):
    """What an installation decides. A messenger without a token is off."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: Annotated[str, AfterValidator(_database)] = Field(
        default="sqlite+aiosqlite:///data/dezhurny.db", repr=False
    )
    files_dir: Path = Path("data/files")

    telegram_token: Annotated[SecretStr, AfterValidator(_telegram)] = SecretStr("")
    telegram_username: str = ""
    telegram_api_url: WebAddress = "https://api.telegram.org"
    telegram_proxy: SecretStr = SecretStr("")

    vk_token: SecretStr = SecretStr("")
    vk_group_id: int | None = Field(default=None, gt=0)
    vk_api_url: WebAddress = "https://api.vk.com/method/"

    smtp_url: Annotated[SecretStr, AfterValidator(_smtp)] = SecretStr("")
    mail_from: str = Field(default="", validate_default=True)

    backup_dir: Path | None = None
    backup_at: time = time(2, 15)
    backup_keep: int = Field(default=14, ge=1, le=1000)

    health_port: int | None = Field(default=None, ge=1, le=65535)
    health_host: str = "127.0.0.1"

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    language: Literal["ru", "en"] = "ru"

    @field_validator("mail_from")
    @classmethod
    def _sender_of_letters(cls, value: str, info: ValidationInfo) -> str:
        if not info.data.get("smtp_url"):
            return value
        if not value:
            asking = {"beside": f"{PREFIX}SMTP_URL"}
            raise PydanticCustomError(LACKING, "not set, though there is {beside}", asking)
        return _sender(value)

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database; None on PostgreSQL."""
        url = make_url(self.database_url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    @property
    def vk_bookmark(self) -> Path:
        """Where it is noted how far VK's events were read (docs/decisions/0007)."""
        return self.files_dir.parent / "vk.bookmark"

    @property
    def heartbeat(self) -> Path:
        """Where `run` notes that it lives, and `doctor` looks."""
        return self.files_dir.parent / "heartbeat.json"

    @property
    def telegram_is_on(self) -> bool:
        """Whether there is a token for Telegram."""
        return bool(self.telegram_token)

    @property
    def vk_is_on(self) -> bool:
        """Whether there is a token for VK."""
        return bool(self.vk_token)

    @property
    def mail_is_on(self) -> bool:
        """Whether letters can be sent."""
        return bool(self.smtp_url)

    @property
    def lanes_off(self) -> frozenset[str]:
        """The lanes that do not run: nobody is written to on them."""
        on = {"telegram": self.telegram_is_on, "vk": self.vk_is_on, "mail": self.mail_is_on}
        return frozenset(name for name, is_on in on.items() if not is_on)


def load() -> Settings:
    """Read the settings from the environment; raises BadSettings with the variables' names."""
    try:
        return Settings()
    except ValidationError as error:
        faults = {
            f"{PREFIX}{part}".upper(): fault
            for fault in error.errors()
            for part in fault["loc"][:1]
        }
        lacking = {
            name: fault["ctx"]["beside"]
            for name, fault in faults.items()
            if fault["type"] == LACKING
        }
        raise BadSettings(tuple(sorted(faults)), lacking) from None
