"""A parsed message → the names of the files that its sender attached."""

from collections.abc import Iterator
from email.message import Message

from matcher.inbound import message

SIGNATURE_BYTES = 100_000  # of a picture that the text shows: a logo or a face
NOT_FILES = (
    "application/pgp-signature",
    "application/pgp-keys",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/ms-tnef",
    "application/vnd.ms-tnef",
    "message/delivery-status",
    "text/calendar",
    "text/vcard",
    "text/x-vcard",
)
NAMELESS = "a file without a name"


def attachment_names(mail: Message) -> tuple[str, ...]:
    """List the files that a sender attached; signatures, invitations and a signature's pictures are none."""
    return tuple(_name(part) for part in _parts(mail) if _is_file(part))


def _parts(mail: Message) -> Iterator[Message]:
    """Yield every part, all alternatives too; a message that is attached is one file."""
    waiting, n_seen = [mail], 0
    while waiting and n_seen < message.MAX_PARTS:
        part, n_seen = waiting.pop(), n_seen + 1
        payload = message.payload_of(part)
        if not isinstance(payload, list) or part is not mail and message.content_type(part).startswith("message/"):
            yield part
        else:
            waiting += reversed([one for one in payload if isinstance(one, Message)])


def _is_file(part: Message) -> bool:
    kind = message.content_type(part)
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    if kind.startswith("multipart/") or kind in NOT_FILES:
        return False
    if disposition.startswith("attachment"):
        return True
    if kind.startswith("image/") and ("Content-ID" in part or disposition.startswith("inline")):
        return _size(part) >= SIGNATURE_BYTES
    return kind.startswith("message/") or not kind.startswith("text/")


def _size(part: Message) -> int:
    return len(str(message.payload_of(part))) * 3 // 4


def _name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, AttributeError, TypeError):
        name = ""
    return " ".join(message.clean(name).split())[:200] or NAMELESS
