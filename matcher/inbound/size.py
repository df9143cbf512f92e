"""The bytes of a message, however many, to the few that are worth parsing: what people write, never what they attach.

The parser of the standard library takes seconds for ten megabytes and minutes for a bomb of nested parts, so a message
is shortened first: long headers, attachments, parts past the first hundreds and nesting past what mail programs do.
"""

import re

MAX_HEAD_BYTES, MAX_HEAD_LINES = 1_000_000, 20_000
MAX_FIELDS, MAX_FIELD_BYTES = 1_000, 10_000
MAX_BODY_BYTES, MAX_BODY_LINES = 2_500_000, 20_000
MAX_PIECES = 400  # lines that may open or close a part
MAX_PIECE_BYTES = 300_000  # enough for the most text that is read, in base64
MAX_ATTACHED_BYTES = 150_000  # a larger picture counts as attached, whatever its part says
ORDINARY_BYTES = 20_000
MAX_NESTED = 32  # each level of parts makes every line below it slower to parse
BLANK_LINES = (b"\n\n", b"\n\r\n", b"\r\r")
NESTING = re.compile(rb"boundary\s{0,9}\*?[0-9*]{0,4}\s{0,9}=|message/rfc822", re.I)


def shortened(raw: bytes) -> bytes:
    """Cut a message to its first megabytes, with little of its attachments; one of ordinary size stays as it is."""
    end = _head_end(raw)
    body = raw[end:] if end < MAX_HEAD_BYTES else b""
    if len(body) > ORDINARY_BYTES:
        body = _not_nested(_few_lines(_without_attachments(body)))
    return _short_head(raw[:end]) + body


def head(raw: bytes) -> bytes:
    """Cut a message to its headers."""
    return _short_head(raw[: _head_end(raw)]) + b"\n\n"


def _head_end(raw: bytes) -> int:
    found = [raw.find(blank, 0, MAX_HEAD_BYTES) for blank in BLANK_LINES]
    return min((at for at in found if at >= 0), default=MAX_HEAD_BYTES)


def _short_head(headers: bytes) -> bytes:
    if len(headers) <= MAX_FIELD_BYTES:
        return headers
    kept: list[bytes] = []
    n_fields = n_bytes = 0
    for line in headers.split(b"\n", MAX_HEAD_LINES)[:MAX_HEAD_LINES]:
        goes_on = line[:1] in (b" ", b"\t")
        n_fields, n_bytes = (n_fields, n_bytes + len(line)) if goes_on else (n_fields + 1, len(line))
        if n_fields > MAX_FIELDS:
            break
        if not goes_on or n_bytes <= MAX_FIELD_BYTES:
            kept.append(line[:MAX_FIELD_BYTES])
    return b"\n".join(kept)


def _without_attachments(body: bytes) -> bytes:
    """Keep the beginning of every part: all of a text that can be read, a little of an attachment."""
    kept: list[bytes] = []
    left = MAX_BODY_BYTES
    for piece in body.split(b"\n--", MAX_PIECES)[:MAX_PIECES]:
        kept.append(piece[: min(_worth(piece), left)])
        left -= len(kept[-1])
        if left <= 0:
            break
    return b"\n--".join(kept)


def _worth(piece: bytes) -> int:
    if len(piece) <= MAX_ATTACHED_BYTES:
        return MAX_ATTACHED_BYTES
    said = piece[:2_000].lower()
    is_attachment = b"base64" in said and b"content-type" in said and not re.search(rb"\btext/|message/", said)
    return MAX_ATTACHED_BYTES if is_attachment else MAX_PIECE_BYTES


def _few_lines(body: bytes) -> bytes:
    if len(body) <= MAX_BODY_LINES:
        return body
    return b"\n".join(body.split(b"\n", MAX_BODY_LINES)[:MAX_BODY_LINES])


def _not_nested(body: bytes) -> bytes:
    for n, found in enumerate(NESTING.finditer(body)):
        if n == MAX_NESTED:
            return body[: found.start()]
    return body
