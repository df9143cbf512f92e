"""The machine-readable parts of a message (RFC 3464, RFC 6533, RFC 5965, Amazon SES) to one block of fields each."""

import base64
import binascii
import quopri
import re
from email.message import Message

from matcher.inbound.message import addresses_in, content_type, header, parts, payload_of, transfer_encoding

DELIVERY = ("message/delivery-status", "message/global-delivery-status")
DISPOSITION = ("message/disposition-notification", "message/global-disposition-notification")
FEEDBACK = ("message/feedback-report",)
MAX_CHARS = 100_000
MAX_BLOCKS = 200
FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{0,40})[ \t]*:[ \t]*(.*)$")
ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")  # RFC 6533, utf-8-addr-xtext
ABOUT_ONE = re.compile(r"^[ \t]*(?:final|original)-recipient[ \t]*:[ \t]*(?:rfc822|utf-8)[ \t]*;", re.I | re.M)
HOTMAIL = "X-HmXmrOriginalRecipient"  # who complained, in a report that only has the letter attached
SES_KIND = re.compile(r'"(?:notification|event)Type"\s*:\s*"(Bounce|Complaint)"')
SES_WHO = re.compile(r'"(?:bounced|complained)Recipients"\s*:\s*\[([^\]]{0,20000})\]')
SES_ONE = re.compile(r'"(emailAddress|action|status|diagnosticCode)"\s*:\s*"([^"]{0,500})"')
Fields = dict[str, str]


def blocks(message: Message, kinds: tuple[str, ...]) -> list[Fields]:
    """List the blocks of fields of every part of these types, whatever its transfer encoding."""
    found = [part for part in parts(message) if content_type(part) in kinds]
    return [block for part in found for block in blocks_of(_text(part))][:MAX_BLOCKS]


def blocks_of(text: str) -> list[Fields]:
    """Read a text as blocks of `Name: value` between blank lines; a repeated name joins its values by a comma."""
    cut = re.split(r"\n[ \t]*\n", text[:MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n"))
    return [block for block in map(_block, cut[: 5 * MAX_BLOCKS]) if block]


def _block(text: str) -> Fields:
    found: Fields = {}
    for line in re.sub(r"\n[ \t]+", " ", text).split("\n"):
        field = FIELD.match(line.strip())
        if field:
            name, value = field[1].lower(), " ".join(field[2].split())
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _text(part: Message) -> str:
    """Put a part together again that the parser took for messages of its own, and decode it."""
    payload = payload_of(part)
    inner = payload if isinstance(payload, list) else [part] if isinstance(payload, str) else []
    written = "\n\n".join(_written(one, with_headers=one is not part) for one in inner[:MAX_BLOCKS])[:MAX_CHARS]
    return _decoded(written, transfer_encoding(part))


def _written(one: Message | str, *, with_headers: bool) -> str:
    if isinstance(one, str):
        return one
    lines = [f"{name}: {value}" for name, value in one.raw_items()] if with_headers else []
    payload = payload_of(one)
    return "\n".join(lines) + "\n\n" + (payload if isinstance(payload, str) else "")


def _decoded(written: str, encoding: str) -> str:
    raw = written.encode("utf-8", "surrogateescape")
    if encoding == "quoted-printable":
        raw = quopri.decodestring(raw)
    elif encoding == "base64" and ":" not in written:
        try:
            raw = base64.b64decode(b"".join(raw.split())[: MAX_CHARS // 4 * 4])
        except (binascii.Error, ValueError):
            return written
    return raw.decode("utf-8", "replace")


def about_recipients(message: Message, text: str) -> list[Fields]:
    """List the blocks about one recipient each, also where the report is mere text, for want of a part of its own."""
    found = [one for one in blocks(message, DELIVERY) if _names_one(one)]
    if found or not ABOUT_ONE.search(text):
        return found or _from_amazon(text, "Bounce")
    return [one for one in blocks_of(text) if _names_one(one)]


def _names_one(block: Fields) -> bool:
    return bool(block.get("final-recipient") or block.get("original-recipient"))


def recipient(block: Fields) -> str:
    """Name the address that a block is about: the one written to or, where that is not told or none of the Internet's,
    the one that failed. Which letter came back is told by the address that the report was sent to, not by this."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = ESCAPED.sub(lambda code: chr(min(int(code[1], 16), 0x10FFFF)), block.get(name, ""))
        found = [one for one in addresses_in(value) if "." in one.rpartition("@")[2]]
        if found and not value.lower().startswith("x400"):
            return found[0]
    return ""


def feedback(message: Message, text: str) -> list[Fields]:
    """List the blocks of an abuse report; the own forms of Hotmail and Amazon count as one."""
    reader = header(message, HOTMAIL)
    if reader:
        return [{"feedback-type": "abuse", "original-rcpt-to": reader}]
    return blocks(message, FEEDBACK) or [
        {"feedback-type": "abuse", "original-rcpt-to": one["final-recipient"]}
        for one in _from_amazon(text, "Complaint")
    ]


def is_from_amazon(message: Message) -> bool:
    """Tell a notification of Amazon SES, which comes as JSON from its notification service."""
    return "x-amz-sns-message-id" in message and "amazonaws.com" in header(message, "From").lower()


def _from_amazon(text: str, kind: str) -> list[Fields]:
    told, listed = SES_KIND.search(text[:MAX_CHARS]), SES_WHO.search(text[:MAX_CHARS])
    if not told or told[1] != kind or not listed:
        return []
    names = {"emailAddress": "final-recipient", "diagnosticCode": "diagnostic-code"}
    pieces = [SES_ONE.findall(one) for one in listed[1].split("}")]
    return [{names.get(name, name): value for name, value in piece} for piece in pieces if piece]
