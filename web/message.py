"""Subject, two texts, attachments and headers → the bytes of a mail: same letter, same bytes, fit for the wire."""

import base64
import hashlib
import re
from binascii import a2b_qp, b2a_qp
from collections.abc import Iterable
from email.utils import formataddr, formatdate, parseaddr
from functools import lru_cache

import flask_mail

MAX_LINE = 998  # bytes of a line without its end. Source: RFC 5322, 2.1.1
LONG = 900  # characters; longer words are folded as encoded ones
MAX_NAME = 150
MAX_ENCODED = 42  # bytes of text in one encoded word, which has 75 characters at most
PLAIN = re.compile(r"[A-Za-z0-9' -]{0,60}")  # a name that needs neither quotes nor an encoded word
BARE_BREAK = re.compile(r"\r?\n(?![ \t])|\r(?!\n)")
FOLD = re.compile(r"\r?\n(?=[ \t])")
NOT_IN_ADDRESS = re.compile(r"[\s<>\x00-\x1f\x7f]")  # would end the command, or begin another one
Address = str | tuple[str, str]
Text = str | bytes


class BadAddress(ValueError):
    """Say in a sentence that an address cannot be written to."""


class Mail(flask_mail.Message):
    """A message that is readable in its source and whose headers arrive as they were written.

    Spam filters count base64 text against its sender. Python's own writer would fold a long word of a header, such as
    the link of List-Unsubscribe, into an encoded one that no mail program follows; and it takes longer than all else
    about a letter.
    """

    def __init__(
        self, message_id: str, *, subject: str, sender: str, to: Address, body: Text, html: Text, date: float
    ) -> None:
        """Take what the mail says; bytes are quoted-printable already."""
        # Not the base class's own: it asks the network for this machine's name, for an id that would be thrown away.
        self.msgId, self.subject, self.sender, self.recipients, self.date = message_id, subject, sender, [to], date
        self.texts = {"plain": body, "html": html}
        self.reply_to: Address | None = None
        self.extra_headers: dict[str, str] = {}
        self.cc, self.bcc, self.attachments, self.mail_options, self.rcpt_options = [], [], [], [], []
        self.charset = "utf-8"

    @property
    def body(self) -> str:
        """Return what mail programs without HTML show."""
        return _read(self.texts["plain"])

    @property
    def html(self) -> str:
        """Return what mail programs show."""
        return _read(self.texts["html"]).removesuffix("\n")

    def as_bytes(self) -> bytes:
        """Write headers and parts with CRLF. Raises `flask_mail.BadHeaderError`, `BadAddress`."""
        content_type, content = self._content()
        head = [*self._headers(), ("MIME-Version", "1.0"), ("Content-Type", content_type)]
        return b"".join(_line(name, value) for name, value in head) + b"\r\n" + content

    def as_string(self) -> str:
        return self.as_bytes().decode()

    def _headers(self) -> Iterable[tuple[str, str]]:
        yield "Subject", _words(self.subject)
        yield "From", address(self.sender)
        yield "To", ", ".join(address(each) for each in self.recipients)
        yield "Date", _date(int(self.date))
        yield "Message-ID", self.msgId
        if self.reply_to:
            yield "Reply-To", address(self.reply_to)
        for name, value in self.extra_headers.items():
            yield name, _words(value)

    def _content(self) -> tuple[str, bytes]:
        texts = [_text(subtype, text) for subtype, text in self.texts.items()]
        mark = hashlib.sha256(self.msgId.encode()).hexdigest()[:24]
        content_type, content = _together("alternative", texts, mark=f"=_a{mark}")
        if not self.attachments:
            return content_type, content
        parts = [_part(content_type, content), *(_attached(each) for each in self.attachments)]
        return _together("mixed", parts, mark=f"=_m{mark}")


@lru_cache(maxsize=64)
def address(of: Address) -> str:
    """Write a name and an address for a header; only a local part that is not ASCII stays so (it needs SMTPUTF8)."""
    name, plain = ("", of) if isinstance(of, str) and "<" not in of else parseaddr(of) if isinstance(of, str) else of
    name = name[:MAX_NAME]
    wire = on_the_wire(plain)
    if not name:
        return wire
    if PLAIN.fullmatch(name):
        return f"{name} <{wire}>"
    return f"{formataddr((name, 'x')).removesuffix('<x>')}<{wire}>" if name.isascii() else f"{_encoded(name)} <{wire}>"


