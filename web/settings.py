"""The environment → one frozen value; a bad value stops the start and names itself."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "::1", "[::1]")
TRUE = ("1", "true", "yes", "on")
FALSE = ("", "0", "false", "no", "off")


class BadSetting(SystemExit):
    """A setting that cannot work: its name, its value and what to do instead."""

    def __init__(self, name: str, value: str, advice: str):
        super().__init__(f"{name}={value!r} cannot be used: {advice}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the README lists the same names."""

    database_url: str = ""
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    mail_server: str = "127.0.0.1"
    mail_port: int = 2525
    mail_username: str = ""
    mail_password: str = ""
    mail_use_tls: bool = False
    mail_from: str = "Counterpart <hello@counterpart.example>"
    inbound_host: str = "127.0.0.1"
    inbound_port: int = 2526
    inbound_domain: str = "in.counterpart.example"
    trusted_authserv_id: str = ""
    embedding_model: str = "all-MiniLM-L6-v2"
    digest_hour: int = 7
    mailbox: bool = False
    folder: Path = Path(".data")

    @property
    def database_is_local(self) -> bool:
        """Tell whether the database lives on this machine."""
        return (urlsplit(self.database_url).hostname or "") in LOCAL_HOSTS


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the environment and `.env` (the environment wins). Raises `BadSetting`."""
    given = environment
    if given is None:
        given = {**{key: value or "" for key, value in dotenv_values(".env").items()}, **os.environ}
    settings = Settings(**{each.name: _read(each.name, each.type, each.default, given) for each in fields(Settings)})
    _check(settings)
    return settings


def _read(name: str, kind: object, default: object, given: Mapping[str, str]) -> object:
    variable = "COUNTERPART_FOLDER" if name == "folder" else name.upper()
    raw = given.get(variable)
    if raw is None:
        return default
    if kind is int:
        return _number(variable, raw)
    if kind is bool:
        return _switch(variable, raw)
    return Path(raw) if kind is Path else raw.strip()


def _number(name: str, raw: str) -> int:
    try:
        return int(raw)
    except ValueError:
        raise BadSetting(name, raw, "give a whole number.") from None


def _switch(name: str, raw: str) -> bool:
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise BadSetting(name, raw, "give 1 for on or 0 for off.")


def _check(settings: Settings) -> None:
    if not 0 <= settings.digest_hour <= 23:
        raise BadSetting("DIGEST_HOUR", str(settings.digest_hour), "give an hour from 0 to 23.")
    for name in ("mail_port", "inbound_port"):
        if not 1 <= getattr(settings, name) <= 65535:
            raise BadSetting(name.upper(), str(getattr(settings, name)), "give a port from 1 to 65535.")
    if urlsplit(settings.base_url).scheme not in ("http", "https"):
        raise BadSetting("BASE_URL", settings.base_url, "begin with http:// or https://, as people see the address.")
    if settings.database_url and not settings.database_url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise BadSetting("DATABASE_URL", _without_password(settings.database_url), "begin with postgresql://.")
    if "@" not in settings.mail_from:
        raise BadSetting("MAIL_FROM", settings.mail_from, "give an address such as Counterpart <hello@your.domain>.")
    if settings.mailbox and not settings.database_is_local:
        raise BadSetting(
            "MAILBOX", "1", "the local mailbox shows every letter; it runs only beside a local DATABASE_URL."
        )


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.split(':')[0]}:…@{tail}" if at else url
