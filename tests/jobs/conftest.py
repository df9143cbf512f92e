"""What jobs need, a mail server that takes all, an open door, and connections to it that are closed again."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from jobs.door import DoorKeeper, open_door
from jobs.ground import Ground, ground_on
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
