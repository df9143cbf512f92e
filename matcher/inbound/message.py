"""Raw bytes to a parsed message, its decoded headers, its addresses and its text; lying bytes included."""

import codecs
import email
import email.errors
import email.header
import email.parser
import email.utils
import hashlib
import re
from collections.abc import Iterator
from email.message import Message

from matcher.inbound.html import html_to_text
from matcher.inbound.size import head, shortened

MAX_CHARS = 200_000
MAX_PARTS = 200
MAX_HEADER_CHARS = 10_000
MAX_LIKE_HEADERS = 20  # of one name with addresses in them; a message has one
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
# Begins only where a run of such characters does: a long one without "@" is not looked at from each place in it.
UNBRACKETED = re.compile(r"(?<![^\s<>,;:\"()@])[^\s<>,;:\"()@]++@[^\s<>,;:\"()]+")
# Stateful or wide charsets whose bytes also pass as UTF-8, so that the declared name has to win.
DECLARED_FIRST = re.compile(r"^(iso-?2022|hz|utf-?7|utf-?16|utf-?32|unicode-1-1)", re.I)
TYPE = re.compile(r"[^\s/;]+/[^\s/;]+")  # some programs forget the ";" before the first parameter
NOT_CHARSETS = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem")
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932"}
WIDER |= dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252")
STANDS_IN = re.compile(r"\bhtml\b.{0,80}(?:mail|messag|nachricht)|(?:mail|messag|nachricht).{0,80}\bhtml\b", re.I)
INVISIBLE = re.compile("[\x00\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def parse(raw: bytes) -> Message:
    """Parse as much of a message as people write; parts nested too deep to parse are left as one body."""
    kept = shortened(raw)
    try:
        return email.message_from_bytes(kept)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return headers_only(kept)


def headers_only(raw: bytes) -> Message:
    return email.parser.BytesHeaderParser().parsebytes(raw)


def message_key(raw: bytes) -> str:
    """Name a message by its Message-ID without angle brackets, else by `sha256:` and the hash of its bytes."""
    try:
        found = identifiers(header(headers_only(head(raw)), "Message-ID"))
    except (ValueError, LookupError, AttributeError, TypeError):
        found = ()
    if found and len(found[0]) <= 400:
        return found[0]
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def identifiers(value: str) -> tuple[str, ...]:
    """Split a Message-ID, In-Reply-To or References value into ids without angle brackets."""
    found = re.findall(r"<([^<>]+)>", value) or value.split()
    return tuple(name for name in ("".join(one.split()) for one in found[:100]) if name.strip("<>"))


def header(message: Message, name: str) -> str:
    """Decode one header; empty when absent."""
    values = headers(message, name)
    return values[0] if values else ""


def headers(message: Message, name: str) -> list[str]:
    """Decode every header of that name."""
    return [_decode_words(str(value)) for value in _raw_headers(message, name)]


def _raw_headers(message: Message, name: str) -> list[str]:
    found = [value for key, value in message.raw_items() if key.lower() == name.lower()]
    return [_unfold(str(value)[:MAX_HEADER_CHARS]) for value in found]


def _unfold(value: str) -> str:
    readable = decode_bytes(value.encode("utf-8", "surrogateescape"), "")
    return " ".join(line.strip() for line in re.split(r"[\r\n]+", readable)).strip()


def _decode_words(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        pieces = email.header.decode_header(value)
    except (email.errors.HeaderParseError, ValueError, LookupError):
        return value
    return "".join(one if isinstance(one, str) else decode_bytes(one, charset or "") for one, charset in pieces)


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """List (name, bare lower-case address) of the named headers in the order asked for."""
    found: list[tuple[str, str]] = []
    for name in names:
        for value in _raw_headers(message, name)[:MAX_LIKE_HEADERS]:
            found += [(_decode_words(one), bare(address)) for one, address in _pairs(value) if "@" in address]
    return found


def _pairs(value: str) -> list[tuple[str, str]]:
    try:
        found = email.utils.getaddresses([value])
    except (ValueError, IndexError, TypeError, RecursionError):
        found = []
    if any("@" in address for _, address in found):
        return found
    bracketed = re.findall(r"<\s*([^\s<>,;:\"()]+@[^\s<>,;:\"()]+)\s*>", value)  # a name may look like an address
    return [("", one) for one in bracketed or UNBRACKETED.findall(value)]


def bare(address: str) -> str:
    """Strip an address to its lower-case bare form."""
    return address.strip().strip("<>").strip().lower()


def addresses_in(text: str) -> list[str]:
    """List the bare addresses that a text names, in its order, each once."""
    return list(dict.fromkeys(one.strip(".'").lower() for one in ADDRESS.findall(text) if ".." not in one))


def transfer_encoding(part: Message) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def content_type(part: Message) -> str:
    try:
        found = TYPE.match(part.get_content_type().lower())
    except (AttributeError, ValueError, TypeError):
        found = None
    return found[0] if found else "text/plain"


def parameter(part: Message, name: str, of: str = "content-type") -> str:
    """Read one parameter of a structured header, lower case; empty when absent or broken."""
    try:
        value = part.get_param(name, "", of)
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""
    return str(value[2] if isinstance(value, tuple) else value).strip().lower()


def payload_of(part: Message) -> object:
    """Give the parts or the text of a part as parsed; a charset that is none makes it empty."""
    try:
        return part.get_payload()
    except (ValueError, LookupError, AssertionError, TypeError):
        return ""


def parts(message: Message, *, into_attached: bool = True) -> Iterator[Message]:
    """Yield every part in reading order, containers too; an attached message is entered only when asked for."""
    waiting, n_seen = [message], 0
    while waiting and n_seen < MAX_PARTS:
        part, n_seen = waiting.pop(), n_seen + 1
        yield part
        payload = payload_of(part)
        if isinstance(payload, list) and (into_attached or not content_type(part).startswith("message/")):
            waiting += reversed(_choice(part, [one for one in payload if isinstance(one, Message)]))


def _choice(part: Message, payload: list[Message]) -> list[Message]:
    if content_type(part) != "multipart/alternative":
        return payload
    for wanted in ("text/plain", "text/html"):
        for one in payload:
            if content_type(one) == wanted and not _stands_in(part_text(one)):
                return [one]
    return payload


def _stands_in(text: str) -> bool:
    """Tell a text that is empty or only says that the letter proper is in HTML."""
    return not text.strip() or len(text) < 300 and bool(STANDS_IN.search(text))


def part_text(part: Message) -> str:
    """Decode one text part to plain text with `\\n` line ends; HTML becomes text with its quotes marked by `>`."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = decode_bytes(payload[: 4 * MAX_CHARS], parameter(part, "charset"))[: 2 * MAX_CHARS]
    if content_type(part) == "text/html":
        text = html_to_text(text)
    elif parameter(part, "format") == "flowed":
        text = _unflow(text)
    return clean(text)[:MAX_CHARS]


def clean(text: str) -> str:
    """Unify line ends and spaces and drop invisible characters."""
    text = re.sub(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return INVISIBLE.sub("", text).replace("\u00a0", " ").replace("\u202f", " ")


def _unflow(text: str) -> str:
    """Join the lines that a program broke (RFC 3676): each ends in a space and is quoted as deep as the next."""
    out: list[list[str]] = []
    before, depth_before = "", -1
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        if depth == depth_before and before.endswith(" ") and "-- " not in (before, line):
            out[-1].append(line.lstrip("> "))
        else:
            out.append([line])
        before, depth_before = line, depth
    return "\n".join("".join(line) for line in out)


def decode_bytes(payload: bytes, charset: str) -> str:
    """Decode bytes whose declared charset may lie: strict UTF-8 first, then as declared, then Windows-1252."""
    declared = charset.strip("\"' ").lower()
    order = ["utf-8", WIDER.get(declared, declared), declared]
    if DECLARED_FIRST.match(declared):
        order = [declared, "utf-8"]
    for name in order:
        try:
            text = _codec(name).decode(payload, "strict")[0]
        except (LookupError, ValueError, AssertionError, TypeError):
            continue
        if isinstance(text, str):
            return text
    return payload.decode("cp1252", "replace")


def _codec(name: str) -> codecs.CodecInfo:
    """Look up a charset; Python's codecs that unpack (a bomb) or take quadratic time are none."""
    found = codecs.lookup(name)
    if not found._is_text_encoding or found.name in NOT_CHARSETS:
        raise LookupError(name)
    return found


def body_text(message: Message) -> str:
    """Join the text that the sender wrote into the message, without attachments."""
    return _joined(parts(message, into_attached=False))


def whole_text(message: Message) -> str:
    """Join the text of the message and of the messages attached to it, as a forward has them."""
    return _joined(parts(message))


def _joined(found: Iterator[Message]) -> str:
    texts = [part_text(part) for part in found if _is_read(part)]
    return "\n".join(text.rstrip("\n") for text in texts if text.strip())[:MAX_CHARS]


def _is_read(part: Message) -> bool:
    attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")
    return content_type(part) in ("text/plain", "text/html") and not attached
