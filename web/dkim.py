"""A letter's bytes → the same bytes under a DKIM signature, so that receivers know whose they are (RFC 6376)."""

import base64
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dkim.canonicalization import Relaxed

from web.settings import BadSetting, Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # needed by those who sign only

# A relay that adds one more From or Subject breaks the signature: these are signed once more than they are there.
SEALED = ("from", "subject")
SIGNED = (
    "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "list-id",
    "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "auto-submitted", "mime-version", "content-type",
)  # fmt: skip
MIN_BITS = 1024  # shorter keys are not believed by anybody. Source: RFC 8301, 3.2
FIELD = re.compile(rb"\r\n(?![ \t])")
SPACE_AT_END = re.compile(rb"[ \t]+(?=\r\n)")
SPACES = re.compile(rb"[ \t]{2,}|\t")
WIDTH, PER_LINE = 72, 5  # characters of a signature and names of fields
Field = tuple[bytes, bytes]


class Key(Protocol):
    """What a private key can do for us."""

    def __call__(self, text: bytes) -> bytes:
        """Sign a text with RSASSA-PKCS1-v1_5 and SHA-256."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for a domain; the public key stands in the DNS at `selector`._domainkey.`domain`."""

    domain: str
    selector: str
    key: Key

    def sign(self, message: bytes, *, at: datetime) -> bytes:
        """Put a signature on top of a message that has CRLF line ends."""
        head, _, body = message.partition(b"\r\n\r\n")
        fields = [_field(each) for each in FIELD.split(head)]
        names = _names(fields)
        digest = base64.b64encode(hashlib.sha256(relaxed(body)).digest()).decode()
        unsigned = (
            f" v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector}; t={int(at.timestamp())};\r\n"
            f" h={_listed(names)};\r\n bh={digest};\r\n b="
        ).encode()
        told = Relaxed.canonicalize_headers([*_chosen(fields, names), (b"dkim-signature", unsigned)])
        text = b"".join(name + b":" + value for name, value in told).removesuffix(b"\r\n")
        signature = base64.b64encode(self.key(text)).decode()
        return b"DKIM-Signature:" + unsigned + _cut(signature).encode() + b"\r\n" + message


def relaxed(body: bytes) -> bytes:
    """Write a body as its hash is taken (RFC 6376, 3.4.4); letters have next to nothing to change, so look first."""
    if b" \r\n" in body or b"\t\r\n" in body:
        body = SPACE_AT_END.sub(b"", body)
    if b"  " in body or b"\t" in body:
        body = SPACES.sub(b" ", body)
    kept = body.rstrip(b"\r\n")
    return kept + b"\r\n" if kept else b""


def signer_of(settings: Settings) -> Signer | None:
    """Return who signs for MAIL_FROM; None without DKIM_SELECTOR. Raises `BadSetting`."""
    if not settings.dkim_selector:
        return None
    domain = settings.dkim_domain or settings.mail_from.rpartition("@")[2].rstrip("> ")
    return _signer(domain.lower(), settings.dkim_selector, settings.dkim_key_file)


@lru_cache(maxsize=4)
def _signer(domain: str, selector: str, key_file: str) -> Signer:
    try:
        pem = Path(key_file).read_bytes()
    except OSError as error:
        raise BadSetting("DKIM_KEY_FILE", key_file, f"it cannot be read ({error.strerror}).") from None
    return Signer(domain, selector, _key(pem, key_file))


def _key(pem: bytes, key_file: str) -> Key:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise BadSetting("DKIM_KEY_FILE", key_file, f"{HOW_TO_MAKE_ONE} ({error})") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < MIN_BITS:
        raise BadSetting("DKIM_KEY_FILE", key_file, HOW_TO_MAKE_ONE)
    return _signs_with(key)


def _signs_with(key: "RSAPrivateKey") -> Key:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    how = (PKCS1v15(), SHA256())
    return lambda text: key.sign(text, *how)


def _field(line: bytes) -> Field:
    name, _, value = line.partition(b":")
    return name, value


def _names(fields: Sequence[Field]) -> list[str]:
    """List what is signed: each field as often as it is there, the sealed ones once more."""
    there = Counter(name.decode().lower() for name, _ in fields)
    return [name for name in SIGNED for _ in range(there[name] + (name in SEALED))]


def _chosen(fields: Sequence[Field], names: Sequence[str]) -> list[Field]:
    """Take the field of each name, the lowest first; a name that is there once too often stands for no field."""
    left = defaultdict(list)
    for each in fields:
        left[each[0].decode().lower()].append(each)
    return [left[name].pop() for name in names if left[name]]


def _listed(names: Sequence[str]) -> str:
    return ":\r\n  ".join(":".join(names[n : n + PER_LINE]) for n in range(0, len(names), PER_LINE))


def _cut(signature: str) -> str:
    return "\r\n  ".join(signature[n : n + WIDTH] for n in range(0, len(signature), WIDTH))


HOW_TO_MAKE_ONE = "give an RSA key of 2048 bits without a password in PEM: openssl genrsa -out dkim.pem 2048."
