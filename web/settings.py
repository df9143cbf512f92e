"""The environment → one frozen value; a bad value stops the start and names itself."""

import os
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from web.message import BadAddress, address

LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "::1", "[::1]")
TRUE = ("1", "true", "yes", "on")
FALSE = ("", "0", "false", "no", "off")
SECRETS = ("password", "sslpassword")  # of a query
SENDER = re.compile(r"[^@]*[^\s@<]@[^\s@<>]+>?")


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
    """Return the environment on top of what `.env` says."""
    return {**{key: value or "" for key, value in dotenv_values(folder / ".env").items()}, **os.environ}


def as_environment(settings: Settings) -> dict[str, str]:
    """Name every setting as the environment does, so that a process that is given all of them reads no `.env`."""
    told = {each.name: getattr(settings, each.name) for each in fields(Settings)}
    return {_variable(name): str(int(value) if isinstance(value, bool) else value) for name, value in told.items()}


def _variable(name: str) -> str:
    return "COUNTERPART_FOLDER" if name == "folder" else name.upper()


def _read(name: str, kind: object, default: object, given: Mapping[str, str]) -> object:
    variable = _variable(name)
    raw = given.get(variable)
    if raw is None:
        return default
    if kind is int:
        return _number(variable, raw)
    if kind is bool:
        return _switch(variable, raw)
    if name == "database_url":
        return _without_driver(raw.strip())
    return Path(raw) if kind is Path else raw.strip()


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


def _is_port(number: int) -> bool:
    return 1 <= number <= 65535


def _is_sender(text: str) -> bool:
    """Tell whether a letter can say that it comes from there; from anywhere else all of them would be given up."""
    try:
        return bool(SENDER.fullmatch(text)) and text.isprintable() and bool(address(text))
    except BadAddress:
        return False


def _is_days(at_least: int) -> Callable[[int], bool]:
    return lambda days: at_least <= days <= 3650


def _is_port_or_none(number: int) -> bool:
    return 0 <= number <= 65535


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
CHECKS: tuple[tuple[str, Callable[[Any], object], str], ...] = (
    ("digest_hour", lambda hour: 0 <= hour <= 23, "give an hour from 0 to 23."),
    ("keep_mail_days", _is_days(1), "give a number of days from 1 to 3650."),
    ("keep_letters_days", _is_days(120), "give 120 to 3650 days; for 120 days a letter can be answered."),
    ("keep_drafts_days", _is_days(120), "give 120 to 3650 days; for 120 days a draft can be confirmed."),
    ("keep_matches_days", _is_days(60), "give 60 to 3650 days; the last 60 days decide what is fair."),
    ("keep_records_days", _is_days(1), "give a number of days from 1 to 3650."),
    ("mail_port", _is_port, "give a port from 1 to 65535."),
    ("inbound_port", _is_port, "give a port from 1 to 65535."),
    ("imap_port", _is_port, "give a port from 1 to 65535."),
    ("worker_metrics_port", _is_port_or_none, "give a port from 1 to 65535, or 0 for none."),
    ("inbound_metrics_port", _is_port_or_none, "give a port from 1 to 65535, or 0 for none."),
    ("embedding_device", ("auto", "cpu", "cuda").__contains__, "give auto, cpu or cuda."),
    ("inbound_protocol", ("smtp", "lmtp").__contains__, "give smtp or lmtp."),
    ("imap_folder", bool, "name the folder that new mail arrives in, such as INBOX."),
    ("mail_per_domain_per_minute", lambda n: n >= 0, "give a number of letters, or 0 for no limit."),
    (
        "dkim_selector",
        re.compile(r"(?:[a-z0-9]([a-z0-9_.-]*[a-z0-9])?)?", re.IGNORECASE).fullmatch,
        "give the name before ._domainkey in the DNS, such as mail2026.",
    ),
    (
        "dkim_domain",
        re.compile(r"(?:[a-z0-9-]+(\.[a-z0-9-]+)+)?", re.IGNORECASE).fullmatch,
        "give the domain whose DNS holds the key, such as your.domain.",
    ),
    ("mail_server", bool, "name the host that takes outgoing mail, for example 127.0.0.1."),
    (
        "base_url",
        re.compile(r"https?://[^\s/?#@\[\]]+|https?://\[[0-9a-f:]+\]", re.IGNORECASE).match,
        "begin with http:// or https:// and a host, as people see the address.",
    ),
    (
        "mail_from",
        _is_sender,
        'give an address such as Counterpart <hello@your.domain>, or with a comma "Firm, Inc." <hello@your.domain>.',
    ),
    ("inbound_domain", re.compile(r"[^\s@]+").fullmatch, "give the domain after the @, such as in.your.domain."),
)
