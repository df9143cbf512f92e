"""What our own receiving server found out about a sender → whether the From address may be believed."""

import re
from email.message import Message

from authres import AuthenticationResultsHeader
from authres.core import AuthResError

from matcher.inbound.message import addresses, headers_only
from matcher.inbound.size import head

# The property that names the domain a method vouches for; RFC 8601, 2.7. ARC is not among them: any relay can seal.
DOMAIN_OF = {"dmarc": ("header", ("from",)), "spf": ("smtp", ("mailfrom",)), "dkim": ("header", ("d", "i"))}
ONCE = ("dmarc", "spf")  # more than one result means that somebody wrote into an address what the server copied
SERVER = re.compile(r"^\s*(?:\([^()]*\)\s*)?\"?([^\s;\"()]+)")


def is_authentic(raw: bytes, *, authserv_id: str, sender: str) -> bool:
    """Tell whether the trusted server's `Authentication-Results` pass for the sender's domain.

    Only the topmost header of that very server counts, whether it can be read or not: any below it may have been
    written by the sender. DMARC has to pass for exactly the From domain; SPF and DKIM for it or one above or below it.
    Source: RFC 8601; relaxed alignment as in RFC 7489, without a list of public suffixes.
    """
    message = headers_only(head(raw))
    written = [address for _, address in addresses(message, "From")]
    if len(message.get_all("From", [])) != 1 or written != [sender.strip().lower()]:
        return False
    return _vouches(_topmost(message, authserv_id), _domain(sender))


def _topmost(message: Message, authserv_id: str) -> str:
    for value in message.get_all("Authentication-Results", []):
        line = " ".join(str(value).split())
        named = SERVER.match(line)
        if named and named[1].lower() == authserv_id.strip().lower():
            return line
    return ""


def _vouches(line: str, domain: str) -> bool:
    try:
        results = AuthenticationResultsHeader.parse(f"Authentication-Results: {line}").results if line else []
    except AuthResError:
        return False
    methods = [_said(result, "method") for result in results]
    if any(methods.count(method) > 1 for method in ONCE) or any(map(_is_refused, results)):
        return False
    return any(_passes(result, domain) for result in results)


def _is_refused(result: object) -> bool:
    """Tell whether the domain's own policy, which may be stricter than ours, says no."""
    return (_said(result, "method"), _said(result, "result")) == ("dmarc", "fail")


def _passes(result: object, domain: str) -> bool:
    method = _said(result, "method")
    if _said(result, "result") != "pass" or method not in DOMAIN_OF:
        return False
    type_, names = DOMAIN_OF[method]
    found = {str(each.name): str(each.value) for each in getattr(result, "properties", []) if each.type == type_}
    named = next((_domain(found[name]) for name in names if name in found), "")
    return named == domain if method == "dmarc" else _aligned(named, domain)


def _said(result: object, name: str) -> str:
    return str(getattr(result, name, "")).lower()


def _domain(address: str) -> str:
    """Give the domain of an address in the form that servers write it: lower case, ASCII."""
    name = address.strip("\"' <>").rpartition("@")[2].rstrip(".").lower()
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _aligned(first: str, second: str) -> bool:
    if "." not in first or "." not in second:
        return False
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
