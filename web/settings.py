"""The environment → one frozen value; a bad value stops the start and names itself."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from web.checks import CHECKS

LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "::1", "[::1]")
TRUE = ("1", "true", "yes", "on")
FALSE = ("", "0", "false", "no", "off")
SECRETS = ("password", "sslpassword")  # of a query


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
    mail_use_ssl: bool = False
    mail_ca_file: str = ""
    mail_per_domain_per_minute: int = 0
    dkim_selector: str = ""
    dkim_key_file: str = ""
    dkim_domain: str = ""
    mail_from: str = "Counterpart <hello@counterpart.example>"
    inbound_host: str = "127.0.0.1"
    inbound_port: int = 2526
    inbound_domain: str = "in.counterpart.example"
    inbound_protocol: str = "smtp"
    imap_host: str = ""
    imap_port: int = 993
    imap_username: str = ""
    imap_password: str = ""
    imap_folder: str = "INBOX"
    imap_use_tls: bool = True
    trusted_authserv_id: str = ""
    embedding_model: str = "all-MiniLM-L6-v2"
    embedding_device: str = "auto"
    digest_hour: int = 7
    keep_mail_days: int = 90
    keep_letters_days: int = 180
    keep_drafts_days: int = 120
    keep_matches_days: int = 365
    keep_records_days: int = 60
    mailbox: bool = False
    metrics_from: str = "127.0.0.1,::1"
    metrics_host: str = "127.0.0.1"
    worker_metrics_port: int = 9101
    inbound_metrics_port: int = 9102
    ranker_folder: str = ""
    folder: Path = Path(".data")

    @property
    def database_is_local(self) -> bool:
        """Tell whether the database lives on this machine, whichever way its host is written."""
        return not self.database_url or all(_is_local(each) for each in _hosts(address_of(self.database_url)))


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the environment and `.env` (the environment wins). Raises `BadSetting`."""
    given = environment_of() if environment is None else environment
    settings = Settings(**{each.name: _read(each.name, each.type, each.default, given) for each in fields(Settings)})
    for check in (_check_each, *TOGETHER):
        check(settings)
    return settings


def all_problems(environment: Mapping[str, str]) -> tuple[Settings, tuple[BadSetting, ...]]:
    """Read what can be read and list everything that cannot; a setting that cannot be read stands at its default."""
    found: list[BadSetting] = []
    told: dict[str, Any] = {}
    for each in fields(Settings):
        try:
            told[each.name] = _read(each.name, each.type, each.default, environment)
            _check_each(Settings(**{each.name: told[each.name]}))
        except BadSetting as bad:
            found.append(bad)
            told.pop(each.name, None)
    settings = Settings(**told)
    for check in TOGETHER:
        try:
            check(settings)
        except BadSetting as bad:
            found.append(bad)
    return settings, tuple(found)


def environment_of(folder: Path = Path()) -> dict[str, str]:
    """Return the environment on top of what `.env` says. Raises `BadSetting`."""
    return {**in_file(folder), **os.environ}


def in_file(folder: Path = Path()) -> dict[str, str]:
    """Return what `.env` says. Raises `BadSetting`."""
    try:
        return {key: value or "" for key, value in dotenv_values(folder / ".env").items()}
    except (OSError, UnicodeDecodeError) as error:
        advice = f"it cannot be read ({error}). Save it as UTF-8, and let the user of the processes read it."
        raise BadSetting(".env", str((folder / ".env").absolute()), advice) from None


def as_environment(settings: Settings) -> dict[str, str]:
    """Name every setting as the environment does, so that a process that is given all of them reads no `.env`."""
    told = {each.name: getattr(settings, each.name) for each in fields(Settings)}
    return {_variable(name): str(int(value) if isinstance(value, bool) else value) for name, value in told.items()}


def _variable(name: str) -> str:
    return "COUNTERPART_FOLDER" if name == "folder" else name.upper()


