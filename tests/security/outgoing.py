"""Letters of a desk → the bytes that would leave the house."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from matcher.models import Letter
from tests.exchange.conftest import Desk
from tests.factories import DOMAIN, NOW, SECRET
from web.mail import compose
from web.settings import Settings

SETTINGS = Settings(secret_key=SECRET, inbound_domain=DOMAIN)


def sent(letter: Letter) -> bytes:
    return bytes(compose(letter, settings=SETTINGS, now=NOW).as_bytes())


def all_sent(desk: Desk) -> list[bytes]:
    return [sent(each) for each in desk.letters()]


def read(raw: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(raw)


def header_names(raw: bytes) -> set[str]:
    """Name the headers as any mail program finds them: the lines before the first empty one."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode()
    return {line.partition(":")[0].lower() for line in head.split("\n") if not line.startswith((" ", "\t"))}
