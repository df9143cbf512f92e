"""Raw bytes as they came in → a row that is stored once, before anything is made of them."""

from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from hashlib import sha256

from sqlalchemy.orm import Session

from matcher import inbound
from matcher.inbound.message import addresses
from matcher.store import messages

MAX_BYTES = 10_000_000
MAX_ADDRESS = 320  # characters; PostgreSQL indexes no text of some thousand. Source: RFC 3696, errata 1690
UNDONE = ("held", "refused", "ignored")  # states of messages that nothing was done for


def keep(session: Session, raw: bytes, *, envelope_from: str, envelope_to: str, now: datetime) -> int | None:
    """Store a message before anything is made of it; None when the same one was received before.

    The same message is the same Message-ID of the same sender at the same address of ours, whatever else differs:
    mail servers add lines on the way. Of a message that is too large only so much is kept as shows that it is.
    """
    kept = raw[: MAX_BYTES + 1]
    named = " ".join(senders(raw))
    who = named if len(named) <= MAX_ADDRESS else sha256(named.encode("utf-8", "replace")).hexdigest()
    key = storable(f"{inbound.message_key(raw)} {envelope_to.lower()} {who}".rstrip())
    added = messages.keep(session, key=key, raw=kept, envelope_from=envelope_from, envelope_to=envelope_to, at=now)
    if added is None and _hides_another(session, key, kept):
        key = f"{key} {_digest_of_body(kept)}"
        return messages.keep(session, key=key, raw=kept, envelope_from=envelope_from, envelope_to=envelope_to, at=now)
    return added


def senders(raw: bytes) -> tuple[str, ...]:
    """List the distinct addresses of a message's From, as far as its header can be read."""
    try:
        return tuple(dict.fromkeys(address for _, address in addresses(_header(raw), "From")))
    except (ValueError, LookupError, AttributeError, TypeError):
        return ()


def _header(raw: bytes) -> Message:
    return BytesHeaderParser().parsebytes(raw)


def _hides_another(session: Session, key: str, raw: bytes) -> bool:
    """Tell whether a message of this key came before to no effect and said something else.

    Whoever forges a sender and its Message-ID is held or refused; that must not make the true message vanish.
    """
    earlier = messages.of_key(session, key)
    if earlier is None or earlier.state not in UNDONE or not earlier.raw:
        return False
    return _digest_of_body(earlier.raw) != _digest_of_body(raw)


def storable(text: str) -> str:
    """Replace what the database takes in no text and hostile headers have: NUL, and halves of characters."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def _digest_of_body(raw: bytes) -> str:
    _, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return sha256(body.strip()).hexdigest()[:16]
