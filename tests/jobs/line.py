"""What the tests of the door say to it byte for byte, and what they find kept."""

import socket
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from jobs.ground import Ground
from matcher.models import InboundMessage
from matcher.tokens import seal
from tests import factories as make
from web.db import transaction
from web.settings import Settings

DOMAIN = make.DOMAIN
SINK = f"post@{DOMAIN}"
PURPOSE_OF = {"reply": "reply", "u": "unsubscribe", "b": "bounce"}


class Line:
    """One raw connection to the door, spoken byte for byte."""

    def __init__(self, settings: Settings):
        self.socket = socket.create_connection((settings.inbound_host, settings.inbound_port), timeout=20)
        self.answers = self.socket.makefile("rb")
        self.greeting = self.hear()

    def hear(self) -> str:
        """Return the next answer, its last line; an empty text once the door hung up."""
        while line := self.answers.readline().decode():
            if line[3:4] != "-":
                return line.rstrip("\r\n")
        return ""

    def say(self, command: str) -> str:
        self.socket.sendall(command.encode("utf-8", "surrogateescape") + b"\r\n")
        return self.hear()

    def begin(self, *to: str, sender: str = "ann@firm.example", hello: str = "EHLO") -> None:
        """Go as far as the message itself."""
        self.say(f"{hello} firm.example")
        self.say(f"MAIL FROM:<{sender}>")
        for each in to or (SINK,):
            assert self.say(f"RCPT TO:<{each}>").startswith("250")
        assert self.say("DATA").startswith("354")

    def close(self) -> None:
        self.answers.close()
        self.socket.close()


def kept(g: Ground) -> list[tuple[str, str, bytes, str]]:
    with transaction(g.engine) as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.id))
        return [(each.envelope_from, each.envelope_to, each.raw, each.state) for each in rows]


def n_kept(g: Ground) -> int:
    with transaction(g.engine) as session:
        return session.scalar(select(func.count(InboundMessage.id))) or 0


def mail(text: str = "We need 380 mailboxes moved.") -> bytes:
    """Make a message as it travels: lines end in CR LF."""
    return make.mail("ann@firm.example", SINK, text).replace(b"\n", b"\r\n")


def token(mailbox: str, number: int = 1, *, until: date = date(2027, 3, 1)) -> str:
    return seal(make.SECRET, PURPOSE_OF[mailbox], number, expires_on=until)


def away(*_: object, **__: object) -> None:
    raise OperationalError("INSERT", {}, Exception("the database is away"))
