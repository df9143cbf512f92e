"""What jobs need, a mail server that takes all, an open door, and connections to it that are closed again."""

import imaplib
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from jobs.door import DoorKeeper, open_door
from jobs.ground import Ground, ground_on
from tests.jobs import dovecot
from tests.jobs.dovecot import NUMBERS, PASSWORD, Dovecot
from tests.jobs.line import Line
from tests.jobs.postoffice import PostOffice, open_post_office
from web import create_app
from web.settings import Settings


@pytest.fixture
def g(settings: Settings) -> Ground:
    return ground_on(create_app(settings))


@pytest.fixture
def office(g: Ground) -> Iterator[PostOffice]:
    """Open a mail server that takes all."""
    with open_post_office(g.settings.mail_port) as opened:
        yield opened


@pytest.fixture(params=["one_by_one", "pipelined"])
def either_office(g: Ground, request: pytest.FixtureRequest) -> Iterator[PostOffice]:
    """Open a mail server that waits for each step, and one that takes several at once."""
    extensions = ("PIPELINING",) if request.param == "pipelined" else ()
    with open_post_office(g.settings.mail_port, PostOffice(extensions=extensions)) as opened:
        yield opened


@pytest.fixture
def opened(g: Ground) -> Iterator[DoorKeeper]:
    """Open the door."""
    keeper = open_door(g)
    try:
        yield keeper
    finally:
        keeper.stop()


@pytest.fixture
def call(opened: DoorKeeper, g: Ground) -> Iterator[Callable[[], Line]]:
    """Open raw connections to the door."""
    lines: list[Line] = []

    def connect() -> Line:
        lines.append(Line(g.settings))
        return lines[-1]

    yield connect
    for each in lines:
        each.close()


@pytest.fixture
def line(call: Callable[[], Line]) -> Line:
    return call()


@pytest.fixture
def smtp(opened: DoorKeeper, g: Ground) -> Iterator[smtplib.SMTP]:
    """Stand before the open door, with a mail program's manners."""
    with smtplib.SMTP(g.settings.inbound_host, g.settings.inbound_port, timeout=20) as standing:
        standing.ehlo("firm.example")
        standing.mail("ann@firm.example")
        yield standing


@pytest.fixture
def lmtp(settings: Settings) -> Iterator[tuple[Line, Ground]]:
    """Stand before a door that speaks LMTP."""
    g = ground_on(create_app(replace(settings, inbound_protocol="lmtp")))
    keeper = open_door(g)
    speaking = Line(g.settings)
    try:
        yield speaking, g
    finally:
        speaking.close()
        keeper.stop()


@pytest.fixture(scope="module")
def imap_server() -> Iterator[Dovecot]:
    """Run one IMAP server for the tests of a file."""
    with dovecot.running() as started:
        yield started


@pytest.fixture
def imap_settings(imap_server: Dovecot, database: str, settings_for: Callable[[str], Settings]) -> Settings:
    """Name a mailbox on it that is new and empty."""
    return replace(
        settings_for(database), imap_host="127.0.0.1", imap_port=imap_server.port, imap_use_tls=False,
        imap_username=f"desk{next(NUMBERS)}", imap_password=PASSWORD,
    )  # fmt: skip


@pytest.fixture
def box(imap_server: Dovecot, settings: Settings) -> Iterator[imaplib.IMAP4]:
    """Look into the mailbox with a mail program."""
    client = imap_server.open(settings.imap_username)
    yield client
    client.logout()
