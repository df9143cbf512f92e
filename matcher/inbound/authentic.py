"""What our own receiving server found out about a sender → whether the From address may be believed."""

from email.message import Message

from authres import AuthenticationResultsHeader
from authres.core import AuthResError

from matcher.inbound.message import parse

DOMAIN_OF = {"dmarc": "from", "spf": "mailfrom", "dkim": "d"}


def is_authentic(raw: bytes, *, authserv_id: str, sender: str) -> bool:
    """Tell whether the trusted server's `Authentication-Results` pass for the sender's domain.

    Only the topmost header of that very server counts: others may have been written by the sender itself.
    Source: RFC 8601; alignment as in RFC 7489, relaxed: the same domain or one above or below it.
    """
    domain = sender.rpartition("@")[2].lower()
    for value in _headers(parse(raw)):
        try:
            found = AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
        except AuthResError:
            continue
        if str(found.authserv_id).lower() == authserv_id.lower():
            return any(_passes(result, domain) for result in found.results)
    return False


def _headers(message: Message) -> list[str]:
    return [str(value).replace("\r", "").replace("\n", " ") for value in message.get_all("Authentication-Results", [])]


def _passes(result: object, domain: str) -> bool:
    method, said = str(getattr(result, "method", "")).lower(), str(getattr(result, "result", "")).lower()
    if said != "pass" or method not in DOMAIN_OF:
        return False
    named = [str(each.value).lower() for each in getattr(result, "properties", []) if each.name == DOMAIN_OF[method]]
    return any(_aligned(each.rpartition("@")[2], domain) for each in named)


def _aligned(first: str, second: str) -> bool:
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
