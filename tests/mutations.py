"""Messages → messages broken the way mail breaks: bits, lines, headers, boundaries, charsets, pieces of each other."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
OTHERS = HERE.parent.parent / "shared" / "data" / "mail"
MAX_BYTES = 300_000
HEADERS = (
    b"Content-Type: text/html; charset=x-unknown",
    b"Content-Type: multipart/alternative; boundary=b",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    b"Content-Type: message/rfc822",
    b"Content-Type: text/plain; charset=utf-16",
    b"Content-Type: text/plain; format=flowed; delsp=yes",
    b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: quoted-printable",
    b"Content-Transfer-Encoding: x-uuencode",
    b"Return-Path: <>",
    b"Auto-Submitted: auto-replied",
    b"Precedence: bulk",
    b"From: =?utf-8?B?/////w==?= <a@b.example>",
    b"Subject: =?iso-2022-jp?B?GyRC?=",
    b"Authentication-Results: mx; dmarc=pass; spf=",
)
PHRASES = (
    b"\n> ", b"\r\n\r\n", b"\x00", b"\xff\xfe", b"--", b"-- \n", b"On Mon, 1 Jan 2026, a@b.example wrote:\n",
    b"<div class=3D\"gmail_quote\">", b"<blockquote>", b"</div>", b"<!--", b"=\r\n", b"=?utf-8?q?", b"From: ", b"\n.\n",
    b"Status: 5.1.1\n", b"Final-Recipient: rfc822; x@y.example\n", b"-- write above this line --\n", b"2 yes\n",
    b"-----Original Message-----\n", "\u202e\u200b\ufeff".encode(), b"((((((((((", b"<<<<<<<<<<", b"\"\"\"\"\"\"",
)  # fmt: skip
ATTACHED = (
    b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=n\r\n\r\n--n\r\nContent-Type: message/rfc822\r\n\r\n"
)

Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]


def corpus() -> list[bytes]:
    """Return every message there is to break: our own and, where it lies beside the project, other people's."""
    files = sorted(HERE.glob("mail/*.eml")) + sorted(OTHERS.glob("**/*.eml"))
    return [file.read_bytes() for file in files]


def mutated(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Return the message broken in one to four ways."""
    for _ in range(random.randint(1, 4)):
        message = random.choice(MUTATIONS)(message, random, others)[:MAX_BYTES]
    return message


def _place(message: bytes, random: Random) -> int:
    return random.randint(0, len(message))


def _flip(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    changed = bytearray(message)
    for _ in range(random.randint(1, 20)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start = _place(message, random)
    return message[:start] + message[start + random.randint(1, 400) :]


def _end(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    return message[: _place(message, random)]


def _repeat(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start = _place(message, random)
    piece = message[start : start + random.randint(1, 200)]
    return message[:start] + piece * random.choice((2, 10, 100, 1000)) + message[start:]


def _insert(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start = _place(message, random)
    return message[:start] + random.choice(PHRASES) * random.choice((1, 1, 3, 50, 2000)) + message[start:]


def _splice(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    return message[: _place(message, random)] + other[_place(other, random) :]


def _headed(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    return random.choice(HEADERS) + b"\r\n" + message


def _reheaded(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Put another header in place of one that is there."""
    lines = message.split(b"\n")
    lines[random.randrange(min(len(lines), 25))] = random.choice(HEADERS)
    return b"\n".join(lines)


def _shuffled(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    lines = message.split(b"\n")
    start = random.randrange(len(lines))
    piece = lines[start : start + 40]
    random.shuffle(piece)
    return b"\n".join(lines[:start] + piece + lines[start + 40 :])


def _ended(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    plain = message.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", random.choice((b"\r\n", b"\n", b"\r", b"\n\n", b"\n\r")))


def _unended(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Make one long line of a stretch."""
    start = _place(message, random)
    return message[:start] + message[start : start + 20_000].replace(b"\n", b" ") + message[start + 20_000 :]


def _nested(message: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Attach the message to an outer one, a few times over."""
    for _ in range(random.choice((1, 2, 8))):
        message = ATTACHED + message + b"\r\n--n--\r\n"
    return message


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _end, _repeat, _insert, _splice, _headed, _reheaded, _shuffled, _ended, _unended, _nested,
)  # fmt: skip
