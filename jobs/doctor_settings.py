"""The environment → what each setting that cannot work, or hardly, should be instead."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from email.utils import parseaddr
from urllib.parse import urlsplit

from jobs.findings import Finding, fault, ok, warning
from web.settings import LOCAL_HOSTS, BadSetting, Settings

RESERVED = (".example", ".test", ".invalid", ".localhost", ".example.com", ".example.org", ".example.net")  # RFC 2606
SHORTEST_SECRET, GOOD_SECRET = 16, 32  # characters
MAKE_ONE = "Make one: python -c 'import secrets; print(secrets.token_hex(32))'."
OF_OTHERS = ("WEB_BIND", "TEST_DATABASE_URL", "PROMETHEUS_MULTIPROC_DIR")


def of_settings(settings: Settings, problems: tuple[BadSetting, ...], *, named: Mapping[str, str]) -> Iterator[Finding]:
    """Say what is wrong with the settings; `named` are the names that `.env` gives."""
    for each in problems:
        yield fault("settings", str(each), "Correct it in the environment or in .env.")
    worse = [*_secret(settings), *_addresses(settings), *_trust(settings), *_unknown(named)]
    yield from worse
    if not problems and not worse:
        yield ok("settings", f"all {len(fields(Settings))} can work")


def is_public(settings: Settings) -> bool:
    """Tell whether letters leave this machine."""
    return settings.mail_server not in LOCAL_HOSTS


def domain_of_sender(settings: Settings) -> str:
    return parseaddr(settings.mail_from)[1].rpartition("@")[2].lower()


def _secret(settings: Settings) -> Iterator[Finding]:
    n = len(settings.secret_key)
    if 0 < n < SHORTEST_SECRET:
        yield fault("settings", f"SECRET_KEY has {n} characters: every link and token could be guessed.", MAKE_ONE)
    elif 0 < n < GOOD_SECRET:
        yield warning("settings", f"SECRET_KEY has {n} characters; {GOOD_SECRET} or more are good.", MAKE_ONE)
    elif not n and settings.database_url and not settings.database_is_local:
        said = "SECRET_KEY is not set: each machine makes its own, and refuses the links of the others."
        yield warning("settings", said, MAKE_ONE)


def _addresses(settings: Settings) -> Iterator[Finding]:
    host = urlsplit(settings.base_url).hostname or ""
    if is_public(settings) and host in LOCAL_HOSTS:
        said = f"BASE_URL={settings.base_url}: the links in letters open on this machine only."
        yield fault("settings", said, "Give the address under which people reach the pages.")
    elif host not in LOCAL_HOSTS and settings.base_url.startswith("http://"):
        said = f"BASE_URL={settings.base_url}: links and cookies travel in the open."
        yield warning("settings", said, "Put a TLS proxy before the pages and write https://.")
    for name, domain in (("MAIL_FROM", domain_of_sender(settings)), ("INBOUND_DOMAIN", settings.inbound_domain)):
        if is_public(settings) and f".{domain}".endswith(RESERVED):
            said = f"{name} is at {domain}, which nobody owns: no answer and no bounce arrives."
            yield fault("settings", said, f"Set {name} to a domain of yours.")
    if settings.mailbox and host not in LOCAL_HOSTS:
        said = "MAILBOX=1 shows every letter to whoever opens the pages."
        yield fault("settings", said, "Take MAILBOX out; it is for trying things on one machine.")


def _trust(settings: Settings) -> Iterator[Finding]:
    hears_others = settings.inbound_host not in LOCAL_HOSTS or settings.imap_host not in LOCAL_HOSTS
    if hears_others and not settings.trusted_authserv_id:
        said = "TRUSTED_AUTHSERV_ID is not set: a reply is believed by its From alone, which anybody can write."
        yield warning("settings", said, "Name your receiving server as its Authentication-Results header does.")


def _unknown(named: Mapping[str, str]) -> Iterator[Finding]:
    ours = {each.name.upper() for each in fields(Settings)} | {"COUNTERPART_FOLDER", *OF_OTHERS}
    for name in sorted(set(named) - ours):
        yield warning("settings", f".env names {name}, which is no setting of ours.", "Look for a slip of the pen.")
