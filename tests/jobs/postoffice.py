"""A mail server on loopback that takes, refuses, puts off or hangs up as a test tells it, and counts what it took."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as SMTPSession

Says = Callable[[str], str]
TAKEN = "250 2.0.0 taken"


@dataclass(slots=True)
class PostOffice:
    """What arrived, as (envelope sender, recipient, message), and what is said to each recipient and each letter."""

    taken: list[tuple[str, str, EmailMessage]] = field(default_factory=list)
    n_connections: int = 0
    extensions: tuple[str, ...] = ()
    at_recipient: Says = lambda _address: "250 OK"
    at_letter: Says = lambda _address: TAKEN

    @property
    def message_ids(self) -> list[str]:
        return [str(message["Message-ID"]) for _, _, message in self.taken]

    @property
    def recipients(self) -> list[str]:
        return [to for _, to, _ in self.taken]

    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: SMTPSession, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.n_connections += 1
        session.host_name = hostname
        return [*responses[:-1], *(f"250-{each}" for each in self.extensions), responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: SMTPSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.at_recipient(address)
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: SMTPSession, envelope: Envelope) -> str:  # noqa: N802
        (to,) = envelope.rcpt_tos
        said = self.at_letter(to)
        if said == "":
            server.transport.abort()  # the line goes dead without a word
            return "421 gone"
        if said.startswith("2"):
            message = BytesParser(policy=policy.default).parsebytes(bytes(envelope.content or b""))
            self.taken.append((envelope.mail_from or "", to, message))
        return said


@contextmanager
def open_post_office(port: int, office: PostOffice | None = None) -> Iterator[PostOffice]:
    """Let a post office listen for the length of a block."""
    opened = office or PostOffice()
    controller = Controller(opened, hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    try:
        yield opened
    finally:
        controller.stop()


class Login:
    """Lets one name in."""

    def __init__(self) -> None:
        self.n_tries = 0

    def __call__(self, server: object, session: object, envelope: object, mechanism: str, login: object) -> AuthResult:
        self.n_tries += 1
        assert isinstance(login, LoginPassword)
        return AuthResult(success=(login.login, login.password) == (b"relay", b"secret"), handled=False)


@contextmanager
def strict_office(port: int, tls: ssl.SSLContext, login: Login) -> Iterator[PostOffice]:
    """Open a server that takes letters only over STARTTLS and after a login."""
    office = PostOffice(extensions=("PIPELINING",))
    controller = Controller(
        office, hostname="127.0.0.1", port=port, decode_data=False, tls_context=tls, require_starttls=True,
        authenticator=login, auth_required=True,
    )  # fmt: skip
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
