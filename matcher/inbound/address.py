"""The addresses that a message was sent to, to which of our mailboxes it reached and with which token."""

import re
from email.message import Message

from matcher.inbound.message import addresses, bare

OURS = re.compile(r"^(?P<mailbox>reply|post|join|help|u|b)(?:\+(?P<token>[a-z2-7]+))?@(?P<host>[^@\s<>]+)$")
TOKEN_IN_TEXT = re.compile(r"\b(?P<mailbox>reply|u|b)\+(?P<token>[a-z2-7]+)@(?P<host>[a-z0-9.-]+)", re.I)
ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
NEEDS_TOKEN = ("reply", "u", "b")


def recipients(message: Message, envelope_to: tuple[str, ...]) -> tuple[str, ...]:
    """List every recipient once, the envelope's first."""
    written = [address for _, address in addresses(message, *ENVELOPE, "To", "Cc")]
    return tuple(dict.fromkeys([*map(bare, envelope_to), *written]))


def mailbox_of(reached: tuple[str, ...], domain: str) -> tuple[str, str]:
    """Find (mailbox, token) of the first recipient that is ours; a mailbox that lacks its token comes last."""
    found = [one for one in (OURS.match(address) for address in reached) if one and _is_host(one["host"], domain)]
    found.sort(key=lambda one: one["mailbox"] in NEEDS_TOKEN and not one["token"])
    return (found[0]["mailbox"], found[0]["token"] or "") if found else ("", "")


def token_in(text: str, domain: str) -> tuple[str, str]:
    """Find (mailbox, token) of the first of our tokened addresses named in a text, such as a returned letter."""
    for one in TOKEN_IN_TEXT.finditer(text):
        if _is_host(one["host"].lower().strip("."), domain):
            return one["mailbox"].lower(), one["token"].lower()
    return "", ""


def _is_host(host: str, domain: str) -> bool:
    return not domain or host == domain.strip().lower()