def on_the_wire(plain: str) -> str:
    """Write an address as SMTP takes it: its domain in ASCII. Raises `BadAddress`."""
    local, _, domain = plain.rpartition("@")
    if not local or not domain or NOT_IN_ADDRESS.search(plain):
        raise BadAddress(f"{plain!r} is no address that mail can go to.")
    try:
        return plain if domain.isascii() else f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise BadAddress(f"{plain!r} names no domain that mail can go to.") from error


def with_dots_doubled(message: bytes) -> bytes:
    """Double the dot that opens a line, so that none of them ends the message. Source: RFC 5321, 4.5.2."""
    return (b"\n" + message).replace(b"\n.", b"\n..")[1:]


def _words(text: str) -> str:
    if text.isascii() and "=?" not in text and len(text) <= LONG:
        return text  # as it is: what looks like an encoded word would otherwise be read as one
    return _encoded(text)


def _encoded(text: str) -> str:
    """Write words for a header as RFC 2047 has it; Python's own writer takes longer for one than we for a letter."""
    raw, pieces, begin = text.encode(), [], 0
    while begin < len(raw):
        end = begin + MAX_ENCODED
        while end < len(raw) and raw[end] & 0xC0 == 0x80:  # in the middle of a character
            end -= 1
        pieces.append(raw[begin:end])
        begin = end
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(each).decode()}?=" for each in pieces)


@lru_cache(maxsize=4)  # many letters leave in one second
def _date(seconds: int) -> str:
    return formatdate(seconds, localtime=True)


def _line(name: str, value: str) -> bytes:
    if value.isprintable() and len(value) <= LONG and value.isascii():
        return f"{name}: {value}\r\n".encode()
    if BARE_BREAK.search(value):
        raise flask_mail.BadHeaderError(f"{name}: a line break would add a header of its own: {value!r}")
    line = FOLD.sub("\r\n", f"{name}: {value}").encode()
    if max(map(len, line.split(b"\r\n"))) > MAX_LINE:
        raise flask_mail.BadHeaderError(f"{name}: no mail server takes a line of more than {MAX_LINE} bytes.")
    return line + b"\r\n"


def quoted_printable(text: str) -> bytes:
    """Write lines as ASCII with CRLF. Each is written by itself: some lines, then others, are all of them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n") + "\r\n"
    return b2a_qp(lines.encode(), istext=True)


def _read(text: Text) -> str:
    return a2b_qp(text).decode().replace("\r\n", "\n") if isinstance(text, bytes) else text


def _text(subtype: str, text: Text) -> bytes:
    content = text if isinstance(text, bytes) else quoted_printable(text.rstrip("\r\n"))
    return _part(f'text/{subtype}; charset="utf-8"', content, b"Content-Transfer-Encoding: quoted-printable\r\n")


def _attached(each: flask_mail.Attachment) -> bytes:
    raw = each.data if isinstance(each.data, bytes) else each.data.encode()
    name = _words((each.filename or "attached").replace('"', "'"))
    headers = f'Content-Transfer-Encoding: base64\r\nContent-Disposition: {each.disposition}; filename="{name}"\r\n'
    return _part(each.content_type, base64.encodebytes(raw).replace(b"\n", b"\r\n"), headers.encode())


def _part(content_type: str, content: bytes, headers: bytes = b"") -> bytes:
    return f"Content-Type: {content_type}\r\n".encode() + headers + b"\r\n" + content


def _together(subtype: str, parts: list[bytes], *, mark: str) -> tuple[str, bytes]:
    """Join parts between marks; quoted-printable and base64 hold no "=_", so no mark stands in a text."""
    between = f"--{mark}".encode()
    content = b"".join(between + b"\r\n" + each + b"\r\n" for each in parts) + between + b"--\r\n"
    return f'multipart/{subtype}; boundary="{mark}"', content
