"""A setting's value → whether it can work, and what to give instead; one by one, without a look at the others."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from web.message import BadAddress, address

DOMAIN = re.compile(r"[^\s@/:.]+(\.[^\s@/:.]+)*")
HOST = re.compile(r"[^\s/@:.\[\]]+(\.[^\s/@:.\[\]]+)*\.?|\[?[0-9a-f]*:[0-9a-f:.]*(%\w+)?\]?", re.IGNORECASE)
SENDER = re.compile(r"[^@]*[^\s@<]@[^\s@<>]+>?")


def _is_port(number: int) -> bool:
    return 1 <= number <= 65535


def _is_sender(text: str) -> bool:
    """Tell whether a letter can say that it comes from there; from anywhere else all of them would be given up."""
    try:
        return bool(SENDER.fullmatch(text)) and text.isprintable() and bool(address(text))
    except BadAddress:
        return False


def _are_addresses(text: str) -> bool:
    """Tell a list of addresses of machines, of which there may be none; neither names nor networks are looked up."""
    try:
        return all(ip_address(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        return False


def _is_days(at_least: int) -> Callable[[int], bool]:
    return lambda days: at_least <= days <= 3650


def _is_port_or_none(number: int) -> bool:
    return 0 <= number <= 65535


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
    ("embedding_model", bool, "name a model, such as all-MiniLM-L6-v2."),
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
    ("metrics_from", _are_addresses, "list addresses such as 127.0.0.1,10.0.0.9, neither names nor networks."),
    (
        "mail_server",
        HOST.fullmatch,
        "name the host that takes outgoing mail, such as 127.0.0.1, without MAIL_PORT.",
    ),
    ("imap_host", lambda host: not host or HOST.fullmatch(host), "name the host alone, without IMAP_PORT."),
    (
        "base_url",
        re.compile(r"https?://(?:[^\s/?#@\[\]:]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?/?").fullmatch,
        "begin with http:// or https:// and a host, as people see the address; the pages stand at no path behind it.",
    ),
    (
        "mail_from",
        _is_sender,
        'give an address such as Counterpart <hello@your.domain>, or with a comma "Firm, Inc." <hello@your.domain>.',
    ),
    ("inbound_domain", DOMAIN.fullmatch, "give the domain after the @, such as in.your.domain."),
)