def _read(name: str, kind: object, default: object, given: Mapping[str, str]) -> object:
    variable = _variable(name)
    raw = given.get(variable)
    if raw is None or (kind is Path and not raw.strip()):
        return default
    if kind is int:
        return _number(variable, raw)
    if kind is bool:
        return _switch(variable, raw)
    if name == "database_url":
        return _without_driver(raw.strip())
    return Path(raw.strip()) if kind is Path else raw.strip()


def _without_driver(url: str) -> str:
    """Write a database's address as all take it: the queue hands it to PostgreSQL's own library, without drivers."""
    head, between, tail = url.partition("://")
    return f"postgresql://{tail}" if (head, between) == ("postgresql+psycopg", "://") else url


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


def address_of(url: str) -> URL:
    """Take a database's address apart. Raises `BadSetting`."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise BadSetting(
            "DATABASE_URL", _without_password(url), "write it as postgresql://user:password@host:5432/database."
        ) from None


def without_password(address: URL) -> str:
    """Show a database's address without what is secret in it."""
    return address.difference_update_query(SECRETS).render_as_string(hide_password=True)


def _check_each(settings: Settings) -> None:
    for name, works, advice in CHECKS:
        value = getattr(settings, name)
        if not works(value):
            raise BadSetting(name.upper(), str(value), advice)


def _check_database(settings: Settings) -> None:
    if settings.database_url and not settings.database_url.startswith("postgresql://"):
        raise BadSetting("DATABASE_URL", _without_password(settings.database_url), "begin with postgresql://.")
    if settings.mailbox and not settings.database_is_local:
        raise BadSetting(
            "MAILBOX", "1", "the local mailbox shows every letter; it runs only beside a local DATABASE_URL."
        )


def _check_imap(settings: Settings) -> None:
    if not settings.imap_host:
        return
    if not settings.imap_username:
        raise BadSetting("IMAP_USERNAME", "", f"name the mailbox at IMAP_HOST={settings.imap_host} that we read.")
    if not settings.imap_use_tls and settings.imap_host not in LOCAL_HOSTS:
        raise BadSetting("IMAP_USE_TLS", "0", "the password would travel in the open; only IMAP on this machine may.")


def _check_mail_out(settings: Settings) -> None:
    if settings.mail_use_tls and settings.mail_use_ssl:
        raise BadSetting("MAIL_USE_SSL", "1", "MAIL_USE_TLS=1 is set too; take TLS for port 587 or SSL for port 465.")
    if settings.mail_username and not _is_private(settings):
        raise BadSetting(
            "MAIL_USE_TLS", "0", f"the password of MAIL_USERNAME would travel in the open to {settings.mail_server}."
        )
    if settings.mail_ca_file:
        _check_authority(settings.mail_ca_file)
    for name, other in (("dkim_selector", "dkim_key_file"), ("dkim_key_file", "dkim_selector")):
        if getattr(settings, name) and not getattr(settings, other):
            raise BadSetting(other.upper(), "", f"{name.upper()} is set; a signature needs both.")


def _check_authority(file: str) -> None:
    try:
        ssl.create_default_context(cafile=file)
    except OSError:  # there is no such file, or no certificate in it
        raise BadSetting("MAIL_CA_FILE", file, "name a readable file of PEM certificates.") from None


def _is_private(settings: Settings) -> bool:
    return settings.mail_use_tls or settings.mail_use_ssl or settings.mail_server in LOCAL_HOSTS


def _hosts(address: URL) -> list[str]:
    """List the hosts of an address: its own, or those of its query, which the driver prefers."""
    asked = [address.query.get(name, ()) for name in ("host", "hostaddr")]
    named = [each for one in asked for each in ((one,) if isinstance(one, str) else one)]
    return [each for one in (address.host or "", *named) for each in one.split(",")]


def _is_local(host: str) -> bool:
    return host in LOCAL_HOSTS or host.startswith("/")


def _without_password(url: str) -> str:
    head, at, tail = url.partition("?")[0].rpartition("@")
    return f"{head.split(':')[0]}:…@{tail}" if at else tail


TOGETHER = (_check_database, _check_imap, _check_mail_out)  # what several settings must agree on
