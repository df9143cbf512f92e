"""Raw bytes of a mail to what kind it is, from whom and what it says; the text of a reply to what it asks for."""

from matcher.inbound.absence import beside_absence
from matcher.inbound.authentic import is_authentic
from matcher.inbound.intent import understand
from matcher.inbound.kind import read
from matcher.inbound.message import body_text, message_key, parse
from matcher.inbound.reply import MARKER, trim
from matcher.inbound.signoff import unsigned


def reply_text(raw: bytes) -> str:
    """Return what the sender wrote, without quotes, signature and headers."""
    return trim(body_text(parse(raw)))[0]


__all__ = ["MARKER", "beside_absence", "is_authentic", "message_key", "read", "reply_text", "understand", "unsigned"]
